#include "config/directories.h"

#include <chrono>
#include <sstream>

#include "config/sudo_host.h"

namespace syncgate {
namespace {

constexpr std::chrono::seconds kTime{60};

}  // namespace

Result<std::map<std::string, std::string>> IdentifyDirectories(
    NodeHost& host, const std::vector<std::string>& directories, bool sudo) {
  std::map<std::string, std::string> names;
  for (const std::string& directory : directories) names.emplace(directory, directory);
  if (directories.size() < 2) return names;
  std::vector<std::string> argv = {"stat", "-L", "-c", "%d:%i", "--"};
  argv.insert(argv.end(), directories.begin(), directories.end());
  const CommandResult result = TRY(host.Run(sudo ? WithSudo(argv) : argv, kTime));
  if (result.exit_code != 0) return names;
  std::vector<std::string> lines;
  std::istringstream output(result.output);
  for (std::string line; std::getline(output, line);) lines.push_back(std::move(line));
  // A login shell may have printed something before.
  if (lines.size() < directories.size()) return names;
  const std::size_t first = lines.size() - directories.size();
  for (std::size_t i = 0; i < directories.size(); ++i) names[directories[i]] = lines[first + i];
  return names;
}

}  // namespace syncgate
