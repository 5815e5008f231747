#include "node/probes.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/specs.h"
#include "config/target.h"
#include "config/values.h"
#include "host/signals.h"
#include "http/client.h"
#include "json/json.h"

namespace syncgate {
namespace {

// The statement is ended by the server; this is for a server that no longer answers.
constexpr std::chrono::seconds kSilence{5};

std::string TimeLimit(Flavor flavor, std::chrono::milliseconds limit) {
  const auto count = std::max<std::int64_t>(limit.count(), 1);
  if (flavor == Flavor::kMySql) return "SET SESSION max_execution_time = " + std::to_string(count);
  const std::string fraction = std::to_string(1000 + count % 1000).substr(1);
  return "SET SESSION max_statement_time = " + std::to_string(count / 1000) + "." + fraction;
}

Result<SqlAnswer> AskOver(const DatabaseLink& link, const CheckSpec& check) {
  const auto patience = std::chrono::ceil<std::chrono::seconds>(check.timeout) + kSilence;
  const auto session = TRY(link.Connect(SessionRole::kReader, patience));
  (void)TRY(session->Execute(TimeLimit(session->server().flavor, check.timeout)));
  (void)TRY(session->Execute("START TRANSACTION READ ONLY"));
  SqlAnswer answer;
  TRY(session->Query(check.query, [&answer](Row&& row) -> Result<void> {
    if (answer.rows++ == 0 && !row.empty()) answer.first = std::move(row.front());
    return {};
  }));
  session->Rollback();
  return answer;
}

// Relative ca_files start in `directory`, the project's.
HttpGetter GetterOver(NodeHost& host, const std::string& directory) {
  return [&host, directory](const CheckSpec& check) -> Result<HttpAnswer> {
    const HttpDial dial = [&host](const std::string& name, std::uint16_t port) {
      return host.Dial(name, port);
    };
    HttpOptions options;
    options.timeout = check.timeout;
    options.ca_file = ProjectPath(directory, check.ca_file);
    auto response = TRY(HttpGet(check.url, dial, options));
    return HttpAnswer{response.status, std::move(response.body), std::move(response.location)};
  };
}

}  // namespace

Result<SqlAnswer> SqlProbe::Ask(const CheckSpec& check) {
  if (!link_) link_.emplace(TRY(DatabaseLink::Open(spec_, spec_.name.str(), Login::kWriter)));
  auto answer = AskOver(*link_, check);
  if (!answer) link_.reset();
  return answer;
}

CheckContext ContextOf(NodeHost& host, const PlannedNode& planned, const PlannedConfig& config,
                       const Digest& wanted, const HiddenTexts& hidden, SqlProbe& sql) {
  CheckContext context;
  context.target = config.target;
  context.after_digest = wanted;
  const auto specs = ConfigsFor(planned.project, planned.node.node);
  const auto spec = std::ranges::find(specs, config.config, &ConfigSpec::name);
  if (auto file = ReadTarget(host, config.target); file && spec != specs.end()) {
    if (auto values = VisibleValues(*spec, file->bytes)) context.values = std::move(*values);
  }
  context.hidden = hidden.all();
  context.http = GetterOver(host, planned.project.directory);
  context.sql = [&sql](const CheckSpec& check) { return sql.Ask(check); };
  context.json = [](std::string_view body, std::string_view pointer) {
    return ReadPointer(body, pointer);
  };
  context.stop = [] { return StopSignal() != 0; };
  return context;
}

}  // namespace syncgate
