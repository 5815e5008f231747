#include "artifact/cells.h"

#include <algorithm>
#include <boost/json.hpp>

#include "core/digest.h"
#include "core/utf8.h"
#include "json/json.h"

namespace syncgate {
namespace {

bool IsText(std::string_view bytes) {
  const bool control = std::any_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
  });
  return !control && IsUtf8(bytes);
}

}  // namespace

void AppendCell(const Cell& cell, std::string* out) {
  if (!cell) {
    *out += "null";
  } else if (IsText(*cell)) {
    AppendJsonString(*cell, out);
  } else {
    *out += "{\"hex\":\"";
    *out += ToHex(*cell);
    *out += "\"}";
  }
}

void AppendRow(const Row& row, std::string* out) {
  *out += '[';
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i > 0) *out += ',';
    AppendCell(row[i], out);
  }
  *out += ']';
}

bool DecodeCell(const boost::json::value& value, Cell* cell) {
  if (value.is_null()) {
    cell->reset();
    return true;
  }
  if (const auto* text = value.if_string()) {
    cell->emplace(text->data(), text->size());
    return true;
  }
  const auto* object = value.if_object();
  const auto* hex = object != nullptr && object->size() == 1 ? object->if_contains("hex") : nullptr;
  if (hex == nullptr || !hex->is_string()) return false;
  return FromHex(hex->get_string(), &cell->emplace());
}

bool DecodeRow(const boost::json::value& value, Row* row) {
  const auto* array = value.if_array();
  if (array == nullptr) return false;
  row->clear();
  row->resize(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    if (!DecodeCell((*array)[i], &(*row)[i])) return false;
  }
  return true;
}

boost::json::value EncodeCell(const std::string& bytes) {
  if (IsText(bytes)) return boost::json::string(bytes);
  return boost::json::object{{"hex", ToHex(bytes)}};
}

}  // namespace syncgate
