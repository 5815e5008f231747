// This machine as a node: what NodeHost promises, done by system calls.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/node_host.h"

namespace syncgate {

// Run: a program that cannot be started is exit code 127 (126: not executable), as a shell says.
// The command gets its own process group, which a timeout kills, and no standard input. Output is
// collected until the command has ended and, for what it left running behind, one second more.
// Remove of an absent file is no error.
class LocalHost : public NodeHost {
 public:
  Result<FileInfo> Stat(const std::string& path) override;
  Result<std::string> Read(const std::string& path, std::uint64_t limit) override;
  Result<std::vector<DirectoryEntry>> List(const std::string& directory) override;
  Result<void> Create(const std::string& path, std::string_view bytes, std::uint32_t mode) override;
  Result<void> Replace(const std::string& path, std::string_view bytes,
                       const FileInfo& like) override;
  Result<void> Remove(const std::string& path) override;
  Result<void> MakeDirectories(const std::string& path, std::uint32_t mode) override;
  Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                     std::chrono::milliseconds timeout,
                                     std::string_view input) override;
  Result<HoldResult> Hold(const std::vector<std::string>& argv) override;
  Result<int> Dial(const std::string& host, std::uint16_t port) override;
};

}  // namespace syncgate
