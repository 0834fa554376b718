#include "alike/map/reading/cluster_names.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>
#include <unordered_map>

#include "alike/base/error.h"

namespace alike::map {
namespace {

constexpr std::size_t kShortestTerm = 3;
constexpr double kPrior = 10;        // items that the prior counts as
constexpr double kTelling = 1.96;    // z-score from which a word tells a cluster from the rest
constexpr double kLeastShare = 0.1;  // of a cluster's items that have the word
constexpr double kMostOfThem = 0.5;  // with fewer, a second word is added
constexpr std::size_t kMostTerms = 3;

/// Prefixes of cameras and programs, kinds of files, and words that say nothing.
constexpr std::array<std::string_view, 36> kNoise{
    "and",     "bmp",      "copy", "dcim",  "default", "download",   "downloads", "dsc",   "dscf",
    "dscn",    "file",     "for",  "from",  "gif",     "heic",       "home",      "image", "images",
    "img",     "jpeg",     "jpg",  "mvimg", "new",     "photo",      "photos",    "pic",   "pict",
    "picture", "pictures", "png",  "pxl",   "scan",    "screenshot", "the",       "tmp",   "webp"};

bool is_letter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte | 0x20U) - 'a' < 26U || byte >= 0x80U;
}

/// Lower-case words; runs of letters and digits with a digit in them are numbers, not words.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    std::string word;
    bool digits = false;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      const bool digit = c >= '0' && c <= '9';
      if (!is_letter(c) && !digit) break;
      digits |= digit;
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    ++at;
    const bool noise = std::ranges::binary_search(kNoise, std::string_view(word));
    if (!word.empty() && !digits && !noise) words.push_back(std::move(word));
  }
  return words;
}

/// Folders, and the file name without its ending.
std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    if (slash > 0) parts.push_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  if (!parts.empty()) {
    const auto dot = parts.back().rfind('.');
    if (dot != std::string_view::npos && dot > 0) parts.back() = parts.back().substr(0, dot);
  }
  return parts;
}

struct Term {
  double score = 0;  // share inside − share outside
  double share = 0;  // of the cluster's items
  std::string_view text;
};

/// Which terms each item has, as numbers.
class Vocabulary {
 public:
  Vocabulary(const std::vector<std::string>& paths, const std::vector<std::string>& labels) {
    starts_.push_back(0);
    for (std::size_t i = 0; i < paths.size(); ++i) {
      for (auto& term : terms_of(paths[i], labels.empty() ? std::string() : labels[i])) {
        const auto [found, fresh] =
            numbers_.try_emplace(std::move(term), static_cast<std::uint32_t>(texts_.size()));
        if (fresh) {
          texts_.emplace_back(found->first);
          counts_.push_back(0);
        }
        ++counts_[found->second];
        terms_.push_back(found->second);
      }
      starts_.push_back(terms_.size());
    }
  }

