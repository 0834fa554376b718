// One writer: the lock file of a collection, which names its holder.
#pragma once

#include <optional>

#include "alike/base/file.h"
#include "alike/base/folder.h"

namespace alike::collection {

/// The right to write, held from construction to destruction. The kernel frees it when the process
/// ends, however it ends. The file holds the process id while it is held, and nothing afterwards.
class WriterLock {
 public:
  /// Waits up to half a second, then throws `busy` with the holder's process id.
  explicit WriterLock(const Folder& folder);
  WriterLock(WriterLock&&) noexcept = default;
  WriterLock& operator=(WriterLock&&) = delete;
  ~WriterLock();

 private:
  File file_;
};

/// Keeps writers out while it lives, if there is none already. Several may be held at once.
class WriterBarrier {
 public:
  explicit WriterBarrier(const Folder& folder);
  /// False when there is a writer, or the lock file cannot be opened.
  bool held() const { return held_; }

 private:
  File file_;
  bool held_ = false;
};

/// The process id of the present writer of the collection in `folder`; 0 when it is not known.
std::optional<long> current_writer(const Folder& folder);

}  // namespace alike::collection
