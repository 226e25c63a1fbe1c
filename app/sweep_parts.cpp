#include "app/sweep_parts.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/base/error.hpp"
#include "io/cell_text.hpp"
#include "io/temporary_file.hpp"
#include "io/text_file.hpp"
#include "kernels/reach.hpp"
#include "kernels/typology.hpp"

namespace tradegraph::app {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kSweepHeader = "eps,min_firms,stretch,clusters,largest,noise_share,ari,ami\n";
constexpr const char* kStabilityHeader =
    "eps,min_firms,stretch,label,firms,best,best_firms,shared,jaccard,survives,parts,splits,merges,"
    "noise";
constexpr const char* kIndicatorHeader =
    ",nodes,links,inclusiveness,specialisation,related_variety,internal_reach,external_reach,"
    "hierarchy,disassortativity,type";
constexpr std::string_view kPartEnding = ".part";

/// Cells of one line, separated by commas.
class Line {
 public:
  Line& add(double value) {
    return next([&] { io::append_number(text_, value); });
  }
  Line& add(std::int64_t value) {
    return next([&] { io::append_number(text_, value); });
  }
  Line& add(const char* word) {
    return next([&] { text_ += word; });
  }
  Line& add(bool value) { return add(std::int64_t{value ? 1 : 0}); }
  Line& add_empty() {
    return next([] {});
  }
  Line& add(const kernels::DbscanConfig& setting) {
    return add(setting.eps_m).add(setting.min_firms).add(setting.stretch);
  }
  [[nodiscard]] std::string end() { return std::move(text_) + "\n"; }

