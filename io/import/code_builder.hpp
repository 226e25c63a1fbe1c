#pragma once
/// Text columns of few distinct values, from pieces with dictionaries of their own.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/base/string_column.hpp"
#include "engine/comm/communicator.hpp"

namespace tradegraph::io {

/// Collects cells one after the other; codes are in order of first appearance.
class CodeBuilder {
 public:
  /// An empty cell has no code.
  void push_back(std::string_view cell);

  [[nodiscard]] const std::vector<std::int32_t>& codes() const { return codes_; }
  [[nodiscard]] const StringColumn& dictionary() const { return dictionary_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const;
  };

  std::vector<std::int32_t> codes_;
  StringColumn dictionary_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> known_;
};

/// The cells of all pieces, one piece after the other, in one dictionary that is sorted by bytes
/// and the same on all ranks. Collective; each rank receives every rank's distinct texts.
[[nodiscard]] CodeColumn merge_codes(const comm::Communicator& comm,
                                     const std::vector<const CodeBuilder*>& pieces);

/// The same column with the dictionary entries that no rank uses taken out. Collective.
[[nodiscard]] CodeColumn without_unused(const comm::Communicator& comm, CodeColumn column);

}  // namespace tradegraph::io
