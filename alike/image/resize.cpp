#include "alike/image/resize.h"
