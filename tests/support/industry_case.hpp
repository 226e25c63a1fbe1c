#pragma once
/// Firms with clusters, industry codes and employees.

#include "tests/support/cluster_case.hpp"

namespace tradegraph::testing {

struct IndustryCase {
  std::string name;
  std::vector<Label> labels;
  std::int64_t clusters = 0;
  std::vector<std::int32_t> codes;
  std::int64_t industries = 0;
  std::vector<double> employees;

  [[nodiscard]] std::size_t firms() const { return labels.size(); }
};

/// Uneven codes; a tenth of the codes and of the employees unknown, some without employees.
inline IndustryCase random_industries(std::int64_t firms, std::int64_t clusters,
                                      std::int64_t industries, std::uint64_t seed) {
  const CounterRandom random(seed, 31);
  IndustryCase result{"industries " + std::to_string(firms), {}, clusters, {}, industries, {}};
  for (std::int64_t i = 0; i < firms; ++i) {
    const auto at = [&](std::uint64_t k) {
      return random.uniform(static_cast<std::uint64_t>(i) * 8 + k);
    };
    const auto pick = [](double u, std::int64_t n) {
      return static_cast<std::int64_t>(u * u * static_cast<double>(n));
    };
    result.labels.push_back(at(0) < 0.3 ? kNoCluster : pick(at(1), clusters));
    result.codes.push_back(at(2) < 0.1 ? -1 : static_cast<std::int32_t>(pick(at(3), industries)));
    const double size = at(4) < 0.1 ? 0 : 1 / (0.001 + at(5)) / 3;
    result.employees.push_back(at(6) < 0.1 ? std::nan("") : size);
  }
  return result;
}

inline std::vector<IndustryCase> industry_cases() {
  std::vector<IndustryCase> cases;
  cases.push_back(random_industries(0, 2, 3, 1));
  cases.push_back(random_industries(3, 1, 2, 2));
  cases.push_back(random_industries(500, 6, 20, 3));
  cases.push_back(random_industries(300, 80, 12, 4));
  cases.push_back(cases[2]);
  cases.back().name = "no cluster at all";
  cases.back().labels.assign(500, kNoCluster);
  cases.push_back(cases[2]);
  cases.back().name = "nothing known";
  cases.back().codes.assign(500, -1);
  return cases;
}

/// The codes and employees of a case on one grid.
struct PlacedIndustries {
  matrix::DistributedVector<Label> labels;
  matrix::DistributedVector<std::int32_t> codes;
  matrix::DistributedVector<double> employees;

  PlacedIndustries(const comm::ProcessGrid& grid, const IndustryCase& c)
      : labels(spread(grid, c.labels)),
        codes(spread(grid, c.codes)),
        employees(spread(grid, c.employees)) {}
};

/// Weight of firm i, or NaN if it is skipped.
inline double weight_of(const IndustryCase& one, std::size_t i, bool by_employees) {
  if (one.codes[i] < 0) return std::nan("");
  return by_employees ? one.employees[i] : 1;
}

class IndustryTest : public ClusterTest {
 protected:
  /// `check(case, vectors on the grid of all ranks, vectors on this rank alone, by employees?)`.
  template <class Check>
  static void for_all_industries(Check&& check) {
    const auto world = comm::Communicator::world();
    const auto self = comm::Communicator::self();
    const comm::ProcessGrid alone(self, {1, 1, 1});
    for (const auto shape : grid_shapes(world.size())) {
      const comm::ProcessGrid grid(world, shape);
      for (const auto& one : industry_cases()) {
        SCOPED_TRACE(one.name + " on " + shape.text());
        const PlacedIndustries spread_out(grid, one);
        const PlacedIndustries whole(alone, one);
        for (const bool by_employees : {false, true}) check(one, spread_out, whole, by_employees);
      }
    }
  }
};

}  // namespace tradegraph::testing
