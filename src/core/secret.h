// A text that must reach no log, artifact or error message. It can be read only by naming the deed
// (Reveal); streams and fmt print "***"; its bytes are overwritten when it goes.
#pragma once

#include <ostream>
#include <string>
#include <utility>

namespace syncgate {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
  Secret& operator=(Secret&& other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~Secret() {
    // A volatile write per byte: a plain fill of a dying string may be optimised away.
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = 0;
  }

  // The plain text, for the one call that needs it. The reference lives as long as the Secret.
  const std::string& Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

inline std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }
// fmt and spdlog find this one by argument-dependent lookup.
inline const char* format_as(const Secret&) { return "***"; }

}  // namespace syncgate
