#include "alike/encode/run/encoder.h"

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <openvino/runtime/core.hpp>
#include <openvino/runtime/properties.hpp>
#include <optional>
#include <sstream>

#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/encode/package/package_model.h"
#include "alike/encode/run/graph.h"
#include "alike/encode/run/model_cache.h"
#include "alike/encode/run/network_trial.h"

namespace alike::encode {
namespace {

constexpr std::array<std::pair<Pooling, std::string_view>, 4> kPoolings{
    {{Pooling::none, "none"}, {Pooling::avg, "avg"}, {Pooling::max, "max"}, {Pooling::gem, "gem"}}};

/// One thread a stream: batch 1 gains nothing from a second one, and values then never depend on
/// how work was split.
ov::AnyMap settings(int streams, bool bfloat16) {
  return {ov::num_streams(streams), ov::inference_num_threads(streams),
          ov::hint::inference_precision(bfloat16 ? ov::element::bf16 : ov::element::f32),
          ov::hint::enable_cpu_pinning(false)};
}

bool computes_in_bfloat16() {
  const char* wish = std::getenv("ALIKE_BFLOAT16");  // NOLINT(concurrency-mt-unsafe)
  return can_keep_float32() && (wish == nullptr || std::string_view(wish) != "off");
}

/// Part of the key of compiled networks: goes up when a network may no longer be used that could be
/// before, as those in the cache are not checked again.
constexpr int kCheck = 2;

/// Everything the compiled network depends on.
std::string cache_key(const Package& package, const std::string& layer, Pooling pooling,
                      const std::string& bfloat16_after) {
  std::ostringstream key;
  key.precision(9);
  key << kCheck << '\n' << package.sha256 << '\n' << layer << '\n' << name_of(pooling) << '\n';
  key << package.input.framing.size << ' ' << package.input.bgr;
  for (const float value : package.input.mean) key << ' ' << value;
  for (const float value : package.input.scale) key << ' ' << value;
  key << '\n' << bfloat16_after << '\n' << ov::get_openvino_version().buildNumber << '\n';
  key << core().get_property("CPU", ov::device::full_name);
  for (const auto& name : core().get_property("CPU", ov::device::capabilities)) key << ' ' << name;
  return key.str();
}

/// Whether OpenVINO would take weights from here: import_model (2026.4) reads the file ".bin" of
/// the current folder, where there is one, instead of the weights of the compiled network, and a
/// file among the pictures would decide the result. No property turns that off.
bool weights_lie_here() {
  std::error_code error;
  return std::filesystem::symlink_status(".bin", error).type() !=
         std::filesystem::file_type::not_found;
}

/// The compiled network of `key` as it was kept, in `memory`; nullopt where it must be made anew.
std::optional<Layer> load_kept(const std::string& key, ov::Tensor& memory) {
  if (weights_lie_here()) return std::nullopt;
  return load_compiled(key, [&](std::size_t bytes) {
    memory = ov::Tensor(ov::element::u8, ov::Shape{bytes});
    return std::span(static_cast<std::byte*>(memory.data()), bytes);
  });
}

ov::CompiledModel compile(const Package& package, Layer& layer, Pooling pooling, int streams) {
  const std::string wanted = layer.name;
  std::string tensor = wanted;
  for (const auto& known : package.layers) {
    if (known.name == wanted) tensor = known.tensor;
  }
  const std::string bfloat16_after = computes_in_bfloat16() ? package.bfloat16_after : "";
  const std::string key = cache_key(package, tensor, pooling, bfloat16_after);
  ov::Tensor memory;
  if (const auto cached = load_kept(key, memory)) {
    read_checked_model(package);
    layer = *cached;
    layer.name = wanted;
    layer.tensor = tensor;
    return core().import_model(memory, "CPU", settings(streams, !bfloat16_after.empty()));
  }
  auto graph = read_graph(package);
  layer = find_layer(*graph, package, wanted);
  try_network(read_safe_model(package), package, layer.tensor, pooling);
  cut(graph, package, layer, pooling);
  if (!bfloat16_after.empty()) keep_float32(*graph, bfloat16_after);
  auto compiled = core().compile_model(graph, "CPU", settings(streams, !bfloat16_after.empty()));
  std::ostringstream blob;
  compiled.export_model(blob);
  const std::string bytes = blob.str();
  store_compiled(key, layer, std::as_bytes(std::span(bytes)));
  return compiled;
}

}  // namespace

std::string_view name_of(Pooling pooling) noexcept {
  for (const auto& [value, name] : kPoolings) {
    if (value == pooling) return name;
  }
  return "";
}

Pooling pooling_from(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& [value, known] : kPoolings) {
    if (known == name) return value;
    names.emplace_back(known);
  }
  throw Error(ErrorCode::invalid_argument,
              "there is no pooling '" + valid_utf8(name) + "'" + suggestion(name, names));
}

