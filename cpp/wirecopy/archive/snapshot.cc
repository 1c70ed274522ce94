#include "wirecopy/archive/snapshot.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "wirecopy/base/hash.h"

namespace wirecopy {

std::shared_ptr<const Snapshot> Snapshot::open(Folder& folder, Manifest manifest,
                                               const Snapshot* before) {
  std::unordered_map<std::uint64_t, std::shared_ptr<const Segment>> known;
  if (before != nullptr) {
    for (std::size_t i = 0; i < before->parts_.size(); ++i) {
      known[before->manifest_.segments[i].entry.id] = before->parts_[i].segment;
    }
  }
  const auto snapshot = std::make_shared<Snapshot>();
  snapshot->manifest_ = std::move(manifest);
  for (const Manifest::Segment& one : snapshot->manifest_.segments) {
    std::shared_ptr<const Segment> segment;
    if (const auto at = known.find(one.entry.id); at != known.end()) {
      segment = at->second;
    } else {
      std::shared_ptr<const Mapping> file = folder.map(segment_name(one.entry.id));
      if (file == nullptr) return nullptr;
      segment = std::make_shared<Segment>(std::move(file), one.entry, snapshot->settings(),
                                          snapshot->manifest_.id_kind);
    }
    std::vector<bool> removed(one.removed.empty() ? 0 : one.entry.texts);
    for (const std::uint32_t text : one.removed) removed[text] = true;
    snapshot->parts_.push_back({std::move(segment), std::move(removed), snapshot->places_});
    snapshot->places_ += one.entry.texts;
    snapshot->size_ += one.entry.texts - one.removed.size();
  }
  return snapshot;
}

Snapshot::Place Snapshot::at(std::uint64_t place) const {
  const auto after = std::ranges::upper_bound(parts_, place, {}, &Part::first);
  const Part& part = *(after - 1);
  return {&part, static_cast<std::uint32_t>(place - part.first)};
}

std::vector<std::uint64_t> Snapshot::all() const {
  std::vector<std::uint64_t> places;
  places.reserve(static_cast<std::size_t>(size_));
  for (const Part& part : parts_) {
    for (std::size_t i = 0; i < part.segment->size(); ++i) {
      if (part.has(i)) places.push_back(part.first + i);
    }
  }
  return places;
}

std::optional<std::uint64_t> Snapshot::find_id(std::string_view id) const {
  for (const Part& part : parts_) {
    const auto text = part.segment->find_id(id);
    if (text && part.has(*text)) return part.first + *text;
  }
  return std::nullopt;
}

std::vector<std::optional<std::uint64_t>> Snapshot::find_ids(const Strings& ids) const {
  std::vector<std::pair<std::uint64_t, std::size_t>> wanted;  // hash, row
  wanted.reserve(ids.size());
  for (std::size_t row = 0; row < ids.size(); ++row) wanted.emplace_back(hash_bytes(ids[row]), row);
  std::ranges::sort(wanted);
  std::vector<std::optional<std::uint64_t>> places(ids.size());
  for (const Part& part : parts_) {
    std::uint64_t from = 0;
    for (const auto& [hash, row] : wanted) {
      const auto text = part.segment->find_id(ids[row], hash, from);
      if (text && part.has(*text) && !places[row]) places[row] = part.first + *text;
    }
  }
  return places;
}

}  // namespace wirecopy
