#include "alike/map/keep/map_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/map/keep/map_json.h"

namespace alike::map {
namespace {

constexpr std::uint64_t kMagic = 0x70616d656b696c61;  // "alikemap"
/// Also raised when the same rows come to give another map, so that none is taken for current.
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kAlignment = 64;
constexpr std::uint64_t kMostPoints = 1 << 26;
constexpr std::uint64_t kMostText = 1 << 24;

struct Head {
  std::uint64_t magic = kMagic;
  std::uint64_t version = kVersion;
  std::uint64_t points = 0;
  std::uint64_t text_bytes = 0;
  std::uint64_t reserved[4] = {};
};
static_assert(sizeof(Head) == kAlignment);

std::uint64_t padded(std::uint64_t size) {
  return (size + kAlignment - 1) / kAlignment * kAlignment;
}

/// Parts one after the other, each from a multiple of 64 on.
class Writer {
 public:
  void add(std::span<const std::byte> part) {
    bytes_.insert(bytes_.end(), part.begin(), part.end());
    bytes_.resize(padded(bytes_.size()));
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, std::string_view what) : bytes_(bytes), what_(what) {}

  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::corrupt, std::string(what_) + " is not a map: " + why);
  }
  /// The next part, which must be there in full.
  std::span<const std::byte> take(std::uint64_t size) {
    const std::uint64_t end = padded(at_ + size);
    if (end > bytes_.size()) refuse("it is cut short");
    const auto part = bytes_.subspan(at_, size);
    for (at_ += size; at_ < end; ++at_) {
      if (bytes_[at_] != std::byte{0}) refuse("there is something between its parts");
    }
    return part;
  }
  template <class T>
  std::vector<T> column(std::uint64_t count) {
    const auto part = take(count * sizeof(T));
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), part.data(), part.size());
    return values;
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::string_view what_;
  std::uint64_t at_ = 0;
};

Head take_head(Reader& reader, std::string_view what) {
  Head head;
  std::memcpy(&head, reader.take(sizeof head).data(), sizeof head);
  if (head.magic != kMagic) reader.refuse("it does not begin like one");
  if (head.version != kVersion) {
    throw Error(ErrorCode::unsupported, std::string(what) + " is a map of version " +
                                            std::to_string(head.version) +
                                            ", this alike reads version 1; make the map again");
  }
  if (head.points > kMostPoints || head.text_bytes > kMostText) {
    reader.refuse("its lengths are not possible");
  }
  return head;
}

void check(const Map& map, const Reader& reader) {
  const auto within = [](double most) {
    return [most](float value) { return value >= 0 && value <= most; };
  };
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!map.ids.empty() && map.ids.front() < 0) reader.refuse("an id is negative");
  if (std::ranges::adjacent_find(map.ids, std::greater_equal<>()) != map.ids.end()) {
    reader.refuse("its ids are not ascending");
  }
  const auto* points = map.points.data();
  if (!std::all_of(points, points + 2 * map.size(), finite)) reader.refuse("a point is nowhere");
  if (!std::ranges::all_of(map.trust, within(1))) reader.refuse("a trust is not from 0 to 1");
  if (!std::ranges::all_of(map.usual, within(1e38))) reader.refuse("a usual distance is none");
  const auto clusters = static_cast<std::int32_t>(map.clusters.size());
  if (!std::ranges::all_of(map.cluster, [&](std::int32_t c) { return c >= -1 && c < clusters; })) {
    reader.refuse("a point is in a cluster that is not there");
  }
}

}  // namespace

std::vector<std::byte> bytes_of(const Map& map) {
  const std::string text = text_of(map);
  Head head;
  head.points = map.size();
  head.text_bytes = text.size();
  Writer writer;
  writer.add(alike::bytes_of(head));
  writer.add(alike::bytes_of(text));
  writer.add(alike::bytes_of(map.ids));
  writer.add(alike::bytes_of(map.content));
  writer.add(std::as_bytes(std::span(map.points.data(), 2 * map.size())));
  writer.add(alike::bytes_of(map.trust));
  writer.add(alike::bytes_of(map.usual));
  writer.add(alike::bytes_of(map.cluster));
  return writer.take();
}

Map map_from(std::span<const std::byte> bytes, std::string_view what) {
  Reader reader(bytes, what);
  const Head head = take_head(reader, what);
  const auto text = reader.take(head.text_bytes);
  Map map = map_from_text({reinterpret_cast<const char*>(text.data()), text.size()}, what);
  map.ids = reader.column<std::int64_t>(head.points);
  map.content = reader.column<std::uint64_t>(head.points);
  const auto points = reader.take(head.points * 2 * sizeof(float));
  map.points = Matrix(head.points, 2);
  if (!points.empty()) std::memcpy(map.points.data(), points.data(), points.size());
  map.trust = reader.column<float>(head.points);
  map.usual = reader.column<float>(head.points);
  map.cluster = reader.column<std::int32_t>(head.points);
  if (!reader.at_end()) reader.refuse("bytes follow its end");
  check(map, reader);
  return map;
}

}  // namespace alike::map
