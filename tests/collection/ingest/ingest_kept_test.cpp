// What an ingest keeps of pictures that are gone, away, bad or changed.
#include <gtest/gtest.h>

#include "alike/collection/ingest/scan.h"
#include "alike/collection/store/writer.h"
#include "tests/collection/ingest/ingest_fixture.h"
#include "tests/support/damage.h"

namespace alike::collection {
namespace {

using test::outcome;

class IngestKeptTest : public IngestFixture {};

TEST_F(IngestKeptTest, a_known_picture_that_goes_bad_keeps_item_and_row_until_it_is_gone_or_good) {
  index();
  const auto before = rows();
  const ItemId id = collection_->item_at("a/0.png")->id;
  const std::string whole = read_text(pictures() / "a/0.png");
  for (const std::string& content : {whole.substr(0, whole.size() / 2), std::string("words"),
                                     std::string(), std::string(whole.size(), '\0')}) {
    replace_file(pictures() / "a/0.png", content);
    const auto summary = index();
    expect(summary, {0, 0, 0}, 6);
    ASSERT_EQ(summary.skipped.size(), 1u);
    EXPECT_EQ(summary.skipped[0].path, "a/0.png");
    EXPECT_EQ(collection_->item_at("a/0.png")->id, id);
    EXPECT_EQ(rows(), before);
  }
  replace_file(pictures() / "a/0.png", whole);
  const auto summary = index();
  expect(summary, {0, 0, 0}, 7);
  EXPECT_TRUE(summary.skipped.empty());
  EXPECT_EQ(summary.embedded, 0u);
  replace_file(pictures() / "a/0.png", std::string_view("words"));
  index();
  fs::remove(pictures() / "a/0.png");
  expect(index(), {0, 0, 1}, 6);
  EXPECT_TRUE(collection_->skipped().empty());
}

TEST_F(IngestKeptTest, another_content_of_the_same_size_and_time_is_noticed) {
  const fs::path file = pictures() / "top.jpg";
  padded(file, 50);
  index();
  const auto before = rows();
  const auto time = fs::last_write_time(file);
  padded(file, 51);
  fs::last_write_time(file, time);
  expect(index(), {0, 1, 0}, 6);
  EXPECT_NE(rows().at("top.jpg"), before.at("top.jpg"));
}

TEST_F(IngestKeptTest, every_content_is_compared_when_asked_for) {
  const fs::path file = pictures() / "top.jpg";
  padded(file, 50);
  index();
  padded(file, 51);
  {  // as on a disk that keeps no times
    const auto now = scan(pictures(), "", {}, [](const FoundFile&) { return Known::no; }, {});
    Writer writer(pictures() / ".alike");
    Transaction transaction(writer.database(), true);
    Item item = writer.catalog().item_at("top.jpg").value();
    item.modified_ns = now.pictures.back().modified_ns;
    item.changed_ns = now.pictures.back().changed_ns;
    writer.catalog().update_item(item);
    writer.commit(transaction);
  }
  expect(index(), {0, 0, 0}, 7);
  auto options = tiny();
  options.reread = true;
  expect(index(options), {0, 1, 0}, 6);
}

TEST_F(IngestKeptTest, a_renamed_folder_with_a_picture_twice_keeps_every_id) {
  for (const char* name : {"a/x.png", "a/y.png", "a/z.png"}) picture(name, 500);
  index();
  std::map<std::string, ItemId> before;
  for (const char* name : {"x.png", "y.png", "z.png", "0.png"})
    before[name] = collection_->item_at(std::string("a/") + name)->id;
  fs::rename(pictures() / "a", pictures() / "b");
  EXPECT_EQ(index().removed, 0u);
  for (const auto& [name, id] : before)
    EXPECT_EQ(collection_->item_at("b/" + name)->id, id) << name;
  EXPECT_EQ(rows().size(), 10u);
}

TEST_F(IngestKeptTest, pictures_of_a_disk_that_is_away_are_kept) {
  index();
  {
    Writer writer(pictures() / ".alike");
    Transaction transaction(writer.database(), true);
    writer.catalog().set_mounts({"a"});
    writer.commit(transaction);
  }
  fs::rename(pictures() / "a", folder_ / "unmounted");
  for (const bool there : {false, true}) {  // some systems remove the folder, others leave it
    if (there) fs::create_directory(pictures() / "a");
    for (int run = 0; run < 2; ++run) {
      const auto summary = index();
      expect(summary, {0, 0, 0}, 1);
      EXPECT_EQ(summary.away, 6u);
      ASSERT_EQ(summary.skipped.size(), 1u);
      EXPECT_EQ(summary.skipped[0].path, "a");
    }
  }
  EXPECT_EQ(rows().size(), 7u);
  auto options = tiny();
  options.allow_empty = true;
  expect(index(options), {0, 0, 6}, 1);
  EXPECT_TRUE(index().skipped.empty());
}

TEST_F(IngestKeptTest, more_than_half_that_vanish_at_once_are_kept_until_a_second_run) {
  index();
  for (const char* name : {"0", "1", "2", "3"})
    fs::remove(pictures() / "a" / (std::string(name) + ".png"));
  auto summary = index();
  expect(summary, {0, 0, 0}, 3);
  EXPECT_EQ(summary.missing, 4u);
  EXPECT_EQ(rows().size(), 7u);
  summary = index();
  expect(summary, {0, 0, 4}, 3);
  EXPECT_EQ(summary.missing, 0u);
}

TEST_F(IngestKeptTest, more_than_half_that_vanish_and_come_back_are_asked_about_again) {
  index();
  fs::rename(pictures() / "a", folder_ / "away");
  EXPECT_EQ(index().missing, 6u);
  fs::rename(folder_ / "away", pictures() / "a");
  expect(index(), {0, 0, 0}, 7);
  fs::rename(pictures() / "a", folder_ / "away");
  EXPECT_EQ(index().missing, 6u);
  auto options = tiny();
  options.allow_empty = true;
  expect(index(options), {0, 0, 6}, 1);
}

TEST_F(IngestKeptTest, a_watch_does_not_answer_its_own_question) {
  index();
  std::stop_source stop;
  int rounds = 0;
  std::vector<std::uint64_t> missing;
  const auto after_each = [&](const IngestSummary& summary) {
    missing.push_back(summary.missing);
    if (rounds == 0) fs::rename(pictures() / "a", folder_ / "away");
    if (rounds > 0) picture("new" + std::to_string(rounds) + ".png", 900 + missing.size());
    if (++rounds == 4) stop.request_stop();
  };
  EXPECT_EQ(outcome([&] {
              ingest_and_watch(*collection_, tiny(), {{}, stop.get_token()}, after_each);
            }),
            ErrorCode::interrupted);
  EXPECT_EQ(missing, (std::vector<std::uint64_t>{0, 6, 6, 6}));
  EXPECT_EQ(rows().size(), 9u);
}

TEST_F(IngestKeptTest, names_that_are_left_out_are_forgotten_and_taken_in_again) {
  index();
  auto options = tiny();
  options.exclude = {"a"};
  expect(index(options), {0, 0, 6}, 1);
  expect(index(), {0, 0, 0}, 1);
  EXPECT_EQ(collection_->status().excludes.front(), "#recycle");
  options = tiny();
  options.include = {"a"};
  expect(index(options), {6, 0, 0}, 1);
}

TEST_F(IngestKeptTest, a_folder_that_lost_all_its_pictures_at_once_is_not_believed) {
  index();
  fs::rename(pictures() / "a", folder_ / "unmounted");
  fs::remove(pictures() / "top.jpg");
  replace_file(pictures() / "notes.txt", std::string_view("words"));
  EXPECT_EQ(outcome([&] { index(); }), ErrorCode::not_found);
  EXPECT_EQ(outcome([&] { ingest_and_watch(*collection_, tiny(), {}, {}); }), ErrorCode::not_found);
  EXPECT_EQ(rows().size(), 7u);
  fs::rename(folder_ / "unmounted", pictures() / "a");
  expect(index(), {0, 0, 1}, 6);
  fs::remove_all(pictures() / "a");
  auto options = tiny();
  options.allow_empty = true;
  expect(index(options), {0, 0, 6}, 0);
  expect(index(), {0, 0, 0}, 0);
}

TEST_F(IngestKeptTest, watching_a_folder_that_loses_all_its_pictures_drops_none) {
  const auto after_each = [&](const IngestSummary&) {
    fs::rename(pictures() / "a", folder_ / "unmounted");
    fs::remove(pictures() / "top.jpg");
  };
  EXPECT_EQ(outcome([&] { ingest_and_watch(*collection_, tiny(), {}, after_each); }),
            ErrorCode::not_found);
  EXPECT_EQ(rows().size(), 7u);
}

}  // namespace
}  // namespace alike::collection
