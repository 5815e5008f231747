#include "artifact/document_json.h"
#include "artifact/fields_common.h"

namespace syncgate {

template <typename A>
void Fields(A& archive, Of<CheckOutcome> auto& check) {
  archive.Prose("name", check.name)("kind", check.kind)("passed", check.passed);
  archive("attempts", check.attempts).Words("detail", check.detail);
  archive.WordsUnless(check.output.empty(), "output", check.output);
}

template <typename A>
void Fields(A& archive, Of<VerdictDoc> auto& doc) {
  archive("node", doc.node)("plan_digest", doc.plan_digest)("checks", doc.checks)("junit",
                                                                                  doc.junit);
}

boost::json::object ToJson(const VerdictDoc& doc) {
  JsonWriter writer;
  Fields(writer, doc.header);
  Fields(writer, doc);
  return writer.Take();
}

void FromJson(const boost::json::object& object, VerdictDoc* doc) {
  JsonReader reader(object);
  Fields(reader, doc->header);
  Fields(reader, *doc);
}

}  // namespace syncgate
