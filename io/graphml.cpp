#include "io/graphml.hpp"

#include <set>

#include "engine/comm/agreement.hpp"
#include "io/cell_text.hpp"
#include "io/temporary_file.hpp"

namespace tradegraph::io {

namespace {

void append_escaped(std::string& xml, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': xml += "&amp;"; break;
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '"': xml += "&quot;"; break;
      case '\t': xml += "&#9;"; break;
      case '\n': xml += "&#10;"; break;
      case '\r': xml += "&#13;"; break;
      default:
        // XML 1.0 has no other control characters.
        if (static_cast<unsigned char>(c) < 0x20) {
          xml += "\xEF\xBF\xBD";
        } else {
          xml += c;
        }
    }
  }
}

std::string cell_text(const Column& column, std::size_t row) {
  std::string text;
  std::visit(
      [&](const auto& cells) {
        const auto& cell = cells.at(row);
        if constexpr (std::is_same_v<std::decay_t<decltype(cell)>, std::string>) {
          text = cell;
        } else {
          append_number(text, cell);
        }
      },
      column.cells);
  return text;
}

const char* type_name(const Column& column) {
  constexpr const char* kNames[] = {"long", "double", "string"};
  return kNames[column.cells.index()];
}

/// Declares the columns from `first` on: keys "n1", "n2", ... for nodes, "e2", ... for edges.
void append_keys(std::string& xml, const Table& table, std::size_t first, const char* domain) {
  for (std::size_t c = first; c < table.columns.size(); ++c) {
    xml += std::string("  <key id=\"") + domain[0] + std::to_string(c) + "\" for=\"" + domain +
           "\" attr.name=\"";
    append_escaped(xml, table.columns[c].name);
    xml += std::string("\" attr.type=\"") + type_name(table.columns[c]) + "\"/>\n";
  }
}

void append_data(std::string& xml, const Table& table, std::size_t first, char domain,
                 std::size_t row) {
  for (std::size_t c = first; c < table.columns.size(); ++c) {
    const auto text = cell_text(table.columns[c], row);
    if (text.empty()) continue;
    xml += std::string("      <data key=\"") + domain + std::to_string(c) + "\">";
    append_escaped(xml, text);
    xml += "</data>\n";
  }
}

std::set<std::string> append_nodes(std::string& xml, const Table& nodes) {
  std::set<std::string> ids;
  for (std::size_t row = 0; row < static_cast<std::size_t>(nodes.rows()); ++row) {
    const auto id = cell_text(nodes.columns[0], row);
    require(!id.empty() && ids.insert(id).second, ErrorKind::internal,
            "GraphML node id '" + id + "' is empty or repeated");
    xml += "    <node id=\"";
    append_escaped(xml, id);
    xml += "\">\n";
    append_data(xml, nodes, 1, 'n', row);
    xml += "    </node>\n";
  }
  return ids;
}

void append_edges(std::string& xml, const Table& edges, const std::set<std::string>& ids) {
  for (std::size_t row = 0; row < static_cast<std::size_t>(edges.rows()); ++row) {
    const auto source = cell_text(edges.columns[0], row);
    const auto target = cell_text(edges.columns[1], row);
    require(ids.contains(source) && ids.contains(target), ErrorKind::internal,
            "GraphML edge " + source + " -> " + target + " has no such node");
    xml += "    <edge source=\"";
    append_escaped(xml, source);
    xml += "\" target=\"";
    append_escaped(xml, target);
    xml += "\">\n";
    append_data(xml, edges, 2, 'e', row);
    xml += "    </edge>\n";
  }
}

std::string document(const Table& nodes, const Table& edges) {
  require(!nodes.columns.empty() && edges.columns.size() >= 2, ErrorKind::internal,
          "GraphML needs ids of nodes, and of both ends of edges");
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n";
  append_keys(xml, nodes, 1, "node");
  append_keys(xml, edges, 2, "edge");
  xml += "  <graph edgedefault=\"directed\">\n";
  const auto ids = append_nodes(xml, nodes);
  append_edges(xml, edges, ids);
  return xml + "  </graph>\n</graphml>\n";
}

}  // namespace

void write_graphml(const comm::Communicator& comm, const std::string& path, const Table& nodes,
                   const Table& edges) {
  comm::collectively(comm, [&] {
    if (comm.is_root()) write_text_file(path, document(nodes, edges));
  });
}

}  // namespace tradegraph::io
