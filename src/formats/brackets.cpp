#include "formats/brackets.h"

namespace syncgate {
namespace {

std::string_view Cut(std::string_view bytes, std::size_t begin, std::size_t end) {
  return bytes.substr(begin, end - begin);
}

bool HasLineEnd(std::string_view text) { return text.find('\n') != std::string_view::npos; }

}  // namespace

Splice RewriteList(std::string_view bytes, ByteRange list, const std::vector<ByteRange>& items,
                   const std::vector<NewItem>& wanted, const BracketStyle& style) {
  if (wanted.empty()) return {list.begin, list.end, "[]"};
  std::string_view lead;
  std::string_view tail;
  std::string comma = style.comma;
  if (!items.empty()) {
    lead = Cut(bytes, list.begin + 1, items.front().begin);
    tail = Cut(bytes, items.back().end, list.end - 1);
    if (items.size() == 1 && HasLineEnd(lead)) comma = "," + std::string(lead);
  }
  const auto between = [&](std::size_t left) {  // old items `left` and the next
    return std::string(Cut(bytes, items[left].end, items[left + 1].begin));
  };
  if (items.size() > 1) comma = between(items.size() - 2);
  std::string text = "[" + std::string(lead);
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto& old = wanted[i].old;
    if (i > 0) {
      const auto& left = wanted[i - 1].old;
      const bool neighbours = left && old && *left + 1 == *old;
      text += neighbours ? between(*left) : i < items.size() ? between(i - 1) : comma;
    }
    text += old ? std::string(Cut(bytes, items[*old].begin, items[*old].end)) : wanted[i].token;
  }
  return {list.begin, list.end, text + std::string(tail) + "]"};
}

Splice RemoveMember(ByteRange group, const std::vector<MemberRange>& members, std::size_t index) {
  if (members.size() == 1) return {group.begin + 1, group.end - 1, ""};
  if (index == 0) return {members[0].key.begin, members[1].key.begin, ""};
  return {members[index - 1].value.end, members[index].value.end, ""};
}

std::optional<Splice> AddMember(std::string_view bytes, ByteRange group,
                                const std::vector<MemberRange>& members, std::string_view key,
                                std::string_view value, const BracketStyle& style) {
  if (members.empty()) {
    if (group.end - group.begin != 2) return std::nullopt;
    const std::string inside = std::string(key) + style.colon + std::string(value);
    return Splice{group.begin + 1, group.begin + 1, inside};
  }
  const MemberRange& last = members.back();
  const std::string_view lead = Cut(bytes, group.begin + 1, members.front().key.begin);
  std::string_view colon = Cut(bytes, last.key.end, last.value.begin);
  if (HasLineEnd(colon)) colon = style.colon;
  std::string comma = style.comma;
  if (members.size() > 1) {
    comma = Cut(bytes, members[members.size() - 2].value.end, last.key.begin);
  } else if (HasLineEnd(lead)) {
    comma = "," + std::string(lead);
  } else if (colon == ":") {
    comma = ",";
  }
  return Splice{last.value.end, last.value.end,
                comma + std::string(key) + std::string(colon) + std::string(value)};
}

}  // namespace syncgate
