#include "app/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "engine/base/memory.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "engine/matrix/environment.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::app {

using Json = nlohmann::ordered_json;

namespace {

struct Stage {
  std::string name;
  double seconds;
  std::int64_t peak_bytes;
};

/// Null where `--memory` was not given.
Json memory_limit(const CommonOptions& options) {
  return options.memory_bytes ? Json(*options.memory_bytes) : Json();
}

std::string host_name() {
  char name[256] = {};
  gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

struct Provenance::Impl {
  explicit Impl(const Context& run) : context(run) {}

  const Context& context;
  Json settings = Json::object();
  Json conventions = Json::object();
  Json inputs = Json::array();
  Json snapshots = Json::object();
  Json balance = Json::object();
  Json figures = Json::object();
  std::vector<Stage> stages;
  std::string started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
};

Provenance::Provenance(const Context& context) : impl_(new Impl(context)) {}
Provenance::~Provenance() = default;

const comm::Communicator& Provenance::world() const { return impl_->context.world(); }

void Provenance::setting(const std::string& name, const std::string& value) {
  impl_->settings[name] = value;
}
void Provenance::setting(const std::string& name, double value) { impl_->settings[name] = value; }
void Provenance::setting(const std::string& name, std::int64_t value) {
  impl_->settings[name] = value;
}
void Provenance::setting(const std::string& name, const std::vector<std::int64_t>& value) {
  impl_->settings[name] = value;
}
void Provenance::setting(const std::string& name, const std::map<std::string, std::string>& value) {
  impl_->settings[name] = Json(value);
  if (value.empty()) impl_->settings[name] = Json::object();
}
void Provenance::setting(const std::string& name,
                         const std::map<std::string, IdentifyOptions::PerGroup>& value) {
  auto& all = impl_->settings[name] = Json::object();
  for (const auto& [group, own] : value) {
    auto& entry = all[group] = Json::object();
    if (own.eps_m) entry["eps_m"] = *own.eps_m;
    if (own.min_firms) entry["min_firms"] = *own.min_firms;
  }
}
void Provenance::convention(const std::string& name, const std::string& meaning) {
  impl_->conventions[name] = meaning;
}
void Provenance::figure(const std::string& name, double value) { impl_->figures[name] = value; }

void Provenance::input(const io::InputFile& file) {
  impl_->inputs.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", file.sha256}});
}

void Provenance::snapshot(std::int64_t year, const io::SnapshotMetadata& metadata,
                          std::int64_t firms, std::int64_t links, const std::string& path) {
  auto& entry = impl_->snapshots[std::to_string(year)];
  if (!entry.is_null() && entry["digest"] == metadata.digest) return;  // used by several stages
  entry = {{"path", std::filesystem::absolute(path).string()},
           {"firms", firms},
           {"links", links},
           {"digest", metadata.digest},
           {"input_crs", metadata.input_crs},
           {"planar_crs", metadata.planar_crs},
           {"scale_distortion", metadata.scale_distortion},
           {"dropped", metadata.dropped}};
  for (const auto& file : metadata.inputs) input(file);
}

void Provenance::balance(const std::string& matrix, const matrix::LoadBalance& balance) {
  impl_->balance[matrix] = {{"largest_links_a_rank", balance.largest},
                            {"mean_links_a_rank", balance.mean},
                            {"largest_to_mean", balance.ratio()}};
}

std::map<std::string, std::string> Provenance::attributes() const {
  const auto text = [](const Json& json) {
    constexpr std::size_t kLargestAttribute = 60'000;  // HDF5 takes less than 64 KiB
    auto dumped = json.dump();
    return dumped.size() < kLargestAttribute ? dumped : R"({"see": "provenance.json"})";
  };
  return {{"settings", text(impl_->settings)},
          {"conventions", text(impl_->conventions)},
          {"snapshots", text(impl_->snapshots)},
          {"inputs", text(impl_->inputs)},
          {"ranks", std::to_string(impl_->context.world().size())},
          {"threads_a_rank", std::to_string(matrix::threads())},
          {"grid", impl_->context.grid_shape().text()}};
}

Provenance::StageTimer::~StageTimer() {
  // While an error unwinds, other ranks may be elsewhere: no collective then.
  if (std::uncaught_exceptions() > 0) return;
  const auto& world = provenance_.impl_->context.world();
  const auto seconds = comm::all_reduce(world, clock_.seconds(), comm::ReduceOp::max);
  const auto peak = comm::all_reduce(world, peak_resident_bytes(), comm::ReduceOp::max);
  provenance_.impl_->stages.push_back({name_, seconds, peak});
}

std::string Provenance::stage_table() const {
  std::string text = fmt::format("{:<28}{:>10}{:>18}\n", "stage", "seconds", "peak MiB a rank");
  for (const auto& stage : impl_->stages) {
    text += fmt::format("{:<28}{:>10.2f}{:>18.0f}\n", stage.name, stage.seconds,
                        static_cast<double>(stage.peak_bytes) / (1 << 20));
  }
  return text;
}

void Provenance::write(const std::string& path) const {
  const auto& world = impl_->context.world();
  Json stages = Json::array();
  for (const auto& stage : impl_->stages) {
    stages.push_back({{"name", stage.name},
                      {"seconds", stage.seconds},
                      {"peak_bytes_a_rank", stage.peak_bytes}});
  }
  const Json all{{"program", "tradegraph"},
                 {"version", TRADEGRAPH_VERSION},
                 {"command", impl_->context.command_line()},
                 {"started", impl_->started},
                 {"host", host_name()},
                 {"ranks", world.size()},
                 {"grid", impl_->context.grid_shape().text()},
                 {"threads_a_rank", matrix::threads()},
                 {"memory_bytes_a_rank", memory_limit(impl_->context.options())},
                 {"seed", impl_->context.options().seed},
                 {"resume", impl_->context.options().resume},
                 {"settings", impl_->settings},
                 {"conventions", impl_->conventions},
                 {"inputs", impl_->inputs},
                 {"snapshots", impl_->snapshots},
                 {"load_balance", impl_->balance},
                 {"figures", impl_->figures},
                 {"stages", stages}};
  comm::collectively(world, [&] {
    if (world.is_root()) io::write_text_file(path, all.dump(2) + "\n");
  });
}

}  // namespace tradegraph::app
