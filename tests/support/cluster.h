// A cluster of two real members, a and b, as long as this lives: Galera on MariaDB, multi-primary
// Group Replication on MySQL. Its servers are our children and go when this process goes, however
// that is.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>

namespace syncgate::test {

class Cluster {
 public:
  // Beside the sandbox in that directory, whose flavour it takes. directory() is empty, and
  // missing() says why, where the servers' cluster part is not installed. Throws when it does not
  // start.
  explicit Cluster(const std::string& sandbox);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // Holds an `env` like a sandbox's, where NODE1 is member a.
  const std::string& directory() const { return directory_; }
  const std::string& missing() const { return missing_; }

  pid_t pid(const std::string& member) const { return members_.at(member); }
  void Kill(const std::string& member);  // SIGKILL
  void Start(const std::string& member, bool first = false);

 private:
  // Runs tests/support/cluster; its exit code, and what it said in *said.
  int Script(const std::string& arguments, std::string* said = nullptr) const;
  void Clean();

  std::string directory_;
  std::string missing_;
  std::map<std::string, pid_t> members_;
};

}  // namespace syncgate::test
