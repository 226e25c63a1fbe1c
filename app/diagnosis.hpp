#pragma once
/// Indicators of all agglomerations of one year: the kernels' results side by side.

#include <string>
#include <vector>

#include "app/cluster_options.hpp"
#include "app/gatekeeper_table.hpp"
#include "app/trade_network.hpp"
#include "kernels/assortativity.hpp"
#include "kernels/cluster_distances.hpp"
#include "kernels/cluster_links.hpp"
#include "kernels/clustering.hpp"
#include "kernels/hierarchy.hpp"
#include "kernels/inclusiveness.hpp"
#include "kernels/membership_product.hpp"
#include "kernels/reach.hpp"
#include "kernels/specialisation.hpp"
#include "kernels/variety.hpp"

namespace tradegraph::app {

/// Industry codes of this rank's firms at the levels that indicators use, in the row layout.
struct FirmCodes {
  StringColumn group_names;
  StringColumn class_names;
  StringColumn division_names;
  std::vector<std::int32_t> division_of_class;
  matrix::DistributedVector<std::int32_t> group;
  matrix::DistributedVector<std::int32_t> division;
  matrix::DistributedVector<std::int32_t> klass;
  matrix::DistributedVector<std::int32_t> region;
};

/// One entry a label in every vector, unless it says otherwise; the same on all ranks.
struct Diagnosis {
  std::int64_t year = 0;
  std::int64_t clusters = 0;
  std::vector<kernels::Inclusiveness> inclusiveness;
  std::vector<kernels::Hierarchy> hierarchy_ordinal;
  std::vector<kernels::Hierarchy> hierarchy_average;
  std::vector<kernels::Assortativity> assortativity;
  std::vector<kernels::ShareReach> reach;
  std::vector<kernels::Clustering> clustering;
  std::vector<kernels::PairsAt> pairs_inside;
  kernels::PairsThroughNetwork pairs_through;  ///< empty where they were not computed
  std::vector<kernels::ClusterSpecialisation> specialisation_firms;
  std::vector<kernels::ClusterSpecialisation> specialisation_employees;  ///< empty: no such column
  std::vector<kernels::Variety> variety_firms;
  std::vector<kernels::Variety> variety_employees;  ///< empty: no such column
  std::vector<kernels::ClusterFlow> flows;
  std::vector<io::Column> attributes;        ///< the same columns every year
  std::vector<NamedGatekeeper> gatekeepers;  ///< by label and rank, not one a label
  std::vector<std::string> name;             ///< no two the same, see cluster_names.hpp
  std::vector<std::string> group;   ///< name of the main group, that of most cores; empty = none
  std::vector<std::string> region;  ///< most members; empty = none
  std::vector<double> longitude;    ///< mean of the members with a place
  std::vector<double> latitude;

  // Screening.
  std::vector<std::int64_t> rank;      ///< by inclusiveness, from 1; 0 where that is undefined
  std::vector<std::uint8_t> screened;  ///< passes the screening of its own year
  std::vector<std::uint8_t> selected;  ///< screened; or carried from the reference year
  std::vector<Label> reference_label;  ///< match in the reference year; kNoCluster = none
};

/// Members of clusters by group, division, class and region.
struct CompositionRow {
  Label label;
  const char* kind;
  std::string code;
  std::int64_t firms;
  double share;
};

/// `labels` in the row layout, 0 .. clusters - 1 or kNoCluster; `groups` codes of the table slice.
/// Collective over the replica group.
[[nodiscard]] FirmCodes firm_codes(const TradeNetwork& network, const StringColumn& group_names,
                                   const std::vector<std::int32_t>& groups,
                                   const IndustryLevels& levels);
/// `is_core`: 1 for core members. The group of a cluster is that of its core members, in which it
/// was found: absorbed firms may be of any.
[[nodiscard]] Diagnosis diagnose(const TradeNetwork& network, const kernels::Labels& labels,
                                 const matrix::DistributedVector<std::int32_t>& is_core,
                                 std::int64_t clusters, const FirmCodes& codes,
                                 const SelectOptions& select, const DiagnoseOptions& options);
/// Whether `options` want distances through the whole network too; "auto": where they take minutes
/// at most.
[[nodiscard]] bool wants_network_distances(const TradeNetwork& network, const Diagnosis& diagnosis,
                                           const DiagnoseOptions& options);
/// Adds the pairs of members by distance to a diagnosis: inside the clusters and, if asked for,
/// through the whole network. Collective over the replica group.
void add_distances(const Context& context, const TradeNetwork& network,
                   const kernels::Labels& labels, bool through_network, Diagnosis& result);
[[nodiscard]] std::vector<CompositionRow> composition(const TradeNetwork& network,
                                                      const kernels::Labels& labels,
                                                      const FirmCodes& codes,
                                                      const Diagnosis& diagnosis);

}  // namespace tradegraph::app
