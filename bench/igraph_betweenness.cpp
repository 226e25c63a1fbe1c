/// One call of igraph on a network from a file, for bench/betweenness_beside.py: its Python form
/// has no subsets of sources.
///
///     igraph_betweenness exact|weighted|edges|harmonic EDGES.csv SOURCES.txt|"" VALUES.txt
///
/// EDGES.csv: source,target[,weight] with numbers. Prints the seconds of the call.

#include <igraph/igraph.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Network {
  std::vector<igraph_integer_t> ends;
  std::vector<igraph_real_t> weights;
};

Network read_network(const char* path) {
  Network network;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    igraph_integer_t source = 0;
    igraph_integer_t target = 0;
    igraph_real_t weight = 1;
    fields >> source >> target >> weight;
    network.ends.insert(network.ends.end(), {source, target});
    network.weights.push_back(weight);
  }
  return network;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const std::string kind = argv[1];
  auto network = read_network(argv[2]);
  std::vector<igraph_integer_t> sources;
  std::ifstream file(argv[3]);
  for (igraph_integer_t firm = 0; file >> firm;) sources.push_back(firm);
  igraph_t graph;
  igraph_vector_int_t ends;
  igraph_vector_int_view(&ends, network.ends.data(),
                         static_cast<igraph_integer_t>(network.ends.size()));
  igraph_create(&graph, &ends, 0, IGRAPH_UNDIRECTED);
  igraph_vector_t lengths;
  igraph_vector_view(&lengths, network.weights.data(),
                     static_cast<igraph_integer_t>(network.weights.size()));
  igraph_vs_t from = igraph_vss_all();
  igraph_vector_int_t list;
  igraph_vector_int_view(&list, sources.data(), static_cast<igraph_integer_t>(sources.size()));
  if (!sources.empty()) igraph_vs_vector(&from, &list);
  igraph_vector_t values;
  igraph_vector_init(&values, 0);
  const auto* weights = kind == "weighted" ? &lengths : nullptr;
  const auto start = std::chrono::steady_clock::now();
  if (kind == "harmonic") {
    igraph_harmonic_centrality(&graph, &values, from, IGRAPH_ALL, nullptr, false);
  } else if (kind == "edges") {
    igraph_edge_betweenness_subset(&graph, &values, igraph_ess_all(IGRAPH_EDGEORDER_ID), false,
                                   from, igraph_vss_all(), nullptr);
  } else {
    igraph_betweenness_subset(&graph, &values, igraph_vss_all(), false, from, igraph_vss_all(),
                              weights);
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::ofstream out(argv[4]);
  out.precision(17);
  for (igraph_integer_t i = 0; i < igraph_vector_size(&values); ++i) {
    out << igraph_vector_get(&values, i) << '\n';
  }
  std::printf("%.6f\n", taken.count());
}
