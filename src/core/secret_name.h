// What is probably a secret, by how it is called or looks. Only a hint: what errs on the side of
// caution may use it, nothing else.
#pragma once

#include <string_view>

namespace syncgate {

// Of a variable or key: CI_JOB_TOKEN, AWS_SECRET_ACCESS_KEY, db.password, /smtp/apiKey; in any
// case. Not SSH_KEY_FILE, whose value is a path.
bool IsCalledLikeASecret(std::string_view name);

// Whether a value holds a URL with a password in it: mysql://app:secret@db/app.
bool HoldsAPassword(std::string_view value);

}  // namespace syncgate
