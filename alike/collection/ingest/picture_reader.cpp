#include "alike/collection/ingest/picture_reader.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <new>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/image/isolated/picture_decoder.h"
#include "alike/image/write.h"

namespace alike::collection {
namespace {

FoundFile state_of(const std::filesystem::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    throw_system_error("cannot open", file.native(), errno);
  }
  return file_of("", status);
}

}  // namespace

PictureReader::PictureReader(std::filesystem::path pictures, const encode::Embedder& embedder,
                             std::unordered_set<std::string> familiar)
    : pictures_(std::move(pictures)), embedder_(&embedder), familiar_(std::move(familiar)) {}

Outcome PictureReader::read(const Task& task, bool embed_familiar) const {
  Outcome outcome;
  outcome.item.path = task.file.path;
  try {
    take(task, embed_familiar, outcome);
  } catch (const Error& error) {
    outcome.kind =
        error.code() == ErrorCode::not_found ? Outcome::Kind::gone : Outcome::Kind::skipped;
    outcome.reason = error.what();
  } catch (const std::bad_alloc&) {
    outcome.kind = Outcome::Kind::skipped;
    outcome.reason = "there is not enough memory for it";
  }
  if (outcome.kind != Outcome::Kind::row) outcome.row.clear();
  return outcome;
}

void PictureReader::take(const Task& task, bool embed_familiar, Outcome& outcome) const {
  const auto full = pictures_ / task.file.path;
  const FoundFile before = state_of(full);
  const auto bytes = read_file(full, image::kMaxFileBytes);
  const FoundFile after = state_of(full);
  if (before.size != after.size || before.modified_ns != after.modified_ns ||
      before.changed_ns != after.changed_ns || bytes.size() != after.size) {
    outcome.kind = Outcome::Kind::unsettled;
    outcome.reason = "the file changed while it was read; the next run takes it";
    return;
  }
  Item& item = outcome.item;
  item.label = label_of(item.path);
  item.size = after.size;
  item.modified_ns = after.modified_ns;
  item.changed_ns = after.changed_ns;
  item.hash = content_hash(bytes);
  if (task.known && item.hash == task.known_hash) {
    outcome.kind = Outcome::Kind::same;
    return;
  }
  if (image::is_drawing(bytes)) {
    outcome.reason =
        "alike drew it: a contact sheet, a map or a plot; saved anew by another program it is "
        "taken";
    return;
  }
  const auto header = image::picture_decoder().inspect(bytes);
  item.width = header.width;
  item.height = header.height;
  if (!task.known && !embed_familiar && familiar_.count(item.hash) != 0) {
    outcome.kind = Outcome::Kind::familiar;
    return;
  }
  outcome.row.resize(embedder_->width());
  embedder_->embed(bytes, outcome.row);
  const bool finite = std::ranges::all_of(outcome.row, [](float x) { return std::isfinite(x); });
  if (!finite) {
    outcome.reason = "the encoder gives numbers that are not finite for it";
    return;
  }
  outcome.kind = Outcome::Kind::row;
  if (!header.ended) outcome.note = "its end mark is missing; all its rows are there";
}

}  // namespace alike::collection
