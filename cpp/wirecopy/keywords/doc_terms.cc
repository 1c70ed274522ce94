#include "wirecopy/keywords/doc_terms.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/keywords/radix_sort.h"

namespace wirecopy {
namespace {

// Occurrences that a worker sorts at a time: they stay in its cache.
constexpr std::size_t kPieceWords = std::size_t{1} << 15;
constexpr std::size_t kPieceTexts = std::size_t{1} << 14;
constexpr std::int32_t kNoColumn = -1;

struct Piece {
  std::vector<std::int32_t> columns;
  std::vector<std::int32_t> counts;
};

// Columns of the occurrences: [level][number], or kNoColumn.
using Columns = std::vector<std::vector<std::int32_t>>;

class Builder {
 public:
  Builder(const Occurrences& occurrences, const Columns& columns, std::size_t width)
      : occurrences_(&occurrences),
        columns_(&columns),
        column_bits_(static_cast<unsigned>(std::bit_width(width))) {}

  // The texts from `begin` to `end` - 1: the occurrences sorted by text and column, and equal ones
  // counted. Sets starts[text + 1] to the text's number of different terms.
  Piece build(std::size_t begin, std::size_t end, std::vector<std::int64_t>& starts) {
    const auto bits = column_bits_ + static_cast<unsigned>(std::bit_width(end - begin));
    return bits <= 32 ? build(short_, begin, end, bits, starts)
                      : build(long_, begin, end, bits, starts);
  }

 private:
  // A text and a column as one number.
  template <typename Key>
  struct Keys {
    std::vector<Key> keys;
    std::vector<Key> scratch;
  };

  template <typename Key>
  Piece build(Keys<Key>& memory, std::size_t begin, std::size_t end, unsigned bits,
              std::vector<std::int64_t>& starts) {
    std::vector<Key>& keys = memory.keys;
    gather(begin, end, keys);
    radix_sort_numbers(keys, memory.scratch, bits);
    const std::size_t occurrences = keys.size();
    keys.push_back(std::numeric_limits<Key>::max());  // unlike the last
    Piece piece;
    piece.columns.resize(occurrences);
    piece.counts.resize(occurrences);
    std::int32_t* const columns = piece.columns.data();
    std::int32_t* const counts = piece.counts.data();
    const auto of_column = static_cast<Key>((Key{1} << column_bits_) - 1);
    std::size_t entries = 0;
    std::size_t i = 0;
    for (std::size_t text = begin; text < end; ++text) {
      const std::size_t before = entries;
      std::int32_t count = 0;
      // Without a branch: whether the next key is another one cannot be foreseen.
      for (const std::size_t stop = i + of_text_[text - begin]; i < stop; ++i) {
        columns[entries] = static_cast<std::int32_t>(keys[i] & of_column);
        counts[entries] = ++count;
        const bool ends = keys[i] != keys[i + 1];
        entries += ends ? 1 : 0;
        count = ends ? 0 : count;
      }
      starts[text + 1] = static_cast<std::int64_t>(entries - before);
    }
    piece.columns.resize(entries);
    piece.counts.resize(entries);
    return piece;
  }

  template <typename Key>
  void gather(std::size_t begin, std::size_t end, std::vector<Key>& keys) {
    keys.clear();
    of_text_.assign(end - begin, 0);
    for (std::size_t l = 0; l < columns_->size(); ++l) {
      const std::vector<std::int32_t>& columns = (*columns_)[l];
      for (std::size_t text = begin; text < end; ++text) {
        const auto of_text = static_cast<Key>(static_cast<Key>(text - begin) << column_bits_);
        const std::size_t before = keys.size();
        for (const std::uint32_t number : occurrences_->levels[l].text(text)) {
          const std::int32_t column = columns[number];
          if (column != kNoColumn) keys.push_back(of_text | static_cast<Key>(column));
        }
        of_text_[text - begin] += keys.size() - before;
      }
    }
  }

