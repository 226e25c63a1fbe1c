#include "kernels/partition_similarity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

#include "engine/base/compensated_sum.hpp"
#include "engine/base/exact_sum.hpp"
#include "engine/base/random.hpp"

namespace tradegraph::kernels {

namespace {

/// Counts of (a, b), by open addressing; firms that follow each other mostly have the same.
class OverlapCounter {
 public:
  OverlapCounter() : slots_(1024) {}

  void add(std::int32_t a, std::int32_t b, std::int64_t firms) {
    auto* slot = &slot_of(slots_, a, b);
    if (slot->firms == 0 && 2 * ++used_ > slots_.size()) {
      grow();
      slot = &slot_of(slots_, a, b);
    }
    *slot = {a, b, slot->firms + firms};
  }
  [[nodiscard]] std::vector<Overlap> take() {
    std::erase_if(slots_, [](const Overlap& slot) { return slot.firms == 0; });
    std::sort(slots_.begin(), slots_.end(), [](const Overlap& x, const Overlap& y) {
      return std::tie(x.a, x.b) < std::tie(y.a, y.b);
    });
    return std::move(slots_);
  }

 private:
  static Overlap& slot_of(std::vector<Overlap>& slots, std::int32_t a, std::int32_t b) {
    const auto key = static_cast<std::uint64_t>(static_cast<std::uint32_t>(a)) << 32 |
                     static_cast<std::uint32_t>(b);
    auto at = mix64(key) & (slots.size() - 1);
    while (slots[at].firms != 0 && (slots[at].a != a || slots[at].b != b)) {
      at = (at + 1) & (slots.size() - 1);
    }
    return slots[at];
  }
  void grow() {
    std::vector<Overlap> larger(2 * slots_.size());
    for (const auto& slot : slots_) {
      if (slot.firms != 0) slot_of(larger, slot.a, slot.b) = slot;
    }
    slots_ = std::move(larger);
  }

  std::vector<Overlap> slots_;
  std::size_t used_ = 0;
};

/// Overlaps of the classes of `a` that are counted.
template <class IsCounted>
std::vector<Overlap> counted(std::span<const std::int32_t> a, std::span<const std::int32_t> b,
                             const IsCounted& is_counted) {
  OverlapCounter counter;
  for (std::size_t i = 0; i < a.size();) {
    const auto start = i;
    while (i < a.size() && a[i] == a[start] && b[i] == b[start]) ++i;
    if (is_counted(a[start])) counter.add(a[start], b[start], static_cast<std::int64_t>(i - start));
  }
  return counter.take();
}

/// Sizes of the classes on both sides.
struct Margins {
  std::map<std::int32_t, std::int64_t> a, b;
  std::int64_t firms = 0;

