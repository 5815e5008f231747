// For any file and any edit of one key: every byte outside that value stays, and the keys read back
// the same.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "formats/dotenv.h"

namespace syncgate {
namespace {

// Bytes that mean something to a dotenv file, most of the time.
rc::Gen<std::string> Bytes() {
  return rc::gen::container<std::string>(
      rc::gen::weightedOneOf<char>({{6, rc::gen::elementOf(std::string("AB=1 \t\n\r'\"\\#$`n"))},
                                    {1, rc::gen::arbitrary<char>()}}));
}

rc::Gen<std::string> Value() {
  return rc::gen::container<std::string>(
      rc::gen::elementOf(std::string("ab1 \n'\"\\#$={}:/,\xE7\xBC\x98")));
}

std::string Line(std::size_t number, const std::string& eol) {
  const std::string key = "K" + std::to_string(number);
  const std::vector<std::string> shapes = {key + "=v",
                                           "export " + key + " = two words # note",
                                           key + "='lit $eral'",
                                           key + "=\"a\\n\\\"b\"",
                                           key + "=",
                                           key + "=\"over" + eol + "lines\"",
                                           key + "=doubt#ful",
                                           "  " + key + "=x  ",
                                           key + "=" + key + "'s",
                                           key + "='' # empty"};
  return *rc::gen::elementOf(shapes);
}

// A file that parses, with comments, blank lines and either line ending.
std::string File() {
  const std::string eol = *rc::gen::element<std::string>("\n", "\r\n");
  std::string bytes = *rc::gen::element<std::string>("", "\xEF\xBB\xBF");
  const auto lines = *rc::gen::inRange<std::size_t>(1, 8);
  for (std::size_t i = 0; i < lines; ++i) {
    bytes += *rc::gen::element<std::string>("", "# it's a \"note\"" + eol, eol);
    bytes += Line(i, eol);
    if (i + 1 < lines || *rc::gen::arbitrary<bool>()) bytes += eol;
  }
  return bytes;
}

std::vector<ConfigKey> Keys(const std::vector<DotenvEntry>& entries) {
  std::vector<ConfigKey> keys;
  for (const DotenvEntry& entry : entries) keys.push_back(entry.key);
  return keys;
}

TEST(DotenvProperty, EditingOneValueChangesNoOtherByte) {
  EXPECT_TRUE(rc::check([] {
    const std::string before = File();
    const auto entries = ParseDotenv(before);
    RC_ASSERT(entries.has_value());
    const DotenvEntry entry = *rc::gen::elementOf(*entries);
    const std::string value = *Value();
    const auto after = EditDotenv(before, {{entry.key, value}});
    if (!after) {
      RC_ASSERT(after.error().code == "config-value-unwritable");
      return;
    }
    const std::string head = before.substr(0, entry.value_begin);
    const std::string tail = before.substr(entry.value_end);
    RC_ASSERT(after->size() >= head.size() + tail.size());
    RC_ASSERT(after->starts_with(head));
    RC_ASSERT(after->ends_with(tail));
    const auto again = ParseDotenv(*after);
    RC_ASSERT(again.has_value());
    RC_ASSERT(Keys(*again) == Keys(*entries));
    for (std::size_t i = 0; i < again->size(); ++i) {
      RC_ASSERT((*again)[i].value == ((*again)[i].key == entry.key ? value : (*entries)[i].value));
    }
  }));
}

TEST(DotenvProperty, AddingAndRemovingAKeyRestoresTheFile) {
  EXPECT_TRUE(rc::check([] {
    const std::string before = File();
    const ConfigKey key("NEW");
    const auto added = EditDotenv(before, {{key, *Value()}});
    if (!added) return;
    RC_ASSERT(added->starts_with(before));
    const auto removed = EditDotenv(*added, {{key, std::nullopt}});
    RC_ASSERT(removed.has_value());
    RC_ASSERT(*removed == before);
  }));
}

TEST(DotenvProperty, AnyBytesParseOrAreRefused) {
  EXPECT_TRUE(rc::check([] {
    const std::string bytes = *Bytes();
    const auto entries = ParseDotenv(bytes);
    if (!entries) {
      RC_ASSERT(entries.error().kind == ErrorKind::kRefused);
      return;
    }
    std::size_t at = 0;
    for (const DotenvEntry& entry : *entries) {
      RC_ASSERT(at <= entry.begin);
      RC_ASSERT(entry.begin < entry.value_begin);
      RC_ASSERT(entry.value_begin <= entry.value_end);
      RC_ASSERT(entry.value_end <= entry.end);
      at = entry.end;
    }
    RC_ASSERT(at <= bytes.size());
  }));
}

}  // namespace
}  // namespace syncgate
