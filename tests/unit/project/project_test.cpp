#include "project/project.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace syncgate {
namespace {

using ::testing::ElementsAre;

constexpr char kProject[] = R"(
version: 1
source:
  mysql: {host: 127.0.0.1, user: sync, password_env: SOURCE_PASSWORD, database: bazi}
nodes:
  node1:
    ssh: {host: node1.example, user: deploy, key_file: ~/.ssh/id, known_hosts: ci/known_hosts, jump: "ops@bastion:2222"}
    mysql: {host: 127.0.0.1, port: 3307, user: sync, password_env: NODE1_PASSWORD, database: bazi,
            reader: {user: sync_ro, password_file: secrets/ro}}
    test: [ci/smoke-test, "{node}"]
  node2:
    follows: node1
    mysql: {host: db.example, user: sync, password_env: NODE2_PASSWORD, database: bazi}
    shared: allow
data:
  tables:
    zebra:
    apple: {where: "id > 5 AND name <> ';'", ignore_columns: [hits], deletes: true, time_zone: "+08:00"}
  limits: {changes: 7}
configs:
  app:
    source: config/{node}/app.env
    target: /opt/app/.env
    format: dotenv
    keys: [BOT_ID, "FEATURE_*"]
    restart: [systemctl, restart, app]
    verify:
      - http: {url: "http://127.0.0.1:8001/health", pointer: /bot_id, equals_key: BOT_ID}
      - command: [app, --version]
        attempts: 2
      - http: {url: "http://127.0.0.1:8001/health", pointer: /count, equals: 12}
)";

Project Good(const std::string& text = kProject) {
  auto project = ParseProject(text, "/srv/x/syncgate.yml");
  EXPECT_TRUE(project) << project.error().message;
  return project.value_or(Project{});
}

TEST(Project, NodesComeInTheOrderOfTheFileWithTheirHops) {
  ::setenv("HOME", "/home/dev", 1);
  const Project project = Good();
  ASSERT_EQ(project.nodes.size(), 2u);
  const NodeSpec& node = project.nodes[0];
  EXPECT_EQ(node.name.str(), "node1");
  ASSERT_TRUE(node.ssh && node.ssh->jump && node.mysql && node.mysql->reader);
  EXPECT_EQ(node.ssh->auth_value, "/home/dev/.ssh/id");
  EXPECT_EQ(node.ssh->known_hosts, "/srv/x/ci/known_hosts");
  EXPECT_EQ(node.ssh->jump->host, "bastion");
  EXPECT_EQ(node.ssh->jump->port, 2222);
  EXPECT_EQ(node.ssh->jump->user, "ops");
  EXPECT_EQ(node.ssh->jump->auth_value, "/home/dev/.ssh/id") << "inherited";
  EXPECT_EQ(node.ssh->jump->known_hosts, "/srv/x/ci/known_hosts") << "inherited";
  EXPECT_EQ(node.mysql->port, 3307);
  EXPECT_EQ(node.mysql->tls, TlsMode::kOff);
  EXPECT_EQ(node.mysql->reader->password.file, "/srv/x/secrets/ro");
  EXPECT_THAT(node.test, ElementsAre("ci/smoke-test", "node1"));
  EXPECT_EQ(node.test_timeout_ms, 30 * 60 * 1000);
  EXPECT_EQ(project.nodes[1].follows, NodeName("node1"));
  EXPECT_TRUE(project.nodes[1].allow_shared);
  EXPECT_EQ(project.nodes[1].mysql->tls, TlsMode::kRequired) << "over an open network";
  EXPECT_EQ(project.nodes[1].mysql->port, 3306);
}

TEST(Project, TablesComeInTheOrderOfTheFileWithDefaults) {
  const DataSpec data = Good().data;
  ASSERT_EQ(data.tables.size(), 2u);
  EXPECT_EQ(data.tables[0].table.str(), "zebra");
  EXPECT_FALSE(data.tables[0].deletes);
  EXPECT_EQ(data.tables[0].time_zone, "+00:00");
  EXPECT_EQ(data.tables[1].where, "id > 5 AND name <> ';'");
  EXPECT_TRUE(data.tables[1].deletes);
  EXPECT_EQ(data.max_changes, 7u);
  EXPECT_EQ(data.max_deletes, 1000u);
  EXPECT_EQ(data.Find(TableName("apple")), &data.tables[1]);
}

