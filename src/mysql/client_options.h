// The options of a connection, for both client libraries.
#pragma once

#include <mysql.h>

#include "mysql/target.h"

namespace syncgate {

// Everything that must be set before mysql_real_connect. Never reads option files.
void SetClientOptions(MYSQL* mysql, const MysqlTarget& target);

// Ends the connection under a running or half-read statement: the library's next read fails at
// once.
void ShutDownSocket(MYSQL* mysql);

}  // namespace syncgate
