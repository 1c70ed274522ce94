// The measures of association.h over columns of tables, chosen by name.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/keywords/association.h"

namespace wirecopy {

// Tables, one an index. The columns are of equal length.
struct ContingencyColumns {
  std::vector<double> o11;
  std::vector<double> o12;
  std::vector<double> o21;
  std::vector<double> o22;

  std::size_t size() const { return o11.size(); }
  void reserve(std::size_t n);
  void push_back(const Contingency& t);
  Contingency operator[](std::size_t i) const { return {o11[i], o12[i], o21[i], o22[i]}; }
};

// Names that association_column knows, in the order of documentation: g2, g2_two_term, chi2,
// chi2_two_term and chi2_yates are signed (negative where o11 is less than independence would
// give); p_value, chi2_p and chi2_yates_p are of g2, chi2 and chi2_yates; fisher_p, fisher_greater
// and fisher_less are Fisher's.
std::span<const std::string_view> association_measures();

// One value a table. Throws InputError("measures", ...) for an unknown name.
std::vector<double> association_column(std::string_view measure, const ContingencyColumns& tables,
                                       const Run& run);

}  // namespace wirecopy
