#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "app/commands/commands.hpp"
#include "app/describe.hpp"
#include "engine/comm/agreement.hpp"
#include "io/results_file.hpp"
#include "io/snapshot.hpp"

namespace tradegraph::app {

namespace {

std::string describe(const std::string& path, const io::SnapshotSummary& summary) {
  const auto& metadata = summary.metadata;
  auto text = fmt::format(
      "{}: snapshot of {}, schema {}, written by tradegraph {}\n"
      "firms               {}\n"
      "links               {}\n"
      "places in           {}\n"
      "distances in        {} (scale distortion {:.3f} %)\n"
      "digest              {}\n",
      path, metadata.year, summary.schema_version, summary.program_version, summary.firms,
      summary.links, metadata.input_crs.empty() ? "none" : metadata.input_crs,
      metadata.planar_crs.empty() ? "metres as given" : metadata.planar_crs,
      100 * metadata.scale_distortion, metadata.digest);
  for (const auto& file : metadata.inputs) {
    text += fmt::format("input               {} ({} bytes, sha256 {})\n", file.path, file.bytes,
                        file.sha256);
  }
  text += describe_dropped(metadata);
  text += "datasets\n";
  for (const auto& dataset : summary.datasets) {
    text += fmt::format("  {:<34} {:<8} {:>12} {:>14} bytes\n", dataset.name, dataset.type,
                        dataset.elements, dataset.stored_bytes);
  }
  return text;
}

std::string describe(const std::string& path, const io::ResultsSummary& summary) {
  auto text = fmt::format("{}: results, written by tradegraph {}\n", path, summary.program_version);
  for (const auto& table : summary.tables) {
    text += fmt::format("  {:<20} {:>10} rows:", table.name, table.rows);
    for (const auto& column : table.columns) text += " " + column;
    text += "\n";
  }
  for (const auto& [name, value] : summary.attributes) {
    text += fmt::format("{:<19} {}\n", name, value);
  }
  return text;
}

/// What larger grids would have to carry, computed without them. Collective.
std::string describe_predicted_balance(const TradeNetwork& network) {
  const auto links = network.links().global_triples();
  std::string text;
  for (const comm::GridShape shape : {comm::GridShape{1, 4, 4}, {1, 3, 5}}) {
    const auto balance = matrix::predicted_balance(network.grid().group(), shape, network.firms(),
                                                   network.firms(), links.row, links.column);
    text += fmt::format("on {} x {} ranks        largest {} links (largest / mean {:.3f})\n",
                        shape.rows, shape.columns, balance.largest, balance.ratio());
  }
  return text;
}

void info(const std::string& path, Context& context) {
  const auto& world = context.world();
  if (comm::collectively(world, [&] { return io::is_results_file(path); })) {
    context.require_memory(0, path);
    context.print(
        describe(path, comm::collectively(world, [&] { return io::read_results_summary(path); })));
    return;
  }
  const auto summary = comm::collectively(world, [&] { return io::read_snapshot_summary(path); });
  const auto grid = context.make_grid();
  const auto network = load_network(context, grid, path);  // also verifies the digest
  context.print(describe(path, summary));
  context.print(describe_degrees(network));
  context.print(describe_predicted_balance(network));
  const auto balance = network.links().balance();
  context.print(fmt::format("links a rank        largest {} on {} ranks (largest / mean {:.3f})\n",
                            balance.largest, grid.group().size(), balance.ratio()));
}

}  // namespace

void register_info(CLI::App& root, CommonOptions& common, Action& action) {
  auto path = std::make_shared<std::string>();
  auto* app = root.add_subcommand("info", "what a snapshot or a results file holds");
  add_common_options(*app, common);
  app->add_option("FILE", *path, "snapshot or results (.h5)")->required();
  app->callback([path, &action] { action = [path](Context& context) { info(*path, context); }; });
}

}  // namespace tradegraph::app
