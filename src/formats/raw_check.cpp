#include <expat.h>
#include <ini.h>
#include <toml++/toml.h>
#include <yaml.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include "formats/raw_format.h"
#include "formats/scalar.h"
#include "json/json.h"

namespace syncgate {
namespace {

// The parsers' own words are left out: some of them quote the file.
std::unexpected<Error> NotA(const char* format, std::size_t line, const std::string& what = {}) {
  return Fail(ErrorKind::kRefused, "config-unparsable",
              "line " + std::to_string(line) + ": the file is no " + format +
                  (what.empty() ? "" : " (" + what + ")"),
              "correct the file, or `check` in its entry of syncgate.yml");
}

// Hands inih one line after the other. Its lines end at 200 bytes: a longer one is cut, which its
// value survives as far as the shape of the line goes.
struct IniLines {
  std::string_view rest;
};

char* NextIniLine(char* line, int size, void* stream) {
  auto& lines = *static_cast<IniLines*>(stream);
  if (lines.rest.empty()) return nullptr;
  const std::size_t end = std::min(lines.rest.find('\n'), lines.rest.size());
  const std::size_t length = std::min(end, static_cast<std::size_t>(size) - 2);
  std::memcpy(line, lines.rest.data(), length);
  std::memcpy(line + length, "\n", 2);
  lines.rest.remove_prefix(std::min(end + 1, lines.rest.size()));
  return line;
}

Result<void> CheckIni(std::string_view text) {
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return NotA("INI file",
                1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, nul), '\n')),
                "a NUL byte");
  }
  IniLines lines{text};
  const auto take = [](void*, const char*, const char*, const char*) { return 1; };
  const int wrong = ini_parse_stream(NextIniLine, &lines, take, nullptr);
  if (wrong == 0) return {};
  return NotA("INI file", static_cast<std::size_t>(std::max(wrong, 1)),
              "expected [section], key = value or a comment");
}

Result<void> CheckToml(std::string_view text) {
  try {
    static_cast<void>(toml::parse(text));
    return {};
  } catch (const toml::parse_error& error) {
    return NotA("TOML file", error.source().begin.line);
  }
}

Result<void> CheckXml(std::string_view text) {
  const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate(nullptr),
                                                                       XML_ParserFree);
  const std::string copy(text);
  const auto size = static_cast<int>(copy.size());
  if (XML_Parse(parser.get(), copy.c_str(), size, XML_TRUE) == XML_STATUS_OK) return {};
  return NotA("XML file", XML_GetCurrentLineNumber(parser.get()),
              XML_ErrorString(XML_GetErrorCode(parser.get())));
}

Result<void> CheckJson(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const auto value = ParseJson(text); !value) {
    return Fail(ErrorKind::kRefused, "config-unparsable",
                "the file is no JSON: " + value.error().message,
                "correct the file, or `check` in its entry of syncgate.yml");
  }
  return {};
}

// libyaml, since yaml-cpp 0.7 reads "," for ever: a document that ends where it began.
Result<void> CheckYaml(std::string_view text) {
  yaml_parser_t parser;
  if (yaml_parser_initialize(&parser) == 0) throw std::bad_alloc();
  const std::unique_ptr<yaml_parser_t, void (*)(yaml_parser_t*)> owner(&parser, yaml_parser_delete);
  const std::string copy(text);  // libyaml wants bytes that are not const
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(copy.data()),
                               copy.size());
  for (bool done = false; !done;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) {
      // A byte that is no character has an offset only.
      if (parser.error == YAML_READER_ERROR) {
        return NotA("YAML file", LineAt(text, parser.problem_offset));
      }
      return NotA("YAML file", std::max(parser.problem_mark.line, parser.mark.line) + 1);
    }
    done = event.type == YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
  return {};
}

}  // namespace

Result<void> CheckText(std::string_view text, RawCheck check) {
  switch (check) {
    case RawCheck::kNone:
      return {};
    case RawCheck::kIni:
      return CheckIni(text);
    case RawCheck::kToml:
      return CheckToml(text);
    case RawCheck::kXml:
      return CheckXml(text);
    case RawCheck::kJson:
      return CheckJson(text);
    case RawCheck::kYaml:
      return CheckYaml(text);
  }
  return {};
}

}  // namespace syncgate
