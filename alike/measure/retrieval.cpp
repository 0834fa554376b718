#include "alike/measure/retrieval.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/index/flat/distances.h"
#include "alike/index/kernels/kernels.h"
#include "alike/measure/gallery_effects.h"
#include "alike/measure/learners/nearest_rows.h"
#include "alike/measure/ranks.h"
#include "alike/measure/retrieval_effects.h"

namespace alike::measure {
namespace {

constexpr std::size_t kLanes = index::kPanelQueries;
constexpr std::size_t kSomeRows = 128;  // of the gallery, multiplied together while they are near
constexpr std::size_t kPanels = 1;      // of queries, that one reading of the gallery serves
constexpr float kNever = std::numeric_limits<float>::infinity();

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

void check(MatrixView rows, std::span<const int> labels, const char* what) {
  require_for_each_row(labels.size(), "labels", rows.rows);
  check_finite(rows, what);
}

/// The rows that are searched, and the factors and terms that turn a product with a query into a
/// distance of the same order: product · factor + term. For l2 the differences themselves are
/// squared: where rows lie far from 0, nothing would be left of them in products.
class Gallery {
 public:
  Gallery(MatrixView rows, std::span<const int> labels, index::Metric metric)
      : rows_(rows), labels_(labels), by_products_(metric != index::Metric::l2) {
    for (std::size_t r = 0; r < rows.rows; ++r) {
      const float* row = rows.row(r).data();
      const bool cosine = metric == index::Metric::cosine;
      factors_.push_back(cosine ? -index::scale_of(index::kernels().dot(row, row, rows.width))
                                : -1);
      terms_.push_back(labels[r] < 0 ? kNever : 0);
      if (labels[r] < 0) continue;
      const auto label = static_cast<std::size_t>(labels[r]);
      if (label >= sizes_.size()) sizes_.resize(label + 1);
      ++sizes_[label];
    }
  }

  std::size_t rows() const { return rows_.rows; }
  std::span<const int> labels() const { return labels_; }
  std::size_t of_class(int label) const {
    const auto at = static_cast<std::size_t>(label);
    return at < sizes_.size() ? sizes_[at] : 0;
  }
  /// Sets `values` (queries, rows) for some queries.
  void measure(MatrixView rows, std::span<const std::uint32_t> queries,
               std::vector<float>& values) const {
    if (by_products_) {
      multiply(panels_of(rows, queries), values);
    } else {
      subtract(rows, queries, values);
    }
  }

 private:
  static std::vector<std::vector<float>> panels_of(MatrixView rows,
                                                   std::span<const std::uint32_t> queries) {
    std::vector<std::vector<float>> panels((queries.size() + kLanes - 1) / kLanes,
                                           std::vector<float>(rows.width * kLanes));
    for (std::size_t i = 0; i < queries.size(); ++i) {
      const auto row = rows.row(queries[i]);
      float* lane = panels[i / kLanes].data() + i % kLanes;
      for (std::size_t j = 0; j < row.size(); ++j) lane[j * kLanes] = row[j];
    }
    return panels;
  }

  void subtract(MatrixView queries, std::span<const std::uint32_t> which,
                std::vector<float>& values) const {
    for (std::size_t first = 0; first < rows(); first += kSomeRows) {
      const std::size_t count = std::min(kSomeRows, rows() - first);
      for (std::size_t q = 0; q < which.size(); ++q) {
        float* to = values.data() + q * rows() + first;
        index::kernels().l2_squared_rows(queries.row(which[q]).data(),
                                         rows_.data + first * rows_.width, count, rows_.width, to);
        for (std::size_t r = 0; r < count; ++r) to[r] += terms_[first + r];
      }
    }
  }

