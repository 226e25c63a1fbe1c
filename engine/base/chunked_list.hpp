#pragma once
/// A list that grows in chunks: what is in it is never moved, and nothing is allocated twice.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/buffer.hpp"

namespace tradegraph {

template <class T>
class ChunkedList {
 public:
  void push_back(const T& value) {
    const auto at = size_ % kChunk;
    if (at == 0) chunks_.emplace_back(static_cast<std::int64_t>(kChunk));
    chunks_.back()[at] = value;
    ++size_;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return chunks_[i / kChunk][i % kChunk]; }

  template <class Use>
  void for_each(Use&& use) const {
    auto left = size_;
    for (const auto& chunk : chunks_) {
      const auto some = left < kChunk ? left : kChunk;
      for (std::size_t i = 0; i < some; ++i) use(chunk[i]);
      left -= some;
    }
  }

 private:
  static constexpr std::size_t kChunk = 2048;

  std::vector<Buffer<T>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace tradegraph
