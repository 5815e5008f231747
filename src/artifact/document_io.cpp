#include "artifact/document_io.h"

#include <sys/stat.h>

#include "artifact/document_json.h"
#include "artifact/plan_digest.h"
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

// The digest of everything but the digest.
Digest DigestOf(bj::object object) {
  object.erase("digest");
  return Digest::Of(CanonicalJson(object));
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

// A plan is approved by plan_digest: it must be that of what will run.
template <typename Doc>
bool DigestHolds(const Doc&) {
  return true;
}
bool DigestHolds(const PlanDoc& doc) { return ComputePlanDigest(doc) == doc.plan_digest; }

template <typename Doc>
Result<Doc> Read(const Kind& kind, const std::string& dir, const std::string& path, FileRef* file) {
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
  Doc doc;
  try {
    doc.header.kind = kind.name;
    doc.header.format_version = kFormatVersion;
    FromJson(object, &doc);
    if (!DigestHolds(doc)) {
      return Bad(kind, "artifact-edited", full + ": plan_digest is not that of the plan.");
    }
  } catch (const std::exception& exception) {
    return Bad(kind, "artifact-invalid", full + ": " + exception.what() + ".");
  }
  if (file != nullptr) *file = FileRef{path, kind.name, Digest::Of(*bytes), 0};
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
  object["digest"] = DigestOf(object).hex();
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
  return Read<DiffDoc>(kDiff, dir, path, file);
}
Result<PlanDoc> ReadPlan(const std::string& dir, const std::string& path, FileRef* file) {
  return Read<PlanDoc>(kPlan, dir, path, file);
}
Result<ReceiptDoc> ReadReceipt(const std::string& dir, const std::string& path, FileRef* file) {
  return Read<ReceiptDoc>(kReceipt, dir, path, file);
}
Result<VerdictDoc> ReadVerdict(const std::string& dir, const std::string& path, FileRef* file) {
  return Read<VerdictDoc>(kVerdict, dir, path, file);
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
