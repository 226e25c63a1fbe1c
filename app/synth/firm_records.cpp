#include "app/synth/firm_records.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <iterator>

#include "app/synth/draw.hpp"

namespace tradegraph::app::synth {

namespace {

constexpr double kSpread = 1.2;       ///< of log size
constexpr double kUnreported = 0.12;  ///< of the firms, finance
constexpr double kUnplaced = 0.004;   ///< of the dispersed firms

/// exp(spread z), scaled to mean 1.
double log_normal(double z, double spread) { return std::exp(spread * z - spread * spread / 2); }

void append_number(std::int64_t value, std::string& text) {
  char digits[24];
  text.append(digits, std::to_chars(digits, digits + 24, value).ptr);
}

void append_cell(double value, std::string& text) {
  text += ',';
  append_number(whole(value), text);
}

/// Degrees to six decimals.
void append_degrees(double degrees, std::string& text) {
  const auto millionths = whole(std::abs(degrees) * 1e6);
  if (degrees < 0) text += '-';
  append_number(millionths / 1000000, text);
  text += '.';
  const auto rest = std::to_string(millionths % 1000000);
  text.append(6 - rest.size(), '0');
  text += rest;
}

Profile published_profile(const PublishedCluster& p) {
  Profile profile{p.employees_per_firm,
                  p.growth_1y_pct / 100,
                  p.growth_2y_pct / 100,
                  p.revenue,
                  p.net_income,
                  p.operating_income,
                  p.labour_productivity,
                  p.patents,
                  p.iso,
                  p.rnd_pct,
                  p.tangible_pct,
                  0};
  // Employees are (1 + g) (1 + (m - 1) L), L log-normal with mean 1; productivity ~ L^slope.
  const double before = std::max(0.05, profile.employees / (1 + profile.growth_2y) - 1);
  const double wanted = p.value_added / p.labour_productivity / (1 + profile.growth_2y) - 1;
  profile.productivity_slope = std::log(std::max(wanted, 0.02) / before) / kSpread;
  return profile;
}

Profile common_profile(std::uint64_t seed, int index) {
  const auto draw = [&](int k) { return 0.6 + 0.8 * uniform(key(seed, 0x9f0, index, k)); };
  return {4.5 * draw(0),  0.02 * (draw(1) - 1), 0.03 * (draw(2) - 1), 5e6 * draw(3),
          4e4 * draw(4),  6e4 * draw(5),        4e4 * draw(6),        0.1 * draw(7),
          0.15 * draw(8), 3 * draw(9),          25 * draw(10),        0.2};
}

}  // namespace

FirmRecords::FirmRecords(const Year& year) : year_(year), seed_(year.nation().setting.seed) {
  const auto& all = year.nation().agglomerations;
  for (std::size_t i = 0; i <= all.size(); ++i) {
    const bool is_published = i < all.size() && all[i].published != nullptr;
    profiles_.push_back(is_published ? published_profile(*all[i].published)
                                     : common_profile(seed_, static_cast<int>(i)));
  }
}

const char* FirmRecords::header() {
  return "id,lon,lat,industry,region,province,employees,employees_1,employees_2,revenue,net_income,"
         "operating_income,value_added,rd,patents,iso,tangible_assets,intangible_assets,total_"
         "assets,"
         "founded,status\n";
}

const Profile& FirmRecords::profile(const Seat& seat) const {
  return seat.agglomeration < 0 ? profiles_.back()
                                : profiles_[static_cast<std::size_t>(seat.agglomeration)];
}

double FirmRecords::size_of(const Seat& seat) const {
  const auto draw = key(seed_, 0x512e, seat.number);
  const auto normal = [](std::uint64_t bits) {
    return normal_quantile(uniform(bits) * 0.9999998 + 1e-7);
  };
  if (seat.tier != Tier::member) {
    // Grows or shrinks from one five years to the next.
    return 0.9 * normal(draw) + 0.436 * normal(key(draw, year_.year() / 5));
  }
  const auto& home = year_.nation().agglomerations[static_cast<std::size_t>(seat.agglomeration)];
  const auto rank = permute(key(seed_, 0x512f, seat.agglomeration), home.capacity, seat.index);
  return normal_quantile((static_cast<double>(rank) + 0.5) / static_cast<double>(home.capacity));
}

void FirmRecords::append_place(const Seat& seat, std::string& text) const {
  text += ',';
  const bool is_placed =
      seat.tier == Tier::member || uniform(key(seed_, 0x0b1, seat.number)) >= kUnplaced;
  if (!is_placed) {
    text += ',';
    return;
  }
  const auto place = year_.place(seat);
  append_degrees(place.longitude, text);
  text += ',';
  append_degrees(place.latitude, text);
}

void FirmRecords::append_employees(const Seat& seat, const Profile& profile, double z,
                                   std::string& text, double& employees) const {
  const auto draw = key(seed_, 0xe3, seat.number, year_.year());
  const double before = std::max(0.05, profile.employees / (1 + profile.growth_2y) - 1);
  const auto two_years = round_at_random(1 + before * log_normal(z, kSpread), key(draw, 1));
  const double first = (1 + profile.growth_2y) / (1 + profile.growth_1y);
  const auto one_year = round_at_random(static_cast<double>(two_years) * first, key(draw, 2));
  const auto now =
      round_at_random(static_cast<double>(one_year) * (1 + profile.growth_1y), key(draw, 3));
  employees = static_cast<double>(now);
  append_cell(employees, text);
  append_cell(static_cast<double>(one_year), text);
  append_cell(static_cast<double>(two_years), text);
}

void FirmRecords::append_finance(const Seat& seat, const Profile& profile, double z,
                                 double employees, std::string& text) const {
  const auto draw = key(seed_, 0xf17, seat.number, year_.year());
  if (uniform(key(draw, 1)) < kUnreported) {
    text += ",,,,,,,,,,";
    return;
  }
  const double size = log_normal(z, kSpread);
  const double revenue = std::max(1.0, std::round(profile.revenue * size));
  append_cell(revenue, text);
  append_cell(profile.net_income * size, text);
  append_cell(profile.operating_income * size, text);
  append_cell(profile.labour_productivity * employees * log_normal(z, profile.productivity_slope),
              text);
  const double research = -std::log1p(-uniform(key(draw, 2)));  // exponential, mean 1
  append_cell(std::min(1.0, profile.rnd_pct / 100 * research) * revenue, text);
  append_cell(static_cast<double>(round_at_random(profile.patents * size, key(draw, 3))), text);
  append_cell(static_cast<double>(round_at_random(profile.iso * size, key(draw, 4))), text);
  const double assets = std::max(100.0, std::round(0.8 * revenue));
  append_cell(profile.tangible_pct / 100 * (0.5 + uniform(key(draw, 5))) * assets, text);
  append_cell(0.06 * uniform(key(draw, 6)) * assets, text);
  append_cell(assets, text);
}

void FirmRecords::append(const Seat& seat, std::string& text) const {
  const auto firm = year_.occupant(seat);
  const auto& group = industry_groups()[static_cast<std::size_t>(firm.group)];
  year_.append_id(seat.number, text);
  append_place(seat, text);
  text += ',';
  text += group.classes[static_cast<std::size_t>(firm.klass)].code;
  text += ',';
  const auto& city = cities()[static_cast<std::size_t>(seat.city)];
  text += city.name;
  text += ',';
  text.append(city.code, 2);
  const auto& figures = profile(seat);
  const double z = size_of(seat);
  double employees = 0;
  append_employees(seat, figures, z, text, employees);
  append_finance(seat, figures, z, employees, text);
  append_cell(static_cast<double>(firm.entered), text);
  const double u = uniform(key(seed_, 0x57a7, seat.number, year_.year()));
  text += u < 0.02 ? ",closed\n" : u < 0.05 ? ",suspended\n" : ",open\n";
}

}  // namespace tradegraph::app::synth
