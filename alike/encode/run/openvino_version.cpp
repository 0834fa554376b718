#include "alike/encode/run/openvino_version.h"

#include <openvino/core/version.hpp>

namespace alike::encode {

std::string openvino_version() { return ov::get_openvino_version().buildNumber; }

}  // namespace alike::encode
