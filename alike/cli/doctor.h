// The verb `doctor`.
#pragma once

namespace CLI {
class App;
}

namespace alike::cli {

struct Context;

/// As the other verbs of context.h.
void add_doctor(CLI::App& app, Context& context);

}  // namespace alike::cli
