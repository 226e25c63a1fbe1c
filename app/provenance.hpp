#pragma once
/// How a result came about: everything that a reader needs to trust it or to make it again.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "app/cluster_options.hpp"
#include "app/context.hpp"
#include "app/interruption.hpp"
#include "engine/matrix/distributed_matrix.hpp"
#include "io/network_tables.hpp"

namespace tradegraph::app {

/// Collects settings, conventions, inputs and stage times, and writes provenance.json.
class Provenance {
 public:
  explicit Provenance(const Context& context);
  ~Provenance();
  Provenance(const Provenance&) = delete;
  Provenance& operator=(const Provenance&) = delete;

  void setting(const std::string& name, const std::string& value);
  void setting(const std::string& name, double value);
  void setting(const std::string& name, std::int64_t value);
  void setting(const std::string& name, const std::vector<std::int64_t>& value);
  /// Names to values; none is an empty object.
  void setting(const std::string& name, const std::map<std::string, std::string>& value);
  void setting(const std::string& name,
               const std::map<std::string, IdentifyOptions::PerGroup>& value);
  /// What a name in the output means where tools differ.
  void convention(const std::string& name, const std::string& meaning);
  void input(const io::InputFile& file);
  /// What became of a year: sizes, digest of the snapshot, projection, dropped rows.
  void snapshot(std::int64_t year, const io::SnapshotMetadata& metadata, std::int64_t firms,
                std::int64_t links, const std::string& path);
  /// Links a rank of a matrix.
  void balance(const std::string& matrix, const matrix::LoadBalance& balance);
  /// A result in figures ("clusters", 12).
  void figure(const std::string& name, double value);
  /// Runs `work` and records its wall time and the peak memory of any rank; where a signal has
  /// asked the run to stop, throws `ErrorKind::interrupted` instead. Collective.
  template <class Work>
  auto stage(const std::string& name, Work&& work) {
    stop_if_interrupted(world());
    const StageTimer timer(*this, name);
    return std::forward<Work>(work)();
  }

  /// For files that carry it along: `settings`, `conventions`, `snapshots`, `inputs` as JSON, and
  /// `ranks`, `threads_a_rank`, `grid`.
  [[nodiscard]] std::map<std::string, std::string> attributes() const;
  /// The stages so far as a table for people. Collective.
  [[nodiscard]] std::string stage_table() const;
  /// Writes DIR/provenance.json on rank 0. Collective.
  void write(const std::string& path) const;

 private:
  class StageTimer {
   public:
    StageTimer(Provenance& provenance, std::string name)
        : provenance_(provenance), name_(std::move(name)) {}
    ~StageTimer();
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;

   private:
    Provenance& provenance_;
    std::string name_;
    Stopwatch clock_;
  };
  struct Impl;
  [[nodiscard]] const comm::Communicator& world() const;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tradegraph::app
