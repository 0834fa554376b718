// The names of clusters.
#pragma once

#include <string>
#include <vector>

#include "alike/map/reading/clusters.h"

namespace alike::map {

/// A name for each cluster, all different: the words that tell it best from the rest, such as
/// "golden retriever" or "boats, harbour". Words come from `labels` (n, or empty; an item's may be
/// empty) and from folders and file names in `paths` (n, '/' between folders, any bytes);
/// numbers and a camera's prefix ("IMG_0042") are no words. A word tells when its log-odds
/// ratio with an informative Dirichlet prior (Monroe, Colaresi, Quinn, "Fightin' Words", 2008,
/// formulas 15 to 22, counting items) has a z-score of 1.96 or more; of those the best has the
/// largest share of the items inside less its share outside (Youden, "Index for rating diagnostic
/// tests", 1950). A cluster without a telling word is called by the file name of its medoid. Throws
/// `invalid_argument` for sizes that do not fit.
std::vector<std::string> name_clusters(const Clusters& clusters,
                                       const std::vector<std::string>& paths,
                                       const std::vector<std::string>& labels = {});

/// The terms of one item, lower case, each once, sorted: whole folder names and labels with spaces
/// between their words ("golden retriever"), and single words.
std::vector<std::string> terms_of(const std::string& path, const std::string& label);

}  // namespace alike::map
