// A test with the bot, the web service of tests/support, on nodes.
#pragma once

#include <string>

#include "e2e/run_test.h"

namespace syncgate::test {

class BotTest : public RunTest {
 protected:
  static std::string Support(const std::string& name) {
    return std::string(SYNCGATE_SOURCE_DIR) + "/tests/support/" + name;
  }
  // start, stop or restart, of the service that reads <node>/.env below home().
  RunResult Bot(Server node, const std::string& verb) const {
    // The system's Python: a shim of pyenv takes seconds to start.
    return Program({"env", "PATH=/usr/bin:/bin",
                    "SYNCGATE_SANDBOX_NODE=" + sandbox().directory() + "/" + LabelOf(node),
                    Support("bot-service-ctl"), verb, Path(LabelOf(node)), "--port",
                    sandbox().Env(node, "APP_PORT")});
  }
};

}  // namespace syncgate::test
