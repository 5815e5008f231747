#include "core/keyed_digest.h"

#include <sodium.h>

#include <stdexcept>

namespace syncgate {

KeyedDigest::KeyedDigest() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium could not be started");
  crypto_generichash_keygen(key_.data());
}

KeyedDigest::~KeyedDigest() { sodium_memzero(key_.data(), key_.size()); }

KeyedDigest::Tag KeyedDigest::Of(std::string_view secret) const {
  static_assert(crypto_generichash_KEYBYTES == 32);
  Tag tag;
  crypto_generichash(tag.data(), tag.size(), reinterpret_cast<const unsigned char*>(secret.data()),
                     secret.size(), key_.data(), key_.size());
  return tag;
}

bool KeyedDigest::Same(std::string_view one, std::string_view other) const {
  const Tag first = Of(one);
  const Tag second = Of(other);
  return sodium_memcmp(first.data(), second.data(), first.size()) == 0;
}

}  // namespace syncgate
