// Any bytes in the place of a manifest or a segment, with checksums that are right: refused with an
// error that names the file, or read within bounds.
#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "../cpp/archive/memory_folder.h"
#include "fuzz.h"
#include "wirecopy/archive/archive.h"
#include "wirecopy/archive/everything.h"
#include "wirecopy/archive/finder.h"
#include "wirecopy/archive/judging.h"
#include "wirecopy/archive/tables.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"

using namespace wirecopy;
using wirecopy::testing::Disk;
using wirecopy::testing::MemoryFolder;

namespace {

const Run kRun{.threads = 1};

struct Made {
  std::string manifest;
  std::string segment;
  std::string name;  // of the segment's file
};

Made make_archive(bool bands) {
  ArchiveSettings settings;
  settings.texts = true;
  settings.shingle_size = 2;
  if (bands) {
    settings.keys = format::Keys::kBands;
    settings.permutations = 8;
    settings.banding = {4, 2};
    settings.threshold = 0.5;
  }
  const auto disk = std::make_shared<Disk>();
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, settings);
  TextColumn texts;
  // One that fills a block and more, and still takes few bytes.
  static const std::string kLong = std::string(format::kTextBlockBytes, 'x') + " the end";
  for (const std::string_view text :
       {std::string_view("the ferry will not sail on friday"),
        std::string_view("the ferry will sail on friday after all"), std::string_view(),
        std::string_view("the ferry will not sail on friday"),
        std::string_view("trams run every ten minutes"), std::string_view(kLong)}) {
    texts.push_back(text);
  }
  NewTexts add;
  add.whole = add.compared = &texts;
  add.id_kind = format::IdKind::kStrings;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    add.ids.push_back("id " + std::to_string(i));
    add.dates.push_back(static_cast<std::int64_t>(i));
    add.sources.push_back(i % 2 == 0 ? "Daily" : "Wire");
    add.has_source.push_back(i != 1);
  }
  archive.add(add, false, 0, kRun);
  Made made;
  made.manifest = disk->names.at("MANIFEST")->bytes;
  for (const auto& [name, file] : disk->names) {
    if (!is_segment_name(name)) continue;
    made.name = name;
    made.segment = file->bytes;
  }
  return made;
}