TEST(Project, ChecksSurviveTheirWayThroughThePlan) {
  const ProjectConfig config = Good().configs.at(0);
  EXPECT_EQ(config.SourceOf(NodeName("node1")), "/srv/x/config/node1/app.env");
  ASSERT_EQ(config.verify.size(), 3u);
  EXPECT_EQ(config.verify[0].name, "http http://127.0.0.1:8001/health");
  EXPECT_EQ(config.verify[2].name, "http http://127.0.0.1:8001/health (2)") << "a name of its own";
  EXPECT_EQ(config.verify[0].http->equals_key, "BOT_ID");
  EXPECT_EQ(config.verify[1].attempts, 2);
  EXPECT_THAT(config.verify[1].command->argv, ElementsAre("app", "--version"));
  EXPECT_EQ(config.verify[2].http->equals, "12");
  const auto again = ParseChecks(config.checks);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->at(1).command->argv, config.verify[1].command->argv);
  EXPECT_EQ(again->at(2).http->equals, "12");
}

TEST(Project, DigestCountsWhatIsMeantNotHowItIsWritten) {
  const std::string with_default = [] {
    std::string text = kProject;
    return text.replace(text.find("host: db.example,"), 17,
                        "port: 3306, tls: required, host: db.example,");
  }();
  EXPECT_EQ(Good().digest, Good(with_default).digest);
  std::string changed = kProject;
  changed.replace(changed.find("changes: 7"), 10, "changes: 8");
  EXPECT_NE(Good().digest, Good(changed).digest);
}

TEST(Project, AbsentFileSaysHowToNameIt) {
  const auto project = LoadProject("/nowhere/syncgate.yml");
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().kind, ErrorKind::kFixProject);
  EXPECT_EQ(project.error().code, "project-missing");
}

// A project with one thing replaced, and the whole message.
struct Mistake {
  const char* name;
  const char* from;
  const char* to;
  const char* code;
  const char* message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.to; }

class ProjectMistake : public ::testing::TestWithParam<Mistake> {};

TEST_P(ProjectMistake, IsNamedWithPathAndExpectation) {
  std::string text = kProject;
  const std::size_t at = text.find(GetParam().from);
  ASSERT_NE(at, text.npos);
  text.replace(at, std::string_view(GetParam().from).size(), GetParam().to);
  const auto project = ParseProject(text, "syncgate.yml");
  ASSERT_FALSE(project);
  EXPECT_EQ(project.error().kind, ErrorKind::kFixProject);
  EXPECT_EQ(project.error().code, GetParam().code);
  EXPECT_EQ(project.error().message, std::string("syncgate.yml:") + GetParam().message);
}

