// Files of a collection changed on purpose, with valid checksums: whatever they hold,
// the collection is opened, searched, verified and repaired without a crash, a hang or memory
// without bound. 12 mutants of each file, 2,000 where ALIKE_DEPTH is "all"; ALIKE_SEED says which,
// ALIKE_MUTANT=N runs that one of them alone, without a child process.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>

#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/base/sanitized.h"
#include "alike/collection/care/care.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/map_store.h"
#include "alike/collection/store/segment.h"
#include "alike/index/codes/rabitq.h"
#include "alike/map/keep/map_file.h"
#include "tests/support/damage.h"
#include "tests/support/random_matrix.h"
#include "tests/support/sample_map.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

namespace fs = std::filesystem;
using collection::Collection;
using collection::GroupType;
using collection::IndexKind;

constexpr std::size_t kRows = 300, kWidth = 40;
constexpr unsigned kSecondsEach = 60;  // it is a bug then, not a slow machine
constexpr rlim_t kMostMemory = rlim_t{6} << 30;
constexpr std::size_t kHead = 64, kChecksum = 32;

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

bool deep() {
  const char* depth = std::getenv("ALIKE_DEPTH");
  return depth != nullptr && std::string_view(depth) == "all";
}

template <class T>
T number_at(const std::string& bytes, std::size_t offset) {
  T value{};
  if (offset + sizeof value <= bytes.size()) {
    std::memcpy(&value, bytes.data() + offset, sizeof value);
  }
  return value;
}

template <class T>
void put(std::string& bytes, std::size_t offset, T value) {
  if (offset + sizeof value <= bytes.size()) {
    std::memcpy(bytes.data() + offset, &value, sizeof value);
  }
}

std::uint64_t sum_of(const std::string& bytes, std::size_t begin, std::size_t size) {
  return checksum(std::as_bytes(std::span(bytes).subspan(begin, size)));
}

std::size_t aligned(std::size_t size) { return (size + 63) / 64 * 64; }

/// Bytes of the payload that a head speaks of (docs/file-formats.md).
std::size_t payload_size(const std::string& bytes, std::size_t offset) {
  const std::size_t width = number_at<std::uint32_t>(bytes, offset + 16);
  const std::size_t rows = number_at<std::uint32_t>(bytes, offset + 20);
  if (width > bytes.size() || rows > bytes.size()) return bytes.size();
  switch (static_cast<GroupType>(number_at<std::uint32_t>(bytes, offset + 12))) {
    case GroupType::rows: return aligned(rows * 8) + aligned(rows * width * 4);
    case GroupType::codes: return aligned(rows * index::Rabitq::bytes_per_row(width));
    case GroupType::center: return aligned(rows * width * 4);
    default: return aligned(rows * width);
  }
}

/// Makes all sums and sizes of a file of groups right.
void sum_groups(std::string& bytes) {
  for (std::size_t offset = 0; offset + kHead <= bytes.size();) {
    const std::size_t payload = payload_size(bytes, offset);
    const std::size_t blocks = (payload + collection::kBlockSize - 1) / collection::kBlockSize;
    const std::size_t start = offset + kHead + aligned(blocks * 8);
    if (start + payload > bytes.size()) return;
    for (std::size_t i = 0; i < blocks; ++i) {
      const std::size_t begin = i * collection::kBlockSize;
      const std::size_t size = std::min(collection::kBlockSize, payload - begin);
      put(bytes, offset + kHead + i * 8, sum_of(bytes, start + begin, size));
    }
    put(bytes, offset + 24, std::uint64_t{start + payload - offset});
    put(bytes, offset + kChecksum, std::uint64_t{0});
    put(bytes, offset + kChecksum, sum_of(bytes, offset, start - offset));
    offset = start + payload;
  }
}

/// A place of a file: mostly where heads and tables are.
std::size_t drawn_place(Random& random, std::size_t size) {
  const std::size_t near = random.below(3) == 0 ? size : std::min<std::size_t>(size, 1024);
  return random.below(near);
}

std::string mutant(std::string bytes, std::uint64_t seed) {
  constexpr std::array<std::uint64_t, 10> kOdd{
      0,          1,          0x7f,       0xffff, 0x7fffffff,
      0xffffffff, 1ULL << 40, ~0ULL >> 1, ~0ULL,  0x7ff0000000000000};
  Random random(seed);
  for (std::uint64_t left = 1 + random.below(4); left > 0; --left) {
    const std::size_t at = drawn_place(random, bytes.size());
    switch (random.below(6)) {
      case 0: bytes[at] = static_cast<char>(bytes[at] ^ (1 << random.below(8))); break;
      case 1: put(bytes, at / 4 * 4, static_cast<std::uint32_t>(kOdd[random.below(10)])); break;
      case 2: put(bytes, at / 8 * 8, kOdd[random.below(10)]); break;
      case 3: put(bytes, at, static_cast<std::uint16_t>(random())); break;
      case 4: {
        const std::size_t from = random.below(bytes.size());
        const std::size_t size = std::min({bytes.size() - from, bytes.size() - at,
                                           static_cast<std::size_t>(1 + random.below(200))});
        std::memmove(bytes.data() + at, bytes.data() + from, size);
        break;
      }
      default: {
        const auto small = number_at<std::uint32_t>(bytes, at / 4 * 4);
        put(bytes, at / 4 * 4, static_cast<std::uint32_t>(small + random.below(7) - 3));
      }
    }
  }
  if (random.below(20) == 0) bytes.resize(1 + random.below(bytes.size()));
  return bytes;
}

