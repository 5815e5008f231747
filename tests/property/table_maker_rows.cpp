// The rows of the tables that TableMaker makes, and how they differ between source and node.
#include <algorithm>

#include "property/table_maker.h"

namespace syncgate::test {

std::string TableMaker::NewCell(const ColumnPlan& column) {
  return column.nullable && dice_.Percent(15) ? "NULL" : column.type.value(dice_);
}

Literals TableMaker::NewRow() {
  Literals row;
  const Literals& key = dice_.Of(keys_);
  Literals reference(columns_.size(), "NULL");
  if (!references_.empty()) reference = dice_.Of(references_);
  std::size_t in_key = 0;
  std::size_t in_reference = 0;
  const bool no_reference = dice_.Percent(25);
  for (const std::size_t position : inserted_) {
    const ColumnPlan& column = columns_[position];
    if (in_key < key.size()) {
      const bool null = column.nullable && dice_.Percent(15);
      row.push_back(null ? "NULL" : key[in_key]);
      ++in_key;
    } else if (column.reference) {
      row.push_back(no_reference && column.nullable ? "NULL" : reference[in_reference]);
      ++in_reference;
    } else {
      row.push_back(NewCell(column));
    }
  }
  return row;
}

// Some cells anew; the key, too, at times: another row then, or the same one spelled otherwise.
void TableMaker::Mutate(Literals* row) {
  const Literals fresh = NewRow();
  const std::size_t key_size = keys_.front().size();
  if (dice_.Percent(15)) {
    for (std::size_t i = 0; i < key_size; ++i) (*row)[i] = fresh[i];
  }
  for (std::size_t i = key_size; i < row->size(); ++i) {
    if (columns_[inserted_[i]].reference) continue;
    if (dice_.Percent(50)) (*row)[i] = fresh[i];
  }
  if (dice_.Percent(40)) {
    for (std::size_t i = key_size; i < row->size(); ++i) {
      if (columns_[inserted_[i]].reference) (*row)[i] = fresh[i];
    }
  }
}

std::vector<Literals> TableMaker::Derive(const std::vector<Literals>& base) {
  std::vector<Literals> rows;
  for (const Literals& row : base) {
    const std::size_t fate = dice_.Below(100);
    if (fate < 12) continue;
    rows.push_back(row);
    if (fate < 40) Mutate(&rows.back());
  }
  for (std::size_t more = dice_.Below(4); more > 0; --more) rows.push_back(NewRow());
  // Values that change places: swaps and cycles where the column is unique.
  for (std::size_t swaps = dice_.Below(3); swaps > 0 && rows.size() > 1; --swaps) {
    Literals& one = rows[dice_.Below(rows.size())];
    Literals& other = rows[dice_.Below(rows.size())];
    const std::size_t key_size = keys_.front().size();
    if (one.size() == key_size) break;
    const std::size_t cell = key_size + dice_.Below(one.size() - key_size);
    if (columns_[inserted_[cell]].reference) continue;
    std::swap(one[cell], other[cell]);
  }
  return rows;
}

}  // namespace syncgate::test
