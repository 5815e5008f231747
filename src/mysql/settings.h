// The session settings that syncgate pins, because each of them changes what a statement means,
// what text a value has, or how long we make others wait.
#pragma once

#include <string>
#include <vector>

#include "data/sql_session.h"
#include "mysql/target.h"

namespace syncgate {

struct Setting {
  std::string name;    // of the session variable
  std::string value;   // as SET takes it; empty: only read back (set by SET NAMES)
  std::string wanted;  // as SELECT @@name must answer
};

std::vector<Setting> SettingsFor(const ServerInfo& server, const MysqlTarget& target,
                                 SessionRole role);

// "SET @@SESSION.a = ..., ..." and "SELECT CONNECTION_ID(), @@SESSION.a, ..." over the settings in
// order.
std::string SetStatement(const std::vector<Setting>& settings);
std::string ReadStatement(const std::vector<Setting>& settings);

// Whether the server's answer is the wanted one. sql_mode compares as a set: servers order it their
// way.
bool Holds(const Setting& setting, const std::string& answer);

}  // namespace syncgate
