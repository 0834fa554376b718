#include "alike/image/write.h"
