#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <charconv>
#include <set>
#include <vector>

#include "json/json.h"

namespace syncgate {
namespace {

namespace bj = boost::json;
using ErrorCode = bj::error_code;

// Builds the value while the parser reads, and watches the keys of every open object. The limits
// are those of the type; ours are looked at before.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = bj::object::max_size();
  static constexpr std::size_t max_array_size = bj::array::max_size();
  static constexpr std::size_t max_key_size = bj::string::max_size();
  static constexpr std::size_t max_string_size = bj::string::max_size();

  bool on_document_begin(ErrorCode&) {
    stack_.reset();
    return true;
  }
  bool on_document_end(ErrorCode&) { return true; }
  bool on_object_begin(ErrorCode&) {
    keys_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, ErrorCode&) {
    keys_.pop_back();
    stack_.push_object(count);
    return true;
  }
  bool on_array_begin(ErrorCode&) { return true; }
  bool on_array_end(std::size_t count, ErrorCode&) {
    stack_.push_array(count);
    return true;
  }
  bool on_key_part(bj::string_view part, std::size_t, ErrorCode&) {
    key_.append(part.data(), part.size());
    stack_.push_chars(part);
    return true;
  }
  bool on_key(bj::string_view part, std::size_t, ErrorCode& error) {
    key_.append(part.data(), part.size());
    if (!keys_.back().insert(key_).second) {
      duplicate_ = key_;
      error = bj::error::syntax;
      return false;
    }
    key_.clear();
    stack_.push_key(part);
    return true;
  }
  bool on_string_part(bj::string_view part, std::size_t, ErrorCode&) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(bj::string_view part, std::size_t, ErrorCode&) {
    stack_.push_string(part);
    return true;
  }
  bool on_number_part(bj::string_view, ErrorCode&) { return true; }
  bool on_int64(std::int64_t number, bj::string_view, ErrorCode&) {
    stack_.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t number, bj::string_view, ErrorCode&) {
    stack_.push_uint64(number);
    return true;
  }
  bool on_double(double number, bj::string_view, ErrorCode&) {
    stack_.push_double(number);
    return true;
  }
  bool on_bool(bool value, ErrorCode&) {
    stack_.push_bool(value);
    return true;
  }
  bool on_null(ErrorCode&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(bj::string_view, ErrorCode&) { return true; }
  bool on_comment(bj::string_view, ErrorCode&) { return true; }

  bj::value Release() { return stack_.release(); }
  const std::string& duplicate() const { return duplicate_; }

 private:
  bj::value_stack stack_;
  std::vector<std::set<std::string>> keys_;
  std::string key_;
  std::string duplicate_;
};

std::string Where(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(before.size() - start + 1);
}

std::unexpected<Error> Invalid(std::string message) {
  return Fail(ErrorKind::kFailed, "json-invalid", std::move(message));
}

}  // namespace

Result<bj::value> ParseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) {
    return Invalid("the text is larger than " + std::to_string(limits.bytes) + " bytes");
  }
  bj::parse_options options;
  options.max_depth = limits.depth;
  bj::basic_parser<StrictHandler> parser(options);
  ErrorCode error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (!parser.handler().duplicate().empty()) {
    return Fail(ErrorKind::kFailed, "json-duplicate-key",
                Where(text, used) + ": the key \"" + parser.handler().duplicate() +
                    "\" stands there twice");
  }
  if (error == bj::error::incomplete) return Invalid("the text ends too early");
  if (error) return Invalid(Where(text, used) + ": " + error.message());
  const std::size_t rest = text.find_first_not_of(" \t\r\n", used);
  if (rest != text.npos) return Invalid(Where(text, rest) + ": text after the end of the value");
  return parser.handler().Release();
}

namespace {

std::string NumberText(double number) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return {buffer, end};
}

}  // namespace

Result<std::string> ReadPointer(std::string_view body, std::string_view pointer) {
  const bj::value value = TRY(ParseJson(body));
  ErrorCode error;
  const bj::value* found =
      value.find_pointer(bj::string_view(pointer.data(), pointer.size()), error);
  if (found == nullptr) {
    return Fail(ErrorKind::kFailed, "json-pointer", "nothing stands at " + std::string(pointer));
  }
  switch (found->kind()) {
    case bj::kind::string:
      return std::string(found->get_string());
    case bj::kind::int64:
      return std::to_string(found->get_int64());
    case bj::kind::uint64:
      return std::to_string(found->get_uint64());
    case bj::kind::double_:
      return NumberText(found->get_double());
    case bj::kind::bool_:
      return std::string(found->get_bool() ? "true" : "false");
    case bj::kind::null:
      return std::string("null");
    default:
      return Fail(ErrorKind::kFailed, "json-pointer",
                  "what stands at " + std::string(pointer) + " is no single value");
  }
}

}  // namespace syncgate
