#include "artifact/store.h"

#include <string_view>

#include "host/files.h"

namespace syncgate {
namespace {

std::string Suffix(Direction direction) {
  return direction == Direction::kRollback ? "-rollback" : "";
}

}  // namespace

const char* ToString(Direction direction) {
  return direction == Direction::kApply ? "apply" : "rollback";
}

std::string DiffRowsFile(const NodeName& node) { return "diff/" + node.str() + ".rows.jsonl"; }
std::string PlanDirectory(const NodeName& node) { return "plan/" + node.str(); }
std::string PlanChangesFile(const NodeName& node) {
  return PlanDirectory(node) + "/changes.rows.jsonl";
}
std::string ReceiptFile(const NodeName& node, Direction direction) {
  return "receipt-" + node.str() + Suffix(direction) + ".json";
}
std::string ReceiptRowsFile(const NodeName& node, Direction direction) {
  return "receipt-" + node.str() + Suffix(direction) + ".rows.jsonl";
}
std::string VerdictFile(const NodeName& node) { return "verdict-" + node.str() + ".json"; }
std::string JunitFile(const NodeName& node) { return "verify-" + node.str() + ".junit.xml"; }
std::string JournalFile(const NodeName& node, const Digest& plan_digest) {
  return "journal/" + node.str() + "-" + plan_digest.Short() + ".jsonl";
}

Result<void> PrepareStore(const std::string& dir) { return MakeDirectoriesAt(dir, 0700); }

Result<std::string> PathInStore(const std::string& dir, const std::string& path) {
  std::string_view rest = path;
  bool inside = path.find('\0') == path.npos;
  while (inside) {
    const std::string_view part = rest.substr(0, rest.find('/'));
    inside = !part.empty() && part != "." && part != "..";
    if (part.size() == rest.size()) break;
    rest.remove_prefix(part.size() + 1);
  }
  if (inside) return dir + "/" + path;
  return Fail(ErrorKind::kBadArtifact, "artifact-path",
              "\"" + path + "\" is no path inside the artifacts directory " + dir + ".",
              "Run the step that wrote this artifact again.");
}

Result<std::string> NewPathInStore(const std::string& dir, const std::string& path) {
  std::string full = TRY(PathInStore(dir, path));
  TRY(MakeDirectoriesAt(full.substr(0, full.rfind('/')), 0700));
  return full;
}

}  // namespace syncgate
