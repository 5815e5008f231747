// What every key-by-key editor has to keep, whatever the file and the edit. The files are made here
// and not by the code under test: who makes them writes down where each value stands.
#pragma once

#include <rapidcheck.h>

#include <functional>
#include <string>
#include <vector>

#include "formats/format.h"
#include "judge_property.h"

namespace syncgate {

struct MadeKey {
  std::string key;
  std::size_t begin = 0;  // of the value, quotes included
  std::size_t end = 0;
  // What goes when the key goes: its lines, or in brackets the key and the value.
  std::size_t all_begin = 0;
  std::size_t all_end = 0;
  bool sure = true;   // it can be edited, and the format must not refuse it
  bool lined = true;  // all_begin and all_end are those of lines
  bool list = false;  // the value is a list in lines, which can only become another one
};

struct MadeFile {
  std::string bytes;
  std::vector<MadeKey> keys;
};

// What one format's laws are about.
struct LawCase {
  const char* format;
  std::function<MadeFile()> make;
  std::function<std::string(const MadeKey&)> value;  // that an edit may ask for
  std::function<ConfigKey(const MadeFile&)> fresh;   // a key that the file does not have
  std::vector<Judge*> judges;
  // Whether a judge's readers can be asked about this edit of a value that stands as `old` so far;
  // all of them, as a rule.
  std::function<bool(const Judge*, const std::string& old, const ConfigEdit&)> asks =
      [](auto&&...) { return true; };
  // The codes of refusals of values that have no spelling, or places that have no room.
  std::vector<std::string> value_refusals = {};
  std::vector<std::string> add_refusals = {};
  std::vector<std::string> remove_refusals = {};
};

// One to three values at once: every byte outside them is as it was.
void CheckEditingLaw(const LawCase& law);
// One new key: taking the new bytes out again leaves the old file.
void CheckAddingLaw(const LawCase& law);
// One key less: it takes its own bytes along, and of others only what held them together.
void CheckRemovingLaw(const LawCase& law);
// A key that was added and removed again: the old file.
void CheckRestoringLaw(const LawCase& law);

// A file in which bytes were damaged, and which is read all the same: an edit still changes nothing
// else for any reader that reads the file as it was.
void CheckDamagedLaw(const LawCase& law, const std::string& alphabet);

// A file into which `pieces` were put: what carries no doubt is read alike by every reader that
// reads the file at all.
void CheckReadingLaw(const LawCase& law, const std::vector<std::string>& pieces);

inline std::string OneOf(const std::vector<std::string>& texts) {
  return *rc::gen::elementOf(texts);
}

// A line of a made file ends so; the same for the whole file.
inline std::string MadeLineEnding() { return OneOf({"\n", "\r\n"}); }

}  // namespace syncgate
