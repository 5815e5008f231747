// One attempt at one check.
#pragma once

#include <string>

#include "config/checks.h"

namespace syncgate {

struct Attempt {
  bool passed = false;
  std::string detail;
  bool hopeless = false;  // the next attempt would end the same
};

// For any kind but kFile. `equals_key`, where there is one, has a value in the context.
Attempt TryCheck(NodeHost& host, const CheckSpec& check, const CheckContext& context);

}  // namespace syncgate
