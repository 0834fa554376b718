#include "alike/base/npy.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "alike/base/file.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike {
namespace {

template <class T>
std::string raw(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

/// A file with the dictionary `head`, as numpy.save writes it.
std::string npy(std::string head, const std::string& numbers, char version = 1) {
  const std::size_t before = version == 1 ? 10 : 12;
  head.resize((head.size() + before + 64) / 64 * 64 - before - 1, ' ');
  head += '\n';
  std::string file = "\x93NUMPY";
  file += {version, '\0'};
  file += {static_cast<char>(head.size() & 255), static_cast<char>(head.size() >> 8)};
  if (version > 1) file += {'\0', '\0'};
  return file + head + numbers;
}

std::string head(const std::string& type, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }";
}

class NpyTest : public testing::Test {
 protected:
  Matrix read(const std::string& file) const {
    File(folder_ / "x.npy", File::Mode::fresh).write_at(0, bytes_of(file));
    return read_npy(folder_ / "x.npy");
  }
  std::optional<ErrorCode> outcome(const std::string& file) const {
    return test::outcome([&] { read(file); });
  }

  test::TemporaryFolder folder_;
};

TEST_F(NpyTest, reads_float32_row_by_row) {
  const Matrix matrix = read(npy(head("<f4", "(2, 3)"), raw<float>({1, 2, 3, 4, 5, 6})));
  ASSERT_EQ(matrix.rows(), 2u);
  ASSERT_EQ(matrix.width(), 3u);
  EXPECT_EQ(matrix.row(1)[0], 4);
  EXPECT_EQ(matrix.row(1)[2], 6);
}

TEST_F(NpyTest, reads_float64_and_all_versions_of_the_head) {
  for (const char version : {'\1', '\2', '\3'}) {
    const Matrix matrix = read(npy(head("<f8", "(1, 2)"), raw<double>({0.5, -1e-3}), version));
    EXPECT_EQ(matrix.row(0)[1], -1e-3F);
  }
}

TEST_F(NpyTest, reads_every_finite_float16) {
  std::vector<std::uint16_t> halves;
  std::vector<double> wanted;
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const int exponent = static_cast<int>(bits >> 10 & 31);
    if (exponent == 31) continue;
    const double fraction = bits & 1023;
    const double size =
        exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
    halves.push_back(static_cast<std::uint16_t>(bits));
    wanted.push_back((bits & 0x8000) != 0 ? -size : size);
  }
  const auto shape = "(1, " + std::to_string(halves.size()) + ")";
  const Matrix matrix = read(npy(head("<f2", shape), raw(halves)));
  for (std::size_t i = 0; i < wanted.size(); ++i) ASSERT_EQ(matrix.row(0)[i], wanted[i]) << i;
}

TEST_F(NpyTest, what_is_written_is_read_back) {
  NpyWriter writer(folder_ / "w.npy", 3);
  writer.append(std::vector<float>{1, 2, 3});
  writer.append(std::vector<float>{-4, 5e-30F, 6e30F});
  EXPECT_EQ(test::outcome([&] { writer.append(std::vector<float>{1}); }),
            ErrorCode::invalid_argument);
  writer.finish();
  const Matrix matrix = read_npy(folder_ / "w.npy");
  ASSERT_EQ(matrix.rows(), 2u);
  EXPECT_EQ(matrix.row(1)[1], 5e-30F);
  EXPECT_EQ(matrix.row(0)[2], 3);
}

TEST_F(NpyTest, a_file_of_more_than_a_write_buffer_is_whole) {
  NpyWriter writer(folder_ / "w.npy", 1000);
  std::vector<float> row(1000);
  for (int i = 0; i < 700; ++i) {
    row.assign(1000, static_cast<float>(i));
    writer.append(row);
  }
  writer.finish();
  const Matrix matrix = read_npy(folder_ / "w.npy");
  ASSERT_EQ(matrix.rows(), 700u);
  for (std::size_t i = 0; i < 700; ++i) ASSERT_EQ(matrix.row(i)[999], static_cast<float>(i));
}

TEST_F(NpyTest, an_unfinished_file_leaves_what_was_there) {
  const auto begin = [&](float value) {
    auto writer = std::make_unique<NpyWriter>(folder_ / "w.npy", 3);
    writer->append(std::vector<float>{value, 2, 3});
    return writer;
  };
  begin(1);
  EXPECT_EQ(test::outcome([&] { read_npy(folder_ / "w.npy"); }), ErrorCode::not_found);
  begin(1)->finish();
  begin(9);
  EXPECT_EQ(read_npy(folder_ / "w.npy").row(0)[0], 1);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "w.npy.new"));
}

