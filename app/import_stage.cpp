#include "app/import_stage.hpp"

#include <filesystem>

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

io::Network import_network(const Context& context, const io::ImportOptions& options) {
  require_import_memory(context, options);
  return io::import_csv(context.world(), options);
}

}  // namespace tradegraph::app
