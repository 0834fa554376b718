// serve: the page and the HTTP interface.
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/cli/context.h"
#include "alike/cli/isolation.h"
#include "alike/cli/options.h"
#include "alike/cli/words.h"
#include "alike/encode/package.h"
#include "alike/serve/server.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDemo = "/usr/share/tuxpaint/stamps";

struct Options {
  std::vector<fs::path> folders, roots;
  fs::path key_file;
  bool log = false;
  bool in_process = false;
  serve::ServerOptions server;
};

/// A folder of pictures, or the collection itself.
fs::path collection_in(const fs::path& folder) {
  if (fs::exists(folder / "catalog.db")) return folder;
  if (const auto found = collection::Collection::find(folder)) return *found;
  throw Error(ErrorCode::not_found, "there is no collection in '" + folder.native() +
                                        "'; make one: alike index " + shell_word(folder.native()));
}

std::string key_of(const Options& options) {
  if (options.key_file.empty()) {
    const char* key = std::getenv("ALIKE_KEY");  // NOLINT(concurrency-mt-unsafe)
    return key == nullptr ? "" : key;
  }
  std::string key = read_text(options.key_file, 4096);
  while (key.ends_with('\n') || key.ends_with('\r') || key.ends_with(' ')) key.pop_back();
  if (key.empty()) {
    throw Error(ErrorCode::invalid_argument, "'" + options.key_file.native() + "' holds no key");
  }
  return key;
}

/// Stops the server at the first Ctrl-C or SIGTERM.
void run_until_stopped(const Context& context, serve::Server& server) {
  const LongWork line(context, "requests", "Stopping; what is under way is answered");
  const std::stop_callback stop(line.watcher().stop, [&] { server.stop(); });
  say(context, "alike is at " + server.url() + "   (Ctrl-C stops it)\n");
  answer_line(context, json::object{{"url", server.url()}, {"pid", ::getpid()}});
  std::fflush(stdout);
  server.run();
}

/// Connections and collections need descriptors; shells often allow few.
void allow_descriptors() {
  constexpr rlim_t kWanted = 8192;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= kWanted) return;
  limit.rlim_cur = std::min(kWanted, limit.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void serve(const Context& context, Options options) {
  if (options.folders.empty()) {
    if (const auto found = find_collection(context, fs::current_path())) {
      options.folders.push_back(*found);
    }
  }
  for (const auto& folder : options.folders) {
    options.server.collections.push_back(collection_in(folder));
  }
  for (const auto& root : options.roots) options.server.roots.push_back(fs::canonical(root));
  if (options.roots.empty()) {
    const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
    if (home != nullptr) options.server.roots.emplace_back(home);
  }
  if (fs::is_directory(kDemo)) options.server.demo = kDemo;
  options.server.demo_collection = encode::home() / "demo.alike";
  options.server.key = key_of(options);
  options.server.threads = context.threads;
  if (options.log) {
    options.server.log = [](const std::string& text) { std::fputs(text.c_str(), stderr); };
  }
  allow_descriptors();
  if (!options.in_process) isolate_pictures(context, std::chrono::seconds(8));
  serve::Server server(options.server);
  run_until_stopped(context, server);
}

constexpr const char* kNotes =
    R"(Opens a page on which a collection is searched, mapped and compared; it works without network.
Without DIR it shows the collection of this folder, or none: then the page offers to make one.

Only this machine can ask, unless --host names another address; then a key is wanted, from the
environment as ALIKE_KEY or from --key-file. Browsers ask for it as a password (any user), programs
send 'Authorization: Bearer KEY'. There is no TLS: put a proxy in front where the network is not
yours, and say with --public-name what clients call it. The page may add folders below --root, or
below the home folder, when asked from this machine.

The interface is described at /v1/openapi.json; /metrics is for Prometheus.

Examples:
  alike serve
  alike serve ~/Pictures ~/Work/scans --port 8080
  ALIKE_KEY=$(openssl rand -hex 16) alike serve --host 0.0.0.0)";

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("serve", "Show collections in a browser");
  verb->add_option("DIR", options->folders, "Folders with a collection; otherwise this one")
      ->type_name("DIR")
      ->check(existing_folder());
  verb->add_option("--host", options->server.host, "Address to listen on")
      ->type_name("ADDRESS")
      ->capture_default_str();
  verb->add_option("--port", options->server.port, "Port to listen on; 0 takes a free one")
      ->type_name("N")
      ->check(CLI::Range(0, 65535).description(""))
      ->capture_default_str();
  verb->add_option("--public-name", options->server.public_names,
                   "Name of a proxy in front that clients ask for; NAME or NAME:PORT")
      ->type_name("NAME")
      ->allow_extra_args(false);
  verb->add_option("--key-file", options->key_file, "File with the key that clients must send")
      ->type_name("FILE")
      ->check(existing_file());
  verb->add_option("--root", options->roots, "Folders below which the page may add collections")
      ->type_name("DIR")
      ->allow_extra_args(false)
      ->check(existing_folder());
  verb->add_flag("--no-isolate", options->in_process,
                 "Decode pictures in the server itself, not in processes of their own");
  verb->add_flag("--log", options->log, "Write a line of JSON for each request");
  verb->footer(kNotes);
  verb->callback([&context, options] { serve(context, *options); });
}

}  // namespace alike::cli
