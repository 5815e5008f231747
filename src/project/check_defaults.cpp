#include <set>

#include "project/internal.h"

namespace syncgate {
namespace {

namespace bj = boost::json;

constexpr std::size_t kLongestName = 120;

void Default(bj::object& object, std::string_view key, bj::value value) {
  if (!object.contains(key)) object.emplace(key, std::move(value));
}

// At the end of a character of UTF-8.
std::string Cut(std::string text) {
  if (text.size() <= kLongestName) return text;
  std::size_t end = kLongestName;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

void FillEquals(bj::object& probe) {
  auto* equals = probe.if_contains("equals");
  if (equals != nullptr && !equals->is_string()) *equals = bj::serialize(*equals);
}

// Makes the defaults of one check explicit; its name, should it have none.
std::string FillCheck(bj::object& check) {
  std::string name;
  if (auto* http = check.if_contains("http")) {
    Default(http->as_object(), "status", 200);
    FillEquals(http->as_object());
    name = "http " + TextOf(http->as_object(), "url");
  }
  if (auto* sql = check.if_contains("sql")) {
    FillEquals(sql->as_object());
    name = "sql " + TextOf(sql->as_object(), "query");
  }
  if (auto* command = check.if_contains("command")) {
    if (command->is_array()) *command = bj::object{{"argv", bj::array(command->get_array())}};
    bj::object& object = command->as_object();
    Default(object, "exit", 0);
    Default(object, "contains", "");
    name = "command " + std::string(object.at("argv").as_array().at(0).as_string());
  }
  Default(check, "passes", 1);
  Default(check, "attempts", 10);
  Default(check, "interval_ms", 1000);
  Default(check, "timeout_ms", 5000);
  return Cut(name);
}

}  // namespace

void FillChecks(bj::array* checks) {
  std::set<std::string> taken;
  for (const auto& check : *checks) taken.insert(TextOf(check.as_object(), "name"));
  for (auto& value : *checks) {
    bj::object& check = value.as_object();
    const std::string name = FillCheck(check);
    if (check.contains("name")) continue;
    // A reader of JUnit takes two cases of one name for one.
    std::string unique = name;
    for (int i = 2; !taken.insert(unique).second; ++i) {
      unique = name + " (" + std::to_string(i) + ")";
    }
    check.emplace("name", bj::string(unique));
  }
}

}  // namespace syncgate
