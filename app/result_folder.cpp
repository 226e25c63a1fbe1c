#include "app/result_folder.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "app/table_rows.hpp"
#include "engine/comm/agreement.hpp"
#include "io/results_file.hpp"
#include "io/text_file.hpp"

namespace tradegraph::app {

namespace {

namespace fs = std::filesystem;

nlohmann::json read_provenance(const std::string& path) {
  require(fs::exists(path), ErrorKind::bad_input,
          path + ": is not there: not a folder of results of diagnose or run");
  try {
    return nlohmann::json::parse(io::read_text(path));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::bad_input, path + ": " + error.what());
  }
}

/// The year wanted, or the only one.
std::string pick_year(const nlohmann::json& snapshots, std::int64_t wanted,
                      const std::string& folder) {
  std::string all;
  for (const auto& [year, entry] : snapshots.items()) all += (all.empty() ? "" : ", ") + year;
  const auto year = std::to_string(wanted);
  if (wanted == 0) {
    require(snapshots.size() == 1, ErrorKind::bad_input,
            folder + ": has the years " + all + ": say which by --year-a, --year-b");
    return all;
  }
  require(snapshots.contains(year), ErrorKind::bad_input,
          folder + ": has no year " + year + ", only " + all);
  return year;
}

ResultYear read(const std::string& folder, std::int64_t wanted) {
  const auto provenance = read_provenance(folder + "/provenance.json");
  try {
    const auto& snapshots = provenance.at("snapshots");
    const auto year = pick_year(snapshots, wanted, folder);
    const auto& entry = snapshots.at(year);
    ResultYear result;
    result.year = std::stoll(year);
    result.digest = entry.at("digest").get<std::string>();
    result.snapshot = folder + "/" + year + ".h5";
    if (!fs::exists(result.snapshot)) result.snapshot = entry.at("path").get<std::string>();
    result.members = folder + "/members_" + year + ".csv";
    result.eps_m = provenance.at("settings").value("eps_m", 0.0);
    result.clusters =
        rows_of_year(io::read_results_table(folder + "/results.h5", "clusters"), result.year);
    return result;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::bad_input, folder + "/provenance.json: " + error.what());
  }
}

}  // namespace

ResultYear read_result_year(const Context& context, const std::string& folder, std::int64_t year) {
  return comm::collectively(context.world(), [&] { return read(folder, year); });
}

}  // namespace tradegraph::app
