#include "wirecopy/text/normalize.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/entities.h"
#include "wirecopy/text/forms.h"
#include "wirecopy/text/mojibake.h"
#include "wirecopy/text/patterns.h"

namespace wirecopy {
namespace {

constexpr std::array<std::string_view, kStepCount> kNames = {
    "utf8",         "mojibake",     "html_entities", "double_entities",
    "line_hyphens", "controls",     "soft_hyphens",  "zero_width",
    "joiners",      "bidi",         "line_breaks",   "spaces",
    "quotes",       "apostrophes",  "dashes",        "ellipses",
    "ligatures",    "nfc",          "nfd",           "nfkc",
    "nfkd",         "drop_urls",    "mark_urls",     "drop_emails",
    "mark_emails",  "drop_handles", "mark_handles",  "drop_numbers",
    "mark_numbers", "casefold",     "accents",       "whitespace",
    "one_line"};

bool is_char_step(Step step) { return step >= Step::kControls && step <= Step::kLigatures; }

constexpr std::size_t kRowsAtATime = 256;
// Rows of a piece that is given away: their texts should still be in the cache. Threads are worth
// their start for more.
constexpr std::size_t kRowsOfAPiece = 64;
constexpr std::size_t kPartsOfAThread = 4;

}  // namespace

std::string_view step_name(Step step) { return kNames[static_cast<std::size_t>(step)]; }

void StepSet::require_consistent() const {
  const auto at_most_one = [this](std::initializer_list<Step> steps) {
    std::string named;
    int count = 0;
    for (const Step step : steps) {
      if (!has(step)) continue;
      named += (count++ == 0 ? "" : ", ") + std::string(step_name(step));
    }
    if (count > 1) throw InputError("steps", named + " exclude each other; choose one");
  };
  at_most_one({Step::kNfc, Step::kNfd, Step::kNfkc, Step::kNfkd});
  at_most_one({Step::kDropUrls, Step::kMarkUrls});
  at_most_one({Step::kDropEmails, Step::kMarkEmails});
  at_most_one({Step::kDropHandles, Step::kMarkHandles});
  at_most_one({Step::kDropNumbers, Step::kMarkNumbers});
  at_most_one({Step::kWhitespace, Step::kOneLine});
}

Normalizer::Pass Normalizer::pass_of(Step step) {
  using Text = std::string_view;
  using Edits = std::vector<Edit>*;
  const auto form = [](Form f) {
    return [f](Text t, ByteBuffer& out, Edits e) { return to_form(t, f, out, e); };
  };
  const auto pattern = [](auto* replace, Text with) {
    return [=](Text t, ByteBuffer& out, Edits e) { return replace(t, with, out, e); };
  };
  const auto entities = [](Nesting nesting) {
    return [=](Text t, ByteBuffer& out, Edits e) { return decode_entities(t, nesting, out, e); };
  };
  const auto whitespace = [](Lines lines) {
    return [=](Text t, ByteBuffer& out, Edits e) { return collapse_whitespace(t, lines, out, e); };
  };
  switch (step) {
    case Step::kUtf8: return repair_utf8;
    case Step::kMojibake: return {};
    case Step::kHtmlEntities: return entities(Nesting::kOnce);
    case Step::kDoubleEntities: return entities(Nesting::kNested);
    case Step::kLineHyphens: return join_line_hyphens;
    case Step::kNfc: return form(Form::kNfc);
    case Step::kNfd: return form(Form::kNfd);
    case Step::kNfkc: return form(Form::kNfkc);
    case Step::kNfkd: return form(Form::kNfkd);
    case Step::kDropUrls: return pattern(replace_urls, "");
    case Step::kMarkUrls: return pattern(replace_urls, "<url>");
    case Step::kDropEmails: return pattern(replace_emails, "");
    case Step::kMarkEmails: return pattern(replace_emails, "<email>");
    case Step::kDropHandles: return pattern(replace_handles, "");
    case Step::kMarkHandles: return pattern(replace_handles, "<handle>");
    case Step::kDropNumbers: return pattern(replace_numbers, "");
    case Step::kMarkNumbers: return pattern(replace_numbers, "<number>");
    case Step::kCasefold: return fold_case;
    case Step::kAccents: return strip_accents;
    case Step::kWhitespace: return whitespace(Lines::kKeep);
    case Step::kOneLine: return whitespace(Lines::kOne);
    default: {
      const auto map = std::make_shared<const CharMap>(std::vector<Step>{step});
      return [map](Text t, ByteBuffer& out, Edits e) { return map->apply(t, out, e); };
    }
  }
}

Normalizer::Normalizer(const StepSet& steps) : steps_(steps) {
  steps.require_consistent();
  std::vector<Step> char_steps;
  for (int i = 0; i < kStepCount; ++i) {
    const auto step = static_cast<Step>(i);
    if (steps.has(step) && is_char_step(step)) char_steps.push_back(step);
  }
  bool map_is_there = char_steps.empty();
  for (int i = 0; i < kStepCount; ++i) {
    const auto step = static_cast<Step>(i);
    if (!steps.has(step) || step == Step::kMojibake) continue;
    if (!is_char_step(step)) {
      passes_.push_back(pass_of(step));
    } else if (!map_is_there) {
      // Side by side in the order of steps, so one table does all of them.
      const auto map = std::make_shared<const CharMap>(char_steps);
      passes_.emplace_back([map](std::string_view t, ByteBuffer& out, std::vector<Edit>* e) {
        return map->apply(t, out, e);
      });
      map_is_there = true;
    }
  }
}

std::string_view Normalizer::operator()(std::string_view text, Scratch& scratch) const {
  int next = 0;
  for (const Pass& pass : passes_) {
    if (!pass(text, scratch.buffers[next], nullptr)) continue;
    text = scratch.buffers[next].view();
    next = 1 - next;
  }
  return text;
}

std::string_view Normalizer::operator()(std::string_view text, Scratch& scratch,
                                        std::vector<Edit>& edits) const {
  edits.clear();
  std::vector<Edit> step;
  int next = 0;
  for (const Pass& pass : passes_) {
    step.clear();
    if (!pass(text, scratch.buffers[next], &step)) continue;
    edits = compose_edits(edits, step);
    text = scratch.buffers[next].view();
    next = 1 - next;
  }
  return text;
}

std::vector<StepEdits> Normalizer::explain(
    std::string_view text, const std::function<std::string(std::string_view)>& repair) const {
  std::vector<StepEdits> done;
  std::string now(text);
  for (int i = 0; i < kStepCount; ++i) {
    const auto step = static_cast<Step>(i);
    if (!steps_.has(step)) continue;
    StepEdits edits{step, {}, {}, {}};
    if (step == Step::kMojibake) {
      edits.after = repair(now);
      if (edits.after == now) continue;
      edits.edits = align_edits(now, edits.after);
    } else {
      ByteBuffer out;
      if (!pass_of(step)(now, out, &edits.edits)) continue;
      edits.after = std::string(out.view());
    }
    edits.before = std::move(now);
    now = edits.after;
    done.push_back(std::move(edits));
  }
  return done;
}

Surrogates Normalizer::surrogates() const {
  return steps_.has(Step::kUtf8) ? Surrogates::kKeep : Surrogates::kRefuse;
}

namespace {

// One thread's way through the rows.
class RowNormalizer {
 public:
  RowNormalizer(const TextColumn& texts, const Normalizer& normalizer, const RepairedRows& repaired)
      : texts_(&texts),
        normalizer_(&normalizer),
        repaired_(&repaired),
        reader_(texts, normalizer.surrogates()) {
    if (repaired.texts != nullptr) repaired_reader_ = std::make_unique<TextReader>(*repaired.texts);
  }

