#include "alike/cli/app.h"

int main(int count, char** words) { return alike::cli::run(count, words); }
