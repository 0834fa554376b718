// An untrusted index file of faiss.
#include <algorithm>
#include <array>
#include <cmath>

#include "alike/base/error.h"
#include "alike/index/faiss/faiss_file.h"
#include "fuzz/support.h"

namespace {

using namespace alike;

template <class T>
std::string number(T value) {
  return fuzz::seed_of(std::array<T, 1>{value});
}

template <class T>
std::string counted(const std::vector<T>& values) {
  return number(std::uint64_t{values.size()}) + fuzz::seed_of(values);
}

/// Three rows of two numbers.
std::string head(const std::string& letters, std::int64_t rows = 3) {
  const std::uint64_t filler = 1 << 20;
  return letters + number(std::int32_t{2}) + number(rows) + number(filler) + number(filler) +
         number(std::uint8_t{1}) + number(std::int32_t{letters == "IxFI" ? 0 : 1});
}

std::string flat(const std::string& letters) {
  return head(letters) + counted(std::vector<float>{1, -2, 3, 0, 1e-40F, 3e38F});
}

std::string id_map() {
  return head("IxM2") + flat("IxF2") + counted(std::vector<std::int64_t>{9, 3, 5});
}

std::string ivf(bool sparse) {
  const std::vector<float> rows{1, 2, 3, 4, 5, 6};
  const std::vector<std::int64_t> ids{7, 1, 4};
  return head("IwFl") + number(std::uint64_t{2}) + number(std::uint64_t{1}) + head("IxF2", 2) +
         counted(std::vector<float>{1, 2, 3, 4}) + number(std::uint8_t{0}) +
         counted(std::vector<std::int64_t>{}) + "ilar" + number(std::uint64_t{2}) +
         number(std::uint64_t{8}) + (sparse ? "sprs" : "full") +
         counted(sparse ? std::vector<std::uint64_t>{1, 3} : std::vector<std::uint64_t>{0, 3}) +
         fuzz::seed_of(rows) + fuzz::seed_of(ids);
}

std::string hnsw() {
  return head("IHNf") + counted(std::vector<double>{1}) + counted(std::vector<std::int32_t>{0, 2}) +
         counted(std::vector<std::int32_t>{1, 1, 1}) +
         counted(std::vector<std::uint64_t>{0, 2, 4, 6}) +
         counted(std::vector<std::int32_t>{1, 2, 0, 2, 0, 1}) +
         fuzz::seed_of(std::array<std::int32_t, 5>{0, 0, 40, 16, 1}) + flat("IxF2");
}

std::string product() {
  return head("IxPq") + number(std::uint64_t{2}) + number(std::uint64_t{2}) +
         number(std::uint64_t{2}) + counted(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}) +
         counted(std::vector<std::uint8_t>{0, 7, 15}) + number(std::int32_t{0}) +
         number(std::uint8_t{0}) + number(std::int32_t{9});
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {flat("IxF2"), flat("IxFI"), id_map(), ivf(false), ivf(true), hnsw(), product()});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto found = index::read_faiss(fuzz::bytes_from(data, size), "the input");
    if (!found.lossy && found.rows.rows() * found.rows.width() > size / 4) std::abort();
    if (!found.ids.empty() && found.ids.size() != found.rows.rows()) std::abort();
    if (!std::ranges::is_sorted(found.ids)) std::abort();
    for (std::size_t i = 0; i < found.rows.rows(); ++i) {
      for (const float value : found.rows.row(i)) {
        if (!std::isfinite(value)) std::abort();
      }
    }
  } catch (const Error&) {
  }
  return 0;
}
