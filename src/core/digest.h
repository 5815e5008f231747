// SHA-256 (FIPS 180-4), by libsodium.
#pragma once

#include <sodium.h>

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace syncgate {

// A whole SHA-256 as 64 lowercase hex digits; "sha256" in the artifacts.
class Digest {
 public:
  Digest() = default;
  explicit Digest(std::string hex) : hex_(std::move(hex)) {}
  static Digest Of(std::string_view bytes);

  const std::string& hex() const { return hex_; }
  // The first 12 hex digits: for file names and for people.
  std::string Short() const { return hex_.substr(0, 12); }
  bool empty() const { return hex_.empty(); }
  auto operator<=>(const Digest&) const = default;

 private:
  std::string hex_;
};

// A digest over bytes that arrive in pieces.
class DigestBuilder {
 public:
  DigestBuilder();
  void Add(std::string_view bytes);
  // The digest of all bytes added. The builder must not be used afterwards.
  Digest Finish();

 private:
  crypto_hash_sha256_state state_;
};

// The first 64 bits of SHA-256 as a big-endian number: what the servers compute per row.
std::uint64_t Digest64(std::string_view bytes);

// Lowercase hex of any bytes, and back. FromHex returns false where `hex` is not hex of whole
// bytes.
std::string ToHex(std::string_view bytes);
bool FromHex(std::string_view hex, std::string* bytes);

}  // namespace syncgate
