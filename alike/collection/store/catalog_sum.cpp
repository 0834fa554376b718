#include "alike/collection/store/catalog_sum.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "alike/base/error.h"
#include "alike/collection/catalog/catalog_file.h"
#include "alike/collection/catalog/lock.h"
#include "alike/collection/store/segment.h"

namespace alike::collection {
namespace {

constexpr std::uint64_t kMagic = 0x6D75732E'6B696C61;  // "alik.sum"
constexpr std::uint64_t kVersion = 1;
constexpr std::uint64_t kLargestSum = 1 << 30;

constexpr const char* kSum = "catalog.sum";

/// At most `most` blocks, since an untrusted file may have any size. Read in pieces, not mapped: a
/// writer's checkpoint may shorten the file at any moment.
CatalogSum measure(const Folder& folder, std::uint64_t most) {
  const CatalogFile file(folder, CatalogFile::Mode::read);
  CatalogSum sum;
  sum.file_size = file.size();
  const std::uint64_t end = std::min(sum.file_size, most * kBlockSize);
  std::vector<std::byte> piece(std::min<std::uint64_t>(256 * kBlockSize, end));
  for (std::uint64_t offset = 0; offset < end; offset += piece.size()) {
    const auto size = std::min<std::uint64_t>(piece.size(), end - offset);
    const auto bytes = std::span(piece).first(size);
    file.read_at(offset, bytes);
    for (std::uint64_t i = 0; i < size; i += kBlockSize) {
      sum.blocks.push_back(checksum(bytes.subspan(i, std::min(kBlockSize, size - i))));
    }
  }
  return sum;
}

std::vector<std::uint64_t> words_of(const CatalogSum& sum) {
  std::vector<std::uint64_t> words{kMagic, kVersion, sum.file_size};
  words.insert(words.end(), sum.blocks.begin(), sum.blocks.end());
  words.push_back(checksum(bytes_of(words)));
  return words;
}

/// The first block in which the two differ; nullopt when they are equal.
std::optional<std::uint64_t> first_difference(const CatalogSum& a, const CatalogSum& b) {
  const std::size_t common = std::min(a.blocks.size(), b.blocks.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (a.blocks[i] != b.blocks[i]) return i;
  }
  if (a.file_size != b.file_size) return common;
  return std::nullopt;
}

/// The words of an intact `catalog.sum`; none when it is damaged.
std::vector<std::uint64_t> whole_words(std::span<const std::byte> bytes) {
  const std::size_t count = bytes.size() / sizeof(std::uint64_t);
  if (count < 4 || bytes.size() % sizeof(std::uint64_t) != 0) return {};
  std::vector<std::uint64_t> words(count);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  const bool whole = words[0] == kMagic &&
                     checksum(bytes.first(bytes.size() - sizeof(std::uint64_t))) == words.back();
  return whole ? words : std::vector<std::uint64_t>{};
}

/// Where `catalog.sum` differs from the sum of the catalog as it is.
std::uint64_t place_of_damage(const Folder& folder, std::span<const std::byte> bytes) {
  const auto wanted = words_of(measure(folder, bytes.size() / sizeof(std::uint64_t)));
  const auto expected = bytes_of(wanted);
  const std::size_t common = std::min(bytes.size(), expected.size());
  const auto end = bytes.begin() + static_cast<std::ptrdiff_t>(common);
  return static_cast<std::uint64_t>(std::mismatch(bytes.begin(), end, expected.begin()).first -
                                    bytes.begin());
}

[[noreturn]] void throw_damage(const Folder& folder, const CatalogDamage& damage) {
  throw Error(ErrorCode::corrupt,
              "'" + (folder.path() / damage.file).native() + "', offset " +
                  std::to_string(damage.offset) + ": " + damage.what,
              repair_remedy());
}

}  // namespace

void write_catalog_sum(const Folder& folder) {
  const auto words = words_of(measure(folder, kLargestSum / sizeof(std::uint64_t)));
  folder.replace(kSum, bytes_of(words));
}

void remove_catalog_sum(const Folder& folder) {
  if (folder.remove(kSum)) folder.sync("");
}

std::optional<CatalogSum> read_catalog_sum(const Folder& folder) {
  std::vector<std::byte> bytes;
  try {
    bytes = folder.read(kSum, kLargestSum);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return std::nullopt;
    throw;
  }
  const auto words = whole_words(bytes);
  if (words.empty()) {
    throw_damage(folder, {"catalog.sum", place_of_damage(folder, bytes), "the file is damaged"});
  }
  if (words[1] != kVersion) {
    throw Error(ErrorCode::unsupported, "'" + (folder.path() / kSum).native() + "' is of version " +
                                            std::to_string(words[1]) +
                                            "; it comes from a newer alike");
  }
  CatalogSum sum;
  sum.file_size = words[2];
  sum.blocks.assign(words.begin() + 3, words.end() - 1);
  return sum;
}

std::vector<CatalogDamage> catalog_damage(const Folder& folder) {
  std::optional<CatalogSum> sum;
  try {
    sum = read_catalog_sum(folder);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::corrupt) throw;
    const auto bytes = folder.read(kSum, kLargestSum);
    return {{"catalog.sum", place_of_damage(folder, bytes), "the file is damaged"}};
  }
  if (!sum) return {};
  std::vector<CatalogDamage> damage;
  const CatalogSum now = measure(folder, sum->blocks.size());
  const std::size_t common = std::min(now.blocks.size(), sum->blocks.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (now.blocks[i] != sum->blocks[i]) {
      damage.push_back({"catalog.db", i * kBlockSize, "the block does not have its checksum"});
    }
  }
  if (now.file_size != sum->file_size) {
    damage.push_back({"catalog.db", std::min(now.file_size, sum->file_size),
                      "the file has " + std::to_string(now.file_size) + " bytes, not " +
                          std::to_string(sum->file_size)});
  }
  return damage;
}

bool check_catalog(const Folder& folder, bool alone) {
  constexpr int kTries = 100;
  for (int i = 0;; ++i) {
    // Held before reading: the state found then is no writer's intermediate one.
    const WriterBarrier barrier(folder);
    const bool settled = alone || barrier.held() || i == kTries;
    const auto sum = read_catalog_sum(folder);
    if (sum) {
      const auto block = first_difference(*sum, measure(folder, sum->blocks.size()));
      if (!block) return true;
      if (settled) {
        throw_damage(folder,
                     {"catalog.db", *block * kBlockSize, "the block does not have its checksum"});
      }
    } else if (settled) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

bool mend_sum_near(const Folder& folder, std::uint64_t offset) {
  auto bytes = folder.read(kSum, kLargestSum);
  const std::uint64_t first = offset / sizeof(std::uint64_t) * sizeof(std::uint64_t);
  for (std::uint64_t i = 0; i < 64 && first + i / 8 < bytes.size(); ++i) {
    const auto bit = std::byte{1} << static_cast<int>(i % 8);
    bytes[first + i / 8] ^= bit;
    if (!whole_words(bytes).empty()) {
      folder.replace(kSum, bytes);
      return true;
    }
    bytes[first + i / 8] ^= bit;
  }
  return false;
}

bool mend_one_bit(std::vector<std::byte>& block, std::uint64_t wanted) {
  for (std::size_t i = 0; i < block.size() * 8; ++i) {
    const auto bit = std::byte{1} << static_cast<int>(i % 8);
    block[i / 8] ^= bit;
    if (checksum(block) == wanted) return true;
    block[i / 8] ^= bit;
  }
  return false;
}

}  // namespace alike::collection
