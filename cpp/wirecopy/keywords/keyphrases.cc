#include "wirecopy/keywords/keyphrases.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/text/char_class.h"
#include "wirecopy/text/segment.h"
#include "wirecopy/text/unicode_tables.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 16;

struct TransparentHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view bytes) const { return BytesHash{}(bytes); }
};
using StopwordSet = std::unordered_set<std::string, TransparentHash, std::equal_to<>>;

// A different word of the text.
struct Term {
  std::string_view word;
  bool stopword = false;
  std::uint32_t frequency = 0;
  std::uint32_t capitalized = 0;  // and not the first word of a sentence
  std::uint32_t acronym = 0;
  std::uint32_t before = 0;  // occurrences of a word before it in its clause, and of different ones
  std::uint32_t before_different = 0;
  std::uint32_t after = 0;
  std::uint32_t after_different = 0;
  std::vector<std::uint32_t> sentences;  // ascending, without repeats
  double score = 0;
};

constexpr std::uint32_t kNumber = UINT32_MAX;  // in place of a term: a word with a digit

struct Clause {
  std::size_t begin;  // words
  std::size_t end;
};

struct Phrase {
  std::uint32_t first;  // word at which it occurs first
  std::uint32_t size;
  std::uint32_t frequency = 0;
  double score = 0;
};

// Phrases by their words, of which a set keeps only the numbers.
struct PhraseWords {
  const std::vector<Phrase>* phrases;
  const std::vector<std::uint32_t>* of_word;

  std::span<const std::uint32_t> terms(std::uint32_t phrase) const {
    const Phrase& p = (*phrases)[phrase];
    return std::span(*of_word).subspan(p.first, p.size);
  }
  std::size_t operator()(std::uint32_t phrase) const {
    const auto words = terms(phrase);
    return BytesHash{}({reinterpret_cast<const char*>(words.data()), words.size_bytes()});
  }
  bool operator()(std::uint32_t a, std::uint32_t b) const {
    return std::ranges::equal(terms(a), terms(b));
  }
};

bool case_folds(char32_t c) {
  if (c < 0x80) return c >= 'A' && c <= 'Z';
  const unicode::Record r = unicode::record(c);
  return r.has(unicode::kInPlace) || (r.has(unicode::kRewrite) && r.has(unicode::kLetter));
}

bool is_capitalized(std::string_view source) {
  return case_folds(utf8::decode(source, 0).code_point);
}

// Two letters or more, and all of them capitals.
bool is_acronym(std::string_view source) {
  std::size_t letters = 0;
  for (std::size_t at = 0; at < source.size();) {
    const utf8::Decoded d = utf8::decode(source, at);
    at += d.length;
    if (!unicode::record(d.code_point).has(unicode::kLetter)) continue;
    if (!case_folds(d.code_point)) return false;
    ++letters;
  }
  return letters >= 2;
}

bool holds_number(std::string_view word) {
  for (std::size_t at = 0; at < word.size();) {
    const utf8::Decoded d = utf8::decode_valid(word, at);
    at += d.length;
    const unicode::Record r = unicode::record(d.code_point);
    if (r.has(unicode::kWord) && !r.has(unicode::kLetter)) return true;
  }
  return false;
}

// Whether words with `gap` between them are of one clause.
bool joins(std::string_view gap) {
  if (gap == "-" || gap == "\xE2\x80\x90" || gap == "\xE2\x80\x91") return true;
  for (std::size_t at = 0; at < gap.size();) {
    const utf8::Decoded d = utf8::decode(gap, at);
    if (!is_space(d.code_point)) return false;
    at += d.length;
  }
  return true;
}

double median(std::span<const std::uint32_t> ascending) {
  const std::size_t middle = ascending.size() / 2;
  if (ascending.size() % 2 != 0) return ascending[middle];
  return (ascending[middle - 1] + static_cast<double>(ascending[middle])) / 2;
}

std::u32string decoded(std::string_view text) {
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Decoded d = utf8::decode(text, at);
    out.push_back(d.code_point);
    at += d.length;
  }
  return out;
}

std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row[b.size()];
}

bool are_alike(const std::u32string& a, const std::u32string& b, double max_similarity) {
  if (a == b) return max_similarity <= 1;
  const std::size_t longer = std::max(a.size(), b.size());
  if (longer > kMaxComparedPhrase) return false;
  const auto similarity = [longer](std::size_t edits) {
    return 1 - static_cast<double>(edits) / static_cast<double>(longer);
  };
  if (similarity(longer - std::min(a.size(), b.size())) < max_similarity) return false;
  return similarity(edit_distance(a, b)) >= max_similarity;
}

