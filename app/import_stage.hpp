#pragma once
/// CSV files to a network, as `import` and `run` do it.

#include "app/context.hpp"
#include "io/import.hpp"

namespace tradegraph::app {

/// Throws `ErrorKind::memory` where reading these files takes more than is allowed: about three
/// times a rank's share of the text. Collective over all ranks.
void require_import_memory(const Context& context, const io::ImportOptions& options);

/// `io::import_csv` after a look at the memory that is allowed; then industries are renamed by the
/// table at `concordance`, if that is not empty. Collective over all ranks. Throws
/// `ErrorKind::bad_input` for a firms file without industries that are to be renamed.
[[nodiscard]] io::Network import_network(const Context& context, const io::ImportOptions& options,
                                         const std::string& concordance);

}  // namespace tradegraph::app
