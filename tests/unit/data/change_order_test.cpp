#include "data/change_order.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

namespace syncgate {
namespace {

using Pairs = std::vector<std::pair<std::size_t, std::size_t>>;

std::vector<ChangeRun> RunsOf(std::size_t count, const Pairs& edges,
                              ChangeKind kind = ChangeKind::kUpdate) {
  ChangeOrder order;
  for (std::size_t i = 0; i < count; ++i) order.Add(0, kind);
  for (const auto& [first, second] : edges) order.Before(first, second);
  return order.Runs();
}

TEST(ChangeOrder, FreeChangesStandByTableThenKind) {
  ChangeOrder order;
  order.Add(1, ChangeKind::kInsert);
  order.Add(0, ChangeKind::kDelete);
  order.Add(0, ChangeKind::kInsert);
  order.Add(0, ChangeKind::kUpdate);
  const auto runs = order.Runs();
  ASSERT_EQ(runs.size(), 4u);
  EXPECT_EQ(runs[0].kind, ChangeKind::kUpdate);
  EXPECT_EQ(runs[1].changes, std::vector<std::size_t>{2});
  EXPECT_EQ(runs[2].changes, std::vector<std::size_t>{0});
  EXPECT_EQ(runs[3].kind, ChangeKind::kDelete);
}

TEST(ChangeOrder, AChainOfUpdatesIsOneRun) {
  constexpr std::size_t kLength = 100'000;
  Pairs chain;
  for (std::size_t i = 1; i < kLength; ++i) chain.emplace_back(i, i - 1);
  const auto runs = RunsOf(kLength, chain);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].changes.front(), kLength - 1);
  EXPECT_EQ(runs[0].changes.back(), 0u);
}

TEST(ChangeOrder, AChainOfDeletesIsOneRunALevel) {
  const auto runs = RunsOf(3, {{2, 1}, {1, 0}}, ChangeKind::kDelete);
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].changes, std::vector<std::size_t>{2});
  EXPECT_EQ(runs[2].changes, std::vector<std::size_t>{0});
}

TEST(ChangeOrder, ACircleIsOneRunAndComesLast) {
  const auto runs = RunsOf(5, {{0, 1}, {1, 0}, {2, 0}});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_FALSE(runs[0].cycle);
  EXPECT_EQ(runs[0].changes, (std::vector<std::size_t>{2, 3, 4}));
  EXPECT_TRUE(runs[1].cycle);
  EXPECT_EQ(runs[1].changes, (std::vector<std::size_t>{0, 1}));
}

TEST(ChangeOrder, WhatWaitsForACircleComesBehindIt) {
  const auto runs = RunsOf(3, {{0, 1}, {1, 0}, {1, 2}});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_TRUE(runs[0].cycle);
  EXPECT_EQ(runs[1].changes, std::vector<std::size_t>{2});
}

RC_GTEST_PROP(ChangeOrder, EveryChangeOnceAndNoneBeforeWhatItWaitsFor, ()) {
  const auto count = *rc::gen::inRange<std::size_t>(1, 30);
  const auto edges = *rc::gen::container<Pairs>(rc::gen::pair(
      rc::gen::inRange<std::size_t>(0, count), rc::gen::inRange<std::size_t>(0, count)));
  ChangeOrder order;
  std::vector<ChangeKind> kinds;
  for (std::size_t i = 0; i < count; ++i) {
    kinds.push_back(
        *rc::gen::element(ChangeKind::kInsert, ChangeKind::kUpdate, ChangeKind::kDelete));
    order.Add(*rc::gen::inRange<std::size_t>(0, 3), kinds.back());
  }
  for (const auto& [first, second] : edges) order.Before(first, second);
  // Where each change stands: its run, and its place in it.
  std::vector<std::pair<std::size_t, std::size_t>> place(count, {count, 0});
  const auto runs = order.Runs();
  for (std::size_t run = 0; run < runs.size(); ++run) {
    RC_ASSERT(!runs[run].changes.empty());
    for (std::size_t i = 0; i < runs[run].changes.size(); ++i) {
      RC_ASSERT(place[runs[run].changes[i]].first == count);
      place[runs[run].changes[i]] = {run, i};
    }
  }
  RC_ASSERT(std::ranges::none_of(place, [&](const auto& p) { return p.first == count; }));
  for (const auto& [first, second] : edges) {
    if (first == second) {
      RC_ASSERT(runs[place[first].first].cycle);
      continue;
    }
    const bool together = place[first].first == place[second].first;
    if (together && runs[place[first].first].cycle) continue;
    RC_ASSERT(place[first] < place[second]);
    RC_ASSERT(!together || kinds[first] != ChangeKind::kDelete);
  }
}

}  // namespace
}  // namespace syncgate
