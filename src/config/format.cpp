#include "config/format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/dotenv.h"

namespace syncgate {
namespace {

class DotenvFormat final : public Format {
 public:
  Result<std::vector<ConfigEntry>> Parse(std::string_view bytes) const override {
    std::vector<ConfigEntry> entries;
    for (DotenvEntry& entry : TRY(ParseDotenv(bytes))) {
      std::string raw(bytes.substr(entry.value_begin, entry.value_end - entry.value_begin));
      entries.push_back({std::move(entry.key), std::move(entry.value), std::move(raw),
                         std::move(entry.doubt), entry.line});
    }
    return entries;
  }

  Result<std::string> Edit(std::string_view bytes,
                           const std::vector<ConfigEdit>& edits) const override {
    return EditDotenv(bytes, edits);
  }
};

constexpr std::array<std::string_view, 4> kPlanned = {"properties", "json", "yaml", "raw"};

}  // namespace

Result<const Format*> FindFormat(std::string_view name) {
  static const DotenvFormat dotenv;
  if (name == "dotenv") return &dotenv;
  const std::string quoted = "\"" + std::string(name) + "\"";
  if (std::ranges::find(kPlanned, name) != kPlanned.end()) {
    return Fail(ErrorKind::kRefused, "config-format-unsupported",
                "configuration format " + quoted + " is not supported by this version of syncgate",
                "this version edits dotenv files only");
  }
  return Fail(ErrorKind::kFixProject, "config-format-unknown",
              "configuration format " + quoted + " does not exist", "use: dotenv");
}

}  // namespace syncgate
