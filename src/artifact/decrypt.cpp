#include <filesystem>

#include "artifact/audit.h"
#include "artifact/document_io.h"
#include "artifact/document_json.h"
#include "artifact/journal_seal.h"
#include "artifact/lines.h"
#include "artifact/protection.h"
#include "json/json.h"

namespace syncgate {
namespace {

namespace fs = std::filesystem;

// The document as it would stand there without a key; its digest is left out, since it would be
// that of the encrypted one.
template <typename Doc>
Result<std::string> Plain(Result<Doc> doc, const Inspection& found) {
  if (!doc) return std::unexpected(std::move(doc).error());
  TRY(RequireSameProtection(found.file.path, found.sealed_by));
  const std::optional<SealKey> key = *ArtifactKey();
  UseArtifactKey(std::nullopt);
  auto object = ToJson(*doc);
  UseArtifactKey(key);
  object.erase("digest");
  return PrettyJson(object);
}

Result<std::string> PlainDocument(const std::string& dir, const std::string& name) {
  Inspection found;
  if (name == "diff.json") return Plain(InspectDiff(dir, name, &found), found);
  if (name == "plan.json") return Plain(InspectPlan(dir, name, &found), found);
  if (name.starts_with("verdict-")) return Plain(InspectVerdict(dir, name, &found), found);
  return Plain(InspectReceipt(dir, name, &found), found);
}

bool IsDocument(const std::string& name) {
  return name == "diff.json" || name == "plan.json" ||
         (name.ends_with(".json") &&
          (name.starts_with("verdict-") || name.starts_with("receipt-")));
}

Result<void> PlainJournal(const std::string& dir, const std::string& name, const UseText& use) {
  LineScanner scanner(TRY(StoredFile::OpenRaw(dir, name)));
  const JournalSeal seal("journal/" + name, dir + "/" + name);
  JournalPlace place;
  while (const auto line = TRY(scanner.Next())) {
    if (!scanner.ended()) return {};  // unfinished: no record
    std::string tag;
    const auto record = TRY(seal.Read(place, *line, &tag));
    if (!record) return DoesNotOpen(dir + "/" + name + ": line " + std::to_string(place.line + 1));
    TRY(use(*record));
    TRY(use("\n"));
    place = {place.line + 1, std::move(tag)};
  }
  return {};
}

}  // namespace

Result<void> DecryptArtifact(const std::string& dir, const std::string& file, const UseText& use) {
  std::error_code ignored;
  const fs::path path = fs::exists(file, ignored) ? fs::path(file) : fs::path(dir) / file;
  const std::string name = path.filename();
  const std::string parent = path.has_parent_path() ? path.parent_path().string() : ".";
  if (ArtifactKey() == nullptr) {
    return Fail(ErrorKind::kFixProject, "artifact-key-missing",
                std::string(kArtifactKeyVariable) + " is not set.",
                "Hand the key that the run had to this command.");
  }
  if (IsDocument(name)) return use(TRY(PlainDocument(parent, name)));
  if (path.parent_path().filename() == "journal") return PlainJournal(parent, name, use);
  StoredFile stored = TRY(StoredFile::OpenAnywhere(path));
  std::string block(256 * 1024, '\0');
  while (const std::size_t got = TRY(stored.Read(block.data(), block.size()))) {
    TRY(use(std::string_view(block).substr(0, got)));
  }
  return {};
}

}  // namespace syncgate
