#include "core/secret_name.h"

#include <gtest/gtest.h>

#include <chrono>
#include <sstream>
#include <string>
#include <vector>

namespace syncgate {
namespace {

TEST(SecretName, NamesThatAreProbablySecrets) {
  std::string name;
  const std::string secrets =
      "CI_JOB_TOKEN AWS_SECRET_ACCESS_KEY db.password /smtp/apiKey MYSQL_PWD ssl-key /tls/key "
      "passphrase PrivateKey DB_PASS dbPass /smtp/pass SMTP_PASS_2 DB_PASS2 "
      "PASS userPW AUTH_SALT signingKey /aws/accessKey accesskey API_KEY_PROD "
      "apiKeys ENCRYPTION_KEYS /api/keys/0 KEY CI_JOB_JWT GH_PAT wifi.psk ";
  for (std::istringstream words(secrets); words >> name;) {
    EXPECT_TRUE(IsCalledLikeASecret(name)) << name;
  }
  for (const char* harmless :
       {"BOT_ID", "SSH_KEY_FILE", "MONKEY", "/bot/id", "FEATURE_X", "PATH", "JWT_ISSUER", "", "7",
        "COMPASS", "bypass", "passes", "JWT_PUBLIC_KEY", "publicKey", "STRIPE_PUBLISHABLE_KEY"}) {
    EXPECT_FALSE(IsCalledLikeASecret(harmless)) << harmless;
  }
}

TEST(SecretName, UrlsWithAPassword) {
  for (const char* value :
       {"mysql://app:secret@db/app", "see http://a and redis://:p@h:1/0", "[\"amqp://u:p@h\"]",
        "https://u:p:q@h?x#y", "x://a:b@c@h", "mysql://app:pa/ss@db/app", "redis://:p#ss@h/0",
        "mysql://app:${PASSWORD:secret}@db/app"}) {
    EXPECT_TRUE(HoldsAPassword(value)) << value;
  }
  for (const char* value : {"http://h:80/a@b:c", "https://user@h/", "https://user:@h/", "://",
                            "a:b@c", "http://h/?u=a:b@c", "", "x://h y:z@w", "http://[::1]:80/a@b",
                            "http://h:${PORT}/a@b", "mysql://${USER}:${DB_PASSWORD}@db/app"}) {
    EXPECT_FALSE(HoldsAPassword(value)) << value;
  }
}

TEST(SecretName, ConnectionStringsAndKeys) {
  for (const char* value :
       {"jdbc:mysql://db/app?user=app&password=secret", "Server=db;User=app;Password = secret;",
        "host=db user=app password=secret", "[\"pwd=secret\"]", "app:secret@tcp(db:3306)/app",
        "app:s@unix(/run/s)/", "-----BEGIN RSA PRIVATE KEY-----\nMII"}) {
    EXPECT_TRUE(HoldsAPassword(value)) << value;
  }
  for (const char* value :
       {"jdbc:mysql://db/app?user=app", "password=", "password", "password=;x", "no_password=1",
        "jdbc:x://db?password=${DB_PASSWORD}&y", "app@tcp(db:3306)/app", "app:@tcp(db:3306)/",
        "-----BEGIN CERTIFICATE-----"}) {
    EXPECT_FALSE(HoldsAPassword(value)) << value;
  }
}

using Found = std::vector<std::string_view>;

TEST(SecretName, PasswordsAsTheyStandInTheValue) {
  EXPECT_EQ(PasswordsIn("a=mysql://u:p%40x@h/d, redis://:q/r@h/0 and y:zz@tcp(h)/d"),
            (Found{"p%40x", "q/r", "zz"}));
  EXPECT_EQ(PasswordsIn("jdbc:x://h?user=u&password=one&b Pwd = two"), (Found{"one", "two"}));
  EXPECT_EQ(PasswordsIn("-----BEGIN PRIVATE KEY-----"), Found());
}

// A configuration file of four megabytes, each byte of which may begin something.
TEST(SecretName, LongValuesTakeMoments) {
  for (const std::string_view piece :
       {"://", "://a:b/", "://a:b", "password=", " password=", "@tcp(", "a:@tcp(", "${"}) {
    std::string value;
    while (value.size() < (std::size_t{4} << 20)) value += piece;
    const auto begin = std::chrono::steady_clock::now();
    static_cast<void>(HoldsAPassword(value));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << piece;
  }
}

}  // namespace
}  // namespace syncgate
