// Takes eight points on a circle as a collection, asks for the neighbours of the first, makes a
// map.
#include <alike/alike.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

int main(int, char** arguments) {
  const std::filesystem::path folder = arguments[1];
  try {
    auto pictures = std::make_shared<alike::collection::Collection>(
        alike::collection::Collection::create(folder, folder / ".alike"));
    alike::Matrix points(8, 2);
    for (std::size_t i = 0; i < points.rows(); ++i) {
      const double angle = 0.1 * static_cast<double>(i * i);
      points.row(i)[0] = static_cast<float>(std::cos(angle));
      points.row(i)[1] = static_cast<float>(std::sin(angle));
    }
    alike::collection::import_rows(*pictures, points, {}, "circle", alike::index::Metric::cosine);

    const alike::search::Searcher searcher(pictures);
    alike::search::Query query;
    query.examples = {alike::search::parse_example("id:0")};
    query.k = 3;
    query.space = "circle";
    long expected = 1;
    for (const auto& result : searcher.search(query).results) {
      std::printf("%ld %.4f\n", static_cast<long>(result.item.id),
                  static_cast<double>(result.score));
      if (result.item.id != expected++) return 1;
    }

    const alike::map::Map map =
        alike::map::make_map(alike::map::rows_of(*pictures, "circle"), {}, 1);
    const std::string name = alike::map::keep_map(*pictures, "", map);
    if (alike::map::load_map(*pictures, name).ids != map.ids) return 1;
    return expected == 4 && map.size() == 8 ? 0 : 1;
  } catch (const alike::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
