#include "ssh/pump.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <atomic>
#include <cerrno>
#include <future>
#include <list>
#include <mutex>
#include <span>
#include <system_error>
#include <thread>
#include <vector>

#include "ssh/flow.h"
#include "ssh/handles.h"
#include "ssh/own_peer.h"

namespace syncgate {
namespace {

constexpr std::size_t kScratchBytes = 64 * 1024;
// libssh reads 4 KiB at a time; so often before the local sockets have their turn.
constexpr int kReadsInARow = 128;

struct Request {
  UniqueFd local;
  TunnelEnd end;
  Flow::Opened opened;
};

struct Listener {
  UniqueFd socket;
  sockaddr_in address = {};
  TunnelEnd end;
  bool ready = false;
};

}  // namespace

class ChannelPump::Loop {
 public:
  Loop(std::unique_ptr<SshSession> session, UniqueFd wake)
      : session_(std::move(session)), wake_(std::move(wake)), scratch_(kScratchBytes) {}
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  ~Loop() {
    stop_ = true;
    Wake();
    if (thread_.joinable()) thread_.join();
  }

  void Start() {
    thread_ = std::thread([this] { Run(); });
  }

  void Submit(Request request) {
    {
      const std::lock_guard lock(mutex_);
      if (!over_) {
        requests_.push_back(std::move(request));
        return Wake();
      }
    }
    request.opened(std::unexpected(session_lost_));
  }

  void Submit(Listener listener) {
    {
      const std::lock_guard lock(mutex_);
      if (!over_) listeners_inbox_.push_back(std::move(listener));
    }
    Wake();
  }

  std::optional<Error> last_error() const {
    const std::lock_guard lock(mutex_);
    return last_error_;
  }

  const std::string& where() const { return session_->where(); }

 private:
  void Wake() {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the thread is woken anyway.
    (void)!::write(wake_.get(), &one, sizeof one);
  }

  void Run() {
    ssh_set_blocking(session_->raw(), 0);
    ssh_set_counters(session_->raw(), &traffic_, nullptr);
    bool alive = true;
    {
      SessionEvent event(session_->raw());
      while (alive && !stop_) {
        TakeInbox();
        const std::uint64_t received = traffic_.in_bytes;
        StepFlows();
        // Opening and writing receive on the side, also for connections that have had their step.
        PollAll(traffic_.in_bytes == received ? -1 : 0);
        alive = HandleLink(&event);
        AcceptAll();
      }
      if (!alive) StepFlows();  // what has arrived before the end is still delivered
      Finish();
      event.Poll(0);  // sends the last words
    }
  }

  void TakeInbox() {
    std::vector<Request> requests;
    {
      const std::lock_guard lock(mutex_);
      requests.swap(requests_);
      for (Listener& listener : listeners_inbox_) listeners_.push_back(std::move(listener));
      listeners_inbox_.clear();
    }
    for (Request& request : requests) {
      AddFlow(std::move(request.local), std::move(request.end), std::move(request.opened));
    }
  }

  void AddFlow(UniqueFd local, TunnelEnd end, Flow::Opened opened) {
    flows_.push_back({std::make_unique<Flow>(session_->raw(), std::move(local), std::move(end),
                                             std::move(opened)),
                      0});
  }

  bool LinkBusy() const { return (ssh_get_poll_flags(session_->raw()) & SSH_WRITE_PENDING) != 0; }

  void StepFlows() {
    for (auto entry = flows_.begin(); entry != flows_.end();) {
      entry->flow->Step(std::exchange(entry->revents, 0), LinkBusy(), scratch_);
      entry = entry->flow->done() ? flows_.erase(entry) : std::next(entry);
    }
  }

  void PollAll(int timeout) {
    const bool busy = LinkBusy();
    fds_.clear();
    fds_.push_back({wake_.get(), POLLIN, 0});
    // Our own duplicate of libssh's socket: it stays open when libssh closes.
    fds_.push_back({session_->socket(), static_cast<short>(POLLIN | (busy ? POLLOUT : 0)), 0});
    for (const Listener& listener : listeners_) fds_.push_back({listener.socket.get(), POLLIN, 0});
    for (const Entry& entry : flows_) {
      const short events = entry.flow->WantedEvents(busy);
      // poll tells of a hang-up unasked, again and again: leave out who wants nothing.
      fds_.push_back({events == 0 ? -1 : entry.flow->socket(), events, 0});
    }
    if (::poll(fds_.data(), fds_.size(), timeout) <= 0) return;
    if (fds_[0].revents != 0) {
      std::uint64_t count = 0;
      (void)!::read(wake_.get(), &count, sizeof count);
    }
    std::size_t at = 2;
    for (Listener& listener : listeners_) listener.ready = fds_[at++].revents != 0;
    for (Entry& entry : flows_) entry.revents = fds_[at++].revents;
  }

