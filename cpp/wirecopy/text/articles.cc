#include "wirecopy/text/articles.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 256;

// Results of a stretch of rows.
struct Piece {
  Strings headline, date, place, agency, byline, body;
  std::vector<std::uint8_t> agency_copy;
  std::vector<FurnitureSpan> spans;  // offsets are code points
  std::vector<std::int64_t> row;
};

// Counts code points from where it was asked last.
class CodePoints {
 public:
  explicit CodePoints(std::string_view text) : text_(text) {}
  std::uint32_t at(std::size_t byte) {
    if (byte < byte_) byte_ = count_ = 0;
    count_ +=
        static_cast<std::uint32_t>(utf8::count_code_points(text_.substr(byte_, byte - byte_)));
    byte_ = byte;
    return count_;
  }

 private:
  std::string_view text_;
  std::size_t byte_ = 0;
  std::uint32_t count_ = 0;
};

// A column of all pieces, which lose it.
Strings joined(std::vector<Piece>& pieces, Strings Piece::* column) {
  std::size_t bytes = 0;
  std::size_t rows = 0;
  for (const Piece& piece : pieces) {
    bytes += (piece.*column).bytes.size();
    rows += (piece.*column).size();
  }
  Strings all;
  all.bytes.reserve(bytes);
  all.offsets.reserve(rows + 1);
  for (Piece& piece : pieces) all.append(std::exchange(piece.*column, {}));
  return all;
}

void take_apart(std::string_view text, std::size_t row, const FoundFurniture& found, Piece& piece) {
  piece.headline.push_back(found.headline);
  piece.date.push_back(found.date);
  piece.place.push_back(found.place);
  piece.agency.push_back(found.agency);
  piece.byline.push_back(found.byline);
  piece.agency_copy.push_back(found.agency_copy ? 1 : 0);
  // Begins and ends of the spans ascend, and so do those of the cuts, but not one among the other.
  CodePoints spans(text), cuts(text);
  std::size_t done = 0;
  for (FurnitureSpan span : found.spans) {
    piece.body.bytes += text.substr(done, span.cut_begin - done);
    done = span.cut_end;
    span.begin = spans.at(span.begin);
    span.end = spans.at(span.end);
    span.cut_begin = cuts.at(span.cut_begin);
    span.cut_end = cuts.at(span.cut_end);
    piece.spans.push_back(span);
    piece.row.push_back(static_cast<std::int64_t>(row));
  }
  piece.body.push_back(text.substr(done));
}

}  // namespace

Articles parse_articles(const TextColumn& texts, const FurnitureRules& rules,
                        const FurnitureOptions& options, std::span<const std::int32_t> sources,
                        const Run& run) {
  std::vector<Piece> pieces((texts.size() + kTextsAtATime - 1) / kTextsAtATime);
  run.begin("reading", texts.total_bytes());
  parallel_for(run, texts.size(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    TextReader reader(texts);
    FurnitureFinder finder(rules, options);
    FoundFurniture found;
    Piece& piece = pieces[begin / kTextsAtATime];
    std::size_t bytes = 0;
    for (std::size_t row = begin; row < end; ++row) bytes += texts.stored_bytes(row);
    piece.body.bytes.reserve(bytes);
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      const std::string_view text = reader[row];
      finder.find(text, sources.empty() ? -1 : sources[row], found);
      take_apart(text, row, found, piece);
      run.advance(texts.stored_bytes(row));
    }
  });

  Strings kind, rule, language;
  Bools agency_copy, removed;
  std::vector<std::int64_t> row, start, stop, cut_start, cut_end;
  std::vector<double> confidence;
  for (Piece& piece : pieces) {
    run.check();
    agency_copy.values.insert(agency_copy.values.end(), piece.agency_copy.begin(),
                              piece.agency_copy.end());
    row.insert(row.end(), piece.row.begin(), piece.row.end());
    for (const FurnitureSpan& span : piece.spans) {
      start.push_back(span.begin);
      stop.push_back(span.end);
      cut_start.push_back(span.cut_begin);
      cut_end.push_back(span.cut_end);
      kind.push_back(kFurnitureKinds[static_cast<std::size_t>(span.kind)]);
      const std::size_t known = rules.rules().size();
      rule.push_back(span.rule < known ? std::string_view(rules.rules()[span.rule].id)
                                       : kFurnitureShapes[span.rule - known]);
      language.push_back(span.rule < known ? std::string_view(rules.rules()[span.rule].language)
                                           : std::string_view("x"));
      confidence.push_back(span.confidence);
      removed.values.push_back(span.removed ? 1 : 0);
    }
    piece.spans = {};
    piece.row = {};
  }
  Articles result;
  result.articles.add("headline", joined(pieces, &Piece::headline));
  result.articles.add("date", joined(pieces, &Piece::date));
  result.articles.add("place", joined(pieces, &Piece::place));
  result.articles.add("agency", joined(pieces, &Piece::agency));
  result.articles.add("byline", joined(pieces, &Piece::byline));
  result.articles.add("body", joined(pieces, &Piece::body));
  result.articles.add("is_agency_copy", std::move(agency_copy));
  result.furniture.add("row", std::move(row));
  result.furniture.add("start", std::move(start));
  result.furniture.add("end", std::move(stop));
  result.furniture.add("cut_start", std::move(cut_start));
  result.furniture.add("cut_end", std::move(cut_end));
  result.furniture.add("kind", std::move(kind));
  result.furniture.add("rule", std::move(rule));
  result.furniture.add("language", std::move(language));
  result.furniture.add("confidence", std::move(confidence));
  result.furniture.add("removed", std::move(removed));
  return result;
}

}  // namespace wirecopy
