#pragma once
/// Result tables as CSV: UTF-8, header, comma, RFC 4180 quoting, `.` decimals, shortest text that
/// reads back as the same double, LF line ends; empty cell = not defined.

#include <string>

#include "engine/comm/communicator.hpp"
#include "io/table.hpp"

namespace tradegraph::io {

/// Writes the rows of rank 0, then of rank 1, ...; every rank passes the same columns, with its own
/// rows. Collective; each rank formats its rows by all its threads, rank 0 writes, at most 64 MiB
/// of text at a time. The file appears under its final name complete or not at all. Errors, on all
/// ranks: `io` (disk full, no permission), `internal` (columns of unequal length or other columns
/// than rank 0, infinite values).
void write_csv(const comm::Communicator& comm, const std::string& path, const Table& slice);

}  // namespace tradegraph::io
