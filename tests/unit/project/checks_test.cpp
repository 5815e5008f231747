// The `verify` lists: what they say, and what they may not say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "project/project.h"

namespace syncgate {
namespace {

std::string Text(const std::string& checks, const std::string& more = "") {
  return R"(
version: 1
nodes:
  node1:
    mysql: {host: 127.0.0.1, user: sync, password_env: P, database: bazi}
    test: {argv: [ci/smoke, "{node}"], timeout_ms: 5}
)" + more +
         R"(
configs:
  app:
    source: app.env
    target: /opt/app/.env
    format: dotenv
    keys: ["BOT_*", API_KEY]
    secrets: ["*_KEY"]
    verify:
)" + checks;
}

TEST(Verify, EveryFieldSurvivesThePlan) {
  const auto project = ParseProject(Text(R"(
      - sql: {query: "SELECT v FROM settings WHERE name = 'bot'", equals_key: BOT_ID}
        passes: 3
      - sql: {query: "SELECT 1", equals: 7}
      - name: rows
        sql: {query: "SELECT 1", rows: 0}
        timeout_ms: 100
      - http: {url: "https://127.0.0.1/health", ca_file: ci/ca.pem}
)"),
                                    "/srv/syncgate.yml");
  ASSERT_TRUE(project) << project.error().message;
  EXPECT_EQ(project->nodes[0].test_timeout_ms, 5);
  EXPECT_THAT(project->nodes[0].test, testing::ElementsAre("ci/smoke", "node1"));
  const auto checks = ParseChecks(project->configs.at(0).checks);
  ASSERT_TRUE(checks);
  ASSERT_EQ(checks->size(), 4U);
  EXPECT_EQ(checks->at(0).name, "sql SELECT v FROM settings WHERE name = 'bot'");
  EXPECT_EQ(checks->at(0).sql->query, "SELECT v FROM settings WHERE name = 'bot'");
  EXPECT_EQ(checks->at(0).sql->equals_key, "BOT_ID");
  EXPECT_EQ(checks->at(0).passes, 3);
  EXPECT_EQ(checks->at(0).attempts, 10);
  EXPECT_EQ(checks->at(0).interval_ms, 1000);
  EXPECT_EQ(checks->at(0).timeout_ms, 5000);
  EXPECT_EQ(checks->at(1).sql->equals, "7");
  EXPECT_EQ(checks->at(1).passes, 1);
  EXPECT_EQ(checks->at(2).sql->rows, 0U);
  EXPECT_EQ(checks->at(2).timeout_ms, 100);
  EXPECT_EQ(checks->at(3).http->ca_file, "ci/ca.pem");
  EXPECT_EQ(ProjectPath(project->directory, checks->at(3).http->ca_file), "/srv/ci/ca.pem");
}

TEST(Verify, NamesAreUnique) {
  const auto project = ParseProject(Text(R"(
      - command: [app, a]
      - command: [app, b]
      - name: command app (2)
        command: [app, c]
)"),
                                    "syncgate.yml");
  ASSERT_TRUE(project) << project.error().message;
  const auto& checks = project->configs.at(0).verify;
  EXPECT_EQ(checks[0].name, "command app");
  EXPECT_EQ(checks[1].name, "command app (3)");
  EXPECT_EQ(checks[2].name, "command app (2)");
}

