#include "report/review_page.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "json/json.h"
#include "report/review_html.h"
#include "report/visible.h"

namespace syncgate {
namespace {

// A cell as JSON: null, or what is shown of it: where it is longer than `limit`, the part from
// shortly before `from`. '<' never stands in the page's data: no text can end the block or begin a
// comment there.
void AppendCell(const Cell& cell, std::size_t limit, std::string* json, std::size_t from = 0) {
  if (!cell) {
    *json += "null";
    return;
  }
  std::string text;
  if (cell->size() <= limit) {
    text = Visible(*cell, Backslashes::kDoubled);
  } else {
    const std::size_t ahead = limit / 5;
    std::size_t start = std::min(from > ahead ? from - ahead : 0, cell->size() - limit);
    while (start > 0 && (static_cast<unsigned char>((*cell)[start]) & 0xC0U) == 0x80U) --start;
    text = (start > 0 ? "…" : "") +
           Visible(std::string_view(*cell).substr(start, limit), Backslashes::kDoubled) +
           (start + limit < cell->size() ? "…" : "") + " (cut: " + std::to_string(cell->size()) +
           " bytes)";
  }
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

// Where two cells begin to differ.
std::size_t Difference(const Cell& before, const Cell& after) {
  if (!before || !after) return 0;
  return static_cast<std::size_t>(std::ranges::mismatch(*before, *after).in1 - before->begin());
}

// Which of the compared columns are shown as changed only, never by value.
std::vector<bool> HiddenColumns(const PlannedTable& table) {
  std::vector<bool> hidden;
  for (const TableColumn& column : table.columns) {
    hidden.push_back(std::ranges::find(table.sensitive, column.name) != table.sensitive.end());
  }
  return hidden;
}

constexpr char kHidden[] = "(sensitive)";

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
  const std::vector<bool> hidden = HiddenColumns(plan_.nodes.at(node).tables.at(table));
  const auto shown = [&](const std::optional<Row>& image, std::size_t column) {
    if (!image) return Cell();
    return hidden.at(column) ? Cell(kHidden) : (*image)[column];
  };
  const std::size_t columns = change.after ? change.after->size() : change.before->size();
  std::string same;
  for (std::size_t i = 0; i < columns; ++i) {
    if (change.before && change.after && (*change.before)[i] == (*change.after)[i]) {
      same += (same.empty() ? "[" : ",[") + std::to_string(i) + ",";
      AppendCell(shown(change.after, i), limits_.cell, &same);
      same += "]";
      continue;
    }
    json += (json.ends_with('[') ? "[" : ",[") + std::to_string(i) + ",";
    const Cell before = shown(change.before, i);
    const Cell after = shown(change.after, i);
    const std::size_t from = Difference(before, after);
    AppendCell(before, limits_.cell, &json, from);
    json += ",";
    AppendCell(after, limits_.cell, &json, from);
    json += "]";
  }
  json += "],[" + same + "]]";
  ++shown_;
  bytes_ += json.size();
  return json;
}

std::string ReviewPage::End() const { return ReviewTail(plan_); }

}  // namespace syncgate
