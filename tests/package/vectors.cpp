// Searches vectors of one's own: add, search, remove, save, open.
#include <alike/alike.h>

#include <cmath>
#include <cstdio>
#include <numeric>
#include <vector>

using alike::index::LiveIndex;
using alike::index::Metric;
using alike::index::Neighbor;

int main(int, char** arguments) {
  try {
    alike::Matrix rows(1000, 16);
    for (std::size_t i = 0; i < 1000 * 16; ++i) {
      rows.data()[i] = std::sin(static_cast<float>(i * i % 10007));
    }
    std::vector<std::int64_t> ids(1000);
    std::iota(ids.begin(), ids.end(), 5000);  // yours to choose

    LiveIndex index(16, Metric::cosine);
    index.add(ids, rows);
    for (const Neighbor& neighbor : index.search(rows.row(7), {.k = 3}).neighbors) {
      std::printf("%ld %.4f\n", static_cast<long>(neighbor.id),
                  static_cast<double>(neighbor.distance));
    }
    index.remove(std::vector<std::int64_t>{5007});
    index.save(arguments[1]);

    const LiveIndex again = LiveIndex::open(arguments[1]);
    const bool gone = again.search(rows.row(7), {.k = 1}).neighbors.front().id != 5007;
    return gone && again.size() == 999 ? 0 : 1;
  } catch (const alike::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
