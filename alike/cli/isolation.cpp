#include "alike/cli/isolation.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "alike/base/error.h"
#include "alike/image/decode_worker.h"
#include "alike/image/isolated_decoder.h"

namespace alike::cli {

std::optional<int> work_for_another(int count, char** words) {
  if (count != 3 || std::string_view(words[1]) != "worker") return std::nullopt;
  if (std::string_view(words[2]) != "decode") return std::nullopt;
  return image::work_as_decoder();
}

void isolate_pictures(const Context& context, std::chrono::seconds patience) {
  try {
    image::IsolationOptions options;
    options.patience = patience;
    auto decoder = std::make_unique<image::IsolatedDecoder>(options);
    const Sandbox sandbox = decoder->sandbox();
    if (!sandbox.seccomp) {
      tell(context, "Processes that decode pictures are confined by " + name_of(sandbox) +
                        " only: " + sandbox.missing);
    }
    image::decode_with(std::move(decoder));
  } catch (const Error& error) {
    tell(context, std::string("Pictures are decoded in this process, since none of its own can be "
                              "had for them: ") +
                      error.what());
  }
}

}  // namespace alike::cli
