// Encryption and authentication with one key, by libsodium: XChaCha20-Poly1305 under a nonce that
// is a keyed digest of what is sealed. So the same bytes in the same place give the same sealed
// bytes (artifacts stay reproducible), and no counter or random number has to be kept apart.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/secret.h"

namespace syncgate {

inline constexpr std::size_t kSealOverhead = 24 + 16;  // nonce and tag
inline constexpr std::size_t kSealTag = 16;            // the last bytes of what is sealed

class SealKey {
 public:
  // From the base64 text of 32 bytes. nullopt for anything else.
  static std::optional<SealKey> FromBase64(const Secret& text);
  SealKey(const SealKey&) = default;
  SealKey& operator=(const SealKey&) = default;
  ~SealKey();

  // Tells keys apart and says nothing about them: 16 hex digits.
  const std::string& id() const { return id_; }

  // nonce, encrypted bytes, tag. It opens only with the same key and the same `context`.
  std::string Seal(std::string_view context, std::string_view plain) const;
  std::optional<std::string> Open(std::string_view context, std::string_view sealed) const;

  // A keyed digest (64 hex digits): who does not hold the key cannot make it.
  std::string Mac(std::string_view text) const;

 private:
  using Bytes = std::array<unsigned char, 32>;
  SealKey() = default;

  Bytes encrypt_{};
  Bytes nonce_{};
  Bytes mac_{};
  std::string id_;
};

// Parts of a context, each with its length, so that no two lists of parts give the same text.
std::string SealContext(std::initializer_list<std::string_view> parts);

}  // namespace syncgate
