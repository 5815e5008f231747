#include "support/flow.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace syncgate::test {
namespace fs = std::filesystem;
namespace {

std::string Quoted(const std::string& word) {
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

// `text` with every line of it moved to the right.
std::string Indented(const std::string& text, int by) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    result += std::string(static_cast<std::size_t>(by), ' ') + line + "\n";
  }
  return result;
}

std::vector<std::vector<std::string>> Cells(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) rows.back().push_back(cell);
  }
  return rows;
}

// A column as bytes in hexadecimal, telling apart all values of its type.
std::string InHex(const std::string& column, const std::string& type) {
  if (type == "float" || type == "double")
    return "HEX(CAST(CAST(" + column + " AS DOUBLE) AS CHAR))";
  for (const char* shape : {"geometry", "point", "linestring", "polygon", "geom"}) {
    if (type.find(shape) != std::string::npos) return "HEX(" + column + ")";
  }
  return "HEX(CAST(" + column + " AS BINARY))";
}

std::string Capitals(Server server) {
  return server == Server::kSource ? "SOURCE" : server == Server::kNode1 ? "NODE1" : "NODE2";
}

}  // namespace

void FlowTest::SetUp() {
  ServerTest::SetUp();
  if (!ready()) return;
  std::string pattern = (fs::temp_directory_path() / "syncgate-flow.XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp " + pattern);
  directory_ = pattern;
}

void FlowTest::TearDown() {
  if (!directory_.empty()) {
    // The plan's SQL that apply-node left in the home directory on the nodes.
    std::error_code ignored;
    for (const char* node : {"node1", "node2"}) {
      fs::remove_all(sandbox().directory() + "/" + node + "/home/.syncgate", ignored);
    }
    if (HasFailure()) {
      for (const auto& entry : fs::directory_iterator(directory_, ignored)) {
        if (entry.path().extension() != ".err" || fs::file_size(entry.path(), ignored) == 0)
          continue;
        std::fprintf(stderr, "--- %s\n%s", entry.path().filename().c_str(),
                     ReadText(entry.path().filename()).c_str());
      }
    }
    if (std::getenv("SYNCGATE_TEST_KEEP") == nullptr) fs::remove_all(directory_, ignored);
  }
  ServerTest::TearDown();
}

