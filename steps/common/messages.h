// What a step says while it works. Everything goes to stderr; stdout is for results that were asked
// for.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "common/options.h"
#include "core/diagnostic.h"
#include "core/result.h"

namespace syncgate {

// Sets up the log for the whole process. Call once, before anything is said.
void StartMessages(const std::string& step, const CommonOptions& options);

void Debug(const std::string& text);
void Info(const std::string& text);
void Warn(const std::string& text);
// An error or a diagnostic, with its code and hint.
void Say(const Error& error);
void Say(const Diagnostic& diagnostic);

// `text` as report/visible.h shows it: row and server text can neither start a line of its own nor
// hold what CI systems obey within one, nor steer a terminal or turn what stands around it.
std::string OneLine(const std::string& text);

// Says how far long work is: often on a terminal, every 10 seconds elsewhere.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: unknown. It may be an estimate; no percentage above 99 is shown for it.
  void At(std::uint64_t done, std::uint64_t total);

 private:
  std::string what_;
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  bool drew_ = false;
};

}  // namespace syncgate
