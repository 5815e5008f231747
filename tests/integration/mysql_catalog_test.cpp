// mysql/catalog.h against real servers.
#include <gmock/gmock.h>

#include <algorithm>

#include "data/sql_text.h"
#include "mysql/catalog.h"
#include "support/server_test.h"

namespace syncgate::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MysqlCatalogTest : public ServerTest {
 protected:
  TableDef Load(const std::string& name, Account account = Account::kSync) const {
    const auto session = Connect(Server::kNode1, account, SessionRole::kReader);
    auto table = LoadTable(*session, SchemaName(database()), TableName(name));
    if (!table) throw std::runtime_error(table.error().message);
    return *std::move(table);
  }
  void Create(const std::string& sql) const { Run(Server::kNode1, sql); }
  static std::vector<std::string> NamesOf(const TableDef& table) {
    std::vector<std::string> names;
    for (const Column& column : table.columns) names.push_back(column.name.str());
    return names;
  }
  static const Column& At(const TableDef& table, const std::string& name) {
    return table.columns.at(table.FindColumn(ColumnName(name)).value());
  }
};

TEST_F(MysqlCatalogTest, Kinds) {
  Create(
      "CREATE TABLE k (a TINYINT PRIMARY KEY, b BIGINT UNSIGNED, c YEAR, d BIT(5), e "
      "DECIMAL(30,10), f FLOAT, g DOUBLE, "
      "h CHAR(3), i VARCHAR(9) CHARACTER SET latin1, j LONGTEXT, k ENUM('x','y'), l SET('x','y'), "
      "m JSON, n DATE, "
      "o TIME(6), p DATETIME, q TIMESTAMP NULL, r BINARY(4), s VARBINARY(4), t LONGBLOB, u POINT, "
      "v GEOMETRY, "
      "w GEOMETRYCOLLECTION, x MULTIPOLYGON)");
  const TableDef table = Load("k");
  std::vector<ColumnKind> kinds;
  for (const Column& column : table.columns) kinds.push_back(column.kind);
  using enum ColumnKind;
  EXPECT_THAT(kinds, ElementsAre(kInteger, kInteger, kInteger, kBit, kDecimal, kFloat, kDouble,
                                 kText, kText, kText, kEnum, kEnum, IsMySql() ? kJson : kText,
                                 kTemporal, kTemporal, kTemporal, kTemporal, kBinary, kBinary,
                                 kBinary, kGeometry, kGeometry, kGeometry, kGeometry));
  EXPECT_EQ(At(table, "i").charset, "latin1");
  EXPECT_EQ(At(table, "i").collation, "latin1_swedish_ci");
  EXPECT_EQ(At(table, "r").charset, "");
  EXPECT_EQ(At(table, "e").type, "decimal(30,10)");
  EXPECT_EQ(table.engine, "InnoDB");
}

TEST_F(MysqlCatalogTest, KindsOfOneFlavor) {
  if (IsMySql()) {
    Create("CREATE TABLE k (a INT PRIMARY KEY, v VECTOR(3))");
    EXPECT_EQ(At(Load("k"), "v").kind, ColumnKind::kBinary);
  } else {
    Create("CREATE TABLE k (a INT PRIMARY KEY, v INET6, w UUID, x INET4)");
    const TableDef table = Load("k");
    for (const char* name : {"v", "w", "x"})
      EXPECT_EQ(At(table, name).kind, ColumnKind::kText) << name;
  }
}