  const Occurrences* occurrences_;
  const Columns* columns_;
  unsigned column_bits_;
  std::vector<std::size_t> of_text_;  // keys
  Keys<std::uint32_t> short_;
  Keys<std::uint64_t> long_;
};

std::vector<std::size_t> piece_bounds(const Occurrences& occurrences) {
  std::vector<std::size_t> bounds{0};
  std::size_t words = 0;
  for (std::size_t text = 0; text < occurrences.texts(); ++text) {
    for (const Occurrences::Level& level : occurrences.levels) words += level.text(text).size();
    if (words >= kPieceWords || text + 1 - bounds.back() >= kPieceTexts) {
      bounds.push_back(text + 1);
      words = 0;
    }
  }
  if (bounds.back() != occurrences.texts()) bounds.push_back(occurrences.texts());
  return bounds;
}

DocTerms build(const Occurrences& occurrences, const Columns& columns, std::size_t width,
               std::size_t entries, const Run& run) {
  DocTerms matrix;
  matrix.width = static_cast<std::int64_t>(width);
  matrix.text_words = occurrences.text_words;
  matrix.nulls = occurrences.nulls;
  matrix.starts.resize(occurrences.texts() + 1);
  reserve_huge(matrix.columns, entries);
  reserve_huge(matrix.counts, entries);

  const std::vector<std::size_t> bounds = piece_bounds(occurrences);
  const std::size_t pieces = bounds.size() - 1;
  const auto workers = static_cast<std::size_t>(std::max(run.threads, 1));
  std::vector<Builder> builders(std::min(workers, std::max<std::size_t>(pieces, 1)),
                                Builder(occurrences, columns, width));
  constexpr std::size_t kPiecesPerWorker = 8;
  std::vector<Piece> built(std::min(pieces, workers * kPiecesPerWorker));
  run.begin("building the matrix", pieces);
  for (std::size_t first = 0; first < pieces; first += built.size()) {
    const std::size_t count = std::min(built.size(), pieces - first);
    parallel_for(run, count, 1, [&](int worker, std::size_t i, std::size_t) {
      built[i] = builders[static_cast<std::size_t>(worker)].build(
          bounds[first + i], bounds[first + i + 1], matrix.starts);
    });
    for (std::size_t i = 0; i < count; ++i) {
      matrix.columns.insert(matrix.columns.end(), built[i].columns.begin(), built[i].columns.end());
      matrix.counts.insert(matrix.counts.end(), built[i].counts.begin(), built[i].counts.end());
      built[i] = {};
    }
    run.advance(count);
  }
  std::inclusive_scan(matrix.starts.begin(), matrix.starts.end(), matrix.starts.begin());
  return matrix;
}

// The column of each row of the counts.
std::vector<std::int32_t> column_of_row(std::size_t rows, std::span<const std::int64_t> wanted) {
  std::vector<std::int32_t> columns(rows, kNoColumn);
  for (std::size_t j = 0; j < wanted.size(); ++j) {
    if (wanted[j] < 0 || std::cmp_greater_equal(wanted[j], rows)) {
      throw InputError("rows", static_cast<std::int64_t>(j), "out of range");
    }
    columns[static_cast<std::size_t>(wanted[j])] = static_cast<std::int32_t>(j);
  }
  return columns;
}

Columns columns_of_numbers(const Occurrences& occurrences,
                           const std::vector<std::int32_t>& column_of) {
  Columns columns;
  for (const Occurrences::Level& level : occurrences.levels) {
    std::vector<std::int32_t>& of_level = columns.emplace_back();
    reserve_huge(of_level, level.row_of.size());
    for (const std::uint32_t row : level.row_of) {
      of_level.push_back(row == Occurrences::kNoRow ? kNoColumn : column_of[row]);
    }
  }
  return columns;
}

const Occurrences& occurrences_of(const Counts& counts) {
  if (counts.occurrences) return *counts.occurrences;
  throw InputError("matrix", "not kept when these were counted");
}

}  // namespace

DocTerms doc_terms(const Counts& counts, std::span<const std::int64_t> rows, const Run& run) {
  const Occurrences& occurrences = occurrences_of(counts);
  const std::vector<std::int32_t> column_of = column_of_row(counts.size(), rows);
  std::size_t entries = 0;
  if (!counts.weighted()) {
    for (const std::int64_t row : rows) {
      entries += static_cast<std::size_t>(counts.documents[static_cast<std::size_t>(row)]);
    }
  }
  return build(occurrences, columns_of_numbers(occurrences, column_of), rows.size(), entries, run);
}

DocTerms doc_terms_of(const Counts& counts, const Counts& vocabulary,
                      std::span<const std::int64_t> rows, const Run& run) {
  const Occurrences& occurrences = occurrences_of(counts);
  const std::vector<std::int32_t> in_vocabulary = column_of_row(vocabulary.size(), rows);
  // By length and term, as a word may be spelled like an n-gram.
  absl::flat_hash_map<std::pair<std::int64_t, std::string_view>, std::int32_t> column_of_term;
  for (std::size_t row = 0; row < vocabulary.size(); ++row) {
    if (in_vocabulary[row] == kNoColumn) continue;
    column_of_term.emplace(std::pair{vocabulary.n[row], vocabulary.terms[row]}, in_vocabulary[row]);
  }
  std::vector<std::int32_t> column_of(counts.size(), kNoColumn);
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const auto found = column_of_term.find({counts.n[row], counts.terms[row]});
    if (found != column_of_term.end()) column_of[row] = found->second;
  }
  run.check();
  return build(occurrences, columns_of_numbers(occurrences, column_of), rows.size(), 0, run);
}

