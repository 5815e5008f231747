#include "core/file_names.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace syncgate {
namespace {

constexpr std::size_t kStem = 200;
constexpr std::size_t kDigits = 16;
constexpr std::string_view kMark = ".syncgate-";

}  // namespace

std::string ParentOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string TemporaryNameFor(const std::string& path) {
  std::uint64_t number = 0;
  randombytes_buf(&number, sizeof number);
  std::array<char, kDigits + 1> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
  const std::size_t slash = path.find_last_of('/');
  const std::size_t start = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(0, start) + "." + path.substr(start, kStem) + std::string(kMark) +
         digits.data();
}

bool IsTemporaryNameOf(std::string_view candidate, std::string_view name) {
  const std::string prefix = "." + std::string(name.substr(0, kStem)) + std::string(kMark);
  return IsNamed(candidate, prefix, kDigits, "");
}

bool IsNamed(std::string_view candidate, std::string_view prefix, std::size_t digits,
             std::string_view suffix) {
  if (candidate.size() != prefix.size() + digits + suffix.size()) return false;
  return candidate.starts_with(prefix) && candidate.ends_with(suffix) &&
         candidate.substr(prefix.size(), digits).find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

}  // namespace syncgate