const Mistake kMistakes[] = {
    {"Port", "port: 3307", "port: abc", "project-invalid",
     " nodes.node1.mysql.port: expected an integer from 1 to 65535, found \"abc\""},
    {"PortRange", "port: 3307", "port: 70000", "project-invalid",
     " nodes.node1.mysql.port: expected an integer from 1 to 65535, found 70000"},
    {"UnknownKey", "restart:", "restrat:", "project-invalid",
     " configs.app: expected only the keys source, target, format, check, keys, secrets, deletes, "
     "validate, "
     "restart, keep, sudo and verify, found \"restrat\""},
    {"MissingKey", "user: sync, password_env: SOURCE_PASSWORD, ", "password_env: SOURCE_PASSWORD, ",
     "project-invalid", " source.mysql: expected the key user, found none"},
    {"NumberAsText", "database: bazi,\n", "database: 12,\n", "project-invalid",
     " nodes.node1.mysql.database: expected text from 1 to 64 characters, found 12"},
    {"SecretInPlaceOfItsVariable", "password_env: NODE1_PASSWORD", "password_env: hunter-2",
     "project-invalid",
     " nodes.node1.mysql.password_env: expected the name of an environment variable, found another "
     "text, "
     "not shown here"},
    {"Version", "version: 1", "version: 2", "project-invalid", " version: expected 1, found 2"},
    {"Format", "format: dotenv", "format: ini", "project-invalid",
     " configs.app.format: expected \"dotenv\", \"properties\", \"json\", \"yaml\" or \"raw\", "
     "found "
     "\"ini\""},
    {"NodeName", "  node2:", "  \"node 2\":", "project-invalid",
     " nodes: expected every key to be a name of 1 to 63 letters, digits and _ . - that starts "
     "with a "
     "letter or digit, found \"node 2\""},
    {"TablesWord",
     "  tables:\n    zebra:\n    apple: {where: \"id > 5 AND name <> ';'\", ignore_columns: "
     "[hits], deletes: true, time_zone: \"+08:00\"}\n",
     "  tables: some\n", "project-invalid",
     " data.tables: expected \"all\" or a mapping, found \"some\""},
    {"FollowsNobody", "follows: node1", "follows: node7", "project-follows",
     " nodes.node2.follows: expected the name of another node, found \"node7\""},
    {"FollowsItself", "follows: node1", "follows: node2", "project-follows",
     " nodes.node2.follows: expected the name of another node, found \"node2\""},
    {"FollowsRound", "    test: [", "    follows: node2\n    test: [", "project-follows",
     " nodes.node1.follows: expected a chain that ends, found one that comes back to \"node1\""},
    {"NoCredential", "key_file: ~/.ssh/id, ", "", "project-credential",
     " nodes.node1.ssh: expected exactly one of key_file, key_env, agent and password_env, found "
     "none"},
    {"TwoCredentials", "key_file: ~/.ssh/id, ", "key_file: ~/.ssh/id, agent: true, ",
     "project-credential",
     " nodes.node1.ssh: expected exactly one of key_file, key_env, agent and password_env, found "
     "key_file and agent"},
    {"NoPassword", "password_env: NODE1_PASSWORD, ", "", "project-credential",
     " nodes.node1.mysql: expected exactly one of password_env and password_file, found none"},
    {"VerifyIdentityInTunnel", "port: 3307", "tls: verify_identity, ca_file: ca.pem", "project-tls",
     " nodes.node1.mysql.tls: expected off, required or verify_ca, found \"verify_identity\" with "
     "ssh: "
     "the certificate's name cannot be that of a tunnel's end"},
    {"CaMissing", "port: 3307", "tls: verify_ca", "project-tls",
     " nodes.node1.mysql: expected the key ca_file with tls: verify_ca, found none"},
    {"HostAndSocket", "port: 3307", "socket: /run/mysqld.sock", "project-address",
     " nodes.node1.mysql: expected exactly one of host and socket, found host and socket"},
    {"Jump", "ops@bastion:2222", "ops@bastion:x", "project-address",
     " nodes.node1.ssh.jump: expected host, user@host or user@host:port, found \"ops@bastion:x\""},
    {"WhereStatement", "id > 5 AND", "id > 5; DROP", "project-where",
     " data.tables.apple.where: expected one condition without ; and comments, found a ;"},
    {"WhereComment", "id > 5 AND", "id > 5 -- AND", "project-where",
     " data.tables.apple.where: expected one condition without ; and comments, found a comment"},
    {"WhereCloses", "id > 5 AND", "id > 5) OR (1 AND", "project-where",
     " data.tables.apple.where: expected one condition without ; and comments, found a ) that "
     "closes "
     "nothing"},
    {"TimeZone", "+08:00", "+18:00", "project-time-zone",
     " data.tables.apple.time_zone: expected an offset from -13:59 to +14:00, found \"+18:00\""},
    {"Columns", "deletes: true", "columns: [id]", "project-columns",
     " data.tables.apple: expected columns or ignore_columns, found both"},
    {"NoKeys", "keys: [BOT_ID, \"FEATURE_*\"]", "keys: []", "project-pattern",
     " configs.app.keys: expected at least one pattern: what it does not name is never touched, "
     "found "
     "none"},
    {"EmptyPattern", "\"FEATURE_*\"", "\"\"", "project-invalid",
     " configs.app.keys[1]: expected text from 1 to 4096 characters, found \"\""},
    {"RelativeTarget", "/opt/app/.env", "opt/app/.env", "project-config",
     " configs.app.target: expected an absolute path on the node, found \"opt/app/.env\""},
    {"DirectoryAsTarget", "/opt/app/.env", "/opt/app/", "project-config",
     " configs.app.target: expected the path of a file without \".\", \"..\" and needless \"/\", "
     "found \"/opt/app/\""},
    {"RoundaboutTarget", "/opt/app/.env", "/opt/../app/.env", "project-config",
     " configs.app.target: expected the path of a file without \".\", \"..\" and needless \"/\", "
     "found \"/opt/../app/.env\""},
    {"LongTarget", "/opt/app/.env",
     "/opt/"
     "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "123456789012345678901234567890123456789012345678",
     "project-config",
     " configs.app.target: expected a file name of at most 227 bytes, so that the backup's name "
     "fits beside it, found "
     "\"/opt/"
     "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
     "123456789012345678901234567890123456789012345678\""},
    {"SameTarget", "configs:\n",
     "configs:\n  again: {source: a, target: /opt/app/.env, format: raw}\n", "project-config",
     " configs.app.target: expected a file of its own: configs.again has this one, found "
     "\"/opt/app/.env\""},
    {"SameTargetOnOneNode", "target: /opt/app/.env\n",
     "target: /opt/{node}/.env\n    format: dotenv\n    keys: [X]\n  again:\n    source: a\n"
     "    target: /opt/node2/.env\n",
     "project-config",
     " configs.again.target: expected a file of its own: configs.app has this one, found "
     "\"/opt/node2/.env\""},
    {"CheckOfBoth", "equals_key: BOT_ID", "equals_key: BOT_ID, equals: 1", "project-check",
     " configs.app.verify[0].http: expected equals or equals_key, found both"},
    {"CheckUrl", "http://127", "ftp://127", "project-check",
     " configs.app.verify[0].http.url: expected http://... or https://..., found "
     "\"ftp://127.0.0.1:8001/health\""},
    {"NodeRollback", "  node2:", "  node2-rollback:", "project-node",
     " nodes: expected a name that does not end in -rollback, found \"node2-rollback\""},
    {"DuplicateKey", "  node2:", "  node1:", "project-syntax",
     "11:3: the key \"node1\" stands there twice"},
    {"Tag", "version: 1", "version: !!int 1", "project-syntax",
     "2:10: the tag tag:yaml.org,2002:int is not understood here"},
    {"TwoDocuments", "configs:\n", "---\nconfigs:\n", "project-syntax",
     "21:1: a second document begins"},
    {"BadYaml", "[systemctl, restart, app]", "[systemctl, restart, app", "project-syntax",
     "27:11: end of sequence flow not found"},
    {"EndlessAlias", "version: 1", "version: &a [*a]", "project-syntax",
     "2:10: nested too deeply, or an alias that unfolds without end"},
    {"NotUtf8", "version: 1", "version: \xFF", "project-syntax",
     " expected UTF-8, found other bytes"},
};

