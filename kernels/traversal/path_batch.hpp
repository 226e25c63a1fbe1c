#pragma once
/// Shortest paths from 32 sources at once, each in a lane of its own: the inner machine of exact
/// betweenness.
///
/// Sources of a batch are neighbours, so they reach a firm at nearly the same distance, and one
/// scan of a firm's links serves all lanes of that level (the bit-parallel search of Then et al.
/// 2014, doi:10.14778/2735496.2735507). The search notes every row operation it makes, a pair
/// (successor, lanes); Brandes's accumulation (2001, doi:10.1080/0022250X.2001.9990249) replays
/// these notes backwards and scans nothing. Path counts are 16-bit while they fit (a row of 32
/// lanes is one cache line), which is checked, else double, else numbers with an exponent of their
/// own: always exact to double precision. Dependencies are double.
///
/// Memory of a batch: 333 bytes a vertex, and 8 a note (about one an arc where sources are close,
/// up to 32). Rows of double counts, where needed, 256 bytes a vertex more.

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/traversal/whole_graph.hpp"

namespace tradegraph::kernels {

inline constexpr std::size_t kLanes = 32;

/// What a batch reads: arcs, and the mass of each vertex as source and as target.
struct PathGraph {
  const WholeGraph& arcs;
  std::span<const double> sources;
  std::span<const double> targets;
  /// Whether `PathSums::beyond_*` are wanted.
  bool count_reach = false;
  /// Whether `PathSums::crossing` is wanted.
  bool count_links = false;
  /// A vertex is no target of sources with its own label: one a vertex, below `label_count`, of
  /// which the last is carried by nobody's source; or none.
  std::span<const std::uint32_t> labels = {};
  std::size_t label_count = 0;
};

/// Work that does not depend on the machine.
struct PathWork {
  std::int64_t sources = 0;
  std::int64_t arcs_scanned = 0;
  std::int64_t row_operations = 0;  ///< of the search; the accumulation makes as many
  /// Batches whose path counts needed more than 16 bits; of sources one by one, more than double.
  std::int64_t recounted = 0;

  void add(const PathWork& other);
};

/// What a thread adds up over its batches; one value a vertex each, or an arc.
struct PathSums {
  explicit PathSums(std::int64_t vertices, std::int64_t arcs = 0)
      : dependency(static_cast<std::size_t>(vertices), 0.0),
        beyond_targets(dependency),
        beyond_sources(dependency),
        crossing(static_cast<std::size_t>(arcs), 0.0) {}

  std::vector<double> dependency;      ///< sum over sources s != v of sources(s) delta_s(v)
  std::vector<double> beyond_targets;  ///< target mass that v reaches, its own left out
  std::vector<double> beyond_sources;  ///< source mass that reaches v, its own left out
  std::vector<double> crossing;  ///< share of paths over each arc, by the masses of their ends
  PathWork work;
};

/// Reusable memory of one thread for batches on one graph.
class PathBatch {
 public:
  virtual ~PathBatch() = default;
  /// Adds the paths from `batch`, distinct vertices. Not collective.
  virtual void run(std::span<const Vertex> batch, PathSums& sums) = 0;
};

/// A batch in lanes: of at most `kLanes` vertices.
class LaneBatch : public PathBatch {
 public:
  /// Whether the search needs at most so many row operations; it ends when it knows.
  [[nodiscard]] virtual bool searches_within(std::span<const Vertex> batch,
                                             std::int64_t row_operations) = 0;
};

/// Vector instructions that batches may use.
enum class Instructions { baseline, avx2, avx512 };

/// The best that this processor has and this program was built with.
[[nodiscard]] Instructions best_instructions();

/// `graph` must outlive the batch. Throws std::bad_alloc.
[[nodiscard]] std::unique_ptr<LaneBatch> make_path_batch(
    const PathGraph& graph, Instructions instructions = best_instructions());

}  // namespace tradegraph::kernels
