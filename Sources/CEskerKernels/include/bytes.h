#pragma once
#include <string.h>

// memcmp as an inlinable function: Swift reaches it without an import of Glibc in the format.
static inline int esker_compare_bytes(const void *left, const void *right, size_t length) {
    return length == 0 ? 0 : memcmp(left, right, length);
}
