#include "laws_property.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "format_rows.h"

namespace syncgate {
namespace {

bool Has(const std::vector<std::string>& codes, const std::string& code) {
  return std::ranges::find(codes, code) != codes.end();
}

// `after` is `before` with something else in place of each span.
void AssertOnlySpansDiffer(const std::string& before, std::vector<const MadeKey*> spans,
                           const std::string& after) {
  std::ranges::sort(spans, {}, &MadeKey::begin);
  std::size_t at = 0;    // in before
  std::size_t seen = 0;  // in after
  for (std::size_t i = 0; i <= spans.size(); ++i) {
    const std::size_t stop = i < spans.size() ? spans[i]->begin : before.size();
    const std::string kept = before.substr(at, stop - at);
    if (i == 0) {
      RC_ASSERT(after.starts_with(kept));
      seen = kept.size();
    } else if (i == spans.size()) {
      RC_ASSERT(after.size() >= seen + kept.size());
      RC_ASSERT(after.ends_with(kept));
    } else {
      const std::size_t found = after.find(kept, seen);
      RC_ASSERT(found != std::string::npos);
      seen = found + kept.size();
    }
    if (i < spans.size()) at = spans[i]->end;
  }
}

// A law that held, but not before all of its judges, has not passed.
void SkipWhereUnjudged(const LawCase& law) {
  for (const Judge* judge : law.judges) {
    if (judge->missing()) GTEST_SKIP() << "no readers from npm (tests/support/format-readers)";
  }
}

// Where the reader cannot read `before`, it is no judge: of damaged files only.
int AssertJudged(const LawCase& law, const std::string& before, const std::string& after,
                 const std::vector<ConfigEdit>& edits, bool damaged = false) {
  RC_LOG() << "before: " << before << "\n---\nafter: " << after << "\n---\n";
  const auto entries = FormatNamed(law.format).Parse(before);
  int judged = 0;
  for (Judge* judge : law.judges) {
    if (judge->missing()) continue;
    const auto asks = [&](const ConfigEdit& edit) {
      const auto entry = std::ranges::find(*entries, edit.key, &ConfigEntry::key);
      return law.asks(judge, entry == entries->end() ? "" : entry->raw, edit);
    };
    if (!std::ranges::all_of(edits, asks)) continue;
    const std::string answer = judge->Ask(law.format, before, after, edits);
    RC_LOG() << answer;
    RC_ASSERT(answer == "ok" || (damaged && answer.starts_with("unread: ")));
    judged += answer == "ok" ? 1 : 0;
  }
  return judged;
}

// The bytes that only the longer text has, where the shorter one is it without them.
struct Extra {
  std::size_t begin = 0;
  std::size_t end = 0;
};
Extra AssertOneExtra(const std::string& shorter, const std::string& longer,
                     std::size_t not_before) {
  RC_ASSERT(longer.size() >= shorter.size());
  const auto same = std::ranges::mismatch(shorter, longer);
  const auto head = static_cast<std::size_t>(same.in1 - shorter.begin());
  // Where bytes repeat, the place is free within limits: as early as the caller says.
  Extra extra;
  extra.begin = std::min(head, not_before);
  extra.end = extra.begin + longer.size() - shorter.size();
  RC_ASSERT(longer.substr(extra.end) == shorter.substr(extra.begin));
  return extra;
}

struct Tally {
  int done = 0;
  int refused = 0;
};
void ExpectMostlyDone(const Tally& tally) {
  EXPECT_GT(2 * tally.done, tally.refused) << "the law says little where most is refused";
}

}  // namespace

void CheckEditingLaw(const LawCase& law) {
  const Format& format = FormatNamed(law.format);
  Tally tally;
  EXPECT_TRUE(rc::check(std::string(law.format) + ": editing", [&] {
    const MadeFile file = law.make();
    RC_LOG() << file.bytes;
    const auto entries = format.Parse(file.bytes);
    if (!entries) RC_FAIL(entries.error().message);
    // Discarded files in a row would end the search, now and then: an empty one passes.
    if (file.keys.empty()) return;
    std::vector<const MadeKey*> spans;
    std::vector<ConfigEdit> edits;
    std::set<std::string> seen;
    const auto count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      const auto index = *rc::gen::inRange<std::size_t>(0, file.keys.size());
      const MadeKey& key = file.keys[index];
      if (!key.sure && *rc::gen::inRange(0, 4) > 0) continue;
      if (!seen.insert(key.key).second) continue;
      std::string value = law.value(key);
      const auto entry = std::ranges::find(*entries, ConfigKey(key.key), &ConfigEntry::key);
      RC_ASSERT(entry != entries->end());
      RC_ASSERT(entry->doubt.empty() || !key.sure);
      spans.push_back(&key);
      edits.push_back({ConfigKey(key.key), std::move(value)});
    }
    const bool sure = std::ranges::all_of(spans, [](const MadeKey* key) { return key->sure; });
    const auto after = format.Edit(file.bytes, edits);
    if (!after) {
      RC_LOG() << after.error().message;
      RC_ASSERT(after.error().kind == ErrorKind::kRefused);
      RC_ASSERT(!sure || Has(law.value_refusals, after.error().code));
      ++tally.refused;
      return;
    }
    ++tally.done;
    AssertOnlySpansDiffer(file.bytes, spans, *after);
    const auto again = format.Parse(*after);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->size() == entries->size());
    for (std::size_t i = 0; i < again->size(); ++i) {
      RC_ASSERT((*again)[i].key == (*entries)[i].key);
      const auto edit = std::ranges::find(edits, (*again)[i].key, &ConfigEdit::key);
      if (edit == edits.end()) {
        RC_ASSERT((*again)[i].raw == (*entries)[i].raw);
      } else {
        RC_ASSERT((*again)[i].value == *edit->after);
      }
    }
    AssertJudged(law, file.bytes, *after, edits);
  }));
  ExpectMostlyDone(tally);
  SkipWhereUnjudged(law);
}

