// What compare found, for people: one selection of facts, three forms of it. Made from the diff
// alone, which holds no value of a secret.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifact/documents.h"

namespace syncgate {

// A diagnostic and what it is about.
struct Remark {
  std::string node;   // empty: of the whole run
  std::string table;  // empty: none
  Diagnostic diagnostic;
};

struct SecretFinding {
  ConfigKey key;
  std::string state;  // "same", "different"
};

struct ConfigReport {
  ConfigName config;
  std::string target;
  std::string format;
  std::vector<ConfigChange> changed;  // before and after
  std::vector<ConfigChange> added;    // after
  std::vector<ConfigChange> removed;  // before
  std::vector<ConfigKey> kept;        // only the node has them, and they stay
  std::vector<SecretFinding> secrets;
};

struct TableReport {
  TableName table;
  std::string status;  // as in the diff
  TableCounts counts;
  bool deletes = false;
};

struct NodeReport {
  NodeName node;
  std::string ad_hoc_host;
  std::vector<TableReport> tables;
  std::vector<ConfigReport> configs;
};

struct CompareReport {
  std::string tool;
  RunInfo run;
  std::string created_at;
  std::string result;
  std::string summary;
  bool quick = false;
  bool has_data = true;
  bool has_configs = true;
  std::vector<Remark> refusals;  // these forbid a plan
  std::vector<Remark> remarks;   // all others
  std::vector<NodeReport> nodes;
};

CompareReport MakeCompareReport(const DiffDoc& diff);

// Tables and keys only, a line each: what stdout shows, beside messages on stderr.
std::string CompareTable(const CompareReport& report);
// The whole, refusals first.
std::string CompareText(const CompareReport& report);
std::string CompareMarkdown(const CompareReport& report);
// As schemas/report.v1.schema.json says; values uncut.
std::string CompareJson(const CompareReport& report);

}  // namespace syncgate
