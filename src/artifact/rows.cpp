#include "artifact/rows.h"

#include <boost/json.hpp>

#include "artifact/cells.h"
#include "artifact/enum_names.h"

namespace syncgate {

namespace bj = boost::json;

class LineParser {
 public:
  // The object on the line, or nullptr. It lives until the next call.
  const bj::object* Parse(std::string_view line) {
    value_.reset();
    // A new one each time: release() leaves the size of the next block doubled, for good.
    memory_.emplace(buffer_.data(), buffer_.size());
    parser_.reset(&*memory_);
    bj::error_code error;
    parser_.write(line.data(), line.size(), error);
    if (error) return nullptr;
    value_.emplace(parser_.release());
    return value_->if_object();
  }

 private:
  std::array<unsigned char, 64 * 1024> buffer_;
  std::optional<bj::monotonic_resource> memory_;
  bj::parser parser_;
  std::optional<bj::value> value_;
};

namespace {

std::unexpected<Error> BadLine(const std::string& path, std::uint64_t line, const char* what) {
  return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
              path + ": line " + std::to_string(line + 1) + " is " + what + ".",
              "Run the step that writes this artifact again.");
}

bool DecodeTable(const bj::object& object, std::uint64_t* table) {
  const auto* value = object.if_contains("table");
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return false;
  *table = static_cast<std::uint64_t>(value->get_int64());
  return true;
}

bool DecodeKey(const bj::object& object, Row* key) {
  const auto* value = object.if_contains("key");
  return value != nullptr && DecodeRow(*value, key) && !key->empty();
}

template <typename E>
bool DecodeEnum(const bj::object& object, const char* name, E* result) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return false;
  const auto found = FromName<E>(value->get_string());
  if (found) *result = *found;
  return found.has_value();
}

// An image stands on the line exactly when the kind of change has it.
bool DecodeImage(const bj::object& object, const char* name, bool expected,
                 std::optional<Row>* image) {
  const auto* value = object.if_contains(name);
  if ((value != nullptr) != expected) return false;
  return value == nullptr || DecodeRow(*value, &image->emplace());
}

bool DecodeText(const bj::object& object, const char* name, std::string* text) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) return false;
  *text = std::string(value->get_string());
  return true;
}

// A list that is absent where it is empty; *members counts it.
template <typename Item, typename DecodeItem>
bool DecodeList(const bj::object& object, const char* name, std::size_t* members,
                std::vector<Item>* items, const DecodeItem& decode) {
  const auto* value = object.if_contains(name);
  if (value == nullptr) return true;
  ++*members;
  if (!value->is_array() || value->get_array().empty()) return false;
  for (const bj::value& element : value->get_array()) {
    if (!element.is_object() || element.get_object().size() != 2) return false;
    if (!decode(element.get_object(), &items->emplace_back())) return false;
  }
  return true;
}

bool DecodeOwner(const bj::object& object, UniqueOwner* owner) {
  return DecodeText(object, "index", &owner->index) && DecodeKey(object, &owner->key);
}

bool DecodeDependents(const bj::object& object, Dependents* dependents) {
  const auto* rows = object.if_contains("rows");
  if (rows == nullptr || !rows->is_int64() || rows->get_int64() < 1) return false;
  dependents->rows = static_cast<std::uint64_t>(rows->get_int64());
  return DecodeText(object, "foreign_key", &dependents->foreign_key);
}

bool DecodeChange(const bj::object& object, RowLine* row) {
  RowChange& change = row->change;
  if (!DecodeTable(object, &row->table) || !DecodeEnum(object, "kind", &change.kind) ||
      !DecodeKey(object, &change.key)) {
    return false;
  }
  const bool before = change.kind != ChangeKind::kInsert;
  const bool after = change.kind != ChangeKind::kDelete;
  std::size_t members = std::size_t{3} + before + after;
  return (!after || DecodeList(object, "owners", &members, &change.owners, DecodeOwner)) &&
         (!before ||
          DecodeList(object, "dependents", &members, &change.dependents, DecodeDependents)) &&
         object.size() == members && DecodeImage(object, "before", before, &change.before) &&
         DecodeImage(object, "after", after, &change.after);
}

// The obstacles of a change, where it has any.
void AppendObstacles(const RowChange& change, std::string* out) {
  const auto text = [](const std::string& value) { return bj::serialize(bj::string_view(value)); };
  for (std::size_t i = 0; i < change.owners.size(); ++i) {
    *out += i == 0 ? ",\"owners\":[" : ",";
    *out += "{\"index\":" + text(change.owners[i].index) + ",\"key\":";
    AppendRow(change.owners[i].key, out);
    *out += "}";
  }
  if (!change.owners.empty()) *out += "]";
  for (std::size_t i = 0; i < change.dependents.size(); ++i) {
    *out += i == 0 ? ",\"dependents\":[" : ",";
    *out += "{\"foreign_key\":" + text(change.dependents[i].foreign_key) +
            ",\"rows\":" + std::to_string(change.dependents[i].rows) + "}";
  }
  if (!change.dependents.empty()) *out += "]";
}

}  // namespace