 private:
  template <class Append>
  Line& next(Append&& append) {
    if (!is_first_) text_ += ',';
    is_first_ = false;
    append();
    return *this;
  }
  std::string text_;
  bool is_first_ = true;
};

std::string sweep_line(const kernels::SettingResult& result) {
  return Line()
      .add(result.setting)
      .add(result.clusters)
      .add(result.largest)
      .add(result.noise_share)
      .add(result.ari)
      .add(result.ami)
      .end();
}

void add_indicators(Line& line, const kernels::ShareIndicators& at, bool is_defined) {
  if (is_defined) {
    line.add(at.nodes).add(at.links);
  } else {
    line.add_empty().add_empty();
  }
  line.add(at.inclusiveness).add(at.specialisation).add(at.related_variety).add(at.share_in);
  line.add(kernels::external_reach(at.share_in)).add(at.hierarchy).add(at.disassortativity);
  line.add(at.type < 0 ? "" : kernels::kTypeNames[static_cast<std::size_t>(at.type)]);
}

std::string stability_line(const kernels::SettingResult& result, std::size_t label) {
  const auto& at = result.stability[label];
  Line line;
  line.add(result.setting).add(static_cast<std::int64_t>(label)).add(at.firms);
  if (at.best >= 0) {
    line.add(std::int64_t{at.best}).add(at.best_firms);
  } else {
    line.add_empty().add_empty();
  }
  line.add(at.shared).add(at.jaccard).add(at.survives).add(at.parts).add(at.splits).add(at.merges);
  line.add(at.noise);
  if (!result.indicators.empty()) add_indicators(line, result.indicators[label], at.best >= 0);
  return line.end();
}

Json to_json(const kernels::DbscanConfig& setting) {
  return Json::array({setting.eps_m, setting.min_firms, setting.stretch});
}

kernels::DbscanConfig to_setting(const Json& json) {
  return {json.at(0).get<double>(), json.at(1).get<std::int64_t>(), json.at(2).get<double>()};
}

/// A setting's lines in a part that was read.
struct Block {
  std::string_view sweep;
  std::string_view stability;
};

std::string_view take_line(std::string_view& text) {
  const auto length = std::min(text.find('\n'), text.size() - 1) + 1;
  const auto line = text.substr(0, length);
  text.remove_prefix(length);
  return line;
}

/// A line "FINGERPRINT" and then, for each setting, "POSITION", its line of sweep.csv, and one line
/// of stability.csv a baseline cluster. Calls `visit(position, block)`.
template <class Visit>
void read_part(const fs::path& path, const std::string& text, const SweepPlan& plan,
               Visit&& visit) {
  std::string_view rest = text;
  const auto head = rest.empty() ? std::string_view() : take_line(rest);
  require(head == plan.fingerprint + "\n", ErrorKind::bad_input,
          path.string() + ": part of another sweep");
  while (!rest.empty()) {
    const auto number = take_line(rest);
    std::size_t position = plan.settings.size();
    std::from_chars(number.data(), number.data() + number.size(), position);
    require(position < plan.settings.size() && !rest.empty(), ErrorKind::bad_input,
            path.string() + ": damaged");
    const auto sweep = take_line(rest);
    const auto* begin = rest.data();
    for (std::size_t b = 0; b < plan.baseline_firms.size(); ++b) {
      require(!rest.empty(), ErrorKind::bad_input, path.string() + ": damaged");
      take_line(rest);
    }
    visit(position, Block{sweep, {begin, static_cast<std::size_t>(rest.data() - begin)}});
  }
}

std::vector<fs::path> part_files(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().string().ends_with(kPartEnding)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// The parts of a sweep, by setting.
class AllParts {
 public:
  AllParts(const std::string& folder, const SweepPlan& plan) : blocks_(plan.settings.size()) {
    for (const auto& path : part_files(folder)) {
      texts_.push_back(std::make_unique<std::string>(io::read_text(path)));
      read_part(path, *texts_.back(), plan,
                [&](std::size_t position, const Block& block) { blocks_[position] = block; });
    }
  }
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  [[nodiscard]] std::size_t missing() const {
    return static_cast<std::size_t>(
        std::count_if(blocks_.begin(), blocks_.end(), [](auto& b) { return b.sweep.empty(); }));
  }

 private:
  std::vector<std::unique_ptr<std::string>> texts_;
  std::vector<Block> blocks_;
};

}  // namespace

void SweepFolder::claim(const SweepPlan& plan) const {
  std::error_code error;
  fs::create_directories(parts(), error);
  require(!error, ErrorKind::io, parts() + ": cannot make this folder: " + error.message());
  if (fs::exists(parts() + "/sweep.json")) {
    require(read_plan() == plan, ErrorKind::bad_input,
            parts() + " holds parts of another sweep: choose another folder, or remove it");
    return;
  }
  Json settings = Json::array();
  for (const auto& setting : plan.settings) settings.push_back(to_json(setting));
  const Json json{{"fingerprint", plan.fingerprint},       {"indicators", plan.indicators},
                  {"baseline", to_json(plan.baseline)},    {"baseline_firms", plan.baseline_firms},
                  {"baseline_group", plan.baseline_group}, {"settings", settings}};
  io::write_text_file(parts() + "/sweep.json", json.dump() + "\n");
}

void SweepFolder::clear() const {
  std::error_code error;
  for (const auto& path : part_files(parts())) fs::remove(path, error);
  fs::remove(parts() + "/sweep.json", error);
}

SweepPlan SweepFolder::read_plan() const {
  const auto path = parts() + "/sweep.json";
  require(fs::exists(path), ErrorKind::bad_input, path + ": no such file: nothing to merge");
  try {
    const auto json = Json::parse(io::read_text(path));
    SweepPlan plan;
    plan.fingerprint = json.at("fingerprint").get<std::string>();
    plan.indicators = json.at("indicators").get<bool>();
    plan.baseline = to_setting(json.at("baseline"));
    plan.baseline_firms = json.at("baseline_firms").get<std::vector<std::int64_t>>();
    plan.baseline_group = json.at("baseline_group").get<std::vector<std::string>>();
    for (const auto& setting : json.at("settings")) plan.settings.push_back(to_setting(setting));
    return plan;
  } catch (const Json::exception& error) {
    throw Error(ErrorKind::bad_input, path + ": " + error.what());
  }
}

std::vector<std::uint8_t> SweepFolder::finished(const SweepPlan& plan) const {
  std::vector<std::uint8_t> result(plan.settings.size(), 0);
  for (const auto& path : part_files(parts())) {
    read_part(path, io::read_text(path), plan,
              [&](std::size_t position, const Block&) { result[position] = 1; });
  }
  return result;
}

void SweepFolder::write(const SweepPlan& plan, const std::vector<std::size_t>& positions,
                        const std::vector<kernels::SettingResult>& results) const {
  io::TextFileWriter file(parts() + "/" + std::to_string(positions.front()) + "_" +
                          std::to_string(positions.back()) + "_" +
                          std::to_string(positions.size()) + std::string(kPartEnding));
  file.write(plan.fingerprint + "\n");
  for (std::size_t i = 0; i < positions.size(); ++i) {
    std::string text = std::to_string(positions[i]) + "\n" + sweep_line(results[i]);
    for (std::size_t b = 0; b < results[i].stability.size(); ++b) {
      text += stability_line(results[i], b);
    }
    file.write(text);
  }
  file.commit();
}

std::vector<Persistence> SweepFolder::join(const SweepPlan& plan) const {
  const AllParts all(parts(), plan);
  require(all.missing() == 0, ErrorKind::bad_input,
          parts() + ": " + std::to_string(all.missing()) + " of " +
              std::to_string(plan.settings.size()) +
              " settings are missing: run their shards first, or again with --resume");
  io::TextFileWriter sweep(folder_ + "/sweep.csv");
  io::TextFileWriter stability(folder_ + "/stability.csv");
  sweep.write(kSweepHeader);
  stability.write(std::string(kStabilityHeader) + (plan.indicators ? kIndicatorHeader : "") + "\n");
  PersistenceTable persistence(plan);
  for (std::size_t s = 0; s < plan.settings.size(); ++s) {
    sweep.write(all.blocks()[s].sweep);
    stability.write(all.blocks()[s].stability);
    persistence.add(s, all.blocks()[s].stability);
  }
  persistence.write(folder_ + "/persistence.csv");
  sweep.commit();
  stability.commit();
  return persistence.clusters();
}

}  // namespace tradegraph::app
