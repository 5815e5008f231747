// Structs to JSON objects and back by one list of fields each: `Fields(archive, value)` names every
// member once, and JsonWriter and JsonReader walk it. So what is written is what is read.
#pragma once

#include <boost/json.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include "artifact/cells.h"
#include "artifact/enum_names.h"
#include "artifact/protection.h"
#include "artifact/sealed_text.h"
#include "core/digest.h"
#include "core/names.h"
#include "core/utf8.h"

namespace syncgate {

// A T or a const T: a Fields function serves both directions.
template <typename T, typename U>
concept Of = std::same_as<std::remove_const_t<T>, U>;

// Throws std::invalid_argument for text that is no UTF-8: it could not be read back.
class JsonWriter {
 public:
  template <typename T>
  JsonWriter& operator()(const char* name, const T& value) {
    object_[name] = Encode(value);
    return *this;
  }
  // An absent value has no member.
  template <typename T>
  JsonWriter& operator()(const char* name, const std::optional<T>& value) {
    if (value) object_[name] = Encode(*value);
    return *this;
  }
  // For people: bytes that are no UTF-8 are replaced, not refused.
  JsonWriter& Prose(const char* name, const std::string& value) {
    object_[name] = ToUtf8(value);
    return *this;
  }
  // Prose that may name rows or quote values: sealed where artifacts are.
  JsonWriter& Words(const char* name, const std::string& value) {
    object_[name] = ToUtf8(value);
    if (ArtifactKey() != nullptr) object_[name] = EncodeSealed(name, ToUtf8(value));
    return *this;
  }
  JsonWriter& WordsUnless(bool absent, const char* name, const std::string& value) {
    return absent ? *this : Words(name, value);
  }
  // A value that is any bytes (cells.h), sealed where artifacts are; `owner` says whose it is.
  JsonWriter& Bytes(const char* name, const std::string& owner,
                    const std::optional<std::string>& value) {
    if (value) object_[name] = EncodeSealed(SealContext({name, owner}), *value);
    return *this;
  }
  // Absent where it is zero or empty.
  template <typename T>
  JsonWriter& Unless(bool absent, const char* name, const T& value) {
    return absent ? *this : (*this)(name, value);
  }
  boost::json::object Take() { return std::move(object_); }

  template <typename T>
  static boost::json::value Encode(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      return value;
    } else if constexpr (std::is_integral_v<T>) {
      return static_cast<std::int64_t>(value);
    } else if constexpr (std::is_enum_v<T>) {
      return boost::json::string(NameOf(value));
    } else {
      return EncodeClass(value);
    }
  }

 private:
  static boost::json::value EncodeClass(const std::string& text) {
    if (!IsUtf8(text)) throw std::invalid_argument("\"" + ToUtf8(text) + "\" is no UTF-8");
    return boost::json::string(text);
  }
  static boost::json::value EncodeClass(const Digest& digest) { return EncodeClass(digest.hex()); }
  template <typename Tag>
  static boost::json::value EncodeClass(const Name<Tag>& name) {
    return EncodeClass(name.str());
  }
  template <typename T>
  static boost::json::value EncodeClass(const std::vector<T>& list) {
    boost::json::array array;
    array.reserve(list.size());
    for (const T& item : list) array.push_back(Encode(item));
    return array;
  }
  template <typename T>
  static boost::json::value EncodeClass(const T& value) {
    JsonWriter inner;
    Fields(inner, value);
    return inner.Take();
  }

  boost::json::object object_;
};

// For objects that their schema accepted; throws what boost::json throws for others.
class JsonReader {
 public:
  explicit JsonReader(const boost::json::object& object) : object_(object) {}

  template <typename T>
  JsonReader& operator()(const char* name, T& value) {
    Decode(object_.at(name), value);
    return *this;
  }
  template <typename T>
  JsonReader& operator()(const char* name, std::optional<T>& value) {
    if (const auto* found = object_.if_contains(name)) Decode(*found, value.emplace());
    return *this;
  }
  JsonReader& Prose(const char* name, std::string& value) { return (*this)(name, value); }
  // Without the key that it is sealed with, a value is absent and words are "(encrypted)": for
  // readers that ask for neither (document_io.h, Inspect...).
  JsonReader& Words(const char* name, std::string& value) {
    value = DecodeSealed(object_.at(name), name).value_or("(encrypted)");
    return *this;
  }
  JsonReader& WordsUnless(bool, const char* name, std::string& value) {
    return object_.contains(name) ? Words(name, value) : *this;
  }
  JsonReader& Bytes(const char* name, const std::string& owner, std::optional<std::string>& value) {
    if (const auto* found = object_.if_contains(name)) {
      value = DecodeSealed(*found, SealContext({name, owner}));
    }
    return *this;
  }
  template <typename T>
  JsonReader& Unless(bool, const char* name, T& value) {
    if (const auto* found = object_.if_contains(name)) Decode(*found, value);
    return *this;
  }

  template <typename T>
  static void Decode(const boost::json::value& json, T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      value = json.as_bool();
    } else if constexpr (std::is_integral_v<T>) {
      value = json.to_number<T>();
    } else if constexpr (std::is_enum_v<T>) {
      value = FromName<T>(json.as_string()).value();
    } else {
      DecodeClass(json, value);
    }
  }

 private:
  static void DecodeClass(const boost::json::value& json, std::string& text) {
    text = std::string(json.as_string());
  }
  static void DecodeClass(const boost::json::value& json, Digest& digest) {
    digest = Digest(std::string(json.as_string()));
  }
  template <typename Tag>
  static void DecodeClass(const boost::json::value& json, Name<Tag>& name) {
    name = Name<Tag>(std::string(json.as_string()));
  }
  template <typename T>
  static void DecodeClass(const boost::json::value& json, std::vector<T>& list) {
    list.clear();
    for (const auto& item : json.as_array()) Decode(item, list.emplace_back());
  }
  template <typename T>
  static void DecodeClass(const boost::json::value& json, T& value) {
    JsonReader inner(json.as_object());
    Fields(inner, value);
  }

  const boost::json::object& object_;
};

}  // namespace syncgate
