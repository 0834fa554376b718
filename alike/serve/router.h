// Which handler answers which address.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "alike/serve/message.h"

namespace alike::serve {

/// A request together with the values in its address.
struct Call {
  const Request& request;
  /// By the names of the pattern: for "/v1/jobs/{j}" the text in the place of {j}.
  std::map<std::string, std::string, std::less<>> path;
  std::map<std::string, std::string, std::less<>> query;

  /// A part of the path; it is there.
  const std::string& at(std::string_view name) const { return path.find(name)->second; }
  /// A parameter of the query, `otherwise` where it is not given.
  std::string parameter(std::string_view name, std::string otherwise = "") const;
  /// A whole number of the path or the query, within [least, most]. Throws `invalid_argument`, and
  /// `not_found` for one of the path.
  std::int64_t integer_at(std::string_view name) const;
  std::int64_t integer(std::string_view name, std::int64_t least, std::int64_t most,
                       std::int64_t otherwise) const;
};

using Handler = std::function<Response(const Call&)>;

/// The threads that a handler runs on: long work never stands before short work.
enum class Lane {
  at_once,    ///< That of the sockets; the handler must not wait for anything.
  light,      ///< Answers from the catalog or from memory.
  search,     ///< Searches, and others that read much.
  thumbnail,  ///< Pictures of the collection, decoded.
  upload,     ///< Pictures that came with the request, decoded and encoded.
};

struct Route {
  std::string method;
  std::string pattern;  ///< "/v1/collections/{c}/items"
  Handler handler;
  Lane lane = Lane::search;
  bool changes = true;  ///< Whether more than reading it needs the full key; GET never does.
};

/// Immutable once it answers; safe from several threads then.
class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }
  const std::vector<Route>& routes() const { return routes_; }

  /// The route for the request, and the values in its address; null where the path has none. HEAD
  /// is answered by GET; of two patterns that fit the one added first counts. Throws `HttpError`
  /// 405 with Allow where the path is of another method, `invalid_argument` for a bad address.
  const Route* find(const Request& request, Call& call) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace alike::serve
