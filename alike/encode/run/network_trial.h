// Bounds of time and memory for an untrusted network: before this process computes with it,
// another one does, under limits.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "alike/encode/run/encoder.h"

namespace alike::encode {

/// From now on `program` (absolute), started with `arguments` and those that follow them, tries
/// networks; its exit code is that of `work_as_network_trial`. Without this call nothing is tried,
/// so that a program that links the library trusts its networks. To be called before threads are.
void try_networks_with(std::filesystem::path program, std::vector<std::string> arguments);

/// The limits of a trial: processor time and memory grow with the file, as compiling does.
struct TrialLimits {
  std::uint64_t cpu_seconds = 0;
  std::uint64_t memory_bytes = 0;         ///< Resident.
  std::uint64_t address_space_bytes = 0;  ///< Much of it is reserved and never touched.
};
TrialLimits trial_limits(std::uint64_t model_bytes) noexcept;

/// Reads the network in a process of its own and, with a `tensor`, cuts it there, compiles it and
/// computes one picture of zeros. A success is remembered and not repeated (home()/cache/tried).
/// Throws `unsupported` when the limits were passed or the process was lost, and the error of the
/// other process. ALIKE_NETWORK_TRIAL=off leaves it out.
void try_network(std::span<const std::byte> model, const Package& package,
                 const std::string& tensor = {}, Pooling pooling = Pooling::none);

/// Nothing is tried of a network with this SHA-256: alike made it itself of weights it knows.
void trust_network(const std::string& sha256);

/// The other process: `words` are those `try_network` put behind its arguments, descriptor 3 is the
/// model, 4 takes the sentence of an error. Returns the exit code.
int work_as_network_trial(const std::vector<std::string>& words);

}  // namespace alike::encode
