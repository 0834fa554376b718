#include "alike/index/live/live_file.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/index/graph/graph_file.h"
#include "alike/index/kernels/i8_dot.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kMagic = 0x78646e69656b6c61;  // "alkeindx"
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kMostWidth = 1 << 24;

/// 64 bytes, then ids, values and graph, each from a multiple of 64 on, then the end.
struct Head {
  std::uint64_t magic = kMagic;
  std::uint64_t version = kVersion;
  std::uint64_t metric = 0;
  std::uint64_t width = 0;
  std::uint64_t rows = 0;
  std::uint64_t graph_rows = 0;
  std::uint64_t graph_version = kGraphVersion;
  std::uint64_t graph_bytes = 0;
};
static_assert(sizeof(Head) == 64);

std::uint64_t padded(std::uint64_t bytes) {
  return (bytes + kByteAlign - 1) / kByteAlign * kByteAlign;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& sentence,
                         ErrorCode code = ErrorCode::corrupt) {
  throw Error(code, "'" + file.native() + "' " + sentence);
}

Head head_of(const std::filesystem::path& file, std::span<const std::byte> bytes) {
  Head head;
  if (bytes.size() < sizeof head + sizeof(std::uint64_t)) refuse(file, "is too short for an index");
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic != kMagic) refuse(file, "is not an index that alike saved");
  if (head.version == 0) refuse(file, "has version 0, which there never was");
  if (head.version > kVersion) {
    refuse(file,
           "has version " + std::to_string(head.version) + ", this program reads up to " +
               std::to_string(kVersion) + "; update alike",
           ErrorCode::unsupported);
  }
  std::uint64_t sum = 0;
  std::memcpy(&sum, bytes.data() + bytes.size() - sizeof sum, sizeof sum);
  if (sum != checksum(bytes.first(bytes.size() - sizeof sum))) {
    refuse(file, "does not have its checksum: it is damaged or cut short; save it again");
  }
  const std::uint64_t most = bytes.size();
  const bool bounded = head.metric <= 2 && head.width >= 1 && head.width <= kMostWidth &&
                       head.rows <= most / (head.width * sizeof(float)) &&
                       head.graph_rows <= head.rows && head.graph_bytes <= most;
  if (!bounded || sizeof head + padded(head.rows * sizeof(std::int64_t)) +
                          padded(head.rows * head.width * sizeof(float)) +
                          padded(head.graph_bytes) + sizeof sum !=
                      most) {
    refuse(file, "has lengths that do not fit its size");
  }
  return head;
}

}  // namespace

void write_live_file(const std::filesystem::path& file, Metric metric, const LiveRows& rows,
                     const Graph* graph, std::size_t graph_blocks) {
  const std::vector<std::byte> graph_bytes =
      graph != nullptr ? bytes_of(*graph) : std::vector<std::byte>{};
  Head head;
  head.metric = static_cast<std::uint64_t>(metric);
  head.width = rows.width();
  head.rows = rows.rows();
  head.graph_bytes = graph_bytes.size();
  for (std::size_t b = 0; b < graph_blocks; ++b) head.graph_rows += rows.block_rows(b);
  std::vector<std::byte> bytes;
  const auto add = [&](std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
  };
  add(alike::bytes_of(head));
  for (std::size_t b = 0; b < rows.block_count(); ++b) {
    add(std::as_bytes(std::span(rows.keys(b).ids, rows.block_rows(b))));
  }
  bytes.resize(padded(bytes.size()));
  for (std::size_t b = 0; b < rows.block_count(); ++b) {
    add(std::as_bytes(std::span(rows.block(b).values, rows.block_rows(b) * rows.width())));
  }
  bytes.resize(padded(bytes.size()));
  add(graph_bytes);
  bytes.resize(padded(bytes.size()));
  const std::uint64_t sum = checksum(bytes);
  add(alike::bytes_of(sum));
  replace_file(file, bytes);
}

LiveFile read_live_file(const std::filesystem::path& file) {
  auto mapped = std::make_shared<const MappedFile>(file);
  const auto bytes = mapped->bytes();
  const Head head = head_of(file, bytes);
  const auto* ids = reinterpret_cast<const std::int64_t*>(bytes.data() + sizeof head);
  const std::uint64_t values_at = sizeof head + padded(head.rows * sizeof(std::int64_t));
  const auto* values = reinterpret_cast<const float*>(bytes.data() + values_at);
  if (!std::all_of(values, values + head.rows * head.width,
                   [](float v) { return std::isfinite(v); })) {
    refuse(file, "holds numbers that are not finite");
  }
  if (std::unordered_set<std::int64_t>(ids, ids + head.rows).size() != head.rows) {
    refuse(file, "holds an id twice");
  }
  LiveFile read{static_cast<Metric>(head.metric), LiveRows(head.width), nullptr, 0};
  read.rows.append({ids, head.graph_rows}, {values, head.graph_rows, head.width}, 0);
  read.graph_blocks = read.rows.block_count();
  const std::uint64_t rest = head.rows - head.graph_rows;
  read.rows.append({ids + head.graph_rows, rest},
                   {values + head.graph_rows * head.width, rest, head.width}, read.graph_blocks);
  // A graph of another version is left out; the next rows that are added make one anew.
  const bool usable = head.graph_bytes > 0 && head.graph_version == kGraphVersion;
  if (!usable) {
    read.graph_blocks = 0;
    return read;
  }
  const std::uint64_t graph_at = values_at + padded(head.rows * head.width * sizeof(float));
  read.graph =
      std::make_shared<const Graph>(graph_from(bytes.subspan(graph_at, head.graph_bytes), mapped));
  const bool fits = read.graph->links.nodes == head.graph_rows &&
                    read.graph->reduction.width() == head.width &&
                    read.graph->reduction.metric() == read.metric;
  if (!fits) refuse(file, "holds a graph of other rows");
  return read;
}

}  // namespace alike::index
