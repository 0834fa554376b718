#include "alike/serve/multipart.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::serve {
namespace {

using Parts = std::vector<std::pair<std::string, std::string>>;

/// As a browser writes it.
std::string written(const Parts& parts, const std::string& boundary) {
  std::string body;
  for (const auto& [name, content] : parts) {
    body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + name +
            "\"; filename=\"a; name=b.png\"\r\nContent-Type: image/png\r\n\r\n" + content + "\r\n";
  }
  return body + "--" + boundary + "--\r\n";
}

Parts read(const std::string& type, const std::string& body) {
  Parts parts;
  for (const Part& part : parse_multipart(type, body)) {
    EXPECT_TRUE(part.body.empty() ||
                (part.body.data() >= body.data() &&
                 part.body.data() + part.body.size() <= body.data() + body.size()));
    parts.emplace_back(part.name, part.body);
  }
  return parts;
}

bool refuses(const std::string& type, const std::string& body) {
  try {
    parse_multipart(type, body);
  } catch (const Error& error) {
    return error.code() == ErrorCode::invalid_argument;
  }
  return false;
}

const std::string kType = "multipart/form-data; boundary=xyz";

TEST(Multipart, gives_back_what_was_written) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    Parts parts;
    for (std::uint64_t k = 0; k < random.below(kMostParts); ++k) {
      std::string content;
      for (std::uint64_t n = random.below(300); n > 0; --n) {
        content += "\r\n-xyz\0a"[random.below(8)];
      }
      if (content.find("\r\n--xyz") == std::string::npos) {
        parts.emplace_back("part" + std::to_string(k), content);
      }
    }
    EXPECT_EQ(read(kType, written(parts, "xyz")), parts);
  }
}

TEST(Multipart, takes_every_way_to_write_the_type) {
  const Parts parts{{"query", "{}"}};
  for (const char* type :
       {"multipart/form-data; boundary=a b", "multipart/form-data;boundary=\"a b\"",
        "multipart/form-data; charset=utf-8; boundary=\"a b\"; x=y",
        "multipart/form-data; BOUNDARY=\"a \\b\"",
        "multipart/form-data; x=\"; boundary=no\"; boundary=a b"}) {
    EXPECT_EQ(read(type, written(parts, "a b")), parts) << type;
  }
}

TEST(Multipart, refuses_everything_that_breaks_off) {
  const std::string whole = written({{"query", "{\"k\": 1}"}, {"picture", "bytes\r\n--xy"}}, "xyz");
  // Only the line break at the very end may be missing.
  for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
    EXPECT_TRUE(refuses(kType, whole.substr(0, size))) << size;
  }
  EXPECT_EQ(read(kType, whole.substr(0, whole.size() - 2)).size(), 2U);
}

TEST(Multipart, refuses_hostile_types_and_bodies) {
  const std::string good = written({{"a", "b"}}, "xyz");
  for (const char* type :
       {"", "multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary",
        "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\"xyz", "multipart/form-data; boundary=\"xyz\\",
        "multipart/form-data; boundary=xy", "multipart/form-data; boundary=xyzz", ";;;;", "="}) {
    EXPECT_TRUE(refuses(type, good)) << type;
  }
  EXPECT_TRUE(refuses("multipart/form-data; boundary=" + std::string(71, 'x'),
                      written({}, std::string(71, 'x'))));
  EXPECT_FALSE(refuses("multipart/form-data; boundary=" + std::string(70, 'x'),
                       written({}, std::string(70, 'x'))));
  for (const std::string& body :
       {std::string(), std::string("--"), "x" + good, "\r\n" + good, std::string(1000, '-'),
        std::string("--xyz\r\n\r\nb\r\n--xyz--"), std::string("--xyz\r\nA\r\n\r\nb\r\n--xyz--"),
        std::string("--xyz\nContent-Disposition: form-data; name=a\n\nb\n--xyz--"),
        std::string("--xyz\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nb\r\n--xyz--"),
        std::string("--xyz\r\nContent-Disposition: form-data; name=\"a\r\n\r\nb\r\n--xyz--"),
        std::string("--xyz\r\nContent-Disposition: form-data\r\n\r\nb\r\n--xyz--"),
        "--xyz\r\nX: " + std::string(5000, 'y') +
            "\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--xyz--"}) {
    EXPECT_TRUE(refuses(kType, body)) << body.substr(0, 100);
  }
}

TEST(Multipart, takes_sixteen_parts_and_no_more) {
  Parts parts(kMostParts, {"a", ""});
  EXPECT_EQ(read(kType, written(parts, "xyz")).size(), kMostParts);
  parts.emplace_back("a", "");
  EXPECT_TRUE(refuses(kType, written(parts, "xyz")));
}

}  // namespace
}  // namespace alike::serve
