#include "artifact/document_io.h"

#include <sys/stat.h>

#include "artifact/document_json.h"
#include "artifact/protection.h"
#include "host/files.h"
#include "json/json.h"
#include "json/schema.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

constexpr int kFormatVersion = 1;
constexpr std::uint64_t kLargestDocument = std::uint64_t{256} << 20;

// What is particular about one kind of document.
struct Kind {
  const char* name;
  const char* step;  // that writes it
};
constexpr Kind kDiff{"diff", "compare"};
constexpr Kind kPlan{"plan", "generate-sql"};
constexpr Kind kReceipt{"receipt", "apply-node or rollback"};
constexpr Kind kVerdict{"verdict", "verify-config"};

std::unexpected<Error> Bad(const Kind& kind, const char* code, std::string message) {
  return Fail(ErrorKind::kBadArtifact, code, std::move(message),
              std::string("Run ") + kind.step + " again, or fetch its artifacts again.");
}

std::string SchemaName(const Kind& kind) {
  return std::string(kind.name) + ".v" + std::to_string(kFormatVersion);
}

// The digest of everything but the digest and the seal over it.
Digest DigestOf(bj::object object) {
  object.erase("digest");
  object.erase("seal");
  return Digest::Of(CanonicalJson(object));
}

// A document is small enough to be read without the key; what keeps others from making one is a
// keyed digest of its digest.
std::string SealOf(const Kind& kind, std::string_view digest, const SealKey& key) {
  return key.Mac(SealContext({"syncgate document", kind.name, digest}));
}

Result<bj::object> ParseDocument(const Kind& kind, const std::string& full,
                                 const std::string& bytes) {
  auto value = ParseJson(bytes, {.bytes = kLargestDocument, .depth = 32});
  if (!value) {
    return Bad(kind, "artifact-unreadable", full + " is no JSON: " + value.error().message + ".");
  }
  if (!value->is_object()) {
    return Bad(kind, "artifact-unreadable", full + " is no JSON object.");
  }
  return std::move(value->get_object());
}

Result<void> CheckIdentity(const Kind& kind, const std::string& full, const bj::object& object) {
  const auto* name = object.if_contains("kind");
  if (name == nullptr || *name != bj::value(kind.name)) {
    return Bad(kind, "artifact-kind", full + " is no " + std::string(kind.name) + " of syncgate.");
  }
  const auto* version = object.if_contains("format_version");
  if (version == nullptr || *version != bj::value(kFormatVersion)) {
    const std::string found = version == nullptr ? "none" : bj::serialize(*version);
    return Bad(kind, "artifact-version",
               full + " has format_version " + found + "; this syncgate reads " +
                   std::to_string(kFormatVersion) + ".");
  }
  return {};
}

Result<void> CheckContents(const Kind& kind, const std::string& full, const bj::object& object) {
  if (auto valid = ValidateJson(SchemaName(kind), object); !valid) {
    return Bad(kind, "artifact-invalid", full + ": " + valid.error().message + ".");
  }
  if (DigestOf(object).hex() != std::string_view(object.at("digest").get_string())) {
    return Bad(kind, "artifact-edited",
               full + " was changed after it was written: its digest is not that of its contents.");
  }
  return {};
}

// How the seal of a document that passed CheckContents stands to the key of this process.
Result<void> CheckSeal(const Kind& kind, const std::string& full, const bj::object& object,
                       Inspection* found) {
  const auto* seal = object.if_contains("seal");
  if (seal != nullptr) found->sealed_by = std::string(seal->as_object().at("key_id").as_string());
  const SealKey* key = ArtifactKey();
  if (key == nullptr || key->id() != found->sealed_by) return {};
  found->opened = true;
  const auto digest = std::string_view(object.at("digest").as_string());
  if (seal->as_object().at("mac").as_string() == SealOf(kind, digest, *key)) return {};
  return DoesNotOpen(full);
}

// A plan is approved by plan_digest: it must be that of what will run. Taken from the JSON, which
// says it also to who cannot open what is sealed in it.
template <typename Doc>
bool DigestHolds(const bj::object&, const Doc&) {
  return true;
}
bool DigestHolds(const bj::object& object, const PlanDoc& doc) {
  const bj::object runs{{"project_digest", object.at("project_digest")},
                        {"nodes", object.at("nodes")}};
  return Digest::Of(CanonicalJson(runs)) == doc.plan_digest;
}

enum class For : std::uint8_t { kUse, kInspection };

