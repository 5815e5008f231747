// What the diff tells an auditor of the tables and servers before anything is planned, and that one
// refused table stops neither the comparison of the others nor their report.
#include <boost/json.hpp>

#include "support/flow.h"

namespace syncgate::test {
namespace {

namespace bj = boost::json;

class Preflight : public FlowTest {
 protected:
  bj::object Node(const bj::object& diff) const { return diff.at("nodes").at(0).as_object(); }
  static bj::object Table(const bj::object& node, const std::string& name) {
    for (const auto& table : node.at("tables").as_array()) {
      if (table.at("table").as_string() == name) return table.as_object();
    }
    throw std::runtime_error("the diff has no table " + name);
  }
};

TEST_F(Preflight, TheDiffSaysWhatWasFound) {
  RunEverywhere(
      "CREATE TABLE p (id INT PRIMARY KEY, code VARCHAR(20) NOT NULL, UNIQUE by_code (code))");
  RunEverywhere(
      "CREATE TABLE c (id INT PRIMARY KEY, pid INT, name VARCHAR(50), g INT GENERATED ALWAYS AS "
      "(id + 1) "
      "VIRTUAL, hits INT NOT NULL DEFAULT 0, CONSTRAINT child FOREIGN KEY (pid) REFERENCES p (id) "
      "ON "
      "DELETE CASCADE, UNIQUE by_name (name(5)))");
  RunEverywhere("CREATE TABLE nokey (a INT)");
  RunEverywhere("CREATE TRIGGER noted BEFORE INSERT ON p FOR EACH ROW SET NEW.code = NEW.code");
  Run(Server::kSource, "INSERT INTO p VALUES (1, 'a')");
  Run(Server::kSource, "INSERT INTO c (id, pid, name) VALUES (1, 1, 'x')");
  WriteProject("tables:\n  p: {triggers: allow}\n  c: {ignore_columns: [hits]}\n  nokey: {}");
  EXPECT_EQ(Step({"compare", "--node", "node1"}).exit_code, 3);
  const bj::object diff = ReadArtifact("diff.json");
  const bj::object node = Node(diff);

  const auto& server = node.at("server").as_object();
  EXPECT_EQ(server.at("flavor").as_string(), IsMySql() ? "mysql" : "mariadb");
  EXPECT_EQ(server.at("read_only").as_bool(), false);
  EXPECT_EQ(server.at("binlog_format").as_string(), "ROW");
  EXPECT_GT(server.at("max_allowed_packet").to_number<long>(), 0);
  // The reader of the fixture has no PROCESS, which would show the foreign keys of all databases.
  EXPECT_EQ(server.at("children_visible").as_bool(), false);

  const bj::object parent = Table(node, "p");
  EXPECT_EQ(parent.at("engine").as_string(), "InnoDB");
  EXPECT_EQ(parent.at("key_index").as_string(), "PRIMARY");
  EXPECT_EQ(bj::serialize(parent.at("triggers")), R"(["noted"])");
  EXPECT_EQ(bj::serialize(parent.at("unique_keys")),
            R"([{"index":"by_code","columns":["code"],"nullable":[],"kind":"whole"}])");
  EXPECT_EQ(parent.at("referenced_by").at(0).at("other_table").as_string(), "c");
  EXPECT_EQ(parent.at("referenced_by").at(0).at("on_delete").as_string(), "CASCADE");
  EXPECT_EQ(parent.at("counts").at("missing").to_number<int>(), 1);

  const bj::object child = Table(node, "c");
  EXPECT_EQ(child.at("foreign_keys").at(0).at("name").as_string(), "child");
  EXPECT_EQ(child.at("foreign_keys").at(0).at("other_table").as_string(), "p");
  EXPECT_EQ(child.at("unique_keys").at(0).at("kind").as_string(), "prefix");
  EXPECT_EQ(bj::serialize(child.at("ignored")), R"(["hits"])");
  bool generated = false;
  for (const auto& column : child.at("columns").as_array()) {
    if (column.at("name").as_string() == "g") generated = column.at("generated").as_bool();
  }
  EXPECT_TRUE(generated);
  EXPECT_EQ(child.at("counts").at("missing").to_number<int>(), 1);

  const bj::object nokey = Table(node, "nokey");
  EXPECT_EQ(nokey.at("status").as_string(), "refused");
  EXPECT_EQ(nokey.at("diagnostics").at(0).at("code").as_string(), "table-no-key");
  // Planning is what a refused table stops.
  const StepResult plan = Step({"generate-sql"});
  EXPECT_EQ(plan.exit_code, 3);
  EXPECT_TRUE(plan.Says("table-no-key"));
  EXPECT_EQ(Step({"generate-sql", "--tables", "p,c"}).exit_code, 0);
}

TEST_F(Preflight, MissingRightsAreNamed) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY)");
  Run(Server::kNode1, "REVOKE TRIGGER ON " + database() + ".* FROM 'sync_ro'@'%'");
  WriteProject("tables:\n  t: {triggers: allow}");
  Step({"compare", "--node", "node1"});
  const auto table = Table(Node(ReadArtifact("diff.json")), "t");
  EXPECT_EQ(bj::serialize(table.at("missing_rights")), R"(["TRIGGER"])");
}

// Two databases of one server are two nodes, but not two machines: said, not refused.
TEST_F(Preflight, NodesOnOneServerAreNamed) {
  RunEverywhere("CREATE TABLE t (id INT PRIMARY KEY)");
  const FreshDatabase other(sandbox());
  Run(Server::kNode1, "CREATE TABLE " + other.name() + ".t (id INT PRIMARY KEY)");
  WriteProject("tables:\n  t: {}");
  std::string yaml = ReadText("syncgate.yml");
  const auto node2 = yaml.find("node2:");
  ASSERT_NE(node2, std::string::npos);
  std::string second = yaml.substr(node2);
  const auto replace = [&](const std::string& what, const std::string& with) {
    for (auto at = second.find(what); at != std::string::npos;
         at = second.find(what, at + with.size())) {
      second.replace(at, what.size(), with);
    }
  };
  replace("database: " + database(), "database: " + other.name());
  replace(sandbox().Env(Server::kNode2, "PORT"), sandbox().Env(Server::kNode1, "PORT"));
  replace("NODE2_", "NODE1_");
  WriteFile("syncgate.yml", yaml.substr(0, node2) + second);
  const StepResult result = Step({"compare"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const auto nodes = ReadArtifact("diff.json").at("nodes").as_array();
  EXPECT_EQ(bj::serialize(nodes.at(0).at("server").at("same_server_as")), R"(["node2"])");
  EXPECT_EQ(bj::serialize(nodes.at(1).at("server").at("same_server_as")), R"(["node1"])");
}

}  // namespace
}  // namespace syncgate::test
