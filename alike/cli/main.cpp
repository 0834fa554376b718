#include "alike/cli/app.h"
#include "alike/cli/network_worker.h"

int main(int count, char** words) {
  if (const auto code = alike::cli::try_network_for_another(count, words)) return *code;
  return alike::cli::run(count, words);
}
