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

namespace {

Surrogates surrogates_for(const StepSet& steps) {
  return steps.has(Step::kUtf8) ? Surrogates::kKeep : Surrogates::kRefuse;
}

// One thread's way through the rows.
class RowNormalizer {
 public:
  RowNormalizer(const TextColumn& texts, const StepSet& steps, const Normalizer& normalizer,
                const RepairedRows& repaired, Written written)
      : texts_(&texts),
        normalizer_(&normalizer),
        repaired_(&repaired),
        written_(written),
        reader_(texts, surrogates_for(steps)) {
    if (repaired.texts != nullptr) repaired_reader_ = std::make_unique<TextReader>(*repaired.texts);
  }

  // `maps` may be null.
  RowState append(std::size_t row, Strings& out, OffsetMaps* maps) {
    if (texts_->is_null(row)) {
      out.push_back({});
      if (maps != nullptr) maps->push_back({}, {0, 0});
      return RowState::kNull;
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
    out.push_back(changed || written_ == Written::kAll ? result : std::string_view());
    return changed ? RowState::kChanged : RowState::kAsItWas;
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
  Written written_;
  TextReader reader_;
  std::unique_ptr<TextReader> repaired_reader_;
  Normalizer::Scratch scratch_;
  ByteBuffer repair_;
  std::vector<Edit> edits_;
};

}  // namespace

NormalizedTexts normalize_texts(const TextColumn& texts, const StepSet& steps,
                                const RepairedRows& repaired, const Run& run, OffsetMaps* maps,
                                Written which) {
  const Normalizer normalizer(steps);
  const std::size_t pieces = (texts.size() + kRowsAtATime - 1) / kRowsAtATime;
  // One thread writes to where the result stays.
  std::vector<Strings> written(run.threads == 1 ? 1 : pieces);
  if (run.threads == 1) {
    reserve_huge(written[0].bytes, texts.total_bytes() + texts.total_bytes() / 16);
    written[0].offsets.reserve(texts.size() + 1);
  }
  std::vector<OffsetMaps> mapped(maps == nullptr ? 0 : pieces);
  std::vector<std::unique_ptr<RowNormalizer>> workers(static_cast<std::size_t>(run.threads));
  NormalizedTexts result;
  result.states.resize(texts.size());
  run.begin("normalizing", texts.total_bytes());
  parallel_for(
      run, texts.size(), kRowsAtATime, [&](int number, std::size_t begin, std::size_t end) {
        auto& worker = workers[static_cast<std::size_t>(number)];
        if (!worker) {
          worker = std::make_unique<RowNormalizer>(texts, steps, normalizer, repaired, which);
        }
        Strings& out = written[run.threads == 1 ? 0 : begin / kRowsAtATime];
        OffsetMaps* const its_maps = maps == nullptr ? nullptr : &mapped[begin / kRowsAtATime];
        for (std::size_t row = begin; row < end; ++row) {
          run.check();
          result.states[row] = worker->append(row, out, its_maps);
          run.advance(texts.stored_bytes(row));
        }
      });
  if (maps != nullptr) *maps = {};
  for (OffsetMaps& piece : mapped) {
    run.check();
    maps->append(piece);
    piece = {};
  }
  if (run.threads == 1) {
    result.texts = std::move(written[0]);
  } else {
    std::size_t bytes = 0;
    for (const Strings& piece : written) bytes += piece.bytes.size();
    reserve_huge(result.texts.bytes, bytes);
    result.texts.offsets.reserve(texts.size() + 1);
    for (Strings& piece : written) {
      run.check();
      result.texts.append(std::exchange(piece, {}));
    }
  }
  return result;
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
