// A folder of pictures through the tiny encoder into a collection.
#include "alike/collection/ingest/ingest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <thread>

#include "alike/base/file.h"
#include "alike/collection/care/care.h"
#include "alike/collection/ingest/scan.h"
#include "alike/collection/store/writer.h"
#include "alike/encode/run/embedding.h"
#include "tests/collection/ingest/ingest_fixture.h"
#include "tests/support/damage.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"

namespace alike::collection {
namespace {

using test::outcome;

class IngestTest : public IngestFixture {};

TEST_F(IngestTest, every_picture_gets_the_row_that_the_embedder_gives) {
  expect(index(), {7, 0, 0}, 0);
  const encode::Embedder embedder(encode::Encoder(encode::load_package("tiny"), {}), {}, true);
  const auto all = rows();
  ASSERT_EQ(all.size(), 7u);
  for (const auto& [path, row] : all) {
    std::vector<float> wanted(embedder.width());
    embedder.embed(read_file(pictures() / path, 1 << 20), wanted);
    EXPECT_EQ(row, wanted) << path;
  }
  const auto item = collection_->item_at("a/3.png");
  ASSERT_TRUE(item);
  EXPECT_EQ(item->width, 40);
  EXPECT_EQ(item->height, 30);
  EXPECT_EQ(item->label, "a");
  EXPECT_EQ(item->hash, content_hash(read_file(pictures() / "a/3.png", 1 << 20)));
  EXPECT_FALSE(collection_->space().filling);
}

TEST_F(IngestTest, a_second_run_changes_nothing) {
  index();
  const auto before = rows();
  expect(index(), {0, 0, 0}, 7);
  EXPECT_EQ(rows(), before);
}

TEST_F(IngestTest, rows_do_not_depend_on_the_number_of_threads) {
  index();
  const auto before = rows();
  auto options = tiny();
  options.threads = 3;
  options.space = "again";
  index(options);
  EXPECT_EQ(rows("again"), before);
}

TEST_F(IngestTest, new_changed_moved_and_vanished_pictures_are_told_apart) {
  index();
  const auto before = rows();
  const ItemId moved = collection_->item_at("a/1.png")->id;
  const ItemId changed = collection_->item_at("a/2.png")->id;
  picture("b/new.png", 99);
  fs::rename(pictures() / "a/1.png", pictures() / "b/moved.png");
  picture("a/2.png", 77);
  fs::remove(pictures() / "a/3.png");
  expect(index(), {1, 2, 1}, 4);
  EXPECT_EQ(collection_->item_at("b/moved.png")->id, moved);
  EXPECT_EQ(collection_->item_at("b/moved.png")->label, "b");
  EXPECT_EQ(rows().at("b/moved.png"), before.at("a/1.png"));
  EXPECT_EQ(collection_->item_at("a/2.png")->id, changed);
  EXPECT_NE(rows().at("a/2.png"), before.at("a/2.png"));
  EXPECT_FALSE(collection_->item_at("a/3.png"));
}

TEST_F(IngestTest, touched_files_of_the_same_content_keep_their_row) {
  index();
  fs::last_write_time(pictures() / "a/0.png",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  const auto summary = index();
  expect(summary, {0, 0, 0}, 7);
  EXPECT_EQ(summary.embedded, 0u);
}

TEST_F(IngestTest, the_id_of_a_vanished_picture_is_never_given_again) {
  index();
  ItemId last = 0;
  for (ItemId id = 0; id < 20; ++id) last = collection_->item(id) ? id : last;
  fs::remove(pictures() / collection_->item(last)->path);
  index();
  picture("z.png", 123);
  index();
  EXPECT_GT(collection_->item_at("z.png")->id, last);
}

TEST_F(IngestTest, bad_pictures_are_skipped_with_a_reason_until_they_are_good) {
  const std::string whole = read_text(pictures() / "a/0.png");
  replace_file(pictures() / "cut.png", std::string_view(whole).substr(0, whole.size() / 2));
  replace_file(pictures() / "empty.jpg", std::string_view());
  replace_file(pictures() / "words.png", std::string_view("words"));
  auto summary = index();
  expect(summary, {7, 0, 0}, 0);
  ASSERT_EQ(summary.skipped.size(), 3u);
  for (const auto& skipped : summary.skipped) EXPECT_FALSE(skipped.reason.empty());
  EXPECT_EQ(index().skipped.size(), 3u);
  picture("cut.png", 61);
  fs::remove(pictures() / "empty.jpg");
  summary = index();
  expect(summary, {1, 0, 0}, 7);
  ASSERT_EQ(summary.skipped.size(), 1u);
  EXPECT_EQ(summary.skipped[0].path, "words.png");
}

TEST_F(IngestTest, a_second_layer_fills_its_own_space_while_the_first_answers) {
  index();
  auto options = tiny();
  options.layer = "block1";
  options.pooling = encode::Pooling::max;
  const auto summary = index(options);
  EXPECT_EQ(summary.space, "tiny-block1-max");
  EXPECT_EQ(summary.embedded, 7u);
  EXPECT_EQ(collection_->space().name, "tiny");
  EXPECT_EQ(collection_->space("tiny-block1-max").width, 4u);
  EXPECT_EQ(collection_->space("tiny-block1-max").rows, 7u);
}

TEST_F(IngestTest, a_transform_is_fitted_once_and_its_sample_recorded) {
  for (std::uint64_t i = 10; i < 30; ++i) picture("b/" + std::to_string(i) + ".png", i);
  auto options = tiny();
  options.pca = encode::PcaOptions{3, true};
  expect(index(options), {27, 0, 0}, 0);
  const Space space = collection_->space();
  EXPECT_EQ(space.name, "tiny-pca3w");
  EXPECT_EQ(space.width, 3u);
  const auto pca = collection_->pca();
  ASSERT_TRUE(pca);
  EXPECT_EQ(pca->sample_ids().size(), 27u);
  picture("c/new.png", 200);
  expect(index(options), {1, 0, 0}, 27);
  EXPECT_EQ(collection_->pca()->bytes(), pca->bytes());
  EXPECT_EQ(rows().at("c/new.png").size(), 3u);
}

TEST_F(IngestTest, options_that_a_space_does_not_have_are_refused) {
  index();
  auto options = tiny();
  options.space = "tiny";
  options.layer = "block1";
  EXPECT_EQ(outcome([&] { index(options); }), ErrorCode::invalid_argument);
  options = tiny();
  options.space = "-bad";
  EXPECT_EQ(outcome([&] { index(options); }), ErrorCode::invalid_argument);
  options = tiny();
  options.threads = 0;
  EXPECT_EQ(outcome([&] { index(options); }), ErrorCode::invalid_argument);
  options = tiny();
  options.encoder = "tyni";
  EXPECT_EQ(outcome([&] { index(options); }), ErrorCode::not_found);
  options = tiny();
  options.layer = "block9";
  EXPECT_EQ(outcome([&] { index(options); }), ErrorCode::not_found);
  EXPECT_EQ(collection_->spaces().size(), 1u);
}

TEST_F(IngestTest, another_model_under_the_same_name_does_not_mix_with_the_old_rows) {
  index();
  test::install_tiny_package(folder_ / "home", "tiny", 2);
  picture("new.png", 99);
  EXPECT_EQ(outcome([&] { index(); }), ErrorCode::invalid_argument);
  EXPECT_EQ(collection_->space().rows, 7u);
}

TEST_F(IngestTest, a_stop_keeps_what_was_reported_and_the_next_run_goes_on) {
  for (std::uint64_t i = 10; i < 90; ++i) picture("b/" + std::to_string(i) + ".png", i);
  std::stop_source stop;
  std::uint64_t reported = 0;
  const Watcher watcher{[&](const Progress& progress) {
                          reported = progress.done;
                          stop.request_stop();
                        },
                        stop.get_token()};
  EXPECT_EQ(outcome([&] { ingest(*collection_, tiny(), watcher); }), ErrorCode::interrupted);
  EXPECT_TRUE(verify(pictures() / ".alike", {}).damage.empty());
  const auto kept = collection_->status().items;
  EXPECT_GE(kept, reported);
  const auto summary = index();
  EXPECT_EQ(summary.added + kept, 87u);
  EXPECT_EQ(rows().size(), 87u);
}

TEST_F(IngestTest, a_second_writer_is_busy) {
  const Writer writer(pictures() / ".alike");
  EXPECT_EQ(outcome([&] { index(); }), ErrorCode::busy);
}

TEST_F(IngestTest, watching_takes_what_comes_until_it_is_stopped) {
  std::stop_source stop;
  int rounds = 0;
  std::uint64_t added = 0;
  const auto after_each = [&](const IngestSummary& summary) {
    added += summary.added;
    if (++rounds == 1) {
      picture("later/x.png", 300);
    } else {
      stop.request_stop();
    }
  };
  EXPECT_EQ(outcome([&] {
              ingest_and_watch(*collection_, tiny(), {{}, stop.get_token()}, after_each);
            }),
            ErrorCode::interrupted);
  EXPECT_EQ(rounds, 2);
  EXPECT_EQ(added, 8u);
}

TEST_F(IngestTest, imported_rows_stay_when_a_folder_is_indexed) {
  Collection other = Collection::create(pictures(), folder_ / "other");
  Matrix imported(2, 3);
  imported.row(1)[0] = 1;
  import_rows(other, imported, {}, "mine", index::Metric::l2);
  ingest(other, tiny(), {});
  EXPECT_EQ(other.space("mine").rows, 2u);
  EXPECT_EQ(other.space("tiny").rows, 7u);
  EXPECT_TRUE(other.space("tiny").complete());
  EXPECT_EQ((*other.row(1, "mine"))[0], 1);
}

}  // namespace
}  // namespace alike::collection
