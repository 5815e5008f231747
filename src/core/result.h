// Errors as values. An error is named by what its receiver should do next, keeps what the server
// said apart from what we say, and is decided on by kind and number, never by text.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace syncgate {

// What the receiver of an error should do. The harness maps a kind to an exit code (exit_code.h).
enum class ErrorKind : std::uint8_t {
  kFailed,            // give up; the target is as it was before
  kUsage,             // correct the command line
  kBadArtifact,       // make the artifact again
  kFixProject,        // correct syncgate.yml, its environment or its files
  kRefused,           // a rule forbids it: a human decides
  kTryLater,          // call again later: busy, locked or unreachable
  kRetryTransaction,  // roll back and run the whole transaction again (deadlock, lock wait)
  kOutcomeUnknown,    // the answer to a COMMIT was lost: reconnect and read
  kTargetChanged,     // failed, and the target is partly changed
  kVerification,      // what was to hold does not hold
  kInterrupted,       // SIGINT, SIGTERM or a timeout asked us to stop
};

// What a database server said, verbatim. number 0: no server took part.
struct ServerError {
  unsigned number = 0;
  std::string sqlstate;
  std::string text;
};

struct Error {
  ErrorKind kind = ErrorKind::kFailed;
  std::string code;     // stable, kebab-case, documented; for example "host-key-unknown"
  std::string message;  // one sentence: what is wrong, naming table, key, file or host
  std::string hint;     // one sentence: what to do
  ServerError server;
};

template <typename T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> Fail(ErrorKind kind, std::string_view code, std::string message,
                                   std::string hint = {}) {
  return std::unexpected(
      Error{kind, std::string(code), std::move(message), std::move(hint), ServerError{}});
}

}  // namespace syncgate

// A TRY inside the argument of a TRY shadows its variable, which is meant.
#define SYNCGATE_NO_SHADOW_WARNING \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wshadow\"")
#define SYNCGATE_SHADOW_WARNING _Pragma("GCC diagnostic pop")

// Evaluates to the value of a Result, or returns its error from the enclosing function.
#define TRY(expression)                                       \
  __extension__({                                             \
    SYNCGATE_NO_SHADOW_WARNING                                \
    auto&& try_result_ = (expression);                        \
    SYNCGATE_SHADOW_WARNING                                   \
    if (!try_result_.has_value()) {                           \
      return std::unexpected(std::move(try_result_).error()); \
    }                                                         \
    *std::move(try_result_);                                  \
  })
