#include "compare/configs.h"

#include "common/header.h"
#include "common/links.h"
#include "common/specs.h"
#include "config/diff.h"
#include "config/match.h"
#include "config/sudo_host.h"
#include "config/target.h"
#include "core/utf8.h"
#include "formats/format.h"
#include "host/files.h"
#include "host/signals.h"

namespace syncgate {
namespace {

// For lists that are only read by people: an artifact holds nothing but UTF-8.
std::vector<ConfigKey> Readable(const std::vector<ConfigKey>& keys) {
  std::vector<ConfigKey> readable;
  for (const ConfigKey& key : keys) readable.emplace_back(ToUtf8(key.str()));
  return readable;
}

bool IsSecretAsAWhole(const ConfigSpec& spec) {
  return spec.format.starts_with("raw") &&
         MatchesAny(spec.secrets, ConfigKey(std::string(kWholeFile)));
}

Result<ConfigDiffDoc> Compare(NodeHost& host, const ConfigSpec& spec) {
  auto source = ReadFile(spec.source, kConfigFileLimit);
  if (!source) {
    return Fail(ErrorKind::kFixProject, "config-source-unreadable",
                "configuration " + spec.name.str() + ": " + source.error().message,
                "correct `source` in its entry, or make the file readable");
  }
  const TargetFile target = TRY(ReadTarget(host, spec.target));
  ConfigDiff compared = TRY(DiffConfig(spec, *source, target.bytes));
  ConfigDiffDoc document;
  document.config = spec.name;
  document.target = spec.target;
  document.format = spec.format;
  // A file that is a secret as a whole is never written and needs no guard: its digest would be the
  // plain digest of a secret.
  if (!IsSecretAsAWhole(spec)) {
    document.before_digest = compared.before_digest;
    document.after_digest = compared.after_digest;
  }
  document.changes = std::move(compared.changes);
  document.kept = Readable(compared.kept);
  document.same_secrets = Readable(compared.same_secrets);
  return document;
}

}  // namespace

Result<void> CompareConfigs(const Project& project, const NodeSpec& node, NodeDiff* diff,
                            std::vector<Diagnostic>* refusals) {
  const auto specs = ConfigsFor(project, node.name);
  if (specs.empty()) return {};
  const auto host = TRY(OpenHost(node));
  for (const ConfigSpec& spec : specs) {
    TRY(CheckStop());
    SudoHost sudo(*host);
    auto compared = spec.sudo ? Compare(sudo, spec) : Compare(*host, spec);
    if (compared) {
      diff->configs.push_back(std::move(*compared));
      continue;
    }
    Error error = std::move(compared).error();
    if (error.kind != ErrorKind::kRefused) return std::unexpected(std::move(error));
    error.message = node.name.str() + ": configuration " + spec.name.str() + ": " + error.message;
    refusals->push_back(ToDiagnostic(error));
  }
  return {};
}

}  // namespace syncgate
