#include "artifact/journal_seal.h"

#include <boost/json.hpp>

#include "artifact/protection.h"
#include "core/base64.h"
#include "core/seal.h"
#include "json/json.h"

namespace syncgate {
namespace {

constexpr std::string_view kBegin = "{\"type\":\"sealed\",\"key_id\":\"";
constexpr std::string_view kMiddle = "\",\"record\":\"";
constexpr std::string_view kEnd = "\"}";
constexpr std::size_t kIdSize = 16;

struct SealedLine {
  std::string key_id;
  std::string_view record;  // base64
};

// Sealed lines have one form; anything else is none. By hand: a batch may be many megabytes.
std::optional<SealedLine> ParseSealed(std::string_view line) {
  if (!line.starts_with(kBegin) || !line.ends_with(kEnd)) return std::nullopt;
  line.remove_prefix(kBegin.size());
  line.remove_suffix(kEnd.size());
  if (line.size() < kIdSize || !line.substr(kIdSize).starts_with(kMiddle)) return std::nullopt;
  return SealedLine{std::string(line.substr(0, kIdSize)), line.substr(kIdSize + kMiddle.size())};
}

}  // namespace

std::string JournalSeal::Context(const JournalPlace& place) const {
  return SealContext({"syncgate journal", path_, std::to_string(place.line), place.tag_before});
}

std::optional<std::string> JournalSeal::KeyIdOf(std::string_view line) {
  const auto sealed = ParseSealed(line);
  return sealed ? std::optional(sealed->key_id) : std::nullopt;
}

std::string JournalSeal::Write(const JournalPlace& place, std::string text,
                               std::string* tag) const {
  const SealKey* key = ArtifactKey();
  tag->clear();
  if (key == nullptr) return text;
  const std::string sealed = key->Seal(Context(place), text);
  *tag = sealed.substr(sealed.size() - kSealTag);
  std::string line(kBegin);
  line += key->id();
  line += kMiddle;
  line += ToBase64(sealed);
  line += kEnd;
  line += '\n';
  return line;
}

Result<std::optional<std::string>> JournalSeal::Read(const JournalPlace& place,
                                                     std::string_view line,
                                                     std::string* tag) const {
  const SealKey* key = ArtifactKey();
  const auto sealed = ParseSealed(line);
  tag->clear();
  if (!sealed) {
    // Only a whole plain line tells that the journal is plain: a torn one tells nothing.
    if (key != nullptr && ParseJson(line)) TRY(RequireSameProtection(full_, ""));
    return key == nullptr ? std::optional(std::string(line)) : std::nullopt;
  }
  TRY(RequireSameProtection(full_, sealed->key_id));
  const auto bytes = FromBase64(sealed->record);
  auto plain = bytes ? key->Open(Context(place), *bytes) : std::nullopt;
  if (!plain) return DoesNotOpen(full_ + ": line " + std::to_string(place.line + 1));
  *tag = bytes->substr(bytes->size() - kSealTag);
  if (plain->ends_with('\n')) plain->pop_back();
  return plain;
}

}  // namespace syncgate
