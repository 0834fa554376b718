// File layout, little-endian: Head (56 bytes), the compiled network.
#include "alike/encode/run/model_cache.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"

namespace alike::encode {
namespace {

constexpr std::array<char, 8> kMagic{'a', 'l', 'i', 'k', 'e', 'N', 'E', 'T'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint64_t kMaxFolderBytes = 1ULL << 30;

struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::int32_t channels = 0;
  std::int32_t height = 0;
  std::int32_t width = 0;
  double cost = 0;
  std::uint64_t compiled_bytes = 0;
  std::uint64_t compiled_checksum = 0;
  std::uint64_t head_checksum = 0;  ///< Of the fields above and of the key, which is not kept.
};
static_assert(sizeof(Head) == 56 && std::is_trivially_copyable_v<Head>);

std::uint64_t head_checksum(const Head& head, const std::string& key) {
  const auto fields = bytes_of(head).first(offsetof(Head, head_checksum));
  std::vector<std::byte> bytes(fields.begin(), fields.end());
  const auto text = bytes_of(key);
  bytes.insert(bytes.end(), text.begin(), text.end());
  return checksum(bytes);
}

std::filesystem::path folder() { return home() / "cache" / "compiled"; }

std::filesystem::path file_of(const std::string& key) {
  std::string name;
  for (std::uint64_t hash = checksum(bytes_of(key)); name.size() < 16; hash >>= 4) {
    name += "0123456789abcdef"[hash & 15];
  }
  return folder() / (name + ".net");
}

void drop_oldest(const std::filesystem::path& keep) {
  namespace fs = std::filesystem;
  std::vector<std::tuple<fs::file_time_type, fs::path, std::uint64_t>> files;
  std::uint64_t total = 0;
  for (const auto& path : paths_in(folder())) {
    std::error_code error;  // another process may have removed it meanwhile
    const std::uint64_t bytes = fs::file_size(path, error);
    const auto time = fs::last_write_time(path, error);
    if (error) continue;
    total += bytes;
    if (path != keep) files.emplace_back(time, path, bytes);
  }
  std::ranges::sort(files);
  for (const auto& [time, path, bytes] : files) {
    if (total <= kMaxFolderBytes) return;
    total -= bytes;
    remove_path(path);
  }
}

}  // namespace

std::optional<Layer> load_compiled(const std::string& key, const Allocate& allocate) try {
  const File file(file_of(key), File::Mode::read);
  Head head;
  file.read_at(0, std::as_writable_bytes(std::span(&head, 1)));
  if (head.magic != kMagic || head.version != kVersion ||
      head.head_checksum != head_checksum(head, key) ||
      file.size() != sizeof head + head.compiled_bytes) {
    return std::nullopt;
  }
  const std::span<std::byte> compiled = allocate(head.compiled_bytes);
  file.read_at(sizeof head, compiled);
  if (checksum(compiled) != head.compiled_checksum) return std::nullopt;
  Layer layer;
  layer.channels = head.channels;
  layer.height = head.height;
  layer.width = head.width;
  layer.cost = head.cost;
  return layer;
} catch (const Error&) {
  return std::nullopt;
}

void store_compiled(const std::string& key, const Layer& layer,
                    std::span<const std::byte> compiled) noexcept try {
  Head head;
  head.channels = layer.channels;
  head.height = layer.height;
  head.width = layer.width;
  head.cost = layer.cost;
  head.compiled_bytes = compiled.size();
  head.compiled_checksum = checksum(compiled);
  head.head_checksum = head_checksum(head, key);
  std::vector<std::byte> bytes(sizeof head + compiled.size());
  std::memcpy(bytes.data(), &head, sizeof head);
  std::memcpy(bytes.data() + sizeof head, compiled.data(), compiled.size());
  make_folders(folder());
  const auto path = file_of(key);
  replace_file(path, bytes);
  drop_oldest(path);
} catch (const std::exception&) {
  return;  // A cache that cannot be kept costs time, nothing else.
}

}  // namespace alike::encode
