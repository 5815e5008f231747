// Documents to JSON objects and back: the fields in the order in which a document shows them.
#pragma once

#include <boost/json.hpp>

#include "artifact/documents.h"

namespace syncgate {

// Throws std::invalid_argument where a text that must be exact is no UTF-8.
boost::json::object ToJson(const DiffDoc& doc);
boost::json::object ToJson(const PlanDoc& doc);
boost::json::object ToJson(const ReceiptDoc& doc);
boost::json::object ToJson(const VerdictDoc& doc);

// For objects that their schema accepted; throws std::exception for others.
void FromJson(const boost::json::object& object, DiffDoc* doc);
void FromJson(const boost::json::object& object, PlanDoc* doc);
void FromJson(const boost::json::object& object, ReceiptDoc* doc);
void FromJson(const boost::json::object& object, VerdictDoc* doc);

}  // namespace syncgate
