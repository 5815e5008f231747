#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <utility>

#include "formats/yaml_tree.h"

namespace syncgate {
namespace {

// Nodes one after the other: a collection before and behind what it holds.
struct Step {
  enum class Kind : std::uint8_t { kNull, kScalar, kAlias, kList, kMap, kEnd };

  Kind kind = Kind::kEnd;
  std::string value{};
  std::size_t line = 0;
  bool sure = true;  // the value counts

  bool operator==(const Step& other) const {
    return kind == other.kind && (!sure || !other.sure || value == other.value);
  }
};

class Recorder final : public YAML::EventHandler {
 public:
  explicit Recorder(std::size_t most) : most_(most) {}

  void OnDocumentStart(const YAML::Mark&) override { ++documents_; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Add(Step::Kind::kNull, mark); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { Add(Step::Kind::kAlias, mark); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    Add(Step::Kind::kScalar, mark);
    steps_.back().value = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Add(Step::Kind::kList, mark);
  }
  void OnSequenceEnd() override { Add(Step::Kind::kEnd, {}); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Add(Step::Kind::kMap, mark);
  }
  void OnMapEnd() override { Add(Step::Kind::kEnd, {}); }

  std::size_t documents() const { return documents_; }
  const std::vector<Step>& steps() const { return steps_; }

 private:
  void Add(Step::Kind kind, const YAML::Mark& mark) {
    if (steps_.size() > most_) throw YAML::Exception(mark, "more than there can be");
    Step step;
    step.kind = kind;
    step.line = static_cast<std::size_t>(mark.line) + 1;
    steps_.push_back(std::move(step));
  }

  std::size_t most_;
  std::size_t documents_ = 0;
  std::vector<Step> steps_;
};

void Walk(const YamlNode& node, std::vector<Step>& steps) {
  const auto add = [&](Step::Kind kind, bool sure) {
    steps.push_back({kind, kind == Step::Kind::kScalar ? node.value : "", node.line, sure});
  };
  switch (node.kind) {
    case YamlNode::Kind::kNull:
      add(Step::Kind::kNull, true);
      return;
    case YamlNode::Kind::kScalar:
      add(Step::Kind::kScalar, node.known);  // over several lines nothing is edited
      return;
    case YamlNode::Kind::kAlias:
      add(Step::Kind::kAlias, true);
      return;
    case YamlNode::Kind::kList:
    case YamlNode::Kind::kMap:
      break;
  }
  add(node.kind == YamlNode::Kind::kList ? Step::Kind::kList : Step::Kind::kMap, true);
  for (const YamlNode& child : node.children) Walk(child, steps);
  add(Step::Kind::kEnd, true);
}

std::unexpected<Error> Disagree(std::size_t line) {
  return YamlUnparsable(line, "libyaml and yaml-cpp read it differently");
}

}  // namespace

Result<void> CheckSameYaml(std::string_view text, const YamlNode& root) {
  std::vector<Step> ours;
  Walk(root, ours);
  Recorder recorder(ours.size());
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    // Not until it has no more: there are texts it never comes to the end of.
    while (recorder.documents() < 2 && parser.HandleNextDocument(recorder)) {
    }
  } catch (const YAML::Exception& exception) {
    return Disagree(static_cast<std::size_t>(std::max(exception.mark.line, 0)) + 1);
  } catch (const std::exception&) {
    return Disagree(1);
  }
  if (recorder.documents() == 0 && root.children.empty()) return {};
  const auto& theirs = recorder.steps();
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (i >= theirs.size() || !(ours[i] == theirs[i])) return Disagree(ours[i].line);
  }
  if (recorder.documents() != 1 || theirs.size() != ours.size()) return Disagree(root.line);
  return {};
}

}  // namespace syncgate
