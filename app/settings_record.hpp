#pragma once
/// Every setting of a run, defaults included, and what its figures mean, for provenance.

#include "app/cluster_options.hpp"
#include "app/provenance.hpp"
#include "app/study_file.hpp"

namespace tradegraph::app {

/// Years, input, columns, and the settings of all stages, under the names of the study file, units
/// added where it has none in the name. Also the digest of the study file. Collective.
void record_settings(Provenance& provenance, const StudyFile& study, const Context& context);

/// What `diagnose` is run with.
void record_settings(Provenance& provenance, const IndustryLevels& levels,
                     const SelectOptions& select, const DiagnoseOptions& options);

/// A file that steers the run, with its digest, beside those that its snapshots name. Collective.
void record_file(Provenance& provenance, const Context& context, const std::string& path);

/// What the figures of the result files mean where tools differ.
void record_conventions(Provenance& provenance, const DiagnoseOptions& options);

}  // namespace tradegraph::app
