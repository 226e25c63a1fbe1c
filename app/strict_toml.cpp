#include "app/strict_toml.hpp"

#include <toml++/toml.h>
#include <algorithm>
#include <cmath>

#include "engine/base/suggest.hpp"
#include "io/text_file.hpp"

namespace tradegraph::app {

struct StrictTable::Impl {
  std::string file;
  std::string name;  ///< "" or "identify." and so on, before keys in messages
  std::shared_ptr<const toml::table> document;  ///< copies of nodes forget their lines
  const toml::table* table = nullptr;           ///< part of the document; none if absent
  std::vector<std::string> known{};

  const toml::node* get(const std::string& key) const {
    return table != nullptr ? table->get(key) : nullptr;
  }
  const toml::node* find(const std::string& key) {
    known.push_back(key);
    return get(key);
  }
};

StrictTable::StrictTable(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StrictTable::StrictTable(StrictTable&&) noexcept = default;
StrictTable::~StrictTable() = default;

StrictTable StrictTable::parse(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->file = path;
  const auto text = io::read_text(path);
  try {
    impl->document = std::make_shared<const toml::table>(toml::parse(text, path));
    impl->table = impl->document.get();
  } catch (const toml::parse_error& error) {
    const auto at = error.source().begin;
    const auto place = at.line > 0 ? ":" + std::to_string(at.line) : std::string();
    throw Error(ErrorKind::bad_input, path + place + ": " + std::string(error.description()));
  }
  return StrictTable(std::move(impl));
}

Error StrictTable::error(const std::string& key, const std::string& what) const {
  const toml::node* node = impl_->get(key);
  if (node == nullptr) node = impl_->table;
  const auto line = node != nullptr ? node->source().begin.line : 0;
  return Error(ErrorKind::bad_input, impl_->file + (line > 0 ? ":" + std::to_string(line) : "") +
                                         ": '" + impl_->name + key + "' " + what);
}

void StrictTable::read(const std::string& key, std::string& value) {
  const auto* node = impl_->find(key);
  if (node == nullptr) return;
  if (!node->is_string()) throw error(key, "must be text");
  value = node->as_string()->get();
}

void StrictTable::read(const std::string& key, double& value) {
  const auto* node = impl_->find(key);
  if (node == nullptr) return;
  if (!node->is_number()) throw error(key, "must be a number");
  value = *node->value<double>();
  if (!std::isfinite(value)) throw error(key, "must be a finite number");
}

void StrictTable::read(const std::string& key, std::int64_t& value) {
  const auto* node = impl_->find(key);
  if (node == nullptr) return;
  if (!node->is_integer()) throw error(key, "must be a whole number");
  value = node->as_integer()->get();
}

void StrictTable::read(const std::string& key, bool& value) {
  const auto* node = impl_->find(key);
  if (node == nullptr) return;
  if (!node->is_boolean()) throw error(key, "must be true or false");
  value = node->as_boolean()->get();
}

void StrictTable::read(const std::string& key, std::vector<std::int64_t>& value) {
  const auto* node = impl_->find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr || !array->is_homogeneous<std::int64_t>()) {
    throw error(key, "must be a list of whole numbers");
  }
  value.clear();
  for (const auto& element : *array) value.push_back(*element.value<std::int64_t>());
}

void StrictTable::read(const std::string& key, std::optional<double>& value) {
  double number = 0;
  read(key, number);
  if (has(key)) value = number;
}

void StrictTable::read(const std::string& key, std::optional<std::int64_t>& value) {
  std::int64_t number = 0;
  read(key, number);
  if (has(key)) value = number;
}

StrictTable StrictTable::table(const std::string& key) {
  auto impl = std::make_unique<Impl>();
  impl->file = impl_->file;
  impl->name = impl_->name + key + ".";
  impl->document = impl_->document;
  if (const auto* node = impl_->find(key); node != nullptr) {
    if (!node->is_table()) throw error(key, "must be a table");
    impl->table = node->as_table();
  }
  return StrictTable(std::move(impl));
}

std::vector<std::string> StrictTable::keys() const {
  std::vector<std::string> result;
  if (impl_->table == nullptr) return result;
  for (const auto& [key, node] : *impl_->table) result.emplace_back(key.str());
  return result;
}

bool StrictTable::has(const std::string& key) const { return impl_->get(key) != nullptr; }

void StrictTable::finish() const {
  for (const auto& key : keys()) {
    const auto& known = impl_->known;
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    throw error(key, "is not a known setting" + did_you_mean(key, known));
  }
}

}  // namespace tradegraph::app
