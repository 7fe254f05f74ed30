#include "pack_plan.h"
#include "vector_level.h"

#define FN(name) name##_plain
#include "pack_plan.inc.h"
#undef FN

#if HAS_V3_LEVEL
BEGIN_V3
#define FN(name) name##_v3
#include "pack_plan.inc.h"
#undef FN
END_V3
#endif

#define PLAN(W)                                                                                                       \
    void esker_spread_u##W(const uint##W##_t *values, size_t count, uint##W##_t base, uint##W##_t range,              \
                           unsigned shift, uint32_t before[257]) {                                                    \
        BEST(spread_u##W, values, count, base, range, shift, before);                                                 \
    }                                                                                                                 \
    size_t esker_range_within_u##W(const uint##W##_t *values, size_t count, uint##W##_t base, uint##W##_t limit,      \
                                   uint##W##_t *least, uint##W##_t *greatest) {                                       \
        return BEST(range_within_u##W, values, count, base, limit, least, greatest);                                  \
    }

PLAN(8)
PLAN(16)
PLAN(32)
PLAN(64)

uint32_t esker_fullest(const uint32_t before[257], unsigned stretches, uint32_t *held) {
    return BEST(fullest, before, stretches, held);
}
