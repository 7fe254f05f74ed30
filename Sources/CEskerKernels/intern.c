#include "intern.h"
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

// The slot is found by the low bits of the hash, the value told apart by its high half.
static inline uint64_t tag_of(uint64_t hash) { return hash & 0xffffffff00000000ULL; }

size_t esker_intern_strings(
    struct esker_intern *known, const int32_t *starts, const uint8_t *bytes, size_t count, uint32_t *codes) {
    const uint64_t mask = known->mask;
    uint64_t *slots = known->slots;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *value = bytes + starts[i];
        const size_t length = (size_t)(starts[i + 1] - starts[i]);
        const uint64_t hash = XXH3_64bits(value, length);
        uint64_t slot = hash & mask;
        for (;;) {
            const uint64_t entry = slots[slot];
            if (entry == 0) {
                const uint32_t number = known->count;
                const size_t end = number == 0 ? 0 : (size_t)known->starts[number];
                if (number == known->limit || length > known->byte_limit - end) return i;
                if (number == 0) known->starts[0] = 0;
                memcpy(known->bytes + end, value, length);
                known->starts[number + 1] = (int32_t)(end + length);
                slots[slot] = tag_of(hash) | (number + 1);
                codes[i] = number;
                known->count = number + 1;
                break;
            }
            if (tag_of(entry) == tag_of(hash)) {
                const uint32_t number = (uint32_t)entry - 1;
                const int32_t start = known->starts[number];
                if ((size_t)(known->starts[number + 1] - start) == length
                    && memcmp(known->bytes + start, value, length) == 0) {
                    codes[i] = number;
                    break;
                }
            }
            slot = (slot + 1) & mask;
        }
    }
    return count;
}

// splitmix64's finaliser (Steele, Lea, Flood, 2014).
static inline uint64_t mixed(uint64_t x) {
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

static inline uint64_t number_at(const void *values, uint32_t width, size_t i) {
    switch (width) {
    case 2: return ((const uint16_t *)values)[i];
    case 4: return ((const uint32_t *)values)[i];
    default: return ((const uint64_t *)values)[i];
    }
}

size_t esker_intern_numbers(
    struct esker_intern *known, const void *values, uint32_t width, size_t count, uint32_t *codes) {
    const uint64_t mask = known->mask;
    uint64_t *slots = known->slots;
    for (size_t i = 0; i < count; i++) {
        const uint64_t value = number_at(values, width, i);
        const uint64_t hash = mixed(value + 0x9e3779b97f4a7c15ULL);
        uint64_t slot = hash & mask;
        for (;;) {
            const uint64_t entry = slots[slot];
            if (entry == 0) {
                if (known->count == known->limit) return i;
                known->words[known->count] = value;
                slots[slot] = tag_of(hash) | (known->count + 1);
                codes[i] = known->count++;
                break;
            }
            if (tag_of(entry) == tag_of(hash) && known->words[(uint32_t)entry - 1] == value) {
                codes[i] = (uint32_t)entry - 1;
                break;
            }
            slot = (slot + 1) & mask;
        }
    }
    return count;
}

void esker_intern_rehash(struct esker_intern *known) {
    for (uint32_t number = 0; number < known->count; number++) {
        const uint64_t hash = known->words != NULL
            ? mixed(known->words[number] + 0x9e3779b97f4a7c15ULL)
            : XXH3_64bits(known->bytes + known->starts[number],
                          (size_t)(known->starts[number + 1] - known->starts[number]));
        uint64_t slot = hash & known->mask;
        while (known->slots[slot] != 0) slot = (slot + 1) & known->mask;
        known->slots[slot] = tag_of(hash) | (number + 1);
    }
}
