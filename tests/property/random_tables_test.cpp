// Random tables, rows and differences through all steps.
//
//   SYNCGATE_PROPERTY_SEED=N   only the world of this seed, as a failure names it
//   SYNCGATE_PROPERTY_BASE=N   other worlds; without it, the same ones each time
#include <cstdlib>

#include "property/property_test.h"

namespace syncgate::test {
namespace {

constexpr std::size_t kWorldsARound = 25;

std::optional<std::uint64_t> NumberFrom(const char* variable) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

class RandomTables : public PropertyTest, public testing::WithParamInterface<std::size_t> {
 protected:
  void Round(std::uint64_t first_seed, std::size_t count) {
    std::vector<World> worlds;
    for (std::size_t i = 0; i < count; ++i) {
      worlds.push_back(MakeWorld(first_seed + i, i, server()));
    }
    RoundStats stats;
    const auto broken = RunRound(worlds, &stats);
    std::printf("seeds %llu..%llu: %zu tables, %zu rows (%zu more not taken), %zu tables differ\n",
                static_cast<unsigned long long>(first_seed),
                static_cast<unsigned long long>(first_seed + count - 1), stats.tables, stats.rows,
                stats.rows_not_taken, stats.differing);
    for (const auto& [code, worlds_refused] : stats.refused) {
      std::printf("  refused %s: %zu of %zu worlds\n", code.c_str(), worlds_refused, stats.worlds);
    }
    if (broken) FAIL() << Explain(worlds, *broken);
    if (count == 1) return;
    EXPECT_LE(stats.Refused() * 100, stats.worlds * 45) << "too much is refused";
    EXPECT_GE(stats.differing * 100, stats.tables * 30) << "too little differs";
  }
};

TEST_P(RandomTables, TravelThereAndBack) {
  const std::uint64_t base = NumberFrom("SYNCGATE_PROPERTY_BASE").value_or(1);
  if (const auto seed = NumberFrom("SYNCGATE_PROPERTY_SEED")) {
    if (GetParam() > 0) GTEST_SKIP() << "SYNCGATE_PROPERTY_SEED: only that world";
    const World world = MakeWorld(*seed, 0, server());
    std::printf("%s", world.Describe().c_str());
    Round(*seed, 1);
    return;
  }
  Round(base + GetParam() * kWorldsARound, kWorldsARound);
}

INSTANTIATE_TEST_SUITE_P(Round, RandomTables, testing::Range<std::size_t>(0, 4));
INSTANTIATE_TEST_SUITE_P(FullRound, RandomTables, testing::Range<std::size_t>(4, 84));

}  // namespace
}  // namespace syncgate::test
