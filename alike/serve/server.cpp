#include "alike/serve/server.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "alike/base/clock.h"
#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/serve/api.h"
#include "alike/serve/assets.h"
#include "alike/serve/failure_log.h"
#include "alike/serve/http_server.h"

namespace alike::serve {
namespace {

constexpr std::chrono::seconds kLastOfJobs{5};  // to keep their results, once stopped

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::string in_url(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

/// The addresses of this machine, and its name.
std::vector<std::string> names_of_machine() {
  std::vector<std::string> names;
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) == 0) {
    names.emplace_back(name.data());
    names.push_back(names.back() + ".local");
  }
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return names;
  for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    const void* address = nullptr;
    if (family == AF_INET) {
      address = &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr;
    } else if (family == AF_INET6) {
      address = &reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr;
    }
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address != nullptr && ::inet_ntop(family, address, text.data(), text.size()) != nullptr) {
      names.push_back(in_url(text.data()));
    }
  }
  ::freeifaddrs(first);
  return names;
}

/// The names under which a client may ask for us, in small letters.
std::vector<std::string> names_of(const std::string& host) {
  std::vector<std::string> names{in_url(host)};
  const bool every = host == "0.0.0.0" || host == "::";
  if (every) {
    for (auto& name : names_of_machine()) names.push_back(std::move(name));
  }
  for (auto& name : names) name = small_letters(name);
  if (every || is_loopback(host)) names.insert(names.end(), {"localhost", "127.0.0.1", "[::1]"});
  return names;
}

/// In small letters. Throws for a name that no client writes as Host.
std::string public_name(const std::string& name) {
  std::string small = small_letters(name);
  if (small.empty() ||
      small.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-._:[]") != std::string::npos) {
    throw Error(ErrorCode::invalid_argument,
                "'" + valid_utf8(name) +
                    "' is not the name of a host; give one as in photos.example.org or "
                    "photos.example.org:8443");
  }
  return small;
}

Router routes(Api& api) {
  Router router;
  add_server_routes(router, api);
  add_collection_routes(router, api);
  add_item_routes(router, api);
  add_search_routes(router, api);
  add_map_routes(router, api);
  add_job_routes(router, api);
  add_encoder_routes(router, api);
  return router;
}

std::string line_of(const Logged& logged) {
  return print_json_line(json::object{{"time", utc_time(now_ms())},
                                      {"request", logged.id},
                                      {"peer", logged.peer},
                                      {"method", json_text(logged.method)},
                                      {"target", json_text(logged.target)},
                                      {"status", logged.status},
                                      {"ms", logged.ms},
                                      {"bytes", logged.bytes}});
}

void check_length(const std::string& key, const std::string& name) {
  if (key.empty() || key.size() >= kLeastKey) return;
  throw Error(ErrorCode::invalid_argument,
              name + " has " + std::to_string(key.size()) +
                  " characters, and could be guessed; take 16 or more. --key-file NEW makes one, "
                  "and so does: openssl rand -hex 16");
}

void check(const ServerOptions& options) {
  check_length(options.key, "the key");
  check_length(options.reading_key, "the reading key");
  if (!options.reading_key.empty() && options.key.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "there is a reading key and no key beside it, without which any client may change "
                "everything; give one with --key-file or ALIKE_KEY");
  }
  if (!options.key.empty() && options.key == options.reading_key) {
    throw Error(ErrorCode::invalid_argument, "the reading key is the key itself; make another one");
  }
  if (is_loopback(options.host) || !options.key.empty()) return;
  throw Error(ErrorCode::invalid_argument,
              "others could reach '" + options.host +
                  "', and no key is set; put one into the environment as ALIKE_KEY, or into a file "
                  "for --key-file");
}

}  // namespace

struct Server::State {
  explicit State(const ServerOptions& options)
      : host(options.host),
        failures(options.failures),
        api(static_cast<std::uint64_t>(options.limits.megapixels),
            [this](const Job& job) { failures.add(job); }) {
    api.roots = options.roots;
    api.demo = options.demo;
    api.demo_collection = options.demo_collection;
    api.threads = options.threads;
    for (const auto& folder : options.collections) api.collections.add(folder);
  }

  std::string host;
  FailureLog failures;
  Api api;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<HttpServer> http;
};

Server::Server(const ServerOptions& options) {
  check(options);
  state_ = std::make_unique<State>(options);
  State& state = *state_;
  GuardOptions guard{names_of(options.host), options.port, options.key, {}, options.reading_key};
  for (const auto& name : options.public_names) guard.public_names.push_back(public_name(name));
  Router router = routes(state.api);
  router.add({"GET", "/metrics",
              [&state](const Call&) {
                return content("text/plain; version=0.0.4", state.dispatcher->metrics().text());
              },
              Lane::at_once});
  state.dispatcher = std::make_unique<Dispatcher>(
      std::move(router), std::move(guard),
      [](const Call& call) { return answer_from_assets(call); },
      [&state](const Failure& each) { state.failures.add(each); });
  const auto log = [line = options.log](const Logged& logged) {
    if (line) line(line_of(logged));
  };
  state.http = std::make_unique<HttpServer>(HttpOptions{.address = options.host,
                                                        .port = options.port,
                                                        .workers = std::max(2, options.threads),
                                                        .limits = options.limits},
                                            *state.dispatcher, state.api.events, log);
  state.dispatcher->set_port(state.http->port());
}

Server::~Server() = default;

std::string Server::url() const {
  return "http://" + in_url(state_->host) + ":" + std::to_string(state_->http->port()) + "/";
}

bool Server::run() {
  const bool idle = state_->http->run();
  return state_->api.jobs.idle_by(std::chrono::steady_clock::now() + kLastOfJobs) && idle;
}

void Server::stop() {
  state_->api.ready = false;
  state_->api.jobs.stop();
  state_->http->stop();
}

}  // namespace alike::serve
