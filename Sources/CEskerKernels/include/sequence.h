// Whole-vector arithmetic on integers: ranges, differences and their sums.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The least and the greatest of `count` > 0 values, compared as unsigned numbers after `flip` is combined with them by
/// exclusive or (the sign bit makes the order that of signed numbers); they are given back unflipped.
void esker_range_u8(const uint8_t *values, size_t count, uint8_t flip, uint8_t *least, uint8_t *greatest);
void esker_range_u16(const uint16_t *values, size_t count, uint16_t flip, uint16_t *least, uint16_t *greatest);
void esker_range_u32(const uint32_t *values, size_t count, uint32_t flip, uint32_t *least, uint32_t *greatest);
void esker_range_u64(const uint64_t *values, size_t count, uint64_t flip, uint64_t *least, uint64_t *greatest);

/// Writes value i minus value i - 1, for i = 0 `values[0] - before`, modulo the size of a value.
void esker_differences_u8(const uint8_t *values, size_t count, uint8_t before, uint8_t *differences);
void esker_differences_u16(const uint16_t *values, size_t count, uint16_t before, uint16_t *differences);
void esker_differences_u32(const uint32_t *values, size_t count, uint32_t before, uint32_t *differences);
void esker_differences_u64(const uint64_t *values, size_t count, uint64_t before, uint64_t *differences);

/// Replaces differences by their running sums, beginning with `before`: the reverse. Gives back the last sum.
///
/// 2026-11-24, Zen 5: sums of 64 bits 6.4 G values/s with AVX2, of 32 bits 10.5; 4.4 in plain C, where one addition waits
/// for the other.
uint8_t esker_running_sums_u8(uint8_t *differences, size_t count, uint8_t before);
uint16_t esker_running_sums_u16(uint16_t *differences, size_t count, uint16_t before);
uint32_t esker_running_sums_u32(uint32_t *differences, size_t count, uint32_t before);
uint64_t esker_running_sums_u64(uint64_t *differences, size_t count, uint64_t before);
