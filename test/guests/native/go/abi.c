#include "mortise.h"

MORTISE_PLUGIN("")
