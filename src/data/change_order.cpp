#include "data/change_order.h"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>
#include <utility>

namespace syncgate {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

int RankOf(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kUpdate:
      return 0;
    case ChangeKind::kInsert:
      return 1;
    case ChangeKind::kDelete:
      break;
  }
  return 2;
}

}  // namespace

std::size_t ChangeOrder::Add(std::size_t table, ChangeKind kind) {
  nodes_.push_back({table, kind, {}, false});
  return nodes_.size() - 1;
}

void ChangeOrder::Before(std::size_t first, std::size_t second) {
  if (first == second) {
    nodes_[first].waits_for_itself = true;
  } else {
    nodes_[first].next.push_back(second);
  }
}

// Tarjan's algorithm with a stack of its own: a chain may be as long as the table.
std::vector<std::size_t> ChangeOrder::Components(std::vector<std::size_t>* sizes) const {
  std::vector<std::size_t> component(nodes_.size(), kNone);
  std::vector<std::size_t> index(nodes_.size(), kNone);
  std::vector<std::size_t> low(nodes_.size(), 0);
  std::vector<std::size_t> open;                           // Tarjan's stack
  std::vector<std::pair<std::size_t, std::size_t>> calls;  // node, next edge to follow
  std::size_t counter = 0;
  for (std::size_t root = 0; root < nodes_.size(); ++root) {
    if (index[root] != kNone) continue;
    calls.emplace_back(root, 0);
    while (!calls.empty()) {
      const std::size_t node = calls.back().first;
      if (calls.back().second == 0) {
        index[node] = low[node] = counter++;
        open.push_back(node);
      }
      if (calls.back().second < nodes_[node].next.size()) {
        const std::size_t to = nodes_[node].next[calls.back().second++];
        if (index[to] == kNone) {
          calls.emplace_back(to, 0);
        } else if (component[to] == kNone) {
          low[node] = std::min(low[node], index[to]);
        }
        continue;
      }
      calls.pop_back();
      if (!calls.empty()) {
        const std::size_t caller = calls.back().first;
        low[caller] = std::min(low[caller], low[node]);
      }
      if (low[node] != index[node]) continue;
      sizes->push_back(0);
      while (component[node] == kNone) {
        component[open.back()] = sizes->size() - 1;
        open.pop_back();
        ++sizes->back();
      }
    }
  }
  return component;
}

std::vector<ChangeRun> ChangeOrder::Runs() const {
  std::vector<std::size_t> sizes;
  const auto component = Components(&sizes);
  std::vector<std::size_t> waiting(sizes.size(), 0);  // edges into each component
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    for (const auto to : nodes_[node].next)
      waiting[component[to]] += component[to] != component[node];
  }
  std::vector<std::vector<std::size_t>> circles(sizes.size());
  const auto circular = [&](std::size_t node) {
    return sizes[component[node]] > 1 || nodes_[node].waits_for_itself;
  };
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (circular(node)) circles[component[node]].push_back(node);
  }

  // What can be made now: single changes by rank and table, circles by number.
  std::map<std::tuple<int, std::size_t>, std::vector<std::size_t>> ready;
  std::vector<std::size_t> ready_circles;
  const auto make_ready = [&](std::size_t node) {
    if (!circular(node)) {
      ready[{RankOf(nodes_[node].kind), nodes_[node].table}].push_back(node);
    } else if (circles[component[node]].front() == node) {
      ready_circles.push_back(component[node]);
    }
  };
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (waiting[component[node]] == 0) make_ready(node);
  }
  const auto made = [&](std::size_t node) {
    for (const auto to : nodes_[node].next) {
      if (component[to] == component[node] || --waiting[component[to]] > 0) continue;
      make_ready(circular(to) ? circles[component[to]].front() : to);
    }
  };

  std::vector<ChangeRun> runs;
  std::size_t next_circle = 0;
  while (!ready.empty() || next_circle < ready_circles.size()) {
    ChangeRun run;
    if (ready.empty()) {
      run.cycle = true;
      run.changes = circles[ready_circles[next_circle++]];
      for (const auto node : run.changes) made(node);
    } else {
      const auto bucket = ready.begin()->first;
      // What becomes ready by this run joins it, but for deletes.
      do {
        const auto now = std::move(ready[bucket]);
        ready.erase(bucket);
        for (const auto node : now) {
          run.changes.push_back(node);
          made(node);
        }
      } while (std::get<0>(bucket) != RankOf(ChangeKind::kDelete) && ready.contains(bucket));
    }
    run.table = nodes_[run.changes.front()].table;
    run.kind = nodes_[run.changes.front()].kind;
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace syncgate
