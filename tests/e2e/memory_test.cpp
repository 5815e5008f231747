// Memory of the steps on a million rows: bounded, whatever the table holds.
#include "e2e/run_test.h"

namespace syncgate::test {
namespace {

constexpr long kLimitKib = 64 * 1024;

class Memory : public RunTest {
 public:
  // A million rows of about 220 bytes on the source and node1; every `nth` differs there.
  void Fill(int nth) const {
    const std::string d =
        "(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 "
        "UNION "
        "SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)";
    for (const Server server : {Server::kSource, Server::kNode1}) {
      Run(server,
          "CREATE TABLE big (id BIGINT PRIMARY KEY, n INT, v VARCHAR(220), at TIMESTAMP NULL)");
      for (int part = 0; part < 10; ++part) {
        Run(server,
            "INSERT INTO big SELECT x, x % 1000, CONCAT(LEFT(SHA2(x,256),32), REPEAT('0123456789', "
            "16)), '2026-11-01' FROM (SELECT " +
                std::to_string(part * 100000) +
                " + a.d + 10*b.d + 100*c.d + 1000*e.d + 10000*f.d x FROM " + d + " a, " + d +
                " b, " + d + " c, " + d + " e, " + d + " f) y ORDER BY x");
      }
    }
    Run(Server::kNode1, "UPDATE big SET n = n + 1 WHERE id % " + std::to_string(nth) + " = 1");
    ProjectText text;
    text.tables = "{big: {}}";
    text.limits = "{changes: 1000000}";
    text.node1 = {Ssh(Server::kNode1), Mysql(Server::kNode1)};
    WriteProject(text);
  }
  void RunAll(const std::string& changes) const {
    for (const std::string step : {"compare", "generate-sql", "apply-node", "rollback"}) {
      const RunResult result = Must({step, "--node", "node1"});
      std::printf("%-13s %s changes: peak %.1f MiB, %.1f s\n", step.c_str(), changes.c_str(),
                  static_cast<double>(result.peak_kib) / 1024, result.seconds);
      EXPECT_LT(result.peak_kib, kLimitKib) << step;
      if (step == "compare") {
        EXPECT_TRUE(result.Says(changes + " rows")) << result.err;
      }
    }
  }
};

class FullMemory : public Memory {};

TEST_F(Memory, AMillionRowsWithAThousandDifferences) {
  Fill(1000);
  RunAll("1000");
}

TEST_F(FullMemory, AMillionRowsWithAHundredThousandDifferences) {
  Fill(10);
  RunAll("100000");
}

}  // namespace
}  // namespace syncgate::test