INSTANTIATE_TEST_SUITE_P(Table, ProjectMistake, ::testing::ValuesIn(kMistakes),
                         [](const auto& row) { return row.param.name; });

struct Condition {
  const char* name;
  const char* where;
  bool safe;
};
void PrintTo(const Condition& condition, std::ostream* out) { *out << condition.where; }

class Where : public ::testing::TestWithParam<Condition> {};
TEST_P(Where, IsOneCondition) {
  EXPECT_EQ(CheckWhere(GetParam().where).has_value(), GetParam().safe);
}
INSTANTIATE_TEST_SUITE_P(
    Table, Where,
    ::testing::Values(Condition{"Plain", "a = 1 AND (b < 2 OR c IN (1,2))", true},
                      Condition{"QuotedSemicolon", "a = 'x;y' OR `b;c` = \"--\"", true},
                      Condition{"DoubledQuote", "a = 'it''s; fine'", true},
                      Condition{"EscapedQuote", "a = 'it\\'s; fine'", true},
                      Condition{"Empty", " ", false}, Condition{"Hash", "a = 1 # x", false},
                      Condition{"Block", "a /*!50000 = 1 */", false},
                      Condition{"OpenQuote", "a = 'x", false},
                      Condition{"BacktickHasNoEscape", "`a\\` = 1; `", false},
                      Condition{"OpenParenthesis", "(a = 1", false}),
    [](const auto& row) { return row.param.name; });

}  // namespace
}  // namespace syncgate
