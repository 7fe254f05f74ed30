#include "json_scan.h"

int esker_has_non_ascii(const uint8_t *bytes, size_t length) {
    // Without an early exit the compiler turns this into vector code.
    uint8_t seen = 0;
    for (size_t i = 0; i < length; i++) seen |= bytes[i];
    return seen >> 7;
}
