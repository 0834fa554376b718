#include "alike/encode/package.h"
