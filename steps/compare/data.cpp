#include "compare/data.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "artifact/rows.h"
#include "artifact/store.h"
#include "common/header.h"
#include "common/messages.h"
#include "compare/sensitive.h"
#include "data/compare.h"
#include "data/dependents.h"
#include "data/describe_key.h"
#include "data/json_check.h"
#include "data/load_guard.h"
#include "data/orphans.h"
#include "data/preflight.h"
#include "data/text_check.h"
#include "host/signals.h"
#include "mysql/catalog.h"

namespace syncgate {
namespace {

// What the table's definition on the node says of writing it; compared all the same.
void AddWriteDiagnostics(const SelectedTable& selected, const TableDef& node, const Server& server,
                         TableDiff* diff) {
  const std::string table = "table " + node.name.str() + " on " + server.label;
  const auto refuse = [&](const char* code, const std::string& message, const std::string& hint) {
    diff->diagnostics.push_back({code, Severity::kRefusal, table + message, hint});
  };
  if (!selected.may_write) return;
  if (!node.triggers.empty() && !selected.rules.triggers_allowed) {
    refuse("table-has-triggers",
           " has triggers (" + node.triggers.front() + "), which upserts fire",
           "say `triggers: allow` in the table's entry if that is meant");
  } else if (!server.privileges.SeesTriggers(node.name) && !selected.rules.triggers_allowed) {
    refuse("triggers-invisible", ": the account may not see whether it has triggers",
           "GRANT TRIGGER on it, or say `triggers: allow` in the table's entry");
  }
}

UniqueKeyDoc ToDocument(const UniqueIndex& index, const TableShape& shape) {
  UniqueKeyDoc document;
  document.index = index.index;
  document.kind = index.opaque ? "opaque" : index.Whole() ? "whole" : "prefix";
  for (const UniqueIndex::Part& part : index.parts) {
    if (!part.expression.empty() && !index.opaque) document.kind = "expression";
    for (const auto position : part.columns) {
      const Column& column = shape.columns[position];
      const bool key = std::ranges::find(shape.key, position) != shape.key.end();
      document.columns.push_back(column.name);
      if (part.expression.empty() && column.nullable && !column.generated && !key) {
        document.nullable.push_back(column.name);
      }
    }
  }
  return document;
}

// The rights that reading and, by the same account, writing the table will want.
std::vector<std::string> MissingRights(const SelectedTable& selected, const Server& server) {
  std::vector<std::string> missing;
  for (const char* right : {"SELECT", "INSERT", "UPDATE", "DELETE", "TRIGGER"}) {
    const bool reading =
        std::string_view(right) == "SELECT" || std::string_view(right) == "TRIGGER";
    const bool wanted = reading || (selected.may_write && !server.reader);
    if (wanted && !server.privileges.Has(right, selected.name)) missing.emplace_back(right);
  }
  return missing;
}

TableDiff Describe(const SelectedTable& selected, const TableDef& node, const MatchedTable& matched,
                   const Server& server) {
  TableDiff diff;
  diff.table = selected.name;
  diff.engine = node.engine;
  diff.key_index = matched.node.key_index;
  for (const auto position : matched.node.key)
    diff.key.push_back(matched.node.columns[position].name);
  for (const Column& column : matched.node.columns) {
    diff.columns.push_back(
        {column.name, column.kind, column.type, column.generated, column.nullable});
  }
  diff.ignored = matched.ignored;
  for (const Column& column : matched.unseen) {
    if (column.generated) continue;
    if (!column.has_default && !column.nullable && !column.auto_increment) {
      diff.ignored_required.push_back(column.name);
    }
    if (column.on_update_now) diff.ignored_on_update.push_back(column.name);
  }
  diff.where = selected.rules.where;
  diff.deletes = selected.rules.deletes;
  diff.row_estimate = node.row_estimate;
  diff.triggers = node.triggers;
  for (const UniqueIndex& index : matched.unique) {
    diff.unique_keys.push_back(ToDocument(index, matched.node));
  }
  diff.foreign_keys = node.foreign_keys;
  diff.referenced_by = node.referencing_keys;
  diff.missing_rights = MissingRights(selected, server);
  return diff;
}

TableDiff Refused(const SelectedTable& selected, const Error& error) {
  TableDiff diff;
  diff.table = selected.name;
  diff.status = "refused";
  diff.where = selected.rules.where;
  diff.deletes = selected.rules.deletes;
  Diagnostic diagnostic = ToDiagnostic(error);
  diagnostic.severity = Severity::kRefusal;
  diff.diagnostics.push_back(std::move(diagnostic));
  return diff;
}

// Errors that concern one table and let the others go on.
bool IsTableError(const Error& error) {
  return error.kind == ErrorKind::kRefused || error.code == "table-changed" ||
         error.code == "table-unknown";
}

class DataComparer {
 public:
  DataComparer(const std::string& artifacts, const DataComparison& comparison, DiffDoc* diff)
      : artifacts_(artifacts), comparison_(comparison), diff_(diff) {
    for (Server* node : comparison.nodes) {
      guards_.emplace_back(*node->session, node->label,
                           LoadGuard::Settings{comparison.max_threads_running}, Warn, CheckStop);
    }
  }

