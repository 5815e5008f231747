// The fields that several documents share.
#pragma once

#include "artifact/archive.h"
#include "artifact/documents.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<RunInfo> auto& run) {
  archive.Prose("provider", run.provider)
      .Prose("id", run.id)
      .Prose("url", run.url)
      .Prose("actor", run.actor)
      .Prose("commit", run.commit)
      .Unless(run.attempt.empty(), "attempt", run.attempt);
}

template <typename A>
void Fields(A& archive, Of<FileRef> auto& file) {
  archive("path", file.path)("kind", file.kind)("sha256", file.sha256)
      .Unless(file.lines == 0, "lines", file.lines);
}

template <typename A>
void Fields(A& archive, Of<Diagnostic> auto& diagnostic) {
  archive("code", diagnostic.code)("severity", diagnostic.severity)
      .Words("message", diagnostic.message)
      .Words("hint", diagnostic.hint);
}

// Without kind and format_version: document_io.cpp writes and checks those.
template <typename A>
void Fields(A& archive, Of<Header> auto& header) {
  archive("tool", header.tool);
  archive("digest", header.digest)("run", header.run)("created_at", header.created_at);
  archive("inputs", header.inputs)("result", header.result)("target_state", header.target_state);
  archive.Prose("summary", header.summary)("diagnostics", header.diagnostics);
}

template <typename A>
void Fields(A& archive, Of<TableColumn> auto& column) {
  archive("name", column.name)("kind", column.kind)("type", column.type);
  archive("generated", column.generated);
  archive.Unless(!column.nullable, "nullable", column.nullable);
}

// The values of a secret key are never written, whatever the struct holds.
template <typename A>
void Fields(A& archive, Of<ConfigChange> auto& change) {
  archive("key", change.key);
  archive("secret", change.secret);
  if (change.secret) return;
  const std::string& key = change.key.str();
  archive.Bytes("before", key, change.before).Bytes("after", key, change.after);
}

}  // namespace syncgate
