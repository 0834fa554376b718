// Every reader is held against these: files cut short, and files with a flipped bit.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::test {

/// The code of the error that `work` throws; nothing when it throws none. Another exception than
/// alike's own fails the test.
inline std::optional<ErrorCode> outcome(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()), "");
    return error.code();
  } catch (const std::exception& error) {
    ADD_FAILURE() << "another exception: " << error.what();
  }
  return std::nullopt;
}

/// Calls `work` with the first 0, 1, … size − 1 bytes of `file`.
inline void each_truncation(const std::string& file,
                            const std::function<void(const std::string&)>& work) {
  for (std::size_t size = 0; size < file.size(); ++size) {
    SCOPED_TRACE("cut to " + std::to_string(size) + " bytes");
    work(file.substr(0, size));
  }
}

/// Calls `work` with `file` with one bit flipped: every bit of it, or `most` drawn ones.
inline void each_flip(const std::string& file, std::size_t most,
                      const std::function<void(const std::string&)>& work) {
  const std::size_t bits = file.size() * 8;
  Random random(bits);
  for (std::size_t i = 0; i < std::min(bits, most); ++i) {
    const std::size_t bit = bits <= most ? i : random.below(bits);
    SCOPED_TRACE("bit " + std::to_string(bit));
    std::string flipped = file;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    work(flipped);
  }
}

}  // namespace alike::test
