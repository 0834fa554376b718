#include "alike/base/replacing_file.h"

#include "alike/base/paths.h"

namespace alike {
namespace {

constexpr std::size_t kBufferBytes = 1 << 20;

}  // namespace

ReplacingFile::ReplacingFile(const std::filesystem::path& file)
    : target_(replaced_by(file)), file_(draft_beside(target_)) {}

ReplacingFile::~ReplacingFile() {
  std::error_code ignored;
  if (file_.is_open()) std::filesystem::remove(file_.path(), ignored);
}

void ReplacingFile::append(std::span<const std::byte> bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  if (buffer_.size() >= kBufferBytes) flush();
}

void ReplacingFile::finish(std::span<const std::byte> start) {
  flush();
  file_.write_at(0, start);
  file_.sync();
  rename_path(file_.path(), target_);
  sync_folder(target_.parent_path());
  file_ = File();
}

void ReplacingFile::flush() {
  file_.write_at(end_, buffer_);
  end_ += buffer_.size();
  buffer_.clear();
}

}  // namespace alike
