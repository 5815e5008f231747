// This machine as a node, with a temporary directory and hooks at which a test interferes.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "host/local_host.h"

namespace syncgate {

class DirectoryHost : public LocalHost {
 public:
  DirectoryHost() {
    std::string pattern = testing::TempDir() + "syncgate-config-XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  ~DirectoryHost() override { std::filesystem::remove_all(root_); }

  std::string Path(const std::string& name) const { return root_ + "/" + name; }

  static void Put(const std::string& path, std::string_view bytes, mode_t mode = 0640) {
    std::ofstream(path, std::ios::binary) << bytes;
    chmod(path.c_str(), mode);
  }

  static std::string Get(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(root_)) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  // Called in place of Replace, and before Run.
  std::function<Result<void>(const std::string& path, std::string_view bytes)> on_replace;
  std::function<void()> on_run;
  bool lost = false;  // the connection, from now on
  int writes = 0;     // files created or replaced

  Result<FileInfo> Stat(const std::string& path) override {
    if (lost) return Lost();
    return LocalHost::Stat(path);
  }

  Result<void> Create(const std::string& path, std::string_view bytes,
                      std::uint32_t mode) override {
    ++writes;
    return LocalHost::Create(path, bytes, mode);
  }

  Result<void> Replace(const std::string& path, std::string_view bytes,
                       const FileInfo& like) override {
    if (on_replace) return on_replace(path, bytes);
    ++writes;
    return LocalHost::Replace(path, bytes, like);
  }

  Result<CommandResult> RunWithInput(const std::vector<std::string>& argv,
                                     std::chrono::milliseconds timeout,
                                     std::string_view input) override {
    if (lost) return Lost();
    if (on_run) on_run();
    return LocalHost::RunWithInput(argv, timeout, input);
  }

  static std::unexpected<Error> Lost() {
    return Fail(ErrorKind::kTryLater, "ssh-lost", "the connection is lost");
  }

 private:
  std::string root_;
};

}  // namespace syncgate
