#pragma once
/// A checkpoint in a file beside the result, saved at intervals and when a signal asks to stop.

#include <string>

#include "app/context.hpp"
#include "engine/base/checkpoint.hpp"

namespace tradegraph::app {

/// Names work for a checkpoint: `what` is computed from the file `input`, which is told by its
/// digest. Collective over all ranks.
[[nodiscard]] std::string work_on(const Context& context, const std::string& input,
                                  const std::string& what);

class FileCheckpoint final : public Checkpoint {
 public:
  enum class OtherWork { refuse, begin_anew };

  /// `work` says what is computed from what: a checkpoint of anything else is refused, or replaced.
  /// With `--resume` an existing file is gone on from, else it is begun anew. Watches for USR1 and
  /// TERM.
  FileCheckpoint(const Context& context, std::string path, std::string work, double interval_s,
                 OtherWork other = OtherWork::refuse);

  [[nodiscard]] std::optional<PartialWork> load() override;
  void save(const PartialWork& partial) override;
  void discard() override;
  [[nodiscard]] bool stop_asked() const override;
  [[nodiscard]] double interval_s() const override { return interval_s_; }

 private:
  [[nodiscard]] std::optional<PartialWork> read();

  const Context& context_;
  std::string path_;
  std::string work_;
  double interval_s_;
  OtherWork other_;
};

}  // namespace tradegraph::app
