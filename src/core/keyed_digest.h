// Tells whether two secrets are the same without keeping either: a digest under a key that nobody
// else will ever have.
#pragma once

#include <array>
#include <string_view>

namespace syncgate {

// BLAKE2b under 32 bytes from the operating system's random source. The key lives and dies with the
// object: it is never stored or shown, and overwritten at the end. So a tag says nothing outside
// the run that made it; even a tag that leaked could not be tried against guesses, as a plain
// digest of a short secret can. libsodium must have been started (steps do, in the harness; tests,
// before use): the constructor does so again, which costs nothing.
class KeyedDigest {
 public:
  using Tag = std::array<unsigned char, 32>;

  // Throws std::runtime_error where libsodium cannot be started.
  KeyedDigest();
  ~KeyedDigest();
  KeyedDigest(const KeyedDigest&) = delete;
  KeyedDigest& operator=(const KeyedDigest&) = delete;

  Tag Of(std::string_view secret) const;
  // Takes the same time wherever they differ.
  bool Same(std::string_view one, std::string_view other) const;

 private:
  std::array<unsigned char, 32> key_;
};

}  // namespace syncgate
