#include "codes.h"
#include <string.h>

// Every loop for each width of codes and values, so that the widths are known inside.
#define EACH_CODE(body)                                                                                                \
    switch (code_width) {                                                                                              \
    case 1: { const uint8_t *code = codes; body } break;                                                               \
    case 2: { const uint16_t *code = codes; body } break;                                                              \
    default: { const uint32_t *code = codes; body } break;                                                             \
    }

#define GATHER(type)                                                                                                   \
    {                                                                                                                  \
        const type *from = values;                                                                                     \
        type *restrict to = output;                                                                                    \
        EACH_CODE(for (size_t i = 0; i < count; i++) to[i] = from[code[i]];)                                           \
    }

struct sixteen { uint64_t low, high; };

void esker_gather(
    const void *values, uint32_t value_width, const void *codes, uint32_t code_width, size_t count, void *output) {
    switch (value_width) {
    case 1: GATHER(uint8_t) break;
    case 2: GATHER(uint16_t) break;
    case 4: GATHER(uint32_t) break;
    case 8: GATHER(uint64_t) break;
    default: GATHER(struct sixteen) break;
    }
}

int64_t esker_gathered_offsets(
    const int32_t *starts, const void *codes, uint32_t code_width, size_t count, int32_t *offsets) {
    int64_t total = 0;
    offsets[0] = 0;
    EACH_CODE(for (size_t i = 0; i < count; i++) {
        total += starts[code[i] + 1] - starts[code[i]];
        offsets[i + 1] = (int32_t)total;
    })
    return total > INT32_MAX ? -1 : total;
}

// memcpy, not a loop of bytes: clang calls it for the few bytes of a short string, too.
void esker_gather_strings(
    const int32_t *starts, const void *bytes, const void *codes, uint32_t code_width, size_t count, void *output) {
    const uint8_t *from = bytes;
    uint8_t *to = output;
    EACH_CODE(for (size_t i = 0; i < count; i++) {
        const int32_t start = starts[code[i]];
        const int32_t length = starts[code[i] + 1] - start;
        memcpy(to, from + start, (size_t)length);
        to += length;
    })
}

size_t esker_spread_runs(const uint32_t *lengths, size_t runs, uint32_t *output, size_t rows) {
    size_t row = 0;
    for (size_t run = 0; run < runs; run++) {
        const size_t length = lengths[run];
        if (length > rows - row) return rows + 1;
        for (size_t i = 0; i < length; i++) output[row + i] = (uint32_t)run;
        row += length;
    }
    return row;
}

int64_t esker_sum_lengths(const uint32_t *lengths, size_t count, int32_t *offsets) {
    uint64_t total = 0;
    offsets[0] = 0;
    for (size_t i = 0; i < count; i++) {
        total += lengths[i];
        offsets[i + 1] = (int32_t)total;
    }
    return (int64_t)total;
}

__attribute__((target_clones("default", "arch=x86-64-v3"))) uint32_t esker_maximum_code(
    const void *codes, uint32_t code_width, size_t count) {
    uint32_t result = 0;
    switch (code_width) {
    case 1: {
        const uint8_t *code = codes;
        uint8_t greatest = 0;
        for (size_t i = 0; i < count; i++) greatest = code[i] > greatest ? code[i] : greatest;
        result = greatest;
        break;
    }
    case 2: {
        const uint16_t *code = codes;
        uint16_t greatest = 0;
        for (size_t i = 0; i < count; i++) greatest = code[i] > greatest ? code[i] : greatest;
        result = greatest;
        break;
    }
    default: {
        const uint32_t *code = codes;
        for (size_t i = 0; i < count; i++) result = code[i] > result ? code[i] : result;
        break;
    }
    }
    return result;
}

__attribute__((target_clones("default", "arch=x86-64-v3"))) void esker_resize_u32(
    const uint32_t *values, size_t count, uint32_t width, void *output) {
    switch (width) {
    case 1: for (size_t i = 0; i < count; i++) ((uint8_t *)output)[i] = (uint8_t)values[i]; break;
    case 2: for (size_t i = 0; i < count; i++) ((uint16_t *)output)[i] = (uint16_t)values[i]; break;
    case 4: memcpy(output, values, count * 4); break;
    default: for (size_t i = 0; i < count; i++) ((uint64_t *)output)[i] = values[i]; break;
    }
}

__attribute__((target_clones("default", "arch=x86-64-v3"))) void esker_widen_codes(
    const void *codes, uint32_t code_width, size_t count, uint32_t *output) {
    EACH_CODE(for (size_t i = 0; i < count; i++) output[i] = code[i];)
}

