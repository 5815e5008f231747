// One HTTP GET over a connection that the caller makes: through a node's SSH connection, so that a
// check sees what the node sees. The only folder that includes curl.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "core/result.h"

namespace syncgate {

struct HttpResponse {
  int status = 0;
  std::string body;
  std::string
      location;  // where a redirect leads, without its query; empty: none, or not to be shown
};

// Returns a connected, blocking stream socket to host:port; the client closes it.
using HttpDial = std::function<Result<int>(const std::string& host, std::uint16_t port)>;

struct HttpOptions {
  std::chrono::milliseconds timeout{5000};
  std::size_t body_limit = std::size_t{1} << 20;      // bytes
  std::size_t header_limit = std::size_t{256} << 10;  // bytes of all header lines together
  std::string ca_file{};  // of https, PEM; empty: what this machine trusts
};

// No redirects, no proxy from the environment, no name resolution here: `dial` gets the host as the
// URL spells it. Any status is a success. `timeout` covers the whole exchange, except that a dial
// in progress is not cut short. The certificate of https must be valid for the URL's host.
// Thread-safe where `dial` is. Errors: kFixProject "http-bad-url" (also for credentials in it),
// "http-ca-file"; kTryLater "http-unreachable", "http-timeout"; kFailed "http-body-too-large",
// "http-headers-too-large", "http-tls" (the certificate does not hold). Messages name the URL
// without its query.
Result<HttpResponse> HttpGet(const std::string& url, const HttpDial& dial,
                             const HttpOptions& options = {});

}  // namespace syncgate
