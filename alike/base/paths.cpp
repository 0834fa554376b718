#include "alike/base/paths.h"

#include <iterator>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike {
namespace {

namespace fs = std::filesystem;

/// The result of `call`; its error becomes one of alike's.
template <class Call>
auto told(const char* what, const fs::path& path, const Call& call) {
  try {
    return call();
  } catch (const fs::filesystem_error& error) {
    throw_system_error(what, path.native(), error.code().value());
  }
}

template <class Iterator>
std::vector<fs::path> listed(const fs::path& folder) {
  return told("cannot list the folder", folder, [&] {
    std::vector<fs::path> paths;
    for (const auto& entry : Iterator(folder)) paths.push_back(entry.path());
    return paths;
  });
}

}  // namespace

bool path_exists(const fs::path& path) {
  return told("cannot look at", path, [&] { return fs::exists(path); });
}

bool is_folder(const fs::path& path) {
  return told("cannot look at", path, [&] { return fs::is_directory(path); });
}

bool is_file(const fs::path& path) {
  return told("cannot look at", path, [&] { return fs::is_regular_file(path); });
}

bool same_path(const fs::path& a, const fs::path& b) {
  return told("cannot look at", a, [&] { return fs::equivalent(a, b); });
}

std::uint64_t file_bytes(const fs::path& path) {
  return told("cannot look at", path, [&] { return fs::file_size(path); });
}

void rename_path(const fs::path& from, const fs::path& to) {
  told("cannot rename to", to, [&] { fs::rename(from, to); });
}

bool remove_path(const fs::path& path) {
  return told("cannot remove", path, [&] { return fs::remove(path); });
}

void remove_tree(const fs::path& path) {
  told("cannot remove", path, [&] { fs::remove_all(path); });
}

fs::path absolute_path(const fs::path& path) {
  return told("cannot find", path, [&] { return fs::absolute(path); });
}

fs::path real_path(const fs::path& path) {
  return told("cannot find", path, [&] { return fs::canonical(path); });
}

fs::path likely_path(const fs::path& path) {
  return told("cannot find", path, [&] { return fs::weakly_canonical(path); });
}

fs::path working_folder() {
  return told("cannot find the current folder", ".", [] { return fs::current_path(); });
}

void enter_folder(const fs::path& folder) {
  told("cannot enter the folder", folder, [&] { fs::current_path(folder); });
}

std::vector<fs::path> paths_in(const fs::path& folder) {
  return listed<fs::directory_iterator>(folder);
}

std::vector<fs::path> paths_below(const fs::path& folder) {
  return listed<fs::recursive_directory_iterator>(folder);
}

std::string ending_of(const std::filesystem::path& file) {
  return small_letters(file.extension().native());
}

}  // namespace alike