// One worker's tools.
class Extractor {
 public:
  Extractor(const TextColumn& texts, const KeyphraseOptions& options, const StopwordSet& stopwords)
      : reader_(texts), options_(&options), stopwords_(&stopwords) {}
  // phrase_set_ points here.
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;
  Extractor(Extractor&&) = delete;
  Extractor& operator=(Extractor&&) = delete;
  ~Extractor() = default;

  void add(std::size_t row, const Run& run, Table& table) {
    text_ = reader_[row];
    read_words();
    run.check();
    read_clauses();
    run.check();
    phrases_.clear();
    phrase_set_.clear();
    if (options_->method == KeyphraseMethod::kYake) {
      score_terms();
      find_yake();
    } else {
      find_rake();
    }
    run.check();
    write(row, table);
  }

 private:
  void read_words() {
    words_.scan(text_);
    terms_.clear();
    term_index_.clear();
    of_word_.resize(words_.size());
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const std::string_view word = words_[i];
      if (holds_number(word)) {
        of_word_[i] = kNumber;
        continue;
      }
      const auto [found, is_new] =
          term_index_.try_emplace(word, static_cast<std::uint32_t>(terms_.size()));
      if (is_new) {
        Term& term = terms_.emplace_back();
        term.word = word;
        term.stopword = stopwords_->contains(word);
      }
      of_word_[i] = found->second;
    }
  }

  std::string_view source(std::size_t word) const {
    const Span32 span = words_.source(word);
    return text_.substr(span.begin, span.size());
  }

  // What a term is counted for, and the clauses.
  void read_clauses() {
    sentence_ends(text_, ends_);
    clauses_.clear();
    sentences_ = 0;
    std::size_t sentence = 0;
    std::size_t numbered = SIZE_MAX;  // the sentence that sentences_ last counted
    for (std::size_t i = 0; i < words_.size(); ++i) {
      const Span32 span = words_.source(i);
      while (sentence + 1 < ends_.size() && span.begin >= ends_[sentence]) ++sentence;
      const bool first_word = sentence != numbered;
      if (first_word) {
        numbered = sentence;
        ++sentences_;
      }
      if (of_word_[i] == kNumber) continue;
      Term& term = terms_[of_word_[i]];
      ++term.frequency;
      if (is_acronym(source(i))) {
        ++term.acronym;
      } else if (!first_word && is_capitalized(source(i))) {
        ++term.capitalized;
      }
      const std::uint32_t id = sentences_ - 1;
      if (term.sentences.empty() || term.sentences.back() != id) term.sentences.push_back(id);
      const bool goes_on =
          i > 0 && !first_word && of_word_[i - 1] != kNumber &&
          words_.source(i - 1).end <= span.begin &&
          joins(text_.substr(words_.source(i - 1).end, span.begin - words_.source(i - 1).end));
      if (goes_on) {
        clauses_.back().end = i + 1;
      } else {
        clauses_.push_back({i, i + 1});
      }
    }
  }

  static std::uint64_t pair(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::uint64_t>(a) << 32 | b;
  }

  void score_terms() {
    pairs_.clear();
    for (const Clause& clause : clauses_) {
      for (std::size_t i = clause.begin + 1; i < clause.end; ++i) {
        Term& left = terms_[of_word_[i - 1]];
        Term& right = terms_[of_word_[i]];
        const bool is_new = ++pairs_[pair(of_word_[i - 1], of_word_[i])] == 1;
        ++left.after;
        ++right.before;
        left.after_different += is_new;
        right.before_different += is_new;
      }
    }
    double count = 0;
    double sum = 0;
    double greatest = 0;
    for (const Term& term : terms_) {
      greatest = std::max(greatest, static_cast<double>(term.frequency));
      if (term.stopword) continue;
      ++count;
      sum += term.frequency;
    }
    const double mean = count > 0 ? sum / count : 0;
    double squares = 0;
    for (const Term& term : terms_) {
      if (!term.stopword) squares += (term.frequency - mean) * (term.frequency - mean);
    }
    const double deviation = count > 0 ? std::sqrt(squares / count) : 0;
    for (Term& term : terms_) {
      if (term.stopword) continue;
      const auto share = [](std::uint32_t part, std::uint32_t all) {
        return all == 0 ? 0.0 : static_cast<double>(part) / all;
      };
      const double tf = term.frequency;
      const double of_case = std::max(term.capitalized, term.acronym) / (1 + std::log(tf));
      const double position = std::log(std::log(3 + median(term.sentences)));
      const double frequency = tf / (mean + deviation);
      const double relation = 1 + (share(term.before_different, term.before) +
                                   share(term.after_different, term.after)) *
                                      tf / greatest;
      const double spread = static_cast<double>(term.sentences.size()) / sentences_;
      term.score = position * relation / (of_case + frequency / relation + spread / relation);
    }
  }

  void count_phrase(std::size_t first, std::size_t size) {
    const auto next = static_cast<std::uint32_t>(phrases_.size());
    phrases_.push_back({static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(size)});
    const auto [found, is_new] = phrase_set_.insert(next);
    if (!is_new) phrases_.pop_back();
    ++phrases_[*found].frequency;
  }

  const Term& term_of(const Phrase& phrase, std::size_t word) const {
    return terms_[of_word_[phrase.first + word]];
  }
  bool is_stopword(std::size_t word) const { return terms_[of_word_[word]].stopword; }

  void find_yake() {
    for (const Clause& clause : clauses_) {
      for (std::size_t first = clause.begin; first < clause.end; ++first) {
        if (is_stopword(first)) continue;
        const std::size_t most = std::min(options_->max_words, clause.end - first);
        for (std::size_t n = options_->min_words; n <= most; ++n) {
          if (!is_stopword(first + n - 1)) count_phrase(first, n);
        }
      }
    }
    for (Phrase& phrase : phrases_) {
      double product = 1;
      double sum = 0;
      double taken = 0;
      for (std::size_t i = 0; i < phrase.size; ++i) {
        const Term& term = term_of(phrase, i);
        if (!term.stopword) {
          product *= term.score;
          sum += term.score;
          continue;
        }
        const auto chance = [&](std::size_t a, std::size_t b, std::size_t given) {
          const auto both =
              pairs_.find(pair(of_word_[phrase.first + a], of_word_[phrase.first + b]));
          return static_cast<double>(both->second) / term_of(phrase, given).frequency;
        };
        const double p = chance(i - 1, i, i - 1) * chance(i, i + 1, i + 1);
        product *= 2 - p;
        taken += 1 - p;
      }
      phrase.score = product / (phrase.frequency * (1 + sum - std::min(taken, 1.0)));
    }
  }

  void find_rake() {
    degrees_.assign(terms_.size(), 0);
    occurrences_.assign(terms_.size(), 0);
    for (const Clause& clause : clauses_) {
      std::size_t begin = clause.begin;
      for (std::size_t i = clause.begin; i <= clause.end; ++i) {
        if (i < clause.end && !is_stopword(i)) continue;
        const std::size_t size = i - begin;
        for (std::size_t word = begin; word < i; ++word) {
          degrees_[of_word_[word]] += static_cast<double>(size);
          ++occurrences_[of_word_[word]];
        }
        if (size >= options_->min_words && size <= options_->max_words) {
          count_phrase(begin, size);
        }
        begin = i + 1;
      }
    }
    for (Phrase& phrase : phrases_) {
      for (std::size_t i = 0; i < phrase.size; ++i) {
        const std::uint32_t term = of_word_[phrase.first + i];
        phrase.score += degrees_[term] / occurrences_[term];
      }
    }
  }

  void write(std::size_t row, Table& table) {
    const bool low_is_good = options_->method == KeyphraseMethod::kYake;
    std::ranges::sort(phrases_, [low_is_good](const Phrase& a, const Phrase& b) {
      if (a.score != b.score) return (a.score < b.score) == low_is_good;
      if (a.first != b.first) return a.first < b.first;
      return a.size < b.size;
    });
    kept_.clear();
    for (const Phrase& phrase : phrases_) {
      if (kept_.size() == options_->k) break;
      std::string text;
      for (std::size_t i = 0; i < phrase.size; ++i) {
        if (i > 0) text.push_back(' ');
        text.append(term_of(phrase, i).word);
      }
      std::u32string characters = decoded(text);
      const bool known = std::ranges::any_of(kept_, [&](const std::u32string& better) {
        return are_alike(better, characters, options_->max_similarity);
      });
      if (known) continue;
      kept_.push_back(std::move(characters));
      push<std::int64_t>(table, 0, static_cast<std::int64_t>(row));
      std::get<Strings>(table.columns[1].values).push_back(text);
      push<double>(table, 2, phrase.score);
      push<std::int64_t>(table, 3, phrase.frequency);
      push<std::int64_t>(table, 4, characters_to(words_.source(phrase.first).begin));
      push<std::int64_t>(table, 5,
                         characters_to(words_.source(phrase.first + phrase.size - 1).end));
    }
  }

  template <typename T>
  static void push(Table& table, std::size_t column, T value) {
    std::get<std::vector<T>>(table.columns[column].values).push_back(value);
  }

  std::int64_t characters_to(std::size_t byte) const {
    return std::ranges::count_if(text_.substr(0, byte), [](char c) {
      return (static_cast<std::uint8_t>(c) & 0xC0u) != 0x80u;
    });
  }

  TextReader reader_;
  const KeyphraseOptions* options_;
  const StopwordSet* stopwords_;
  std::string_view text_;
  WordScanner words_{WordRule::kCount};
  absl::flat_hash_map<std::string_view, std::uint32_t, BytesHash> term_index_;
  std::vector<Term> terms_;
  std::vector<std::uint32_t> of_word_;  // the term of each word, or kNumber
  std::vector<std::size_t> ends_;
  std::uint32_t sentences_ = 0;
  std::vector<Clause> clauses_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> pairs_;
  std::vector<Phrase> phrases_;
  absl::flat_hash_set<std::uint32_t, PhraseWords, PhraseWords> phrase_set_{
      0, PhraseWords{&phrases_, &of_word_}, PhraseWords{&phrases_, &of_word_}};
  std::vector<double> degrees_;
  std::vector<double> occurrences_;
  std::vector<std::u32string> kept_;
};

