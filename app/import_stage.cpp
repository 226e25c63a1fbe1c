#include "app/import_stage.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "app/concordance.hpp"
#include "engine/base/log.hpp"
#include "engine/comm/agreement.hpp"
#include "io/file_digest.hpp"

namespace tradegraph::app {

namespace {

/// 0 for a file that cannot be read: reading it says why.
std::int64_t size_of(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? 0 : static_cast<std::int64_t>(bytes);
}

}  // namespace

void require_import_memory(const Context& context, const io::ImportOptions& options) {
  // 1M firms with 4.5M links, 152 MB of text: 410 MB on one rank, 120 MB on each of four.
  constexpr std::int64_t kBytesAByteOfText = 3;
  context.require_memory(
      [&] {
        const auto text = size_of(options.firms) + (options.trade ? size_of(*options.trade) : 0);
        return kBytesAByteOfText * text / context.world().size();
      },
      options.firms);
}

namespace {

void rename_industries(const Context& context, const std::string& path,
                       const Concordance& concordance, io::Network& network) {
  auto& industry = network.firms.industry;
  require(network.firms.total == 0 || industry.dictionary.size() > 0, ErrorKind::bad_input,
          "the firms file has no column 'industry' whose codes '" + path + "' could rename");
  log::info(fmt::format("{} of {} industry codes are renamed by {}",
                        known_codes(concordance, industry), industry.dictionary.size(), path));
  industry = renamed(concordance, industry);
  network.metadata.inputs.push_back(comm::collectively(context.world(), [&] {
    return io::InputFile{path, size_of(path), io::sha256_of_file(path)};
  }));
}

}  // namespace

io::Network import_network(const Context& context, const io::ImportOptions& options,
                           const std::string& concordance) {
  require_import_memory(context, options);
  if (concordance.empty()) return io::import_csv(context.world(), options);
  const auto table =
      comm::collectively(context.world(), [&] { return read_concordance(concordance); });
  auto network = io::import_csv(context.world(), options);
  rename_industries(context, concordance, table, network);
  return network;
}

}  // namespace tradegraph::app