void CheckAddingLaw(const LawCase& law) {
  const Format& format = FormatNamed(law.format);
  Tally tally;
  EXPECT_TRUE(rc::check(std::string(law.format) + ": adding", [&] {
    const MadeFile file = law.make();
    const std::vector<ConfigEdit> edits = {{law.fresh(file), law.value({})}};
    RC_LOG() << file.bytes << "\n+ " << edits[0].key.str();
    const auto after = format.Edit(file.bytes, edits);
    if (!after) {
      RC_LOG() << after.error().code << after.error().message;
      RC_ASSERT(Has(law.add_refusals, after.error().code) ||
                Has(law.value_refusals, after.error().code));
      ++tally.refused;
      return;
    }
    ++tally.done;
    AssertOneExtra(file.bytes, *after, file.bytes.size());
    // A file without a final newline stays without, and one with it stays with it.
    RC_ASSERT(file.bytes.empty() || file.bytes.ends_with('\n') == after->ends_with('\n'));
    AssertJudged(law, file.bytes, *after, edits);
  }));
  ExpectMostlyDone(tally);
  SkipWhereUnjudged(law);
}

void CheckRemovingLaw(const LawCase& law) {
  const Format& format = FormatNamed(law.format);
  Tally tally;
  EXPECT_TRUE(rc::check(std::string(law.format) + ": removing", [&] {
    const MadeFile file = law.make();
    // Discarded files in a row would end the search, now and then: an empty one passes.
    if (file.keys.empty()) return;
    const MadeKey key = file.keys[*rc::gen::inRange<std::size_t>(0, file.keys.size())];
    const std::vector<ConfigEdit> edits = {{ConfigKey(key.key), std::nullopt}};
    RC_LOG() << file.bytes << "\n- " << key.key;
    const auto after = format.Edit(file.bytes, edits);
    if (!after) {
      RC_LOG() << after.error().code << after.error().message;
      RC_ASSERT(after.error().kind == ErrorKind::kRefused);
      RC_ASSERT(!key.sure || Has(law.remove_refusals, after.error().code));
      ++tally.refused;
      return;
    }
    ++tally.done;
    // Bytes before it stay but for what tied it to them: a comma and blanks, the last line end.
    const Extra extra = AssertOneExtra(*after, file.bytes, key.all_begin);
    RC_ASSERT(extra.end >= key.all_end);
    const std::string allowed = key.lined ? "\r\n" : ", \t\r\n";
    const std::string head = file.bytes.substr(extra.begin, key.all_begin - extra.begin);
    RC_ASSERT(head.find_first_not_of(allowed) == std::string::npos);
    if (extra.end > key.all_end) {
      const std::string tail = file.bytes.substr(key.all_end, extra.end - key.all_end);
      RC_ASSERT(!key.lined && tail.find_first_not_of(allowed) == std::string::npos);
    }
    if (key.lined && (key.all_end < file.bytes.size() || file.bytes.ends_with('\n'))) {
      RC_ASSERT(file.bytes.size() - after->size() == key.all_end - key.all_begin);
    }
    AssertJudged(law, file.bytes, *after, edits);
  }));
  ExpectMostlyDone(tally);
  SkipWhereUnjudged(law);
}

