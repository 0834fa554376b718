// A package while it is being made.
#pragma once

#include <cstddef>
#include <span>

#include "alike/base/file.h"
#include "alike/encode/package/package.h"

namespace alike::encode {

/// A hidden folder under `home()/models` that becomes the package when it is complete and vanishes
/// otherwise. One draft at a time on a machine: a second one waits. One thread at a time.
class PackageDraft {
 public:
  /// Waits for its turn. `name` must be able to name a package, else `invalid_argument`.
  explicit PackageDraft(const std::string& name);
  PackageDraft(const PackageDraft&) = delete;
  PackageDraft& operator=(const PackageDraft&) = delete;
  ~PackageDraft();

  /// The future encoder.json; name and folder are set, and the hash once there is a model.
  Package& package() { return package_; }
  /// Writes model.onnx and records its hash.
  void write_model(std::span<const std::byte> model);
  /// Puts the package in its place, where it replaces a damaged one. Call once, at the end.
  Package publish();

 private:
  File turn_;
  Package package_;
};

}  // namespace alike::encode
