#include "alike/image/isolated/isolated_decoder.h"
#include "alike/base/sanitized.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <thread>

#include "alike/image/thumbnail.h"
#include "tests/image/samples.h"
#include "tests/support/children.h"

namespace alike::image {
namespace {

using namespace std::chrono_literals;
using test::children;
using test::end;

IsolationOptions options(const std::string& how, std::chrono::milliseconds patience = 20s) {
  return {ALIKE_DECODE_WORKER, {how}, patience, patience};
}

std::vector<File> every_kind() {
  const Image image = smooth(301, 203);
  std::vector<std::uint8_t> deep(8 * 64 * 48), palette(64 * 48), grey(64 * 48);
  for (std::size_t i = 0; i < deep.size(); ++i) deep[i] = static_cast<std::uint8_t>(i * 31 % 251);
  for (std::size_t i = 0; i < grey.size(); ++i) {
    grey[i] = static_cast<std::uint8_t>(i % 253);
    palette[i] = static_cast<std::uint8_t>(i % 2);
  }
  const std::vector<std::uint8_t> cmyk(deep.begin(), deep.begin() + 4 * 64 * 48);
  std::vector<File> files{
      jpeg(image),
      jpeg(image, {.progressive = true, .exif = exif(6)}),
      jpeg(image, {.exif = exif(3, true), .profile = wide_profile()}),
      jpeg(cmyk, 64, 48, {.space = JCS_CMYK}),
      jpeg(grey, 64, 48, {.space = JCS_GRAYSCALE}),
      png(image),
      png(image, {.interlaced = true, .profile = wide_profile()}),
      png(deep, 64, 48, {.type = PNG_COLOR_TYPE_RGB_ALPHA, .bits = 16}),
      png(palette, 64, 48,
          {.type = PNG_COLOR_TYPE_PALETTE,
           .palette = {{250, 3, 7}, {9, 200, 20}},
           .palette_alpha = {128, 255}}),
      webp(image),
      extended_webp(301, 203, 8, webp_frame(image) + riff_chunk("EXIF", exif(5)))};
  return files;
}

TEST(IsolatedDecoder, gives_the_same_bytes_for_every_kind_of_file) {
  const IsolatedDecoder decoder(options("decode"));
  for (const File& file : every_kind()) {
    const Header here = inspect(file), there = decoder.inspect(file);
    EXPECT_EQ(here.format, there.format);
    EXPECT_EQ(here.width, there.width);
    EXPECT_EQ(here.height, there.height);
    EXPECT_EQ(here.orientation, there.orientation);
    for (const Framing framing : {Framing{}, Framing{.size = 40, .crop_fraction = 1}}) {
      EXPECT_EQ(prepare(file, framing).rgb, decoder.prepare(file, framing, {}).rgb);
      const Box part{3.5, 2, 20, 30};
      EXPECT_EQ(prepare(file, framing, part).rgb, decoder.prepare(file, framing, part).rgb);
    }
    const Image small = decoder.thumbnail(file, 50, 70);
    EXPECT_EQ(thumbnail(file, 50, 70).rgb, small.rgb);
    EXPECT_EQ(thumbnail(file, 50, 70).width, small.width);
  }
}

TEST(IsolatedDecoder, says_the_same_of_bad_pictures_and_goes_on) {
  const IsolatedDecoder decoder(options("decode"));
  const auto workers = children();
  File cut = jpeg(smooth(99, 99));
  cut.resize(cut.size() / 2);
  for (const File& file : {File{}, bytes_of_text("hello"), cut, bytes_of_text("8BPS......")}) {
    std::string here, there;
    try {
      prepare(file, {});
    } catch (const Error& error) {
      here = error.what();
    }
    try {
      decoder.prepare(file, {}, {});
    } catch (const Error& error) {
      there = error.what();
    }
    EXPECT_FALSE(here.empty());
    EXPECT_EQ(here, there);
  }
  EXPECT_EQ(decoder.prepare(jpeg(smooth(99, 99)), {}, {}).width, 224);
  EXPECT_EQ(children(), workers);
}

TEST(IsolatedDecoder, a_large_picture_leaves_nothing_of_itself_to_the_next) {
  const IsolatedDecoder decoder(options("decode"));
  const File large = png(patterned(2600, 2400)), small = png(patterned(30, 20));
  EXPECT_GT(large.size(), 1u << 20);
  const Image first = decoder.thumbnail(large, 2600, 2400);
  EXPECT_EQ(first.rgb, patterned(2600, 2400).rgb);
  EXPECT_EQ(decoder.thumbnail(small, 100, 100).rgb, patterned(30, 20).rgb);
  EXPECT_EQ(decoder.thumbnail(large, 2600, 2400).rgb, first.rgb);
}

TEST(IsolatedDecoder, threads_do_not_disturb_each_other) {
  const IsolatedDecoder decoder(options("decode"));
  std::vector<std::jthread> threads;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const File file = png(patterned(40 + t, 30));
      const auto expected = prepare(file, {}).rgb;
      for (int i = 0; i < 30; ++i) {
        if (decoder.prepare(file, {}, {}).rgb != expected) ++wrong;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(wrong, 0);
}

/// Ways to lose a worker.
enum class Loss { while_it_waits, while_it_decodes, hung, out_of_memory };

TEST(IsolatedDecoder, a_worker_that_is_lost_costs_one_picture) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes signals, memory and system calls for itself";
  const char* depth = std::getenv("ALIKE_DEPTH");
  const int rounds = depth != nullptr && std::string_view(depth) == "all" ? 1000 : 32;
  const IsolatedDecoder decoder(options("decode", 2s));
  const File large = png(patterned(1200, 900)), small = png(patterned(9, 9));
  int failed = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto loss = static_cast<Loss>(round % 4);
    decoder.inspect(small);
    const auto before = children();
    ASSERT_EQ(before.size(), 1u);
    if (loss == Loss::while_it_waits) end(before[0]);
    if (loss == Loss::hung) ::kill(before[0], SIGSTOP);
    const rlimit nothing{1, 1};
    if (loss == Loss::out_of_memory) ::prlimit(before[0], RLIMIT_AS, &nothing, nullptr);
    std::jthread killer;
    if (loss == Loss::while_it_decodes) {
      killer = std::jthread([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(round % 40));
        end(before[0]);
      });
    }
    try {
      EXPECT_EQ(decoder.thumbnail(large, 1200, 900).width, 1200);
    } catch (const Error& error) {
      ++failed;
      const bool ended = loss == Loss::while_it_waits || loss == Loss::while_it_decodes;
      EXPECT_EQ(error.code(), ended ? ErrorCode::corrupt : ErrorCode::unsupported) << error.what();
    }
    if (killer.joinable()) killer.join();
    if (loss == Loss::out_of_memory) end(before[0]);
    EXPECT_EQ(decoder.thumbnail(small, 9, 9).rgb, patterned(9, 9).rgb);
  }
  EXPECT_GE(failed, rounds / 2);
}

