// The canary: secrets that are marked, wherever a team may have them, through the whole flow and
// through its failures. Nothing that syncgate writes, says or shows to other processes may hold
// one, in no disguise. Allowed are the files that held them before, and the backups beside them.
#include "support/canary.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/digest.h"
#include "e2e/canary_fixture.h"

namespace syncgate::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

// A service on the node that answers with its whole file. Its port is written to the second word.
constexpr char kTelltale[] = R"py(
import http.server, json, pathlib, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"leak": pathlib.Path(sys.argv[1]).read_text()}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
pathlib.Path(sys.argv[2]).write_text(f"{server.server_address[1]}\n")
server.serve_forever()
)py";

TEST_F(Canary, SurvivesTheWholeFlow) {
  ProcessWatch watch(canaries_);
  Do({"compare", "--node", "node1", "--dry-run"}, 0);
  for (const char* output : {"r.txt", "r.json", "r.md", "-"}) {
    Do({"compare", "--node", "node1", "--output", output}, 0);
  }
  EXPECT_NE(ReadText(Path("r.md")).find("SAME_TOKEN`: same"), std::string::npos);
  Do({"generate-sql"}, 0);
  // It is over before the watch looks again, where the machine is busy.
  for (int i = 0; i < 100 && !watch.Saw("/generate-sql"); ++i) Do({"generate-sql"}, 0);
  Do({"generate-sql", "--node", "node1", "--output", "node1.sql"}, 0);
  Do({"apply-node", "--node", "node1", "--dry-run"}, 0);
  const std::vector<std::string> apply = {"apply-node", "--node", "node1", "--auto-restart",
                                          "--verify"};
  const struct {
    const char* mode;
    int exit;
  } failures[] = {
      {"validate", 3},      {"validate-json", 3},     {"validate-properties", 3},
      {"validate-yaml", 3}, {"restart", kAnyFailure}, {"health", 6},
  };
  for (const auto& failure : failures) {
    SCOPED_TRACE(failure.mode);
    Mode(failure.mode);
    Do(apply, failure.exit);
    EXPECT_NE(ReadText(Path("node1/.env")).find("BOT_ID=bot-old"), std::string::npos);
  }
  Mode("quiet");
  Do(apply, 0);
  EXPECT_NE(ReadText(Path("node1/.env")).find("BOT_ID=bot-new"), std::string::npos);
  Do({"verify-config", "--node", "node1"}, 0);
  Mode("health");
  Do({"verify-config", "--node", "node1"}, 6);
  Mode("quiet");
  Do({"rollback", "--node", "node1", "--dry-run"}, 0);
  Do({"rollback", "--node", "node1", "--auto-restart"}, 0);
  EXPECT_NE(ReadText(Path("node1/.env")).find("BOT_ID=bot-old"), std::string::npos);

  // The one allowed place is used, closed to others, and would be found elsewhere.
  EXPECT_GE(Backups().size(), 3U);
  for (const fs::path& backup : Backups()) {
    struct stat info{};
    ASSERT_EQ(stat(backup.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 07777, 0600U) << backup;
    EXPECT_THAT(canaries_.FoundIn(ReadText(backup)), testing::Not(IsEmpty())) << backup;
  }
  EXPECT_THAT(watch.Found(), IsEmpty());
  for (const char* step : {"/compare", "/generate-sql", "/apply-node", "/verify-config"}) {
    EXPECT_TRUE(watch.Saw(step)) << step << ": the watch is blind";
  }
  EXPECT_TRUE(watch.SawOnNode("node1/service validate")) << "the watch is blind";
  EXPECT_TRUE(watch.SawOnNode("node1/service restart")) << "the watch is blind";
}

TEST_F(Canary, SurvivesWrongCredentials) {
  ProcessWatch watch(canaries_);
  Environment("CANARY_NODE1", Marked("wrong database password"));
  Do({"compare", "--node", "node1"}, 78);
  WriteText(Path("password"), Marked("database password in a file") + "\n");
  own_.insert("password");
  WriteProjectWith({.ssh = "", .mysql = "password_file: password", .extra = ""});
  Do({"compare", "--node", "node1"}, 78);
  chmod(Path("password").c_str(), 0644);
  Do({"compare", "--node", "node1"}, 78);
  WriteProjectWith({.ssh = "password_env: CANARY_SSH_PASSWORD", .mysql = "", .extra = ""});
  Environment("CANARY_SSH_PASSWORD", Marked("ssh password"));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  WriteProjectWith({});
  Environment("CANARY_KEY", Marked("no key at all"));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  // The key itself, cut short: what is left of it is still a secret.
  const std::string key = ReadText(sandbox().Env("SANDBOX_SSH_KEY"));
  Environment("CANARY_KEY", key.substr(0, key.size() - 90));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  WriteText(Path("key"), "-----BEGIN OPENSSH PRIVATE KEY-----\n" + Marked("broken key") + "\n");
  own_.insert("key");
  WriteProjectWith({.ssh = "key_file: key", .mysql = "", .extra = ""});
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  Must({"compare", "--log-level", "trace"}, 64);
  EXPECT_THAT(watch.Found(), IsEmpty());
  EXPECT_TRUE(watch.Saw("/compare")) << "the watch is blind";
}

TEST_F(Canary, SurvivesFilesThatCannotBeRead) {
  ProcessWatch watch(canaries_);
  const std::string broken = Marked("broken");
  const struct {
    const char* file;
    std::string text;
  } rows[] = {
      {"node1/.env", broken + "\n"},
      {"node1/.env", "DB_PASSWORD='" + broken + "\n"},
      {"node1/.env", "DB_PASSWORD=" + broken + "\nDB_PASSWORD=" + broken + "\n"},
      {"node1/.env", "BOT_ID=" + broken + "$X\n"},
      {"app.env", "A=\"" + broken + "\n"},
      {"node1/app.json", "{\"a\": " + broken + "}"},
      {"node1/app.json", "{\"a\": \"" + broken + "\\x\"}"},
      {"node1/app.json", "{\"a\": 1, \"a\": \"" + broken + "\"}"},
      {"node1/app.json", "{\"a\": \"" + broken},
      {"app.json", broken},
      {"node1/app.yaml", "a: [" + broken + "\n"},
      {"node1/app.yaml", "a: \"" + broken + "\\z\"\n"},
      {"node1/app.yaml", "a: " + broken + "\na: " + broken + "\n"},
      {"node1/app.yaml", "bot: {id: *" + broken.substr(0, 14) + "}\n"},
      {"node1/app.yaml", "bot: {id: !" + broken.substr(0, 14) + " " + broken + "}\n"},
      {"app.yaml", broken},
      {"node1/app.properties", "a=" + broken + "\\u12"},
      {"node1/app.properties", "a=" + broken + "\na=" + broken + "\n"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string(row.file) + ": " + row.text);
    const std::string before = ReadText(Path(row.file));
    WriteText(Path(row.file), row.text);
    Do({"compare", "--node", "node1", "--only", "config", "--output", "r.md"}, 3);
    WriteText(Path(row.file), before);
  }
  // Whole files that are checked to be what they should be.
  for (const char* check : {"ini", "toml", "xml", "json"}) {
    SCOPED_TRACE(check);
    const std::string text = std::string(check) == "ini" ? "[" + broken : "<a>[ " + broken + " = =";
    WriteText(Path("whole"), text + "\n");
    WriteText(Path("node1/whole"), text);
    own_.insert({"whole", "node1/whole"});
    WriteProjectWith({.ssh = "",
                      .mysql = "",
                      .extra = "  whole: {source: whole, target: \"" + Path("node1/whole") +
                               "\", format: raw, check: " + check + ", secrets: [\"*\"]}\n"});
    Do({"compare", "--node", "node1", "--only", "config"}, 3);
  }
  WriteProjectWith({});
  fs::remove(Path("app.env"));
  Do({"compare", "--node", "node1", "--only", "config"}, 78);
  EXPECT_THAT(watch.Found(), IsEmpty());
}

TEST_F(Canary, SurvivesAFileThatDrifts) {
  Do({"compare", "--node", "node1"}, 0);
  Do({"generate-sql"}, 0);
  for (const char* file : {"node1/.env", "node1/app.json", "node1/app.properties"}) {
    SCOPED_TRACE(file);
    const std::string before = ReadText(Path(file));
    WriteText(Path(file), before + Secret("node-secret") + "\n");
    Do({"apply-node", "--node", "node1"}, 3);
    WriteText(Path(file), before);
  }
}

TEST_F(Canary, SurvivesAServiceThatTellsItsFile) {
  WriteText(Path("telltale.py"), kTelltale);
  std::string checks;
  const char* files[] = {".env", "app.json", "app.yaml", "pin"};
  for (const std::string file : files) {
    ASSERT_EQ(Program({"sh", "-c",
                       "setsid python3 telltale.py 'node1/" + file + "' '" + file +
                           ".port' </dev/null >/dev/null 2>&1 & echo $! >>pids; for i in $(seq "
                           "200); do [ -s '" +
                           file + ".port' ] && exit 0; sleep 0.05; done; exit 1"})
                  .exit,
              0);
    const std::string port = ReadText(Path(file + ".port"));
    checks += "{http: {url: \"http://127.0.0.1:" + port.substr(0, port.find('\n')) +
              "/\", pointer: /leak, equals: no}, attempts: 1}, ";
  }
  WriteText(Path("node1/one.env"), "ONE=1\n");
  WriteText(Path("one.env"), "ONE=2\n");
  WriteProjectWith({.ssh = "",
                    .mysql = "",
                    .extra = "  one: {source: one.env, target: \"" + Path("node1/one.env") +
                             "\", format: dotenv, keys: [ONE], verify: [" + checks + "]}\n"});
  Do({"compare", "--node", "node1"}, 0);
  Do({"generate-sql"}, 0);
  Do({"apply-node", "--node", "node1"}, 0);
  Do({"verify-config", "--node", "node1"}, 6);
  const std::string verdict = ReadText(Artifact("verdict-node1.json"));
  for (std::size_t at = 0, found = 0; found < std::size(files); ++found) {
    at = verdict.find("/leak is ", at + 1);
    EXPECT_NE(at, std::string::npos) << "the check was not asked: " << verdict;
  }
  EXPECT_EQ(Program({"sh", "-c", "kill $(cat pids)"}).exit, 0);
}

// The search is worth something: what is planted is found, in a file, a name and a process.
TEST_F(Canary, IsFoundWhereItIsPlanted) {
  Must({"compare", "--node", "node1", "--only", "config"});
  for (const auto& [form, text] : Canaries::FormsOf(Secret("node-secret"))) {
    SCOPED_TRACE(form);
    fs::remove_all(Path("copy"));
    fs::copy(Artifact(""), Path("copy"), fs::copy_options::recursive);
    const std::string diff = ReadText(Path("copy/diff.json"));
    WriteText(Path("copy/diff.json"), diff + "x" + text + "x");
    const auto found = canaries_.FoundBelow(Path("copy"), [](const fs::path&) { return false; });
    EXPECT_THAT(found, testing::Contains(testing::EndsWith("diff.json: node-secret as " + form)));
  }
  fs::remove_all(Path("copy"));
  fs::create_directories(Path("copy"));
  WriteText(Path("copy/" + Digest::Of(Secret("node-secret")).hex()), "");
  EXPECT_THAT(canaries_.FoundBelow(Path("copy"), [](const fs::path&) { return false; }),
              testing::Contains(testing::EndsWith("node-secret as SHA-256")));

  ProcessWatch watch(canaries_);
  Program({"sh", "-c", "sleep 0.5", "leak", Secret("json-secret")});
  Program({"env", "SYNCGATE_SANDBOX_NODE=x", "LEAK=" + Secret("raw-secret"), "sleep", "0.5"});
  const auto found = watch.Found();
  EXPECT_THAT(found, testing::Contains(testing::AllOf(testing::StartsWith("command line of sh"),
                                                      testing::EndsWith("json-secret as plain"))));
  EXPECT_THAT(found, testing::Contains(testing::AllOf(testing::StartsWith("environment of sleep"),
                                                      testing::EndsWith("raw-secret as plain"))));
}

}  // namespace
}  // namespace syncgate::test
