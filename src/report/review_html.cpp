#include "report/review_html.h"

#include <algorithm>

#include "core/base64.h"
#include "core/digest.h"
#include "json/json.h"
#include "report/review_assets.h"
#include "report/visible.h"

namespace syncgate {
namespace {

std::string Number(std::uint64_t number) { return std::to_string(number); }

std::string Element(const std::string& name, const std::string& inner) {
  const std::string end = name.substr(0, name.find(' '));
  return "<" + name + ">" + inner + "</" + end + ">";
}

// What a Content-Security-Policy names a script or style by.
std::string PolicyDigest(std::string_view text) {
  std::string raw;
  FromHex(Digest::Of(text).hex(), &raw);
  return "'sha256-" + ToBase64(raw) + "'";
}

std::string Head(const PlanDoc& plan) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src " +
         PolicyDigest(kReviewScript) + "; style-src " + PolicyDigest(kReviewStyle) +
         "; base-uri 'none'; form-action 'none'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Plan " +
         HtmlText(plan.plan_digest.Short()) + "</title>\n<style>" + std::string(kReviewStyle) +
         "</style>\n</head>\n";
}

std::string RemarkItem(const Remark& remark) {
  std::string text;
  if (!remark.node.empty()) text += HtmlText(remark.node) + ": ";
  if (!remark.table.empty()) text += "table " + Element("code", HtmlText(remark.table)) + ": ";
  text +=
      Element("code", HtmlText(remark.diagnostic.code)) + " " + HtmlText(remark.diagnostic.message);
  if (!remark.diagnostic.hint.empty()) text += "; " + HtmlText(remark.diagnostic.hint);
  return Element("li", text) + "\n";
}

std::string Remarks(const CompareReport& compared) {
  std::string items;
  for (const Remark& remark : compared.refusals) items += RemarkItem(remark);
  for (const Remark& remark : compared.remarks) items += RemarkItem(remark);
  if (items.empty()) return "<p>No warnings.</p>\n";
  return "<section class=\"warnings\" aria-labelledby=\"warnings\">\n<h2 id=\"warnings\">Warnings "
         "first</h2>\n<ul>\n" +
         items + "</ul>\n</section>\n";
}

// Three parts of one line, as long as their share of the largest table.
std::string Bar(const PlannedTable& table, std::uint64_t largest) {
  constexpr std::uint64_t kWidth = 200;
  std::string bar = "<svg width=\"200\" height=\"14\" role=\"img\" aria-label=\"" +
                    Number(table.inserts) + " inserts, " + Number(table.updates) + " updates, " +
                    Number(table.deletes) + " deletes\">";
  std::uint64_t x = 0;
  const std::pair<const char*, std::uint64_t> parts[] = {
      {"insert", table.inserts}, {"update", table.updates}, {"delete", table.deletes}};
  for (const auto& [kind, count] : parts) {
    if (count == 0) continue;
    const std::uint64_t width = std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(kWidth) * static_cast<double>(count) /
                                      static_cast<double>(std::max<std::uint64_t>(largest, 1))));
    bar += "<rect class=\"" + std::string(kind) + "\" x=\"" + Number(x) + "\" width=\"" +
           Number(width) + "\" height=\"14\"></rect>";
    x += width;
  }
  return bar + "</svg>";
}

std::string Tables(const NodePlan& node) {
  if (node.tables.empty()) return "<p>No rows change.</p>\n";
  std::uint64_t largest = 0;
  for (const PlannedTable& table : node.tables) {
    largest = std::max(largest, table.inserts + table.updates + table.deletes);
  }
  std::string rows;
  for (const PlannedTable& table : node.tables) {
    rows += "<tr>" + Element("th scope=\"row\"", Element("code", HtmlText(table.table.str()))) +
            Element("td class=\"number insert\"", Number(table.inserts)) +
            Element("td class=\"number update\"", Number(table.updates)) +
            Element("td class=\"number delete\"", Number(table.deletes)) +
            Element("td", Bar(table, largest)) + "</tr>\n";
  }
  return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Tables of " +
         HtmlText(node.node.str()) + "\"><table>\n<caption>Rows that change, in " +
         Number(node.batches.size()) +
         " transactions</caption>\n<thead><tr><th scope=\"col\">table</th><th scope=\"col\">insert"
         "</th><th scope=\"col\">update</th><th scope=\"col\">delete</th><th scope=\"col\">share"
         "</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></div>\n";
}

