// YAML files by chance, with all that people write into them, for the laws.
#pragma once

#include "laws_property.h"

namespace syncgate {

MadeFile MakeYaml();

}  // namespace syncgate