TEST_F(MysqlCatalogTest, ColumnProperties) {
  Create(
      "CREATE TABLE c (id INT AUTO_INCREMENT PRIMARY KEY, a INT NOT NULL, b INT, c INT NOT NULL "
      "DEFAULT 0, "
      "d VARCHAR(9) DEFAULT 'NULL', e TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE "
      "CURRENT_TIMESTAMP, "
      "f DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, g INT AS (a + 1) VIRTUAL, h INT AS (a + 2) "
      "STORED, "
      "i INT DEFAULT 4 INVISIBLE, j DATETIME ON UPDATE CURRENT_TIMESTAMP, "
      "k VARCHAR(99) NOT NULL DEFAULT (CONCAT('x', 'y')))");
  const TableDef table = Load("c");
  EXPECT_THAT(NamesOf(table),
              ElementsAre("id", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"));
  const auto with = [&](bool Column::* property) {
    std::string names;
    for (const Column& column : table.columns) {
      if (column.*property) names += column.name.str();
    }
    return names;
  };
  EXPECT_EQ(with(&Column::auto_increment), "id");
  EXPECT_EQ(with(&Column::nullable), "bdghij");
  EXPECT_EQ(with(&Column::has_default), "idbcdefghijk");  // all but a
  EXPECT_EQ(with(&Column::on_update_now), "ej");
  EXPECT_EQ(with(&Column::generated), "gh");
  EXPECT_EQ(with(&Column::invisible), "i");
}

TEST_F(MysqlCatalogTest, UniqueKeys) {
  Create(
      "CREATE TABLE u (b INT NOT NULL, a INT NOT NULL, t VARCHAR(50), n INT, PRIMARY KEY (a, b), "
      "UNIQUE zz (n), "
      "UNIQUE aa (t(5), n), KEY plain (n, a))");
  const TableDef table = Load("u");
  ASSERT_EQ(table.unique_keys.size(), 3U);
  EXPECT_EQ(table.unique_keys[0].index, "PRIMARY");
  EXPECT_TRUE(table.unique_keys[0].primary);
  EXPECT_THAT(table.unique_keys[0].Columns(), ElementsAre(1, 0));
  EXPECT_EQ(table.unique_keys[1].index, "aa");
  EXPECT_TRUE(table.unique_keys[1].HasPrefix());
  EXPECT_FALSE(table.unique_keys[1].HasExpression());
  EXPECT_THAT(table.unique_keys[1].Columns(), ElementsAre(2, 3));
  EXPECT_EQ(table.unique_keys[2].index, "zz");
  EXPECT_FALSE(table.unique_keys[2].primary);
}

TEST_F(MysqlCatalogTest, FunctionalUniqueKey) {
  if (!IsMySql()) GTEST_SKIP() << "MariaDB has no functional keys";
  Create("CREATE TABLE u (id INT PRIMARY KEY, t VARCHAR(50), n INT, UNIQUE f (n, (LOWER(t))))");
  const TableDef table = Load("u");
  ASSERT_EQ(table.unique_keys.size(), 2U);
  EXPECT_TRUE(table.unique_keys[1].HasExpression());
  EXPECT_THAT(table.unique_keys[1].Columns(), ElementsAre(2));
}

TEST_F(MysqlCatalogTest, GeneratedInvisiblePrimaryKeyIsLeftOut) {
  if (!IsMySql()) GTEST_SKIP() << "MariaDB has no generated invisible primary key";
  const auto admin = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(admin->Execute("SET SESSION sql_generate_invisible_primary_key = ON"));
  ASSERT_TRUE(admin->Execute("CREATE TABLE g (a INT, b INT NOT NULL, UNIQUE (b))"));
  ASSERT_TRUE(admin->Execute("SET SESSION sql_generate_invisible_primary_key = OFF"));
  ASSERT_TRUE(admin->Execute(
      "CREATE TABLE own (my_row_id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, a INT)"));
  const TableDef generated = Load("g");
  EXPECT_THAT(NamesOf(generated), ElementsAre("a", "b"));
  ASSERT_EQ(generated.unique_keys.size(), 1U);
  EXPECT_EQ(generated.unique_keys[0].index, "b");
  EXPECT_THAT(generated.unique_keys[0].Columns(), ElementsAre(1));
  const TableDef own =
      Load("own");  // somebody's own visible column of that name is a column like any other
  EXPECT_THAT(NamesOf(own), ElementsAre("my_row_id", "a"));
  EXPECT_TRUE(own.unique_keys.at(0).primary);
}

TEST_F(MysqlCatalogTest, ForeignKeysAndTriggers) {
  Create(
      "CREATE TABLE p (a INT, b INT, n INT UNIQUE, up INT, PRIMARY KEY (a, b), FOREIGN KEY (up) "
      "REFERENCES p (n))");
  Create(
      "CREATE TABLE c (id INT PRIMARY KEY, x INT, y INT, CONSTRAINT to_p FOREIGN KEY (x, y) "
      "REFERENCES p (a, b) "
      "ON DELETE CASCADE ON UPDATE SET NULL)");
  Create("CREATE TRIGGER second BEFORE UPDATE ON c FOR EACH ROW SET NEW.x = NEW.x");
  Create("CREATE TRIGGER first BEFORE INSERT ON c FOR EACH ROW SET NEW.x = NEW.x");
  const TableDef child = Load("c");
  ASSERT_EQ(child.foreign_keys.size(), 1U);
  EXPECT_EQ(child.foreign_keys[0].name, "to_p");
  EXPECT_EQ(child.foreign_keys[0].parent.str(), "p");
  EXPECT_EQ(child.foreign_keys[0].parent_schema.str(), database());
  EXPECT_THAT(child.foreign_keys[0].columns, ElementsAre(ColumnName("x"), ColumnName("y")));
  EXPECT_THAT(child.foreign_keys[0].parent_columns, ElementsAre(ColumnName("a"), ColumnName("b")));
  EXPECT_EQ(child.foreign_keys[0].on_delete, "CASCADE");
  EXPECT_EQ(child.foreign_keys[0].on_update, "SET NULL");
  EXPECT_THAT(child.referencing_keys, IsEmpty());
  EXPECT_THAT(child.triggers, ElementsAre("first", "second"));

  const TableDef parent = Load("p");
  EXPECT_EQ(parent.foreign_keys.size(), 1U);  // onto itself
  ASSERT_EQ(parent.referencing_keys.size(), 2U);
  EXPECT_EQ(parent.referencing_keys[0].parent.str(), "c");
  EXPECT_THAT(parent.referencing_keys[0].columns, ElementsAre(ColumnName("a"), ColumnName("b")));
  EXPECT_THAT(parent.referencing_keys[0].parent_columns,
              ElementsAre(ColumnName("x"), ColumnName("y")));
  EXPECT_EQ(parent.referencing_keys[0].on_delete, "CASCADE");
  EXPECT_EQ(parent.referencing_keys[1].parent.str(), "p");

  // The reader of the sandbox sees the same; it has TRIGGER and SHOW VIEW beside SELECT.
  EXPECT_EQ(Load("p", Account::kReadOnly).referencing_keys.size(), 2U);
  EXPECT_EQ(Load("p", Account::kReadOnly).referencing_keys.at(0).on_delete, "CASCADE");
}

TEST_F(MysqlCatalogTest, RulesThatAnAccountWithSelectOnlyMayNotSee) {
  Create("CREATE TABLE p (a INT PRIMARY KEY)");
  Create(
      "CREATE TABLE c (id INT PRIMARY KEY, x INT, FOREIGN KEY (x) REFERENCES p (a) ON DELETE "
      "CASCADE)");
  Create("REVOKE TRIGGER, SHOW VIEW ON " + database() + ".* FROM 'sync_ro'@'%'");
  const TableDef parent = Load("p", Account::kReadOnly);
  ASSERT_EQ(parent.referencing_keys.size(), 1U);
  EXPECT_EQ(parent.referencing_keys[0].on_delete, IsMySql() ? "CASCADE" : "");
}

TEST_F(MysqlCatalogTest, ReferencedFromAnotherSchema) {
  const FreshDatabase other(sandbox());
  Create("CREATE TABLE p (a INT PRIMARY KEY)");
  Create("CREATE TABLE " + other.name() +
         ".c (id INT PRIMARY KEY, x INT, FOREIGN KEY (x) REFERENCES " + database() + ".p (a))");
  const TableDef parent = Load("p");
  Create("DROP TABLE " + other.name() + ".c");
  ASSERT_EQ(parent.referencing_keys.size(), 1U);
  EXPECT_EQ(parent.referencing_keys[0].parent_schema.str(), other.name());
  EXPECT_EQ(parent.referencing_keys[0].parent.str(), "c");
}

TEST_F(MysqlCatalogTest, HostileNames) {
  const std::string table = "a`b'c\"d\ne\\f %_\xE5\x85\xAB";
  const std::string column = "x`y'z\"\n\\ ;--";
  Create("CREATE TABLE " + QuoteName(table) + " (" + QuoteName(column) + " INT PRIMARY KEY, `" +
         "\xE5\xAD\x97" + "` INT)");
  const TableDef loaded = Load(table);
  EXPECT_EQ(loaded.name.str(), table);
  EXPECT_THAT(NamesOf(loaded), ElementsAre(column, "\xE5\xAD\x97"));
  EXPECT_THAT(loaded.unique_keys.at(0).Columns(), ElementsAre(0));
  const auto session = Connect();
  EXPECT_THAT(*ListBaseTables(*session, SchemaName(database())), ElementsAre(TableName(table)));
}

TEST_F(MysqlCatalogTest, NamesThatDifferOnlyInCase) {
  if (Value(Server::kNode1, "SELECT @@lower_case_table_names") != "0")
    GTEST_SKIP() << "the server folds names";
  Create("CREATE TABLE t (small INT PRIMARY KEY)");
  Create("CREATE TABLE T (big INT, PRIMARY KEY (big))");
  EXPECT_THAT(NamesOf(Load("t")), ElementsAre("small"));
  EXPECT_THAT(NamesOf(Load("T")), ElementsAre("big"));
  const auto session = Connect();
  const auto both = LoadTables(*session, SchemaName(database()), {TableName("T"), TableName("t")});
  ASSERT_TRUE(both);
  EXPECT_THAT(NamesOf((*both)[0]), ElementsAre("big"));
  EXPECT_THAT(NamesOf((*both)[1]), ElementsAre("small"));
  EXPECT_EQ((*both)[0].unique_keys.size(), 1U);
}

TEST_F(MysqlCatalogTest, ListsBaseTablesOnly) {
  Create("CREATE TABLE b (id INT PRIMARY KEY)");
  Create("CREATE TABLE a (id INT PRIMARY KEY)");
  Create("CREATE VIEW v AS SELECT * FROM a");
  if (!IsMySql()) {
    Create("CREATE TABLE versioned (id INT PRIMARY KEY) WITH SYSTEM VERSIONING");
    Create("CREATE SEQUENCE s");
  }
  const auto session = Connect();
  const auto names = ListBaseTables(*session, SchemaName(database()));
  ASSERT_TRUE(names);
  std::vector<TableName> wanted = {TableName("a"), TableName("b")};
  if (!IsMySql()) wanted.emplace_back("versioned");
  EXPECT_EQ(*names, wanted);
  const SchemaName schema(database());
  EXPECT_EQ(LoadTable(*session, schema, TableName("v")).error().code, "table-not-base");
  EXPECT_EQ(LoadTable(*session, schema, TableName("nothing")).error().code, "table-unknown");
  EXPECT_EQ(LoadTable(*session, schema, TableName("nothing")).error().kind, ErrorKind::kFixProject);
  EXPECT_EQ(LoadTable(*session, SchemaName("mysql"), TableName("user")).error().code,
            "table-unknown");
}

TEST_F(MysqlCatalogTest, RowEstimateIsFresh) {
  Create("CREATE TABLE r (id INT PRIMARY KEY AUTO_INCREMENT, v INT)");
  EXPECT_EQ(Load("r").row_estimate, 0U);
  Create("INSERT INTO r (v) VALUES (1),(2),(3),(4),(5),(6),(7),(8)");
  for (int i = 0; i < 6; ++i) Create("INSERT INTO r (v) SELECT v FROM r");
  const auto admin = Connect(Server::kNode1, Account::kAdmin);
  ASSERT_TRUE(admin->Rows("ANALYZE TABLE r"));
  EXPECT_GT(Load("r").row_estimate, 100U);
}

}  // namespace
}  // namespace syncgate::test
