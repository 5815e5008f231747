#include "generate-sql/constraint_order.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "data/batcher.h"
#include "data/dependents.h"
#include "data/describe_key.h"
#include "generate-sql/change_values.h"

namespace syncgate {
namespace {

bool LosesReferencedValues(const PlanTable& table, const RowChange& change) {
  return change.kind == ChangeKind::kUpdate &&
         std::ranges::any_of(table.diff->referenced_by, [&](const ForeignKey& key) {
           return TakesAway(table.shape(), key, change);
         });
}

// A foreign key between two of the tables, by positions.
struct Link {
  std::string name;
  std::size_t child = 0;
  std::size_t parent = 0;
  std::vector<std::size_t> child_columns;
  std::vector<std::size_t> parent_columns;
};

class Orderer {
 public:
  Orderer(const std::vector<const PlanTable*>& tables, const std::string& database,
          const std::string& node, RowsReader& rows)
      : tables_(tables), node_(node), rows_(rows) {
    for (std::size_t child = 0; child < tables.size(); ++child) {
      for (const ForeignKey& key : tables[child]->diff->foreign_keys) {
        AddLink(key, child, database);
      }
    }
  }

  Result<std::vector<OrderedRun>> Run() {
    for (std::size_t table = 0; table < tables_.size(); ++table) {
      TRY(ForEachChange(*tables_[table], node_, rows_,
                        [&](const RowsReader::Mark& mark, RowChange&& change) {
                          return Note(table, mark, change);
                        }));
    }
    TRY(JoinOwners());
    JoinLinks();
    TRY(CheckDependents());
    std::vector<OrderedRun> runs;
    for (const ChangeRun& run : order_.Runs()) {
      OrderedRun ordered{run.table, run.kind, {}, run.cycle, {}};
      for (const auto change : run.changes) ordered.rows.push_back(marks_[change]);
      if (run.cycle) ordered.parked = TRY(Park(run));
      runs.push_back(std::move(ordered));
    }
    return runs;
  }

 private:
  struct Wanted {
    std::size_t change;
    std::size_t index;  // position in TableDiff::unique_keys
    Token owner;
    RowsReader::Mark mark;
  };
  struct Follows {
    std::size_t change;
    std::string foreign_key;
    std::uint64_t rows;
  };

  void AddLink(const ForeignKey& key, std::size_t child, const std::string& database) {
    if (key.parent_schema.str() != database) return;
    for (std::size_t parent = 0; parent < tables_.size(); ++parent) {
      if (tables_[parent]->diff->table != key.parent) continue;
      const auto child_columns = PositionsOf(tables_[child]->shape(), key.columns);
      const auto parent_columns = PositionsOf(tables_[parent]->shape(), key.parent_columns);
      if (child_columns && parent_columns) {
        links_.push_back({key.name, child, parent, *child_columns, *parent_columns});
      }
    }
  }

  Result<void> Note(std::size_t table, const RowsReader::Mark& mark, const RowChange& change) {
    const TableShape& shape = tables_[table]->shape();
    const std::size_t number = order_.Add(table, change.kind);
    marks_.push_back(mark);
    kinds_.push_back(change.kind);
    tables_of_.push_back(table);
    released_.push_back(Released(table, change));
    if (change.before) rows_on_node_[TokenOf(table, shape.KeyOf(*change.before))] = number;
    const auto& uniques = tables_[table]->diff->unique_keys;
    for (const UniqueOwner& owner : change.owners) {
      if (change.before && owner.key == shape.KeyOf(*change.before)) continue;
      const auto found = std::ranges::find(uniques, owner.index, &UniqueKeyDoc::index);
      if (found == uniques.end()) {
        return Fail(ErrorKind::kBadArtifact, "artifact-invalid",
                    "a row of table " + shape.name.str() + " names an index that the table has not",
                    "run compare again");
      }
      wanted_.push_back({number, static_cast<std::size_t>(found - uniques.begin()),
                         TokenOf(table, owner.key), mark});
    }
    for (const Dependents& dependents : change.dependents) {
      follows_.push_back({number, dependents.foreign_key, dependents.rows});
    }
    NoteLinks(table, number, change);
    return {};
  }

