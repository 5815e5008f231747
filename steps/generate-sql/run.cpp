#include "generate-sql/run.h"

#include <stdlib.h>

#include <algorithm>
#include <cxxopts.hpp>
#include <filesystem>

#include "artifact/document_io.h"
#include "artifact/plan_digest.h"
#include "artifact/protection.h"
#include "artifact/store.h"
#include "common/header.h"
#include "common/messages.h"
#include "common/output_place.h"
#include "common/specs.h"
#include "common/store_lock.h"
#include "generate-sql/combined.h"
#include "generate-sql/config_planner.h"
#include "generate-sql/node_planner.h"
#include "generate-sql/review.h"
#include "generate-sql/rules.h"
#include "project/project.h"

namespace syncgate {
namespace {

constexpr char kExamples[] =
    "  syncgate generate-sql                             # plan.json and plan/<node>/*.sql from "
    "diff.json\n"
    "  syncgate generate-sql --tables bazi_rules --detailed-exitcode\n"
    "  syncgate generate-sql --node node1 --output node1.sql   # one readable SQL file as well\n";

void AddOptions(cxxopts::Options& options) {
  options.add_options("generate-sql")("output", "write the SQL of one node into one file as well",
                                      cxxopts::value<std::string>(), "FILE");
}

// A directory of this run's own, gone with it.
class ScratchDirectory {
 public:
  ScratchDirectory() = default;
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  ~ScratchDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }

  Result<std::string> Make() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "syncgate-plan.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return Fail(ErrorKind::kFailed, "file-failed",
                  "no temporary directory could be made at " + pattern,
                  "set TMPDIR to a directory that can be written");
    }
    path_ = pattern;
    return path_;
  }

 private:
  std::string path_;
};

class PlanRun {
 public:
  PlanRun(const CommonOptions& options, std::string output)
      : options_(options), output_(std::move(output)) {}

  Result<ExitCode> Run() {
    const Project project = TRY(LoadProject(options_.project));
    if (!output_.empty()) {
      TRY(OneNode(options_));
      if (options_.dry_run && output_ != "-") {
        return Fail(ErrorKind::kUsage, "option-value",
                    "a dry run writes no file, and --output does",
                    "leave one of the two out, or name stdout: --output -");
      }
      TRY(CheckOutputPlace(options_, output_));
      TRY(CheckOutputTakesNoConfig(output_, project));
    }
    if (!output_.empty() && ArtifactKey() != nullptr) {
      return Fail(ErrorKind::kUsage, "output-encrypted",
                  "--output would write in plain text what the artifact key is to protect",
                  "leave it out, and read a file with syncgate audit --decrypt FILE");
    }
    const FileLock lock = TRY(HoldStore(options_.artifacts, "plan"));
    FileRef diff_file;
    const DiffDoc diff = TRY(ReadDiff(options_.artifacts, kDiffFile, &diff_file));
    TRY(CheckDiff(diff, project));
    directory_ = options_.artifacts;
    ScratchDirectory scratch;
    if (options_.dry_run) directory_ = TRY(scratch.Make());
    for (const NodeName& name : options_.nodes) TRY(RequireNode(project, name));
    for (const NodeDiff& node : diff.nodes) {
      const bool wanted = options_.nodes.empty() ||
                          std::ranges::find(options_.nodes, node.node) != options_.nodes.end();
      if (wanted) TRY(AddNode(project, diff, node));
    }
    if (plan_.nodes.empty()) {
      return Fail(ErrorKind::kUsage, "node-not-compared", "the diff holds none of the nodes named",
                  "run compare for them first");
    }
    plan_.project_digest = project.digest;
    plan_.plan_digest = ComputePlanDigest(plan_);
    TRY(WriteDocument(diff, diff_file));
    if (!output_.empty()) TRY(WriteCombined(directory_, plan_.nodes.front(), output_));
    return changes_ > 0 && options_.detailed_exitcode ? kExitDifferences : kExitSuccess;
  }

 private:
  Result<void> AddNode(const Project& project, const DiffDoc& diff, const NodeDiff& node) {
    const NodeSpec& spec = *TRY(RequireNode(project, node.node));
    NodePlan plan;
    plan.node = node.node;
    TRY(ClearOldPlan(node.node));
    if (options_.data && diff.has_data) {
      const auto positions = TRY(PlannableTables(project, node, options_.tables));
      TRY(CheckLimits(project.data, node, positions));
      plan = TRY(PlanNode(options_.artifacts, directory_, node, positions));
    }
    if (options_.config && diff.has_configs) plan.configs = TRY(PlanConfigs(project, node));
    plan.follows = spec.follows;
    plan.test = spec.test;
    plan_.nodes.push_back(std::move(plan));
    return {};
  }

  // Files of an earlier plan beside those of this one would be read as part of it.
  Result<void> ClearOldPlan(const NodeName& node) const {
    std::error_code failed;
    std::filesystem::remove_all(TRY(PathInStore(directory_, PlanDirectory(node))), failed);
    if (!failed) return {};
    return Fail(ErrorKind::kFailed, "file-failed",
                "the old plan of " + node.str() + " could not be removed: " + failed.message(),
                "remove its directory by hand");
  }

  Result<void> WriteDocument(const DiffDoc& diff, const FileRef& diff_file) {
    plan_.header = NewHeader("plan");
    plan_.header.inputs = {diff_file};
    plan_.header.target_state = TargetState::kBefore;
    std::string sentence;
    for (const NodePlan& node : plan_.nodes) {
      std::uint64_t inserts = 0, updates = 0, deletes = 0, keys = 0;
      for (const PlannedTable& table : node.tables) {
        inserts += table.inserts;
        updates += table.updates;
        deletes += table.deletes;
      }
      for (const PlannedConfig& config : node.configs) keys += config.changes.size();
      changes_ += inserts + updates + deletes + keys;
      sentence += (sentence.empty() ? "" : "; ") + node.node.str() + ": " +
                  std::to_string(inserts) + " inserts, " + std::to_string(updates) + " updates, " +
                  std::to_string(deletes) + " deletes in " + std::to_string(node.batches.size()) +
                  " batches, " + std::to_string(keys) + " configuration keys";
    }
    plan_.header.result = changes_ > 0 ? "differences" : "success";
    plan_.header.summary = changes_ > 0 ? sentence : "nothing to do";
    if (!options_.dry_run) plan_.reviews = TRY(WriteReview(directory_, diff, plan_));
    TRY(WritePlan(directory_, kPlanFile, plan_));
    Info(plan_.header.summary);
    if (options_.dry_run) {
      Info("dry run: the plan would have digest " + plan_.plan_digest.hex() +
           "; nothing was written");
    } else {
      Info("plan digest " + plan_.plan_digest.hex() + " in " + options_.artifacts + "/" +
           kPlanFile + "; to look at: " + kReviewFile);
    }
    return {};
  }

  const CommonOptions& options_;
  const std::string output_;
  std::string
      directory_;  // where the plan goes: the artifacts, or with --dry-run a place that goes again
  PlanDoc plan_;
  std::uint64_t changes_ = 0;
};

}  // namespace

StepSpec GenerateSqlStep() {
  return {"generate-sql",
          "Orders, batches and renders the changes of a diff; writes plan.json and SQL files.",
          kExamples, AddOptions,
          [](const CommonOptions& options, const cxxopts::ParseResult& parsed) {
            const std::string output =
                parsed.count("output") > 0 ? parsed["output"].as<std::string>() : "";
            return PlanRun(options, output).Run();
          }};
}

}  // namespace syncgate
