// The cost of the worst pictures of 1, 4 and 16 MB, each in a process of its own.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alike/image/decode.h"
#include "alike/image/resize.h"
#include "alike/image/thumbnail.h"
#include "tests/support/worst_pictures.h"

namespace alike::test {
namespace {

struct Cost {
  double seconds = 0;    ///< Of processor time.
  double megabytes = 0;  ///< Of memory, beyond that before.
};

double seconds_of(const rusage& usage) {
  const auto of = [](const timeval& time) {
    return double(time.tv_sec) + 1e-6 * double(time.tv_usec);
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// The cost for a new process to embed the picture and to show it small.
Cost cost_of(const File& file, bool read) {
  const pid_t child = ::fork();
  if (child == 0) {
    // The memory of before the fork counts in the child from the first touch on.
    image::decode_every_format_here();  // which takes memory of its own
    if (read) {
      image::survive([&] { image::prepare(file, {.size = 224}); });
      image::survive([&] { image::thumbnail(file, 256, 256); });
    }
    ::_exit(0);
  }
  int status = 0;
  rusage usage{};
  EXPECT_EQ(::wait4(child, &status, 0, &usage), child);
  EXPECT_EQ(status, 0);
  return {seconds_of(usage), double(usage.ru_maxrss) / 1024};
}

TEST(WorstPictures, cost_at_most_a_second_and_64_megabytes_a_megabyte_and_grow_with_their_size) {
  // Pixels cost by themselves, in whatever few bytes they come: a limit of their own bounds them.
  // How long so many take differs from machine to machine, so that plain ones are the measure.
  // Seven bytes, RGBA and RGB, for each of the 120 million pixels that may be held, and a tenth.
  constexpr double kPixelMegabytes = 900;
  const double pixel_seconds = 2.5 * cost_of(png_of_zeros(16 << 20, false), true).seconds;
  for (const WorstPicture& picture : worst_pictures()) {
    std::vector<double> seconds;
    for (const std::size_t megabytes : {1U, 4U, 16U}) {
      const File file = picture.make(megabytes << 20);
      const Cost nothing = cost_of(file, false);
      const Cost cost = cost_of(file, true);
      const double grown = cost.megabytes - nothing.megabytes;
      seconds.push_back(cost.seconds - nothing.seconds);
      std::printf("%-26s %9zu bytes %7.3f s %7.1f MB\n", picture.name, file.size(), seconds.back(),
                  grown);
      const double size = double(file.size()) / (1 << 20);
      EXPECT_LE(seconds.back(), size + pixel_seconds) << picture.name;
      EXPECT_LE(grown, 64 * size + kPixelMegabytes) << picture.name;
    }
    EXPECT_LE(seconds[1], 6 * seconds[0] + 0.1) << picture.name;
    EXPECT_LE(seconds[2], 6 * seconds[1] + 0.1) << picture.name;
  }
}

}  // namespace
}  // namespace alike::test
