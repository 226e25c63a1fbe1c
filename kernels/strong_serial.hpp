#pragma once
/// Strong components on one thread, in one depth-first pass: for networks, or what is left of them,
/// that lie on one rank.
///
/// Tarjan's algorithm in the form of Pearce 2016, doi:10.1016/j.ipl.2015.08.010, with a stack of
/// its own in place of recursion: O(firms + links), each link is looked at once (once more where a
/// search goes down it); 8 bytes a firm, and 24 a firm of the deepest path.

#include <cstdint>
#include <limits>
#include <vector>

namespace tradegraph::kernels {

/// `links.row(i)` yields the firms that firm i links to, all below `firms`. Index: an integer type
/// that holds `firms` + 1. Returns for each firm one firm of its component, the same for all of its
/// firms.
template <class Index, class Links>
class StrongSearch {
 public:
  StrongSearch(const Links& links, std::int64_t firms)
      : links_(links), order_(static_cast<std::size_t>(firms), 0), root_(order_.size(), 0) {}

  [[nodiscard]] std::vector<Index> run() {
    for (std::size_t firm = 0; firm < order_.size(); ++firm) {
      if (order_[firm] == 0) search(firm);
    }
    return std::move(root_);
  }

 private:
  static constexpr Index kDone = std::numeric_limits<Index>::max();
  struct Step {
    std::size_t firm;
    std::size_t next = 0;  ///< link to look at
    bool is_root = true;   ///< no link leads to a firm that was reached before it
  };

  void enter(std::size_t firm) {
    order_[firm] = ++reached_;
    path_.push_back({firm});
  }

  void search(std::size_t start) {
    enter(start);
    while (!path_.empty()) {
      if (!descend()) leave();
    }
  }

  /// Goes on with the links of the last firm of the path; false when none of them leads on.
  bool descend() {
    auto& step = path_.back();
    const auto row = links_.row(static_cast<std::int64_t>(step.firm));
    auto& own = order_[step.firm];
    for (; step.next < row.size(); ++step.next) {
      const auto end = static_cast<std::size_t>(row[step.next]);
      if (order_[end] == 0) {
        enter(end);  // the link is looked at once more on the way back
        return true;
      }
      if (order_[end] < own) {
        own = order_[end];
        step.is_root = false;
      }
    }
    return false;
  }

  void leave() {
    const auto [firm, next, is_root] = path_.back();
    path_.pop_back();
    if (!is_root) {
      open_.push_back(firm);
      return;
    }
    const auto first = order_[firm];
    finish(firm, firm);
    while (!open_.empty() && order_[open_.back()] >= first) {
      finish(open_.back(), firm);
      open_.pop_back();
    }
  }

  void finish(std::size_t firm, std::size_t root) {
    order_[firm] = kDone;
    root_[firm] = static_cast<Index>(root);
    --reached_;
  }

  const Links& links_;
  std::vector<Index> order_;  ///< earliest firm known to be reached; 0 = not seen, kDone = finished
  std::vector<Index> root_;
  std::vector<Step> path_;
  std::vector<std::size_t> open_;  ///< left, but their component is not finished
  Index reached_ = 0;
};

}  // namespace tradegraph::kernels
