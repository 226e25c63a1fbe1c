#pragma once
/// Finished stages of a study, kept in its folder so that a run that was stopped goes on behind
/// them.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/context.hpp"

namespace tradegraph::app {

/// Figures by name: what a stage has found, or nothing where it has written files of its own.
using StageFigures = std::map<std::string, std::vector<double>>;

/// Each stage has one file, FOLDER/stages/STAGE.h5, replaced as a whole. It says what work it is
/// of: version, settings, digests of what went in and of files that came out. With `--resume` a
/// stage is taken up if that is what it would be made from now, else it is made anew.
class KeptStages {
 public:
  /// Without a folder nothing is kept.
  KeptStages(const Context& context, const std::string& folder);

  /// What an earlier run has kept of `stage`, if it did the same `work`; says so on stderr. The
  /// same on all ranks. Collective.
  [[nodiscard]] std::optional<StageFigures> find(const std::string& stage,
                                                 const std::string& work) const;
  /// Figures of rank 0 count. Collective; throws `ErrorKind::io`.
  void keep(const std::string& stage, const std::string& work, const StageFigures& figures) const;

 private:
  [[nodiscard]] std::string path_of(const std::string& stage) const;

  const Context& context_;
  std::string folder_;
};

/// "NAME SHA-256, ..." of files, "NAME absent" for one that cannot be read. Collective.
[[nodiscard]] std::string digests_of(const Context& context, const std::vector<std::string>& paths);

}  // namespace tradegraph::app