  void multiply(const std::vector<std::vector<float>>& panels, std::vector<float>& values) const {
    std::vector<float> products(kSomeRows * kLanes);
    for (std::size_t first = 0; first < rows(); first += kSomeRows) {
      const std::size_t count = std::min(kSomeRows, rows() - first);
      for (std::size_t p = 0; p < panels.size(); ++p) {
        index::kernels().dot_panel(panels[p].data(), rows_.data + first * rows_.width, count,
                                   rows_.width, products.data());
        for (std::size_t q = 0; q < kLanes; ++q) {
          float* to = values.data() + (p * kLanes + q) * rows() + first;
          for (std::size_t r = 0; r < count; ++r) {
            to[r] = products[r * kLanes + q] * factors_[first + r] + terms_[first + r];
          }
        }
      }
    }
  }

  MatrixView rows_;
  std::span<const int> labels_;
  bool by_products_;
  std::vector<float> factors_, terms_;
  std::vector<std::size_t> sizes_;  // of the classes
};

/// All that is measured of one query.
std::vector<double> judged(std::span<const std::uint32_t> ranks, std::size_t relevant,
                           const RetrievalOptions& options) {
  std::vector<double> values;
  const auto within = [&](std::size_t k) {
    return static_cast<double>(std::ranges::upper_bound(ranks, k) - ranks.begin());
  };
  for (const std::size_t k : options.cutoffs) values.push_back(within(k) > 0 ? 1 : 0);
  for (const std::size_t k : options.cutoffs) values.push_back(within(k) / static_cast<double>(k));
  const auto all = static_cast<double>(relevant);
  values.push_back(within(relevant) / all);
  double near = 0, whole = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const double precision = static_cast<double>(i + 1) / ranks[i];
    whole += precision;
    if (ranks[i] <= relevant) near += precision;
  }
  values.push_back(near / all);
  if (options.whole_list) values.push_back(whole / all);
  return values;
}

std::vector<std::string> names(const RetrievalOptions& options) {
  std::vector<std::string> all;
  for (const char* kind : {"recall@", "precision@"}) {
    for (const std::size_t k : options.cutoffs) all.push_back(kind + std::to_string(k));
  }
  all.insert(all.end(), {"r-precision", "map@r"});
  if (options.whole_list) all.push_back("map");
  return all;
}

/// The queries that have something to find.
class Queries {
 public:
  Queries(MatrixView rows, std::span<const int> labels, const Gallery& gallery, bool in_gallery)
      : rows_(rows), labels_(labels), gallery_(gallery), in_gallery_(in_gallery) {
    for (std::size_t q = 0; q < rows.rows; ++q) {
      if (labels[q] < 0) {
        ++found_.unlabeled;
      } else if (relevant(q) == 0) {
        ++found_.lone;
      } else {
        judged_.push_back(static_cast<std::uint32_t>(q));
      }
    }
    found_.queries = judged_.size();
    if (!judged_.empty()) return;
    refuse(found_.lone > 0
               ? "each of the " + std::to_string(found_.lone) +
                     " labelled rows is alone in its class; retrieval needs two rows of one class"
               : "no row has a label; retrieval needs them");
  }

  Retrieval run(const RetrievalOptions& options, const Watcher& watcher) {
    const auto all = names(options);
    std::vector<std::vector<double>> values(all.size(), std::vector<double>(judged_.size()));
    GalleryEffects effects(searched(), judged_, all.size());
    std::mutex telling;
    std::size_t done = 0;
    parallel_for(judged_.size(), kPanels * kLanes, options.threads,
                 [&](std::size_t begin, std::size_t end) {
                   if (watcher.stop.stop_requested()) {
                     throw Error(ErrorCode::interrupted, "stopped; nothing was judged");
                   }
                   judge(begin, end, options, values, effects);
                   const std::lock_guard lock(telling);
                   watcher.tell({done += end - begin, judged_.size(), 0});
                 });
    const auto pairs = partners();
    for (std::size_t m = 0; m < all.size(); ++m) {
      found_.measures.push_back(mean_of(all[m], judged_, std::move(values[m])));
      effects.finish(m, pairs, found_.measures.back());
    }
    return std::move(found_);
  }

 private:
  std::size_t relevant(std::size_t q) const {
    return gallery_.of_class(labels_[q]) - (in_gallery_ ? 1 : 0);
  }

