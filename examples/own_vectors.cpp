// Searches vectors of one's own, which need not be of pictures: own_vectors FILE
//
// A `LiveIndex` lies in memory. Rows have ids that the caller chooses; they come and go while
// others search. From some thousand rows on it makes a graph and finds nearly all of the nearest by
// reading few rows; `SearchOptions::recall` says how nearly, and `exact` reads them all.
#include <alike/alike.h>

#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

using alike::index::LiveIndex;
using alike::index::Metric;
using alike::index::Neighbor;

int main(int count, char** words) try {
  if (count != 2) {
    std::fputs("usage: own_vectors FILE\n", stderr);
    return 2;
  }
  // Row-major float32: a `Matrix` owns them, a `MatrixView` points to yours.
  alike::Matrix rows(1000, 16);
  for (std::size_t i = 0; i < 1000 * 16; ++i) {
    rows.data()[i] = std::sin(static_cast<float>(i * i % 10007));
  }
  std::vector<std::int64_t> ids(1000);
  std::iota(ids.begin(), ids.end(), 5000);

  LiveIndex index(16, Metric::cosine);
  index.add(ids, rows);
  for (const Neighbor& neighbor : index.search(rows.row(7), {.k = 3}).neighbors) {
    std::printf("%ld %.4f\n", static_cast<long>(neighbor.id),
                static_cast<double>(neighbor.distance));
  }

  // Removed rows are not found from then on. The file is whole after a crash: the old one or the
  // new.
  index.remove(std::vector<std::int64_t>{5007});
  index.save(words[1]);
  const LiveIndex again = LiveIndex::open(words[1]);
  std::printf("%llu left, %ld is nearest now\n", static_cast<unsigned long long>(again.size()),
              static_cast<long>(again.search(rows.row(7), {.k = 1}).neighbors.front().id));
  return 0;
} catch (const alike::Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
