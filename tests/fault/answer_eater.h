// A proxy in front of a database server that loses the answer to one statement: the server has run
// it, the client never hears of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace syncgate::test {

class AnswerEater {
 public:
  // `statement`: the bytes of the packet to wait for, behind its header.
  AnswerEater(const std::string& server_port, std::string statement);
  ~AnswerEater();
  AnswerEater(const AnswerEater&) = delete;
  AnswerEater& operator=(const AnswerEater&) = delete;

  int port() const { return port_; }
  // The answer to the number-th such statement from now on is lost, and its connection with it;
  // with `stay_away` no new connection is taken either, until ComeBack.
  void EatFrom(int number, bool stay_away = false);
  void ComeBack() { away_ = false; }
  // New connections go to another server, at once or once an answer has been eaten.
  void MoveTo(const std::string& server_port) { server_port_ = std::stoi(server_port); }
  void MoveWhenEatenTo(const std::string& server_port) { next_port_ = std::stoi(server_port); }
  int eaten() const { return eaten_; }

 private:
  void Accept();
  bool IsStatement(std::string_view packet) const;
  void Carry(int client);

  std::atomic<int> server_port_;
  std::atomic<int> next_port_ = 0;
  std::string statement_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ending_ = false;
  std::atomic<bool> away_ = false;
  std::atomic<bool> stay_away_ = false;
  std::atomic<int> countdown_ = 0;
  std::atomic<int> eaten_ = 0;
  std::vector<std::thread> carriers_;
  std::thread acceptor_;
};

}  // namespace syncgate::test
