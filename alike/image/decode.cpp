#include "alike/image/decode.h"