template <typename Doc>
Result<Doc> Read(const Kind& kind, For purpose, const std::string& dir, const std::string& path,
                 Inspection* found) {
  const std::string full = TRY(PathInStore(dir, path));
  auto bytes = ReadFile(full, kLargestDocument);
  if (!bytes && bytes.error().code == "file-absent") {
    return Fail(ErrorKind::kBadArtifact, "artifact-missing", full + " is not there.",
                std::string("Run ") + kind.step + " first, or fetch its artifacts.");
  }
  if (!bytes) return Bad(kind, "artifact-unreadable", bytes.error().message);
  const bj::object object = TRY(ParseDocument(kind, full, *bytes));
  TRY(CheckIdentity(kind, full, object));
  TRY(CheckContents(kind, full, object));
  TRY(CheckSeal(kind, full, object, found));
  if (purpose == For::kUse) {
    TRY(RequireSameProtection(full, found->sealed_by));
  } else if (PrettyJson(object) != *bytes) {
    return Bad(kind, "artifact-edited", full + " was changed after it was written: its spacing.");
  }
  Doc doc;
  try {
    doc.header.kind = kind.name;
    doc.header.format_version = kFormatVersion;
    FromJson(object, &doc);
    if (!DigestHolds(object, doc)) {
      return Bad(kind, "artifact-edited", full + ": plan_digest is not that of the plan.");
    }
  } catch (const std::exception& exception) {
    return Bad(kind, "artifact-invalid", full + ": " + exception.what() + ".");
  }
  found->file = FileRef{path, kind.name, Digest::Of(*bytes), 0};
  return doc;
}

template <typename Doc>
Result<Doc> ReadForUse(const Kind& kind, const std::string& dir, const std::string& path,
                       FileRef* file) {
  Inspection found;
  auto doc = Read<Doc>(kind, For::kUse, dir, path, &found);
  if (doc && file != nullptr) *file = std::move(found.file);
  return doc;
}

template <typename Doc>
Result<FileRef> Write(const Kind& kind, const std::string& dir, const std::string& path,
                      const Doc& doc) {
  const std::string full = TRY(NewPathInStore(dir, path));
  bj::object object;
  object["$schema"] = "https://syncgate.dev/schemas/" + SchemaName(kind) + ".schema.json";
  object["kind"] = kind.name;
  object["format_version"] = kFormatVersion;
  try {
    for (auto& member : ToJson(doc)) object[member.key()] = std::move(member.value());
  } catch (const std::exception& exception) {
    return Fail(ErrorKind::kFailed, "artifact-invalid", full + ": " + exception.what() + ".");
  }
  const std::string digest = DigestOf(object).hex();
  object["digest"] = digest;
  if (const SealKey* key = ArtifactKey()) {
    object["seal"] = bj::object{{"key_id", key->id()}, {"mac", SealOf(kind, digest, *key)}};
  }
  if (auto valid = ValidateJson(SchemaName(kind), object); !valid) {
    return Fail(ErrorKind::kFailed, "artifact-invalid",
                "the " + std::string(kind.name) +
                    " to be written breaks its schema: " + valid.error().message + ".",
                "This is an error in syncgate: report it with this message.");
  }
  const std::string bytes = PrettyJson(object);
  TRY(WriteFileAtomic(full, bytes));
  return FileRef{path, kind.name, Digest::Of(bytes), 0};
}

}  // namespace

Result<DiffDoc> ReadDiff(const std::string& dir, const std::string& path, FileRef* file) {
  return ReadForUse<DiffDoc>(kDiff, dir, path, file);
}
Result<PlanDoc> ReadPlan(const std::string& dir, const std::string& path, FileRef* file) {
  return ReadForUse<PlanDoc>(kPlan, dir, path, file);
}
Result<ReceiptDoc> ReadReceipt(const std::string& dir, const std::string& path, FileRef* file) {
  return ReadForUse<ReceiptDoc>(kReceipt, dir, path, file);
}
Result<VerdictDoc> ReadVerdict(const std::string& dir, const std::string& path, FileRef* file) {
  return ReadForUse<VerdictDoc>(kVerdict, dir, path, file);
}

Result<DiffDoc> InspectDiff(const std::string& dir, const std::string& path, Inspection* found) {
  return Read<DiffDoc>(kDiff, For::kInspection, dir, path, found);
}
Result<PlanDoc> InspectPlan(const std::string& dir, const std::string& path, Inspection* found) {
  return Read<PlanDoc>(kPlan, For::kInspection, dir, path, found);
}
Result<ReceiptDoc> InspectReceipt(const std::string& dir, const std::string& path,
                                  Inspection* found) {
  return Read<ReceiptDoc>(kReceipt, For::kInspection, dir, path, found);
}
Result<VerdictDoc> InspectVerdict(const std::string& dir, const std::string& path,
                                  Inspection* found) {
  return Read<VerdictDoc>(kVerdict, For::kInspection, dir, path, found);
}

bool HasArtifact(const std::string& dir, const std::string& path) {
  struct stat info = {};
  const auto full = PathInStore(dir, path);
  return full && ::lstat(full->c_str(), &info) == 0;
}

Result<FileRef> WriteDiff(const std::string& dir, const std::string& path, const DiffDoc& doc) {
  return Write(kDiff, dir, path, doc);
}
Result<FileRef> WritePlan(const std::string& dir, const std::string& path, const PlanDoc& doc) {
  return Write(kPlan, dir, path, doc);
}
Result<FileRef> WriteReceipt(const std::string& dir, const std::string& path,
                             const ReceiptDoc& doc) {
  return Write(kReceipt, dir, path, doc);
}
Result<FileRef> WriteVerdict(const std::string& dir, const std::string& path,
                             const VerdictDoc& doc) {
  return Write(kVerdict, dir, path, doc);
}

}  // namespace syncgate
