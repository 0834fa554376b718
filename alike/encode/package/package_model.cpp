#include "alike/encode/package/package_model.h"

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/encode/package/onnx_check.h"
#include "alike/encode/package/sha256.h"

namespace alike::encode {
namespace {

constexpr std::uint64_t kMaxModelBytes = 1ULL << 30;

}  // namespace

std::vector<std::byte> read_checked_model(const Package& package) {
  const auto path = package.folder / "model.onnx";
  auto bytes = read_file(path, kMaxModelBytes);
  if (sha256(bytes) != package.sha256) {
    throw Error(ErrorCode::corrupt, "'" + path.native() + "' is not the file that encoder '" +
                                        package.name +
                                        "' was made of: its SHA-256 differs from encoder.json; "
                                        "remove the folder and get the encoder again");
  }
  return bytes;
}

std::vector<std::byte> read_safe_model(const Package& package) {
  auto bytes = read_checked_model(package);
  check_onnx(bytes, "'" + (package.folder / "model.onnx").native() + "'");
  return bytes;
}

}  // namespace alike::encode
