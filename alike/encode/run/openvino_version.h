// The version of OpenVINO.
#pragma once

#include <string>

namespace alike::encode {

/// "2026.4.1-…", of this process.
std::string openvino_version();

}  // namespace alike::encode
