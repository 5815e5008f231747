#include "judge_property.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>

#include "core/digest.h"

namespace syncgate {

Judge::Judge(const std::string& readers) {
  std::signal(SIGPIPE, SIG_IGN);  // a judge that has died is noticed by its silence
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (pipe2(in.data(), O_CLOEXEC) != 0 || pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::runtime_error("pipe");
  }
  const std::string program =
      std::string(SYNCGATE_SOURCE_DIR) + "/tests/support/format-readers/format-readers";
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("fork");
  if (pid_ == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), readers.c_str(), nullptr);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  to_ = fdopen(in[1], "w");
  from_ = fdopen(out[0], "r");
  // The first answer tells whether there are readers.
  std::fputs("dotenv 413d310a 413d310a\n", to_);
  std::fflush(to_);
  std::array<char, 64> answer{};
  if (std::fgets(answer.data(), answer.size(), from_) != nullptr) return;
  constexpr int kCannotBeHad = 75;
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  missing_ = WIFEXITED(status) && WEXITSTATUS(status) == kCannotBeHad;
  if (!missing_)
    throw std::runtime_error("the readers do not start (tests/support/format-readers)");
}

Judge::~Judge() {
  std::fclose(to_);
  std::fclose(from_);
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
}

std::string Judge::Ask(std::string_view format, std::string_view before, std::string_view after,
                       const std::vector<ConfigEdit>& edits) {
  ++asked_;
  // An empty file is a word, too.
  const auto word = [](std::string_view text) { return " " + (text.empty() ? "" : ToHex(text)); };
  std::string line = std::string(format) + word(before) + word(after);
  for (const ConfigEdit& edit : edits) {
    line += word(edit.key.str()) + (edit.after ? word(*edit.after) : " -");
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), to_);
  std::fflush(to_);
  std::string answer;
  int c = 0;
  while ((c = std::fgetc(from_)) != EOF && c != '\n') answer += static_cast<char>(c);
  if (c == EOF)
    throw std::runtime_error("the readers have ended (see tests/support/format-readers)");
  return answer;
}

}  // namespace syncgate
