#include "alike/measure/factors/disentanglement.h"

#include <algorithm>
#include <utility>

#include "alike/base/error.h"
#include "alike/measure/factors/factor_check.h"

namespace alike::measure {
namespace {

/// The factors that have two values or more; the names of the others go to `constant`.
FactorTable varying(const FactorTable& factors, std::vector<std::string>& constant) {
  std::vector<std::size_t> kept;
  for (std::size_t f = 0; f < factors.factors(); ++f) {
    bool varies = false;
    for (std::size_t i = 1; i < factors.rows(); ++i) {
      varies = varies || factors.at(i, f) != factors.at(0, f);
    }
    if (varies) {
      kept.push_back(f);
    } else {
      constant.push_back(factors.names[f]);
    }
  }
  FactorTable table;
  for (const std::size_t f : kept) table.names.push_back(factors.names[f]);
  for (std::size_t i = 0; i < factors.rows(); ++i) {
    for (const std::size_t f : kept) table.values.push_back(factors.at(i, f));
  }
  return table;
}

std::size_t constant_dims(MatrixView codes) {
  std::size_t count = 0;
  for (std::size_t d = 0; d < codes.width; ++d) {
    bool varies = false;
    for (std::size_t i = 1; i < codes.rows && !varies; ++i) {
      varies = codes.row(i)[d] != codes.row(0)[d];
    }
    count += varies ? 0 : 1;
  }
  return count;
}

}  // namespace

std::vector<Measure> Disentanglement::measures() const {
  const auto single = [](const char* name, double value) { return Measure{name, value, {}, {}}; };
  return {single("dci disentanglement", dci.disentanglement),
          single("dci completeness", dci.completeness),
          dci.informativeness,
          single("mig", mig),
          single("sap", sap),
          single("factorvae", factor_vae),
          single("betavae", beta_vae)};
}

Disentanglement disentanglement(MatrixView codes, const FactorTable& factors,
                                const DisentanglementOptions& options, const Watcher& watcher) {
  check_options(options);
  Disentanglement result;
  const FactorTable table = varying(factors, result.constant_factors);
  check_codes(codes, table);
  result.factors = table.names;
  result.constant_dims = constant_dims(codes);
  Watcher quiet;
  quiet.stop = watcher.stop;
  std::uint64_t done = 0;
  const auto next = [&] {
    watcher.tell({++done, 5, 0});
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped while judging disentanglement");
    }
  };
  result.mig = mutual_information_gap(codes, table, options.bins);
  next();
  result.sap = attribute_predictability(codes, table, options);
  next();
  result.factor_vae = factor_vae_score(codes, table, options);
  next();
  result.beta_vae = beta_vae_score(codes, table, options, quiet);
  next();
  result.dci = dci(codes, table, options, quiet);
  watcher.tell({5, 5, 0});
  return result;
}

}  // namespace alike::measure
