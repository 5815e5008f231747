// json before Python's reader.
#include <gtest/gtest.h>

#include "formats/scalar.h"
#include "laws_property.h"

namespace syncgate {
namespace {

std::string Blank() { return OneOf({"", "", " ", "\n  ", "\t", "\r\n"}); }

const std::vector<std::string> kPieces = {
    "a", "B", "1", " ", "/", "~", "\\\"", "\\\\", "缘", "😀", "\\ud83d\\ude00", "{", "]", ",", ":"};

// Without its quotes.
std::string Text(bool controls) {
  std::string text;
  const auto count = *rc::gen::inRange<std::size_t>(0, 5);
  for (std::size_t i = 0; i < count; ++i) {
    const auto piece = *rc::gen::inRange<std::size_t>(0, kPieces.size() + (controls ? 2 : 0));
    text += piece < kPieces.size() ? kPieces[piece] : piece == kPieces.size() ? "\\n" : "\\u0001";
  }
  return text;
}

std::string Scalar() {
  if (*rc::gen::arbitrary<bool>()) return '"' + Text(true) + '"';
  return OneOf({"0", "-1", "1.50", "1E+2", "12345678901234567890123", "true", "false", "null"});
}

class Maker {
 public:
  MadeFile Make(int depth) {
    file_.bytes = OneOf({"", "\xEF\xBB\xBF"}) + Blank();
    Object("", depth);
    file_.bytes += Blank();
    return std::move(file_);
  }

 private:
  void Add(const std::string& text) { file_.bytes += text; }

  // Laid out by chance, or as programs do it.
  void Object(const std::string& pointer, int depth) {
    Add("{");
    const auto members = *rc::gen::inRange<std::size_t>(0, 5);
    const bool pretty = *rc::gen::arbitrary<bool>();
    for (std::size_t i = 0; i < members; ++i) {
      // Each once; without control characters, with which a file is refused.
      const std::string text = "k" + std::to_string(i) + Text(false);
      const auto blank = [&] { return pretty ? std::string() : Blank(); };
      if (i > 0) Add(",");
      Add(pretty ? "\n" + std::string(static_cast<std::size_t>(6 - depth), ' ') : Blank());
      MadeKey key;
      key.lined = false;
      key.all_begin = file_.bytes.size();
      Add('"' + text + '"' + blank() + ":" + (pretty ? " " : Blank()));
      key.key = JoinPointer(pointer, ReadNotation('"' + text + '"')->text);
      key.begin = file_.bytes.size();
      const bool leaf = Value(key, depth - 1);
      key.end = key.all_end = file_.bytes.size();
      if (leaf) file_.keys.push_back(key);
      Add(blank());
    }
    if (pretty && members > 0) Add("\n" + std::string(static_cast<std::size_t>(5 - depth), ' '));
    Add("}");
  }

  // False: an object, which is no key.
  bool Value(MadeKey& key, int depth) {
    const auto kind = *rc::gen::inRange(0, 8);
    if (kind >= 6 && depth > 0) {
      Object(key.key, depth);
      return false;
    }
    if (kind > 1) {
      Add(Scalar());
      return true;
    }
    key.sure = kind == 1;
    if (!key.sure) {
      Add("[{\"k0\": 1}, [2]]");
      return true;
    }
    Add("[");
    const auto items = *rc::gen::inRange<std::size_t>(0, 4);
    for (std::size_t i = 0; i < items; ++i) Add((i == 0 ? "" : ",") + Blank() + Scalar() + Blank());
    Add("]");
    return true;
  }

  MadeFile file_;
};

std::string Value(const MadeKey&) {
  return OneOf({"\"new\"", "\"\"", "\"q\\\"\\\\\\u0001\"", "\"缘😀\"", "\"5\"", "5", "-0.0", "2e9",
                "true", "null", "[]", "[1,\"x\",null]", "[\"a\"]"});
}

class JsonLaws : public testing::Test {
 protected:
  static LawCase Law() {
    static Judge python("python");
    LawCase law;
    law.format = "json";
    law.make = [] { return Maker().Make(3); };
    law.value = Value;
    law.fresh = [](const MadeFile&) { return ConfigKey(OneOf({"/new", "/", "/n~0w~1\"\\ 缘"})); };
    law.judges = {&python};
    // Into an object without members that stands over lines nothing is added.
    law.add_refusals = {"config-key-unwritable"};
    return law;
  }
};

TEST_F(JsonLaws, Editing) { CheckEditingLaw(Law()); }
TEST_F(JsonLaws, Adding) { CheckAddingLaw(Law()); }
TEST_F(JsonLaws, Removing) { CheckRemovingLaw(Law()); }
TEST_F(JsonLaws, Restoring) { CheckRestoringLaw(Law()); }
TEST_F(JsonLaws, Damaged) { CheckDamagedLaw(Law(), "{}[]\",:\\ 1a\n"); }
TEST_F(JsonLaws, Reading) { CheckReadingLaw(Law(), {" ", " ", " ", "\n", "0", "a"}); }

}  // namespace
}  // namespace syncgate