TEST_F(NpyTest, a_device_is_not_replaced) {
  EXPECT_EQ(test::outcome([&] { NpyWriter("/dev/null", 3); }), ErrorCode::invalid_argument);
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(NpyTest, a_link_goes_on_to_name_the_file) {
  NpyWriter(folder_ / "w.npy", 1).finish();
  std::filesystem::create_symlink("w.npy", folder_ / "link.npy");
  NpyWriter(folder_ / "link.npy", 7).finish();
  EXPECT_TRUE(std::filesystem::is_symlink(folder_ / "link.npy"));
  EXPECT_EQ(read_npy(folder_ / "w.npy").width(), 7U);
}

TEST_F(NpyTest, no_rows_are_an_empty_matrix) {
  EXPECT_EQ(read(npy(head("<f4", "(0, 8)"), "")).rows(), 0u);
}

TEST_F(NpyTest, other_kinds_are_refused_with_the_way_out) {
  const std::string numbers = raw<float>({1, 2, 3, 4, 5, 6});
  for (const char* type : {"<i8", ">f4", "|O", "|S4", "<c8", "<f16"}) {
    EXPECT_EQ(outcome(npy(head(type, "(2, 3)"), numbers)), ErrorCode::unsupported) << type;
  }
  EXPECT_EQ(outcome(npy(head("<f4", "(6,)"), numbers)), ErrorCode::unsupported);
  EXPECT_EQ(outcome(npy(head("<f4", "(1, 2, 3)"), numbers)), ErrorCode::unsupported);
  EXPECT_EQ(
      outcome(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", numbers)),
      ErrorCode::unsupported);
  EXPECT_EQ(outcome(npy("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", numbers)),
            ErrorCode::unsupported);
  try {
    read(npy(head("<i8", "(1, 1)"), std::string(8, '\0')));
    ADD_FAILURE() << "was accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("astype('<f4')"), std::string::npos);
  }
}

TEST_F(NpyTest, numbers_that_are_not_finite_are_refused_with_their_place) {
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    try {
      read(npy(head("<f4", "(2, 2)"), raw<float>({1, 2, 3, bad})));
      ADD_FAILURE() << "was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::invalid_argument);
      EXPECT_NE(std::string(error.what()).find("row 1, column 1"), std::string::npos);
    }
  }
  EXPECT_EQ(outcome(npy(head("<f8", "(1, 1)"), raw<double>({1e300}))), ErrorCode::invalid_argument);
  EXPECT_EQ(outcome(npy(head("<f2", "(1, 1)"), raw<std::uint16_t>({0x7c00}))),
            ErrorCode::invalid_argument);
}

TEST_F(NpyTest, shapes_that_the_numbers_do_not_fill_are_refused) {
  const std::string numbers = raw<float>({1, 2, 3, 4, 5, 6});
  for (const char* shape :
       {"(3, 3)", "(2, 2)", "(0, 3)", "(3, 0)", "(-2, 3)", "(9223372036854775808, 2)",
        "(4611686018427387904, 4)", "(6148914691236517206, 3)", "(99999999999999999999, 3)"}) {
    EXPECT_EQ(outcome(npy(head("<f4", shape), numbers)), ErrorCode::corrupt) << shape;
  }
}

TEST_F(NpyTest, every_truncation_is_refused) {
  for (const char version : {'\1', '\2'}) {
    test::each_truncation(npy(head("<f4", "(2, 2)"), raw<float>({1, 2, 3, 4}), version),
                          [&](const std::string& file) { EXPECT_TRUE(outcome(file)); });
  }
}

TEST_F(NpyTest, a_flipped_bit_of_the_head_gives_an_error_or_a_matrix_of_the_file) {
  const std::string whole = npy(head("<f4", "(2, 2)"), raw<float>({1, 2, 3, 4}));
  test::each_flip(whole.substr(0, whole.size() - 16), 2000, [&](const std::string& start) {
    test::outcome([&] {
      const Matrix matrix = read(start + whole.substr(whole.size() - 16));
      EXPECT_LE(matrix.rows() * matrix.width(), 8u);
    });
  });
}

TEST_F(NpyTest, int64_rows_are_written_as_numpy_reads_them) {
  write_npy(folder_ / "ids.npy", std::vector<std::int64_t>{1, -2, 3, 4}, 2);
  const std::string text = read_text(folder_ / "ids.npy");
  ASSERT_EQ(text.size(), 128u + 32u);
  EXPECT_EQ(text.substr(0, 6), "\x93NUMPY");
  EXPECT_NE(text.find("'descr': '<i8'"), std::string::npos);
  EXPECT_NE(text.find("'shape': (2, 2)"), std::string::npos);
  EXPECT_EQ(text.substr(128), raw<std::int64_t>({1, -2, 3, 4}));
}

}  // namespace
}  // namespace alike
