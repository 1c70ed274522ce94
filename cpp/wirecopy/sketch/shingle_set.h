// The shingles of a text as a set that is put in order as far as it is asked for.
//
// Who looks a text up needs a fifth of its shingles, the smallest, or none at all, and the whole
// set only where something like it was found: for most news there is nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/sketch/hash_sort.h"

namespace wirecopy {

class ShingleSet {
 public:
  // Of shingles in whatever order, with or without repeats. They are copied.
  void assign(std::span<const std::uint64_t> shingles);
  // Of one that is a set already, ascending and without repeats. It is not copied.
  void refer_to(std::span<const std::uint64_t> set);

  // Not fewer than there are; as many where it is whole.
  std::size_t most() const { return whole_ ? set_.size() : shingles_.size(); }
  bool whole() const { return whole_; }
  // Not more than there are, and rarely much fewer: not put in order for that.
  std::size_t least(SortScratch& scratch);

  // The members, ascending; valid until another text is put in. `scratch` keeps its memory.
  std::span<const std::uint64_t> all(SortScratch& scratch);
  // So many of the first members, or some more; all, where there are not so many.
  std::span<const std::uint64_t> first(std::size_t count, SortScratch& scratch);

 private:
  std::vector<std::uint64_t> shingles_;
  std::vector<std::uint64_t> below_;   // those below a bound
  std::vector<std::uint64_t> first_;   // the same in order
  std::vector<std::uint64_t> sorted_;  // what set_ lies in, unless it was referred to
  std::span<const std::uint64_t> set_;
  std::size_t least_ = 0;  // 0: not counted
  bool whole_ = true;
};

}  // namespace wirecopy
