#include "fault/fault_test.h"
namespace syncgate::test { namespace {
class ZzTiming : public FaultTest {};
TEST_F(ZzTiming, T) {
  if (!ready()) return;
  auto t = [](const char* what, double s) { std::printf("%s %.2f\n", what, s); };
  timespec a{}, b{}; auto now = [&](timespec& x) { clock_gettime(CLOCK_MONOTONIC, &x); return double(x.tv_sec) + double(x.tv_nsec) / 1e9; };
  double s0 = now(a); Seed(true); t("seed", now(b) - s0);
  t("compare", Step({"compare", "--node", "node1"}).seconds);
  t("generate", Step({"generate-sql"}).seconds);
  s0 = now(a); State(); t("state", now(b) - s0);
  auto r = Apply(); t("apply", r.seconds); std::fputs(r.err.c_str(), stdout);
  s0 = now(a); ExpectApplied(); t("expect", now(b) - s0);
  t("nothing", Apply().seconds);
  t("rollback", Rollback().seconds);
}
}}
