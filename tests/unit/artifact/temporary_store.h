// An artifacts directory that goes with the test.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace syncgate {

class TemporaryStore {
 public:
  TemporaryStore() {
    std::string name = "/tmp/syncgate-artifact-XXXXXX";
    dir_ = ::mkdtemp(name.data());
  }
  ~TemporaryStore() { std::filesystem::remove_all(dir_); }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;

  const std::string& dir() const { return dir_; }
  std::string Read(const std::string& path) const {
    std::ifstream in(dir_ + "/" + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Write(const std::string& path, const std::string& bytes) const {
    std::ofstream(dir_ + "/" + path, std::ios::binary) << bytes;
  }

 private:
  std::string dir_;
};

}  // namespace syncgate