TEST(Verify, MistakesAreNamed) {
  const struct {
    const char* checks;
    const char* code;
    const char* message;
    const char* more = "";
  } rows[] = {
      {"      - {}\n", "project-check",
       "[0]: expected exactly one of http, command and sql, found none"},
      {"      - {command: [a], sql: {query: SELECT 1, rows: 1}}\n", "project-check",
       "[0]: expected exactly one of http, command and sql, found both"},
      {"      - {command: [a], passes: 11}\n", "project-check",
       "[0].passes: expected no more than its attempts, 10, found 11"},
      {"      - {command: [a], passes: 0}\n", "project-invalid",
       "[0].passes: expected an integer from 1 to 1000, found 0"},
      {"      - {command: [a], name: x}\n      - {command: [b], name: x}\n", "project-check",
       "[1].name: expected a name of its own, found \"x\" again"},
      {"      - sql: {query: SELECT 1}\n", "project-check",
       "[0].sql: expected exactly one of equals, equals_key and rows, found none"},
      {"      - sql: {query: SELECT 1, equals: a, rows: 1}\n", "project-check",
       "[0].sql: expected exactly one of equals, equals_key and rows, found more"},
      {"      - sql: {query: DELETE FROM t, rows: 1}\n", "project-query",
       "[0].sql.query: expected one SELECT that only reads, without ; and comments, found DELETE "
       "at "
       "its start"},
      {"      - sql: {query: SELECT 1, rows: 1}\n", "project-check",
       "[0].sql: expected a mysql block in every node, found none in nodes.node2", "  node2: {}\n"},
      {"      - sql: {query: SELECT 1, equals_key: API_KEY}\n", "project-check",
       "[0].sql.equals_key: expected a key that is no secret, found \"API_KEY\""},
      {"      - sql: {query: SELECT 1, equals_key: BOT_TOKEN}\n", "project-check",
       "[0].sql.equals_key: expected a key that is not called like a secret, or that `keys` have "
       "by "
       "its own name, found \"BOT_TOKEN\""},
      {"      - http: {url: \"http://a/\", pointer: /x, equals_key: OTHER}\n", "project-check",
       "[0].http.equals_key: expected a key that `keys` names, found \"OTHER\""},
      {"      - http: {url: \"http://user:hunter2@a/\"}\n", "project-check",
       "[0].http.url: expected a URL without credentials, found an @ before its host"},
      {"      - http: {url: \"http://a/\", ca_file: x}\n", "project-check",
       "[0].http.url: expected https:// with ca_file, found http://"},
  };
  for (const auto& row : rows) {
    const auto project = ParseProject(Text(row.checks, row.more), "syncgate.yml");
    ASSERT_FALSE(project) << row.checks;
    EXPECT_EQ(project.error().kind, ErrorKind::kFixProject) << row.checks;
    EXPECT_EQ(project.error().code, row.code) << row.checks;
    EXPECT_EQ(project.error().message,
              std::string("syncgate.yml: configs.app.verify") + row.message);
  }
}

TEST(Query, OnlyReads) {
  for (const char* query :
       {"SELECT v FROM settings WHERE name = 'bot_id'", "select 1", "(SELECT 1) UNION (SELECT 2)",
        "WITH x AS (SELECT 1 AS n) SELECT n FROM x", "SELECT REPLACE(v, 'a;', '--') FROM t",
        "SELECT 'for update', \"into\", `update` FROM t", "SELECT last_update, updates FROM t",
        "SELECT SUBSTRING(v FROM 1 FOR 2) FROM t", "SELECT COUNT(*) FROM t\nWHERE id > 1",
        "SELECT '\xE5\xBB\xBA' FROM t"}) {
    const auto safe = CheckQuery(query);
    EXPECT_TRUE(safe) << query << ": " << safe.error().message;
  }
  const struct {
    const char* query;
    const char* found;
  } rows[] = {
      {"", "nothing"},
      {" \n", "nothing"},
      {"UPDATE t SET v = 1", "UPDATE at its start"},
      {"SHOW TABLES", "SHOW at its start"},
      {"SELECT 1; DROP TABLE t", "a ;"},
      {"SELECT 1 INTO OUTFILE '/tmp/x'", "the word INTO"},
      {"SELECT v into @x FROM t", "the word INTO"},
      {"SELECT v FROM t FOR UPDATE", "the word UPDATE"},
      {"SELECT v FROM t for\tshare", "the words FOR SHARE"},
      {"SELECT v FROM t LOCK IN SHARE MODE", "the word LOCK"},
      {"WITH x AS (SELECT 1) DELETE FROM t", "the word DELETE"},
      {"SELECT NEXTVAL(s)", "the word NEXTVAL"},
      {"SELECT NEXT VALUE FOR s", "the words NEXT VALUE"},
      {"SELECT /*! SLEEP(9) */ 1", "a comment"},
      {"SELECT 1 -- x", "a comment"},
      {"SELECT 1 # x", "a comment"},
      {"SELECT @x := 1", "an assignment"},
      {"SELECT (1", "an open ("},
      {"SELECT 1)", "a ) that closes nothing"},
      {"SELECT 'a", "an open quote '"},
      {"SELECT 'a\\' FOR UPDATE", "an open quote '"},
  };
  for (const auto& row : rows) {
    const auto safe = CheckQuery(row.query);
    ASSERT_FALSE(safe) << row.query;
    EXPECT_EQ(safe.error().code, "query-unsafe");
    EXPECT_TRUE(safe.error().message.ends_with(std::string("found ") + row.found))
        << row.query << ": " << safe.error().message;
  }
}

}  // namespace
}  // namespace syncgate
