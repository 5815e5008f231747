#include "fixture.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <regex>

namespace syncgate::test {
namespace fs = std::filesystem;

void ConfigFault::SetUp() {
  fs::create_directory(Path("node"));
  for (const std::string name : {"a", "b"}) {
    WriteText(Node(name + ".env"), Old(name));
    ASSERT_EQ(::chmod(Node(name + ".env").c_str(), 0640), 0);
    if (::geteuid() == 0) {
      ASSERT_EQ(::chown(Node(name + ".env").c_str(), 1234, 2345), 0);
    }
    WriteText(Node(name + ".running"), Old(name));
  }
}

void ConfigFault::TearDown() {
  sshd_.reset();
  Shell("find " + Path("") + " -name 'marked*' 2>/dev/null");
}

void ConfigFault::StartSshd(const SshdOptions& options) {
  sshd_.reset();
  sshd_ = std::make_unique<Sshd>(options);
}

std::string ConfigFault::Service() {
  return "restart: [sh, -c, 'cp \"$1/NAME.env\" \"$1/NAME.running\"', sh, NODE]\n"
         "    verify:\n"
         "      - command: [sh, -c, 'grep -q \"^BOT_ID=good\" \"$1/NAME.running\" && cmp -s "
         "\"$1/NAME.env\""
         " \"$1/NAME.running\"', sh, NODE]\n"
         "        attempts: 2\n        interval_ms: 20\n";
}

void ConfigFault::WriteProject(const std::string& entry, std::uint16_t port, bool ssh) const {
  std::string yaml = "version: 1\nnodes:\n  node1:\n";
  if (ssh) {
    const SshTarget target = sshd_->Target();
    // Host keys stand in known_hosts by port.
    std::string known = ReadText(target.known_hosts);
    known = "[127.0.0.1]:" + std::to_string(port == 0 ? target.port : port) +
            known.substr(known.find(' '));
    WriteText(Path("known_hosts"), known);
    fs::copy_file(target.key_file, Path("key"), fs::copy_options::overwrite_existing);
    yaml += "    ssh: {host: 127.0.0.1, port: " + std::to_string(port == 0 ? target.port : port) +
            ", user: " + target.user + ", key_file: key, known_hosts: known_hosts}\n";
  } else {
    yaml += "    test: [\"true\"]\n";
  }
  yaml += "configs:\n";
  for (const std::string name : {"a", "b"}) {
    WriteText(Path(name + ".source"), "BOT_ID=" + value + "\n");
    std::string lines = "  " + name + ":\n    source: " + name + ".source\n    target: NODE/" +
                        name +
                        ".env\n    format: dotenv\n    keys: [BOT_ID]\n    secrets: [SECRET_KEY]\n";
    if (!entry.empty()) lines += "    " + entry + "\n";
    lines = std::regex_replace(lines, std::regex("NAME"), name);
    yaml += std::regex_replace(lines, std::regex("NODE"), Path("node"));
  }
  WriteText(Path("syncgate.yml"), yaml);
}

bool ConfigFault::Plan() const {
  fs::remove_all(Path("syncgate-artifacts"));
  const StepEnd compared = Step("compare --only config");
  EXPECT_EQ(compared.exit, 0) << compared.text;
  const StepEnd planned = Step("generate-sql --only config");
  EXPECT_EQ(planned.exit, 0) << planned.text;
  return !HasFailure();
}

StepEnd ConfigFault::Step(const std::string& words, const std::string& environment,
                          const std::string& directory) const {
  StepEnd end;
  end.exit =
      Shell("cd " + (directory.empty() ? Path("") : directory) + " && env -u SSH_AUTH_SOCK " +
                environment + " " SYNCGATE_BIN_DIR "/" + words + " 2>&1",
            &end.text);
  return end;
}

std::string ConfigFault::InReceipt(const std::string& member, const std::string& of) const {
  const std::string text = ReadText(Path("syncgate-artifacts/" + of));
  std::smatch found;
  const std::regex wanted("\"" + member + "\":\\s*\"?([^\",}]*)");
  return std::regex_search(text, found, wanted) ? found[1].str() : "";
}

std::string ConfigFault::New(const std::string& name) const {
  return std::regex_replace(Old(name), std::regex("good-old"), value);
}

bool ConfigFault::IsWhole(const std::string& name) const {
  const std::string now = ReadText(Node(name + ".env"));
  struct stat info = {};
  if (::lstat(Node(name + ".env").c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
  if ((info.st_mode & 07777) != 0640) return false;
  if (::geteuid() == 0 && (info.st_uid != 1234 || info.st_gid != 2345)) return false;
  return now == Old(name) || now == New(name);
}

void ConfigFault::ExpectOld() const {
  for (const std::string name : {"a", "b"}) {
    EXPECT_EQ(ReadText(Node(name + ".env")), Old(name));
    EXPECT_TRUE(IsWhole(name)) << "owner or mode of " << name;
  }
}

void ConfigFault::ExpectNew() const {
  for (const std::string name : {"a", "b"}) {
    EXPECT_EQ(ReadText(Node(name + ".env")), New(name));
    EXPECT_TRUE(IsWhole(name)) << "owner or mode of " << name;
  }
}

std::vector<std::string> ConfigFault::Leftovers() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(Path("node"))) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".bak") && !name.ends_with(".running") && name != "a.env" &&
        name != "b.env") {
      found.push_back(name);
    }
  }
  return found;
}

std::vector<std::string> ConfigFault::Backups() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(Path("node"))) {
    if (entry.path().string().ends_with(".bak")) found.push_back(entry.path().filename());
  }
  std::ranges::sort(found);
  return found;
}

void ConfigFault::ExpectTheLawHolds(const std::string& after) const {
  SCOPED_TRACE(after);
  for (const std::string name : {"a", "b"})
    ASSERT_TRUE(IsWhole(name)) << ReadText(Node(name + ".env"));
  const StepEnd again = Apply();
  ASSERT_EQ(again.exit, 0) << again.text;
  ExpectNew();
  for (const std::string name : {"a", "b"}) EXPECT_EQ(Running(name), New(name));
  EXPECT_EQ(Leftovers(), std::vector<std::string>());
  const StepEnd back = Rollback();
  ASSERT_EQ(back.exit, 0) << back.text;
  ExpectOld();
  for (const std::string name : {"a", "b"}) EXPECT_EQ(Running(name), Old(name));
}

}  // namespace syncgate::test
