#include "alike/cli/network_worker.h"

#include <string_view>

#include "alike/encode/network_trial.h"

namespace alike::cli {

std::optional<int> try_network_for_another(int count, char** words) {
  if (count > 2 && std::string_view(words[1]) == "worker" &&
      std::string_view(words[2]) == "network") {
    return encode::work_as_network_trial({words + 3, words + count});
  }
  encode::try_networks_with("/proc/self/exe", {"worker", "network"});
  return std::nullopt;
}

}  // namespace alike::cli
