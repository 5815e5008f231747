// Whether the artifacts of this process are sealed. The key is the whole process's, read once at
// its start: no document may be written beside the others without it.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/seal.h"

namespace syncgate {

inline constexpr char kArtifactKeyVariable[] = "SYNCGATE_ARTIFACT_KEY";

// Takes the key from the environment; absent: artifacts are plain. kFixProject
// "artifact-key-invalid" for anything but the base64 text of 32 bytes, an empty variable too: a CI
// system that withholds a secret hands out an empty one, and plain artifacts would be the answer.
Result<void> LoadArtifactKey();

// The key, or nullptr. UseArtifactKey is for tests.
const SealKey* ArtifactKey();
void UseArtifactKey(std::optional<SealKey> key);

// What a reader says of `what` (a file, a document) that was written under another key or none.
// `sealed_by` is the id of its key, empty: it is plain. All kBadArtifact:
//   artifact-encrypted      it is sealed, and there is no key
//   artifact-key-other      it is sealed with another key
//   artifact-not-encrypted  it is plain, and there is a key
Result<void> RequireSameProtection(const std::string& what, const std::string& sealed_by);

// kBadArtifact "artifact-edited": what is sealed does not open, so it is not as it was written.
std::unexpected<Error> DoesNotOpen(const std::string& what);

}  // namespace syncgate
