// review_pages DIR: writes pages for tests/review/browser-check.
//   hostile.html  text that tries to be markup or script wherever text can stand
//   large.html    100,000 changes
#include <cstdio>
#include <fstream>
#include <string>

#include "review/sample_plan.h"

using namespace syncgate;        // NOLINT(google-build-using-namespace): a program
using namespace syncgate::test;  // NOLINT(google-build-using-namespace)

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: review_pages DIR\n", stderr);
    return 64;
  }
  const std::string directory = argv[1];
  const CompareReport report = SampleReport();
  const PlanDoc hostile = SamplePlan(kHostile);
  ReviewPage page(hostile, report);
  std::ofstream first(directory + "/hostile.html");
  first << page.Begin() << AddThree(page, kHostile) << AddThree(page, "other", 1) << page.End();

  PlanDoc plan = SamplePlan();
  plan.nodes[0].tables[0].updates = 100'000;
  ReviewPage large(plan, report);
  std::ofstream second(directory + "/large.html");
  second << large.Begin();
  for (int i = 0; i < 100'000; ++i) {
    const std::string id = std::to_string(i);
    second << large.Add(0, 0,
                        {ChangeKind::kUpdate,
                         {id},
                         Row{id, "before " + id, "the same text in both"},
                         Row{id, "after " + id, "the same text in both"}});
  }
  second << large.End();
  return first.flush() && second.flush() ? 0 : 1;
}
