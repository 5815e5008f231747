// dotenv before two judges: dotenv for Node and python-dotenv.
#include <gtest/gtest.h>

#include "laws_property.h"

namespace syncgate {
namespace {

struct Shape {
  std::string before;
  std::string value;
  std::string after;
  bool sure = true;
};

MadeFile Make() {
  const std::string eol = MadeLineEnding();
  MadeFile file;
  file.bytes = OneOf({"", "\xEF\xBB\xBF"});
  const auto lines = *rc::gen::inRange<std::size_t>(1, 8);
  for (std::size_t i = 0; i < lines; ++i) {
    file.bytes += OneOf({"", "# it's a \"note\" A=1" + eol, eol, "  " + eol});
    const std::string name = "K" + std::to_string(i);
    const Shape shape =
        *rc::gen::elementOf(std::vector<Shape>{{"=", "v", ""},
                                               {"=", "", ""},
                                               {" = ", "two words", " # note"},
                                               {"=", "x", "  "},
                                               {"=", "K's", ""},
                                               {"=", "'lit $eral'", ""},
                                               {"=", "''", " # empty"},
                                               {"=", "\"a\\n\\\"b\"", ""},
                                               {"=", "\"back\\\\slash\"", "\t# 'x'"},
                                               {"=", "\"over" + eol + "lines # K0=1\"", ""},
                                               {"=", "'over" + eol + "K0=1" + eol + "lines'", " "},
                                               {"=", "doubt#ful", "", false},
                                               {"=", "\"$HOME/x\"", "", false},
                                               {"=", "缘=😀", ""}});
    MadeKey key;
    key.key = name;
    key.sure = shape.sure;
    key.all_begin = file.bytes.size();
    file.bytes += OneOf({"", "", "  ", "export "}) + name + shape.before;
    key.begin = file.bytes.size();
    file.bytes += shape.value;
    key.end = file.bytes.size();
    file.bytes += shape.after;
    if (i + 1 < lines || *rc::gen::arbitrary<bool>()) file.bytes += eol;
    key.all_end = file.bytes.size();
    file.keys.push_back(key);
  }
  return file;
}

std::string Value(const MadeKey&) {
  static const std::vector<std::string> kPieces = {"a", "b", "1", " ", "\n", "'", "\"", "\\", "#",
                                                   "$", "=", "{", "}", ":",  "/", ",",  "缘", "😀"};
  std::string value;
  const auto count = *rc::gen::inRange(0, 7);
  for (int i = 0; i < count; ++i) value += *rc::gen::elementOf(kPieces);
  return value;
}

class DotenvLaws : public testing::Test {
 protected:
  static LawCase Law() {
    static Judge npm("npm");
    static Judge python("python");
    LawCase law;
    law.format = "dotenv";
    law.make = Make;
    law.value = Value;
    law.fresh = [](const MadeFile&) { return ConfigKey("NEW"); };
    law.judges = {&npm, &python};
    // dotenv for Node leaves \" and \\ as they stand. They are written only into a value that has
    // had one of them, so by somebody whose reader knows them.
    law.asks = [](const Judge* judge, const std::string& old, const ConfigEdit& edit) {
      return judge != &npm || !edit.after || !old.starts_with('"') ||
             old.find('\\') == std::string::npos ||
             edit.after->find_first_of("\"\\") == std::string::npos;
    };
    law.value_refusals = {"config-value-unwritable"};
    return law;
  }
};

TEST_F(DotenvLaws, Editing) { CheckEditingLaw(Law()); }
TEST_F(DotenvLaws, Adding) { CheckAddingLaw(Law()); }
TEST_F(DotenvLaws, Removing) { CheckRemovingLaw(Law()); }
TEST_F(DotenvLaws, Restoring) { CheckRestoringLaw(Law()); }
TEST_F(DotenvLaws, Damaged) { CheckDamagedLaw(Law(), "AB=1 \t\n\r'\"\\#$`n"); }
// Without \" and \\, which dotenv for Node leaves as they stand.
TEST_F(DotenvLaws, Reading) {
  CheckReadingLaw(Law(), {" ", "\n", "#", " #", "'", "\"", "$", "=", "\t", "\xC2\xA0",
                          "\xE3\x80\x80", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xC2\x85", "a"});
}

}  // namespace
}  // namespace syncgate
