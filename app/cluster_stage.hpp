#pragma once
/// Identification as commands run it: from a snapshot's columns to memberships and members.csv.

#include <string>

#include "app/cluster_options.hpp"
#include "app/context.hpp"
#include "app/trade_network.hpp"
#include "io/table.hpp"
#include "kernels/identify.hpp"

namespace tradegraph::app {

/// Industry group of each firm of this rank's table slice.
struct IndustryGroups {
  StringColumn names;               ///< sorted by bytes; the same on all ranks
  std::vector<std::int32_t> codes;  ///< -1 = none
};

/// Groups as `options.groups` says. Collective over the replica group. Throws
/// `ErrorKind::bad_input` if groups are asked for and the snapshot has no column 'industry'.
[[nodiscard]] IndustryGroups industry_groups(const TradeNetwork& network,
                                             const IdentifyOptions& options);

/// The firms of this rank's table slice as kernels want them. Throws `ErrorKind::bad_input` for a
/// column that an option needs and the snapshot lacks. Collective over the replica group.
[[nodiscard]] kernels::FirmPlaces firm_places(const TradeNetwork& network,
                                              const IndustryGroups& groups, kernels::Absorb absorb);

/// What identify takes beside its settings.
struct IdentifyExtras {
  bool verify = false;
  bool k_distance = false;
  bool may_lack_groups = false;  ///< `per_group` may name groups that no firm has: warn only
};

/// Clusters of the network's firms, parallel to the table slice. Collective over the replica group.
/// Throws `ErrorKind::usage` for settings, `bad_input` for a column that an option needs and the
/// snapshot lacks.
[[nodiscard]] kernels::Identification identify_clusters(const TradeNetwork& network,
                                                        const IndustryGroups& groups,
                                                        const IdentifyOptions& options,
                                                        const IdentifyExtras& extras = {});

/// This rank's slice of id, label, role, group in input order; a role of -1 is empty. Collective
/// over the replica group.
[[nodiscard]] io::Table members_table(const TradeNetwork& network, const IndustryGroups& groups,
                                      const std::vector<Label>& labels,
                                      const std::vector<std::int32_t>& roles);

[[nodiscard]] std::vector<std::int32_t> role_codes(const kernels::Membership& membership);

/// members.csv: id,label,role,group in input order. Collective over all ranks.
void write_members(const std::string& path, const Context& context, const TradeNetwork& network,
                   const IndustryGroups& groups, const kernels::Membership& membership);

/// A few lines for people: how many clusters, how large, what is noise.
[[nodiscard]] std::string describe(const kernels::IdentifySummary& summary);

}  // namespace tradegraph::app
