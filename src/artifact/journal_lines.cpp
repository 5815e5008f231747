#include "artifact/journal_lines.h"

#include <boost/json.hpp>

#include "artifact/archive.h"
#include "artifact/cells.h"
#include "json/json.h"

namespace syncgate {

namespace bj = boost::json;

template <typename A>
void Fields(A& archive, Of<RunLine> auto& line) {
  archive("sequence", line.sequence)("direction", line.direction)("node", line.node);
  archive("plan_digest", line.plan_digest)("created_at", line.created_at)("tool", line.tool);
}

template <typename A>
void Fields(A& archive, Of<CommittedLine> auto& line) {
  archive("sequence", line.sequence)("batch", line.batch);
}

template <typename A>
void Fields(A& archive, Of<RefusedLine> auto& line) {
  archive("sequence", line.sequence)("batch", line.batch);
}

template <typename A>
void Fields(A& archive, Of<ConfigLine> auto& line) {
  archive("sequence", line.sequence)("config", line.config.config)("target", line.config.target);
  archive("backup", line.config.backup)("before_digest", line.config.before_digest);
  archive("after_digest", line.config.after_digest);
}

template <typename A>
void Fields(A& archive, Of<EndLine> auto& line) {
  archive("sequence", line.sequence)("result", line.result);
}

namespace {

template <typename T>
constexpr const char* kType = "";
template <>
constexpr const char* kType<RunLine> = "run";
template <>
constexpr const char* kType<CommittedLine> = "committed";
template <>
constexpr const char* kType<RefusedLine> = "refused";
template <>
constexpr const char* kType<ConfigLine> = "config";
template <>
constexpr const char* kType<EndLine> = "end";

template <typename T>
std::string FormatLine(const T& line) {
  JsonWriter writer;
  writer("type", std::string(kType<T>));
  Fields(writer, line);
  return bj::serialize(writer.Take()) + "\n";
}

// By hand: batches are most of a journal.
std::string FormatLine(const BatchLine& line) {
  std::string out = "{\"type\":\"batch\",\"sequence\":" + std::to_string(line.sequence) +
                    ",\"batch\":" + std::to_string(line.batch.batch) + ",\"table\":";
  AppendJsonString(line.batch.table.str(), &out);
  out += ",\"columns\":[";
  for (std::size_t i = 0; i < line.batch.columns.size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(line.batch.columns[i].str(), &out);
  }
  out += "],\"rows\":[";
  for (std::size_t i = 0; i < line.batch.rows.size(); ++i) {
    const JournalRow& row = line.batch.rows[i];
    if (i > 0) out += ',';
    out += std::string("{\"kind\":\"") + ToString(row.kind) + "\",\"key\":";
    AppendRow(row.key, &out);
    out += ",\"before\":";
    if (row.before) {
      AppendRow(*row.before, &out);
    } else {
      out += "null";
    }
    out += '}';
  }
  out += "]}\n";
  return out;
}

bool DecodeJournalRow(const bj::object& object, std::size_t columns, JournalRow* row) {
  JsonReader reader(object);
  reader("kind", row->kind);
  if (!DecodeRow(object.at("key"), &row->key) || row->key.empty()) return false;
  const bj::value& before = object.at("before");
  if (before.is_null()) return true;
  return DecodeRow(before, &row->before.emplace()) && row->before->size() == columns;
}

std::optional<JournalLine> ParseBatch(const bj::object& object) {
  BatchLine line;
  JsonReader reader(object);
  reader("sequence", line.sequence)("batch", line.batch.batch)("table", line.batch.table);
  reader("columns", line.batch.columns);
  for (const auto& value : object.at("rows").as_array()) {
    JournalRow& row = line.batch.rows.emplace_back();
    if (!DecodeJournalRow(value.as_object(), line.batch.columns.size(), &row)) return std::nullopt;
  }
  return line;
}

template <typename T>
std::optional<JournalLine> ParseSimple(const bj::object& object) {
  T line;
  JsonReader reader(object);
  Fields(reader, line);
  return line;
}

}  // namespace

std::string Format(const JournalLine& line) {
  return std::visit([](const auto& value) { return FormatLine(value); }, line);
}

std::optional<JournalLine> ParseJournalLine(std::string_view text) {
  auto value = ParseJson(text, {.bytes = std::size_t{4} << 30, .depth = 8});
  if (!value || !value->is_object()) return std::nullopt;
  const bj::object& object = value->get_object();
  try {
    const std::string type(object.at("type").as_string());
    if (type == "batch") return ParseBatch(object);
    if (type == kType<RunLine>) return ParseSimple<RunLine>(object);
    if (type == kType<CommittedLine>) return ParseSimple<CommittedLine>(object);
    if (type == kType<RefusedLine>) return ParseSimple<RefusedLine>(object);
    if (type == kType<ConfigLine>) return ParseSimple<ConfigLine>(object);
    if (type == kType<EndLine>) return ParseSimple<EndLine>(object);
  } catch (const std::exception&) {
    return std::nullopt;  // a member is missing or of another type
  }
  return std::nullopt;
}

}  // namespace syncgate
