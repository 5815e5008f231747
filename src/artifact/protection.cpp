#include "artifact/protection.h"

#include "host/environment.h"

namespace syncgate {
namespace {

std::optional<SealKey>& Current() {
  static std::optional<SealKey> key;
  return key;
}

}  // namespace

Result<void> LoadArtifactKey() {
  Current().reset();
  const auto text = GetEnv(kArtifactKeyVariable);
  if (!text) return {};
  auto key = SealKey::FromBase64(Secret(*text));
  if (!key) {
    return Fail(ErrorKind::kFixProject, "artifact-key-invalid",
                std::string(kArtifactKeyVariable) +
                    (text->empty() ? " is set but empty." : " is not the base64 text of 32 bytes."),
                "Make one with `openssl rand -base64 32` and hand it to every job as a secret; "
                "unset the variable where artifacts are not to be encrypted.");
  }
  UseArtifactKey(std::move(key));
  return {};
}

const SealKey* ArtifactKey() { return Current() ? &*Current() : nullptr; }

void UseArtifactKey(std::optional<SealKey> key) {
  Current().reset();
  if (key) Current().emplace(*key);
}

Result<void> RequireSameProtection(const std::string& what, const std::string& sealed_by) {
  const SealKey* key = ArtifactKey();
  const std::string variable = kArtifactKeyVariable;
  if (key == nullptr && sealed_by.empty()) return {};
  if (key == nullptr) {
    return Fail(ErrorKind::kBadArtifact, "artifact-encrypted",
                what + " is encrypted with key " + sealed_by + ", and " + variable + " is not set.",
                "Hand the key that its run had to this job.");
  }
  if (sealed_by.empty()) {
    return Fail(ErrorKind::kBadArtifact, "artifact-not-encrypted",
                what + " was written without a key, and " + variable + " is set.",
                "Run compare and generate-sql again with the key; to end what was begun without "
                "one, unset it for these steps.");
  }
  if (sealed_by == key->id()) return {};
  return Fail(ErrorKind::kBadArtifact, "artifact-key-other",
              what + " is encrypted with key " + sealed_by + "; " + variable + " holds key " +
                  key->id() + ".",
              "Hand the key that its run had to this job.");
}

std::unexpected<Error> DoesNotOpen(const std::string& what) {
  return Fail(ErrorKind::kBadArtifact, "artifact-edited",
              what + " is not as it was written: what is encrypted does not open with its key.",
              "Fetch the artifacts of the run again, or run the step that writes them again.");
}

}  // namespace syncgate
