#include "alike/map/reading/cluster_names.h"

#include <gtest/gtest.h>

#include <set>

#include "alike/base/error.h"

namespace alike::map {
namespace {

using Names = std::vector<std::string>;

/// Clusters of the given items each; the first of each is the medoid.
Clusters clusters_of(const std::vector<std::size_t>& counts) {
  Clusters clusters;
  for (const auto count : counts) {
    clusters.clusters.push_back({count, static_cast<std::uint32_t>(clusters.cluster.size())});
    clusters.cluster.insert(clusters.cluster.end(), count,
                            static_cast<std::int32_t>(clusters.clusters.size() - 1));
  }
  return clusters;
}

void add(Names& paths, const std::string& folder, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    paths.push_back(folder + "/IMG_" + std::to_string(1000 + paths.size()) + ".jpg");
  }
}

TEST(TermsOf, AreWordsAndWholeFolderNames) {
  EXPECT_EQ(terms_of("Photos/Golden_Retriever/IMG_0042.JPG", ""),
            (Names{"golden", "golden retriever", "retriever"}));
  EXPECT_EQ(terms_of("n02107574_Eskimo_dog.JPEG", "Hunde"),
            (Names{"dog", "eskimo", "eskimo dog", "hunde"}));
  EXPECT_EQ(terms_of("T-shirt/7.png", ""), (Names{"shirt", "t shirt"}));
  EXPECT_EQ(terms_of("DSC00017.png", ""), Names{});
  EXPECT_EQ(terms_of("Bäume/x.png", ""), Names{"bäume"});
  EXPECT_EQ(terms_of("", ""), Names{});
  EXPECT_EQ(terms_of("///..", ""), Names{});
}

TEST(ClusterNames, AreTheFoldersThatTellThem) {
  Names paths;
  add(paths, "train/golden_retriever", 30);
  add(paths, "train/cat", 5);
  add(paths, "train/cat", 25);
  add(paths, "train/ship", 20);
  const auto names = name_clusters(clusters_of({35, 25, 20}), paths);
  EXPECT_EQ(names, (Names{"golden retriever", "cat", "ship"}));
}

TEST(ClusterNames, ComeFromLabelsToo) {
  Names paths, labels;
  add(paths, "a", 40);
  labels.assign(20, "Sneaker");
  labels.resize(40, "Ankle boot");
  EXPECT_EQ(name_clusters(clusters_of({20, 20}), paths, labels), (Names{"sneaker", "ankle boot"}));
}

TEST(ClusterNames, TellAPartFromTheWhole) {
  Names paths;
  add(paths, "Shirt", 30);
  add(paths, "T-shirt", 30);
  add(paths, "Bag", 60);
  EXPECT_EQ(name_clusters(clusters_of({30, 30, 60}), paths), (Names{"shirt", "t shirt", "bag"}));
}

TEST(ClusterNames, AddASecondWordWhereOneIsOfFew) {
  Names paths;
  add(paths, "boats", 9);
  add(paths, "harbour", 8);
  add(paths, "beach", 8);
  add(paths, "cats", 30);
  EXPECT_EQ(name_clusters(clusters_of({25, 30}), paths)[0].substr(0, 7), "boats, ");
}

TEST(ClusterNames, AreNeverTheSame) {
  Names paths;
  add(paths, "dogs", 60);
  add(paths, "cats", 60);
  const auto names = name_clusters(clusters_of({20, 20, 20, 60}), paths);
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 4U);
  EXPECT_EQ(names[0], "dogs");
  EXPECT_EQ(names[1], "dogs (IMG_1020)");
  const Names same(40, "x/IMG_1.jpg");
  EXPECT_EQ(name_clusters(clusters_of({20, 10, 10}), same),
            (Names{"IMG_1", "x/IMG_1.jpg", "x/IMG_1.jpg 2"}));
}

TEST(ClusterNames, WithoutATellingWordAreTheMedoidsFile) {
  Names paths;
  add(paths, "holiday", 40);
  EXPECT_EQ(name_clusters(clusters_of({20, 20}), paths), (Names{"IMG_1000", "IMG_1020"}));
  EXPECT_EQ(name_clusters(clusters_of({1}), {"\xff\xfe"}).size(), 1U);
  EXPECT_TRUE(name_clusters(clusters_of({}), {}).empty());
  EXPECT_THROW(name_clusters(clusters_of({20}), paths), Error);
}

}  // namespace
}  // namespace alike::map