template <typename T>
T value_at(const std::string& bytes, std::uint64_t at) {
  T value{};
  if (at + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

template <typename T>
void put(std::string& bytes, std::uint64_t at, const T& value) {
  if (at + sizeof value <= bytes.size()) std::memcpy(bytes.data() + at, &value, sizeof value);
}

// Changes some bytes or words, at places and to values that the input tells.
void mutate(fuzz::Bytes& in, std::string& bytes) {
  for (int edits = in.byte() % 4; edits >= 0 && !bytes.empty(); --edits) {
    const std::uint64_t word = in.word();
    const std::uint64_t at = word % bytes.size();
    switch (in.byte() % 5) {
      case 0: bytes[at] = static_cast<char>(in.byte()); break;
      case 1: put(bytes, at / 8 * 8, in.word()); break;
      case 2: put(bytes, at / 8 * 8, ~std::uint64_t{in.byte()}); break;  // near 2^64
      case 3: put(bytes, at / 4 * 4, std::uint32_t{in.byte()}); break;
      default: bytes.resize(at + in.byte() % 2 * (bytes.size() - at)); break;
    }
  }
}

// Makes every checksum right again, as somebody would who wants to be believed.
void sign(Made& made, fuzz::Bytes& in) {
  const auto entry_at = [&] {
    const auto head = value_at<format::ManifestHead>(made.manifest, 0);
    return sizeof head + std::min<std::uint64_t>(head.rules_bytes, made.manifest.size());
  };
  auto entry = value_at<format::SegmentEntry>(made.manifest, entry_at());
  const std::string& bytes = made.segment;
  if (bytes.size() >= sizeof(format::SegmentHeader)) {
    const std::size_t hashed = offsetof(format::SegmentHeader, hash);
    put(made.segment, hashed, hash_bytes(std::string_view(bytes).substr(0, hashed)));
  }
  if (entry.footer <= bytes.size()) {
    const auto head = value_at<format::FooterHead>(bytes, entry.footer);
    for (std::uint32_t i = 0; i < std::min(head.sections, format::kKinds); ++i) {
      const std::uint64_t at = entry.footer + sizeof head + i * sizeof(format::SectionEntry);
      auto section = value_at<format::SectionEntry>(bytes, at);
      if (section.offset > bytes.size() || section.bytes > bytes.size() - section.offset) continue;
      const std::uint64_t pages = (section.bytes + format::kPageBytes - 1) / format::kPageBytes;
      if (section.table > bytes.size() || pages * 8 > bytes.size() - section.table) continue;
      for (std::uint64_t page = 0; page < pages; ++page) {
        const auto page_bytes = std::string_view(bytes)
                                    .substr(section.offset, section.bytes)
                                    .substr(page * format::kPageBytes, format::kPageBytes);
        put(made.segment, section.table + page * 8, hash_bytes(page_bytes));
      }
      section.table_hash = hash_bytes(std::string_view(bytes).substr(section.table, pages * 8));
      put(made.segment, at, section);
    }
    entry.footer_hash = hash_bytes(std::string_view(bytes).substr(entry.footer));
  }
  if (in.byte() % 4 != 0) entry.bytes = bytes.size();
  put(made.manifest, entry_at(), entry);
  if (made.manifest.size() >= sizeof(Fingerprint)) {
    const std::size_t body = made.manifest.size() - sizeof(Fingerprint);
    put(made.manifest, body, fingerprint(made.manifest.data(), body));
  }
}

// Whatever an archive is for.
void use(const std::shared_ptr<Disk>& disk) {
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite);
  const auto snapshot = archive.snapshot();
  const auto attempt = [&](auto what) {
    try {
      what();
    } catch (const ArchiveError& error) {
      const std::string_view said = error.what();
      fuzz::require(said.starts_with("MANIFEST") || said.starts_with("seg-"), "errors name a file");
    } catch (const InputError&) {
    }
  };
  const Similarity rule{.threshold = 0.5};
  attempt([&] { verify_table(*snapshot, kRun); });
  attempt([&] { texts_table(*snapshot, snapshot->all()); });
  attempt([&] {
    Unpacker unpacker;
    for (const std::uint64_t place : snapshot->all()) {
      const auto [part, text] = snapshot->at(place);
      if (snapshot->settings().texts) part->segment->text(text, unpacker);
    }
  });
  attempt([&] { snapshot->find_id("id 3"); });
  TextColumn texts;
  texts.push_back("the ferry will not sail on friday");
  attempt([&] {
    const Answer answer = match_texts(*snapshot, texts, texts, rule, {.max_found = 100}, kRun);
    found_table(*snapshot, answer, rule);
    if (snapshot->settings().texts) judge_found(snapshot, answer, {.compared = &texts}, kRun);
  });
  attempt([&] {
    const Answer answer = match_before(*snapshot, 0, rule, {.max_found = 100}, kRun);
    if (snapshot->settings().texts) judge_found(snapshot, answer, {}, kRun);
  });
  attempt([&] { match_everything(snapshot, rule, 100, kRun); });
  attempt([&] { archive.compact(kRun); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Made kExact = make_archive(false);
  static const Made kBands = make_archive(true);
  fuzz::Bytes in(data, size);
  const std::uint8_t what = in.byte();
  Made made = what % 2 == 0 ? kExact : kBands;
  if (what / 2 % 4 == 0) {
    made.manifest = std::string(in.rest());  // unsigned, unlike anything
  } else {
    if (what / 2 % 2 == 0) mutate(in, made.manifest);
    if (what / 4 % 2 == 0) mutate(in, made.segment);
    if (what / 8 % 4 != 0) sign(made, in);
  }
  const auto disk = std::make_shared<Disk>();
  for (const auto& [name, bytes] :
       {std::pair(std::string("MANIFEST"), made.manifest), std::pair(made.name, made.segment)}) {
    disk->names[name] = std::make_shared<testing::File>();
    disk->names[name]->bytes = bytes;
  }
  try {
    use(disk);
  } catch (const ArchiveError& error) {
    const std::string_view said = error.what();
    fuzz::require(said.starts_with("MANIFEST") || said.starts_with("seg-"), "errors name a file");
  }
  return 0;
}