int esker_map_codes(
    const uint32_t *starts, const uint32_t *targets, const void *codes, uint32_t code_width, const uint8_t *selector,
    size_t count, uint32_t *output) {
    int inside = 1;
    if (selector == NULL) {
        EACH_CODE(for (size_t i = 0; i < count; i++) {
            inside &= starts[code[i]] < starts[code[i] + 1];
            output[i] = inside ? targets[starts[code[i]]] : 0;
        })
        return inside;
    }
    EACH_CODE(for (size_t i = 0; i < count; i++) {
        const uint32_t place = starts[code[i]] + selector[i];
        inside &= place < starts[code[i] + 1];
        output[i] = inside ? targets[place] : 0;
    })
    return inside;
}

static inline uint64_t prefix_of(const uint8_t *value, size_t length) {
    uint64_t prefix = 0;
    if (length >= 8) {
        memcpy(&prefix, value, 8);
    } else {
        memcpy(&prefix, value, length);
    }
    return __builtin_bswap64(prefix);
}

static inline int precedes(
    const uint8_t *left, size_t left_length, const uint8_t *right, size_t right_length) {
    const size_t common = left_length < right_length ? left_length : right_length;
    const int order = memcmp(left, right, common);
    return order == 0 ? left_length < right_length : order < 0;
}

void esker_string_bounds(
    const int32_t *starts, const uint8_t *bytes, size_t count, const uint8_t *validity, size_t *least,
    size_t *greatest) {
    size_t low = count, high = count;
    uint64_t low_prefix = 0, high_prefix = 0;
    for (size_t i = 0; i < count; i++) {
        if (validity != NULL && !(validity[i >> 3] >> (i & 7) & 1)) continue;
        const uint8_t *value = bytes + starts[i];
        const size_t length = (size_t)(starts[i + 1] - starts[i]);
        const uint64_t prefix = prefix_of(value, length);
        if (low == count) {
            low = high = i;
            low_prefix = high_prefix = prefix;
            continue;
        }
        if (prefix < low_prefix
            || (prefix == low_prefix
                && precedes(value, length, bytes + starts[low], (size_t)(starts[low + 1] - starts[low])))) {
            low = i;
            low_prefix = prefix;
        }
        if (prefix > high_prefix
            || (prefix == high_prefix
                && precedes(bytes + starts[high], (size_t)(starts[high + 1] - starts[high]), value, length))) {
            high = i;
            high_prefix = prefix;
        }
    }
    *least = low;
    *greatest = high;
}

#define COUNT_RUNS(type)                                                                                               \
    {                                                                                                                  \
        const type *value = values;                                                                                    \
        for (size_t i = 1; i < count; i++) runs += value[i] != value[i - 1];                                           \
    }

__attribute__((target_clones("default", "arch=x86-64-v3"))) size_t esker_count_runs(
    const void *values, uint32_t width, size_t count) {
    if (count == 0) return 0;
    size_t runs = 1;
    switch (width) {
    case 1: COUNT_RUNS(uint8_t) break;
    case 2: COUNT_RUNS(uint16_t) break;
    case 4: COUNT_RUNS(uint32_t) break;
    default: COUNT_RUNS(uint64_t) break;
    }
    return runs;
}

void esker_remap_codes(const uint32_t *codes, const uint32_t *table, size_t count, uint32_t *output) {
    for (size_t i = 0; i < count; i++) output[i] = table[codes[i]];
}

#define FIND_RUNS(type)                                                                                                \
    {                                                                                                                  \
        const type *value = values;                                                                                    \
        for (size_t i = 0; i < count; i++) {                                                                           \
            if (i > 0 && value[i] == value[i - 1]) continue;                                                           \
            if (run > 0) lengths[run - 1] = (uint32_t)i - rows[run - 1];                                               \
            rows[run++] = (uint32_t)i;                                                                                 \
        }                                                                                                              \
    }

void esker_find_runs(const void *values, uint32_t width, size_t count, uint32_t *lengths, uint32_t *rows) {
    size_t run = 0;
    switch (width) {
    case 1: FIND_RUNS(uint8_t) break;
    case 2: FIND_RUNS(uint16_t) break;
    case 4: FIND_RUNS(uint32_t) break;
    default: FIND_RUNS(uint64_t) break;
    }
    if (run > 0) lengths[run - 1] = (uint32_t)count - rows[run - 1];
}