std::string ValueCell(const std::optional<ShownValue>& value, const char* mark) {
  if (!value) return Element("td class=\"quiet\"", "(absent)");
  std::string text = Element(mark, HtmlText(value->text));
  if (!value->note.empty()) text += " (" + HtmlText(value->note) + ")";
  return Element("td class=\"value\"", text);
}

std::string Words(const std::vector<std::string>& argv) {
  std::string text;
  for (const std::string& word : argv) text += (text.empty() ? "" : " ") + HtmlText(word);
  return Element("code", text);
}

std::string Config(const NodeName& node, const PlannedConfig& config,
                   const ConfigReport* compared) {
  std::string rows;
  for (const ConfigChange& change : config.changes) {
    if (change.secret) continue;
    const ShownChange shown = ShowChange(change.before, change.after, config.format);
    rows += "<tr>" + Element("th scope=\"row\"", Element("code", HtmlText(change.key.str()))) +
            ValueCell(shown.before, "del") + ValueCell(shown.after, "ins") + "</tr>\n";
  }
  std::string text = Element("h3", "Configuration " + HtmlText(config.config.str())) + "\n<p>" +
                     Element("code", HtmlText(config.target)) + ", " + HtmlText(config.format) +
                     "</p>\n";
  if (rows.empty()) {
    text += "<p>No key changes.</p>\n";
  } else {
    text += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Keys of " +
            HtmlText(config.config.str() + " on " + node.str()) +
            "\"><table>\n<caption>Keys that change</caption>\n<thead><tr><th scope=\"col\">key</th>"
            "<th scope=\"col\">before</th><th scope=\"col\">after</th></tr></thead>\n<tbody>\n" +
            rows + "</tbody></table></div>\n";
  }
  if (!config.validate.empty()) text += "<p>Checked by " + Words(config.validate) + "</p>\n";
  if (!config.restart.empty()) text += "<p>Restarted by " + Words(config.restart) + "</p>\n";
  if (compared == nullptr) return text;
  std::string items;
  for (const SecretFinding& secret : compared->secrets) {
    if (secret.state == "same") continue;
    items += Element("li", "secret " + Element("code", HtmlText(secret.key.str())) +
                               " differs from the source; it is never written");
  }
  for (const ConfigKey& key : compared->kept) {
    items += Element("li", Element("code", HtmlText(key.str())) + " is on the node only and stays");
  }
  return text + (items.empty() ? "" : Element("ul", items) + "\n");
}

const ConfigReport* Compared(const CompareReport& report, const NodeName& node,
                             const ConfigName& config) {
  for (const NodeReport& found : report.nodes) {
    if (found.node != node) continue;
    const auto at = std::ranges::find(found.configs, config, &ConfigReport::config);
    if (at != found.configs.end()) return &*at;
  }
  return nullptr;
}

std::string Node(const NodePlan& node, const CompareReport& compared) {
  std::string text = "<section>\n" + Element("h2", "Node " + HtmlText(node.node.str())) + "\n";
  if (node.follows) {
    text += "<p>Only after " + HtmlText(node.follows->str()) +
            " was applied and verified with this very plan.</p>\n";
  }
  text += Tables(node);
  for (const PlannedConfig& config : node.configs) {
    text += Config(node.node, config, Compared(compared, node.node, config.config));
  }
  if (!node.test.empty()) text += "<p>Functional test: " + Words(node.test) + "</p>\n";
  return text + "<p>Can be taken back by <code>syncgate rollback --node " +
         HtmlText(node.node.str()) +
         "</code> as long as the journal among the artifacts and the backups on the node are kept, "
         "and nobody has changed the same rows and files since.</p>\n</section>\n";
}

std::string Json(const std::string& text) {
  std::string quoted;
  AppendJsonString(Visible(text, Backslashes::kDoubled), &quoted);
  for (std::size_t at = 0; (at = quoted.find('<', at)) != std::string::npos; at += 6) {
    quoted.replace(at, 1, "\\u003c");
  }
  return quoted;
}

