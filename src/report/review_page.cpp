#include "report/review_page.h"

#include <algorithm>
#include <utility>

#include "json/json.h"
#include "report/review_html.h"
#include "report/visible.h"

namespace syncgate {
namespace {

// A cell as JSON: null, or what is shown of it. '<' never stands in the page's data: no text can
// end the block or begin a comment there.
void AppendCell(const Cell& cell, std::size_t limit, std::string* json) {
  if (!cell) {
    *json += "null";
    return;
  }
  std::string text = Visible(std::string_view(*cell).substr(0, limit), Backslashes::kDoubled);
  if (cell->size() > limit) text += "… (cut: " + std::to_string(cell->size()) + " bytes)";
  std::string quoted;
  AppendJsonString(text, &quoted);
  for (const char c : quoted) {
    if (c == '<') {
      *json += "\\u003c";
    } else {
      *json += c;
    }
  }
}

}  // namespace

std::string ReviewPage::Begin() const { return ReviewHead(plan_, compared_); }

std::string ReviewPage::Add(std::size_t node, std::uint64_t table, const RowChange& change) {
  full_ = full_ || shown_ >= limits_.changes || bytes_ >= limits_.bytes;
  if (full_) return {};
  std::string json = (shown_ == 0 ? "[" : ",\n[") + std::to_string(node) + "," +
                     std::to_string(table) + "," + std::to_string(static_cast<int>(change.kind)) +
                     ",[";
  for (std::size_t i = 0; i < change.key.size(); ++i) {
    json += i == 0 ? "" : ",";
    AppendCell(change.key[i], limits_.cell, &json);
  }
  json += "],[";
  const std::size_t columns = change.after ? change.after->size() : change.before->size();
  std::string same;
  for (std::size_t i = 0; i < columns; ++i) {
    if (change.before && change.after && (*change.before)[i] == (*change.after)[i]) {
      same += (same.empty() ? "[" : ",[") + std::to_string(i) + ",";
      AppendCell((*change.after)[i], limits_.cell, &same);
      same += "]";
      continue;
    }
    json += (json.ends_with('[') ? "[" : ",[") + std::to_string(i) + ",";
    AppendCell(change.before ? (*change.before)[i] : Cell(), limits_.cell, &json);
    json += ",";
    AppendCell(change.after ? (*change.after)[i] : Cell(), limits_.cell, &json);
    json += "]";
  }
  json += "],[" + same + "]]";
  ++shown_;
  bytes_ += json.size();
  return json;
}

std::string ReviewPage::End() const { return ReviewTail(plan_); }

}  // namespace syncgate
