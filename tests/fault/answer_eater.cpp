#include "fault/answer_eater.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "support/loopback.h"

namespace syncgate::test {
namespace {

constexpr int kTick = 100;  // ms between looks at whether to end

}  // namespace

AnswerEater::AnswerEater(const std::string& server_port, std::string statement)
    : server_port_(std::stoi(server_port)), statement_(std::move(statement)) {
  listener_ = ListenOnLoopback(&port_);
  acceptor_ = std::thread([this] { Accept(); });
}

AnswerEater::~AnswerEater() {
  ending_ = true;
  acceptor_.join();
  for (std::thread& carrier : carriers_) carrier.join();
  ::close(listener_);
}

void AnswerEater::EatFrom(int number, bool stay_away) {
  stay_away_ = stay_away;
  countdown_ = number;
}

void AnswerEater::Accept() {
  while (!ending_) {
    pollfd ready{listener_, POLLIN, 0};
    if (::poll(&ready, 1, kTick) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    if (away_) {
      ::close(client);
    } else {
      carriers_.emplace_back([this, client] { Carry(client); });
    }
  }
}

// Oracle's client puts two bytes for its (absent) query attributes behind the command.
bool AnswerEater::IsStatement(std::string_view packet) const {
  if (packet == statement_) return true;
  return packet.starts_with(std::string_view("\x03\0\1", 3)) &&
         packet.substr(3) == std::string_view(statement_).substr(1);
}

void AnswerEater::Carry(int client) {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool open = ConnectToLoopback(server, static_cast<std::uint16_t>(server_port_));
  bool eat = false;
  std::array<char, 65536> buffer;
  while (open && !ending_) {
    std::array<pollfd, 2> ready = {pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), kTick) <= 0) continue;
    if (ready[0].revents != 0) {
      const auto got = ::recv(client, buffer.data(), buffer.size(), 0);
      const std::string_view bytes(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
      // A client sends a short statement in one piece: four bytes of header, then the packet.
      if (bytes.size() > 4 && IsStatement(bytes.substr(4)) && countdown_ > 0) {
        eat = --countdown_ == 0;
      }
      open = got > 0 && SendAll(server, bytes);
    }
    if (open && ready[1].revents != 0) {
      const auto got = ::recv(server, buffer.data(), buffer.size(), 0);
      if (eat) {  // the server has answered, so it has done it
        away_ = stay_away_.load();
        if (next_port_ != 0) server_port_ = next_port_.load();
        ++eaten_;
        break;
      }
      open = got > 0 && SendAll(client, {buffer.data(), static_cast<std::size_t>(got)});
    }
  }
  ::close(server);
  ::close(client);
}

}  // namespace syncgate::test
