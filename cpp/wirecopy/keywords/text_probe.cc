#include "wirecopy/keywords/text_probe.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {
namespace {

constexpr std::size_t kBlock = 64;

// Characters that fold to one of the same UTF-8 length, by what they fold to.
const std::multimap<char32_t, char32_t>& unfolded() {
  static const std::multimap<char32_t, char32_t> map = [] {
    std::multimap<char32_t, char32_t> m;
    for (char32_t c = 'A'; c <= 'Z'; ++c) m.emplace(c | 0x20u, c);
    for (char32_t c = 0x80; c <= 0x10FFFF; ++c) {
      const unicode::Record r = unicode::record(c);
      if (r.has(unicode::kInPlace) && !r.has(unicode::kRewrite)) {
        m.emplace(r.folded_in_place(c), c);
      }
    }
    return m;
  }();
  return map;
}

// Per thousand letters of English text, roughly; only the order of the letters matters.
constexpr std::array<std::uint8_t, 26> kEnglish{82, 15, 28, 43, 127, 22, 20, 61, 70, 2,  8, 40, 24,
                                                67, 75, 19, 1,  60,  63, 91, 28, 10, 24, 2, 20, 1};

int commonness(char32_t c) {
  if (c >= 'a' && c <= 'z') return kEnglish[c - 'a'];
  return c < 0x80 ? 10 : 30;  // a digit, or some other script's letter
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

// The run whose letters are rarest. An apostrophe, "." and "," may be written in several ways.
std::u32string best_literal(const WordPattern& pattern) {
  std::u32string best;
  double best_score = -1;
  for (const WordGlob& word : pattern.folded) {
    std::string_view rest = word.pattern();
    while (!rest.empty()) {
      constexpr std::string_view kEnds("\xFE\xFF'.,");
      const std::size_t size = std::min(rest.find_first_of(kEnds), rest.size());
      const std::u32string run = decoded(rest.substr(0, size));
      double score = 0;
      for (const char32_t c : run) score += 1.0 / (1 + commonness(c));
      if (!run.empty() && score + static_cast<double>(run.size()) > best_score) {
        best_score = score + static_cast<double>(run.size());
        best = run;
      }
      rest.remove_prefix(std::min(size + 1, rest.size()));
    }
  }
  return best;
}

bool hides(char32_t c, bool accents_matter) {
  const unicode::Record r = unicode::record(c);
  return r.has(unicode::kJoins) || (!accents_matter && r.has(unicode::kWord));
}

// The first element from `at` on that is not ASCII, or the size.
template <typename Element>
std::size_t skip_ascii(const Element* text, std::size_t size, std::size_t at) {
  constexpr std::size_t kStep = 8 / sizeof(Element);
  constexpr std::uint64_t kNotAscii = sizeof(Element) == 1   ? 0x8080808080808080u
                                      : sizeof(Element) == 2 ? 0xFF80FF80FF80FF80u
                                                             : 0xFFFFFF80FFFFFF80u;
  while (size - at >= 4 * kStep) {
    std::array<std::uint64_t, 4> words;
    std::memcpy(words.data(), text + at, sizeof words);
    if (((words[0] | words[1] | words[2] | words[3]) & kNotAscii) != 0) break;
    at += 4 * kStep;
  }
  while (at < size && text[at] < 0x80) ++at;
  return at;
}

template <typename Element>
bool any_hides(const Element* text, std::size_t size, bool accents_matter) {
  for (std::size_t at = skip_ascii(text, size, 0); at < size; at = skip_ascii(text, size, at)) {
    if constexpr (sizeof(Element) == 1) {
      const std::string_view bytes(reinterpret_cast<const char*>(text), size);
      const utf8::Decoded d = utf8::decode(bytes, at);
      if (hides(d.code_point, accents_matter)) return true;
      at += d.length;
    } else {
      // A number beyond Unicode, or a surrogate: whoever reads the text complains.
      if (text[at] > 0x10FFFF || (text[at] >= 0xD800 && text[at] < 0xE000) ||
          hides(text[at], accents_matter)) {
        return true;
      }
      ++at;
    }
  }
  return false;
}

}  // namespace

template <typename Element>
TextProbe::Run<Element> TextProbe::make_run(std::u32string_view literal, bool& usable) {
  Run<Element> run;
  std::vector<int> costs;
  const auto push = [&](std::uint32_t lower, std::uint32_t upper, bool any, int cost) {
    run.choices.push_back({static_cast<Element>(lower), static_cast<Element>(upper), any});
    costs.push_back(any ? 1000 : cost);
  };
  for (const char32_t c : literal) {
    std::vector<char32_t> all{c};
    const auto [from, to] = unfolded().equal_range(c);
    for (auto it = from; it != to; ++it) {
      if (std::ranges::find(all, it->second) == all.end()) all.push_back(it->second);
    }
    const int cost = commonness(c);
    if constexpr (sizeof(Element) == 1) {
      std::vector<std::string> forms;
      for (const char32_t form : all) utf8::append(forms.emplace_back(), form);
      for (std::size_t i = 0; i < forms.front().size(); ++i) {
        std::vector<std::uint8_t> bytes;
        for (const std::string& form : forms) {
          const auto byte = static_cast<std::uint8_t>(form[i]);
          if (std::ranges::find(bytes, byte) == bytes.end()) bytes.push_back(byte);
        }
        // The first bytes of another script's letters are alike.
        const bool lead = forms.front().size() > 1 && i + 1 < forms.front().size();
        push(bytes.front(), bytes.back(), bytes.size() > 2, lead ? 500 : cost);
      }
    } else {
      push(all.front(), all.back(), all.size() > 2, cost);
    }
  }
  const auto cheapest = std::ranges::min_element(costs);
  usable = cheapest != costs.end() && *cheapest < 1000;
  if (!usable) return run;
  run.first = static_cast<std::size_t>(cheapest - costs.begin());
  *cheapest = 2000;
  const auto next = std::ranges::min_element(costs);
  run.second = *next < 1000 ? static_cast<std::size_t>(next - costs.begin()) : run.first;
  if (run.second < run.first) std::swap(run.first, run.second);
  return run;
}

template <typename Element>
std::size_t TextProbe::find(const Run<Element>& run, std::span<const Element> text,
                            std::size_t from) {
  const std::size_t length = run.choices.size();
  if (text.size() < length) return SIZE_MAX;
  const std::size_t places = text.size() - length + 1;
  const Choice<Element> a = run.choices[run.first];
  const Choice<Element> b = run.choices[run.second];
  const Element* const at_a = text.data() + run.first;
  const Element* const at_b = text.data() + run.second;
  const auto holds_at = [&](std::size_t at) {
    for (std::size_t i = 0; i < length; ++i) {
      if (!run.choices[i].holds(text[at + i])) return false;
    }
    return true;
  };
  std::size_t at = from;
  for (; at + kBlock <= places; at += kBlock) {
    Element any = 0;
    // Simple enough for the compiler to make vectors of.
    for (std::size_t i = 0; i < kBlock; ++i) {
      const Element x = at_a[at + i];
      const Element y = at_b[at + i];
      const bool both = ((x == a.lower) | (x == a.upper)) & ((y == b.lower) | (y == b.upper));
      any = static_cast<Element>(any | static_cast<Element>(both));
    }
    if (any == 0) continue;
    for (std::size_t i = 0; i < kBlock; ++i) {
      if (holds_at(at + i)) return at + i;
    }
  }
  for (; at < places; ++at) {
    if (holds_at(at)) return at;
  }
  return SIZE_MAX;
}

std::optional<TextProbe> TextProbe::of(const WordPattern& pattern) {
  const std::u32string literal = best_literal(pattern);
  if (literal.empty()) return std::nullopt;
  TextProbe probe;
  bool usable = true;
  probe.bytes_ = make_run<std::uint8_t>(literal, usable);
  if (!usable) return std::nullopt;
  probe.ucs2_ = make_run<std::uint16_t>(literal, usable);
  if (!usable) return std::nullopt;
  probe.ucs4_ = make_run<std::uint32_t>(literal, usable);
  // A character that is not in a storage is in no text of it, in either case.
  for (const auto& choice : probe.ucs4_.choices) {
    const std::uint32_t least = std::min(choice.lower, choice.upper);
    probe.in_latin1_ &= choice.any || least < 0x100;
    probe.in_ucs2_ &= choice.any || least < 0x10000;
    const auto narrow = [](std::uint32_t c, std::uint32_t other) {
      return static_cast<std::uint8_t>(c < 0x100 ? c : other);
    };
    probe.latin1_.choices.push_back(
        {narrow(choice.lower, choice.upper), narrow(choice.upper, choice.lower), choice.any});
  }
  probe.latin1_.first = probe.ucs4_.first;
  probe.latin1_.second = probe.ucs4_.second;
  return probe;
}

template <typename Element>
bool TextProbe::holds(const Run<Element>& run, const StoredText& text) {
  const std::span<const Element> all(static_cast<const Element*>(text.data),
                                     static_cast<std::size_t>(text.length));
  return find(run, all) != SIZE_MAX;
}

bool TextProbe::may_be_in(const StoredText& text) const {
  switch (text.storage) {
    case Storage::kLatin1: return in_latin1_ && holds(latin1_, text);
    case Storage::kUcs2: return in_ucs2_ && holds(ucs2_, text);
    case Storage::kUcs4: return holds(ucs4_, text);
    default: return holds(bytes_, text);
  }
}

std::size_t TextProbe::next(std::string_view utf8, std::size_t from) const {
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(utf8.data());
  return find(bytes_, std::span(bytes, utf8.size()), from);
}

bool hides_letters(const StoredText& text, bool accents_matter) {
  const auto size = static_cast<std::size_t>(text.length);
  switch (text.storage) {
    case Storage::kLatin1: {
      // Bytes that are characters: not UTF-8.
      const std::span all(static_cast<const std::uint8_t*>(text.data), size);
      return std::ranges::any_of(
          all, [&](std::uint8_t c) { return c >= 0x80 && hides(c, accents_matter); });
    }
    case Storage::kUcs2:
      return any_hides(static_cast<const std::uint16_t*>(text.data), size, accents_matter);
    case Storage::kUcs4:
      return any_hides(static_cast<const std::uint32_t*>(text.data), size, accents_matter);
    default: return any_hides(static_cast<const std::uint8_t*>(text.data), size, accents_matter);
  }
}

}  // namespace wirecopy
