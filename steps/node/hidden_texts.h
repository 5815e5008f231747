// Every secret that a run may know, to be kept out of what other programs say.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "config/node_host.h"
#include "core/digest.h"
#include "core/names.h"
#include "core/secret.h"
#include "node/planned_node.h"

namespace syncgate {

class HiddenTexts {
 public:
  // Passwords and SSH keys of the source and of all nodes, as far as they are here (what cannot be
  // read is no secret of this run), and what stands in variables of the environment that are called
  // like a secret: a CI system masks those in its log, not in artifacts. Of texts with several
  // lines each long line counts by itself, too. `planned` must outlive this.
  explicit HiddenTexts(const PlannedNode& planned);

  // Learns what the configuration files of the node hold besides visible values, on the node and in
  // the source that is here: of every entry, also one that is a secret as a whole and in no plan,
  // since any command may print any file. What cannot be read is passed over, what was learnt
  // before stays.
  void LearnFrom(NodeHost& host);
  bool learnt() const { return learnt_; }

  const std::vector<Secret>& all() const { return texts_; }

 private:
  const PlannedNode& planned_;
  std::vector<Secret> texts_;
  std::set<std::pair<ConfigName, Digest>> seen_;  // files that were learnt from
  bool learnt_ = false;
};

}  // namespace syncgate
