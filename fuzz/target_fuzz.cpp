// The target in the first line of an untrusted request. An accepted path is plain.
#include <cstdlib>

#include "alike/base/error.h"
#include "alike/serve/message.h"
#include "fuzz/support.h"

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  alike::fuzz::plant(count, arguments,
                     {"/v1/collections/a%20b/items?after=7&where=label%20%3D%20%27a%27",
                      "/%C3%A4/b", "/a/../b?x", "*"});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view target = alike::fuzz::text_from(data, size);
  try {
    const std::string path = alike::serve::path_of(target);
    const bool plain = path.starts_with('/') && path.find('\0') == path.npos &&
                       (path + "/").find("/../") == std::string::npos;
    if (!plain) std::abort();
  } catch (const alike::Error&) {
  }
  try {
    alike::serve::parameters_of(target);
  } catch (const alike::Error&) {
  }
  return 0;
}