void use_space(const Collection& opened, const std::string& space) {
  const auto found = opened.index(space);
  const std::size_t width = found.rows->width();
  if (width > 10'000) return;
  const Matrix queries = test::random_matrix(3, width, 5);
  found.index->search_batch(queries, {.k = 20});
  for (const collection::ItemId id : {0, 7, 299}) opened.row(id, space);
}

/// All that a reader does with a collection. Errors are answers.
void use(const fs::path& home) {
  test::outcome([&] { collection::verify(home, {}); });
  test::outcome([&] {
    const Collection opened(home);
    for (const auto& space : opened.spaces()) {
      test::outcome([&] { use_space(opened, space.name); });
    }
    for (const auto& map : opened.maps()) {
      test::outcome([&] { map::map_from(collection::read_map(opened, map.name), "the map"); });
    }
    opened.status();
    opened.matching("width > 3 or label = \"x\"");
    opened.skipped();
  });
}

class ValidSums : public testing::TestWithParam<const char*> {
 protected:
  ValidSums() {
    fs::create_directories(folder_ / "p");
    auto made = Collection::create(folder_ / "p", pristine());
    const Matrix rows = test::clustered_matrix(kRows, kWidth, 1, 1, 10);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < kRows; ++i) paths.push_back("x/" + std::to_string(i) + ".png");
    using index::Metric;
    import_rows(made, rows, paths, "flat", Metric::inner_product, {.kind = IndexKind::flat});
    import_rows(made, rows, paths, "coded", Metric::cosine, {.kind = IndexKind::coded});
    import_rows(made, rows, paths, "fine", Metric::cosine, {.kind = IndexKind::coded4});
    import_rows(made, rows, paths, "graph", Metric::l2, {.kind = IndexKind::graph});
    write_map(made, "m", "flat", map::bytes_of(test::sample_map(200)));
  }

  fs::path pristine() const { return folder_ / "pristine"; }
  fs::path home() const { return folder_ / "p/.alike"; }

  void try_mutant(std::uint64_t number) const {
    fs::remove_all(home());
    fs::copy(pristine(), home(), fs::copy_options::recursive);
    const fs::path file = home() / GetParam();
    std::string bytes = mutant(read_text(file), seed_ + 1'000'003 * number);
    const bool catalog = file.filename() == "catalog.db";
    if (!catalog) sum_groups(bytes);
    std::ofstream(file, std::ios::binary) << bytes;
    if (catalog) fs::remove(home() / "catalog.sum");
    if (catalog && number % 2 == 1) collection::write_catalog_sum(home());
    use(home());
    if (number % 4 != 0) return;
    test::outcome([&] { collection::repair(home(), {}); });
    use(home());
  }

  /// Tries mutants from `first` on in a child process; tells in `at` which one it is about.
  int try_in_child(std::uint64_t first, std::uint64_t count, volatile std::uint64_t* at) const {
    const pid_t child = ::fork();
    if (child == 0) {
      const rlimit most{kMostMemory, kMostMemory};
      if (!kSanitized) ::setrlimit(RLIMIT_AS, &most);
      for (std::uint64_t i = first; i < count; ++i) {
        *at = i;
        ::alarm(kSecondsEach);
        try_mutant(i);
      }
      ::_exit(HasFailure() ? 1 : 0);
    }
    int status = -1;
    ::waitpid(child, &status, 0);
    return status;
  }

  test::TemporaryFolder folder_;
  std::uint64_t seed_ = from_environment("ALIKE_SEED", 1);
};

TEST_P(ValidSums, neither_crash_nor_hang_nor_fill_memory) {
  if (std::getenv("ALIKE_MUTANT") != nullptr) {
    try_mutant(from_environment("ALIKE_MUTANT", 0));
    return;
  }
  const std::uint64_t count = deep() ? 2000 : 12;
  auto* at = static_cast<std::uint64_t*>(::mmap(
      nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(at, MAP_FAILED);
  std::uint64_t bad = 0;
  for (std::uint64_t first = 0; first < count; first = *at + 1) {
    const int status = try_in_child(first, count, at);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) break;
    ++bad;
    ADD_FAILURE() << GetParam() << ": ALIKE_SEED=" << seed_ << " ALIKE_MUTANT=" << *at
                  << " ended with status " << status;
  }
  std::printf("%s: %lu mutants, %lu bad, seed %lu\n", GetParam(), count, bad, seed_);
  ::munmap(at, sizeof *at);
}

INSTANTIATE_TEST_SUITE_P(Files, ValidSums,
                         testing::Values("spaces/flat/vectors-0000.seg",
                                         "spaces/coded/codes-0000.seg",
                                         "spaces/fine/codes-0000.seg", "spaces/graph/graph.seg",
                                         "spaces/graph/vectors-0000.seg", "maps/m.map",
                                         "catalog.db"));

}  // namespace
}  // namespace alike
