#include "compare/run.h"

#include <cxxopts.hpp>

#include "artifact/document_io.h"
#include "artifact/protection.h"
#include "common/header.h"
#include "common/messages.h"
#include "common/output_place.h"
#include "common/servers.h"
#include "common/specs.h"
#include "common/store_lock.h"
#include "compare/ad_hoc_host.h"
#include "compare/configs.h"
#include "compare/data.h"
#include "compare/output.h"
#include "compare/report.h"
#include "compare/selection.h"
#include "compare/topology.h"
#include "host/signals.h"
#include "mysql/catalog.h"

namespace syncgate {
namespace {

constexpr char kExamples[] =
    "  syncgate compare                                  # every node, every table of "
    "syncgate.yml\n"
    "  syncgate compare --dry-run                        # the doctor: logins, grants, keys; reads "
    "no row\n"
    "  syncgate compare --node node1 --tables bazi_rules\n"
    "  syncgate compare --output report.md               # .txt, .json, .md; - is stdout\n"
    "  syncgate compare --node node1 --prod-host spare.example --only config\n"
    "  syncgate compare --where \"orders=created_at >= '2026-11-01'\"\n"
    "  syncgate compare --quick --detailed-exitcode      # counts and digests only; exit 2 if "
    "something differs\n";

void AddOptions(cxxopts::Options& options) {
  options.add_options("compare")(
      "quick", "counts and digests only: says which tables differ, fetches no row")(
      "columns", "compare only these columns and the key", cxxopts::value<std::string>(),
      "TABLE=A,B")("ignore-columns", "leave these columns out", cxxopts::value<std::string>(),
                   "TABLE=A,B")("where", "compare only rows that match on either side",
                                cxxopts::value<std::string>(), "TABLE=EXPR")(
      "output", "write a readable report as well; - for stdout", cxxopts::value<std::string>(),
      "FILE")("output-format", "text, json or markdown (default: by the ending of FILE)",
              cxxopts::value<std::string>(), "FORMAT")(
      "prod-host", "look for the one node on this host, by its ssh block; no plan is made of it",
      cxxopts::value<std::string>(), "HOST");
}

struct CompareOptionsGiven {
  bool quick = false;
  RuleOverrides overrides;
  std::optional<ReportOutput> output;
  std::optional<std::string> prod_host;
};

// One occurrence an option: cxxopts splits vectors at commas, which these values hold.
std::vector<std::string> Given(const cxxopts::ParseResult& parsed, const std::string& option) {
  std::vector<std::string> values;
  for (const auto& argument : parsed.arguments()) {
    if (argument.key() == option) values.push_back(argument.value());
  }
  return values;
}

class CompareRun {
 public:
  CompareRun(const CommonOptions& options, CompareOptionsGiven given)
      : options_(options), given_(std::move(given)) {
    diff_.quick = given_.quick;
  }

  Result<ExitCode> Run() {
    project_ = TRY(LoadProject(options_.project));
    if (given_.output) TRY(CheckOutputTakesNoConfig(given_.output->path, project_));
    std::optional<NodeName> elsewhere;
    if (given_.prod_host) elsewhere = TRY(UseAdHocHost(options_, *given_.prod_host, &project_));
    if (project_.encryption_required && ArtifactKey() == nullptr) {
      return Fail(
          ErrorKind::kFixProject, "artifact-key-missing",
          project_.file + " wants encrypted artifacts, and " + kArtifactKeyVariable + " is not set",
          "hand it to every job as a secret; make one with `openssl rand -base64 32`");
    }
    TRY(ChooseNodes());
    for (NodeDiff& node : diff_.nodes) {
      if (elsewhere == node.node) node.ad_hoc_host = *given_.prod_host;
    }
    diff_.project_digest = project_.digest;
    diff_.has_data =
        options_.data && project_.source.has_value() && project_.source->mysql.has_value();
    diff_.has_configs = options_.config;
    std::optional<FileLock> lock;
    if (!options_.dry_run) lock.emplace(TRY(HoldStore(options_.artifacts, "plan")));
    if (diff_.has_data) TRY(CompareAllData());
    if (diff_.has_configs) {
      for (std::size_t i = 0; i < specs_.size(); ++i) {
        TRY(CheckStop());
        TRY(CompareConfigs(project_, *specs_[i], &diff_.nodes[i], &diff_.header.diagnostics));
      }
    }
    return Conclude();
  }

 private:
  Result<void> ChooseNodes() {
    if (options_.nodes.empty()) {
      for (const NodeSpec& node : project_.nodes) specs_.push_back(&node);
    }
    for (const NodeName& name : options_.nodes) specs_.push_back(TRY(RequireNode(project_, name)));
    for (const NodeSpec* spec : specs_) {
      NodeDiff node;
      node.node = spec->name;
      diff_.nodes.push_back(std::move(node));
    }
    return {};
  }

