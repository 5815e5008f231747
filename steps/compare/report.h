// What compare says to people.
#pragma once

#include <string>

#include "artifact/documents.h"

namespace syncgate {

struct Findings {
  bool different = false;
  bool refused = false;
  std::string sentence;
};

Findings Summarise(const DiffDoc& diff);

// Every diagnostic of the diff, on stderr.
void SayDiagnostics(const DiffDoc& diff);

// The result as a table on stdout; the same for the doctor.
void PrintTables(const DiffDoc& diff);
void PrintDoctor(const DiffDoc& diff);

}  // namespace syncgate