  struct Row {
    RowState state;
    std::string_view text;  // until the next row
  };
  // `maps` may be null.
  Row operator()(std::size_t row, OffsetMaps* maps) {
    if (texts_->is_null(row)) {
      if (maps != nullptr) maps->push_back({}, {0, 0});
      return {RowState::kNull, {}};
    }
    const std::optional<std::string_view> repaired = read_repaired(row);
    const std::string_view text = repaired ? *repaired : reader_[row];
    std::string_view result;
    if (maps == nullptr) {
      result = (*normalizer_)(text, scratch_);
    } else {
      result = (*normalizer_)(text, scratch_, edits_);
      if (repaired) {
        const std::string_view original = reader_[row];
        edits_ = compose_edits(repair_edits(original, text), edits_);
        append_map(original, result, *maps);
      } else {
        append_map(text, result, *maps);
      }
    }
    const bool changed = repaired || result.data() != text.data();
    return {changed ? RowState::kChanged : RowState::kAsItWas, result};
  }

 private:
  // From a text as it stands to the same after the repair of its mojibake.
  std::vector<Edit> repair_edits(std::string_view original, std::string_view repaired) {
    std::vector<Edit> utf8;
    const std::string_view valid =
        repair_utf8(original, repair_, &utf8) ? repair_.view() : original;
    return compose_edits(utf8, align_edits(valid, repaired));
  }

