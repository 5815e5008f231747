#include "formats/format.h"

#include <array>
#include <utility>

#include "formats/dotenv.h"
#include "formats/json_format.h"
#include "formats/lines.h"
#include "formats/properties.h"
#include "formats/raw_format.h"
#include "formats/yaml_format.h"

namespace syncgate {
namespace {

class DotenvFormat final : public Format {
 public:
  Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const override {
    return ToEntries(bytes, TRY(ParseDotenv(bytes)));
  }
  Result<std::string> Edit(std::string_view bytes,
                           const std::vector<ConfigEdit>& edits) const override {
    return EditDotenv(bytes, edits);
  }
};

class PropertiesFormat final : public Format {
 public:
  Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const override {
    return ToEntries(bytes, TRY(ParseProperties(bytes)));
  }
  Result<std::string> Edit(std::string_view bytes,
                           const std::vector<ConfigEdit>& edits) const override {
    return EditProperties(bytes, edits);
  }
};

class JsonFormat final : public Format {
 public:
  Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const override {
    return ParseJsonConfig(bytes);
  }
  Result<std::string> Edit(std::string_view bytes,
                           const std::vector<ConfigEdit>& edits) const override {
    return EditJsonConfig(bytes, edits);
  }
};

class YamlFormat final : public Format {
 public:
  Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const override {
    return ParseYamlConfig(bytes);
  }
  Result<std::string> Edit(std::string_view bytes,
                           const std::vector<ConfigEdit>& edits) const override {
    return EditYamlConfig(bytes, edits);
  }
};

class RawFormat final : public Format {
 public:
  explicit RawFormat(RawCheck check) : check_(check) {}
  Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const override {
    return ParseRaw(bytes, check_);
  }
  Result<std::string> Edit(std::string_view bytes,
                           const std::vector<ConfigEdit>& edits) const override {
    return EditRaw(bytes, edits, check_);
  }

 private:
  RawCheck check_;
};

}  // namespace

Result<const Format*> FindFormat(std::string_view name) {
  static const DotenvFormat dotenv;
  static const PropertiesFormat properties;
  static const JsonFormat json;
  static const YamlFormat yaml;
  static const RawFormat raw(RawCheck::kNone);
  static const RawFormat raw_ini(RawCheck::kIni);
  static const RawFormat raw_toml(RawCheck::kToml);
  static const RawFormat raw_xml(RawCheck::kXml);
  static const RawFormat raw_json(RawCheck::kJson);
  static const RawFormat raw_yaml(RawCheck::kYaml);
  static const std::array<std::pair<std::string_view, const Format*>, 10> formats = {
      {{"dotenv", &dotenv},
       {"properties", &properties},
       {"json", &json},
       {"yaml", &yaml},
       {"raw", &raw},
       {"raw:ini", &raw_ini},
       {"raw:toml", &raw_toml},
       {"raw:xml", &raw_xml},
       {"raw:json", &raw_json},
       {"raw:yaml", &raw_yaml}}};
  for (const auto& [known, format] : formats) {
    if (known == name) return format;
  }
  return Fail(ErrorKind::kFixProject, "config-format-unknown",
              "configuration format \"" + std::string(name) + "\" does not exist",
              "use: dotenv, properties, json, yaml or raw");
}

}  // namespace syncgate
