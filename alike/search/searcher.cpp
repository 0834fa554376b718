#include "alike/search/searcher.h"
