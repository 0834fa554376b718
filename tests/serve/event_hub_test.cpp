#include "alike/serve/event_hub.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace alike::serve {
namespace {

struct Heard {
  std::vector<std::string> texts;
  EventHub::Listener listener() {
    return [this](const std::string& text) { texts.push_back(text); };
  }
};

std::string event(int id, const std::string& data) {
  return "id: " + std::to_string(id) + "\nevent: job\ndata: " + data + "\n\n";
}

TEST(EventHub, tells_everyone_who_listens) {
  EventHub hub;
  Heard one, two;
  hub.tell("job", "before");
  const auto first = hub.listen(0, one.listener());
  hub.listen(0, two.listener());
  hub.tell("job", "a");
  hub.leave(first);
  hub.leave(first);
  hub.tell("job", "b");
  EXPECT_EQ(one.texts, std::vector{event(2, "a")});
  EXPECT_EQ(two.texts, (std::vector{event(2, "a"), event(3, "b")}));
}

TEST(EventHub, tells_first_what_was_missed) {
  EventHub hub;
  for (const char* data : {"a", "b", "c"}) hub.tell("job", data);
  Heard heard;
  hub.listen(1, heard.listener());
  EXPECT_EQ(heard.texts, (std::vector{event(2, "b"), event(3, "c")}));
  Heard nothing;
  hub.listen(3, nothing.listener());
  EXPECT_TRUE(nothing.texts.empty());
}

TEST(EventHub, takes_an_id_that_is_yet_to_come_for_one_of_another_run) {
  EventHub hub;
  hub.tell("job", "a");
  Heard heard;
  hub.listen(100, heard.listener());
  EXPECT_EQ(heard.texts, std::vector{event(1, "a")});
}

TEST(EventHub, keeps_the_last_256) {
  EventHub hub;
  for (int i = 0; i < 1000; ++i) hub.tell("job", std::to_string(i));
  Heard heard;
  hub.listen(1, heard.listener());
  ASSERT_EQ(heard.texts.size(), 256U);
  EXPECT_EQ(heard.texts.front(), event(745, "744"));
  EXPECT_EQ(heard.texts.back(), event(1000, "999"));
}

TEST(EventHub, may_be_used_from_many_threads) {
  EventHub hub;
  std::atomic<int> heard = 0;
  const auto always = hub.listen(0, [&](const std::string&) { ++heard; });
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        hub.leave(hub.listen(1, [](const std::string&) {}));
        hub.tell("job", "x");
      }
    });
  }
  for (auto& thread : threads) thread.join();
  hub.leave(always);
  EXPECT_EQ(heard, 800);
}

}  // namespace
}  // namespace alike::serve
