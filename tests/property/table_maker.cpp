#include "property/table_maker.h"

#include <algorithm>

#include "property/orphans.h"
#include "property/raw_client.h"

namespace syncgate::test {
namespace {

std::string Lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::string Joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

}  // namespace

TablePlan TableMaker::Alone(const std::string& name) {
  Begin(name);
  AddKey(false);
  AddColumns();
  AddGenerated();
  AddUniqueKeys();
  AddChecks();
  return Finish();
}

TablePlan TableMaker::Plain(const std::string& name) {
  Begin(name);
  AddKey(true);
  while (keys_.size() < 50) {
    keys_.emplace_back();
    for (const ColumnPlan& column : columns_) keys_.back().push_back(column.type.value(dice_));
  }
  AddColumns();
  AddGenerated();
  return Finish();
}

TablePlan TableMaker::OntoItself(const std::string& name) {
  Begin(name);
  referenced_ = true;
  AddKey(true);
  std::vector<ColumnPlan> key;
  for (const ColumnPlan& column : columns_) key.push_back(column);
  references_ = keys_;
  AddReference(name_, key);
  AddColumns();
  AddUniqueKeys();
  return Finish();
}

TablePlan TableMaker::Parent(const std::string& name) {
  Begin(name);
  referenced_ = true;
  AddKey(true);
  AddColumns();
  AddUniqueKeys();
  return Finish();
}

TablePlan TableMaker::Child(const std::string& name) {
  const auto parent = parent_;
  const auto key = parent_key_;
  const auto keys = parent_keys_;
  Begin(name);
  AddKey(dice_.Percent(85));
  references_ = keys;
  AddReference(parent, key);
  AddColumns();
  AddGenerated();
  AddUniqueKeys();
  AddChecks();
  TablePlan plan = Finish();
  if (key_form_ != KeyForm::kPrimary || dice_.Percent(50)) {  // the next child: a sibling
    parent_ = parent;
    parent_key_ = key;
    parent_keys_ = keys;
  }
  return plan;
}

void TableMaker::Begin(const std::string& name) {
  columns_.clear();
  clauses_.clear();
  names_.clear();
  keys_.clear();
  references_.clear();
  referenced_ = false;
  delete_orphans_.clear();
  refers_by_text_ = false;
  name_ = name + TableSuffix();
}

std::string TableMaker::TableSuffix() {
  return dice_.Of<std::string>({"", "", "", "`b", " c", "\nn", ".e", "-- x", "'q", "\"d", "/x",
                                "\\", "表", "%s", "UPPER", "select", "*/", ";", "$"});
}

std::string TableMaker::NewName() {
  static const std::vector<std::string> kNames = {
      "b c",  "x`y",   "n\nl", "d.t",    "select",   "values", "incoming", "编号", "a'b",
      "q\"q", "UPPER", "%s",   "a,b",    "-- c",     "/*c",    "new",      "c\\d", "key",
      "`",    "``",    "*",    "bucket", "syncgate", "id",     "rank",     "1",    "x\ty"};
  std::string name = dice_.Percent(35) ? dice_.Of(kNames) : "c";
  while (!names_.insert(Lower(name)).second) name = "c" + std::to_string(names_.size());
  return name;
}

void TableMaker::AddKey(bool simple) {
  const std::size_t form = dice_.Below(100);
  key_form_ = simple || form < 82 ? KeyForm::kPrimary
              : form < 92         ? KeyForm::kUnique
              : form < 95         ? KeyForm::kNullable
              : form < 97         ? KeyForm::kPrefix
                                  : KeyForm::kNone;
  const std::size_t parts = dice_.Percent(70) ? 1 : 2 + dice_.Below(2);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < parts; ++i) {
    ColumnPlan column;
    column.name = NewName();
    column.type = KeyType(dice_, server_);
    // A kind that cannot be a key: refused by name.
    if (!simple && dice_.Percent(2)) column.type = AnyType(dice_, server_);
    if (column.type.indexing == Indexing::kNone) column.type = IntegerType(dice_);
    column.key = key_form_ != KeyForm::kNone;
    column.nullable = key_form_ == KeyForm::kNullable || key_form_ == KeyForm::kNone;
    std::string part = Backticked(column.name);
    if (column.type.indexing == Indexing::kPrefix) part += "(5)";
    if (key_form_ == KeyForm::kPrefix && i == 0 && !column.type.integer) {
      column.type = TextType(dice_, server_, true);
      part = Backticked(column.name) + "(2)";
    }
    names.push_back(part);
    columns_.push_back(std::move(column));
  }
  const std::string list = "(" + Joined(names) + ")";
  if (key_form_ == KeyForm::kPrimary || key_form_ == KeyForm::kPrefix) {
    clauses_.push_back("PRIMARY KEY " + list);
    if (parts == 1 && columns_[0].type.integer && dice_.Percent(25) &&
        !columns_[0].type.ddl.contains("ZEROFILL")) {
      columns_[0].attributes = " AUTO_INCREMENT";
    }
  } else if (key_form_ != KeyForm::kNone) {
    clauses_.push_back("UNIQUE KEY " + Backticked(dice_.Of<std::string>({"u", "u`k", "u k"})) +
                       " " + list);
  }
  const std::size_t count = 2 + dice_.Below(dice_.Percent(10) ? 60 : 14);
  for (std::size_t k = 0; k < count; ++k) {
    keys_.emplace_back();
    for (const ColumnPlan& column : columns_) keys_.back().push_back(column.type.value(dice_));
  }
}

