#include "alike/search/query.h"
