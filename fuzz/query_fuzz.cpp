// The body of a search from a client: JSON alone or with pictures beside it.
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/image/write.h"
#include "alike/serve/query_text.h"
#include "fuzz/support.h"

namespace {

using namespace alike;

const collection::Collection& collection_here() {
  static const collection::Collection made =
      collection::Collection::create(fuzz::folder(), fuzz::folder() / ".alike");
  return made;
}

constexpr std::string_view kMultipart = "multipart/form-data; boundary=x";

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  collection_here();
  fuzz::plant(count, arguments,
              {"{\"examples\": [{\"id\": 7, \"positive\": false}, {\"id\": 1e1}], \"k\": 10, "
               "\"where\": \"label = 'a'\", \"space\": \"a\", \"exact\": true, \"fold\": true}",
               "--x\r\nContent-Disposition: form-data; name=\"query\"\r\n\r\n{\"examples\": "
               "[{\"upload\": 0}], \"region\": [0.1, 0.2, 0.3, 0.4]}\r\n"
               "--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\n" +
                   fuzz::seed_of(image::encode_png({1, 1, {1, 2, 3}})) + "\r\n--x--\r\n"});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  serve::Request request;
  request.body = fuzz::text_from(data, size);
  request.headers["content-type"] =
      request.body.starts_with("--x") ? kMultipart : "application/json";
  try {
    const auto read = serve::read_query(request, collection_here());
    const auto& query = read.query;
    if (query.k < 1 || query.k > 1000 || query.examples.empty() || query.examples.size() > 32) {
      std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
