// A TCP proxy on a port of 127.0.0.1 that drops a connection after so many packets. Packets are
// what read() gives; ssh sends each of its own at once, so mostly they are the same.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace syncgate::test {

class CuttingProxy {
 public:
  enum class From : std::uint8_t { kClient, kServer };

  explicit CuttingProxy(std::uint16_t server);
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;
  ~CuttingProxy();

  std::uint16_t port() const { return port_; }
  // Cuts, once, all there is when that many packets have come from there since this call; 0: never.
  // The packet that is one too many is not passed on.
  void CutAfter(From from, int packets);
  int Seen(From from) const { return seen_[from == From::kServer ? 1 : 0]; }

 private:
  void Accept();
  void Pass(int client);
  bool PassOne(int from, int to, From direction);

  std::uint16_t server_;
  std::uint16_t port_ = 0;
  int listener_ = -1;
  std::atomic<bool> ending_ = false;
  std::atomic<int> limit_ = 0;
  std::atomic<From> direction_ = From::kServer;
  std::atomic<int> seen_[2] = {0, 0};
  std::atomic<int> cuts_ = 0;  // connections made before the last cut go with it
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace syncgate::test
