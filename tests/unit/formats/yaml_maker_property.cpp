#include "yaml_maker_property.h"

#include "formats/scalar.h"

namespace syncgate {
namespace {

class Maker {
 public:
  MadeFile Make() {
    eol_ = MadeLineEnding();
    Add(OneOf({"", "\xEF\xBB\xBF"}));
    begin_ = size();
    Add(OneOf({"", "", "# c: 1" + eol_, eol_, "---" + eol_}));
    base_ = *rc::gen::inRange(0, 3) == 0;
    if (base_) Add("base: &base {x: 1, y: 2}" + eol_);
    Map("", 0, 2);
    if (*rc::gen::arbitrary<bool>()) EndLine();
    const std::string end = OneOf({"", "", "# end" + eol_, "..." + eol_});
    if (!end.empty()) EndLine();
    Add(end);
    for (MadeKey& key : file_.keys) {
      if (!key.lined) continue;
      const std::size_t line = file_.bytes.find('\n', key.end - (file_.bytes[key.end - 1] == '\n'));
      key.all_end = line == std::string::npos ? size() : line + 1;
    }
    return std::move(file_);
  }

 private:
  struct Shape {
    std::string before;  // behind the colon
    std::string value;
    std::string after;
    bool sure = true;
  };

  void Add(const std::string& text) { file_.bytes += text; }
  std::size_t size() const { return file_.bytes.size(); }

  void EndLine() {
    if (size() > begin_ && !file_.bytes.ends_with('\n')) Add(eol_);
  }

  void Map(const std::string& pointer, std::size_t indent, int depth) {
    const auto members = *rc::gen::inRange<std::size_t>(1, 6);
    const std::string blanks(indent, ' ');
    for (std::size_t i = 0; i < members; ++i) {
      EndLine();
      Add(OneOf({"", "", eol_, blanks + "# k0: 'x" + eol_}));
      if (base_ && i == 0 && *rc::gen::arbitrary<bool>()) Add(blanks + "<<: *base" + eol_);
      const std::string name = "k" + std::to_string(i);
      MadeKey key;
      key.all_begin = size();
      key.key = JoinPointer(pointer, name);
      Add(blanks);
      Add(OneOf({name, name, '\'' + name + '\'', '"' + name + '"'}));
      Add(":");
      switch (*rc::gen::inRange(base_ ? -1 : 0, depth > 0 ? 8 : 6)) {
        case -1:
          Add(" *base");
          break;
        case 0:
          Lines(key, indent);
          break;
        case 1:
          Braces(key);
          break;
        case 6:
        case 7:
          Add(OneOf({"", " # of k0", " "}) + eol_);
          Map(key.key, indent + *rc::gen::element<std::size_t>(1, 2, 4), depth - 1);
          break;
        default:
          Value(key, blanks);
      }
    }
  }

  void Done(MadeKey key, const Shape& shape, bool lined) {
    Add(shape.before);
    key.begin = size();
    Add(shape.value);
    key.end = size();
    Add(shape.after);
    key.lined = lined;
    key.sure = shape.sure;
    file_.keys.push_back(key);
  }

  void Value(const MadeKey& key, const std::string& blanks) {
    const std::string in = eol_ + blanks + "  ";
    const std::vector<Shape> sure = {{" ", "5", ""},
                                     {"   ", "x y", "  # k1: 2"},
                                     {" ", "http://x:80/?y#z", ""},
                                     {" ", "it's 缘 \"q\"", ""},
                                     {" ", "'it''s: # x'", " "},
                                     {" ", "\"a\\n\\u00e9\\\"\\t: #\"", "  #\t# t"},
                                     {" ", "-1.50", ""},
                                     {" ", "true", ""},
                                     {" ", "~", ""},
                                     {" ", "[1, x, '2', \"3, 4\" ]", " # l"},
                                     {" ", "[]", ""},
                                     {" ", "8080:80", ""},
                                     {in, "x", "", true}};
    const std::vector<Shape> strange = {
        {" ", "yes", "", false},
        {" ", "012", "", false},
        {" ", "1:30", "", false},
        {" ", "2026-01-02", "", false},
        {" &a" + std::to_string(size()) + " ", "5", "", false},
        {" !!str ", "5", "", false},
        {"", "", "", false},
        {"", " # only a comment", "", false},
        {" ", "|" + in + "k0: 9" + in + "# no comment" + eol_, "", false},
        {" ", ">-" + in + "a" + eol_ + in + "\tb" + eol_, "", false},
        {" ", "x" + in + "y", "", false},
        {" ", "'x" + in + "k0: 1'", "", false},
        {" ", "[a," + in + "b, # k0: 1" + in + "c]", "", false},
        {" ", "[{a: 1}, [b]]", "", false},
        {" ", "[x, no]", "", false}};
    const Shape shape = *rc::gen::elementOf(*rc::gen::inRange(0, 8) == 0 ? strange : sure);
    Done(key, shape, true);
  }

  // A list in lines.
  void Lines(MadeKey key, std::size_t indent) {
    const std::string dash(indent + *rc::gen::element<std::size_t>(0, 2), ' ');
    const std::string item = OneOf({"- ", "-   "});
    const auto items = *rc::gen::inRange(1, 4);
    const bool strange = *rc::gen::inRange(0, 8) == 0;
    Add(eol_ + dash);
    Shape shape{"", "", "", !strange};
    for (int i = 0; i < items; ++i) {
      if (i > 0) shape.value += eol_ + dash;
      shape.value += item + OneOf({"1", "x y", "'z'", "\"#\""});
      if (i > 0 || !strange) continue;
      shape.value += OneOf({" # c" + eol_ + dash + "- k0: 1", eol_ + eol_ + dash + "- [1]"});
    }
    Done(key, shape, true);
    file_.keys.back().list = true;
  }

  // A mapping in brackets, in which each value is a key of its own.
  void Braces(const MadeKey& above) {
    Add(" {");
    const auto members = *rc::gen::inRange(1, 4);
    for (int i = 0; i < members; ++i) {
      if (i > 0) Add(OneOf({", ", ","}));
      MadeKey key;
      const std::string name = "k" + std::to_string(i);
      key.key = JoinPointer(above.key, name);
      key.all_begin = size();
      Add(OneOf({name, '"' + name + '"'}) + ":");
      Done(key, {" ", OneOf({"1", "x y", "'z, }'", "[a, b]"}), ""}, false);
      file_.keys.back().all_end = size();
    }
    Add("}");
  }

  std::string eol_;
  std::size_t begin_ = 0;  // behind the byte order mark
  bool base_ = false;      // there is an anchor to refer to
  MadeFile file_;
};

}  // namespace

MadeFile MakeYaml() { return Maker().Make(); }

}  // namespace syncgate
