#include "node/audit_copy.h"

#include <chrono>

#include "host/files.h"

namespace syncgate {
namespace {

constexpr std::uint64_t kLimit = std::uint64_t{1} << 30;

Result<std::string> HomeOf(NodeHost& host) {
  const auto answer = TRY(host.Run({"sh", "-c", "cd && pwd"}, std::chrono::seconds(30)));
  std::string home = answer.output;
  while (home.ends_with('\n')) home.pop_back();
  if (answer.exit_code == 0 && home.starts_with('/')) return home;
  return Fail(ErrorKind::kFailed, "audit-copy-failed",
              "the node's home directory could not be found",
              "give the SSH user a home directory that it can write");
}

}  // namespace

Result<std::string> UploadAuditCopy(NodeHost& host, const std::string& artifacts,
                                    const NodePlan& plan, const Digest& plan_digest) {
  const std::string directory =
      TRY(HomeOf(host)) + "/.syncgate/" + plan_digest.Short() + "-" + plan.node.str();
  TRY(host.MakeDirectories(directory, 0700));
  for (const FileRef& file : plan.sql_files) {
    const std::string bytes = TRY(ReadFile(artifacts + "/" + file.path, kLimit));
    const std::string path = directory + "/" + file.path.substr(file.path.rfind('/') + 1);
    const FileInfo there = TRY(host.Stat(path));
    if (there.type == FileInfo::Type::kAbsent) {
      TRY(host.Create(path, bytes, 0600));
      continue;
    }
    if (there.type == FileInfo::Type::kRegular && TRY(host.Read(path, kLimit)) == bytes) continue;
    // A killed run can have left a part of it; anything else is somebody's.
    if (there.type != FileInfo::Type::kRegular ||
        !bytes.starts_with(TRY(host.Read(path, kLimit)))) {
      return Fail(ErrorKind::kRefused, "audit-copy-differs",
                  path + " on " + plan.node.str() + " is not the plan's SQL",
                  "look at it and move it away");
    }
    TRY(host.Remove(path));
    TRY(host.Create(path, bytes, 0600));
  }
  return directory;
}

}  // namespace syncgate