  // The unique indexes, as bits, in which the change's row lets go of its values.
  std::uint64_t Released(std::size_t table, const RowChange& change) const {
    if (change.kind == ChangeKind::kInsert) return 0;
    if (change.kind == ChangeKind::kDelete) return ~std::uint64_t{0};
    const TableShape& shape = tables_[table]->shape();
    const auto& uniques = tables_[table]->diff->unique_keys;
    std::uint64_t released = 0;
    for (std::size_t i = 0; i < uniques.size() && i < 64; ++i) {
      const auto positions = PositionsOf(shape, uniques[i].columns);
      if (!positions || !Differ(change, *positions)) continue;
      // Spelled otherwise, yet the same to the index.
      const bool kept = std::ranges::any_of(change.owners, [&](const UniqueOwner& owner) {
        return owner.index == uniques[i].index && owner.key == shape.KeyOf(*change.before);
      });
      if (!kept) released |= std::uint64_t{1} << i;
    }
    return released;
  }

  void NoteLinks(std::size_t table, std::size_t number, const RowChange& change) {
    for (std::size_t i = 0; i < links_.size(); ++i) {
      const Link& link = links_[i];
      const auto note = [&](const std::vector<std::size_t>& columns, auto& gained, auto& lost) {
        const auto before = ValuesOf(change.before, columns);
        const auto after = ValuesOf(change.after, columns);
        if (before == after) return;
        const TableShape& shape = tables_[table]->shape();
        if (after) gained.emplace(TokenOf(i, Folded(shape, columns, *after)), number);
        if (before) lost.emplace(TokenOf(i, Folded(shape, columns, *before)), number);
      };
      if (link.parent == table) note(link.parent_columns, parents_come_, parents_go_);
      if (link.child == table) note(link.child_columns, children_come_, children_go_);
    }
  }

  Result<void> JoinOwners() {
    for (const Wanted& wanted : wanted_) {
      const auto owner = rows_on_node_.find(wanted.owner);
      const bool leaves = owner != rows_on_node_.end() &&
                          (released_[owner->second] >> std::min<std::size_t>(wanted.index, 63) & 1);
      if (!leaves) return OwnedByAnother(wanted);
      order_.Before(owner->second, wanted.change);
      unique_waits_.emplace(wanted.change, std::pair(owner->second, wanted.index));
    }
    return {};
  }

  Result<void> OwnedByAnother(const Wanted& wanted) {
    TRY(rows_.SeekTo(wanted.mark));
    const auto line = TRY(rows_.Next());
    for (const PlanTable* table : tables_) {
      if (!line || table->position != line->table) continue;
      const UniqueKeyDoc& index = table->diff->unique_keys[wanted.index];
      std::string owner;
      for (const UniqueOwner& one : line->change.owners) {
        if (one.index == index.index) owner = DescribeKey(table->shape(), one.key);
      }
      return Fail(ErrorKind::kRefused, "unique-owned",
                  "table " + table->shape().name.str() + " on " + node_ + ": the row " +
                      DescribeKey(table->shape(), line->change.key) +
                      " wants values of unique index " + index.index + " that the row " + owner +
                      " has and the plan leaves it",
                  "let the plan change or delete that row too (`deletes`, a wider `where`), or "
                  "change it by hand");
    }
    return Fail(ErrorKind::kBadArtifact, "artifact-invalid", "the rows changed while being planned",
                "run compare again");
  }

  void JoinLinks() {
    for (const auto& [value, child] : children_come_) {
      const auto [first, last] = parents_come_.equal_range(value);
      for (auto parent = first; parent != last; ++parent) Wait(child, parent->second);
    }
    for (const auto& [value, parent] : parents_go_) {
      const auto [first, last] = children_go_.equal_range(value);
      for (auto child = first; child != last; ++child) Wait(parent, child->second);
    }
  }

  // A row that refers to itself cannot be deleted as it is, so neither can its insert be taken
  // back: it waits for itself. Its update waits for nobody.
  void Wait(std::size_t change, std::size_t first) {
    if (change != first || kinds_[change] != ChangeKind::kUpdate) order_.Before(first, change);
  }