void TableMaker::AddReference(const std::string& parent,
                              const std::vector<ColumnPlan>& parent_key) {
  std::vector<std::string> names;
  std::vector<std::string> targets;
  const bool nullable = dice_.Percent(75);
  for (const ColumnPlan& target : parent_key) {
    ColumnPlan column;
    column.name = NewName();
    column.type = target.type;
    column.nullable = nullable;
    column.reference = true;
    names.push_back(Backticked(column.name));
    targets.push_back(Backticked(target.name));
    refers_by_text_ |= column.type.text;
    columns_.push_back(std::move(column));
  }
  if (parent == name_) delete_orphans_ = OrphansOf(name_, names, targets);
  const auto action = [&] {
    if (dice_.Percent(65)) return std::string(dice_.Percent(50) ? "" : "RESTRICT");
    return nullable && dice_.Percent(50) ? std::string("SET NULL") : std::string("CASCADE");
  };
  const std::string on_delete = action();
  const std::string on_update = action();
  clauses_.push_back("FOREIGN KEY (" + Joined(names) + ") REFERENCES " + Backticked(parent) + " (" +
                     Joined(targets) + ")" + (on_delete.empty() ? "" : " ON DELETE " + on_delete) +
                     (on_update.empty() ? "" : " ON UPDATE " + on_update));
  if (dice_.Percent(10)) clauses_.push_back("UNIQUE (" + Joined(names) + ")");
}

void TableMaker::AddColumns() {
  const std::size_t count = dice_.Below(7);
  for (std::size_t i = 0; i < count; ++i) {
    ColumnPlan column;
    column.name = NewName();
    column.type = AnyType(dice_, server_);
    column.nullable = dice_.Percent(70);
    if (column.type.ddl.ends_with(" NULL")) {
      column.nullable = true;
      column.type.ddl.resize(column.type.ddl.size() - 5);
      if (dice_.Percent(40)) {
        const std::string digits =
            column.type.ddl.contains('(') ? column.type.ddl.substr(column.type.ddl.find('(')) : "";
        column.attributes =
            " DEFAULT CURRENT_TIMESTAMP" + digits + " ON UPDATE CURRENT_TIMESTAMP" + digits;
      }
    }
    if (column.nullable && dice_.Percent(8)) column.attributes += " INVISIBLE";
    if (dice_.Percent(25)) {
      column.type = WithFewValues(std::move(column.type), dice_, 1 + dice_.Below(4));
    }
    columns_.push_back(std::move(column));
  }
}

void TableMaker::AddGenerated() {
  if (!dice_.Percent(20)) return;
  const auto bases = Positions([](const ColumnPlan& column) {
    return !column.generated && !column.reference &&
           !column.attributes.contains("AUTO_INCREMENT") &&
           (column.type.integer || column.type.text);
  });
  if (bases.empty()) return;
  const ColumnPlan base = columns_[dice_.Of(bases)];
  const std::string name = Backticked(base.name);
  ColumnPlan column;
  column.name = NewName();
  column.generated = true;
  if (base.type.integer) {
    column.type.ddl = "INT";
    column.attributes = dice_.Of<std::string>(
        {name + " % 7", "(" + name + " IS NULL)", "CASE WHEN " + name + " > 1 THEN 1 END"});
  } else {
    column.type.ddl = "VARCHAR(100)";
    column.attributes = dice_.Of<std::string>(
        {"LEFT(" + name + ", 2)", "UPPER(LEFT(" + name + ", 20))", "CHAR_LENGTH(" + name + ")"});
  }
  // MariaDB stores and indexes nothing that is made from a CHAR: a setting pads it.
  const bool only_virtual = base.type.text && server_.flavor == Flavor::kMariaDb;
  if (only_virtual) column.type.indexing = Indexing::kNone;
  column.attributes = " GENERATED ALWAYS AS (" + column.attributes + ") " +
                      (only_virtual || dice_.Percent(50) ? "VIRTUAL" : "STORED");
  columns_.push_back(std::move(column));
}

