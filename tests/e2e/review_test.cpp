// review.html, as generate-sql makes it from a real plan (what a browser does with it:
// tests/review).
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Review : public RunTest {
 public:
  void SetUp() override {
    RunTest::SetUp();
    if (!ready()) return;
    RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(60), n INT)");
    Run(Server::kSource, "INSERT INTO t VALUES (1,'</script><b>new',1),(2,'same',2),(3,'three',3)");
    Run(Server::kNode1, "INSERT INTO t VALUES (1,'old',1),(2,'same',2),(4,NULL,4)");
    WriteText(Path("node1.env"), "BOT_ID=bot-old\nAPI_TOKEN=marked-node\n");
    WriteText(Path("app.env"), "BOT_ID=bot-new\nAPI_TOKEN=marked-source\n");
    ProjectText text;
    text.tables = "{t: {deletes: true}}";
    text.configs = "  app: {source: app.env, target: \"" + Path("{node}.env") +
                   "\", format: dotenv, keys: [BOT_ID], secrets: [API_TOKEN]}\n";
    WriteProject(text);
  }
};

TEST_F(Review, ShowsThePlan) {
  Must({"compare", "--node", "node1"});
  Must({"generate-sql", "--dry-run"});
  EXPECT_FALSE(std::filesystem::exists(Artifact("review.html"))) << "a dry run writes nothing";
  Must({"generate-sql"});
  const std::string html = ReadText(Artifact("review.html"));
  const std::string digest = JsonText(ReadText(Artifact("plan.json")), "plan_digest");
  ASSERT_EQ(digest.size(), 64U);
  EXPECT_THAT(html, HasSubstr("<strong>" + digest.substr(0, 12) + "</strong>"));
  EXPECT_THAT(html, HasSubstr(R"([0,0,0,["3"],[[0,null,"3"],[1,null,"three"],[2,null,"3"]],[]])"));
  EXPECT_THAT(html, HasSubstr(R"([0,0,1,["1"],[[1,"old","\u003c/script>\u003cb>new"]],)"
                              R"([[0,"1"],[2,"1"]]])"));
  EXPECT_THAT(html, HasSubstr(R"([0,0,2,["4"],[[0,"4",null],[1,null,null],[2,"4",null]],[]])"));
  EXPECT_THAT(html, HasSubstr("<del>&quot;bot-old&quot;</del>"));
  EXPECT_THAT(html, HasSubstr("API_TOKEN</code> differs from the source"));
  EXPECT_THAT(html, Not(HasSubstr("marked-")));
  EXPECT_THAT(html, testing::EndsWith("</html>\n"));
  EXPECT_THAT(ReadText(Artifact("review.md")), HasSubstr("| `t` | 1 | 1 | 1 |"));
  struct stat info{};
  ASSERT_EQ(stat(Artifact("review.html").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  Must({"apply-node", "--node", "node1"});
}

TEST_F(Review, TheSamePlanHasTheSamePage) {
  Must({"compare", "--node", "node1"});
  Must({"generate-sql"});
  const auto undated = [&] {
    std::string html = ReadText(Artifact("review.html"));
    const auto at = html.find("Made ");
    return html.erase(at, html.find(" by ", at) - at);
  };
  const std::string first = undated();
  Must({"generate-sql"});
  EXPECT_EQ(undated(), first);
}

}  // namespace
}  // namespace syncgate::test
