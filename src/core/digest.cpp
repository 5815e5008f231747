#include "core/digest.h"

namespace syncgate {
namespace {

using Raw = std::array<unsigned char, crypto_hash_sha256_BYTES>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view View(const Raw& raw) {
  return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

}  // namespace

Digest Digest::Of(std::string_view bytes) {
  Raw raw;
  crypto_hash_sha256(raw.data(), Bytes(bytes), bytes.size());
  return Digest(ToHex(View(raw)));
}

DigestBuilder::DigestBuilder() { crypto_hash_sha256_init(&state_); }

void DigestBuilder::Add(std::string_view bytes) {
  crypto_hash_sha256_update(&state_, Bytes(bytes), bytes.size());
}

Digest DigestBuilder::Finish() {
  Raw raw;
  crypto_hash_sha256_final(&state_, raw.data());
  return Digest(ToHex(View(raw)));
}

std::uint64_t Digest64(std::string_view bytes) {
  Raw raw;
  crypto_hash_sha256(raw.data(), Bytes(bytes), bytes.size());
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | raw[static_cast<std::size_t>(i)];
  return value;
}

std::string ToHex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    hex += kDigits[value >> 4];
    hex += kDigits[value & 15];
  }
  return hex;
}

bool FromHex(std::string_view hex, std::string* bytes) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  if (hex.size() % 2 != 0) return false;
  bytes->clear();
  bytes->reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit(hex[i]);
    const int low = digit(hex[i + 1]);
    if (high < 0 || low < 0) return false;
    *bytes += static_cast<char>(high << 4 | low);
  }
  return true;
}

}  // namespace syncgate
