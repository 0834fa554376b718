#include "alike/cli/isolation.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "alike/base/error.h"
#include "alike/encode/run/network_trial.h"
#include "alike/image/isolated/decode_worker.h"
#include "alike/image/isolated/isolated_decoder.h"

namespace alike::cli {
namespace {

/// For a picture of a format that is always decoded apart; the server sets a shorter one.
constexpr std::chrono::seconds kPatience{60};

}  // namespace

std::optional<int> work_for_another(int count, char** words) {
  encode::try_networks_with("/proc/self/exe", {"worker", "network"});
  image::decode_apart_with({.patience = kPatience});
  if (count < 3 || std::string_view(words[1]) != "worker") return std::nullopt;
  const std::string_view kind(words[2]);
  if (kind == "network") return encode::work_as_network_trial({words + 3, words + count});
  return kind == "decode" && count == 3 ? std::optional(image::work_as_decoder()) : std::nullopt;
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
    tell(context, std::string("Pictures are decoded in this process, since no separate one can be "
                              "started: ") +
                      error.what());
  }
}

}  // namespace alike::cli
