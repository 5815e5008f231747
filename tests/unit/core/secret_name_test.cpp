#include "core/secret_name.h"

#include <gtest/gtest.h>

namespace syncgate {
namespace {

TEST(SecretName, NamesThatAreProbablySecrets) {
  for (const char* name : {"CI_JOB_TOKEN", "AWS_SECRET_ACCESS_KEY", "db.password", "/smtp/apiKey",
                           "MYSQL_PWD", "ssl-key", "/tls/key", "passphrase", "PrivateKey"}) {
    EXPECT_TRUE(IsCalledLikeASecret(name)) << name;
  }
  for (const char* name :
       {"BOT_ID", "SSH_KEY_FILE", "MONKEY", "/bot/id", "FEATURE_X", "PATH", ""}) {
    EXPECT_FALSE(IsCalledLikeASecret(name)) << name;
  }
}

TEST(SecretName, UrlsWithAPassword) {
  for (const char* value : {"mysql://app:secret@db/app", "see http://a and redis://:p@h:1/0",
                            "[\"amqp://u:p@h\"]", "https://u:p:q@h?x#y", "x://a:b@c@h"}) {
    EXPECT_TRUE(HoldsAPassword(value)) << value;
  }
  for (const char* value : {"http://h:80/a@b:c", "https://user@h/", "https://user:@h/", "://",
                            "a:b@c", "http://h/?u=a:b@c", "", "x://h y:z@w"}) {
    EXPECT_FALSE(HoldsAPassword(value)) << value;
  }
}

}  // namespace
}  // namespace syncgate
