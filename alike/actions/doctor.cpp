#include "alike/actions/doctor.h"

#include <gnu/libc-version.h>
#include <sys/statfs.h>
#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <deque>
#include <fstream>
#include <string>

#include "alike/base/cpu.h"
#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/base/version.h"
#include "alike/collection/catalog/catalog_file.h"
#include "alike/collection/catalog/sqlite_version.h"
#include "alike/collection/collection.h"
#include "alike/encode/package/package.h"
#include "alike/encode/package/sha256.h"
#include "alike/encode/run/openvino_version.h"
#include "alike/image/codecs/codec_versions.h"
#include "alike/image/isolated/isolated_decoder.h"

namespace alike::actions {
namespace {

namespace fs = std::filesystem;

/// The value behind "NAME:" in a file of /proc; "" where it is missing.
std::string proc_value(const char* file, const std::string& name) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || line.compare(0, name.size(), name) != 0) continue;
    const std::size_t begin = line.find_first_not_of(" \t", colon + 1);
    return begin == std::string::npos ? "" : line.substr(begin);
  }
  return "";
}

std::uint64_t memory(const std::string& name) {
  const std::string value = proc_value("/proc/meminfo", name + ":");
  return value.empty() ? 0 : std::stoull(value) * 1024;
}

/// "ext4" and its kind by the number that statfs gives.
std::string file_system_name(long type) {
  constexpr auto kKnown = std::to_array<std::pair<long, const char*>>({{0xEF53, "ext4"},
                                                                       {0x58465342, "xfs"},
                                                                       {0x9123683E, "btrfs"},
                                                                       {0x01021994, "tmpfs"},
                                                                       {0x794C7630, "overlay"},
                                                                       {0x6969, "nfs"},
                                                                       {0xFF534D42, "cifs"},
                                                                       {0xFE534D42, "smb2"},
                                                                       {0x65735546, "fuse"},
                                                                       {0x2FC12FC1, "zfs"},
                                                                       {0x4D44, "vfat"},
                                                                       {0x2011BAB0, "exfat"}});
  const auto* found = std::ranges::find(kKnown, type, &std::pair<long, const char*>::first);
  if (found != kKnown.end()) return found->second;
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "0x%lx", static_cast<unsigned long>(type));
  return text.data();
}

json::object disk_report(const fs::path& folder) {
  struct statfs status {};
  if (::statfs(folder.c_str(), &status) != 0) return {};
  const auto block = static_cast<std::uint64_t>(status.f_bsize);
  return {{"file_system", file_system_name(static_cast<long>(status.f_type))},
          {"free", block * status.f_bavail},
          {"size", block * status.f_blocks}};
}

/// The version of the format: bytes 60 to 63 of the head of every file of SQLite.
json::value user_version(const fs::path& folder) {
  const collection::CatalogFile catalog(folder, collection::CatalogFile::Mode::read);
  std::array<std::byte, 4> bytes{};
  catalog.read_at(60, bytes);
  std::uint32_t version = 0;
  for (const std::byte each : bytes) version = version << 8 | std::to_integer<std::uint32_t>(each);
  return version;
}

json::array spaces_report(const collection::Status& status) {
  json::array spaces;
  for (const auto& space : status.spaces) {
    spaces.push_back(json::object{{"name", space.name},
                                  {"encoder", space.encoder},
                                  {"width", space.width},
                                  {"rows", space.rows},
                                  {"behind", space.behind},
                                  {"complete", space.complete()},
                                  {"index", collection::name_of(space.index)}});
  }
  return spaces;
}

}  // namespace

json::object versions_report() {
  utsname system{};
  ::uname(&system);
  return {{"alike", version()},
          {"openvino", encode::openvino_version()},
          {"sqlite", collection::sqlite_version()},
          {"codecs", image::codec_versions()},
          {"kernel", std::string(system.sysname) + " " + system.release + " " + system.machine},
          {"glibc", ::gnu_get_libc_version()}};
}

json::object machine_report() {
  const image::Isolation isolation = image::isolation();
  return {{"processor", json_text(proc_value("/proc/cpuinfo", "model name"))},
          {"processors", available_processors()},
          {"simd", name_of(simd_level())},
          {"vector_popcount", has_vector_popcount()},
          {"memory", memory("MemTotal")},
          {"memory_available", memory("MemAvailable")},
          {"sandbox", isolation.sandbox},
          {"sandbox_lacks", json_text(isolation.reason)}};
}

json::array encoders_report() {
  json::array all;
  for (const auto& package : encode::list_packages()) {
    std::string state = "whole";
    try {
      const auto bytes = read_file(package.folder / "model.onnx", std::uint64_t{4} << 30);
      if (encode::sha256(bytes) != package.sha256) state = "model.onnx is not that of encoder.json";
    } catch (const Error& error) {
      state = "model.onnx cannot be read: " + std::string(name_of(error.code()));
    }
    all.push_back(json::object{{"name", json_text(package.name)}, {"state", state}});
  }
  for (const auto& damaged : encode::damaged_packages()) {
    all.push_back(json::object{{"name", json_text(damaged.name)}, {"state", "damaged"}});
  }
  return all;
}

json::object collection_report(const fs::path& folder, bool names) {
  json::object report;
  if (names) report["folder"] = json_text(folder.native());
  for (auto& member : disk_report(folder)) report[member.key()] = std::move(member.value());
  try {
    report["user_version"] = user_version(folder);
    const collection::Collection collection(folder);
    const auto status = collection.status();
    report["items"] = status.items;
    report["skipped"] = status.skipped;
    report["bytes"] = status.bytes;
    report["locked"] = status.writer.has_value();
    report["spaces"] = spaces_report(status);
  } catch (const Error& error) {
    report["error"] = name_of(error.code());
    if (names) report["cause"] = json_text(error.what());
  }
  return report;
}

json::array failures_report(const fs::path& log, bool names) {
  constexpr std::size_t kShown = 10;
  std::deque<json::object> last;
  std::ifstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("\"level\":\"error\"") == std::string::npos) continue;
    try {
      json::object failure = parse_json(line, "the log").as_object();
      for (const char* name : {"peer", "collection", "cause"}) {
        if (!names) failure.erase(name);
      }
      last.push_back(std::move(failure));
    } catch (const std::exception&) {
      continue;  // a line that was cut
    }
    if (last.size() > kShown) last.pop_front();
  }
  json::array shown;
  for (auto& failure : last) shown.push_back(std::move(failure));
  return shown;
}

}  // namespace alike::actions