struct Encoder::State {
  Package package;
  Layer layer;
  std::size_t width = 0;
  ov::CompiledModel network;
  std::mutex mutex;
  std::condition_variable freed;
  std::vector<ov::InferRequest> free;  ///< Guarded by `mutex`.

  ov::InferRequest take() {
    std::unique_lock lock(mutex);
    freed.wait(lock, [&] { return !free.empty(); });
    auto request = std::move(free.back());
    free.pop_back();
    return request;
  }
  void give_back(ov::InferRequest request) {
    {
      const std::lock_guard lock(mutex);
      free.push_back(std::move(request));
    }
    freed.notify_one();
  }
};

Encoder::Encoder(const Package& package, const EncoderOptions& options)
    : state_(std::make_unique<State>()) {
  if (options.streams < 1) {
    throw Error(
        ErrorCode::invalid_argument,
        "EncoderOptions.streams is " + std::to_string(options.streams) + "; it must be at least 1");
  }
  state_->package = package;
  state_->layer.name = options.layer.empty() ? package.default_layer : options.layer;
  try {
    state_->network = compile(package, state_->layer, options.pooling, options.streams);
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::unsupported,
                "OpenVINO cannot compile encoder '" + package.name + "': " + error.what());
  }
  state_->width = ov::shape_size(state_->network.output().get_shape());
  for (int i = 0; i < options.streams; ++i) {
    state_->free.push_back(state_->network.create_infer_request());
  }
}

Encoder::Encoder(Encoder&&) noexcept = default;
Encoder& Encoder::operator=(Encoder&&) noexcept = default;
Encoder::~Encoder() = default;

const Package& Encoder::package() const { return state_->package; }
const Layer& Encoder::layer() const { return state_->layer; }
std::size_t Encoder::width() const { return state_->width; }

void Encoder::embed(const image::Image& pixels, std::span<float> row) const {
  const int side = state_->package.input.framing.size;
  if (pixels.width != side || pixels.height != side) {
    throw Error(ErrorCode::invalid_argument,
                "the picture is " + std::to_string(pixels.width) + " × " +
                    std::to_string(pixels.height) + "; encoder '" + state_->package.name +
                    "' takes " + std::to_string(side) + " × " + std::to_string(side));
  }
  if (row.size() != state_->width) {
    throw Error(ErrorCode::invalid_argument, "the row has " + std::to_string(row.size()) +
                                                 " numbers; an embedding has " +
                                                 std::to_string(state_->width));
  }
  ov::InferRequest request = state_->take();
  try {
    std::memcpy(request.get_input_tensor().data(), pixels.rgb.data(), pixels.rgb.size());
    request.infer();
    std::memcpy(row.data(), request.get_output_tensor().data(), row.size_bytes());
  } catch (const std::exception& error) {
    state_->give_back(std::move(request));
    throw Error(ErrorCode::unsupported,
                "encoder '" + state_->package.name + "' failed on a picture: " + error.what());
  }
  state_->give_back(std::move(request));
  if (!std::ranges::all_of(row, [](float value) { return std::isfinite(value); })) {
    throw Error(ErrorCode::corrupt, "encoder '" + state_->package.name +
                                        "' gave a number that is not finite for a picture");
  }
}

std::vector<Layer> all_layers(const Package& package) {
  return measure(*read_graph(package), package);
}

void measure_layers(Package& package) {
  const auto measured = all_layers(package);
  for (auto& layer : package.layers) {
    const auto found = std::ranges::find(measured, layer.tensor, &Layer::tensor);
    if (found == measured.end()) {
      throw Error(ErrorCode::not_found,
                  "the network has no tensor '" + layer.tensor + "' that could be a layer");
    }
    layer = *found;
  }
}

}  // namespace alike::encode
