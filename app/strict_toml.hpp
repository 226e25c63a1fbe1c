#pragma once
/// TOML tables in which every key must be known: a mistyped setting is an error, not a default.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/error.hpp"

namespace tradegraph::app {

/// One table of a TOML file. Each `read` names a known key and leaves `value` alone if it is
/// absent; `finish` refuses the keys that nobody has read. All errors are `ErrorKind::bad_input`
/// with file, line and key.
class StrictTable {
 public:
  /// Parses the file; an error of the syntax says line and column.
  [[nodiscard]] static StrictTable parse(const std::string& path);
  StrictTable(StrictTable&&) noexcept;
  ~StrictTable();

  void read(const std::string& key, std::string& value);
  void read(const std::string& key, double& value);
  void read(const std::string& key, std::int64_t& value);
  void read(const std::string& key, bool& value);
  void read(const std::string& key, std::vector<std::int64_t>& value);
  void read(const std::string& key, std::optional<double>& value);
  void read(const std::string& key, std::optional<std::int64_t>& value);
  /// The table under `key`; empty if absent.
  [[nodiscard]] StrictTable table(const std::string& key);
  /// Keys as they stand in the file.
  [[nodiscard]] std::vector<std::string> keys() const;
  [[nodiscard]] bool has(const std::string& key) const;
  /// The error for `key`, with its line; that of the table where the key is absent.
  [[nodiscard]] Error error(const std::string& key, const std::string& what) const;
  void finish() const;

 private:
  struct Impl;
  explicit StrictTable(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tradegraph::app
