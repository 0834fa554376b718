// The options of a map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace alike::map {

/// By which rule rows become points.
enum class Method {
  umap,  ///< McInnes, Healy, Melville, arXiv:1802.03426.
  tsne,  ///< van der Maaten and Hinton, JMLR 9, 2008.
  pca,   ///< The two directions in which rows differ most: nothing is bent.
};

std::string_view name_of(Method method) noexcept;  ///< "umap", "tsne", "pca".
Method method_from(std::string_view name);         ///< Throws `invalid_argument`.

/// Kept with the map. The map depends on nothing else but the rows, and labels if `supervised`.
struct MapOptions {
  Method method = Method::umap;
  std::size_t neighbors = 15;  ///< Of UMAP: how many count as near, 2 to 200.
  double min_dist = 0.1;       ///< Of UMAP: how tight points may lie, 0 to `spread`.
  double spread = 1;           ///< Of UMAP: over what distance points lose touch, 0.1 to 10.
  double repulsion = 1;        ///< Of UMAP: weight of keeping other rows apart, 0 to 10.
  double perplexity = 30;      ///< Of t-SNE: how many count as near, 2 to 100.
  bool supervised = false;     ///< Of UMAP: rows of one label are drawn together.
  std::uint64_t seed = 42;     ///< Another one gives another map of the same rows. Below 2^63.

  friend bool operator==(const MapOptions&, const MapOptions&) = default;
};

/// Throws `invalid_argument` naming the option, its value and its range.
void check(const MapOptions& options);

/// The options as a map of so many rows uses them: no more `neighbors` than rows, and a perplexity
/// of at most a third of the other rows, but not below 1. A map keeps these.
MapOptions used_by(MapOptions options, std::size_t rows);

/// How many neighbours of each row the method needs: 0 for PCA.
std::size_t neighbors_of(const MapOptions& options);

}  // namespace alike::map