  Result<void> Run() {
    if (!comparison_.catalogs_only && !comparison_.quick) {
      for (std::size_t node = 0; node < comparison_.nodes.size(); ++node) {
        writers_.push_back(
            TRY(RowsWriter::Create(artifacts_, DiffRowsFile(diff_->nodes[node].node))));
      }
    }
    for (const SelectedTable& selected : comparison_.tables) {
      TRY(CheckStop());
      TRY(CompareOne(selected));
    }
    for (std::size_t node = 0; node < writers_.size(); ++node) {
      diff_->nodes[node].rows = TRY(writers_[node].Finish());
    }
    return {};
  }

 private:
  Result<void> CompareOne(const SelectedTable& selected) {
    auto source =
        LoadTable(*comparison_.source->session, comparison_.source->database(), selected.name);
    std::vector<CompareSide> sides;
    std::vector<std::size_t> nodes;  // numbers of the nodes in `sides`
    std::optional<TableShape> source_shape;
    for (std::size_t node = 0; node < comparison_.nodes.size(); ++node) {
      Server& server = *comparison_.nodes[node];
      auto matched = source ? Match(selected, *source, server, node)
                            : Result<MatchedTable>(std::unexpected(source.error()));
      if (!matched) {
        if (!IsTableError(matched.error())) return std::unexpected(std::move(matched).error());
        diff_->nodes[node].tables.push_back(Refused(selected, matched.error()));
        continue;
      }
      source_shape = matched->source;
      sides.push_back(SideOf(server, matched->node));
      sides.back().same_key_collation = matched->same_key_collation;
      if (selected.may_write) sides.back().unique = std::move(matched->unique);
      if (selected.may_write) sides.back().referencing = definitions_.at(node).referencing_keys;
      nodes.push_back(node);
    }
    if (sides.empty() || comparison_.catalogs_only) return {};
    TRY(ReadRows(selected, SideOf(*comparison_.source, *source_shape), sides, nodes,
                 source->row_estimate));
    return LookAgain(selected.name, *source, nodes);
  }

  // MariaDB adds and drops columns in an instant, and a snapshot goes on reading the table without
  // a word: what was compared is then no longer what the table is.
  Result<void> LookAgain(const TableName& name, const TableDef& source,
                         const std::vector<std::size_t>& nodes) {
    const auto changed = [&](Server& server, const TableDef& before) -> Result<bool> {
      auto now = LoadTable(*server.session, server.database(), name);
      if (!now && !IsTableError(now.error())) return std::unexpected(std::move(now).error());
      return !now || !now->SameAs(before);
    };
    const bool source_changed = TRY(changed(*comparison_.source, source));
    for (const std::size_t node : nodes) {
      TableDiff& table = diff_->nodes[node].tables.back();
      Server& server = *comparison_.nodes[node];
      const bool node_changed = TRY(changed(server, definitions_.at(node)));
      if ((!source_changed && !node_changed) || table.status == "refused") continue;
      table.status = "refused";
      table.diagnostics.push_back({"table-changed", Severity::kRefusal,
                                   "table " + name.str() + ": its definition on " +
                                       (source_changed ? comparison_.source->label : server.label) +
                                       " changed while it was being compared",
                                   "run compare again when the schema change is done"});
    }
    return {};
  }

