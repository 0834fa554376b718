#include "alike/index/flat.h"
