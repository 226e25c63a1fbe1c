#pragma once
/// Places of firms in planar metres and in degrees.

#include <cstdint>
#include <string>
#include <vector>

#include "engine/comm/communicator.hpp"
#include "io/import/faults.hpp"
#include "io/import/firm_columns.hpp"
#include "io/import/firm_rows.hpp"

namespace tradegraph::io {

/// Parallel to the rows of a rank. `longitude`, `latitude` are empty when the system is unknown.
struct Places {
  std::vector<double> x_m;
  std::vector<double> y_m;
  std::vector<double> longitude;  ///< degrees, WGS 84
  std::vector<double> latitude;
  std::string planar_crs;
  double scale_distortion = 0;
};

/// Name that stands for metres of an unknown system in `SnapshotMetadata`.
inline constexpr const char* kLocalCrs = "local";

/// How the options say that places are given and measured. Throws `ErrorKind::usage`.
[[nodiscard]] PlaceKind place_kind(const std::string& input_crs, const std::string& project);

/// Transforms the places as `ImportOptions` says; a place without an image in either system is a
/// fault of its row. Collective; uses an exact sum and two small all-reduces. Throws
/// `ErrorKind::usage` for systems that do not fit the file.
[[nodiscard]] Places find_places(const comm::Communicator& comm, const FirmRows& rows,
                                 bool in_degrees, const std::string& input_crs,
                                 const std::string& project, const std::string& place_column,
                                 FaultList& faults);

/// Sets `places.scale_distortion` over the quarter-degree cells that hold firms; warns above 1 %.
/// Throws `ErrorKind::bad_input` above 10 %. Collective.
void check_distortion(const comm::Communicator& comm, Places& places);

}  // namespace tradegraph::io