Table empty_table() {
  Table table;
  table.add("row", std::vector<std::int64_t>{});
  table.add("phrase", Strings{});
  table.add("score", std::vector<double>{});
  table.add("frequency", std::vector<std::int64_t>{});
  table.add("start", std::vector<std::int64_t>{});
  table.add("end", std::vector<std::int64_t>{});
  return table;
}

void append(Table& all, const Table& part) {
  for (std::size_t i = 0; i < all.columns.size(); ++i) {
    std::visit(
        [&](auto& to) {
          const auto& from = std::get<std::decay_t<decltype(to)>>(part.columns[i].values);
          if constexpr (std::is_same_v<std::decay_t<decltype(to)>, Strings>) {
            for (std::size_t row = 0; row < from.size(); ++row) to.push_back(from[row]);
          } else if constexpr (requires { to.insert(to.end(), from.begin(), from.end()); }) {
            to.insert(to.end(), from.begin(), from.end());
          }
        },
        all.columns[i].values);
  }
}

void require_options(const KeyphraseOptions& options) {
  if (options.min_words < 1 || options.max_words < options.min_words ||
      options.max_words > kMaxPhraseWords) {
    throw InputError("ngrams",
                     "must be 1 <= shortest <= longest <= " + std::to_string(kMaxPhraseWords));
  }
  if (!(options.max_similarity > 0)) throw InputError("dedup", "must be above 0");
}

}  // namespace

