#include "core/seal.h"

#include <gtest/gtest.h>

#include "core/base64.h"

namespace syncgate {
namespace {

SealKey Key(char c) { return SealKey::FromBase64(Secret(ToBase64(std::string(32, c)))).value(); }

TEST(SealKey, IsTheBase64OfThirtyTwoBytesAndNothingElse) {
  EXPECT_TRUE(SealKey::FromBase64(Secret(ToBase64(std::string(32, 'k')))));
  EXPECT_TRUE(SealKey::FromBase64(Secret(ToBase64(std::string(32, 'k')) + "\n")));
  EXPECT_FALSE(SealKey::FromBase64(Secret("")));
  EXPECT_FALSE(SealKey::FromBase64(Secret(ToBase64(std::string(31, 'k')))));
  EXPECT_FALSE(SealKey::FromBase64(Secret(ToBase64(std::string(33, 'k')))));
  EXPECT_FALSE(SealKey::FromBase64(Secret(ToBase64(std::string(32, 'k')) + "=")));
  EXPECT_FALSE(SealKey::FromBase64(Secret(std::string(44, '*'))));
  EXPECT_FALSE(SealKey::FromBase64(Secret(ToBase64(std::string(64, 'k')))));
}

TEST(SealKey, ItsIdTellsKeysApartAndIsNotTheKey) {
  EXPECT_EQ(Key('a').id(), Key('a').id());
  EXPECT_NE(Key('a').id(), Key('b').id());
  EXPECT_EQ(Key('a').id().size(), 16u);
  EXPECT_EQ(Key('a').id().find("6161"), std::string::npos);
}

TEST(Seal, OpensWithTheSameKeyAndContextOnly) {
  const std::string sealed = Key('a').Seal("here", "text");
  EXPECT_EQ(Key('a').Open("here", sealed), "text");
  EXPECT_EQ(Key('a').Open("there", sealed), std::nullopt);
  EXPECT_EQ(Key('b').Open("here", sealed), std::nullopt);
  EXPECT_EQ(Key('a').Open("here", sealed.substr(1)), std::nullopt);
  EXPECT_EQ(Key('a').Open("here", ""), std::nullopt);
  EXPECT_EQ(Key('a').Open("", Key('a').Seal("", "")), "");
}

TEST(Seal, EveryFlippedBitIsNoticed) {
  const std::string sealed = Key('a').Seal("here", "text");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string bad = sealed;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ (1 << bit % 8));
    EXPECT_EQ(Key('a').Open("here", bad), std::nullopt) << bit;
  }
}

TEST(Seal, IsTheSameForTheSameAndOtherwiseShowsNothing) {
  EXPECT_EQ(Key('a').Seal("here", "text"), Key('a').Seal("here", "text"));
  EXPECT_NE(Key('a').Seal("here", "text").substr(0, 24),
            Key('a').Seal("there", "text").substr(0, 24));
  EXPECT_NE(Key('a').Seal("here", "text").substr(0, 24),
            Key('a').Seal("here", "texu").substr(0, 24));
  // A byte moved from the context to the text is another nonce.
  EXPECT_NE(Key('a').Seal("heret", "ext").substr(0, 24),
            Key('a').Seal("here", "text").substr(0, 24));
  EXPECT_EQ(Key('a').Seal("here", "marked-text").find("marked"), std::string::npos);
}

TEST(SealContext, NoTwoListsOfPartsAreOneText) {
  EXPECT_NE(SealContext({"ab", "c"}), SealContext({"a", "bc"}));
  EXPECT_NE(SealContext({"a", ""}), SealContext({"a"}));
  EXPECT_NE(SealContext({"1:a"}), SealContext({"", "a"}));
}

TEST(Base64, ComesBack) {
  for (std::size_t size = 0; size < 70; ++size) {
    std::string bytes(size, '\xFE');
    EXPECT_EQ(FromBase64(ToBase64(bytes)), bytes) << size;
  }
  EXPECT_FALSE(FromBase64("AA"));
  EXPECT_FALSE(FromBase64("AA==\n"));
  EXPECT_FALSE(FromBase64("AAA*"));
}

}  // namespace
}  // namespace syncgate