  void append_map(std::string_view original, std::string_view result, OffsetMaps& maps) const {
    maps.push_back(in_code_points(edits_, original, result),
                   {utf8::count_code_points(original), utf8::count_code_points(result)});
  }

  std::optional<std::string_view> read_repaired(std::size_t row) {
    const auto& rows = repaired_->rows;
    if (!rows.empty()) {
      const auto found = std::ranges::lower_bound(rows, static_cast<std::int64_t>(row));
      if (found != rows.end() && std::cmp_equal(*found, row)) {
        return (*repaired_reader_)[static_cast<std::size_t>(found - rows.begin())];
      }
    }
    return std::nullopt;
  }

  const TextColumn* texts_;
  const Normalizer* normalizer_;
  const RepairedRows* repaired_;
  TextReader reader_;
  std::unique_ptr<TextReader> repaired_reader_;
  Normalizer::Scratch scratch_;
  ByteBuffer repair_;
  std::vector<Edit> edits_;
};

// All rows, in parallel, with the maps if they are wanted.
class ColumnNormalizer {
 public:
  ColumnNormalizer(const TextColumn& texts, const StepSet& steps, const RepairedRows& repaired,
                   const Run& run, OffsetMaps* maps, std::size_t grain)
      : texts_(&texts),
        repaired_(&repaired),
        run_(&run),
        maps_(maps),
        grain_(grain),
        normalizer_(steps),
        mapped_(maps == nullptr ? 0 : (texts.size() + grain - 1) / grain),
        workers_(static_cast<std::size_t>(run.threads)) {
    run.begin("normalizing", texts.total_bytes());
  }

  // Calls write(number of the part, row, what it became) for all rows of [begin, end), those of one
  // part one after the other. Parts are of `grain` rows, of which `begin` is a multiple.
  template <typename Write>
  void operator()(std::size_t begin, std::size_t end, const Write& write) {
    parallel_for(*run_, end - begin, grain_, [&](int number, std::size_t from, std::size_t to) {
      auto& worker = workers_[static_cast<std::size_t>(number)];
      if (!worker) {
        worker = std::make_unique<RowNormalizer>(*texts_, normalizer_, *repaired_);
      }
      const std::size_t part = (begin + from) / grain_;
      OffsetMaps* const its_maps = maps_ == nullptr ? nullptr : &mapped_[part];
      for (std::size_t row = begin + from; row < begin + to; ++row) {
        run_->check();
        write(part, row, (*worker)(row, its_maps));
        run_->advance(texts_->stored_bytes(row));
      }
    });
  }

  // After all rows.
  void finish() {
    if (maps_ == nullptr) return;
    *maps_ = {};
    for (OffsetMaps& part : mapped_) {
      run_->check();
      maps_->append(part);
      part = {};
    }
  }

