#include "kernels/strong_components.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>

#include "engine/comm/agreement.hpp"
#include "engine/comm/delivery.hpp"
#include "engine/matrix/environment.hpp"
#include "kernels/link_steps.hpp"
#include "kernels/strong_serial.hpp"

namespace tradegraph::kernels {

namespace {

using matrix::DistributedMatrix;
using Vector = matrix::DistributedVector<std::int64_t>;
using Positions = std::vector<std::int64_t>;
using Notes = std::vector<FirmNote>;
constexpr auto kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kNoRoot = -1;

template <class Links>
std::vector<std::int64_t> serial_roots(const Links& links, std::int64_t firms) {
  if (firms < std::numeric_limits<std::int32_t>::max()) {
    const auto roots = StrongSearch<std::int32_t, Links>(links, firms).run();
    return {roots.begin(), roots.end()};
  }
  return StrongSearch<std::int64_t, Links>(links, firms).run();
}

/// The highest value that searches have brought to each end of a block.
class HighestAtEnd {
 public:
  explicit HighestAtEnd(std::int64_t ends)
      : value_(static_cast<std::size_t>(ends), kLowest), waits_(value_.size(), 0) {}

  /// By any thread. True if the end has now a higher value and nobody has said so yet.
  bool raise(std::int64_t end, std::int64_t value) {
    std::atomic_ref highest(value_[static_cast<std::size_t>(end)]);
    auto before = highest.load(std::memory_order_relaxed);
    do {
      if (before >= value) return false;
    } while (!highest.compare_exchange_weak(before, value, std::memory_order_relaxed));
    return std::atomic_ref(waits_[static_cast<std::size_t>(end)])
               .exchange(1, std::memory_order_relaxed) == 0;
  }
  Notes take(const Positions& ends) {
    Notes notes;
    notes.reserve(ends.size());
    for (const auto end : ends) {
      waits_[static_cast<std::size_t>(end)] = 0;
      notes.push_back({end, value_[static_cast<std::size_t>(end)]});
    }
    touched_.insert(touched_.end(), ends.begin(), ends.end());
    return notes;
  }
  void clear() {
    for (const auto end : touched_) value_[static_cast<std::size_t>(end)] = kLowest;
    touched_.clear();
  }

 private:
  std::vector<std::int64_t> value_;
  std::vector<char> waits_;
  Positions touched_;
};

/// Roots of the strong components, found on the grid.
class Multistep {
 public:
  explicit Multistep(const DistributedMatrix& a)
      : a_(a),
        suppliers_(a.reduce_columns<std::int64_t>()),
        buyers_(matrix::redistribute(a.reduce_rows<std::int64_t>(), a.column_layout())),
        root_(a.grid(), a.column_layout(), kNoRoot),
        steps_(a, true),
        countdown_(steps_),
        highest_{HighestAtEnd(steps_.ends(Towards::buyers)),
                 HighestAtEnd(steps_.ends(Towards::suppliers))} {
    for (std::int64_t i = 0; i < root_.count(); ++i) rest_.push_back(i);
  }

  Vector run(std::int64_t gathered_links) {
    if (links_left() > gathered_links) {
      trim();
      take_giant();
    }
    while (links_left() > gathered_links) {
      colour();
      recount();
      trim();
    }
    if (comm::any_rank(group(), !rest_.empty())) gather_rest();
    return std::move(root_);
  }

 private:
  [[nodiscard]] const comm::Communicator& group() const { return a_.grid().group(); }

  [[nodiscard]] std::int64_t links_left() const {
    std::int64_t links = 0;
    for (const auto firm : rest_) links += buyers_[firm];
    return comm::all_reduce(group(), links, comm::ReduceOp::sum);
  }

  /// Counts anew the links among the rest.
  void recount() {
    forget_found();
    suppliers_ = Vector(a_.grid(), a_.column_layout(), countdown_.count(Towards::buyers, rest_));
    buyers_ = Vector(a_.grid(), a_.column_layout(), countdown_.count(Towards::suppliers, rest_));
  }
  void forget_found() {
    std::erase_if(rest_, [&](std::int64_t firm) { return root_[firm] != kNoRoot; });
  }

  /// Firms that no search has found yet are components of their own. Returns which those were.
  Positions alone(const Positions& firms) {
    Positions found;
    for (const auto firm : firms) {
      if (root_[firm] != kNoRoot) continue;
      root_[firm] = steps_.global_of(firm);
      found.push_back(firm);
    }
    return found;
  }

