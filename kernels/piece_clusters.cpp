#include "kernels/piece_clusters.hpp"

#include <algorithm>

#include "engine/comm/agreement.hpp"
#include "kernels/dbscan_stages.hpp"
#include "kernels/thread_limit.hpp"

namespace tradegraph::kernels {

/// Two components that are one.
struct ComponentPair {
  std::int64_t first;
  std::int64_t second;

  friend auto operator<=>(const ComponentPair&, const ComponentPair&) = default;
};

}  // namespace tradegraph::kernels

template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::ComponentPair> : std::true_type {};
template <>
struct tradegraph::comm::IsRecord<tradegraph::kernels::PieceComponent> : std::true_type {};

namespace tradegraph::kernels {

struct PieceSolver::Work {
  const LocalGroup* group;
  SpatialGrid* grid;
  DbscanConfig settings;
  std::vector<ClosePair> close;
  std::vector<std::uint8_t> core;               ///< by position in the grid
  std::vector<std::uint8_t> core_of_point;      ///< by point
  std::vector<std::int64_t> component_of_cell;  ///< number; -1 = no core in the cell

  [[nodiscard]] bool has_guests() const { return group->own < group->firm.size(); }
  [[nodiscard]] Thresholds limits() const { return Thresholds(settings); }
  [[nodiscard]] std::size_t point(std::size_t position) const {
    return static_cast<std::size_t>(grid->point(static_cast<std::int64_t>(position)));
  }

  void find_cores() {
    const ThreadLimit thread_limit(group->firm.size());
    const bool trade_matters = settings.stretch > 1;
    const auto pairs = trade_matters ? group->pairs() : Pairs{};
    close = close_pairs(*grid, group->points(), pairs, limits());
    core = core_flags(*grid, close, limits());
    file_cores();
  }
  /// From the cores that stretch gives to those of stretch = 1.
  void forget_trade() {
    const ThreadLimit thread_limit(group->firm.size());
    core = core_flags_without_trade(*grid, close, std::move(core), limits());
    close.clear();
    settings.stretch = 1;
    file_cores();
  }
  void file_cores() {
    core_of_point.resize(core.size());
    for (std::size_t p = 0; p < core.size(); ++p) core_of_point[point(p)] = core[p];
  }

  /// Returns how many components there are; they are numbered from 0.
  std::int64_t find_components() {
    const ThreadLimit thread_limit(group->firm.size());
    if (has_guests()) {
      for (std::size_t p = 0; p < core.size(); ++p) core[p] = core_of_point[point(p)];
    }
    grid->mark_cores(core, group->row);
    auto sets = core_components(*grid, core, close, limits());
    std::int64_t count = 0;
    component_of_cell.assign(static_cast<std::size_t>(grid->cells()), -1);
    for (std::int64_t cell = 0; cell < grid->cells(); ++cell) {
      if (!grid->node(cell).has_core()) continue;
      // The smallest cell of a set stands for it, and comes first.
      const auto root = static_cast<std::size_t>(sets.find(cell));
      auto& component = component_of_cell[root];
      if (component < 0) component = count++;
      component_of_cell[static_cast<std::size_t>(cell)] = component;
    }
    return count;
  }

  /// Component of each core, by point; -1 for others.
  [[nodiscard]] std::vector<std::int64_t> component_of_cores() const {
    std::vector<std::int64_t> result(core.size(), -1);
    for (std::int64_t cell = 0; cell < grid->cells(); ++cell) {
      const auto& node = grid->node(cell);
      for (auto p = node.first; p < node.last; ++p) {
        const auto position = static_cast<std::size_t>(p);
        if (core[position] == 0) continue;
        result[point(position)] = component_of_cell[static_cast<std::size_t>(cell)];
      }
    }
    return result;
  }

