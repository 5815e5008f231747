#include "json/schema.h"

#include <map>
#include <memory>
#include <mutex>

#include "json/embedded_schemas.h"
#include "json/json.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

namespace syncgate {
namespace {

namespace bj = boost::json;

struct Compiled {
  bj::value document;
  valijson::Schema schema;
};

std::unexpected<Error> Broken(std::string_view name, const std::string& why) {
  return Fail(ErrorKind::kFailed, "schema-broken",
              "the embedded schema " + std::string(name) + " is unusable: " + why);
}

Result<std::unique_ptr<Compiled>> Compile(std::string_view name) {
  for (const EmbeddedSchema& embedded : EmbeddedSchemas()) {
    if (embedded.name != name) continue;
    auto compiled = std::make_unique<Compiled>();
    compiled->document = TRY(ParseJson(embedded.text));
    try {
      valijson::SchemaParser parser;
      parser.populateSchema(valijson::adapters::BoostJsonAdapter(compiled->document),
                            compiled->schema);
    } catch (const std::exception& exception) {
      return Broken(name, exception.what());
    }
    return compiled;
  }
  return Broken(name, "there is no such schema");
}

// Compiled once a process and never again.
Result<const Compiled*> Find(std::string_view name) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<Compiled>, std::less<>> cache;
  const std::lock_guard lock(mutex);
  auto found = cache.find(name);
  if (found == cache.end()) {
    found = cache.emplace(std::string(name), TRY(Compile(name))).first;
  }
  return found->second.get();
}

}  // namespace

Result<void> ValidateJson(std::string_view schema, const bj::value& value) {
  const Compiled* compiled = TRY(Find(schema));
  bool valid = false;
  try {
    valijson::Validator validator;
    valid =
        validator.validate(compiled->schema, valijson::adapters::BoostJsonAdapter(value), nullptr);
  } catch (const std::exception& exception) {
    return Broken(schema, exception.what());
  }
  if (valid) return {};
  const auto violation = ExplainViolation(compiled->document.get_object(), value);
  return Fail(
      ErrorKind::kFailed, "schema-violation",
      violation ? violation->Sentence() : "the value breaks the schema " + std::string(schema));
}

}  // namespace syncgate