  Result<MatchedTable> Match(const SelectedTable& selected, const TableDef& source, Server& server,
                             std::size_t node) {
    auto definition = LoadTable(*server.session, server.database(), selected.name);
    if (!definition && definition.error().code == "table-unknown") {
      return Fail(ErrorKind::kRefused, "table-missing",
                  "table " + selected.name.str() + " does not exist on " + server.label,
                  "create it there first: syncgate moves rows, not tables");
    }
    if (!definition) return std::unexpected(std::move(definition).error());
    const bool same_flavor = comparison_.source->facts.server.flavor == server.facts.server.flavor;
    auto matched = TRY(MatchTable(source, *definition, selected.rules, same_flavor));
    TableDiff diff = Describe(selected, *definition, matched, server);
    diff.sensitive = TRY(SensitiveColumns(selected.rules, source, *definition, matched));
    WarnUnlessEncrypted(&diff);
    diff.status = "not_compared";
    AddWriteDiagnostics(selected, *definition, server, &diff);
    definitions_[node] = std::move(*definition);
    diff_->nodes[node].tables.push_back(std::move(diff));
    return matched;
  }

  static CompareSide SideOf(Server& server, TableShape shape) {
    CompareSide side;
    side.shape = std::move(shape);
    side.scan = server.session.get();
    side.confirm = [&server]() -> Result<SqlSession*> { return server.Confirming(); };
    return side;
  }

  Result<void> ReadRows(const SelectedTable& selected, const CompareSide& source,
                        const std::vector<CompareSide>& sides,
                        const std::vector<std::size_t>& nodes, std::uint64_t estimate) {
    Progress progress("comparing " + selected.name.str());
    CompareHooks hooks;
    hooks.check_stop = [&]() -> Result<void> {
      for (const std::size_t node : nodes) TRY(guards_[node].WaitUntilCalm());
      return CheckStop();
    };
    hooks.on_progress = [&](std::uint64_t rows) { progress.At(rows, estimate); };
    hooks.on_change = [&](std::size_t side, RowChange&& change) -> Result<void> {
      if (change.kind == ChangeKind::kDelete && !selected.rules.deletes) return {};
      const std::size_t node = nodes[side];
      TRY(CheckWritable(node, source.shape, sides[side], change));
      if (selected.may_write) TRY(CheckReference(node, sides[side], change));
      return writers_[node].Append(diff_->nodes[node].tables.size() - 1, change);
    };
    auto results = CompareTable(source, sides, comparison_.quick, hooks);
    for (std::size_t side = 0; side < sides.size(); ++side) {
      TableDiff& table = diff_->nodes[nodes[side]].tables.back();
      if (!results) {
        if (!IsTableError(results.error())) return std::unexpected(results.error());
        // Rows that were written before the table failed must not be planned: a refused table never
        // is.
        table.status = "refused";
        Diagnostic diagnostic = ToDiagnostic(results.error());
        diagnostic.severity = Severity::kRefusal;
        table.diagnostics.push_back(std::move(diagnostic));
        continue;
      }
      Conclude((*results)[side], &table);
      RequireChildrenVisible(selected, *comparison_.nodes[nodes[side]], &table);
    }
    return {};
  }

