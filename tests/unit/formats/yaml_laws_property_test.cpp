// yaml before two judges: PyYAML, a reader of YAML 1.1, and yaml for Node, one of YAML 1.2.
#include <gtest/gtest.h>

#include "formats/scalar.h"
#include "yaml_maker_property.h"

namespace syncgate {
namespace {

std::string Value(const MadeKey& key) {
  static const std::vector<std::string> kPieces = {
      "a",    "b",  "1",  " ", "\n", "\t", "'", "\"", "\\", "#",  "$",    ":",
      ": ",   " #", ", ", "-", "{",  "}",  "[", "]",  "缘", "😀", "\x01", "\xC2\x85",
      "\x7F", "&",  "*",  "!", "|",  ">",  "%", "@",  "`",  "?",  "? ",   "\xEF\xBB\xBF",
      "\r",   "=",  "."};
  if (key.list && *rc::gen::inRange(0, 8) > 0) {
    return OneOf({"[1]", "[\"x y\",\"- z\",\"5\",null]", "[1,\"x y\"]", "[\"no\",\"z\",\"#\"]"});
  }
  if (*rc::gen::arbitrary<bool>()) {
    return OneOf({"5", "-1.50", "0x1F", ".inf", "true", "null", "[]", "[1,\"x\",null]",
                  "[\"a, b\",\"- c\",\"5\"]"});
  }
  if (*rc::gen::arbitrary<bool>()) {  // what reads as something else without quotes
    return StringNotation(OneOf({"",
                                 "5",
                                 "yes",
                                 "No",
                                 "y",
                                 "null",
                                 "~",
                                 "012",
                                 "0o14",
                                 "1:30",
                                 "1e3",
                                 "1_000",
                                 "2026-01-02",
                                 "<<",
                                 "=",
                                 "- x",
                                 "---",
                                 "...",
                                 "a: b",
                                 "a #b",
                                 "a:",
                                 " a",
                                 "a ",
                                 "{}",
                                 "[]",
                                 "0x1F",
                                 ".5",
                                 "+1",
                                 "True",
                                 ".NaN",
                                 "2026-01-02T03:04:05Z",
                                 "12e4567",
                                 "1,000"}));
  }
  std::string value;
  const auto count = *rc::gen::inRange(0, 6);
  for (int i = 0; i < count; ++i) value += *rc::gen::elementOf(kPieces);
  return StringNotation(value);
}

class YamlLaws : public testing::Test {
 protected:
  static LawCase Law() {
    static Judge npm("npm");
    static Judge python("python");
    LawCase law;
    law.format = "yaml";
    law.make = MakeYaml;
    law.value = Value;
    law.fresh = [](const MadeFile& file) {
      const std::string name = OneOf({"new", "n: 'w", "n~1w", ""});
      if (file.keys.empty()) return ConfigKey("/" + name);
      const auto index = *rc::gen::inRange<std::size_t>(0, file.keys.size());
      const std::string& key = file.keys[index].key;
      return ConfigKey(key.substr(0, key.rfind('/')) + "/" + name);
    };
    law.judges = {&npm, &python};
    // A list over lines becomes neither empty nor a scalar.
    law.value_refusals = {"config-value-unwritable"};
    // A mapping of which no key stands on a line of its own.
    law.add_refusals = {"config-key-unwritable"};
    // The only key of its mapping; one behind which a comment would change its meaning.
    law.remove_refusals = {"config-key-unwritable"};
    return law;
  }
};

TEST_F(YamlLaws, Editing) { CheckEditingLaw(Law()); }
TEST_F(YamlLaws, Adding) { CheckAddingLaw(Law()); }
TEST_F(YamlLaws, Removing) { CheckRemovingLaw(Law()); }
TEST_F(YamlLaws, Restoring) { CheckRestoringLaw(Law()); }
TEST_F(YamlLaws, Damaged) { CheckDamagedLaw(Law(), "ab1:-#{}[],&*!|>'\"%@`? \n\r\t.~<="); }
TEST_F(YamlLaws, Reading) {
  CheckReadingLaw(Law(),
                  {" ", "#", " #", "'", "\"", "~", ".", "e", "_", "0", "\xC2\xA0", "\xC3\xA9"});
}

}  // namespace
}  // namespace syncgate