Table keyphrases(const TextColumn& texts, const KeyphraseOptions& options, const Run& run) {
  require_options(options);
  StopwordSet stopwords;
  for (const std::string& word : options.stopwords) {
    const std::string normal = normalize_term(word);
    if (normal.find(' ') != std::string::npos) {
      throw InputError("stopwords", "'" + word + "' is more than one word");
    }
    if (!normal.empty()) stopwords.insert(normal);
  }
  std::vector<std::optional<Extractor>> extractors(static_cast<std::size_t>(run.threads));
  std::vector<Table> found((texts.size() + kTextsAtATime - 1) / kTextsAtATime);
  run.begin("extracting", texts.total_bytes());
  parallel_for(run, texts.size(), kTextsAtATime,
               [&](int worker, std::size_t begin, std::size_t end) {
                 std::optional<Extractor>& extractor = extractors[static_cast<std::size_t>(worker)];
                 if (!extractor) extractor.emplace(texts, options, stopwords);
                 Table& table = found[begin / kTextsAtATime];
                 for (std::size_t row = begin; row < end; ++row) {
                   if (texts.stored_bytes(row) == 0) continue;
                   run.check();
                   if (table.columns.empty()) table = empty_table();
                   extractor->add(row, run, table);
                   run.advance(texts.stored_bytes(row));
                 }
               });
  Table all = empty_table();
  for (Table& table : found) {
    if (table.columns.empty()) continue;
    append(all, table);
    table = {};
  }
  return all;
}

}  // namespace wirecopy
