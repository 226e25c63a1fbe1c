#pragma once
/// Snapshots: one year's network as one HDF5 file, written and read at any number of ranks. The
/// schema is in docs/formats.md.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::io {

struct SnapshotOptions {
  /// 0 (none) .. 9. For 1M firms with 4.5M links (194 MB), level 1 makes 69.0 MB, level 4 makes
  /// 67.8 MB in 1.5 times the processor time.
  int deflate_level = 1;
};

/// Writes the slices of all ranks. Firms, text and links are numbered over all ranks, so the file
/// does not depend on how many there are (only compressed bytes may). Collective. The file appears
/// under its final name complete or not at all. Returns the digest written.
/// Errors, on all ranks: `usage` (deflate level), `io` (disk full, no permission), `internal`
/// (columns of unequal length, slices that do not follow one another).
/// Cost: one pass over the data by all threads, O(n + m) / ranks; compressed chunks go to rank 0.
std::string write_snapshot(const comm::Communicator& comm, const std::string& path,
                           const Network& network, const SnapshotOptions& options = {});

/// Reads near-equal contiguous slices of the firms, with the trade they supply, and verifies the
/// digest. Collective; a rank may get no firms.
/// Errors, on all ranks: `bad_input` (missing, foreign, truncated or damaged file, newer schema,
/// missing dataset, sizes that do not fit, firms out of range).
[[nodiscard]] Network read_snapshot(const comm::Communicator& comm, const std::string& path);

/// What a snapshot holds, without its data.
struct SnapshotSummary {
  struct Dataset {
    std::string name;  ///< path in the file
    std::string type;  ///< "int64", "float64", ...
    std::int64_t elements = 0;
    std::int64_t stored_bytes = 0;
  };

  std::int64_t schema_version = 0;
  std::string program_version;
  std::int64_t firms = 0;
  std::int64_t links = 0;
  SnapshotMetadata metadata;
  std::vector<Dataset> datasets;  ///< in ascending order of names
};

/// Not collective; throws `bad_input`.
[[nodiscard]] SnapshotSummary read_snapshot_summary(const std::string& path);

}  // namespace tradegraph::io