  /// The number that the first row of the gallery has among all rows.
  std::size_t first_of_gallery() const { return in_gallery_ ? 0 : rows_.rows; }
  std::vector<std::uint32_t> searched() const {
    std::vector<std::uint32_t> some;
    for (std::size_t r = 0; r < gallery_.rows(); ++r) {
      if (gallery_.labels()[r] < 0) continue;
      some.push_back(static_cast<std::uint32_t>(first_of_gallery() + r));
    }
    return some;
  }
  /// Of each query the other row of a class of two, else itself.
  std::vector<std::uint32_t> partners() const {
    std::vector<std::uint32_t> others = judged_;
    std::map<int, std::size_t> first;
    for (std::size_t i = 0; in_gallery_ && i < judged_.size(); ++i) {
      if (relevant(judged_[i]) != 1) continue;
      const auto [at, is_first] = first.emplace(labels_[judged_[i]], i);
      if (is_first) continue;
      others[i] = judged_[at->second];
      others[at->second] = judged_[i];
    }
    return others;
  }

  void judge(std::size_t begin, std::size_t end, const RetrievalOptions& options,
             std::vector<std::vector<double>>& values, GalleryEffects& effects) const {
    const std::size_t panels = (end - begin + kLanes - 1) / kLanes;
    std::vector<float> all(panels * kLanes * gallery_.rows());
    gallery_.measure(rows_, std::span(judged_).subspan(begin, end - begin), all);
    Ranks ranks;
    std::vector<std::uint8_t> wanted(gallery_.rows());
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t q = judged_[i], count = relevant(q);
      const std::span own(all.data() + (i - begin) * gallery_.rows(), gallery_.rows());
      for (std::size_t r = 0; r < wanted.size(); ++r) {
        wanted[r] = gallery_.labels()[r] == labels_[q] ? 1 : 0;
      }
      if (in_gallery_) {
        own[q] = kNever;
        wanted[q] = 0;
      }
      // One rank more, which moves up where a row is taken away.
      const std::size_t most = 1 + std::max(count, std::ranges::max(options.cutoffs));
      const auto found = ranks.of(own, wanted, options.whole_list ? own.size() : most);
      const auto of_query = judged(found, count, options);
      for (std::size_t m = 0; m < of_query.size(); ++m) values[m][i] = of_query[m];
      if (!effects.takes(i)) continue;
      const RankedQuery ranked{ranks.order(), found, count, first_of_gallery()};
      for (std::size_t m = 0; m < of_query.size(); ++m) {
        effects.add(i, m, retrieval_effects(ranked, options, m), count);
      }
    }
  }

  MatrixView rows_;
  std::span<const int> labels_;
  const Gallery& gallery_;
  bool in_gallery_;
  std::vector<std::uint32_t> judged_;
  Retrieval found_;
};

void check(const RetrievalOptions& options) {
  if (options.cutoffs.empty() || std::ranges::min(options.cutoffs) == 0) {
    refuse("the K of recall and precision must be 1 or more, and there must be one");
  }
}

}  // namespace

Retrieval measure_retrieval(MatrixView rows, std::span<const int> labels,
                            const RetrievalOptions& options, const Watcher& watcher) {
  check(options);
  check(rows, labels, "row");
  const Gallery gallery(rows, labels, options.metric);
  return Queries(rows, labels, gallery, true).run(options, watcher);
}

Retrieval measure_retrieval(MatrixView queries, std::span<const int> query_labels,
                            MatrixView gallery, std::span<const int> gallery_labels,
                            const RetrievalOptions& options, const Watcher& watcher) {
  check(options);
  check(queries, query_labels, "query");
  check(gallery, gallery_labels, "row");
  if (queries.width != gallery.width) {
    refuse("the queries have " + std::to_string(queries.width) + " numbers and the gallery " +
           std::to_string(gallery.width) + "; both must come from one space");
  }
  const Gallery searched(gallery, gallery_labels, options.metric);
  return Queries(queries, query_labels, searched, false).run(options, watcher);
}

}  // namespace alike::measure
