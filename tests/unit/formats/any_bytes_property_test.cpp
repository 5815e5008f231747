// Whatever bytes a file holds: they are read or refused, and an edit of nothing changes nothing.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>

#include "format_rows.h"

namespace syncgate {
namespace {

TEST(FormatProperty, AnyBytesParseAndStayOrAreRefused) {
  for (const char* name : {"json", "properties", "yaml", "raw", "raw:ini", "raw:toml", "raw:xml",
                           "raw:json", "raw:yaml"}) {
    const Format& format = FormatNamed(name);
    EXPECT_TRUE(rc::check(name, [&format] {
      const std::string bytes = *rc::gen::container<std::string>(rc::gen::weightedOneOf<char>(
          {{8, rc::gen::elementOf(std::string("{}[]\":,\\/ =#!<>&;-ab10u\t\n\r"))},
           {1, rc::gen::arbitrary<char>()}}));
      const auto entries = format.Parse(bytes);
      const auto same = format.Edit(bytes, {});
      RC_ASSERT(entries.has_value() == same.has_value());
      if (same) RC_ASSERT(*same == bytes);
      if (!entries) RC_ASSERT(entries.error().kind == ErrorKind::kRefused);
    }));
  }
}

}  // namespace
}  // namespace syncgate
