// What is probably a secret, by how it is called or looks. Only a hint: what errs on the side of
// caution may use it, nothing else.
#pragma once

#include <string_view>
#include <vector>

namespace syncgate {

// Of a variable or key: CI_JOB_TOKEN, AWS_SECRET_ACCESS_KEY, DB_PASS, db.password, /smtp/apiKey,
// signingKey; in any case. Not SSH_KEY_FILE, whose value is a path, and not PUBLIC_KEY.
bool IsCalledLikeASecret(std::string_view name);

// The passwords in a value, as URLs (mysql://app:secret@db/app) and connection strings
// (Server=db;Password=secret) hold them, spelled as they stand there. A ${REFERENCE} is none.
std::vector<std::string_view> PasswordsIn(std::string_view value);

// Whether there are any, or the value is a private key.
bool HoldsAPassword(std::string_view value);

// Whether a value is "true", "off" or the like, which is no secret whatever it is called.
bool IsSwitch(std::string_view value);

}  // namespace syncgate
