#include "alike/serve/open_collection.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/parallel.h"
#include "alike/base/paths.h"
#include "alike/base/text.h"
#include "alike/collection/store/map_store.h"
#include "alike/map/keep/map_file.h"

namespace alike::serve {
namespace {

constexpr std::chrono::seconds kFresh{1};

std::shared_ptr<OpenMap> opened(const collection::Collection& collection, map::Map map,
                                std::string tag) {
  auto made = std::make_shared<OpenMap>();
  made->tag = std::move(tag);
  made->map = std::move(map);
  const map::Map& kept = made->map;
  std::map<std::string, std::vector<std::size_t>> by_label;
  made->added_ms.resize(kept.size());
  const auto items = collection.items(kept.ids);  // ascending, without those that are gone
  std::size_t at = 0;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const bool there = at < items.size() && items[at].id == kept.ids[i];
    by_label[there ? items[at].label : ""].push_back(i);
    if (there) made->added_ms[i] = items[at++].added_ms;
  }
  made->of.resize(kept.size());
  for (const auto& [label, places] : by_label) {
    const auto number =
        static_cast<std::uint16_t>(std::min<std::size_t>(made->labels.size(), 65535));
    for (const std::size_t place : places) made->of[place] = number;
    made->labels.push_back(valid_utf8(label));
  }
  if (kept.options.method != map::Method::pca && kept.size() > 1) {
    made->placer = std::make_unique<const map::Placer>(
        kept.points, map::Habits{kept.usual, static_cast<float>(kept.most_ratio)});
  }
  return made;
}

}  // namespace

OpenCollection::OpenCollection(std::string id, const std::filesystem::path& folder)
    : id_(std::move(id)),
      folder_(folder),
      identity_(identity_in(folder)),
      collection_(std::make_shared<const collection::Collection>(folder)),
      searcher_(std::make_unique<const search::Searcher>(collection_, available_processors())) {}

OpenCollection::Identity OpenCollection::identity_in(const std::filesystem::path& folder) {
  struct stat status {};
  if (::stat((folder / "catalog.db").c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

void OpenCollection::check_there() const {
  if (identity_in(folder_) != Identity{}) return;
  throw Error(ErrorCode::not_found, "the collection '" + id_ +
                                        "' is not in its folder any more; put it back, or index "
                                        "the folder again");
}

bool OpenCollection::is_replaced() const {
  const Identity now = identity_in(folder_);
  return now != Identity{} && now != identity_;
}

std::string OpenCollection::name() const {
  const auto& pictures = collection_->pictures();
  return valid_utf8(pictures.has_filename() ? pictures.filename().native() : pictures.native());
}

collection::Status OpenCollection::status() const {
  {
    const std::lock_guard lock(mutex_);
    if (Clock::now() - status_at_ < kFresh) return status_;
  }
  collection::Status status = collection_->status();
  const std::lock_guard lock(mutex_);
  status_ = status;
  status_at_ = Clock::now();
  return status;
}

void OpenCollection::forget_status() const {
  const std::lock_guard lock(mutex_);
  status_at_ = {};
}

std::shared_ptr<const OpenMap> OpenCollection::map(const std::string& name) const {
  const auto bytes = collection::read_map(*collection_, name);
  char tag[20];
  std::snprintf(tag, sizeof tag, "%016llx", static_cast<unsigned long long>(checksum(bytes)));
  {
    const std::lock_guard lock(mutex_);
    const auto kept = maps_.find(name);
    if (kept != maps_.end() && kept->second->tag == tag) return kept->second;
  }
  auto made = opened(*collection_, map::map_from(bytes, "map '" + name + "'"), tag);
  const std::lock_guard lock(mutex_);
  maps_[name] = made;
  return made;
}

std::string short_name(const std::string& name) {
  std::string made;
  for (const char small : small_letters(name)) {
    const bool plain = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    if (plain) {
      made += small;
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
  }
  made.resize(std::min<std::size_t>(made.size(), 60));
  while (made.ends_with('-')) made.pop_back();
  return made.empty() ? "pictures" : made;
}

std::shared_ptr<const OpenCollection> OpenCollections::add(const std::filesystem::path& folder) {
  const auto where = likely_path(folder);
  const auto is_there = [&](const auto& each) { return each->collection().folder() == where; };
  {
    const std::lock_guard lock(mutex_);
    const auto same = std::ranges::find_if(all_, is_there);
    if (same != all_.end()) return *same;
  }
  const auto made = std::make_shared<OpenCollection>("", where);
  const std::string wanted = short_name(made->collection().pictures().filename().native());
  const std::lock_guard lock(mutex_);
  const auto same = std::ranges::find_if(all_, is_there);
  if (same != all_.end()) return *same;
  std::string id = wanted;
  const auto taken = [&] {
    return std::ranges::any_of(all_, [&](const auto& each) { return each->id() == id; });
  };
  for (int i = 2; taken(); ++i) id = wanted + "-" + std::to_string(i);
  made->set_id(id);
  all_.push_back(made);
  return made;
}

std::shared_ptr<const OpenCollection> OpenCollections::get(const std::string& id) const {
  for (const auto& each : listed()) {
    if (each->id() != id) continue;
    auto open = as_it_is_now(each);
    open->check_there();
    return open;
  }
  std::vector<std::string> names;
  for (const auto& each : listed()) names.push_back(each->id());
  throw Error(ErrorCode::not_found, "there is no collection '" + id + "'" + suggestion(id, names));
}

std::vector<std::shared_ptr<const OpenCollection>> OpenCollections::all() const {
  auto found = listed();
  for (auto& each : found) {
    try {
      each = as_it_is_now(each);
    } catch (const std::exception&) {
      // Requests for it get the error.
    }
  }
  return found;
}

std::vector<std::shared_ptr<const OpenCollection>> OpenCollections::listed() const {
  const std::lock_guard lock(mutex_);
  return all_;
}

std::shared_ptr<const OpenCollection> OpenCollections::as_it_is_now(
    const std::shared_ptr<const OpenCollection>& open) const {
  if (!open->is_replaced()) return open;
  collection::Collection::refuse_linked(open->folder());  // which was no link when it was added
  auto anew = std::make_shared<const OpenCollection>(open->id(), open->folder());
  const std::lock_guard lock(mutex_);
  const auto place = std::ranges::find(all_, open);
  if (place != all_.end()) *place = anew;  // otherwise another thread was faster
  return anew;
}

}  // namespace alike::serve
