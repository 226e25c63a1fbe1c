#pragma once
/// A synthetic firm's row of the firms file.

#include <string>
#include <vector>

#include "app/synth/year.hpp"

namespace tradegraph::app::synth {

/// Means over the firms of one agglomeration (or over the dispersed ones); money in thousand won.
struct Profile {
  double employees, growth_1y, growth_2y;
  double revenue, net_income, operating_income, labour_productivity;
  double patents, iso, rnd_pct, tangible_pct;
  double productivity_slope;  ///< how productivity grows with size, so that both its mean and value
                              ///< added a firm are as published
};

class FirmRecords {
 public:
  explicit FirmRecords(const Year& year);

  /// Column names, with the line end.
  [[nodiscard]] static const char* header();
  /// Appends the row of a seat that is taken.
  void append(const Seat& seat, std::string& text) const;

 private:
  [[nodiscard]] const Profile& profile(const Seat& seat) const;
  /// Standard normal: how large the firm is. Spread evenly over each agglomeration, so that the
  /// mean over few firms is near the planted one.
  [[nodiscard]] double size_of(const Seat& seat) const;
  void append_place(const Seat& seat, std::string& text) const;
  void append_employees(const Seat& seat, const Profile& profile, double z, std::string& text,
                        double& employees) const;
  void append_finance(const Seat& seat, const Profile& profile, double z, double employees,
                      std::string& text) const;

  const Year& year_;
  std::uint64_t seed_;
  std::vector<Profile> profiles_;  ///< of agglomerations; the last: of dispersed firms
};

}  // namespace tradegraph::app::synth