  // Every row that would be dragged along has to leave by the plan first. Too many leaving means
  // that texts were taken for equal that are not; the guard under lock counts again.
  Result<void> CheckDependents() {
    for (const Follows& follows : follows_) {
      std::uint64_t leaving = 0;
      TRY(rows_.SeekTo(marks_[follows.change]));
      const auto line = TRY(rows_.Next());
      for (std::size_t i = 0; line && i < links_.size(); ++i) {
        const Link& link = links_[i];
        if (link.name != follows.foreign_key || tables_[link.parent]->position != line->table)
          continue;
        const auto values = ValuesOf(line->change.before, link.parent_columns);
        if (!values) continue;
        const TableShape& shape = tables_[link.parent]->shape();
        leaving += children_go_.count(TokenOf(i, Folded(shape, link.parent_columns, *values)));
      }
      if (leaving >= follows.rows || !line) continue;
      return StillReferenced(*line, follows, leaving);
    }
    return {};
  }

  std::unexpected<Error> StillReferenced(const RowLine& line, const Follows& follows,
                                         std::uint64_t leaving) const {
    const PlanTable& table = **std::ranges::find(tables_, line.table, &PlanTable::position);
    const bool deletes = line.change.kind == ChangeKind::kDelete;
    const auto& keys = table.diff->referenced_by;
    const auto key = std::ranges::find(keys, follows.foreign_key, &ForeignKey::name);
    const bool cascades = key == keys.end() || Cascades(deletes ? key->on_delete : key->on_update);
    return Fail(ErrorKind::kRefused,
                !cascades ? "row-is-referenced"
                : deletes ? "delete-cascades"
                          : "key-change-cascades",
                "table " + table.shape().name.str() + " on " + node_ + ": " +
                    std::to_string(follows.rows - leaving) +
                    " rows that the plan leaves refer to the row " +
                    DescribeKey(table.shape(), line.change.key) + " by foreign key " +
                    follows.foreign_key +
                    (cascades ? ", which would change them with it" : ", which forbids the change"),
                "let the plan move or delete those rows too, or leave this one");
  }

  // The nullable columns by which the table's rows refer to one another; nullopt where some
  // reference cannot be NULL.
  std::optional<std::vector<ColumnName>> SelfReferences(std::size_t table) const {
    const TableShape& shape = tables_[table]->shape();
    std::set<ColumnName> columns;
    for (const Link& link : links_) {
      if (link.child != table || link.parent != table) continue;
      const auto found = std::ranges::find_if(link.child_columns, [&](std::size_t position) {
        const Column& column = shape.columns[position];
        const bool key = std::ranges::find(shape.key, position) != shape.key.end();
        return column.nullable && !column.generated && !key;
      });
      if (found == link.child_columns.end()) return std::nullopt;
      columns.insert(shape.columns[*found].name);
    }
    return std::vector<ColumnName>(columns.begin(), columns.end());
  }

  // How the circle is broken; refuses where it cannot be.
  Result<std::vector<ColumnName>> Park(const ChangeRun& run) {
    const PlanTable& table = *tables_[run.table];
    TRY(rows_.SeekTo(marks_[run.changes.front()]));
    const auto line = TRY(rows_.Next());
    const std::string rows = "table " + table.shape().name.str() + " on " + node_ + ": " +
                             std::to_string(run.changes.size()) + " rows, the row " +
                             (line ? DescribeKey(table.shape(), line->change.key) : "?") +
                             " among them, ";
    const bool alike = std::ranges::all_of(run.changes, [&](std::size_t change) {
      return tables_of_[change] == run.table && kinds_[change] == run.kind;
    });
    const bool updates = alike && run.kind == ChangeKind::kUpdate;
    std::optional<std::vector<ColumnName>> references;
    if (alike && !updates) references = SelfReferences(run.table);
    const auto indexes = updates ? IndexesOf(run) : std::nullopt;
    if (!references && !indexes) {
      return Fail(ErrorKind::kRefused, "foreign-key-row-cycle",
                  rows + "wait for one another by foreign keys",
                  "break the circle by hand: set one of the references to NULL on the node first");
    }
    if (run.changes.size() > kBatchRows) {
      return Fail(ErrorKind::kRefused, "unique-cycle-too-large",
                  rows + "wait for one another in a circle, more than one transaction of " +
                      std::to_string(kBatchRows) + " rows",
                  "change some of them by hand first");
    }
    if (references) return *references;
    return ParkValues(table, *indexes, rows);
  }