GroupTerms group_terms(const DocTerms& matrix, const Counts& counts,
                       std::span<const std::int32_t> group_of, std::size_t groups,
                       std::span<const double> weight_values, const Run& run) {
  const Occurrences& occurrences = occurrences_of(counts);
  const Weights weights(weight_values, matrix.rows());
  if (group_of.size() != matrix.rows()) throw InputError("by", "must have one value per text");
  std::vector<std::vector<std::uint32_t>> members(groups);
  for (std::size_t text = 0; text < group_of.size(); ++text) {
    if (group_of[text] < 0) continue;
    const auto group = static_cast<std::size_t>(group_of[text]);
    if (group >= groups) throw InputError("by", static_cast<std::int64_t>(text), "out of range");
    members[group].push_back(static_cast<std::uint32_t>(text));
  }
  const std::size_t lengths = occurrences.levels.size();
  GroupTerms result;
  result.width = matrix.width;
  result.document_total.resize(groups);
  result.totals.resize(groups * lengths);
  std::vector<double> frequency(static_cast<std::size_t>(matrix.width));
  std::vector<double> documents(frequency.size());
  std::vector<bool> met(frequency.size());
  std::vector<std::int32_t> columns;
  run.begin("summing groups", matrix.rows());
  for (std::size_t group = 0; group < groups; ++group) {
    columns.clear();
    // Text after text: the order of the sums.
    for (const std::uint32_t text : members[group]) {
      run.check();
      const double weight = weights[text];
      if (matrix.nulls[text] != 0 || weight == 0) continue;
      result.document_total[group] += weight;
      for (std::size_t l = 0; l < lengths; ++l) {
        result.totals[group * lengths + l] +=
            weight * static_cast<double>(occurrences.levels[l].text(text).size());
      }
      for (std::int64_t i = matrix.starts[text]; i < matrix.starts[text + 1]; ++i) {
        const auto entry = static_cast<std::size_t>(i);
        const auto column = static_cast<std::size_t>(matrix.columns[entry]);
        if (!met[column]) columns.push_back(matrix.columns[entry]);
        met[column] = true;
        frequency[column] += weight * matrix.counts[entry];
        documents[column] += weight;
      }
    }
    run.advance(members[group].size());
    std::sort(columns.begin(), columns.end());
    for (const std::int32_t touched : columns) {
      const auto column = static_cast<std::size_t>(touched);
      result.columns.push_back(touched);
      result.frequency.push_back(whole_if_near(std::exchange(frequency[column], 0)));
      result.documents.push_back(whole_if_near(std::exchange(documents[column], 0)));
      met[column] = false;
    }
    result.starts.push_back(static_cast<std::int64_t>(result.columns.size()));
    result.document_total[group] = whole_if_near(result.document_total[group]);
  }
  for (double& total : result.totals) total = whole_if_near(total);
  return result;
}

}  // namespace wirecopy
