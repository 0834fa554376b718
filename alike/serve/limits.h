// Bounds on the resources and the time that clients may take.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace alike::serve {

/// Bounds on clients. An address is that of the peer of the connection (`client_of`): all clients
/// of a proxy, and all users of this machine, are one.
struct Limits {
  std::int64_t connections = 2048;  ///< Open at once; fewer where there are fewer descriptors.
  std::int64_t connections_per_address = 1024;
  std::int64_t streams = 512;  ///< Streams of events open at once.
  std::int64_t streams_per_address = 64;
  std::int64_t stream_ms = 600'000;  ///< Age at which a stream is closed; browsers open it anew.
  std::int64_t body_mb = 512;        ///< MiB of bodies in memory.
  std::int64_t body_mb_per_address = 384;
  std::int64_t answers_mb = 512;  ///< MiB of answers that clients have not taken yet.
  std::int64_t answers_mb_per_address = 384;
  std::int64_t head_ms = 10'000;         ///< For the first line and the headers.
  std::int64_t body_ms = 60'000;         ///< For a body, and 1 ms more for each 64 bytes that came.
  std::int64_t megapixels = 128;         ///< Of pictures being decoded at once; one always may.
  std::int64_t queue = 256;              ///< Requests of a lane that wait for a thread.
  std::int64_t queue_per_address = 128;  ///< Of a lane, with those that are worked on.
  /// Expected wait beyond which a search is refused; four times as much, and 2 s at the least,
  /// where fewer than 16 wait for each thread.
  std::int64_t search_wait_ms = 100;
  std::int64_t thumbnail_wait_ms = 5'000;
  std::int64_t upload_wait_ms = 15'000;
  std::int64_t drain_ms = 10'000;  ///< For requests under way when the server is stopped.

  std::chrono::milliseconds head() const { return std::chrono::milliseconds(head_ms); }
  std::chrono::milliseconds drain() const { return std::chrono::milliseconds(drain_ms); }
};

/// Sets one by "NAME=NUMBER", the name as `limit_names` has it. Throws `invalid_argument`.
void set_limit(Limits& limits, const std::string& text);
/// "connections", "connections-per-address", …
std::vector<std::string> limit_names();

/// Time allowed since the first byte of a request, with `bytes` of its body received: 10 s and a
/// second for each KiB, but not longer than `body_ms` and a second for each 64 KiB.
std::chrono::milliseconds time_for_body(const Limits& limits, std::uint64_t bytes);

}  // namespace alike::serve
