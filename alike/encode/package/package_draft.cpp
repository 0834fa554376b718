#include "alike/encode/package/package_draft.h"

#include <sys/file.h>

#include <cerrno>

#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/encode/package/sha256.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

fs::path make_models_folder() {
  fs::path folder = home() / "models";
  make_folders(folder);
  return folder;
}

}  // namespace

PackageDraft::PackageDraft(const std::string& name) {
  check_package_name(name);
  const fs::path models = make_models_folder();
  turn_ = File(models / ".lock", File::Mode::create);
  while (::flock(turn_.descriptor(), LOCK_EX) != 0) {
    if (errno != EINTR) throw_system_error("cannot lock", turn_.path().native(), errno);
  }
  package_.name = name;
  package_.folder = models / ".draft";
  remove_tree(package_.folder);  // of a program that was killed
  std::error_code error;
  fs::create_directory(package_.folder, error);
  if (error) throw_system_error("cannot make the folder", package_.folder.native(), error.value());
}

PackageDraft::~PackageDraft() {
  std::error_code ignored;
  if (package_.folder.filename() == ".draft") fs::remove_all(package_.folder, ignored);
}

void PackageDraft::write_model(std::span<const std::byte> model) {
  replace_file(package_.folder / "model.onnx", model);
  package_.sha256 = sha256(model);
}

Package PackageDraft::publish() {
  save_package(package_);
  const fs::path place = package_.folder.parent_path() / package_.name;
  std::error_code error;
  fs::remove_all(place, error);
  if (!error) fs::rename(package_.folder, place, error);
  if (error) throw_system_error("cannot write the folder", place.native(), error.value());
  sync_folder(place.parent_path());
  package_.folder = place;
  return package_;
}

}  // namespace alike::encode