Result<RowsWriter> RowsWriter::Create(const std::string& dir, const std::string& path) {
  return RowsWriter(TRY(LineWriter::Create(dir, path)));
}

Result<void> RowsWriter::Append(std::uint64_t table, const RowChange& change) {
  if (change.key.empty() || change.before.has_value() == (change.kind == ChangeKind::kInsert) ||
      change.after.has_value() == (change.kind == ChangeKind::kDelete)) {
    return Fail(
        ErrorKind::kFailed, "artifact-invalid",
        std::string("the images of a row do not fit its kind, ") + ToString(change.kind) + ".",
        "This is an error in syncgate: report it with this message.");
  }
  std::string* out = lines_.buffer();
  *out += "{\"table\":";
  *out += std::to_string(table);
  *out += ",\"kind\":\"";
  *out += ToString(change.kind);
  *out += "\",\"key\":";
  AppendRow(change.key, out);
  if (change.before) {
    *out += ",\"before\":";
    AppendRow(*change.before, out);
  }
  if (change.after) {
    *out += ",\"after\":";
    AppendRow(*change.after, out);
  }
  AppendObstacles(change, out);
  *out += "}\n";
  return lines_.LineDone();
}

Result<ReceiptRowsWriter> ReceiptRowsWriter::Create(const std::string& dir,
                                                    const std::string& path) {
  return ReceiptRowsWriter(TRY(LineWriter::Create(dir, path)));
}

Result<void> ReceiptRowsWriter::Append(const ReceiptRow& row) {
  std::string* out = lines_.buffer();
  *out += "{\"table\":";
  *out += std::to_string(row.table);
  *out += ",\"key\":";
  AppendRow(row.key, out);
  *out += ",\"state\":\"";
  *out += ToString(row.state);
  *out += "\"}\n";
  return lines_.LineDone();
}

RowsReader::RowsReader(LineScanner lines, std::string path)
    : lines_(std::move(lines)), path_(std::move(path)), parser_(std::make_unique<LineParser>()) {}
RowsReader::RowsReader(RowsReader&&) noexcept = default;
RowsReader& RowsReader::operator=(RowsReader&&) noexcept = default;
RowsReader::~RowsReader() = default;

Result<RowsReader> RowsReader::Open(const std::string& dir, const FileRef& file) {
  return RowsReader(LineScanner(TRY(OpenVerified(dir, file))), file.path);
}

Result<std::optional<RowLine>> RowsReader::Next() {
  const auto text = TRY(lines_.Next());
  if (!text) return std::nullopt;
  const bj::object* object = parser_->Parse(*text);
  RowLine row;
  row.line = line_;
  if (object == nullptr || !DecodeChange(*object, &row))
    return BadLine(path_, line_, "no row change");
  ++line_;
  return row;
}

Result<void> RowsReader::Skip(std::uint64_t lines) {
  for (; lines > 0; --lines, ++line_) {
    if (!TRY(lines_.Next())) return BadLine(path_, line_, "missing");
  }
  return {};
}

Result<void> RowsReader::SeekTo(const Mark& mark) {
  lines_.SeekTo(mark.offset);
  line_ = mark.line;
  return {};
}

ReceiptRowsReader::ReceiptRowsReader(LineScanner lines, std::string path)
    : lines_(std::move(lines)), path_(std::move(path)), parser_(std::make_unique<LineParser>()) {}
ReceiptRowsReader::ReceiptRowsReader(ReceiptRowsReader&&) noexcept = default;
ReceiptRowsReader& ReceiptRowsReader::operator=(ReceiptRowsReader&&) noexcept = default;
ReceiptRowsReader::~ReceiptRowsReader() = default;

Result<ReceiptRowsReader> ReceiptRowsReader::Open(const std::string& dir, const FileRef& file) {
  return ReceiptRowsReader(LineScanner(TRY(OpenVerified(dir, file))), file.path);
}

Result<std::optional<ReceiptRow>> ReceiptRowsReader::Next() {
  const auto text = TRY(lines_.Next());
  if (!text) return std::nullopt;
  const bj::object* object = parser_->Parse(*text);
  ReceiptRow row;
  if (object == nullptr || !DecodeTable(*object, &row.table) || !DecodeKey(*object, &row.key) ||
      !DecodeEnum(*object, "state", &row.state)) {
    return BadLine(path_, line_, "no receipt row");
  }
  ++line_;
  return row;
}

}  // namespace syncgate
