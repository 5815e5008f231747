// Documents on disk. What is written satisfies its schema; what is read has been checked before a
// caller sees it.
#pragma once

#include <string>

#include "artifact/documents.h"
#include "artifact/store.h"
#include "core/result.h"

namespace syncgate {

// `path` is relative to `dir`, the artifacts directory; `file`, where given, gets the reference
// that another document's `inputs` takes. Errors, all kBadArtifact:
//   artifact-missing     the file is not there; the hint names the step that writes it
//   artifact-unreadable  it cannot be read, or is no JSON (a truncated file, a Git LFS pointer)
//   artifact-kind        it is another document
//   artifact-version     it was written by a syncgate whose format_version we do not know
//   artifact-invalid     it breaks its schema
//   artifact-edited      its digest is not that of its contents, or its seal not that of the key
//   artifact-encrypted, artifact-key-other, artifact-not-encrypted: see protection.h
Result<DiffDoc> ReadDiff(const std::string& dir, const std::string& path = kDiffFile,
                         FileRef* file = nullptr);
Result<PlanDoc> ReadPlan(const std::string& dir, const std::string& path = kPlanFile,
                         FileRef* file = nullptr);
Result<ReceiptDoc> ReadReceipt(const std::string& dir, const std::string& path,
                               FileRef* file = nullptr);
Result<VerdictDoc> ReadVerdict(const std::string& dir, const std::string& path,
                               FileRef* file = nullptr);

// The same for who only wants to know whether a document is as it was written, with its key or
// without: values that are sealed with a key that is not here stay out. Stricter in one point: the
// bytes must be those that syncgate writes, down to the spacing.
struct Inspection {
  FileRef file;
  std::string sealed_by;  // id of the key; empty: the document is plain
  bool opened = false;    // the seal was checked with the key
};
Result<DiffDoc> InspectDiff(const std::string& dir, const std::string& path, Inspection* found);
Result<PlanDoc> InspectPlan(const std::string& dir, const std::string& path, Inspection* found);
Result<ReceiptDoc> InspectReceipt(const std::string& dir, const std::string& path,
                                  Inspection* found);
Result<VerdictDoc> InspectVerdict(const std::string& dir, const std::string& path,
                                  Inspection* found);

// Whether there is such a file at all: a first run has no receipt.
bool HasArtifact(const std::string& dir, const std::string& path);

// Atomically, 0600, with a seal where there is an artifact key. header.kind, format_version and
// digest are set here, whatever the document says. The returned sha256 is that of the file's bytes.
// Errors: kFailed "artifact-invalid" where the document breaks its own schema (a bug of ours),
// "file-..." from the disk.
Result<FileRef> WriteDiff(const std::string& dir, const std::string& path, const DiffDoc& doc);
Result<FileRef> WritePlan(const std::string& dir, const std::string& path, const PlanDoc& doc);
Result<FileRef> WriteReceipt(const std::string& dir, const std::string& path,
                             const ReceiptDoc& doc);
Result<FileRef> WriteVerdict(const std::string& dir, const std::string& path,
                             const VerdictDoc& doc);

}  // namespace syncgate
