// The process's artifact key for the time of a test.
#pragma once

#include <string>

#include "artifact/protection.h"
#include "core/base64.h"

namespace syncgate {

inline SealKey TestKey(char c) {
  return SealKey::FromBase64(Secret(ToBase64(std::string(32, c)))).value();
}

class WithKey {
 public:
  explicit WithKey(char c) { UseArtifactKey(TestKey(c)); }
  ~WithKey() { UseArtifactKey(std::nullopt); }
  WithKey(const WithKey&) = delete;
  WithKey& operator=(const WithKey&) = delete;
};

}  // namespace syncgate
