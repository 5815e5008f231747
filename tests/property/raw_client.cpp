#include "property/raw_client.h"

#include <mysql.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <iterator>
#include <stdexcept>
#include <type_traits>

namespace syncgate::test {
namespace {

using NullMark = std::remove_pointer_t<decltype(MYSQL_BIND::is_null)>;

struct ResultFree {
  void operator()(MYSQL_RES* result) const { mysql_free_result(result); }
  void operator()(MYSQL_STMT* statement) const { mysql_stmt_close(statement); }
};

constexpr std::size_t kTold = 30;  // rows that a difference shows

bool IsGeometry(const std::string& type) {
  for (const char* shape : {"geom", "point", "linestring", "polygon"}) {
    if (type.find(shape) != std::string::npos) return true;
  }
  return false;
}

bool IsFloating(const std::string& type) { return type == "float" || type == "double"; }

// An expression whose text tells apart all values of the column; FLOAT and DOUBLE stand for
// themselves and are fetched as bits.
std::string Judged(const std::string& column, const std::string& type) {
  if (IsFloating(type)) return column;
  if (type == "enum" || type == "set") {
    return "CONCAT(HEX(CAST(" + column + " AS BINARY)), '/', " + column + " + 0)";
  }
  if (IsGeometry(type) || type == "vector") return "HEX(" + column + ")";
  if (type == "json" || type == "uuid" || type.starts_with("inet")) {
    return "HEX(CAST(" + column + " AS CHAR))";
  }
  return "HEX(CAST(" + column + " AS BINARY))";
}

}  // namespace

struct RawClient::Handle {
  Handle() : mysql(mysql_init(nullptr)) {}
  ~Handle() { mysql_close(mysql); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  [[noreturn]] void Throw(const std::string& sql) const {
    throw std::runtime_error(sql.substr(0, 4000) + ": " + mysql_error(mysql));
  }
  MYSQL* mysql;
};

RawClient::RawClient(const MysqlTarget& target) : handle_(std::make_unique<Handle>()) {
  MYSQL* mysql = handle_->mysql;
  mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
  const unsigned protocol = MYSQL_PROTOCOL_TCP;
  mysql_options(mysql, MYSQL_OPT_PROTOCOL, &protocol);
#ifndef LIBMARIADB
  const bool yes = true;
  mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY, &yes);
#endif
  if (mysql_real_connect(mysql, target.host.c_str(), target.user.c_str(),
                         target.password.Reveal().c_str(), target.database.c_str(), target.port,
                         nullptr, 0) == nullptr) {
    handle_->Throw("connect to " + target.label);
  }
  Run("SET time_zone = '+00:00', sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO'");
}

RawClient::~RawClient() = default;

unsigned RawClient::Try(const std::string& sql) {
  MYSQL* mysql = handle_->mysql;
  if (mysql_real_query(mysql, sql.data(), sql.size()) != 0) return mysql_errno(mysql);
  const std::unique_ptr<MYSQL_RES, ResultFree> result(mysql_store_result(mysql));
  return mysql_errno(mysql);
}

void RawClient::Run(const std::string& sql) {
  if (Try(sql) != 0) handle_->Throw(sql);
}

std::string RawClient::LastError() const { return mysql_error(handle_->mysql); }

std::vector<std::string> RawClient::Column(const std::string& sql) {
  MYSQL* mysql = handle_->mysql;
  if (mysql_real_query(mysql, sql.data(), sql.size()) != 0) handle_->Throw(sql);
  const std::unique_ptr<MYSQL_RES, ResultFree> result(mysql_store_result(mysql));
  if (!result) handle_->Throw(sql);
  std::vector<std::string> cells;
  while (MYSQL_ROW row = mysql_fetch_row(result.get())) {
    const unsigned long* lengths = mysql_fetch_lengths(result.get());
    cells.push_back(row[0] == nullptr ? "NULL" : std::string(row[0], lengths[0]));
  }
  return cells;
}

TableDump RawClient::Dump(const std::string& table) {
  const std::string where =
      " FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = x'" +
      HexOf(table) + "' ORDER BY ordinal_position";
  const auto names = Column("SELECT column_name" + where);
  const auto types = Column("SELECT data_type" + where);
  std::string sql;
  for (std::size_t i = 0; i < names.size(); ++i) {
    sql += (i == 0 ? "SELECT " : ", ") + Judged(Backticked(names[i]), types[i]);
  }
  sql += " FROM " + Backticked(table);
  const std::unique_ptr<MYSQL_STMT, ResultFree> statement(mysql_stmt_init(handle_->mysql));
  std::vector<MYSQL_BIND> binds(names.size());
  std::vector<unsigned long> lengths(names.size());
  std::deque<NullMark> nulls(names.size());  // a vector of bool has no addresses
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::memset(&binds[i], 0, sizeof binds[i]);
    binds[i].buffer_type = MYSQL_TYPE_STRING;
    binds[i].length = &lengths[i];
    binds[i].is_null = &nulls[i];
  }
  if (mysql_stmt_prepare(statement.get(), sql.data(), sql.size()) != 0 ||
      mysql_stmt_execute(statement.get()) != 0 ||
      mysql_stmt_bind_result(statement.get(), binds.data())) {
    throw std::runtime_error(sql + ": " + mysql_stmt_error(statement.get()));
  }
  TableDump dump;
  for (;;) {
    const int fetched = mysql_stmt_fetch(statement.get());
    if (fetched == MYSQL_NO_DATA) break;
    if (fetched == 1) throw std::runtime_error(sql + ": " + mysql_stmt_error(statement.get()));
    std::string row;
    for (std::size_t i = 0; i < names.size(); ++i) {
      row += i == 0 ? "" : " | ";
      if (nulls[i]) {
        row += "NULL";
        continue;
      }
      std::string cell;
      MYSQL_BIND bind = binds[i];
      if (IsFloating(types[i])) {
        const bool small = types[i] == "float";
        bind.buffer_type = small ? MYSQL_TYPE_FLOAT : MYSQL_TYPE_DOUBLE;
        cell.resize(small ? 4 : 8);
      } else {
        cell.resize(lengths[i]);
      }
      bind.buffer = cell.data();
      bind.buffer_length = cell.size();
      if (!cell.empty() &&
          mysql_stmt_fetch_column(statement.get(), &bind, static_cast<unsigned>(i), 0) != 0) {
        throw std::runtime_error(sql + ": " + mysql_stmt_error(statement.get()));
      }
      row += IsFloating(types[i]) ? HexOf(cell) : cell;
    }
    dump.push_back(std::move(row));
  }
  std::ranges::sort(dump);
  return dump;
}

std::string Backticked(const std::string& name) {
  std::string text = "`";
  for (const char c : name) text += c == '`' ? std::string("``") : std::string(1, c);
  return text + "`";
}

std::string HexOf(const std::string& bytes) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

std::string Difference(const TableDump& wanted, const TableDump& found) {
  std::string text;
  const auto list = [&](const TableDump& a, const TableDump& b, const char* mark) {
    std::vector<std::string> only;
    std::ranges::set_difference(a, b, std::back_inserter(only));
    for (std::size_t i = 0; i < only.size() && i < kTold; ++i) {
      text += mark + only[i].substr(0, 1500) + "\n";
    }
    if (only.size() > kTold) text += "  and " + std::to_string(only.size() - kTold) + " more\n";
  };
  list(wanted, found, "  wanted: ");
  list(found, wanted, "  found:  ");
  return text;
}

}  // namespace syncgate::test
