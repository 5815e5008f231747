// A reader that shares no code with ours (tests/support/format-readers), as one process for all
// cases of a test.
#pragma once

#include <sys/types.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "formats/format.h"

namespace syncgate {

class Judge {
 public:
  // "npm" or "python".
  explicit Judge(const std::string& readers);
  ~Judge();
  Judge(const Judge&) = delete;
  Judge& operator=(const Judge&) = delete;

  // "ok" where the reader finds in `after` what `before` holds with exactly these edits, old keys
  // in the old order (npm: in any order); else what it finds instead.
  std::string Ask(std::string_view format, std::string_view before, std::string_view after,
                  const std::vector<ConfigEdit>& edits);
  int asked() const { return asked_; }
  // The readers are neither here nor to be had (npm without its registry): laws hold unjudged, and
  // their tests end as skipped.
  bool missing() const { return missing_; }

 private:
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  pid_t pid_ = -1;
  int asked_ = 0;
  bool missing_ = false;
};

}  // namespace syncgate
