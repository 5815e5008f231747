// A server that answers from a script.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/sql_session.h"

namespace syncgate::test {

class FakeSession final : public SqlSession {
 public:
  using Answer = std::function<Result<std::vector<Row>>(const std::string& sql)>;

  explicit FakeSession(Answer answer, Flavor flavor = Flavor::kMariaDb)
      : answer_(std::move(answer)) {
    server_.flavor = flavor;
    server_.version = "fake";
  }

  std::vector<std::string> asked;  // every statement, in order

  Result<void> Query(const std::string& sql, const RowSink& sink) override {
    asked.push_back(sql);
    for (Row& row : TRY(answer_(sql))) TRY(sink(std::move(row)));
    return {};
  }
  Result<std::uint64_t> Execute(const std::string& sql) override {
    asked.push_back(sql);
    return 0U;
  }
  Result<std::vector<ServerWarning>> Warnings() override { return std::vector<ServerWarning>(); }
  Result<void> Commit() override { return {}; }
  void Rollback() override { asked.emplace_back("ROLLBACK"); }
  const ServerInfo& server() const override { return server_; }
  std::uint64_t connection_id() const override { return 1; }

 private:
  Answer answer_;
  ServerInfo server_;
};

}  // namespace syncgate::test
