#include <gtest/gtest.h>

#include "json/json.h"
#include "report/review_page.h"
#include "review/sample_plan.h"

namespace syncgate {
namespace {

using namespace test;  // NOLINT(google-build-using-namespace): the samples

// The data block, which must be JSON whatever the rows hold.
boost::json::value DataOf(const std::string& html) {
  const std::string begin = "id=\"data\">";
  const auto from = html.find(begin) + begin.size();
  const auto value = ParseJson(html.substr(from, html.find("</script>", from) - from));
  EXPECT_TRUE(value) << value.error().message;
  return *value;
}

TEST(Review, SaysWhatWillChange) {
  const PlanDoc plan = SamplePlan();
  const CompareReport report = SampleReport();
  ReviewPage page(plan, report);
  const std::string html = page.Begin() + AddThree(page, "new") + page.End();
  for (const std::string& part :
       {"<strong>" + plan.plan_digest.Short() + "</strong>", std::string("3 rows stay"),
        std::string("Only after node1 was applied"), std::string("<del>&quot;bot-old&quot;</del>"),
        std::string("systemctl restart app"), std::string("1 inserts, 1 updates, 1 deletes\">"),
        std::string("syncgate rollback --node node2")}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_LT(html.find("3 rows stay"), html.find("Node node1")) << "warnings come first";
  EXPECT_EQ(html.find("hunter"), std::string::npos);
  const auto data = DataOf(html);
  EXPECT_EQ(boost::json::serialize(data.at("rows")),
            R"([[0,0,0,["1"],[[0,null,"1"],[1,null,"new"],[2,null,"s"]],[]],)"
            R"([0,0,1,["2"],[[1,"old","new"]],[[0,"2"],[2,"s"]]],)"
            R"([0,0,2,["3"],[[0,"3",null],[1,null,null],[2,"s",null]],[]]])");
}

TEST(Review, SensitiveColumnsAreShownAsChangedWithoutValues) {
  PlanDoc plan = SamplePlan();
  plan.nodes[0].tables[0].sensitive = {ColumnName("v"), ColumnName("same")};
  const CompareReport report;
  ReviewPage page(plan, report);
  const std::string html = page.Begin() + AddThree(page, "marked") + page.End();
  EXPECT_EQ(html.find("marked"), std::string::npos);
  EXPECT_EQ(boost::json::serialize(DataOf(html).at("rows")),
            R"J([[0,0,0,["1"],[[0,null,"1"],[1,null,"(sensitive)"],[2,null,"(sensitive)"]],[]],)J"
            R"J([0,0,1,["2"],[[1,"(sensitive)","(sensitive)"]],[[0,"2"],[2,"(sensitive)"]]],)J"
            R"J([0,0,2,["3"],[[0,"3",null],[1,"(sensitive)",null],[2,"(sensitive)",null]],[]]])J");
}

TEST(Review, HostileTextStaysText) {
  PlanDoc plan = SamplePlan(kHostile);
  plan.header.summary = plan.header.run.actor = kHostile;
  for (NodePlan& node : plan.nodes) {
    node.configs[0].target = kHostile;
    node.configs[0].restart = {kHostile};
    node.configs[0].changes = {{ConfigKey(kHostile), kHostile, kHostile, false}};
    node.test = {kHostile};
  }
  CompareReport report = SampleReport();
  report.remarks[0].table = report.remarks[0].diagnostic.message = kHostile;
  ReviewPage page(plan, report);
  const std::string html = page.Begin() + AddThree(page, kHostile) + page.End();
  const auto count = [&](const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = 0; (at = html.find(part, at)) != std::string::npos; ++at) ++found;
    return found;
  };
  EXPECT_EQ(count("<script"), 2U);
  EXPECT_EQ(count("</script"), 2U);
  EXPECT_EQ(count("<img"), 0U);
  EXPECT_EQ(count("<!--"), 0U);
  EXPECT_EQ(count("\u202E"), 0U);
  DataOf(html);
}

TEST(Review, NothingIsFetched) {
  const PlanDoc plan = SamplePlan();
  const CompareReport report;
  const ReviewPage page(plan, report);
  const std::string html = page.Begin() + page.End();
  for (const char* part : {"http:", "https:", "//", "@import", "url("}) {
    EXPECT_EQ(html.find(part), std::string::npos) << part;
  }
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
}

// The page's script says it, before the rows (browser-check looks).
TEST(Review, WhatIsLeftOutIsSaid) {
  const PlanDoc plan = SamplePlan();
  const CompareReport report;
  ReviewPage page(plan, report, {.changes = 2, .bytes = 1000, .cell = 5});
  const std::string html = page.Begin() + AddThree(page, "a long value") + page.End();
  const auto data = DataOf(html);
  EXPECT_EQ(data.at("rows").as_array().size(), 2U);
  EXPECT_EQ(data.at("all").as_int64(), 6);
  EXPECT_EQ(data.at("files").at(0).as_string(), "plan/node1/changes.rows.jsonl");
  EXPECT_NE(html.find("a lon… (cut: 12 bytes)"), std::string::npos);
  ReviewPage small(plan, report, {.changes = 100, .bytes = 50, .cell = 5});
  const std::string first = AddThree(small, "x");
  EXPECT_EQ(DataOf(small.Begin() + first + small.End()).at("rows").as_array().size(), 1U);
  EXPECT_EQ(AddThree(small, "x"), "") << "no change after one that is left out";
}

// Cut at the same place, where they begin to differ: two texts that look alike are no change to
// approve.
TEST(Review, OfLongCellsThePartThatChangesIsShown) {
  const PlanDoc plan = SamplePlan();
  const CompareReport report;
  ReviewPage page(plan, report);
  const std::string same = std::string(1000, 'x') + "\u8868";
  const std::string html = page.Begin() +
                           page.Add(0, 0,
                                    {ChangeKind::kUpdate,
                                     {"2"},
                                     Row{"2", same + "old" + same, "s"},
                                     Row{"2", same + "new", "s"}}) +
                           page.End();
  const auto cells = DataOf(html).at("rows").at(0).at(4).at(0);
  const std::string before(cells.at(1).as_string());
  const std::string after(cells.at(2).as_string());
  EXPECT_NE(before.find("x\u8868oldxxx"), std::string::npos) << before;
  EXPECT_NE(after.find("x\u8868new"), std::string::npos) << after;
  EXPECT_TRUE(before.starts_with("…xxx") && before.ends_with("xxx… (cut: 2009 bytes)")) << before;
  EXPECT_TRUE(after.starts_with("…xxx") && after.ends_with("new (cut: 1006 bytes)")) << after;
}

TEST(Review, APlanWithoutRowsHasNoScript) {
  PlanDoc plan = SamplePlan();
  for (NodePlan& node : plan.nodes) node.tables.clear();
  const CompareReport report;
  const ReviewPage page(plan, report);
  const std::string html = page.Begin() + page.End();
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("No rows change."), std::string::npos);
}

TEST(Review, TheSummaryIsShort) {
  PlanDoc plan = SamplePlan();
  plan.nodes[0].tables.resize(2000, plan.nodes[0].tables[0]);
  plan.nodes[0].configs[0].changes.resize(5000, plan.nodes[0].configs[0].changes[0]);
  const std::string text = ReviewSummary(plan, SampleReport());
  EXPECT_LT(text.size(), 100'000U);
  EXPECT_NE(text.find("1950 more tables"), std::string::npos);
  EXPECT_NE(text.find("`BOT_ID`: `\"bot-old\"` → `\"bot-new\"`"), std::string::npos);
}

// What an approver is not shown he has to be told of: a warning is what he looks for first.
TEST(ReviewSummary, SaysWhatItLeavesOut) {
  PlanDoc plan = SamplePlan();
  const std::string value = std::string(300, 'x') + "old" + std::string(300, 'y');
  plan.nodes[0].configs[0].changes = {{ConfigKey("LONG"), value, value + "!", false}};
  CompareReport report = SampleReport();
  report.refusals.assign(30, report.remarks[0]);
  report.remarks.assign(50, report.remarks[0]);
  report.remarks[0].diagnostic.message = std::string(499, 'm') + "\u8868 and more";
  const std::string text = ReviewSummary(plan, report);
  EXPECT_NE(text.find("And 30 more remarks, see review.html."), std::string::npos) << text;
  EXPECT_NE(text.find("mmm… (cut: 511 bytes)"), std::string::npos) << text;
  EXPECT_NE(text.find("(cut: 200 bytes from byte 403 of 603)"), std::string::npos) << text;
}

}  // namespace
}  // namespace syncgate
