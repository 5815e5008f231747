#include "core/keyed_digest.h"

#include <gtest/gtest.h>
#include <sodium.h>

#include <cstring>
#include <new>
#include <string>

namespace syncgate {
namespace {

TEST(KeyedDigest, TellsTheSameFromTheOther) {
  const KeyedDigest digest;
  EXPECT_TRUE(digest.Same("4711", "4711"));
  EXPECT_TRUE(digest.Same("", ""));
  EXPECT_FALSE(digest.Same("4711", "4712"));
  EXPECT_FALSE(digest.Same("4711", std::string_view("4711\0", 5)));
}

TEST(KeyedDigest, SaysNothingToAnotherRun) {
  const KeyedDigest one;
  const KeyedDigest other;
  EXPECT_EQ(one.Of("4711"), one.Of("4711"));
  EXPECT_NE(one.Of("4711"), other.Of("4711"));
}

TEST(KeyedDigest, IsNoPlainDigest) {
  KeyedDigest::Tag plain{};
  crypto_generichash(plain.data(), plain.size(), reinterpret_cast<const unsigned char*>("4711"), 4,
                     nullptr, 0);
  EXPECT_NE(KeyedDigest().Of("4711"), plain);
}

TEST(KeyedDigest, TheKeyIsOverwritten) {
  alignas(KeyedDigest) unsigned char place[sizeof(KeyedDigest)];
  auto* digest = new (place) KeyedDigest;
  const std::string key(reinterpret_cast<const char*>(place), sizeof place);
  EXPECT_NE(key, std::string(sizeof place, '\0'));
  digest->~KeyedDigest();
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(place), sizeof place),
            std::string(sizeof place, '\0'));
}

}  // namespace
}  // namespace syncgate
