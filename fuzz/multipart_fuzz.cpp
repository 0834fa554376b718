// The body of an untrusted request, behind the header that names its boundary.
#include <algorithm>
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/serve/multipart.h"
#include "fuzz/support.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  alike::fuzz::plant(
      count, arguments,
      {"multipart/form-data; boundary=x\n--x\r\nContent-Disposition: form-data; "
       "name=\"query\"\r\n\r\n"
       "{}\r\n--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a\\\"b\"\r\n"
       "Content-Type: image/png\r\n\r\nbytes\r\n--x--\r\n",
       "multipart/form-data; charset=utf-8; boundary=\"a b\"\n--a b--"});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  return alike::fuzz::mutate_or_repeat(data, size, most, seed);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = alike::fuzz::text_from(data, size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  try {
    const char* end = body.data();
    for (const auto& part : alike::serve::parse_multipart(text.substr(0, line), body)) {
      if (part.name.empty() || part.body.data() < end) std::abort();
      end = part.body.data() + part.body.size();
      if (end > body.data() + body.size()) std::abort();
    }
  } catch (const alike::Error&) {
  }
  return 0;
}
