// Random choices, all from one seed: the same seed makes the same choices again.
#pragma once

#include <rapidcheck.h>

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace syncgate::test {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  template <typename T>
  T Draw(const rc::Gen<T>& gen) {
    return gen(random_.split(), rc::kNominalSize).value();
  }
  // 0 .. count - 1; `count` is not 0.
  std::size_t Below(std::size_t count) { return Draw(rc::gen::inRange<std::size_t>(0, count)); }
  bool Percent(unsigned chance) { return Below(100) < chance; }
  std::uint64_t Number() { return random_.split().next(); }

  template <typename T>
  const T& Of(const std::vector<T>& choices) {
    return choices[Below(choices.size())];
  }
  template <typename T>
  T Of(std::initializer_list<T> choices) {
    return choices.begin()[Below(choices.size())];
  }

 private:
  rc::Random random_;
};

}  // namespace syncgate::test
