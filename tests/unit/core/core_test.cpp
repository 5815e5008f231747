#include <gtest/gtest.h>

#include <sstream>

#include "core/digest.h"
#include "core/exit_code.h"
#include "core/result.h"
#include "core/secret.h"

namespace syncgate {
namespace {

// Test vectors of FIPS 180-4.
TEST(DigestTest, IsSha256) {
  EXPECT_EQ(Digest::Of("abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Digest::Of("").hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Digest64("abc"), 0xba7816bf8f01cfeaULL);
}

TEST(DigestTest, BuilderGivesTheSameInPieces) {
  DigestBuilder builder;
  builder.Add("a");
  builder.Add("");
  builder.Add("bc");
  EXPECT_EQ(builder.Finish(), Digest::Of("abc"));
}

TEST(HexTest, RoundTripsEveryByteAndRefusesWhatIsNoHex) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::string back;
  ASSERT_TRUE(FromHex(ToHex(bytes), &back));
  EXPECT_EQ(back, bytes);
  EXPECT_FALSE(FromHex("0", &back));
  EXPECT_FALSE(FromHex("0g", &back));
}

TEST(SecretTest, StreamsPrintStars) {
  const Secret secret("hunter2");
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(secret.Reveal(), "hunter2");
}

Result<int> Half(int number) {
  if (number % 2 != 0) return Fail(ErrorKind::kRefused, "odd", "odd number");
  return number / 2;
}

Result<int> Quarter(int number) { return TRY(Half(TRY(Half(number)))); }

TEST(TryTest, GivesTheValueOrReturnsTheError) {
  EXPECT_EQ(Quarter(8).value(), 2);
  ASSERT_FALSE(Quarter(6).has_value());
  EXPECT_EQ(Quarter(6).error().code, "odd");
}

TEST(ExitCodeTest, EveryKindHasThePublishedCode) {
  const std::pair<ErrorKind, int> kRows[] = {
      {ErrorKind::kFailed, 1},
      {ErrorKind::kUsage, 64},
      {ErrorKind::kBadArtifact, 65},
      {ErrorKind::kFixProject, 78},
      {ErrorKind::kRefused, 3},
      {ErrorKind::kTryLater, 75},
      {ErrorKind::kRetryTransaction, 75},
      {ErrorKind::kOutcomeUnknown, 5},
      {ErrorKind::kTargetChanged, 4},
      {ErrorKind::kVerification, 6},
      {ErrorKind::kInterrupted, 130},
  };
  for (const auto& [kind, code] : kRows) EXPECT_EQ(ExitCodeOf(kind), code);
}

}  // namespace
}  // namespace syncgate
