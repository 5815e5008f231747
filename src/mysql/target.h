// Where a database is and how to log in to it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/secret.h"

namespace syncgate {

// How the connection is protected. kOff never attempts TLS: right over loopback, a socket or an SSH
// tunnel, and nowhere else. kRequired encrypts without checking who answers.
enum class Tls : std::uint8_t { kOff, kRequired, kVerifyCa, kVerifyIdentity };

// What a session is for. A reader runs REPEATABLE READ, READ ONLY: no statement of it can write. A
// writer runs READ COMMITTED, which locks no gaps between existing rows, and waits little for rows.
enum class SessionRole : std::uint8_t { kReader, kWriter };

struct MysqlTarget {
  std::string label;               // "source" or the node's name: every message starts with it
  std::string host = "127.0.0.1";  // always TCP, "localhost" too
  std::uint16_t port = 3306;
  std::string socket;  // not empty: used instead of host and port
  std::string user;
  Secret password;
  std::string database;
  Tls tls = Tls::kOff;
  std::string ca_file;  // PEM; kVerifyCa and kVerifyIdentity need it
  // Of the client library's login plugins; empty: where the library was built to look.
  std::string plugin_directory;

  std::chrono::seconds connect_timeout{10};
  std::chrono::seconds io_timeout{600};  // of one read or write on the wire

  std::string time_zone = "+00:00";  // of the session: TIMESTAMP as text
  // Wait for a metadata lock. Short: whoever waits makes everybody behind wait too.
  std::chrono::seconds lock_wait{5};
  // Wait of a writer for a row lock; at least 1 (MySQL has no 0).
  std::chrono::seconds row_lock_wait{1};
  // Limit of one statement; 0 is none. MySQL's max_execution_time limits only SELECT, MariaDB's
  // max_statement_time every statement, COMMIT not excepted.
  std::chrono::seconds statement_limit{0};
};

}  // namespace syncgate
