#include "config/diff.h"

#include <algorithm>
#include <map>
#include <utility>

#include "config/match.h"
#include "config/target.h"
#include "config/text.h"
#include "core/keyed_digest.h"
#include "core/secret_name.h"

namespace syncgate {
namespace {

using Entries = std::map<ConfigKey, const ConfigEntry*>;

Entries ByKey(const std::vector<ConfigEntry>& entries) {
  Entries map;
  for (const ConfigEntry& entry : entries) map.emplace(entry.key, &entry);
  return map;
}

const ConfigEntry* Find(const Entries& entries, const ConfigKey& key) {
  const auto found = entries.find(key);
  return found == entries.end() ? nullptr : found->second;
}

// The two files parsed, and the differences found so far.
class Differ {
 public:
  Differ(const ConfigSpec& spec, const std::vector<ConfigEntry>& source,
         const std::vector<ConfigEntry>& target)
      : spec_(spec), source_(source), target_(target) {}

  Result<ConfigDiff> Run() {
    const Entries in_source = ByKey(source_);
    const Entries in_target = ByKey(target_);
    for (const ConfigEntry& entry : source_) {
      TRY(Compare(entry.key, &entry, Find(in_target, entry.key)));
    }
    for (const ConfigEntry& entry : target_) {
      if (!in_source.contains(entry.key)) TRY(Compare(entry.key, nullptr, &entry));
    }
    TRY(RefuseUnnamed());
    return std::move(diff_);
  }

 private:
  // At most one of the two is null.
  Result<void> Compare(const ConfigKey& key, const ConfigEntry* source, const ConfigEntry* target) {
    const bool secret = (source != nullptr && IsSecret(spec_.secrets, *source)) ||
                        (target != nullptr && IsSecret(spec_.secrets, *target));
    if (secret) {
      // Alike in what they mean, in whatever quotes; asked of tags only.
      const bool same =
          source != nullptr && target != nullptr && secrets_.Same(source->value, target->value);
      if (same) {
        diff_.same_secrets.push_back(key);
      } else {
        diff_.changes.push_back({key, std::nullopt, std::nullopt, true});
      }
      return {};
    }
    // The same bytes may stand behind a separator that not every reader takes for one.
    const bool same_bytes =
        source && target && source->raw == target->raw && source->value == target->value;
    if (!MatchesAny(spec_.keys, key) || same_bytes) return {};
    if (!source && !spec_.deletes) {
      diff_.kept.push_back(key);
      return {};
    }
    const bool same_value = source && target && source->value == target->value;
    const char* secret_by = same_value ? nullptr : WhySecret(key, source, target);
    if (secret_by != nullptr) {
      unnamed_.push_back(key.str() + " (" + secret_by + ")");
      return {};
    }
    ConfigChange change{key, std::nullopt, std::nullopt, false};
    if (target) change.before = TRY(ValueOf(*target, spec_.target));
    if (source) change.after = TRY(ValueOf(*source, spec_.source));
    if (change.before != change.after) diff_.changes.push_back(std::move(change));
    return {};
  }

  // Why a key that differs is probably a secret; nullptr: it is none, or `keys` have its own name.
  const char* WhySecret(const ConfigKey& key, const ConfigEntry* source,
                        const ConfigEntry* target) const {
    if (IsNamed(spec_.keys, key)) return nullptr;
    const auto holds = [](const ConfigEntry* entry) {
      return entry != nullptr && HoldsAPassword(entry->text);
    };
    const auto is_switch = [](const ConfigEntry* entry) {
      return entry == nullptr || IsSwitch(entry->text);
    };
    if (IsCalledLikeASecret(key.str()) && !(is_switch(source) && is_switch(target))) {
      return "called like a secret";
    }
    return holds(source) || holds(target) ? "holds a password or a private key" : nullptr;
  }

  // Values of changes stand in artifacts, logs and reviews. A pattern is no consent to that. All
  // keys at once: who has ten of them is not to be refused ten times.
  Result<void> RefuseUnnamed() const {
    if (unnamed_.empty()) return {};
    constexpr std::size_t kMostNames = 20;
    std::string names;
    for (std::size_t i = 0; i < std::min(unnamed_.size(), kMostNames); ++i) {
      names += (i == 0 ? "" : ", ") + unnamed_[i];
    }
    if (unnamed_.size() > kMostNames) {
      names += " and " + std::to_string(unnamed_.size() - kMostNames) + " more";
    }
    return Fail(ErrorKind::kRefused, "config-secret-unnamed",
                spec_.target +
                    ": what differs is probably secret, and only a pattern of `keys` "
                    "covers it, so that its values would stand in artifacts and logs: " +
                    names,
                "name each in `secrets` of configs." + spec_.name.str() +
                    ", or in `keys` by its own name if it may be shown and moved");
  }

  // The value, where it is one that can be planned.
  static Result<std::string> ValueOf(const ConfigEntry& entry, const std::string& path) {
    std::string doubt = entry.doubt;
    if (!IsUtf8(entry.value)) doubt = "it is not UTF-8";
    if (doubt.empty()) return entry.value;
    return Fail(
        ErrorKind::kRefused, "config-value-ambiguous",
        path + ":" + std::to_string(entry.line) + ": the value of " + entry.key.str() +
            " differs and cannot be moved safely: " + doubt,
        "write the value so that every reader takes it the same way (src/formats/README.md), or "
        "change it by hand on both sides");
  }

  const ConfigSpec& spec_;
  const std::vector<ConfigEntry>& source_;
  const std::vector<ConfigEntry>& target_;
  const KeyedDigest secrets_;  // its key is gone when the comparison is
  ConfigDiff diff_;
  std::vector<std::string> unnamed_;  // probably secrets, covered by a pattern only
};

// An error of the format names a line; this names the file.
Result<std::vector<ConfigEntry>> ParseFile(const Format& format, std::string_view bytes,
                                           const std::string& path) {
  auto entries = format.Parse(bytes);
  if (!entries) entries.error().message = path + ": " + entries.error().message;
  return entries;
}

}  // namespace

std::vector<ConfigEdit> EditsOf(const std::vector<ConfigChange>& changes) {
  std::vector<ConfigEdit> edits;
  for (const ConfigChange& change : changes) {
    if (!change.secret) edits.push_back({change.key, change.after});
  }
  return edits;
}

Result<ConfigDiff> DiffConfig(const ConfigSpec& spec, std::string_view source,
                              std::string_view target) {
  const Format* format = TRY(FindFormat(spec.format));
  const std::vector<ConfigEntry> source_entries = TRY(ParseFile(*format, source, spec.source));
  const std::vector<ConfigEntry> target_entries = TRY(ParseFile(*format, target, spec.target));
  ConfigDiff diff = TRY(Differ(spec, source_entries, target_entries).Run());
  diff.before_digest = Digest::Of(target);
  auto edited = format->Edit(target, EditsOf(diff.changes));
  if (!edited) {
    edited.error().message = spec.target + ": " + edited.error().message;
    return std::unexpected(std::move(edited).error());
  }
  // What is written has to be read back, and to be taken back some day.
  if (edited->size() > kConfigFileLimit) {
    return Fail(ErrorKind::kRefused, "config-target-too-large",
                spec.target + " would have " + std::to_string(edited->size()) +
                    " bytes, the limit is " + std::to_string(kConfigFileLimit),
                "is it a configuration file?");
  }
  diff.after_digest = Digest::Of(*edited);
  return diff;
}

}  // namespace syncgate
