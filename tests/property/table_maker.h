// Random table definitions with random rows and differences.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "property/dice.h"
#include "property/types.h"
#include "property/world.h"

namespace syncgate::test {

// Makes the tables of one world; Child refers to the table made before it.
class TableMaker {
 public:
  TableMaker(Dice& dice, const ServerInfo& server) : dice_(dice), server_(server) {}

  TablePlan Alone(const std::string& name);
  // Many rows, a primary key, no constraint.
  TablePlan Plain(const std::string& name);
  TablePlan OntoItself(const std::string& name);
  TablePlan Parent(const std::string& name);
  TablePlan Child(const std::string& name);

 private:
  struct ColumnPlan {
    std::string name;
    TypePlan type;
    bool nullable = true;
    bool generated = false;
    bool key = false;
    bool reference = false;  // of a foreign key: its cells are drawn together
    std::string attributes;
  };
  enum class KeyForm : std::uint8_t { kPrimary, kUnique, kNullable, kPrefix, kNone };

  void Begin(const std::string& name);
  TablePlan Finish();

  std::string NewName();
  std::string TableSuffix();
  void AddKey(bool simple);
  void AddReference(const std::string& parent, const std::vector<ColumnPlan>& parent_key);
  void AddColumns();
  void AddGenerated();
  void AddUniqueKeys();
  void AddChecks();
  std::string Partitions();
  std::vector<std::size_t> Positions(bool (*wanted)(const ColumnPlan&)) const;

  Literals NewRow();
  std::string NewCell(const ColumnPlan& column);
  void Mutate(Literals* row);
  std::vector<Literals> Derive(const std::vector<Literals>& base);

  Dice& dice_;
  const ServerInfo& server_;

  std::string delete_orphans_;
  bool refers_by_text_ = false;
  std::string name_;
  std::vector<ColumnPlan> columns_;
  std::vector<std::string> clauses_;  // keys, constraints
  std::set<std::string> names_;
  KeyForm key_form_ = KeyForm::kPrimary;
  bool referenced_ = false;
  std::vector<Literals> keys_;        // key tuples that rows choose from
  std::vector<Literals> references_;  // the same of the foreign key's columns
  std::vector<std::size_t> inserted_;

  // Of the table made before: what a child refers to.
  std::string parent_;
  std::vector<ColumnPlan> parent_key_;
  std::vector<Literals> parent_keys_;
};

}  // namespace syncgate::test