void FlowTest::WriteFile(const std::string& relative, const std::string& text, int mode) const {
  const fs::path path = Path(relative);
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  if (::chmod(path.c_str(), static_cast<mode_t>(mode)) != 0 || fs::file_size(path) != text.size()) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

std::string FlowTest::ReadText(const std::string& relative) const {
  std::ifstream file(relative.starts_with('/') ? relative : Path(relative), std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + relative);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool FlowTest::Exists(const std::string& relative) const { return fs::exists(Path(relative)); }

void FlowTest::Remove(const std::string& relative) const { fs::remove_all(Path(relative)); }

std::string FlowTest::NodeYaml(Server node, bool ssh) const {
  const std::string name = LabelOf(node);
  std::string yaml = name + ":\n";
  if (ssh) {
    yaml += "  ssh: {host: 127.0.0.1, port: " + sandbox().Env(node, "SSH_PORT") +
            ", user: " + sandbox().Env("SANDBOX_SSH_USER") + ",\n        key_file: \"" +
            sandbox().Env("SANDBOX_SSH_KEY") + "\", known_hosts: \"" +
            sandbox().Env("SANDBOX_KNOWN_HOSTS") + "\"}\n";
  }
  return yaml + "  mysql: {host: 127.0.0.1, port: " + sandbox().Env(node, "PORT") +
         ", user: sync, password_env: " + Capitals(node) + "_PASSWORD, database: " + database() +
         ",\n          reader: {user: sync_ro, password_env: " + Capitals(node) +
         "_RO_PASSWORD}}\n";
}

void FlowTest::WriteProject(const std::string& data, const std::string& configs,
                            const ProjectParts& parts) const {
  std::string yaml = "version: 1\nsource:\n  mysql: {host: 127.0.0.1, port: " +
                     sandbox().Env(Server::kSource, "PORT") +
                     ", user: sync, password_env: SOURCE_PASSWORD, database: " + database() +
                     ",\n          reader: {user: sync_ro, password_env: SOURCE_RO_PASSWORD}}\n" +
                     Indented(parts.source_extra, 2) + "nodes:\n" +
                     Indented(NodeYaml(Server::kNode1, parts.ssh), 2) +
                     Indented(parts.node1_extra, 4);
  if (parts.node2) {
    yaml += Indented(NodeYaml(Server::kNode2, parts.ssh), 2) + "    follows: node1\n" +
            Indented(parts.node2_extra, 4);
  }
  if (!data.empty()) yaml += "data:\n" + Indented(data, 2);
  if (!configs.empty()) yaml += "configs:\n" + Indented(configs, 2);
  WriteFile("syncgate.yml", yaml + parts.extra);
}

std::string FlowTest::ArtifactPath(const std::string& path) const {
  return path.starts_with('/') ? path : Path("syncgate-artifacts/" + path);
}

boost::json::object FlowTest::ReadArtifact(const std::string& path) const {
  return boost::json::parse(ReadText(ArtifactPath(path))).as_object();
}

std::map<std::string, std::string> FlowTest::Files(const std::string& relative) const {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(Path(relative))) {
    if (!entry.is_regular_file()) continue;
    files[fs::relative(entry.path(), Path(relative))] = ReadText(entry.path());
  }
  return files;
}

std::string FlowTest::ClientCommand(Server server, const std::string& sql) const {
  const std::string file = Path(".sql" + std::to_string(++count_));
  WriteFile(fs::path(file).filename(), sql + "\n");
  return ClientProgram(server) + " < " + Quoted(file);
}

std::string FlowTest::ClientProgram(Server server) const {
  return "MYSQL_PWD=" + Quoted(sandbox().Env(server, "ADMIN_PASSWORD")) + " " +
         Quoted(sandbox().Env("SANDBOX_MYSQL")) +
         " --no-defaults --default-character-set=utf8mb4 -N -B -uadmin -h127.0.0.1 -P" +
         sandbox().Env(server, "PORT") + " " + database();
}

int FlowTest::Shell(const std::string& command, std::string* output) const {
  FILE* pipe =
      ::popen(("cd " + Quoted(directory_) + " && { " + command + "\n} 2>&1").c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("popen");
  std::string text;
  char buffer[65536];
  while (const std::size_t got = std::fread(buffer, 1, sizeof buffer, pipe))
    text.append(buffer, got);
  const int status = ::pclose(pipe);
  if (output != nullptr) *output = std::move(text);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string FlowTest::Client(Server server, const std::string& sql) const {
  std::string output;
  if (Shell(ClientCommand(server, sql), &output) != 0)
    throw std::runtime_error(sql.substr(0, 200) + ": " + output);
  return output;
}

std::string FlowTest::Dump(Server server, const std::vector<std::string>& tables) const {
  const auto columns =
      Cells(Client(server,
                   "SELECT c.table_name, c.column_name, c.data_type, s.seq_in_index FROM "
                   "information_schema.columns c"
                   " JOIN information_schema.tables t ON t.table_schema = c.table_schema AND "
                   "t.table_name = c.table_name"
                   " LEFT JOIN information_schema.statistics s ON s.table_schema = c.table_schema "
                   "AND s.table_name = c.table_name"
                   " AND s.column_name = c.column_name AND s.index_name = 'PRIMARY'"
                   " WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE'"
                   " ORDER BY c.table_name, c.ordinal_position"));
  std::map<std::string, std::string> lists;
  std::map<std::string, std::map<int, std::string>> keys;
  for (const auto& row : columns) {
    const std::string name = "`" + row.at(1) + "`";
    std::string& list = lists[row[0]];
    list += (list.empty() ? "" : ", ") + InHex(name, row.at(2));
    if (row.at(3) != "NULL") keys[row[0]][std::stoi(row[3])] = name;
  }
  std::string sql = "SET time_zone = '+00:00';\n";
  for (const auto& [table, list] : lists) {
    if (!tables.empty() && std::ranges::find(tables, table) == tables.end()) continue;
    std::string order;
    for (const auto& [place, name] : keys[table]) order += (order.empty() ? "" : ", ") + name;
    sql += "SELECT 'table " + table + "';\nSELECT " + list + " FROM `" + table + "` ORDER BY " +
           (order.empty() ? list : order) + ";\n";
  }
  return Client(server, sql);
}

std::string Numbers(unsigned count) {
  const std::string digits =
      "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 "
      "UNION ALL SELECT 5"
      " UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  std::string sum;
  std::string from;
  unsigned factor = 1;
  for (char name = 'a'; name == 'a' || factor < count; ++name, factor *= 10) {
    sum += std::string(sum.empty() ? "" : " + ") + name + ".d * " + std::to_string(factor);
    from += std::string(from.empty() ? "" : ", ") + digits + " " + name;
  }
  return "(SELECT n FROM (SELECT " + sum + " + 1 AS n FROM " + from +
         ") every_n WHERE n <= " + std::to_string(count) + ") numbers";
}

}  // namespace syncgate::test