  /// Component that each own point joins; -1 = noise.
  [[nodiscard]] std::vector<std::int64_t> component_joined() const {
    const ThreadLimit thread_limit(group->firm.size());
    const auto joined = cells_joined(*grid, core, close, group->row, limits());
    std::vector<std::int64_t> result(group->own);
    for (std::size_t p = 0; p < joined.size(); ++p) {
      if (point(p) >= group->own) continue;
      result[point(p)] =
          joined[p] < 0 ? -1 : component_of_cell[static_cast<std::size_t>(joined[p])];
    }
    return result;
  }
};

namespace {

std::vector<LocalPoint> find_guests(const LocalGroups& groups) {
  std::vector<LocalPoint> guests;
  for (std::size_t g = 0; g < groups.groups().size(); ++g) {
    const auto& group = groups.groups()[g];
    for (auto p = group.own; p < group.firm.size(); ++p) guests.push_back({g, p});
  }
  return guests;
}

/// Asks the homes of guests for them, by number.
comm::Delivery<std::int64_t> ask(const comm::Communicator& comm, const LocalGroups& groups,
                                 const GroupPieces& pieces, const std::vector<LocalPoint>& guests) {
  std::vector<std::int64_t> numbers;
  std::vector<std::int32_t> home;
  for (const auto& [g, p] : guests) {
    const auto& group = groups.groups()[g];
    numbers.push_back(group.firm[p]);
    home.push_back(pieces.rank_of(group.code, group.x_m[p], group.y_m[p]));
  }
  return {comm, numbers, home};
}

}  // namespace

PieceSolver::PieceSolver(const comm::Communicator& comm, const LocalGroups& groups,
                         const GroupPieces& pieces, const IdentifyConfig& config)
    : comm_(comm),
      groups_(groups),
      config_(config),
      guests_(find_guests(groups)),
      requests_(ask(comm, groups, pieces, guests_)) {
  comm::collectively(comm, [&] {
    for (const auto firm : requests_.received()) {
      const auto at = groups.find_own(firm);
      require(at.has_value(), ErrorKind::internal, "a guest's home does not know it");
      asked_.push_back(*at);
    }
    for (const auto& group : groups.groups()) {
      const ThreadLimit thread_limit(group.firm.size());
      grids_.emplace_back(group.points(), config.settings_of(group.code).eps_m);
    }
  });
}

PieceSolver::~PieceSolver() = default;

void PieceSolver::find_cores() {
  comm::collectively(comm_, [&] {
    for (std::size_t g = 0; g < grids_.size(); ++g) {
      const auto& group = groups_.groups()[g];
      work_.push_back({&group, &grids_[g], config_.settings_of(group.code), {}, {}, {}, {}});
      work_.back().find_cores();
    }
  });
}

void PieceSolver::exchange_core_flags() {
  std::vector<std::int32_t> flags;
  for (const auto& [g, p] : asked_) flags.push_back(work_[g].core_of_point[p]);
  const auto answers = requests_.answer(std::span<const std::int32_t>(flags));
  for (std::size_t i = 0; i < guests_.size(); ++i) {
    work_[guests_[i].group].core_of_point[guests_[i].point] = static_cast<std::uint8_t>(answers[i]);
  }
}

void PieceSolver::find_components() {
  components_ = comm::collectively(comm_, [&] {
    std::int64_t count = 0;
    for (auto& work : work_) {
      const auto base = count;
      count += work.find_components();
      for (auto& component : work.component_of_cell) component += component < 0 ? 0 : base;
    }
    return count;
  });
  first_component_ = comm::exclusive_scan(comm_, components_);
  for (auto& work : work_) {
    for (auto& component : work.component_of_cell) {
      component += component < 0 ? 0 : first_component_;
    }
  }
}

std::vector<std::int64_t> PieceSolver::join_across_ranks() {
  std::vector<std::vector<std::int64_t>> of_core;
  for (const auto& work : work_) {
    // Where no rank has guests, none is asked for them.
    of_core.push_back(asked_.empty() && !work.has_guests() ? std::vector<std::int64_t>()
                                                           : work.component_of_cores());
  }
  std::vector<std::int64_t> of_asked;
  for (const auto& [g, p] : asked_) of_asked.push_back(of_core[g][p]);
  const auto at_home = requests_.answer(std::span<const std::int64_t>(of_asked));
  std::vector<ComponentPair> pairs;
  for (std::size_t i = 0; i < guests_.size(); ++i) {
    const auto here = of_core[guests_[i].group][guests_[i].point];
    if (here >= 0) pairs.push_back({here, at_home[i]});
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  UnionFind sets(comm::all_reduce(comm_, components_, comm::ReduceOp::sum));
  for (const auto& pair : comm::all_gather_v(comm_, std::span<const ComponentPair>(pairs)).values) {
    sets.join(pair.first, pair.second);
  }
  std::vector<std::int64_t> cluster;
  const auto total = comm::all_reduce(comm_, components_, comm::ReduceOp::sum);
  for (std::int64_t c = 0; c < total; ++c) cluster.push_back(sets.find(c));
  return cluster;
}

PieceClusters PieceSolver::solve() {
  find_cores();
  exchange_core_flags();
  find_components();
  PieceClusters result;
  result.cluster = join_across_ranks();
  std::vector<PieceComponent> mine(static_cast<std::size_t>(components_));
  comm::collectively(comm_, [&] {
    for (const auto& work : work_) {
      auto joined = work.component_joined();
      for (std::size_t p = 0; p < joined.size(); ++p) {
        if (joined[p] < 0) continue;
        auto& component = mine[static_cast<std::size_t>(joined[p] - first_component_)];
        ++component.firms;
        component.smallest_row = std::min(component.smallest_row, work.group->row[p]);
        component.eps_m = work.settings.eps_m;
        component.group = work.group->code;
        component.has_own_core |= work.core_of_point[p];
      }
      result.component.push_back(std::move(joined));
      result.is_core.emplace_back(
          work.core_of_point.begin(),
          work.core_of_point.begin() + static_cast<std::ptrdiff_t>(work.group->own));
    }
  });
  auto gathered = comm::all_gather_v(comm_, std::span<const PieceComponent>(mine));
  result.components = std::move(gathered.values);
  for (std::size_t r = 0; r < gathered.counts.size(); ++r) {
    result.rank.insert(result.rank.end(), static_cast<std::size_t>(gathered.counts[r]),
                       static_cast<std::int32_t>(r));
  }
  return result;
}

std::int64_t PieceSolver::count_without_stretch() {
  comm::collectively(comm_, [&] {
    for (auto& work : work_) work.forget_trade();
  });
  exchange_core_flags();
  find_components();
  const auto cluster = join_across_ranks();
  std::int64_t count = 0;
  for (std::size_t c = 0; c < cluster.size(); ++c) {
    count += cluster[c] == static_cast<std::int64_t>(c) ? 1 : 0;
  }
  return count;
}

}  // namespace tradegraph::kernels
