#include "app/synth/industries.hpp"

#include <array>
#include <cmath>
#include <map>

namespace tradegraph::app::synth {

namespace {

struct DivisionPart {
  const char* division = nullptr;  ///< KSIC section and division
  int classes = 0;
  double share = 0;  ///< of the group
};

struct GroupPlan {
  const char* name;
  double share;
  double evenness;  ///< 0: classes of equal size; larger: the first classes dominate
  std::array<DivisionPart, 3> parts;  ///< those beyond its divisions have no classes
  std::array<int, 4> partners;
};

/// Groups of table 3-6 with low related variety have few, uneven classes. Each group has four
/// partners, which have it as a partner too, have about as many classes, and do not trade with each
/// other much: whoever makes for someone seldom makes for that one's makers.
constexpr std::array<GroupPlan, 26> kPlans{
    {{"Food", 1.6, 0.6, {{{"C10", 9, 0.7}, {"C11", 4, 0.3}}}, {2, 16, 17, 22}},
     {"Textiles and apparel",
      9.0,
      0.1,
      {{{"C13", 10, 0.45}, {"C14", 10, 0.45}, {"C15", 4, 0.1}}},
      {3, 13, 14, 16}},
     {"Wood and paper", 2.0, 0.4, {{{"C16", 6, 0.5}, {"C17", 6, 0.5}}}, {0, 10, 12, 24}},
     {"Chemicals",
      2.6,
      0.6,
      {{{"C20", 8, 0.45}, {"C22", 6, 0.4}, {"C19", 2, 0.15}}},
      {1, 4, 7, 22}},
     {"Pharmaceuticals and medical devices",
      1.8,
      0.6,
      {{{"C21", 5, 0.4}, {"C27", 7, 0.6}}},
      {3, 20, 23, 25}},
     {"Metals and minerals", 4.0, 0.4, {{{"C24", 8, 0.7}, {"C23", 4, 0.3}}}, {8, 9, 10, 15}},
     {"Machinery", 6.0, 0.1, {{{"C29", 12, 0.6}, {"C25", 9, 0.4}}}, {9, 13, 16, 18}},
     {"Automotive and machinery",
      5.5,
      0.25,
      {{{"C30", 8, 0.5}, {"C25", 7, 0.3}, {"C29", 4, 0.2}}},
      {3, 9, 17, 18}},
     {"Shipbuilding and automotive",
      3.6,
      0.5,
      {{{"C31", 8, 0.6}, {"C30", 4, 0.4}}},
      {5, 18, 23, 24}},
     {"Electronics", 3.4, 0.8, {{{"C26", 8, 0.65}, {"C28", 6, 0.35}}}, {5, 6, 7, 11}},
     {"Urban manufacturing", 3.0, 0.4, {{{"C18", 6, 0.5}, {"C33", 7, 0.5}}}, {2, 5, 14, 21}},
     {"Information services",
      2.4,
      1.1,
      {{{"J62", 5, 0.6}, {"J63", 4, 0.25}, {"J58", 3, 0.15}}},
      {9, 14, 20, 24}},
     {"Furniture and interiors", 2.0, 0.5, {{{"C32", 6, 0.6}, {"F42", 6, 0.4}}}, {2, 15, 19, 21}},
     {"Business services",
      4.4,
      1.0,
      {{{"M71", 8, 0.5}, {"M73", 5, 0.25}, {"N75", 6, 0.25}}},
      {1, 6, 17, 23}},
     {"Culture", 3.4, 0.7, {{{"J59", 6, 0.4}, {"R90", 5, 0.3}, {"J58", 5, 0.3}}}, {1, 10, 11, 19}},
     {"Construction", 6.5, 0.4, {{{"F41", 6, 0.5}, {"F42", 8, 0.5}}}, {5, 12, 16, 23}},
     {"Wholesale", 7.5, 0.3, {{{"G46", 16, 1.0}}}, {0, 1, 6, 15}},
     {"Retail", 7.0, 0.3, {{{"G47", 14, 0.8}, {"G45", 4, 0.2}}}, {0, 7, 13, 20}},
     {"Transport and storage", 4.5, 0.5, {{{"H49", 8, 0.6}, {"H52", 6, 0.4}}}, {6, 7, 8, 22}},
     {"Accommodation and restaurants",
      4.0,
      0.5,
      {{{"I55", 4, 0.3}, {"I56", 8, 0.7}}},
      {12, 14, 22, 25}},
     {"Finance and insurance",
      2.2,
      0.5,
      {{{"K64", 6, 0.5}, {"K65", 3, 0.25}, {"K66", 4, 0.25}}},
      {4, 11, 17, 21}},
     {"Real estate", 3.2, 0.5, {{{"L68", 12, 1.0}}}, {10, 12, 20, 25}},
     {"Agriculture and fisheries", 2.4, 0.4, {{{"A01", 8, 0.7}, {"A03", 5, 0.3}}}, {0, 3, 18, 19}},
     {"Energy and environment",
      2.0,
      0.4,
      {{{"D35", 5, 0.4}, {"E37", 3, 0.2}, {"E38", 6, 0.4}}},
      {4, 8, 13, 15}},
     {"Research and education", 2.8, 0.4, {{{"M70", 6, 0.5}, {"P85", 7, 0.5}}}, {2, 8, 11, 25}},
     {"Health and personal services",
      3.2,
      0.4,
      {{{"Q86", 6, 0.5}, {"S96", 7, 0.5}}},
      {4, 19, 21, 24}}}};

/// Numbers the classes of a division over all groups that share it: 11, 12, ..., 19, 21, ...
std::string next_code(const std::string& division, std::map<std::string, int>& used) {
  const int k = used[division]++;
  return division + static_cast<char>('1' + k / 9) + static_cast<char>('1' + k % 9) + '0';
}

std::vector<IndustryGroup> build() {
  std::map<std::string, int> used;
  std::vector<IndustryGroup> groups;
  for (const auto& plan : kPlans) {
    IndustryGroup group{plan.name, plan.share, {}, {plan.partners.begin(), plan.partners.end()}};
    int division = 0;
    for (const auto& part : plan.parts) {
      double total = 0;
      for (int k = 0; k < part.classes; ++k) total += std::pow(k + 1.0, -plan.evenness);
      for (int k = 0; k < part.classes; ++k) {
        group.classes.push_back({next_code(part.division, used), division,
                                 part.share * std::pow(k + 1.0, -plan.evenness) / total});
      }
      ++division;
    }
    groups.push_back(group);
  }
  return groups;
}

}  // namespace

const std::vector<IndustryGroup>& industry_groups() {
  static const auto groups = build();
  return groups;
}

}  // namespace tradegraph::app::synth
