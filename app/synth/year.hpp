#pragma once
/// One year of a synthetic nation: who sits where, and with what ids.

#include <cstdint>
#include <string>
#include <vector>

#include "app/synth/inside_links.hpp"
#include "app/synth/nation.hpp"

namespace tradegraph::app::synth {

enum class Tier { hub, leaf, member, unlinked };

struct Seat {
  std::int64_t number = 0;
  Tier tier = Tier::unlinked;
  int group = 0;
  int city = 0;
  int agglomeration = -1;
  std::int64_t index = 0;  ///< in its block
};

/// A firm on a seat.
struct Occupant {
  std::int64_t entered = 0;  ///< year
  int group = 0;             ///< of its industry, that of the seat but for a few
  int klass = 0;             ///< in that group
};

/// Holds what is looked up for every firm and link: O(links inside agglomerations), about a
/// twelfth of all links.
class Year {
 public:
  Year(const Nation& nation, std::int64_t year);

  [[nodiscard]] const Nation& nation() const { return nation_; }
  [[nodiscard]] std::int64_t year() const { return year_; }
  [[nodiscard]] const Size& size(int agglomeration) const {
    return sizes_[static_cast<std::size_t>(agglomeration)];
  }
  /// Links inside an agglomeration, by index of its members.
  [[nodiscard]] const std::vector<InsideLink>& inside(int agglomeration) const {
    return inside_[static_cast<std::size_t>(agglomeration)];
  }
  /// Partners inside of each participant.
  [[nodiscard]] const std::vector<std::int32_t>& inside_degree(int agglomeration) const {
    return degrees_[static_cast<std::size_t>(agglomeration)];
  }

  [[nodiscard]] Seat seat(std::int64_t number) const;
  /// Whether the seat has an occupant in this year.
  [[nodiscard]] bool is_taken(const Seat& seat) const;
  [[nodiscard]] Occupant occupant(const Seat& seat) const;
  [[nodiscard]] std::int64_t entered(std::int64_t seat_number) const;
  /// Appends the id of the firm on a seat: "01234567-2003", the last its year of entry.
  void append_id(std::int64_t seat_number, std::string& text) const;
  /// Where the seat is.
  [[nodiscard]] Point place(const Seat& seat) const;
  /// The seat at a place in the order of the files.
  [[nodiscard]] Seat seat_in_file_order(std::int64_t position) const;

 private:
  [[nodiscard]] Point dispersed_place(const Seat& seat) const;
  [[nodiscard]] bool is_near_own_group(const Seat& seat, const Point& place) const;
  [[nodiscard]] int city_of_unlinked(std::int64_t index, int& group) const;

  const Nation& nation_;
  std::int64_t year_;
  std::uint64_t seed_;
  std::int64_t unlinked_firms_;
  int id_digits_;
  std::vector<Size> sizes_;
  std::vector<std::vector<InsideLink>> inside_;
  std::vector<std::vector<std::int32_t>> degrees_;
  std::vector<std::vector<int>> of_group_;  ///< agglomerations
};

/// Number of the truth of a member: that of its agglomeration, or, while an agglomeration that
/// merges is in two parts, a number of its own for the second part.
[[nodiscard]] std::int64_t truth_of(const Year& year, int agglomeration, std::int64_t index);
/// Whether an agglomeration is in two parts in this year.
[[nodiscard]] bool is_in_parts(const Agglomeration& agglomeration, std::int64_t year);

/// Added to the number of an agglomeration for its second part.
inline constexpr std::int64_t kSecondPart = 1000;

}  // namespace tradegraph::app::synth
