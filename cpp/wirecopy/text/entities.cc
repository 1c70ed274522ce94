#include "wirecopy/text/entities.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "wirecopy/base/utf8.h"
#include "wirecopy/text/entity_tables.h"

namespace wirecopy {
namespace {

// What U+0080 to U+009F are taken for: windows-1252; 0 where it has nothing there.
constexpr std::array<char16_t, 32> kWindows1252 = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

char32_t numeric_value(std::uint32_t value) {
  if (value == 0 || value > 0x10FFFF || value - 0xD800 < 0x800) return utf8::kReplacement;
  if (value - 0x80 < kWindows1252.size() && kWindows1252[value - 0x80] != 0) {
    return kWindows1252[value - 0x80];
  }
  return value;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The reference whose "&" stands before `at`: its end, with what it stands for in `value`; or `at`,
// where there is none.
std::size_t read_number(std::string_view text, std::size_t at, std::string& value) {
  std::size_t digit = at + 1;  // after "#"
  const bool hex = digit < text.size() && (text[digit] == 'x' || text[digit] == 'X');
  if (hex) ++digit;
  const int base = hex ? 16 : 10;
  std::uint32_t number = 0;
  const std::size_t first = digit;
  for (; digit < text.size(); ++digit) {
    const int d = hex_digit(text[digit]);
    if (d < 0 || d >= base) break;
    number = std::min<std::uint32_t>(
        number * static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(d), 0x110000);
  }
  if (digit == first) return at;
  value.clear();
  utf8::append(value, numeric_value(number));
  return digit < text.size() && text[digit] == ';' ? digit + 1 : digit;
}

std::size_t read_name(std::string_view text, std::size_t at, std::string& value) {
  const tables::EntityNode* node = tables::entity_nodes;
  const tables::EntityNode* best = nullptr;
  std::size_t end = at;
  for (std::size_t i = at; i < text.size(); ++i) {
    const tables::EntityNode* children = tables::entity_nodes + node->first_child;
    const auto letter = static_cast<std::uint8_t>(text[i]);
    const tables::EntityNode* next =
        std::find_if(children, children + node->children,
                     [letter](const tables::EntityNode& n) { return n.letter == letter; });
    if (next == children + node->children) break;
    node = next;
    if (node->text_bytes != 0) {
      best = node;
      end = i + 1;
    }
  }
  if (best != nullptr) {
    value.assign(reinterpret_cast<const char*>(tables::entity_texts) + best->text,
                 best->text_bytes);
  }
  return end;
}

std::size_t read_reference(std::string_view text, std::size_t at, std::string& value) {
  if (at == text.size()) return at;
  return text[at] == '#' ? read_number(text, at, value) : read_name(text, at, value);
}

}  // namespace

bool decode_entities(std::string_view text, Nesting nesting, ByteBuffer& out,
                     std::vector<Edit>* edits) {
  Rewriter rewriter(text, out, edits);
  std::string value;
  for (std::size_t at = 0; (at = text.find('&', at)) != std::string_view::npos;) {
    std::size_t end = read_reference(text, at + 1, value);
    if (end == at + 1) {
      ++at;
      continue;
    }
    while (nesting == Nesting::kNested && value == "&") {
      std::string inner;
      const std::size_t next = read_reference(text, end, inner);
      if (next == end) break;
      value = std::move(inner);
      end = next;
    }
    rewriter.replace(at, end, value);
    at = end;
  }
  return rewriter.finish();
}

}  // namespace wirecopy