TEST(IsolatedDecoder, a_worker_that_lies_or_dies_is_not_believed) {
  const File file = png(patterned(30, 20));
  const auto code = [&](const std::string& how, bool only_inspect = false) {
    const IsolatedDecoder decoder(options(how, 500ms));
    const ErrorCode first = code_of([&] {
      if (only_inspect) {
        decoder.inspect(file);
      } else {
        decoder.prepare(file, {}, {});
      }
    });
    EXPECT_EQ(code_of([&] { decoder.prepare(file, {}, {}); }),
              how == "hang" ? ErrorCode::unsupported : ErrorCode::corrupt)
        << how;  // and the next one is asked anew
    return first;
  };
  for (const char* how :
       {"crash", "leave", "short", "long", "huge", "negative", "gone", "unknown", "endless"}) {
    EXPECT_EQ(code(how), ErrorCode::corrupt) << how;
  }
  for (const char* how : {"nothing", "wide", "format"}) {
    EXPECT_EQ(code(how, true), ErrorCode::corrupt) << how;
  }
  EXPECT_EQ(code("hang"), ErrorCode::unsupported);
  EXPECT_TRUE(children().empty());
}

TEST(IsolatedDecoder, a_word_that_nobody_asked_for_ends_a_worker) {
  const IsolatedDecoder decoder(options("twice"));
  const File file = png(patterned(30, 20));
  decoder.prepare(file, {}, {});
  const auto first = children();
  for (int i = 0; i < 100 && children() == first; ++i) {
    std::this_thread::sleep_for(5ms);  // the word comes after the answer
    decoder.prepare(file, {}, {});
  }
  EXPECT_NE(children(), first);
}

TEST(IsolatedDecoder, a_program_that_is_no_decoder_is_refused_at_once) {
  const auto code = [](const IsolationOptions& each) {
    return code_of([&] { const IsolatedDecoder decoder(each); });
  };
  EXPECT_EQ(code(options("exit")), ErrorCode::io);
  EXPECT_EQ(code(options("stranger")), ErrorCode::io);
  EXPECT_EQ(code(options("mute", 200ms)), ErrorCode::io);
  EXPECT_EQ(code(options("unconfined")), ErrorCode::unsupported);
  EXPECT_EQ(code({"/nowhere/alike", {}, 1s, 1s}), ErrorCode::not_found);
  EXPECT_EQ(code({"/bin/true", {}, 1s, 1s}), ErrorCode::io);
  EXPECT_EQ(isolation(options("exit")).sandbox, "none");
  EXPECT_NE(isolation(options("exit")).reason, "");
  EXPECT_TRUE(children().empty());
}

TEST(IsolatedDecoder, says_how_far_it_is_confined) {
  const Isolation found = isolation(options("decode"));
  EXPECT_NE(found.sandbox, "none") << found.reason;
  EXPECT_EQ(found.reason.empty(), found.sandbox == "seccomp+landlock");
}

TEST(PictureDecoder, is_this_process_unless_told_otherwise) {
  const File file = png(patterned(30, 20));
  EXPECT_EQ(picture_decoder().prepare(file, {}, {}).rgb, prepare(file, {}).rgb);
  EXPECT_TRUE(children().empty());
  decode_with(std::make_unique<IsolatedDecoder>(options("decode")));
  EXPECT_EQ(picture_decoder().prepare(file, {}, {}).rgb, prepare(file, {}).rgb);
  EXPECT_EQ(children().size(), 1u);
  decode_with(nullptr);
  EXPECT_TRUE(children().empty());
}

}  // namespace
}  // namespace alike::image
