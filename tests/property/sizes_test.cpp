// How many rows a chunk, a bucket, a look-up or a batch holds never changes what is found or
// written.
#include <algorithm>

#include "data/apply.h"
#include "data/batcher.h"
#include "data/compare.h"
#include "data/preflight.h"
#include "data/render.h"
#include "data/text_check.h"
#include "mysql/catalog.h"
#include "property/property_test.h"
#include "property/table_maker.h"

namespace syncgate::test {
namespace {

constexpr std::uint64_t kTables = 12;
constexpr std::uint64_t kFullTables = 300;

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().code + ": " + result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

class NoLog : public BeforeImageLog {
 public:
  Result<void> Record(const std::vector<Column>& /*columns*/,
                      const std::vector<BeforeImage>& /*images*/) override {
    return {};
  }
  Result<void> Committed() override { return {}; }
  Result<void> Refused() override { return {}; }
};

std::vector<std::uint64_t> Numbers(const TableCounts& counts) {
  return {counts.source_rows, counts.node_rows, counts.missing,
          counts.mismatched,  counts.extra,     counts.unstable};
}

std::string Described(const std::vector<RowChange>& changes) {
  std::string text;
  for (const RowChange& change : changes) {
    text += change.kind == ChangeKind::kInsert   ? "insert"
            : change.kind == ChangeKind::kDelete ? "delete"
                                                 : "update";
    for (const auto& image : {std::optional(change.key), change.before, change.after}) {
      text += image ? " [" : " -";
      for (std::size_t i = 0; image && i < image->size(); ++i) {
        const Cell& cell = (*image)[i];
        text += (i == 0 ? "" : " ") + (cell ? "x'" + HexOf(*cell) + "'" : "NULL");
      }
      text += image ? "]" : "";
    }
    text += "\n";
  }
  return text;
}

struct Found {
  std::vector<RowChange> changes;  // in order of kind and key
  TableCounts counts;
};

class Sizes : public PropertyTest {
 protected:
  void SetUp() override {
    PropertyTest::SetUp();
    if (!ready()) return;
    for (auto* session : {&source_scan_, &source_confirm_}) {
      *session = Connect(Server::kSource, Account::kReadOnly, SessionRole::kReader);
    }
    for (auto* session : {&node_scan_, &node_confirm_}) {
      *session = Connect(Server::kNode1, Account::kReadOnly, SessionRole::kReader);
    }
    writer_ = Connect();
  }

  Found Compare(const MatchedTable& matched, const CompareSizes& sizes) {
    CompareSide source;
    source.shape = matched.source;
    source.scan = source_scan_.get();
    source.confirm = [this]() -> Result<SqlSession*> { return source_confirm_.get(); };
    CompareSide node;
    node.shape = matched.node;
    node.scan = node_scan_.get();
    node.confirm = [this]() -> Result<SqlSession*> { return node_confirm_.get(); };
    Found found;
    CompareHooks hooks;
    hooks.on_change = [&](std::size_t, RowChange&& change) -> Result<void> {
      found.changes.push_back(std::move(change));
      return {};
    };
    found.counts = Must(CompareTable(source, {node}, false, hooks, sizes)).at(0).counts;
    // Deletes first: a key spelled otherwise may take a deleted one's place.
    const auto order = [](const RowChange& change) {
      return std::pair(change.kind == ChangeKind::kDelete ? 0 : 1, change.key);
    };
    std::ranges::stable_sort(found.changes, {}, order);
    std::ranges::stable_sort(found.changes, {}, [](const RowChange& change) {
      return change.kind == ChangeKind::kDelete ? 0 : change.kind == ChangeKind::kUpdate ? 1 : 2;
    });
    return found;
  }

