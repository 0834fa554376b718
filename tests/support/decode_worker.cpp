// A decoder for the tests of image/isolated/isolated_decoder.h: a true one, or one that a bad
// picture has taken over, as its first word says.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "alike/base/error.h"
#include "alike/image/isolated/decode_worker.h"
#include "alike/image/isolated/decoder_protocol.h"

namespace alike::image {
namespace {

using namespace protocol;

template <class Message>
void send(const Message& message, std::size_t size = sizeof(Message)) {
  if (::send(kSocket, &message, size, MSG_NOSIGNAL) < 0) std::exit(1);
}

Reply made(int width, int height) {
  Reply reply;
  reply.done = 1;
  reply.width = width;
  reply.height = height;
  return reply;
}

Reply failed(std::uint32_t code) {
  Reply reply;
  reply.code = code;
  reply.sentence.fill('\xff');  // no end, no UTF-8
  return reply;
}

void answer_wrongly(const std::string& how, const Request& request) {
  if (how == "crash") std::abort();
  if (how == "leave") std::exit(3);
  if (how == "hang") ::pause();
  if (how == "short") send(made(8, 8), 10);
  if (how == "long") send(std::array<Reply, 2>{});
  if (how == "huge") send(made(1 << 30, 1 << 30));
  if (how == "negative") send(made(-8, -8));
  if (how == "nothing") send(Reply{.done = 1, .sentence = {}, .header = {.width = 0}});
  if (how == "wide") {
    send(Reply{.done = 1, .sentence = {}, .header = {.width = 1 << 20, .height = 1 << 20}});
  }
  if (how == "format") {
    send(Reply{.done = 1,
               .sentence = {},
               .header = {.format = static_cast<Format>(77), .width = 8, .height = 8}});
  }
  if (how == "gone") send(failed(static_cast<std::uint32_t>(ErrorCode::not_found)));
  if (how == "unknown") send(failed(99));
  if (how == "endless") send(failed(static_cast<std::uint32_t>(ErrorCode::corrupt)));
  if (how == "twice") {
    send(made(request.framing.size, request.framing.size));
    send(made(request.framing.size, request.framing.size));
  }
}

int work_as_taken_over(const std::string& how) {
  if (how == "exit") return 7;
  if (how == "mute") ::pause();
  Greeting greeting;
  greeting.limits = 1;
  if (how == "stranger") greeting.mark = 5;
  if (how == "unconfined") greeting.limits = 0;
  send(greeting);
  Request request;
  while (::recv(kSocket, &request, sizeof request, 0) > 0) answer_wrongly(how, request);
  return 0;
}

}  // namespace
}  // namespace alike::image

int main(int count, char** words) {
  const std::string how = count > 1 ? words[1] : "decode";
  if (how == "decode") std::_Exit(alike::image::work_as_decoder());
  return alike::image::work_as_taken_over(how);
}
