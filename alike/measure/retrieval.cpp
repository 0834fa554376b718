#include "alike/measure/retrieval.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <mutex>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/index/flat/distances.h"
#include "alike/index/kernels/kernels.h"
#include "alike/measure/learners/nearest_rows.h"
#include "alike/measure/ranks.h"

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
  if (labels.size() != rows.rows) {
    refuse(std::to_string(labels.size()) + " labels are given for " + std::to_string(rows.rows) +
           " rows; give one for each");
  }
  check_finite(rows, what);
}

/// The rows that are searched, and the factors and terms that turn a product with a query into a
/// distance of the same order: product · factor + term.
class Gallery {
 public:
  Gallery(MatrixView rows, std::span<const int> labels, index::Metric metric)
      : rows_(rows), labels_(labels) {
    for (std::size_t r = 0; r < rows.rows; ++r) {
      const float* row = rows.row(r).data();
      const float norm =
          metric == index::Metric::inner_product ? 0 : index::kernels().dot(row, row, rows.width);
      const bool l2 = metric == index::Metric::l2;
      factors_.push_back(metric == index::Metric::cosine ? -index::scale_of(norm)
                         : l2                            ? -2.0F
                                                         : -1);
      terms_.push_back(labels[r] < 0 ? kNever : l2 ? norm : 0);
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
  /// Sets `values` (queries, rows) for queries in panels.
  void measure(const std::vector<std::vector<float>>& panels, std::vector<float>& values) const {
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

 private:
  MatrixView rows_;
  std::span<const int> labels_;
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
        ++found_.unlabelled;
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
    std::mutex telling;
    std::size_t done = 0;
    parallel_for(judged_.size(), kPanels * kLanes, options.threads,
                 [&](std::size_t begin, std::size_t end) {
                   if (watcher.stop.stop_requested()) {
                     throw Error(ErrorCode::interrupted, "stopped; nothing was judged");
                   }
                   judge(begin, end, options, values);
                   const std::lock_guard lock(telling);
                   watcher.tell({done += end - begin, judged_.size(), 0});
                 });
    for (std::size_t m = 0; m < all.size(); ++m) {
      found_.measures.push_back(mean_of(all[m], judged_, std::move(values[m])));
    }
    return std::move(found_);
  }

 private:
  std::size_t relevant(std::size_t q) const {
    return gallery_.of_class(labels_[q]) - (in_gallery_ ? 1 : 0);
  }

  void judge(std::size_t begin, std::size_t end, const RetrievalOptions& options,
             std::vector<std::vector<double>>& values) const {
    std::vector<std::vector<float>> panels((end - begin + kLanes - 1) / kLanes,
                                           std::vector<float>(rows_.width * kLanes));
    for (std::size_t i = begin; i < end; ++i) {
      const auto row = rows_.row(judged_[i]);
      float* lane = panels[(i - begin) / kLanes].data() + (i - begin) % kLanes;
      for (std::size_t j = 0; j < row.size(); ++j) lane[j * kLanes] = row[j];
    }
    std::vector<float> all(panels.size() * kLanes * gallery_.rows());
    gallery_.measure(panels, all);
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
      const std::size_t most = std::max(count, std::ranges::max(options.cutoffs));
      const auto found = ranks.of(own, wanted, options.whole_list ? own.size() : most);
      const auto of_query = judged(found, count, options);
      for (std::size_t m = 0; m < of_query.size(); ++m) values[m][i] = of_query[m];
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
