#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/commands/commands.hpp"
#include "app/import_stage.hpp"
#include "app/output.hpp"
#include "app/synth/files.hpp"
#include "engine/base/clock.hpp"
#include "engine/base/error.hpp"
#include "engine/comm/agreement.hpp"
#include "io/snapshot.hpp"

namespace tradegraph::app {

namespace {

struct SynthCommand {
  std::int64_t firms = 100000;
  std::vector<std::int64_t> years{2010, 2020};
  std::string folder;
  bool snapshot = false;
};

void check(SynthCommand& command) {
  std::ranges::sort(command.years);
  require(std::ranges::adjacent_find(command.years) == command.years.end(), ErrorKind::usage,
          "--years names a year twice");
  require(command.years.front() >= 2000 && command.years.back() <= 2100, ErrorKind::usage,
          "--years must lie in 2000 .. 2100");
}

/// Through the importer, so that a snapshot is the same as that of the files.
void write_snapshot_of(const Context& context, const std::string& folder, std::int64_t year) {
  io::ImportOptions options;
  options.year = year;
  options.firms = fmt::format("{}/firms_{}.csv", folder, year);
  options.trade = fmt::format("{}/trade_{}.csv", folder, year);
  io::write_snapshot(context.world(), fmt::format("{}/{}.h5", folder, year),
                     import_network(context, options, ""));
}

void require_memory(const Context& context, std::int64_t firms) {
  constexpr std::int64_t kBytesAFirm = 400;  // the text of its links, and what it is made from
  context.require_memory(100'000'000 + kBytesAFirm * firms / context.world().size(),
                         fmt::format("a nation of {} firms", firms));
}

void synthesise(SynthCommand command, Context& context) {
  const auto& world = context.world();
  comm::collectively(world, [&] { check(command); });
  require_memory(context, command.firms);
  make_folder(command.folder, context);
  const Stopwatch clock;
  const synth::Setting setting{command.firms, static_cast<std::uint64_t>(context.options().seed)};
  const auto nation = comm::collectively(world, [&] { return synth::plan_nation(setting); });
  std::vector<std::unique_ptr<synth::Year>> years;
  std::vector<const synth::Year*> views;
  for (const auto year : command.years) {
    years.push_back(std::make_unique<synth::Year>(nation, year));
    views.push_back(years.back().get());
  }
  for (const auto* year : views) {
    const auto counts = synth::write_year(world, command.folder, *year);
    context.print(fmt::format("{}: {} firms, {} links ({:.2f} s)\n", year->year(), counts.firms,
                              counts.links, clock.seconds()));
    if (command.snapshot) write_snapshot_of(context, command.folder, year->year());
  }
  synth::write_truth(world, command.folder, views);
}

}  // namespace

void register_synth(CLI::App& root, CommonOptions& common, Action& action) {
  auto command = std::make_shared<SynthCommand>();
  auto* app = root.add_subcommand(
      "synth", "a made-up nation with a known truth, calibrated to published figures");
  add_common_options(*app, common, {.seed = "another nation; the same seed gives the same files"});
  app->add_option("--firms", command->firms, "firms a year, 10000 or more")->capture_default_str();
  app->add_option("--years", command->years, "years, such as 2010,2020")
      ->delimiter(',')
      ->capture_default_str();
  app->add_option("-o,--output", command->folder, "folder for the files")->required();
  app->add_flag("--snapshot", command->snapshot, "also write YEAR.h5, as import does");
  app->callback([command, &action] {
    action = [command](Context& context) { synthesise(*command, context); };
  });
}

}  // namespace tradegraph::app