  /// The telling terms of the items in `members`, best first.
  std::vector<Term> telling(const std::vector<std::uint32_t>& members) const {
    std::unordered_map<std::uint32_t, double> inside;
    for (const auto item : members) {
      for (auto at = starts_[item]; at < starts_[item + 1]; ++at) ++inside[terms_[at]];
    }
    const auto count = static_cast<double>(members.size());
    const auto rest = static_cast<double>(starts_.size() - 1) - count;
    std::vector<Term> found;
    for (const auto& [term, here] : inside) {
      const double share = here / count;
      if (share < kLeastShare || (here < 2 && count > 2)) continue;
      const double there = static_cast<double>(counts_[term]) - here;
      const double prior = kPrior * static_cast<double>(counts_[term]) / (count + rest);
      if (here + there >= count + rest) continue;  // all have it
      const auto odds = [&](double of, double total) {
        return std::log((of + prior) / (total + kPrior - of - prior));
      };
      const double delta = odds(here, count) - odds(there, rest);
      const double z = delta / std::sqrt(1 / (here + prior) + 1 / (there + prior));
      const double outside = rest > 0 ? there / rest : 0;
      if (z >= kTelling) found.push_back({share - outside, share, texts_[term]});
    }
    std::ranges::sort(found, [](const Term& a, const Term& b) {
      if (a.score != b.score) return a.score > b.score;
      return a.text.size() != b.text.size() ? a.text.size() > b.text.size() : a.text < b.text;
    });
    return found;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string_view> texts_;  // keys of `numbers_`
  std::vector<std::uint64_t> counts_;    // items that have each term
  std::vector<std::uint32_t> terms_;     // of item after item
  std::vector<std::size_t> starts_;
};

/// The best of `terms` that share no word with a better one.
std::vector<Term> apart(const std::vector<Term>& terms) {
  std::vector<Term> chosen;
  std::set<std::string> seen;
  for (const auto& term : terms) {
    const auto words = words_of(term.text);
    if (std::ranges::any_of(words, [&](const auto& word) { return seen.contains(word); })) continue;
    seen.insert(words.begin(), words.end());
    chosen.push_back(term);
    if (chosen.size() == kMostTerms) break;
  }
  return chosen;
}

std::string joined(const std::vector<Term>& terms, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < std::min(count, terms.size()); ++i) {
    text += (i == 0 ? "" : ", ") + std::string(terms[i].text);
  }
  return text;
}

/// The first of the names that suit a cluster and that none has yet.
std::string unused_name(const std::vector<Term>& telling, const std::string& medoid,
                        const std::set<std::string>& used) {
  const auto terms = apart(telling);
  const auto parts = parts_of(medoid);
  const std::string file = parts.empty() ? medoid : std::string(parts.back());
  std::vector<std::string> names;
  if (!terms.empty()) {
    for (std::size_t count = terms[0].share < kMostOfThem ? 2 : 1; count <= kMostTerms; ++count) {
      names.push_back(joined(terms, count));
    }
    for (const auto& term : telling) {  // "t shirt" where "shirt" is taken
      const bool part = names.front().find(term.text) != std::string::npos;
      if (term.share >= kMostOfThem && !part) names.emplace_back(term.text);
    }
    names.push_back(names.front() + " (" + file + ")");
  } else {
    names = {file, medoid};
  }
  for (const auto& name : names) {
    if (!name.empty() && !used.contains(name)) return name;
  }
  for (std::size_t number = 2;; ++number) {
    auto name = names.back() + " " + std::to_string(number);
    if (!used.contains(name)) return name;
  }
}

}  // namespace

std::vector<std::string> terms_of(const std::string& path, const std::string& label) {
  std::set<std::string> terms;
  auto parts = parts_of(path);
  if (!label.empty()) parts.push_back(label);
  for (const auto part : parts) {
    std::string whole;
    for (const auto& word : words_of(part)) {
      if (word.size() >= kShortestTerm) terms.insert(word);
      whole += (whole.empty() ? "" : " ") + word;
    }
    if (whole.size() >= kShortestTerm) terms.insert(whole);
  }
  return {terms.begin(), terms.end()};
}

std::vector<std::string> name_clusters(const Clusters& clusters,
                                       const std::vector<std::string>& paths,
                                       const std::vector<std::string>& labels) {
  const std::size_t n = clusters.cluster.size();
  if (paths.size() != n || (!labels.empty() && labels.size() != n)) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(paths.size()) + " paths and " + std::to_string(labels.size()) +
                    " labels do not fit " + std::to_string(n) + " points");
  }
  std::vector<std::vector<std::uint32_t>> members(clusters.clusters.size());
  for (std::uint32_t i = 0; i < n; ++i) {
    if (clusters.cluster[i] >= 0) {
      members[static_cast<std::size_t>(clusters.cluster[i])].push_back(i);
    }
  }
  const Vocabulary vocabulary(paths, labels);
  std::vector<std::string> names;
  std::set<std::string> used;
  for (std::size_t c = 0; c < members.size(); ++c) {
    const auto terms = vocabulary.telling(members[c]);
    names.push_back(unused_name(terms, paths[clusters.clusters[c].medoid], used));
    used.insert(names.back());
  }
  return names;
}

}  // namespace alike::map