  // The unique indexes whose values go round in the circle; nullopt where some member waits by
  // foreign keys alone.
  std::optional<std::set<std::size_t>> IndexesOf(const ChangeRun& run) const {
    const std::set<std::size_t> members(run.changes.begin(), run.changes.end());
    std::set<std::size_t> indexes;
    for (const auto change : run.changes) {
      bool waits = false;
      const auto [first, last] = unique_waits_.equal_range(change);
      for (auto wait = first; wait != last; ++wait) {
        if (!members.contains(wait->second.first)) continue;
        indexes.insert(wait->second.second);
        waits = true;
      }
      if (!waits) return std::nullopt;
    }
    return indexes;
  }

  // A column of each index to be NULL for a while; none: the rows are replaced.
  static Result<std::vector<ColumnName>> ParkValues(const PlanTable& table,
                                                    const std::set<std::size_t>& indexes,
                                                    const std::string& rows) {
    std::set<ColumnName> parked;
    for (const auto index : indexes) {
      const UniqueKeyDoc& unique = table.diff->unique_keys[index];
      if (!unique.nullable.empty()) {
        parked.insert(unique.nullable.front());
        continue;
      }
      const bool ignored = !table.diff->ignored.empty();
      if (!ignored && table.diff->referenced_by.empty()) return std::vector<ColumnName>();
      return Fail(
          ErrorKind::kRefused, "unique-cycle-stuck",
          rows + "pass the values of unique index " + unique.index +
              " round in a circle; its columns are NOT NULL, and the rows cannot be deleted "
              "and inserted anew because " +
              (ignored ? "they have ignored columns" : "other tables refer to them"),
          "give one of the rows a free value by hand on the node, then compare again");
    }
    return std::vector<ColumnName>(parked.begin(), parked.end());
  }

  const std::vector<const PlanTable*>& tables_;
  const std::string& node_;
  RowsReader& rows_;
  std::vector<Link> links_;
  ChangeOrder order_;
  // By number of the change:
  std::vector<RowsReader::Mark> marks_;
  std::vector<ChangeKind> kinds_;
  std::vector<std::size_t> tables_of_;
  std::vector<std::uint64_t> released_;
  std::unordered_map<Token, std::size_t> rows_on_node_;  // table and key before -> change
  std::vector<Wanted> wanted_;
  std::vector<Follows> follows_;
  std::multimap<std::size_t, std::pair<std::size_t, std::size_t>> unique_waits_;
  // Link and values -> changes by which a parent or child row comes to have them, or ceases to.
  std::unordered_multimap<Token, std::size_t> parents_come_, parents_go_, children_come_,
      children_go_;
};

}  // namespace

Result<bool> OrderedByTable(const std::vector<const PlanTable*>& tables, const std::string& node,
                            RowsReader& rows) {
  for (const PlanTable* table : tables) {
    if (table->RefersToItself()) return false;
    bool plain = true;
    TRY(ForEachChange(*table, node, rows,
                      [&](const RowsReader::Mark&, RowChange&& change) -> Result<void> {
                        plain = plain && change.owners.empty() && change.dependents.empty() &&
                                !LosesReferencedValues(*table, change);
                        return {};
                      }));
    if (!plain) return false;
  }
  return true;
}

Result<std::vector<OrderedRun>> OrderByConstraints(const std::vector<const PlanTable*>& tables,
                                                   const std::string& database,
                                                   const std::string& node, RowsReader& rows) {
  return Orderer(tables, database, node, rows).Run();
}

}  // namespace syncgate
