// Looks for marked secrets where none may be: in texts, files and what processes show to others.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace syncgate::test {

// The secrets of a test by name, and every disguise in which they are looked for: as they are, from
// either end, base64 at each of its three offsets, hexadecimal, percent-encoded, as JSON and shell
// would escape them, backwards, and as plain SHA-256 (hexadecimal).
class Canaries {
 public:
  // `value` must have 16 bytes or more: shorter ones would be found by chance.
  void Mark(const std::string& name, const std::string& value);

  // "NAME as FORM" of everything that is found in `text`.
  std::vector<std::string> FoundIn(const std::string& text) const;
  // The same in every regular file below `directory`, with its path; in the files' and links' names
  // too. Paths for which `allowed` says so are passed over.
  std::vector<std::string> FoundBelow(
      const std::filesystem::path& directory,
      const std::function<bool(const std::filesystem::path&)>& allowed) const;
  // The disguises of a marked value, name -> text.
  static std::map<std::string, std::string> FormsOf(const std::string& value);

 private:
  std::map<std::string, std::string> needles_;  // "NAME as FORM" -> text
};

// Reads, again and again, the command lines of all processes and the environments of those on a
// node (they have the sandbox's SYNCGATE_SANDBOX_NODE), until it goes.
class ProcessWatch {
 public:
  explicit ProcessWatch(const Canaries& canaries);
  ~ProcessWatch();
  ProcessWatch(const ProcessWatch&) = delete;
  ProcessWatch& operator=(const ProcessWatch&) = delete;

  // Stops, and tells what was found: "command line of ...: NAME as FORM".
  std::set<std::string> Found();
  // The command lines seen, words separated by spaces: that the watch saw anything at all.
  bool Saw(const std::string& part);
  bool SawOnNode(const std::string& part);

 private:
  void Stop();
  void LookOnce();

  const Canaries& canaries_;
  std::mutex mutex_;
  std::set<std::string> known_;  // processes looked at; the thread's own
  std::set<std::string> seen_;
  std::set<std::string> on_node_;
  std::set<std::string> found_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

}  // namespace syncgate::test
