#include "core/seal.h"

#include <sodium.h>

#include "core/digest.h"

namespace syncgate {
namespace {

static_assert(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES == 24);
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == kSealTag);
static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == 32);
static_assert(crypto_kdf_KEYBYTES == 32);

constexpr char kKdfContext[crypto_kdf_CONTEXTBYTES + 1] = "syncgate";
constexpr std::size_t kNonce = 24;

const unsigned char* Raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Raw(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::optional<SealKey> SealKey::FromBase64(const Secret& text) {
  std::array<unsigned char, 33> master{};
  std::size_t size = 0;
  const char* end = nullptr;
  const std::string& base64 = text.Reveal();
  const bool whole = sodium_base642bin(master.data(), master.size(), base64.data(), base64.size(),
                                       " \t\r\n", &size, &end, sodium_base64_VARIANT_ORIGINAL) == 0;
  std::optional<SealKey> made;
  if (whole && size == 32 && end == base64.data() + base64.size()) {
    SealKey key;
    Bytes id{};
    crypto_kdf_derive_from_key(key.encrypt_.data(), 32, 1, kKdfContext, master.data());
    crypto_kdf_derive_from_key(key.nonce_.data(), 32, 2, kKdfContext, master.data());
    crypto_kdf_derive_from_key(key.mac_.data(), 32, 3, kKdfContext, master.data());
    crypto_kdf_derive_from_key(id.data(), 32, 4, kKdfContext, master.data());
    key.id_ = ToHex(std::string_view(reinterpret_cast<const char*>(id.data()), 8));
    made = key;
  }
  sodium_memzero(master.data(), master.size());
  return made;
}

SealKey::~SealKey() {
  sodium_memzero(encrypt_.data(), encrypt_.size());
  sodium_memzero(nonce_.data(), nonce_.size());
  sodium_memzero(mac_.data(), mac_.size());
}

std::string SealKey::Seal(std::string_view context, std::string_view plain) const {
  std::string sealed(kSealOverhead + plain.size(), '\0');
  crypto_generichash_state state;
  const std::string size = std::to_string(context.size()) + ":";
  crypto_generichash_init(&state, nonce_.data(), nonce_.size(), kNonce);
  crypto_generichash_update(&state, Raw(size), size.size());
  crypto_generichash_update(&state, Raw(context), context.size());
  crypto_generichash_update(&state, Raw(plain), plain.size());
  crypto_generichash_final(&state, Raw(sealed), kNonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt(Raw(sealed) + kNonce, nullptr, Raw(plain),
                                             plain.size(), Raw(context), context.size(), nullptr,
                                             Raw(sealed), encrypt_.data());
  return sealed;
}

std::optional<std::string> SealKey::Open(std::string_view context, std::string_view sealed) const {
  if (sealed.size() < kSealOverhead) return std::nullopt;
  std::string plain(sealed.size() - kSealOverhead, '\0');
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          Raw(plain), nullptr, nullptr, Raw(sealed) + kNonce, sealed.size() - kNonce, Raw(context),
          context.size(), Raw(sealed), encrypt_.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::string SealKey::Mac(std::string_view text) const {
  std::string mac(32, '\0');
  crypto_generichash(Raw(mac), mac.size(), Raw(text), text.size(), mac_.data(), mac_.size());
  return ToHex(mac);
}

std::string SealContext(std::initializer_list<std::string_view> parts) {
  std::string context;
  for (const std::string_view part : parts) {
    context += std::to_string(part.size()) + ":";
    context += part;
  }
  return context;
}

}  // namespace syncgate
