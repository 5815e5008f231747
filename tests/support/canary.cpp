#include "support/canary.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <stdexcept>

#include "core/digest.h"

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

std::string Base64(const std::string& bytes) {
  std::string text(sodium_base64_ENCODED_LEN(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), sodium_base64_VARIANT_ORIGINAL);
  text.resize(text.find('\0'));
  return text;
}

// What base64 of anything that holds `value` must hold, where `offset` bytes stand before it in its
// group: the digits that other bytes have a part in are cut off.
std::string InsideBase64(const std::string& value, std::size_t offset) {
  const std::string text = Base64(std::string(offset, 'x') + value + "xxx");
  const std::size_t begin = (offset * 8 + 5) / 6;
  const std::size_t end = (offset + value.size()) * 8 / 6;
  return text.substr(begin, end - begin);
}

std::string PerByte(const std::string& value, const std::function<std::string(char)>& escape) {
  std::string text;
  for (const char c : value) {
    text += std::isalnum(static_cast<unsigned char>(c)) != 0 ? std::string(1, c) : escape(c);
  }
  return text;
}

std::string Read(const fs::path& path) {
  // By system calls: a process that ends while it is looked at is no exception.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string text;
  char buffer[65536];
  for (ssize_t got = 0; (got = ::read(fd, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(fd);
  return text;
}

std::string Spaced(std::string words) {
  std::ranges::replace(words, '\0', ' ');
  return words;
}

}  // namespace

std::map<std::string, std::string> Canaries::FormsOf(const std::string& value) {
  const std::string hex = ToHex(value);
  std::string capitals = hex;
  for (char& c : capitals) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto percent = [](char c) { return "%" + ToHex(std::string(1, c)); };
  std::string percent_capitals = PerByte(value, percent);
  std::string url_safe = InsideBase64(value, 0);
  std::ranges::replace(url_safe, '+', '-');
  std::ranges::replace(url_safe, '/', '_');
  return {{"plain", value},
          {"first half", value.substr(0, value.size() / 2)},
          {"second half", value.substr(value.size() / 2)},
          {"backwards", std::string(value.rbegin(), value.rend())},
          {"base64", InsideBase64(value, 0)},
          {"base64, offset 1", InsideBase64(value, 1)},
          {"base64, offset 2", InsideBase64(value, 2)},
          {"base64url", url_safe},
          {"hex", hex},
          {"hex in capitals", capitals},
          {"percent-encoded", percent_capitals},
          {"backslashes", PerByte(value, [](char c) { return std::string("\\") + c; })},
          {"SHA-256", Digest::Of(value).hex()},
          {"SHA-256 of its line", Digest::Of(value + "\n").hex()}};
}

void Canaries::Mark(const std::string& name, const std::string& value) {
  if (value.size() < 16) throw std::invalid_argument(name + " is too short for a marked secret");
  for (auto& [form, text] : FormsOf(value)) needles_[name + " as " + form] = std::move(text);
}

std::vector<std::string> Canaries::FoundIn(const std::string& text) const {
  std::vector<std::string> found;
  for (const auto& [name, needle] : needles_) {
    if (text.find(needle) != std::string::npos) found.push_back(name);
  }
  return found;
}

std::vector<std::string> Canaries::FoundBelow(
    const fs::path& directory, const std::function<bool(const fs::path&)>& allowed) const {
  std::vector<std::string> found;
  if (!fs::exists(directory)) return found;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const fs::path path = entry.path();
    if (allowed(path)) continue;
    const bool file = entry.is_regular_file() && !entry.is_symlink();
    for (const std::string& what : FoundIn(path.string() + "\n" + (file ? Read(path) : ""))) {
      found.push_back(path.string() + ": " + what);
    }
  }
  return found;
}

ProcessWatch::ProcessWatch(const Canaries& canaries) : canaries_(canaries) {
  thread_ = std::thread([this] {
    while (!stop_) {
      LookOnce();
      std::this_thread::sleep_for(std::chrono::milliseconds(15));
    }
  });
}

ProcessWatch::~ProcessWatch() { Stop(); }

void ProcessWatch::Stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void ProcessWatch::LookOnce() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string line = Read(entry.path() / "cmdline");
    const std::string environment = Read(entry.path() / "environ");
    // Once each. Of a process that has only just begun the environment is not there yet.
    if (line.empty() || !known_.insert(pid + " " + line + environment).second) continue;
    const bool on_node = environment.find("SYNCGATE_SANDBOX_NODE=") != std::string::npos;
    const std::lock_guard lock(mutex_);
    const std::string words = Spaced(line);
    if (seen_.insert(words).second) {
      for (const std::string& what : canaries_.FoundIn(line)) {
        found_.insert("command line of " + words.substr(0, 60) + ": " + what);
      }
    }
    if (on_node) {
      on_node_.insert(words);
      for (const std::string& what : canaries_.FoundIn(environment)) {
        found_.insert("environment of " + words.substr(0, 60) + ": " + what);
      }
    }
  }
}

std::set<std::string> ProcessWatch::Found() {
  Stop();
  return found_;
}

bool ProcessWatch::Saw(const std::string& part) {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(
      seen_, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

bool ProcessWatch::SawOnNode(const std::string& part) {
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(
      on_node_, [&](const std::string& line) { return line.find(part) != std::string::npos; });
}

}  // namespace syncgate::test