  explicit Margins(std::span<const Overlap> table) {
    for (const auto& cell : table) {
      a[cell.a] += cell.firms;
      b[cell.b] += cell.firms;
      firms += cell.firms;
    }
  }
};

Int128 squares(const std::map<std::int32_t, std::int64_t>& sizes) {
  Int128 sum = 0;
  for (const auto& [label, size] : sizes) sum += static_cast<Int128>(size) * size;
  return sum;
}

double entropy(const std::map<std::int32_t, std::int64_t>& sizes, std::int64_t firms) {
  const auto n = static_cast<double>(firms);
  CompensatedSum sum;
  for (const auto& [label, size] : sizes) {
    sum.add(static_cast<double>(size) / n * std::log(n / static_cast<double>(size)));
  }
  return sum.value();
}

double mutual_information(std::span<const Overlap> table, const Margins& margins) {
  const auto n = static_cast<double>(margins.firms);
  CompensatedSum sum;
  for (const auto& cell : table) {
    const auto both = static_cast<double>(cell.firms);
    const auto expected =
        static_cast<double>(margins.a.at(cell.a)) * static_cast<double>(margins.b.at(cell.b));
    sum.add(both / n * std::log(n * both / expected));
  }
  return sum.value();
}

/// log(k!) for k = 0..n.
std::vector<double> log_factorials(std::int64_t n) {
  std::vector<double> table{0};
  CompensatedSum sum;
  for (std::int64_t k = 1; k <= n; ++k) {
    sum.add(std::log(static_cast<double>(k)));
    table.push_back(sum.value());
  }
  return table;
}

/// E of (m/n) log(n m / (a b)) for the hypergeometric m of two classes of sizes a and b: summed
/// outwards from the mode until what is left cannot be seen.
double expected_term(std::int64_t a, std::int64_t b, std::int64_t n,
                     const std::vector<double>& log_factorial) {
  const auto f = [&](std::int64_t k) { return log_factorial[static_cast<std::size_t>(k)]; };
  const auto real = [](std::int64_t k) { return static_cast<double>(k); };
  const auto least = std::max<std::int64_t>(1, a + b - n);
  const auto most = std::min(a, b);
  const auto fixed = f(a) + f(b) + f(n - a) + f(n - b) - f(n);
  const auto term = [&](std::int64_t m, double& probability) {
    probability = std::exp(fixed - f(m) - f(a - m) - f(b - m) - f(n - a - b + m));
    return probability * real(m) / real(n) * std::log(real(n) * real(m) / (real(a) * real(b)));
  };
  constexpr double kUnseen = 1e-25;
  const auto mode =
      std::clamp(static_cast<std::int64_t>(real(a + 1) * real(b + 1) / real(n + 2)), least, most);
  CompensatedSum sum;
  double probability = 1;
  for (auto m = mode; m <= most && probability > kUnseen; ++m) sum.add(term(m, probability));
  probability = 1;
  for (auto m = mode - 1; m >= least && probability > kUnseen; --m) sum.add(term(m, probability));
  return sum.value();
}

double expected_mutual_information(const Margins& margins) {
  std::map<std::int64_t, std::int64_t> sizes_a, sizes_b;  // how often a size occurs
  for (const auto& [label, size] : margins.a) ++sizes_a[size];
  for (const auto& [label, size] : margins.b) ++sizes_b[size];
  const auto table = log_factorials(margins.firms);
  CompensatedSum sum;
  for (const auto& [a, times_a] : sizes_a) {
    for (const auto& [b, times_b] : sizes_b) {
      const auto times = static_cast<double>(times_a) * static_cast<double>(times_b);
      sum.add(times * expected_term(a, b, margins.firms, table));
    }
  }
  return sum.value();
}

}  // namespace

std::vector<Overlap> overlaps(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  return counted(a, b, [](std::int32_t) { return true; });
}

std::vector<Overlap> member_overlaps(std::span<const std::int32_t> a,
                                     std::span<const std::int32_t> b) {
  return counted(a, b, [](std::int32_t cluster) { return cluster >= 0; });
}

double adjusted_rand(std::span<const Overlap> table) {
  const Margins margins(table);
  Int128 both = 0;
  for (const auto& cell : table) both += static_cast<Int128>(cell.firms) * cell.firms;
  const auto n = static_cast<Int128>(margins.firms);
  // Ordered pairs of different firms: together in both, in one only, apart in both.
  const auto together = both - n;
  const auto only_a = squares(margins.a) - both;
  const auto only_b = squares(margins.b) - both;
  const auto apart = n * n - n - together - only_a - only_b;
  if (only_a == 0 && only_b == 0) return 1;
  const auto product = [](Int128 x, Int128 y) {
    return static_cast<double>(x) * static_cast<double>(y);
  };
  return 2 * (product(together, apart) - product(only_a, only_b)) /
         (product(together + only_a, only_a + apart) + product(together + only_b, only_b + apart));
}

double adjusted_mutual_information(std::span<const Overlap> table) {
  const Margins margins(table);
  if (margins.a.size() <= 1 && margins.b.size() <= 1) return 1;
  const auto mean = (entropy(margins.a, margins.firms) + entropy(margins.b, margins.firms)) / 2;
  const auto expected = expected_mutual_information(margins);
  const auto least = std::numeric_limits<double>::epsilon();
  const auto room = mean - expected;
  return (mutual_information(table, margins) - expected) /
         (room < 0 ? std::min(room, -least) : std::max(room, least));
}

}  // namespace tradegraph::kernels