  void Apply(const MatchedTable& matched, std::vector<RowChange> changes, std::size_t rows,
             std::size_t bytes) {
    RenderContext context;
    context.shape = matched.node;
    context.server = writer_->server();
    context.row_by_row = SmallForMariaDb(context.server, changes.size());
    NoLog log;
    const auto write = [&](std::vector<RowChange>&& batch) -> Result<void> {
      BatchTask task;
      task.shape = matched.node;
      const ChangeKind kind = batch.front().kind;
      const auto texts = Must(RenderStatements(context, kind, batch));
      for (const auto& text : texts) {
        task.statements.push_back({kind, texts.size() == 1 ? batch.size() : 1, text});
      }
      task.changes = std::move(batch);
      const auto outcome = Must(ApplyBatch(*writer_, task, log, {}));
      EXPECT_TRUE(outcome.wrote);
      return {};
    };
    Batcher batcher(write, bytes, rows);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (i > 0 && changes[i].kind != changes[i - 1].kind) Must(batcher.Finish());
      Must(batcher.Add(std::move(changes[i])));
    }
    Must(batcher.Finish());
  }

  void CheckTable(std::uint64_t seed) {
    Dice dice(seed);
    World world;
    world.seed = seed;
    world.tables.push_back(TableMaker(dice, server()).Plain("w0_"));
    const TableName name(world.tables[0].name);
    SCOPED_TRACE(world.tables[0].create + " -- seed " + std::to_string(seed));
    RoundStats stats;
    Build({world}, &stats);
    const auto load = [&](SqlSession& session) {
      return Must(LoadTable(session, SchemaName(database()), name));
    };
    const auto match = MatchTable(load(*source_confirm_), load(*node_confirm_), TableRules(), true);
    if (!match && match.error().code == "key-unsupported") return DropTables({world});
    const MatchedTable matched = Must(match);
    const TableDump source_rows = source().Dump(name.str());
    const TableDump node_rows = node().Dump(name.str());
    const Found wanted = Compare(matched, {});
    EXPECT_EQ(wanted.changes.empty(), source_rows == node_rows);
    for (const CompareSizes& sizes :
         {CompareSizes{1, 128, 1, 1, 1}, CompareSizes{2, 1, 3, 2, 50}, CompareSizes{7, 4, 5, 3, 1},
          CompareSizes{1000, 2, 1, 200}, CompareSizes{13, 1024, 20'000, 200}}) {
      const Found found = Compare(matched, sizes);
      EXPECT_TRUE(found.changes == wanted.changes) << "chunks of " << sizes.chunk_rows << "\n"
                                                   << Described(found.changes) << "by default\n"
                                                   << Described(wanted.changes);
      EXPECT_EQ(Numbers(found.counts), Numbers(wanted.counts)) << "chunks of " << sizes.chunk_rows;
    }
    // Compared like any other, but no statement writes it: compare refuses such tables.
    const bool writable = std::ranges::none_of(wanted.changes, [&](const RowChange& change) {
      return FindNoMember(matched.node, change).has_value();
    });
    if (!writable) return DropTables({world});
    const std::pair<std::size_t, std::size_t> batches[] = {{1, 1}, {3, 1 << 20}, {500, 100}};
    for (const auto& [rows, bytes] : batches) {
      Apply(matched, wanted.changes, rows, bytes);
      EXPECT_EQ(Difference(source_rows, node().Dump(name.str())), "") << rows << " rows a batch";
      std::vector<RowChange> back;
      for (const RowChange& change : wanted.changes) back.push_back(Reversed(change));
      std::ranges::reverse(back);
      Apply(matched, back, rows + 1, bytes * 2);
      EXPECT_EQ(Difference(node_rows, node().Dump(name.str())), "") << rows << " rows a batch";
    }
    DropTables({world});
  }

 private:
  std::unique_ptr<MysqlSession> source_scan_, source_confirm_, node_scan_, node_confirm_, writer_;
};
class FullSizes : public Sizes {};

TEST_F(Sizes, NeverChangeTheResult) {
  for (std::uint64_t seed = 1; seed <= kTables; ++seed) CheckTable(seed);
}

TEST_F(FullSizes, NeverChangeTheResult) {
  for (std::uint64_t seed = 1001; seed <= 1000 + kFullTables; ++seed) CheckTable(seed);
}

}  // namespace
}  // namespace syncgate::test
