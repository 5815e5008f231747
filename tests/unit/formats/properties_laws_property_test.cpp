// properties before a reader that follows java.util.Properties: dot-properties.
#include <gtest/gtest.h>

#include "laws_property.h"

namespace syncgate {
namespace {

struct Shape {
  std::string before;  // behind the key
  std::string value;
  bool sure = true;
};

MadeFile Make() {
  const std::string eol = MadeLineEnding();
  MadeFile file;
  const auto lines = *rc::gen::inRange<std::size_t>(1, 8);
  for (std::size_t i = 0; i < lines; ++i) {
    file.bytes +=
        OneOf({"", "# note = 1" + eol, "! x\\" + eol, eol, " \t" + eol, "  #\\u12" + eol});
    const std::string name = "k" + std::to_string(i);
    const Shape shape =
        *rc::gen::elementOf(std::vector<Shape>{{"=", "v"},
                                               {" : ", "two words "},
                                               {" ", "x"},
                                               {"\t=\t", "x\ty"},
                                               {"", ""},
                                               {"=", ""},
                                               {"=", "a\\" + eol + "   b"},
                                               {"=", "a,\\" + eol + "#b,\\" + eol + "!c\\" + eol},
                                               {"=\\" + eol + "  ", "v"},
                                               {" \\" + eol + " = ", "v", false},
                                               {"=", "\\u7f18\\t\\\\"},
                                               {":", "=x:y#!"},
                                               {"=", "C:\\\\x\\:\\=\\ "},
                                               {"=", "é", false},
                                               {"=", "\\u0001", false}});
    MadeKey key;
    key.key = name;
    key.sure = shape.sure;
    key.all_begin = file.bytes.size();
    file.bytes += OneOf({"", "", "  ", "\t"});
    const auto spelling = *rc::gen::inRange(0, 4);
    if (spelling == 0) {
      file.bytes += name + "\\ z";
      key.key += " z";
    } else if (spelling == 1) {
      file.bytes += "\\u006b" + std::to_string(i);
    } else {
      file.bytes += name;
    }
    file.bytes += shape.before;
    key.begin = file.bytes.size();
    file.bytes += shape.value;
    key.end = file.bytes.size();
    // A value that ends in a continuation needs a line to end on.
    const bool more = i + 1 < lines || shape.value.ends_with('\n');
    if (more || *rc::gen::arbitrary<bool>()) file.bytes += eol;
    key.all_end = file.bytes.size();
    file.keys.push_back(key);
  }
  return file;
}

std::string Value(const MadeKey&) {
  static const std::vector<std::string> kPieces = {"a",  "b",  "1", " ", "\t", "\n", "\r",
                                                   "\f", "\\", "#", "!", "=",  ":",  "'",
                                                   "\"", "u",  "n", "é", "缘", "😀"};
  std::string value;
  const auto count = *rc::gen::inRange(0, 7);
  for (int i = 0; i < count; ++i) value += *rc::gen::elementOf(kPieces);
  return value;
}

class PropertiesLaws : public testing::Test {
 protected:
  static LawCase Law() {
    static Judge npm("npm");
    LawCase law;
    law.format = "properties";
    law.make = Make;
    law.value = Value;
    law.fresh = [](const MadeFile&) {
      return ConfigKey(OneOf({"new", "#new", "n e=w:", "né\\w", "\tn"}));
    };
    law.judges = {&npm};
    // An empty value on the line after its key.
    law.value_refusals = {"config-value-unwritable"};
    // Of a last line without an end, where the one before it continues into nothing.
    law.remove_refusals = {"config-key-unwritable"};
    return law;
  }
};

TEST_F(PropertiesLaws, Editing) { CheckEditingLaw(Law()); }
TEST_F(PropertiesLaws, Adding) { CheckAddingLaw(Law()); }
TEST_F(PropertiesLaws, Removing) { CheckRemovingLaw(Law()); }
TEST_F(PropertiesLaws, Restoring) { CheckRestoringLaw(Law()); }
TEST_F(PropertiesLaws, Damaged) { CheckDamagedLaw(Law(), "ab=: \t\n\r\f\\#!u1"); }
TEST_F(PropertiesLaws, Reading) {
  CheckReadingLaw(Law(), {" ", "\n", "=", ":", "\\", "\\\n", "\f", "\t", "#", "!", "a", "\\u00e9"});
}

}  // namespace
}  // namespace syncgate