void CheckRestoringLaw(const LawCase& law) {
  const Format& format = FormatNamed(law.format);
  Tally tally;
  EXPECT_TRUE(rc::check(std::string(law.format) + ": restoring", [&] {
    const MadeFile file = law.make();
    const ConfigKey key = law.fresh(file);
    const auto added = format.Edit(file.bytes, {{key, law.value({})}});
    if (!added) {
      ++tally.refused;
      return;
    }
    ++tally.done;
    const auto removed = format.Edit(*added, {{key, std::nullopt}});
    RC_LOG() << file.bytes << "\n---\n" << *added;
    if (!removed) RC_FAIL(removed.error().message);
    RC_ASSERT(*removed == file.bytes);
  }));
  ExpectMostlyDone(tally);
  SkipWhereUnjudged(law);
}

// Most of what is damaged is refused, and most of json at once: so each case has several tries.
constexpr int kTries = 8;

void CheckDamagedLaw(const LawCase& law, const std::string& alphabet) {
  const Format& format = FormatNamed(law.format);
  int judged = 0;
  const auto once = [&] {
    MadeFile file = law.make();
    RC_PRE(!file.bytes.empty());
    const auto count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, file.bytes.size());
      const char c = *rc::gen::elementOf(alphabet);
      const auto cut = *rc::gen::inRange<std::size_t>(0, 3);
      file.bytes.replace(at, cut, *rc::gen::inRange<std::size_t>(0, 2), c);
      if (file.bytes.empty()) file.bytes += c;
    }
    const auto entries = format.Parse(file.bytes);
    if (!entries) {
      RC_ASSERT(entries.error().kind == ErrorKind::kRefused);
      return;
    }
    if (entries->empty()) return;
    const ConfigEntry& entry = (*entries)[*rc::gen::inRange<std::size_t>(0, entries->size())];
    std::vector<ConfigEdit> edits = {{entry.key, law.value({})}};
    const auto kind = *rc::gen::inRange(0, 4);
    if (kind == 0) edits[0].after = std::nullopt;
    if (kind == 1) edits[0].key = ConfigKey(entry.key.str() + "new");
    const auto after = format.Edit(file.bytes, edits);
    if (!after) {
      RC_LOG() << file.bytes << "\n" << entry.key.str() << "\n" << after.error().message;
      RC_ASSERT(after.error().kind == ErrorKind::kRefused);
      return;
    }
    if (!entry.doubt.empty()) return;  // no plan holds it
    judged += AssertJudged(law, file.bytes, *after, edits, /*damaged=*/true);
  };
  EXPECT_TRUE(rc::check(std::string(law.format) + ": damaged", [&] {
    for (int i = 0; i < kTries; ++i) once();
  }));
  SkipWhereUnjudged(law);
  if (::testing::Test::IsSkipped()) return;
  EXPECT_GT(judged, 10);
}

void CheckReadingLaw(const LawCase& law, const std::vector<std::string>& pieces) {
  const Format& format = FormatNamed(law.format);
  int judged = 0;
  const auto once = [&] {
    MadeFile file = law.make();
    const auto count = *rc::gen::inRange(1, 4);
    for (int i = 0; i < count; ++i) {
      file.bytes.insert(*rc::gen::inRange<std::size_t>(0, file.bytes.size() + 1), OneOf(pieces));
    }
    const auto entries = format.Parse(file.bytes);
    if (!entries) return;
    // Edits that change nothing: the judge holds its reader's values against ours.
    std::vector<ConfigEdit> edits;
    for (const ConfigEntry& entry : *entries) {
      if (entry.doubt.empty()) edits.push_back({entry.key, entry.value});
    }
    if (!edits.empty()) judged += AssertJudged(law, file.bytes, file.bytes, edits, true);
  };
  EXPECT_TRUE(rc::check(std::string(law.format) + ": reading", [&] {
    for (int i = 0; i < kTries; ++i) once();
  }));
  SkipWhereUnjudged(law);
  if (::testing::Test::IsSkipped()) return;
  EXPECT_GT(judged, 4);  // most of json is no longer any
}

}  // namespace syncgate
