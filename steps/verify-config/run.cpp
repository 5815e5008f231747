#include "verify-config/run.h"

#include "artifact/document_io.h"
#include "artifact/store.h"
#include "common/store_lock.h"
#include "node/planned_node.h"
#include "node/verify.h"

namespace syncgate {
namespace {

constexpr char kExamples[] =
    "  syncgate verify-config --node node1                 # rows, files, HTTP checks, the "
    "functional test\n"
    "  syncgate verify-config --node node1 --only config\n";

Result<ExitCode> Run(const CommonOptions& options) {
  const PlannedNode planned = TRY(LoadPlannedNode(options));
  const FileLock lock = TRY(HoldStore(options.artifacts, planned.node.node.str()));
  FileRef receipt_file;
  const ReceiptDoc receipt = TRY(ReadReceipt(
      options.artifacts, ReceiptFile(planned.node.node, Direction::kApply), &receipt_file));
  if (receipt.plan_digest != planned.plan_digest()) {
    return Fail(ErrorKind::kRefused, "receipt-other-plan",
                "the receipt of " + planned.node.node.str() + " is of another plan",
                "run apply-node with this plan first");
  }
  TRY(Verifier(options, planned).Run(receipt_file));
  return kExitSuccess;
}

}  // namespace

StepSpec VerifyConfigStep() {
  return {"verify-config",
          "Asserts that the plan holds on a node and in its running services; writes a verdict.",
          kExamples, nullptr,
          [](const CommonOptions& options, const cxxopts::ParseResult&) { return Run(options); }};
}

}  // namespace syncgate
