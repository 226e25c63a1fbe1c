#include "app/synth/files.hpp"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "app/synth/firm_records.hpp"
#include "app/synth/partners.hpp"
#include "engine/base/slices.hpp"
#include "engine/comm/agreement.hpp"
#include "engine/comm/collectives.hpp"
#include "io/parallel.hpp"
#include "io/text_slices.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr std::int64_t kRowsAPiece = 16384;

/// Rows [begin, end) of this rank as pieces of text: `append(i, text)` for each i.
template <class Append>
std::vector<std::string> pieces_of(std::int64_t begin, std::int64_t end, Append&& append) {
  const auto count = end - begin;
  std::vector<std::string> pieces(
      static_cast<std::size_t>((count + kRowsAPiece - 1) / kRowsAPiece));
  io::parallel_pieces(
      count,
      [&](std::int64_t from, std::int64_t until) {
        auto& text = pieces[static_cast<std::size_t>(from / kRowsAPiece)];
        append(begin + from, begin + until, text);
      },
      kRowsAPiece);
  return pieces;
}

std::int64_t lines_of(const std::vector<std::string>& pieces) {
  std::int64_t lines = 0;
  for (const auto& piece : pieces) lines += std::count(piece.begin(), piece.end(), '\n');
  return lines;
}

void append_integer(std::int64_t value, std::string& text) {
  char digits[24];
  text.append(digits, std::to_chars(digits, digits + 24, value).ptr);
}

void append_link(const Year& year, const Link& link, std::string& text) {
  year.append_id(link.supplier, text);
  text += ',';
  year.append_id(link.buyer, text);
  text += ',';
  append_integer(amount_of(link.key), text);
  text += '\n';
}

std::vector<std::string> firm_rows(const Year& year, std::int64_t begin, std::int64_t end) {
  const FirmRecords records(year);
  return pieces_of(begin, end, [&](std::int64_t from, std::int64_t until, std::string& text) {
    for (auto i = from; i < until; ++i) {
      const auto seat = year.seat_in_file_order(i);
      if (year.is_taken(seat)) records.append(seat, text);
    }
  });
}

std::vector<std::string> truth_rows(const Year& year, std::int64_t begin, std::int64_t end) {
  return pieces_of(begin, end, [&](std::int64_t from, std::int64_t until, std::string& text) {
    for (auto i = from; i < until; ++i) {
      const auto seat = year.seat_in_file_order(i);
      if (!year.is_taken(seat)) continue;
      year.append_id(seat.number, text);
      text += ',';
      const bool is_member = seat.tier == Tier::member;
      append_integer(is_member ? truth_of(year, seat.agglomeration, seat.index) : -1, text);
      text += ',';
      text += industry_groups()[static_cast<std::size_t>(year.occupant(seat).group)].name;
      text += '\n';
    }
  });
}

/// The links that the firms of a slice of the file choose.
std::vector<std::string> chosen_links(const Year& year, std::int64_t begin, std::int64_t end) {
  const PartnerChoice choice(year);
  return pieces_of(begin, end, [&](std::int64_t from, std::int64_t until, std::string& text) {
    std::vector<Link> links;
    for (auto i = from; i < until; ++i) {
      const auto seat = year.seat_in_file_order(i);
      if (!year.is_taken(seat)) continue;
      choice.choose(seat, links);
      for (const auto& link : links) append_link(year, link, text);
    }
  });
}

void add_slice_of_cluster_links(const comm::Communicator& comm, const Year& year,
                                std::vector<std::string>& pieces) {
  const auto links = cluster_links(year);
  const Slices slices(static_cast<std::int64_t>(links.size()), comm.size());
  auto more = pieces_of(slices.begin(comm.rank()), slices.begin(comm.rank() + 1),
                        [&](std::int64_t from, std::int64_t until, std::string& text) {
                          for (auto i = from; i < until; ++i) {
                            append_link(year, links[static_cast<std::size_t>(i)], text);
                          }
                        });
  for (auto& piece : more) pieces.push_back(std::move(piece));
}

}  // namespace

YearCounts write_year(const comm::Communicator& comm, const std::string& folder, const Year& year) {
  const Slices slices(year.nation().seats, comm.size());
  const auto begin = slices.begin(comm.rank());
  const auto end = slices.begin(comm.rank() + 1);
  const auto name = std::to_string(year.year()) + ".csv";
  std::int64_t counts[2] = {0, 0};
  {
    const auto rows = firm_rows(year, begin, end);
    counts[0] = lines_of(rows);
    io::write_text_slices(comm, folder + "/firms_" + name, FirmRecords::header(), {rows});
  }
  {
    const auto rows = truth_rows(year, begin, end);
    io::write_text_slices(comm, folder + "/truth_firms_" + name, "id,agglomeration,group\n",
                          {rows});
  }
  // Links inside and between agglomerations come first: cut over ranks like the rest, they would
  // change the order of the rows with the number of ranks.
  std::vector<std::string> first;
  add_slice_of_cluster_links(comm, year, first);
  const auto rest = chosen_links(year, begin, end);
  counts[1] = lines_of(first) + lines_of(rest);
  io::write_text_slices(comm, folder + "/trade_" + name, "supplier,buyer,amount\n", {first, rest});
  comm::all_reduce_in_place(comm, std::span<std::int64_t>(counts), comm::ReduceOp::sum);
  return {counts[0], counts[1]};
}

}  // namespace tradegraph::app::synth
