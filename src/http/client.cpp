#include "http/client.h"

#include <curl/curl.h>

#include <exception>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

#include "http/relay.h"

namespace syncgate {
namespace {

struct FreeCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};
using CurlPtr = std::unique_ptr<CURL, FreeCurl>;
using UrlPtr = std::unique_ptr<CURLU, FreeCurl>;
using TextPtr = std::unique_ptr<char, FreeCurl>;

struct Url {
  UrlPtr handle;
  std::string host;  // without the brackets of an IPv6 address
  std::uint16_t port = 0;
};

std::unexpected<Error> BadUrl(const std::string& url, const std::string& why) {
  return Fail(ErrorKind::kFixProject, "http-bad-url",
              "the URL " + url.substr(0, url.find('?')) + " " + why,
              "write it as http://host:port/path or https://host:port/path");
}

std::string Part(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  return TextPtr(text).get();
}

Result<Url> ParseUrl(const std::string& text) {
  Url url;
  url.handle.reset(curl_url());
  if (!url.handle) throw std::bad_alloc();
  CURLU* handle = url.handle.get();
  if (text.find('\0') != std::string::npos ||
      curl_url_set(handle, CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    // A text that cannot be read may hold credentials anywhere.
    const bool shown = text.find_first_of("@?") == std::string::npos && text.size() < 200;
    return BadUrl(shown ? "\"" + text + "\"" : "of the check", "cannot be read");
  }
  const std::string scheme = Part(handle, CURLUPART_SCHEME);
  if (!Part(handle, CURLUPART_USER).empty() || !Part(handle, CURLUPART_PASSWORD).empty()) {
    return BadUrl(scheme + "://...", "holds credentials, which would stand in artifacts");
  }
  if (scheme != "http" && scheme != "https") return BadUrl(text, "is neither http nor https");
  url.host = Part(handle, CURLUPART_HOST);
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  url.port = static_cast<std::uint16_t>(
      std::stoul("0" + Part(handle, CURLUPART_PORT, CURLU_DEFAULT_PORT)));
  if (url.host.empty() || url.port == 0) return BadUrl(text, "names no host and port");
  return url;
}

struct Answer {
  const HttpOptions& options;
  std::string body;
  std::size_t header_bytes = 0;
  bool body_too_large = false;
  bool headers_too_large = false;
};

// Must not throw through curl's C code.
std::size_t TakeBody(char* bytes, std::size_t, std::size_t count, void* data) noexcept {
  auto& answer = *static_cast<Answer*>(data);
  answer.body_too_large = count > answer.options.body_limit - answer.body.size();
  if (answer.body_too_large) return 0;
  try {
    answer.body.append(bytes, count);
  } catch (const std::exception&) {
    return 0;
  }
  return count;
}

// Interim answers (1xx) and trailers count, too: a server must not keep us reading headers for
// ever.
std::size_t CountHeader(char*, std::size_t, std::size_t count, void* data) noexcept {
  auto& answer = *static_cast<Answer*>(data);
  answer.header_bytes += count;
  answer.headers_too_large = answer.header_bytes > answer.options.header_limit;
  return answer.headers_too_large ? 0 : count;
}

template <typename T>
void Set(const CurlPtr& curl, CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(curl.get(), option, value);
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

CurlPtr Prepare(const Url& url, const Relay& relay, Answer& answer,
                std::chrono::milliseconds timeout) {
  CurlPtr curl(curl_easy_init());
  if (!curl) throw std::bad_alloc();
  Set(curl, CURLOPT_CURLU, url.handle.get());
  // In place of a connection to the URL's host: nothing is resolved here either.
  Set(curl, CURLOPT_ABSTRACT_UNIX_SOCKET, relay.name().c_str());
  Set(curl, CURLOPT_WRITEFUNCTION, &TakeBody);
  Set(curl, CURLOPT_WRITEDATA, &answer);
  Set(curl, CURLOPT_HEADERFUNCTION, &CountHeader);
  Set(curl, CURLOPT_HEADERDATA, &answer);
  Set(curl, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  if (!answer.options.ca_file.empty()) {
    Set(curl, CURLOPT_CAINFO, answer.options.ca_file.c_str());
    Set<const char*>(curl, CURLOPT_CAPATH, nullptr);  // this CA alone
  }
  Set(curl, CURLOPT_PROXY, "");
  Set(curl, CURLOPT_FOLLOWLOCATION, 0L);
  Set(curl, CURLOPT_NOSIGNAL, 1L);
  Set(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
  Set(curl, CURLOPT_USERAGENT, "syncgate/" SYNCGATE_VERSION);
  return curl;
}

std::string WithoutQuery(const std::string& url) { return url.substr(0, url.find_first_of("?#")); }

std::unexpected<Error> Unreachable(const std::string& url, const std::string& why) {
  return Fail(ErrorKind::kTryLater, "http-unreachable",
              WithoutQuery(url) + " cannot be reached: " + why,
              "does the service run, and listen on this address as seen from the node?");
}

std::unexpected<Error> TimedOut(const std::string& url) {
  return Fail(ErrorKind::kTryLater, "http-timeout", WithoutQuery(url) + " did not answer in time",
              "is the service still starting?");
}

std::unexpected<Error> ExchangeError(CURLcode code, const std::string& url, const Answer& answer) {
  if (answer.body_too_large) {
    return Fail(ErrorKind::kFailed, "http-body-too-large",
                WithoutQuery(url) + " answered with more than " +
                    std::to_string(answer.options.body_limit) + " bytes",
                "check a URL with a short answer");
  }
  if (answer.headers_too_large) {
    return Fail(ErrorKind::kFailed, "http-headers-too-large",
                WithoutQuery(url) + " answered with more than " +
                    std::to_string(answer.options.header_limit) + " bytes of headers",
                "is it the service that answers there?");
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return TimedOut(url);
  if (code == CURLE_SSL_CACERT_BADFILE) {
    return Fail(ErrorKind::kFixProject, "http-ca-file",
                "the ca_file " + answer.options.ca_file + " cannot be read",
                "name a PEM file that is on the machine where this step runs");
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return Fail(ErrorKind::kFailed, "http-tls",
                WithoutQuery(url) + ": its certificate is not trusted, or is another host's",
                "name its CA in ca_file, or check it by http over the node's loopback");
  }
  return Unreachable(url, curl_easy_strerror(code));
}

Result<OwnedFd> DialUrl(const Url& url, const std::string& text, const HttpDial& dial) {
  auto socket = dial(url.host, url.port);
  if (!socket) return Unreachable(text, socket.error().message);
  return OwnedFd(*socket);
}

std::string LocationOf(const CurlPtr& curl) {
  char* location = nullptr;
  curl_easy_getinfo(curl.get(), CURLINFO_REDIRECT_URL, &location);
  const std::string shown = location == nullptr ? "" : WithoutQuery(location);
  return shown.find('@') == std::string::npos ? shown : "";  // it may hold credentials
}

}  // namespace

Result<HttpResponse> HttpGet(const std::string& url, const HttpDial& dial,
                             const HttpOptions& options) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global != CURLE_OK) throw std::runtime_error(curl_easy_strerror(global));
  const Url parsed = TRY(ParseUrl(url));
  const auto start = std::chrono::steady_clock::now();
  Relay relay(TRY(DialUrl(parsed, url, dial)));
  TRY(relay.Start());
  const auto left = options.timeout - std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::steady_clock::now() - start);
  if (left <= left.zero()) return TimedOut(url);
  Answer answer{options, {}, 0, false, false};
  // Declared after the relay: its connection closes first.
  const CurlPtr curl = Prepare(parsed, relay, answer, left);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return ExchangeError(code, url, answer);
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  return HttpResponse{static_cast<int>(status), std::move(answer.body), LocationOf(curl)};
}

}  // namespace syncgate
