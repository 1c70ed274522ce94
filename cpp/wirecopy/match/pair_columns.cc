#include "wirecopy/match/pair_columns.h"

#include <utility>

namespace wirecopy {

void PairColumns::push_back(const Pair& pair, Verdict verdict) {
  a_.push_back(pair.a);
  b_.push_back(pair.b);
  shared_.push_back(pair.shared);
  similarity_.push_back(matches_.similarity(pair));
  jaccard_.push_back(matches_.jaccard(pair));
  containment_a_.push_back(static_cast<double>(pair.shared) / matches_.set_size[pair.a]);
  containment_b_.push_back(static_cast<double>(pair.shared) / matches_.set_size[pair.b]);
  verdict_.push_back(verdict_name(verdict));
}

Table PairColumns::table(const Form& form, std::size_t split) && {
  for (std::int64_t& row : b_) row -= static_cast<std::int64_t>(split);
  Table table;
  table.add(form.a, std::move(a_));
  table.add(form.b, std::move(b_));
  if (form.similarity) table.add("similarity", std::move(similarity_));
  table.add("jaccard", std::move(jaccard_));
  table.add("containment" + form.suffix_a, std::move(containment_a_));
  table.add("containment" + form.suffix_b, std::move(containment_b_));
  table.add("shared", std::move(shared_));
  table.add("verdict", std::move(verdict_));
  return table;
}

}  // namespace wirecopy