void TableMaker::AddUniqueKeys() {
  if (!dice_.Percent(35)) return;
  auto choices = Positions([](const ColumnPlan& column) {
    return !column.key && !column.reference && column.type.indexing != Indexing::kNone &&
           !column.type.ddl.starts_with("JSON");
  });
  for (std::size_t count = 1 + dice_.Below(2); count > 0 && !choices.empty(); --count) {
    std::vector<std::string> parts;
    const std::size_t wanted = dice_.Percent(70) ? 1 : 2;
    while (parts.size() < wanted && !choices.empty()) {
      const std::size_t place = dice_.Below(choices.size());
      ColumnPlan& column = columns_[choices[place]];
      choices.erase(choices.begin() + static_cast<std::ptrdiff_t>(place));
      if (!column.generated) {
        column.type = WithFewValues(std::move(column.type), dice_, 3 + dice_.Below(12));
      }
      const std::string name = Backticked(column.name);
      const bool functional = server_.flavor == Flavor::kMySql && dice_.Percent(8);
      if (functional && column.type.integer) {
        parts.push_back("((" + name + " % 1000))");
      } else if (column.type.indexing == Indexing::kPrefix ||
                 (column.type.text && dice_.Percent(15))) {
        parts.push_back(name + "(2)");
      } else {
        parts.push_back(name);
      }
    }
    clauses_.push_back("UNIQUE (" + Joined(parts) + ")");
  }
}

void TableMaker::AddChecks() {
  if (!dice_.Percent(15)) return;
  const auto numbers = Positions([](const ColumnPlan& column) {
    return column.type.integer && !column.generated && !column.reference &&
           !column.attributes.contains("AUTO_INCREMENT");
  });
  if (numbers.empty()) return;
  const std::string name = Backticked(columns_[dice_.Of(numbers)].name);
  clauses_.push_back(dice_.Percent(50) ? "CHECK (" + name + " <> 1)"
                                       : "CONSTRAINT " + Backticked(name_.substr(0, 30) + "_ck") +
                                             " CHECK (" + name + " IS NULL OR " + name + " < 100)");
}

std::string TableMaker::Partitions() {
  const bool possible = key_form_ == KeyForm::kPrimary && !referenced_ && references_.empty() &&
                        clauses_.size() == 1 && columns_[0].type.integer;
  if (!possible || !dice_.Percent(25)) return "";
  // Neither flavour's partitions take every type.
  for (const ColumnPlan& column : columns_) {
    if (column.type.indexing == Indexing::kNone) return "";
  }
  const std::string name = Backticked(columns_[0].name);
  switch (dice_.Below(3)) {
    case 0:
      return " PARTITION BY HASH (" + name + ") PARTITIONS 3";
    case 1:
      return " PARTITION BY KEY (" + name + ") PARTITIONS 4";
    default:
      return " PARTITION BY RANGE (" + name +
             ") (PARTITION p0 VALUES LESS THAN (2), PARTITION p1 VALUES LESS THAN (100), "
             "PARTITION p2 VALUES LESS THAN MAXVALUE)";
  }
}

std::vector<std::size_t> TableMaker::Positions(bool (*wanted)(const ColumnPlan&)) const {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (wanted(columns_[i])) positions.push_back(i);
  }
  return positions;
}

TablePlan TableMaker::Finish() {
  TablePlan plan;
  plan.name = name_;
  plan.delete_orphans = delete_orphans_;
  plan.refers_by_text = refers_by_text_;
  std::vector<std::string> lines;
  inserted_.clear();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const ColumnPlan& column = columns_[i];
    std::string line = Backticked(column.name) + " " + column.type.ddl;
    if (column.generated) {
      line += column.attributes;
    } else {
      line += (column.nullable ? " NULL" : " NOT NULL") + column.attributes;
      inserted_.push_back(i);
      plan.columns.push_back(column.name);
    }
    lines.push_back(std::move(line));
  }
  lines.insert(lines.end(), clauses_.begin(), clauses_.end());
  plan.create = "CREATE TABLE " + Backticked(name_) + " (" + Joined(lines) +
                ") ENGINE=InnoDB CHARACTER SET utf8mb4" + Partitions();

  std::vector<Literals> base;
  for (const Literals& key : keys_) {
    if (dice_.Percent(30)) continue;
    base.push_back(NewRow());
    std::ranges::copy(key, base.back().begin());
  }
  const std::size_t sides = dice_.Below(100);
  plan.source = sides < 5 ? std::vector<Literals>() : Derive(base);
  plan.node = sides >= 95                 ? std::vector<Literals>()
              : sides >= 88 && sides < 95 ? plan.source
                                          : Derive(base);

  parent_ = name_;
  parent_keys_ = keys_;
  parent_key_.assign(columns_.begin(),
                     columns_.begin() + static_cast<std::ptrdiff_t>(keys_.front().size()));
  return plan;
}

}  // namespace syncgate::test
