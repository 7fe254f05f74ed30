// The kernels of pack_plan.h for one vector level; FN(name) names them.

// Four tables, so that values of one stretch after another do not wait for each other's count.
#define PLAN(W)                                                                                                       \
    static void FN(spread_u##W)(const uint##W##_t *values, size_t count, uint##W##_t base, uint##W##_t range,         \
                                unsigned shift, uint32_t *restrict before) {                                          \
        uint16_t counts[4][257] = {{0}};                                                                              \
        for (size_t i = 0; i < count; i++) {                                                                          \
            const uint##W##_t distance = (uint##W##_t)(values[i] - base);                                             \
            counts[i & 3][distance > range ? 256 : distance >> shift]++;                                              \
        }                                                                                                             \
        uint32_t sum = 0;                                                                                             \
        for (unsigned i = 0; i < 256; i++) {                                                                          \
            before[i] = sum;                                                                                          \
            sum += (uint32_t)counts[0][i] + counts[1][i] + counts[2][i] + counts[3][i];                               \
        }                                                                                                             \
        before[256] = sum;                                                                                            \
    }                                                                                                                 \
    static size_t FN(range_within_u##W)(const uint##W##_t *values, size_t count, uint##W##_t base, uint##W##_t limit, \
                                        uint##W##_t *least, uint##W##_t *greatest) {                                  \
        const uint##W##_t sign = (uint##W##_t)((uint##W##_t)1 << (W - 1));                                            \
        const int##W##_t last = (int##W##_t)(limit ^ sign);                                                           \
        int##W##_t low = INT##W##_MAX, high = INT##W##_MIN;                                                           \
        uint##W##_t held = 0;                                                                                         \
        size_t all = 0;                                                                                               \
        for (size_t start = 0; start < count; start += 128) {                                                         \
            const size_t length = count - start < 128 ? count - start : 128;                                          \
            held = 0;                                                                                                 \
            for (size_t i = 0; i < length; i++) {                                                                     \
                const int##W##_t distance = (int##W##_t)((uint##W##_t)(values[start + i] - base) ^ sign);             \
                const int##W##_t below = distance <= last ? distance : INT##W##_MAX;                                  \
                const int##W##_t above = distance <= last ? distance : INT##W##_MIN;                                  \
                low = below < low ? below : low;                                                                      \
                high = above > high ? above : high;                                                                   \
                held = (uint##W##_t)(held + (distance <= last));                                                      \
            }                                                                                                         \
            all += held;                                                                                              \
        }                                                                                                             \
        *least = (uint##W##_t)low ^ sign;                                                                             \
        *greatest = (uint##W##_t)high ^ sign;                                                                         \
        return all;                                                                                                   \
    }

PLAN(8)
PLAN(16)
PLAN(32)
PLAN(64)
#undef PLAN

static uint32_t FN(fullest)(const uint32_t *before, unsigned stretches, uint32_t *held) {
    uint32_t most = 0;
    const unsigned places = 257 - stretches;
    for (unsigned i = 0; i < places; i++) {
        const uint32_t here = before[i + stretches] - before[i];
        most = here > most ? here : most;
    }
    *held = most;
    uint32_t first = 0;
    while (before[first + stretches] - before[first] != most) first++;
    return first;
}
