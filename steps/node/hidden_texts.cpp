#include "node/hidden_texts.h"

#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "common/specs.h"
#include "config/sudo_host.h"
#include "config/target.h"
#include "config/values.h"
#include "core/secret_name.h"
#include "host/environment.h"
#include "host/files.h"

namespace syncgate {
namespace {

// Shorter texts stand in every message, and hiding them would hide it.
constexpr std::size_t kShortest = 4;
constexpr std::size_t kShortestLine = 16;
// Of what is only called like a secret: "true" and "enabled" are none.
constexpr std::size_t kShortestOfUnknown = 8;
constexpr std::uint64_t kLargestKey = 65536;  // bytes

class Collector {
 public:
  void AddEnv(const std::string& name) {
    if (!name.empty()) Add(SecretFromEnv(name));
  }
  void AddFile(const std::string& path) {
    if (!path.empty()) Add(SecretFromFile(path));
  }
  void Add(const PasswordSource& password) {
    AddEnv(password.env);
    AddFile(password.file);
  }
  void Add(const SshHop& hop) {
    if (hop.auth == SshAuth::kKeyFile) {
      if (auto key = ReadFile(hop.auth_value, kLargestKey)) Add(Secret(std::move(*key)));
    }
    if (hop.auth == SshAuth::kKeyEnv || hop.auth == SshAuth::kPasswordEnv) AddEnv(hop.auth_value);
  }
  void Add(const Endpoint& endpoint) {
    if (endpoint.ssh) Add(static_cast<const SshHop&>(*endpoint.ssh));
    if (endpoint.ssh && endpoint.ssh->jump) Add(*endpoint.ssh->jump);
    if (!endpoint.mysql) return;
    Add(endpoint.mysql->password);
    if (endpoint.mysql->reader) Add(endpoint.mysql->reader->password);
  }
  void AddEnvironment() {
    for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
      const std::string_view text = *entry;
      const std::size_t equals = text.find('=');
      if (equals == text.npos || !IsCalledLikeASecret(text.substr(0, equals))) continue;
      const std::string_view value = text.substr(equals + 1);
      if (value.size() >= kShortestOfUnknown && !value.starts_with('/')) {
        Add(Secret(std::string(value)));
      }
    }
  }
  std::vector<Secret> Take() { return std::move(secrets_); }

 private:
  void Add(Result<Secret> secret) {
    if (!secret || secret->Reveal().size() < kShortest) return;
    const std::string& text = secret->Reveal();
    std::size_t start = 0;
    while (start < text.size()) {
      const std::size_t end = std::min(text.find('\n', start), text.size());
      const bool whole = start == 0 && end == text.size();
      if (!whole && end - start >= kShortestLine) {
        secrets_.emplace_back(text.substr(start, end - start));
      }
      start = end + 1;
    }
    secrets_.push_back(std::move(*secret));
  }

  std::vector<Secret> secrets_;
};

}  // namespace

HiddenTexts::HiddenTexts(const PlannedNode& planned) : planned_(planned) {
  const Project& project = planned.project;
  Collector collector;
  if (project.source) collector.Add(*project.source);
  collector.AddEnvironment();
  for (const NodeSpec& node : project.nodes) collector.Add(static_cast<const Endpoint&>(node));
  texts_ = collector.Take();
}

void HiddenTexts::LearnFrom(NodeHost& host) {
  SudoHost sudo(host);
  for (const ConfigSpec& spec : ConfigsFor(planned_.project, planned_.node.node)) {
    const auto hide = [&](std::string_view bytes) {
      if (!seen_.emplace(spec.name, Digest::Of(bytes)).second) return;
      std::ranges::move(
          HiddenValues(spec.format, bytes,
                       [&spec](const ConfigKey& key) { return IsVisible(spec, key); }),
          std::back_inserter(texts_));
    };
    NodeHost& files = spec.sudo ? static_cast<NodeHost&>(sudo) : host;
    if (auto file = ReadTarget(files, spec.target)) hide(file->bytes);
    // A functional test may print the source's file, which need not be here.
    if (auto source = ReadFile(spec.source, kConfigFileLimit)) hide(*source);
  }
  learnt_ = true;
}

}  // namespace syncgate
