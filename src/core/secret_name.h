// What is probably a secret, by how it is called or looks. Only a hint: what errs on the side of
// caution may use it, nothing else.
#pragma once

#include <string_view>

namespace syncgate {

// Of a variable or key: CI_JOB_TOKEN, AWS_SECRET_ACCESS_KEY, DB_PASS, db.password, /smtp/apiKey,
// signingKey; in any case. Not SSH_KEY_FILE, whose value is a path, and not PUBLIC_KEY.
bool IsCalledLikeASecret(std::string_view name);

// Whether a value holds a password, as URLs (mysql://app:secret@db/app) and connection strings
// (Server=db;Password=secret) do, or a private key. A ${REFERENCE} in place of it is none.
bool HoldsAPassword(std::string_view value);

// Whether a value is "true", "off" or the like, which is no secret whatever it is called.
bool IsSwitch(std::string_view value);

}  // namespace syncgate
