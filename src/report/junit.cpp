#include "report/junit.h"

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "artifact/protection.h"
#include "artifact/store.h"
#include "core/utf8.h"
#include "host/files.h"

namespace syncgate {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Control characters other than tab, LF and CR, and U+FFFE and U+FFFF cannot stand in XML 1.0, not
// even as references, and a parser that meets one drops the whole file. CR would be read as LF.
bool Allowed(std::string_view character) {
  if (character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") return false;
  const auto first = static_cast<unsigned char>(character.front());
  return first >= 0x20 || first == '\t' || first == '\n';
}

std::string ForXml(std::string_view bytes) {
  const std::string text = ToUtf8(bytes);
  std::string_view rest = text;
  std::string out;
  while (!rest.empty()) {
    const std::size_t length = std::max<std::size_t>(Utf8CharacterLength(rest), 1);
    const std::string_view character = rest.substr(0, length);
    if (character != "\r") out += Allowed(character) ? character : kReplacement;
    rest.remove_prefix(length);
  }
  return out;
}

void Attribute(pugi::xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(ForXml(value).c_str());
}

void Text(pugi::xml_node parent, const char* name, std::string_view text) {
  parent.append_child(name).append_child(pugi::node_pcdata).set_value(ForXml(text).c_str());
}

void AddProperties(pugi::xml_node suite, const VerdictDoc& verdict) {
  pugi::xml_node properties = suite.append_child("properties");
  const auto add = [&properties](const char* name, const std::string& value) {
    if (value.empty()) return;
    pugi::xml_node property = properties.append_child("property");
    Attribute(property, "name", name);
    Attribute(property, "value", value);
  };
  add("node", verdict.node.str());
  add("plan_digest", verdict.plan_digest.hex());
  add("result", verdict.header.result);
  add("run", verdict.header.run.url);
  add("commit", verdict.header.run.commit);
}

pugi::xml_node AddCase(pugi::xml_node suite, const VerdictDoc& verdict, std::string_view name) {
  pugi::xml_node test = suite.append_child("testcase");
  Attribute(test, "name", name);
  Attribute(test, "classname", "syncgate." + verdict.node.str());
  return test;
}

void AddCheck(pugi::xml_node suite, const VerdictDoc& verdict, const CheckOutcome& check) {
  pugi::xml_node test = AddCase(suite, verdict, check.name);
  std::string said = check.kind + " check, attempts: " + std::to_string(check.attempts);
  if (!check.detail.empty()) said += "\n" + check.detail;
  if (!check.passed) {
    pugi::xml_node failure = test.append_child("failure");
    Attribute(failure, "message", check.detail);
    Attribute(failure, "type", check.kind);
    failure.append_child(pugi::node_pcdata).set_value(ForXml(said).c_str());
  }
  if (!check.output.empty()) said += "\n\n" + check.output;
  Text(test, "system-out", said);
}

void Counts(pugi::xml_node node, std::size_t tests, std::size_t failures, std::size_t errors) {
  node.append_attribute("tests").set_value(static_cast<unsigned long long>(tests));
  node.append_attribute("failures").set_value(static_cast<unsigned long long>(failures));
  node.append_attribute("errors").set_value(static_cast<unsigned long long>(errors));
}

}  // namespace

std::string RenderJunit(const VerdictDoc& verdict) {
  // Checks that did not pass speak for themselves.
  std::vector<Diagnostic> errors = verdict.header.diagnostics;
  std::erase_if(errors, [](const Diagnostic& diagnostic) {
    return diagnostic.code == "verification-failed" ||
           (diagnostic.severity != Severity::kError && diagnostic.severity != Severity::kRefusal);
  });
  const auto failures = static_cast<std::size_t>(std::ranges::count_if(
      verdict.checks, [](const CheckOutcome& check) { return !check.passed; }));
  const std::size_t tests = verdict.checks.size() + errors.size();

  pugi::xml_document document;
  pugi::xml_node root = document.append_child("testsuites");
  Attribute(root, "name", "syncgate verify-config");
  Counts(root, tests, failures, errors.size());
  pugi::xml_node suite = root.append_child("testsuite");
  Attribute(suite, "name", "verify-config " + verdict.node.str());
  Counts(suite, tests, failures, errors.size());
  Attribute(suite, "timestamp", verdict.header.created_at);
  AddProperties(suite, verdict);
  for (const CheckOutcome& check : verdict.checks) AddCheck(suite, verdict, check);
  for (const Diagnostic& diagnostic : errors) {
    pugi::xml_node error = AddCase(suite, verdict, diagnostic.code).append_child("error");
    Attribute(error, "message", diagnostic.message);
    Attribute(error, "type", diagnostic.code);
    error.append_child(pugi::node_pcdata)
        .set_value(ForXml(diagnostic.message + "\n" + diagnostic.hint).c_str());
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  return out.str();
}

Result<FileRef> WriteJunit(const std::string& dir, const std::string& path,
                           const VerdictDoc& verdict) {
  VerdictDoc shown = verdict;
  if (ArtifactKey() != nullptr) {
    // CI systems read it, so it is plain: what the verdict has encrypted stays out.
    constexpr char kElsewhere[] = "encrypted, in the verdict: syncgate audit --decrypt FILE";
    for (CheckOutcome& check : shown.checks) {
      if (!check.detail.empty()) check.detail = kElsewhere;
      check.output.clear();
    }
    for (Diagnostic& diagnostic : shown.header.diagnostics) {
      diagnostic.message = diagnostic.hint = kElsewhere;
    }
  }
  const std::string text = RenderJunit(shown);
  TRY(WriteFileAtomic(TRY(NewPathInStore(dir, path)), text));
  return FileRef{path, "junit", Digest::Of(text), 0};
}

}  // namespace syncgate
