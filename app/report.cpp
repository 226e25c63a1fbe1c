#include "app/report.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/report_assets.hpp"
#include "app/report_table.hpp"
#include "engine/comm/agreement.hpp"
#include "io/temporary_file.hpp"
#include "io/text_file.hpp"

namespace tradegraph::app {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Codes a cluster and kind: what a list for people shows.
constexpr std::int64_t kCodesShown = 10;

std::optional<std::string> read_file(const std::string& path) {
  std::error_code code;
  if (!fs::exists(path, code)) return std::nullopt;
  return io::read_text(path);
}

std::string read_needed(const std::string& path) {
  auto text = read_file(path);
  require(text.has_value(), ErrorKind::bad_input,
          path + ": cannot be read: not a folder of results of diagnose or run");
  return std::move(*text);
}

Json parse(const std::string& text, const std::string& path) {
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::bad_input, path + ": " + error.what());
  }
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Year, label and geometry of each cluster; the other properties are those of clusters.csv.
Json hulls(const std::string& folder) {
  auto result = Json::array();
  const auto path = folder + "/clusters.geojson";
  const auto text = read_file(path);
  if (!text) return result;
  const auto document = parse(*text, path);
  try {
    for (const auto& feature : document.at("features")) {
      const auto& properties = feature.at("properties");
      result.push_back({{"year", properties.at("year")},
                        {"label", properties.at("label")},
                        {"geometry", feature.at("geometry")}});
    }
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::bad_input, path + ": " + error.what());
  }
  return result;
}

/// A table of the page, with the columns that the page can't do without.
struct Needed {
  const char* table;
  std::vector<std::string> columns;
};

std::string as_json(const Needed& needed, const std::string& csv, const std::string& path) {
  return needed.table == std::string("composition") ? largest_codes(csv, path, kCodesShown)
                                                    : csv_as_json(csv, path, needed.columns);
}

/// `"name":{...},` for each table that is there.
std::string table_members(const std::string& folder, const std::vector<Needed>& tables) {
  std::string json;
  for (const auto& needed : tables) {
    const auto path = folder + "/" + needed.table + ".csv";
    const auto csv = read_file(path);
    if (csv) json += "\"" + std::string(needed.table) + "\":" + as_json(needed, *csv, path) + ",";
  }
  return json;
}

std::string tables(const ReportSources& sources) {
  const auto others = table_members(
      sources.folder, {{"intercluster", {"year", "from", "to", "links", "amount"}},
                       {"intercluster_nodes", {"year", "label", "degree"}},
                       {"matches", {"year_a", "year_b", "label_a", "label_b", "event", "matched"}},
                       {"composition", {}},
                       {"places", {"year", "lon", "lat", "side", "firms"}},
                       {"trace", {"year", "label"}},
                       {"gatekeepers", {"year", "label", "id", "inside", "outside"}}});
  const auto sweep =
      table_members(sources.sweep.empty() ? sources.folder : sources.sweep,
                    {{"sweep", {"eps", "min_firms", "stretch", "clusters"}}, {"persistence", {}}});
  const auto path = sources.folder + "/clusters.csv";
  return "{" + others + sweep + "\"clusters\":" +
         csv_as_json(read_needed(path), path,
                     {"year", "label", "firms", "links", "inclusiveness", "rank", "selected"}) +
         "}";
}

/// Settings of the sweep: its own folder has a provenance of its own.
Json sweep_provenance(const ReportSources& sources) {
  if (sources.sweep.empty()) return nullptr;
  const auto path = sources.sweep + "/provenance.json";
  const auto text = read_file(path);
  return text ? parse(*text, path) : Json();
}

std::string folder_name(const std::string& folder) {
  const auto path = fs::absolute(folder).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

/// Everything that the page shows, as JSON that may stand inside <script>.
std::string report_data(const ReportSources& sources) {
  const auto path = sources.folder + "/provenance.json";
  const auto provenance = parse(read_needed(path), path);
  if (!sources.sweep.empty()) {
    const auto table = sources.sweep + "/sweep.csv";
    require(fs::exists(table), ErrorKind::bad_input,
            table + ": is not there: not a folder of results of sweep");
  }
  const auto json =
      "{\"folder\":" + dumped(folder_name(sources.folder)) +
      ",\"version\":" + dumped(TRADEGRAPH_VERSION) +
      ",\"codes_shown\":" + std::to_string(kCodesShown) + ",\"tables\":" + tables(sources) +
      ",\"hulls\":" + dumped(hulls(sources.folder)) + ",\"provenance\":" + dumped(provenance) +
      ",\"sweep_provenance\":" + dumped(sweep_provenance(sources)) + "}";
  std::string escaped;
  for (const char c : json) {
    if (c == '<')
      escaped += "\\u003c";  // only strings hold it: no tag can end the script early
    else
      escaped += c;
  }
  return escaped;
}

/// Puts `text` in the place of the comment <!--name-->.
void fill_in(std::string& page, const std::string& name, std::string_view text) {
  const auto mark = "<!--" + name + "-->";
  const auto at = page.find(mark);
  require(at != std::string::npos, ErrorKind::internal, "report.html has no place for " + name);
  page.replace(at, mark.size(), text);
}

std::string report_page(const ReportSources& sources) {
  const auto assets = report_assets();
  std::string page(assets.page);
  // From the end of the page to its start, so that no mark is looked for in what was filled in.
  fill_in(page, "scripts", assets.scripts);
  fill_in(page, "library", assets.library);
  fill_in(page, "data", report_data(sources));
  fill_in(page, "licence", assets.licence);
  fill_in(page, "style", assets.style);
  return page;
}

}  // namespace

void write_report(const std::string& path, const ReportSources& sources, const Context& context) {
  comm::collectively(context.world(), [&] {
    if (context.world().is_root()) io::write_text_file(path, report_page(sources));
  });
}

}  // namespace tradegraph::app