// The names that rows speak of by position; the block is left open for the rows.
std::string DataHead(const PlanDoc& plan) {
  std::string json = "{\"nodes\":[";
  for (const NodePlan& node : plan.nodes) {
    json += (json.ends_with('[') ? "" : ",") + std::string("{\"name\":") + Json(node.node.str()) +
            ",\"tables\":[";
    for (const PlannedTable& table : node.tables) {
      json += (json.ends_with('[') ? "" : ",") + std::string("{\"name\":") +
              Json(table.table.str()) + ",\"columns\":[";
      for (const TableColumn& column : table.columns) {
        json += (json.ends_with('[') ? "" : ",") + Json(column.name.str());
      }
      json += "]}";
    }
    json += "]}";
  }
  return "<script type=\"application/json\" id=\"data\">" + json + "],\"rows\":[\n";
}

std::uint64_t ChangesOf(const PlanDoc& plan) {
  std::uint64_t all = 0;
  for (const NodePlan& node : plan.nodes) {
    for (const PlannedTable& table : node.tables) {
      all += table.inserts + table.updates + table.deletes;
    }
  }
  return all;
}

constexpr char kRows[] =
    "<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">Every row</h2>\n"
    "<p id=\"left-out\" class=\"warnings\" hidden></p>\n"
    "<noscript><p>The rows are shown by a script. Without one, read the SQL files of the "
    "plan.</p></noscript>\n<form id=\"filter\" role=\"search\">\n"
    "<label for=\"find\">Search<input id=\"find\" type=\"search\" autocomplete=\"off\"></label>\n"
    "<label for=\"node\">Node<select id=\"node\"><option value=\"\">all</option></select></label>\n"
    "<label for=\"table\">Table<select id=\"table\"><option value=\"\">all</option></select>"
    "</label>\n<label for=\"kind\">Kind<select id=\"kind\"><option value=\"\">all</option>"
    "<option>insert</option><option>update</option><option>delete</option></select></label>\n"
    "</form>\n<nav aria-label=\"Pages of changes\"><button id=\"back\" type=\"button\">Back"
    "</button><button id=\"next\" type=\"button\">Next</button>"
    "<span id=\"count\" role=\"status\"></span></nav>\n"
    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Changes\"><table>\n"
    "<caption>Changed columns, before and after</caption>\n<thead><tr><th scope=\"col\">key</th>"
    "<th scope=\"col\">node</th><th scope=\"col\">table</th><th scope=\"col\">kind</th>"
    "<th scope=\"col\">columns</th></tr></thead>\n<tbody id=\"rows\"></tbody></table></div>\n"
    "</section>\n";

}  // namespace

std::string HtmlText(std::string_view text) {
  std::string html;
  for (const char c : Visible(text)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string ReviewHead(const PlanDoc& plan, const CompareReport& compared) {
  std::string text =
      Head(plan) +
      "<body>\n<a class=\"skip\" href=\"#main\">To the plan</a>\n<main id=\"main\">\n"
      "<h1>What will change</h1>\n<p>" +
      HtmlText(plan.header.summary) +
      "</p>\n<p class=\"digest\">Plan digest, to be "
      "typed where the gate asks for it: <strong>" +
      HtmlText(plan.plan_digest.Short()) + "</strong><br><code>" +
      HtmlText(plan.plan_digest.hex()) + "</code></p>\n<p class=\"quiet\">Made " +
      HtmlText(plan.header.created_at) + " by " + HtmlText(plan.header.tool) + ", " +
      HtmlText(plan.header.run.provider) + " " + HtmlText(plan.header.run.id) +
      (plan.header.run.actor.empty() ? "" : ", " + HtmlText(plan.header.run.actor)) + "</p>\n" +
      Remarks(compared);
  for (const NodePlan& node : plan.nodes) text += Node(node, compared);
  if (ChangesOf(plan) > 0) text += kRows + DataHead(plan);
  return text;
}

std::string ReviewTail(const PlanDoc& plan) {
  std::string text;
  if (const std::uint64_t all = ChangesOf(plan); all > 0) {
    text = "\n],\"all\":" + Number(all) + ",\"files\":[";
    for (const NodePlan& node : plan.nodes) {
      if (!node.changes) continue;
      text += (text.ends_with('[') ? "" : ",") + Json(node.changes->path);
    }
    text += "]}</script>\n<script>" + std::string(kReviewScript) + "</script>\n";
  }
  return text + "</main>\n</body>\n</html>\n";
}

}  // namespace syncgate
