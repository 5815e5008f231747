// Cells as JSON: null, a string, or {"hex":"00ff"}. Bytes are a string exactly when they are UTF-8
// and hold no control character but tab and line ends; a reader takes either form. So every cell
// comes back byte for byte, and the same cell always gives the same text.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "core/value.h"

namespace syncgate {

void AppendCell(const Cell& cell, std::string* out);
void AppendRow(const Row& row, std::string* out);  // [cell,cell]

// False where `value` is no cell (no row).
bool DecodeCell(const boost::json::value& value, Cell* cell);
bool DecodeRow(const boost::json::value& value, Row* row);

boost::json::value EncodeCell(const std::string& bytes);

}  // namespace syncgate