 private:
  const TextColumn* texts_;
  const RepairedRows* repaired_;
  const Run* run_;
  OffsetMaps* maps_;
  std::size_t grain_;
  Normalizer normalizer_;
  std::vector<OffsetMaps> mapped_;
  std::vector<std::unique_ptr<RowNormalizer>> workers_;
};

}  // namespace

NormalizedTexts normalize_texts(const TextColumn& texts, const StepSet& steps,
                                const RepairedRows& repaired, const Run& run, OffsetMaps* maps) {
  const bool alone = run.threads == 1;
  // One thread writes to where the result stays.
  std::vector<Strings> written(alone ? 1 : (texts.size() + kRowsAtATime - 1) / kRowsAtATime);
  if (alone) {
    reserve_huge(written[0].bytes, texts.total_bytes() + texts.total_bytes() / 16);
    written[0].offsets.reserve(texts.size() + 1);
  }
  NormalizedTexts result;
  result.states.resize(texts.size());
  ColumnNormalizer normalizer(texts, steps, repaired, run, maps, kRowsAtATime);
  normalizer(0, texts.size(),
             [&](std::size_t part, std::size_t row, const RowNormalizer::Row& made) {
               written[alone ? 0 : part].push_back(made.text);
               result.states[row] = made.state;
             });
  normalizer.finish();
  if (alone) {
    result.texts = std::move(written[0]);
    return result;
  }
  std::size_t bytes = 0;
  for (const Strings& piece : written) bytes += piece.bytes.size();
  reserve_huge(result.texts.bytes, bytes);
  result.texts.offsets.reserve(texts.size() + 1);
  for (Strings& piece : written) {
    run.check();
    result.texts.append(std::exchange(piece, {}));
  }
  return result;
}

void normalize_pieces(const TextColumn& texts, const StepSet& steps, const RepairedRows& repaired,
                      const Run& run, OffsetMaps* maps,
                      const std::function<void(const NormalizedPiece&)>& take) {
  const auto threads = static_cast<std::size_t>(run.threads);
  std::vector<NormalizedPiece> parts(threads == 1 ? 1 : threads * kPartsOfAThread);
  const std::size_t rows_at_once = parts.size() * kRowsOfAPiece;
  ColumnNormalizer normalizer(texts, steps, repaired, run, maps, kRowsOfAPiece);
  for (std::size_t begin = 0; begin < texts.size(); begin += rows_at_once) {
    const std::size_t end = std::min(texts.size(), begin + rows_at_once);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      parts[i].first_row = begin + i * kRowsOfAPiece;
      parts[i].texts.offsets.resize(1);
      parts[i].texts.bytes.clear();
      parts[i].states.clear();
    }
    normalizer(begin, end, [&](std::size_t part, std::size_t, const RowNormalizer::Row& made) {
      NormalizedPiece& piece = parts[part % parts.size()];
      piece.texts.push_back(made.state == RowState::kChanged ? made.text : std::string_view());
      piece.states.push_back(made.state);
    });
    for (const NormalizedPiece& piece : parts) take(piece);
  }
  normalizer.finish();
}

std::vector<std::int64_t> detect_rows(const TextColumn& texts, const SequenceDetector& detector,
                                      const Run& run) {
  std::vector<std::uint8_t> found(texts.size());
  run.begin("looking for mojibake", texts.total_bytes());
  parallel_for(run, texts.size(), kRowsAtATime, [&](int, std::size_t begin, std::size_t end) {
    TextReader reader(texts, Surrogates::kKeep);
    ByteBuffer buffer;
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      std::string_view text = reader[row];
      if (repair_utf8(text, buffer, nullptr)) text = buffer.view();
      found[row] = detector.matches(text) ? 1 : 0;
      run.advance(texts.stored_bytes(row));
    }
  });
  std::vector<std::int64_t> rows;
  for (std::size_t row = 0; row < found.size(); ++row) {
    if (found[row] != 0) rows.push_back(static_cast<std::int64_t>(row));
  }
  return rows;
}

}  // namespace wirecopy
