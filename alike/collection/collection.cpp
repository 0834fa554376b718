#include "alike/collection/collection.h"
