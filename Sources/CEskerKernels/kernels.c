#include "CEskerKernels.h"