  Result<void> CompareAllData() {
    source_ = TRY(OpenServer(*project_.source, "source", Login::kReader, SessionRole::kReader));
    diff_.source = ToDocument(*source_);
    Info("source: " + diff_.source.flavor + " " + diff_.source.version);
    DataComparison comparison;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      TRY(CheckStop());
      servers_.push_back(
          TRY(OpenServer(*specs_[i], specs_[i]->name.str(), Login::kReader, SessionRole::kReader)));
      comparison.nodes.push_back(servers_.back().get());
      diff_.nodes[i].server = ToDocument(*servers_.back());
      Info(specs_[i]->name.str() + ": " + diff_.nodes[i].server.flavor + " " +
           diff_.nodes[i].server.version);
    }
    auto& diagnostics = diff_.header.diagnostics;
    Topology topology = TRY(CheckTopology(*source_, comparison.nodes, specs_));
    for (auto& diagnostic : topology.diagnostics) diagnostics.push_back(std::move(diagnostic));
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      diff_.nodes[i].server.same_server_as = std::move(topology.same_server_as[i]);
    }
    comparison.source = source_.get();
    comparison.quick = diff_.quick;
    comparison.max_threads_running = project_.data.max_threads_running;
    comparison.catalogs_only = options_.dry_run;
    comparison.tables =
        TRY(SelectTables(project_, options_, given_.overrides,
                         TRY(ListBaseTables(*source_->session, source_->database()))));
    return CompareData(options_.artifacts, comparison, &diff_);
  }

  Result<ExitCode> Conclude() {
    const Findings findings = Summarise(diff_);
    auto diagnostics = std::move(diff_.header.diagnostics);
    diff_.header = NewHeader("diff");
    diff_.header.diagnostics = std::move(diagnostics);
    diff_.header.result = findings.refused     ? "refused"
                          : findings.different ? "differences"
                                               : "success";
    diff_.header.target_state = TargetState::kBefore;
    diff_.header.summary = findings.sentence;
    SayDiagnostics(diff_);
    if (options_.dry_run) {
      TRY(Doctor());
    } else {
      TRY(WriteDiff(options_.artifacts, kDiffFile, diff_));
      if (given_.output) TRY(WriteReport(*given_.output, diff_));
      if (!given_.output || !given_.output->to_stdout()) PrintTables(diff_);
      Info(findings.sentence + "; see " + options_.artifacts + "/" + kDiffFile);
    }
    if (findings.refused) return kExitRefused;
    return findings.different && options_.detailed_exitcode ? kExitDifferences : kExitSuccess;
  }

  // What only the doctor looks at: the rights that apply-node will need.
  Result<void> Doctor() {
    PrintDoctor(diff_);
    bool refused = false;
    for (const NodeSpec* spec : specs_) {
      if (!diff_.has_data || !spec->mysql) continue;
      const auto writer =
          TRY(OpenServer(*spec, spec->name.str(), Login::kWriter, SessionRole::kReader));
      auto diagnostics = WritePreflight(*writer);
      for (const TableSpec& table : project_.data.tables) {
        if (!table.deletes || writer->children_visible) continue;
        diagnostics.push_back(ChildrenInvisible(*writer, table.table));
      }
      for (const Diagnostic& diagnostic : diagnostics) {
        Say(diagnostic);
        refused = refused || diagnostic.severity == Severity::kRefusal;
      }
    }
    if (refused) {
      return Fail(ErrorKind::kRefused, "doctor", "some node cannot be written as it is",
                  "mend what is named above");
    }
    return {};
  }

  const CommonOptions& options_;
  const CompareOptionsGiven given_;
  Project project_;
  std::vector<const NodeSpec*> specs_;  // beside diff_.nodes
  std::unique_ptr<Server> source_;
  std::vector<std::unique_ptr<Server>> servers_;
  DiffDoc diff_;
};

}  // namespace

StepSpec CompareStep() {
  return {"compare",
          "Finds what differs between the source and the nodes, without locks; writes diff.json.",
          kExamples, AddOptions,
          [](const CommonOptions& options, const cxxopts::ParseResult& parsed) -> Result<ExitCode> {
            const auto text = [&](const char* option) {
              return parsed.count(option) > 0 ? parsed[option].as<std::string>() : std::string();
            };
            CompareOptionsGiven given;
            given.quick = parsed.count("quick") > 0;
            given.overrides = {Given(parsed, "where"), Given(parsed, "columns"),
                               Given(parsed, "ignore-columns")};
            given.output = TRY(ReadReportOutput(options, text("output"), text("output-format")));
            if (parsed.count("prod-host") > 0) given.prod_host = text("prod-host");
            return CompareRun(options, std::move(given)).Run();
          }};
}

}  // namespace syncgate
