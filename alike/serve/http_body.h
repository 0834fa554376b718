// A body that takes memory as its bytes come, not by its announced length. Private to the server.
#pragma once

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <string>

namespace alike::serve {

/// A Body of Boost.Beast for requests.
struct GrowingBody {
  using value_type = std::string;

  class reader {  // NOLINT(readability-identifier-naming): name required by Beast
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>& /*head*/, value_type& text)
        : text_(text) {}

    void init(const boost::optional<std::uint64_t>& length, boost::beast::error_code& error) {
      length_ = length ? *length : 0;
      error = {};
    }

    template <class Buffers>
    std::size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      error = {};
      const std::size_t come = boost::asio::buffer_size(buffers);
      const std::size_t size = text_.size();
      make_room(size + come);
      text_.resize(size + come);
      return boost::asio::buffer_copy(boost::asio::buffer(text_.data() + size, come), buffers);
    }

    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    /// Twice the present size, but not beyond the announced length.
    void make_room(std::size_t needed) {
      if (needed <= text_.capacity()) return;
      std::size_t room = std::max(needed, 2 * text_.capacity());
      if (length_ >= needed) room = std::min(room, static_cast<std::size_t>(length_));
      text_.reserve(room);
    }

    value_type& text_;
    std::uint64_t length_ = 0;
  };
};

}  // namespace alike::serve