  void trim() {
    Positions sources;
    Positions sinks;
    for (const auto firm : rest_) {
      if (suppliers_[firm] == 0) sources.push_back(firm);
      if (buyers_[firm] == 0) sinks.push_back(firm);
    }
    for (;;) {
      sources = alone(sources);
      sinks = alone(sinks);
      if (!comm::any_rank(group(), !sources.empty() || !sinks.empty())) break;
      // What has no supplier left is missed by its buyers only, and the other way round.
      sources = countdown_.take(Towards::buyers, sources, 0, suppliers_.values());
      sinks = countdown_.take(Towards::suppliers, sinks, 0, buyers_.values());
    }
    forget_found();
  }

  /// Searches along links from `from`; `accept(note)` says whether a firm goes on with the value
  /// that it has got. Values of one firm only rise.
  template <class Accept>
  void search(Towards towards, Notes from, const Accept& accept) {
    auto& highest = highest_[towards == Towards::buyers ? 0 : 1];
    while (comm::any_rank(group(), !from.empty())) {
      const auto starts = steps_.spread(towards, from);
      const auto ends = steps_.visit(towards, starts, [&](std::int64_t end, std::int64_t value) {
        return highest.raise(end, value);
      });
      from.clear();
      for (const auto& note : steps_.deliver(towards, highest.take(ends))) {
        if (accept(note)) from.push_back(note);
      }
    }
    highest.clear();
  }

  /// The firm with most suppliers times buyers left (tie: the smallest number); -1 = none is left.
  std::int64_t pivot() const {
    FirmNote best{-1, -1};
    const auto consider = [&](std::int64_t firm, std::int64_t value) {
      if (value > best.value || (value == best.value && firm < best.firm)) best = {firm, value};
    };
    for (const auto firm : rest_) {
      consider(steps_.global_of(firm), suppliers_[firm] * buyers_[firm]);
    }
    for (const auto& other : comm::all_gather(group(), best)) consider(other.firm, other.value);
    return best.firm;
  }

  void take_giant() {
    const auto start = pivot();
    if (start < 0) return;
    const auto place = a_.column_layout().place_of(GlobalIndex(start));
    Notes seed;
    if (place.rank == group().rank()) seed.push_back({place.position, 0});
    std::vector<char> reached(static_cast<std::size_t>(root_.count()), 0);
    const auto is_rest = [&](std::int64_t firm) { return root_[firm] == kNoRoot; };
    for (const auto& note : seed) reached[static_cast<std::size_t>(note.firm)] = 1;
    search(Towards::buyers, seed, [&](const FirmNote& note) {
      return is_rest(note.firm) &&
             std::exchange(reached[static_cast<std::size_t>(note.firm)], 1) == 0;
    });
    for (const auto& note : seed) root_[note.firm] = start;
    search(Towards::suppliers, seed, [&](const FirmNote& note) {
      if (!is_rest(note.firm) || reached[static_cast<std::size_t>(note.firm)] == 0) return false;
      root_[note.firm] = start;
      return true;
    });
    recount();
    trim();
  }

  void colour() {
    std::vector<std::int64_t> colour(static_cast<std::size_t>(root_.count()), kLowest);
    const auto of = [&](std::int64_t firm) -> std::int64_t& {
      return colour[static_cast<std::size_t>(firm)];
    };
    Notes seeds;
    for (const auto firm : rest_) {
      of(firm) = steps_.global_of(firm);
      seeds.push_back({firm, of(firm)});
    }
    search(Towards::buyers, seeds, [&](const FirmNote& note) {
      if (root_[note.firm] != kNoRoot || note.value <= of(note.firm)) return false;
      of(note.firm) = note.value;
      return true;
    });
    // A firm's colour is at least that of its suppliers: backwards, with its sign turned, the first
    // value to come that is as high as a firm's own is the firm's own.
    seeds.clear();
    for (const auto firm : rest_) {
      if (of(firm) != steps_.global_of(firm)) continue;
      root_[firm] = of(firm);
      seeds.push_back({firm, -of(firm)});
    }
    search(Towards::suppliers, seeds, [&](const FirmNote& note) {
      if (root_[note.firm] != kNoRoot || of(note.firm) != -note.value) return false;
      root_[note.firm] = -note.value;
      return true;
    });
  }

