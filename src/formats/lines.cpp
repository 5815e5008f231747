#include "formats/lines.h"

namespace syncgate {

std::unexpected<Error> LineUnparsable(std::string_view format, std::size_t line,
                                      const std::string& what) {
  return Fail(ErrorKind::kRefused, "config-unparsable",
              "line " + std::to_string(line) + " of the " + std::string(format) + " file: " + what,
              "write the line so that every reader takes it the same way");
}

Result<void> CheckLineBytes(std::string_view format, std::string_view bytes) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] == '\0') return LineUnparsable(format, line, "a NUL byte (is the file UTF-16?)");
    if (bytes[i] == '\r' && (i + 1 == bytes.size() || bytes[i + 1] != '\n')) {
      return LineUnparsable(format, line, "a carriage return without a line feed");
    }
    if (bytes[i] == '\n') ++line;
  }
  return {};
}

std::unexpected<Error> KeyTwice(const ConfigKey& key, std::size_t first, std::size_t again) {
  return Fail(ErrorKind::kRefused, "config-duplicate-key",
              "key " + key.str() + " stands on line " + std::to_string(first) +
                  " and again on line " + std::to_string(again),
              "remove one of the two lines: which of them counts depends on the reader");
}

bool EndsLine(std::string_view bytes) {
  return bytes.empty() || bytes.ends_with('\n') || bytes == "\xEF\xBB\xBF";
}

void CutLineEnding(std::string& text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
}

}  // namespace syncgate
