#pragma once
/// The sensitivity of the clusters to eps, min_firms and stretch: every setting beside a baseline.

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "kernels/group_forests.hpp"
#include "kernels/setting_labels.hpp"
#include "kernels/share_indicators.hpp"
#include "kernels/stability.hpp"

namespace tradegraph::kernels {

struct SweepConfig {
  DbscanConfig baseline = {};
  Absorb absorb = Absorb::footprint;
  double absorb_radius_m = 0;  ///< 0 = eps of the setting
  bool ami = false;
  bool indicators = false;
  ScreenRule screen = {};  ///< which clusters of a setting are typed

  /// Throws `ErrorKind::usage`.
  void validate() const;
};

/// What a setting comes to. Figures of agreement are over the firms with a place, noise being one
/// class.
struct SettingResult {
  DbscanConfig setting;
  std::int64_t clusters = 0;
  std::int64_t largest = 0;                 ///< firms
  double noise_share = kUndefined;          ///< of the firms with a place
  double ari = kUndefined;                  ///< adjusted Rand index with the baseline
  double ami = kUndefined;                  ///< adjusted mutual information, if asked for
  std::vector<Stability> stability;         ///< by baseline label
  std::vector<ShareIndicators> indicators;  ///< of the best clusters, if asked for
};

/// Evaluates settings on a team of ranks, each of which holds the nation, with OpenMP threads.
/// Other teams may evaluate other settings.
class SweepStudy {
 public:
  /// Finds the baseline's clusters: among the forests of `settings`, if they are to be run and grow
  /// from no higher eps at its stretch, else in a forest of its own. The team and the nation must
  /// outlive the study. `division_of_class` is needed for indicators only. Collective over the
  /// team. Throws as `dbscan` does.
  SweepStudy(comm::Team& team, const WholeNation& nation, const SweepConfig& config,
             std::span<const std::int32_t> division_of_class = {},
             std::span<const DbscanConfig> settings = {});

  /// The baseline's clusters, numbered as `identify` numbers them.
  [[nodiscard]] const std::vector<SettingCluster>& baseline() const { return baseline_.clusters; }

  /// Takes the results of the settings from position `first` on, which share stretch and min_firms.
  using Take = std::function<void(std::size_t first, std::vector<SettingResult>)>;

  /// Evaluates `settings`, ordered by stretch, then min_firms, then eps, and the same on all ranks
  /// of the team. Each rank hands over those of its own min_firms. What `take` throws on any rank
  /// ends the work of all. For each stretch `density_forests` of the eps and min_firms that occur,
  /// and a pass over firms (and links, where they matter) a setting. Memory: 30 bytes a firm and
  /// own min_firms, and 45 a firm and thread, 85 with indicators. Collective over the team. Throws
  /// as `dbscan` does.
  void run(std::span<const DbscanConfig> settings, const Take& take);
  /// How many of these settings this rank evaluates.
  [[nodiscard]] std::int64_t count_own(std::span<const DbscanConfig> settings) const;

 private:
  /// The forests of one stretch that grow here: by group and own min_firms.
  struct Forests {
    SweepGrid grid;
    std::vector<std::vector<DensityForest>> of_group;
    std::vector<std::vector<std::uint32_t>> firm;  ///< by group and point of its forests
  };

  void find_baseline(std::span<const DbscanConfig> settings);
  [[nodiscard]] Forests grow(const SweepGrid& grid) const;
  [[nodiscard]] LabelSeries label_series(const Forests& forests, std::size_t own) const;
  [[nodiscard]] SettingResult evaluate(const SettingLabels& labels, const DbscanConfig& setting,
                                       IndicatorSeries* series) const;
  [[nodiscard]] std::vector<SettingResult> evaluate(const Forests& forests, std::size_t own,
                                                    std::span<const DbscanConfig> settings) const;
  /// Where the forests of a min_firms of the grid stand among those of this rank; -1 = nowhere.
  [[nodiscard]] std::ptrdiff_t own_number(const SweepGrid& grid, std::int64_t min_firms) const;
  /// Of the forests that these settings of one stretch are cut from.
  [[nodiscard]] SweepGrid grid_for(std::span<const DbscanConfig> settings) const;
  void run_stretch(std::span<const DbscanConfig> settings, std::size_t first, const Take& take);
  [[nodiscard]] std::vector<Overlap> overlaps_with_baseline(
      std::span<const std::int32_t> label) const;

  comm::Team& team_;
  const WholeNation& nation_;
  SweepConfig config_;
  std::vector<std::int32_t> division_of_class_;
  Adjacency partners_;
  std::vector<SweepGroup> groups_;
  std::optional<Forests> kept_;  ///< those that the baseline was found among, until they are run
  SettingLabels baseline_;
  std::vector<std::int64_t> baseline_sizes_;
};

}  // namespace tradegraph::kernels