  /// Links of this rank between firms of the rest, as (supplier, buyer).
  Notes links_of_rest() const {
    matrix::DistributedVector<std::int32_t> left(a_.grid(), a_.column_layout(), 0);
    for (const auto firm : rest_) left[firm] = 1;
    const auto of_row = a_.expand_rows(left);
    const auto of_column = a_.expand_columns(left);
    Notes rows;
    for (std::size_t r = 0; r < of_row.size(); ++r) {
      if (of_row[r] != 0) rows.push_back({static_cast<std::int64_t>(r), 0});
    }
    Notes links;
    for (const auto& row : rows) {
      const auto supplier = a_.global_row(LocalRow(row.firm)).value();
      for (const auto column :
           steps_.visit(Towards::buyers, std::span(&row, 1), [&](std::int64_t end, std::int64_t) {
             return of_column[static_cast<std::size_t>(end)] != 0;
           })) {
        links.push_back({supplier, a_.global_column(LocalCol(column)).value()});
      }
    }
    return links;
  }

  /// Solves the rest on rank 0; firms of the rest without links among it are alone.
  void gather_rest() {
    const auto links = links_of_rest();
    auto all = comm::gather_v(group(), std::span<const FirmNote>(links)).values;
    const auto found = comm::collectively(group(), [&] { return solve(std::move(all)); });
    std::vector<std::int32_t> owner;
    Notes sent;
    for (const auto& [firm, root] : found) {
      const auto place = a_.column_layout().place_of(GlobalIndex(firm));
      owner.push_back(place.rank);
      sent.push_back({place.position, root});
    }
    const comm::Delivery<FirmNote> delivery(group(), sent, owner);
    for (const auto& [firm, root] : delivery.received()) root_[firm] = root;
    static_cast<void>(alone(rest_));
    forget_found();
  }

  /// Firms of a list of links by consecutive numbers.
  struct LinkList {
    std::vector<std::int64_t> firms;  ///< ascending
    std::vector<std::size_t> first;   ///< link of each firm
    std::vector<std::int64_t> end;

    explicit LinkList(Notes links) {
      std::ranges::sort(links, {}, [](const FirmNote& l) { return std::pair(l.firm, l.value); });
      for (const auto& [supplier, buyer] : links) {
        firms.push_back(supplier);
        firms.push_back(buyer);
      }
      std::ranges::sort(firms);
      firms.erase(std::unique(firms.begin(), firms.end()), firms.end());
      std::size_t next = 0;
      for (const auto firm : firms) {
        first.push_back(next);
        while (next < links.size() && links[next].firm == firm) ++next;
      }
      first.push_back(next);
      for (const auto& link : links) {
        end.push_back(std::ranges::lower_bound(firms, link.value) - firms.begin());
      }
    }
    [[nodiscard]] std::span<const std::int64_t> row(std::int64_t firm) const {
      const auto at = static_cast<std::size_t>(firm);
      return std::span(end).subspan(first[at], first[at + 1] - first[at]);
    }
  };

  /// The root of every firm that has a link.
  static Notes solve(Notes links) {
    const LinkList list(std::move(links));
    const auto roots = serial_roots(list, static_cast<std::int64_t>(list.firms.size()));
    Notes found;
    for (std::size_t i = 0; i < roots.size(); ++i) {
      found.push_back({list.firms[i], list.firms[static_cast<std::size_t>(roots[i])]});
    }
    return found;
  }

  const DistributedMatrix& a_;
  Vector suppliers_;  ///< among the rest, of each firm of the rest
  Vector buyers_;
  Vector root_;  ///< kNoRoot = not found yet
  LinkSteps steps_;
  LinkCountdown countdown_;
  std::array<HighestAtEnd, 2> highest_;
  Positions rest_;  ///< own positions of the firms not found yet
};

Vector roots_of(const DistributedMatrix& a, const StrongComponentsConfig& config) {
  const auto& group = a.grid().group();
  if (group.size() == 1 && matrix::threads() <= config.serial_threads) {
    return Vector(a.grid(), a.row_layout(), serial_roots(a.csr(), a.rows()));
  }
  const auto root = Multistep(a).run(config.gathered_links);
  return matrix::redistribute(root, a.row_layout());
}

}  // namespace

Components strong_components(const DistributedMatrix& a, const Vector& row,
                             const StrongComponentsConfig& config) {
  require(a.rows() == a.columns() && row.size() == a.rows(), ErrorKind::internal,
          "strong components need a square matrix and one input row a firm");
  if (a.type() != matrix::ValueType::pattern) return strong_components(a.pattern(), row, config);
  const auto in_rows = matrix::redistribute(row, a.row_layout());
  return number_components(roots_of(a, config), &in_rows);
}

Components strong_components(const DistributedMatrix& a, const StrongComponentsConfig& config) {
  return strong_components(a, own_numbers(a), config);
}

}  // namespace tradegraph::kernels