  // False once the link is gone.
  bool HandleLink(SessionEvent* event) {
    for (int i = 0; i < kReadsInARow; ++i) {
      const int rc = event->Poll(0);
      if (rc == SSH_ERROR || ssh_is_connected(session_->raw()) == 0) return false;
      if (rc == SSH_AGAIN) break;
    }
    return true;
  }

  void AcceptAll() {
    for (Listener& listener : listeners_) {
      while (std::exchange(listener.ready, false)) {
        UniqueFd local(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!local.valid()) break;
        listener.ready = true;
        if (!AcceptedFromThisProcess(local.get(), listener.address)) continue;
        const int on = 1;
        ::setsockopt(local.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        AddFlow(std::move(local), listener.end, [this](const Result<void>& opened) {
          if (!opened) Remember(opened.error());
        });
      }
    }
  }

  void Remember(const Error& error) {
    const std::lock_guard lock(mutex_);
    last_error_ = error;
  }

  void Finish() {
    const Error lost = session_->LinkError(false);
    std::vector<Request> left;
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
      session_lost_ = lost;
      if (!stop_) last_error_ = lost;
      left.swap(requests_);
      listeners_inbox_.clear();
    }
    for (Request& request : left) request.opened(std::unexpected(lost));
    for (Entry& entry : flows_) entry.flow->Abandon(lost);
    flows_.clear();
    listeners_.clear();
  }

  struct Entry {
    std::unique_ptr<Flow> flow;
    short revents = 0;
  };

  // The session belongs to the thread while it runs.
  std::unique_ptr<SshSession> session_;
  UniqueFd wake_;
  ssh_counter_struct traffic_ = {};
  std::vector<char> scratch_;
  std::list<Entry> flows_;
  std::vector<Listener> listeners_;
  std::vector<pollfd> fds_;

  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;  // guards what follows
  std::vector<Request> requests_;
  std::vector<Listener> listeners_inbox_;
  std::optional<Error> last_error_;
  bool over_ = false;
  Error session_lost_;

  std::thread thread_;
};

ChannelPump::ChannelPump(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}
ChannelPump::~ChannelPump() = default;

Result<std::unique_ptr<ChannelPump>> ChannelPump::Start(std::unique_ptr<SshSession> session) {
  UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wake.valid()) {
    return Fail(ErrorKind::kFailed, "ssh-thread",
                "Cannot make an eventfd: " + std::generic_category().message(errno) + ".");
  }
  auto loop = std::make_unique<Loop>(std::move(session), std::move(wake));
  try {
    loop->Start();
  } catch (const std::system_error& error) {
    return Fail(ErrorKind::kFailed, "ssh-thread",
                std::string("Cannot start a thread: ") + error.what() + ".");
  }
  return std::unique_ptr<ChannelPump>(new ChannelPump(std::move(loop)));
}

void ChannelPump::Listen(UniqueFd listener, TunnelEnd end) {
  Listener entry;
  socklen_t size = sizeof entry.address;
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&entry.address), &size);
  entry.socket = std::move(listener);
  entry.end = std::move(end);
  loop_->Submit(std::move(entry));
}

Result<UniqueFd> ChannelPump::Dial(const TunnelEnd& end, std::chrono::milliseconds timeout) {
  int pair[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return Fail(ErrorKind::kFailed, "ssh-thread",
                "Cannot make a socket pair: " + std::generic_category().message(errno) + ".");
  }
  UniqueFd ours(pair[0]);
  auto promise = std::make_shared<std::promise<Result<void>>>();
  std::future<Result<void>> opened = promise->get_future();
  loop_->Submit(Request{UniqueFd(pair[1]), end,
                        [promise](Result<void> result) { promise->set_value(std::move(result)); }});
  if (opened.wait_for(timeout) != std::future_status::ready) {
    // Closing our end makes the thread drop the connection once it is open.
    return Fail(ErrorKind::kTryLater, "ssh-timeout",
                loop_->where() + " did not connect to " + ToString(end) + " in time.",
                "Try again later.");
  }
  Result<void> result = opened.get();
  if (!result) return std::unexpected(std::move(result).error());
  return ours;
}

std::optional<Error> ChannelPump::last_error() const { return loop_->last_error(); }

}  // namespace syncgate