  // A value that could be written neither to the node nor back: the table is compared, but never
  // planned.
  Result<void> CheckWritable(std::size_t node, const TableShape& source, const CompareSide& side,
                             const RowChange& change) {
    TableDiff& table = diff_->nodes[node].tables.back();
    const auto refuse = [&](const char* code, const ColumnName& column, const char* what,
                            const char* hint) {
      table.diagnostics.push_back(
          {code, Severity::kRefusal,
           "table " + table.table.str() + " on " + diff_->nodes[node].node.str() + ", " +
               DescribeKey(side.shape, change.key) + ": column " + column.str() + what,
           hint});
    };
    const auto refused = [&](const char* code) {
      return std::ranges::find(table.diagnostics, code, &Diagnostic::code) !=
             table.diagnostics.end();
    };
    if (!refused("json-not-writable")) {
      const auto column = TRY(FindUnwritableJson(*TRY(side.confirm()), side.shape, change));
      if (column) {
        refuse("json-not-writable", *column,
               " holds a JSON number that cannot be written exactly (a DECIMAL, or one equal to "
               "the old but spelled otherwise)",
               "store it as a DOUBLE or a string, or name the column in ignore_columns");
      }
    }
    if (!refused("value-not-storable")) {
      if (const auto column = FindNoMember(side.shape, change)) {
        refuse("value-not-storable", *column,
               " holds what is none of its ENUM members, which strict mode writes in no way",
               "give the row one of the members, or name the column in ignore_columns");
      }
    }
    if (!refused("charset-mismatch")) {
      const auto column = TRY(FindUnstorableText(*TRY(side.confirm()), source, side.shape, change));
      if (column) {
        refuse("charset-mismatch", *column,
               " holds a text that the node's character set for it cannot hold",
               "give the column the same character set on both sides, or ignore it");
      }
    }
    return {};
  }

  // A reference that leads nowhere could not be restored: the table is compared, but never planned.
  Result<void> CheckReference(std::size_t node, const CompareSide& side, const RowChange& change) {
    constexpr char kCode[] = "row-is-orphan";
    TableDiff& table = diff_->nodes[node].tables.back();
    if (std::ranges::find(table.diagnostics, kCode, &Diagnostic::code) != table.diagnostics.end())
      return {};
    const auto key = TRY(
        FindOrphan(*TRY(side.confirm()), side.shape, definitions_.at(node).foreign_keys, change));
    if (!key) return {};
    table.diagnostics.push_back(
        {kCode, Severity::kRefusal,
         "table " + table.table.str() + " on " + diff_->nodes[node].node.str() + ", " +
             DescribeKey(side.shape, change.key) + ": refers by foreign key " + key->name +
             " to a row of " + key->parent.str() +
             " that does not exist, and once changed it could not be taken back",
         "mend the reference on the node by hand: add the row, or set it to NULL"});
    return {};
  }

  // Where a reader logs in, the account that will write may see more: the doctor and apply-node ask
  // that one.
  static void RequireChildrenVisible(const SelectedTable& selected, const Server& server,
                                     TableDiff* table) {
    const bool deletes = selected.may_write && table->deletes && table->counts.extra > 0;
    if (!deletes || server.children_visible || server.reader) return;
    table->diagnostics.push_back(ChildrenInvisible(server, table->table));
  }

  void Conclude(const NodeComparison& result, TableDiff* table) const {
    table->counts = result.counts;
    const TableCounts& counts = table->counts;
    const bool differs = comparison_.quick ? result.differs
                                           : counts.missing + counts.mismatched > 0 ||
                                                 (table->deletes && counts.extra > 0);
    table->status = counts.unstable > 0 ? "unstable" : differs ? "different" : "equal";
    if (counts.unstable > 0) {
      table->diagnostics.push_back(
          {"rows-unstable", Severity::kWarning,
           "table " + table->table.str() + ": " + std::to_string(counts.unstable) +
               " rows changed each time they were read and are not planned",
           "run compare again when they are at rest"});
    }
    if (counts.extra > 0 && !table->deletes) {
      table->diagnostics.push_back({"rows-extra", Severity::kNote,
                                    "table " + table->table.str() + ": " +
                                        std::to_string(counts.extra) +
                                        " rows exist on the node only and are left alone",
                                    "say `deletes: true` in the table's entry if they are to go"});
    }
  }

  const std::string& artifacts_;
  const DataComparison& comparison_;
  DiffDoc* diff_;
  std::vector<LoadGuard> guards_;                // beside comparison_.nodes
  std::map<std::size_t, TableDef> definitions_;  // of the table in hand, by node
  std::vector<RowsWriter> writers_;              // beside diff_->nodes; none with --quick
};

}  // namespace

Result<void> CompareData(const std::string& artifacts, const DataComparison& comparison,
                         DiffDoc* diff) {
  return DataComparer(artifacts, comparison, diff).Run();
}

}  // namespace syncgate
