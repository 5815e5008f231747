#include "artifact/sealed_text.h"

#include <boost/json.hpp>
#include <stdexcept>

#include "artifact/cells.h"
#include "artifact/protection.h"
#include "core/base64.h"

namespace syncgate {

namespace bj = boost::json;

namespace {

std::string FullContext(std::string_view context) {
  return SealContext({"syncgate text", context});
}

}  // namespace

bj::value EncodeSealed(std::string_view context, const std::string& bytes) {
  const SealKey* key = ArtifactKey();
  if (key == nullptr) return EncodeCell(bytes);
  return bj::object{{"sealed", ToBase64(key->Seal(FullContext(context), bytes))}};
}

std::optional<std::string> DecodeSealed(const bj::value& value, std::string_view context) {
  const auto* object = value.if_object();
  const auto* sealed = object == nullptr ? nullptr : object->if_contains("sealed");
  if (sealed == nullptr) {
    Cell cell;
    if (!DecodeCell(value, &cell) || !cell) throw std::invalid_argument("no value");
    return cell;
  }
  const SealKey* key = ArtifactKey();
  if (key == nullptr) return std::nullopt;
  const auto bytes = FromBase64(std::string_view(sealed->as_string()));
  auto plain = bytes ? key->Open(FullContext(context), *bytes) : std::nullopt;
  if (!plain) throw std::invalid_argument("an encrypted value does not open");
  return plain;
}

}  // namespace syncgate
