// What a plan for packing a vector looks at: how values spread over a range, and which stretch of it holds most.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Counts the values of `base ... base + range` in stretches of 2^shift, at most 256 of them; afterwards `before[i]` is
/// how many lie in stretches before i, `before[256]` how many in all. At most 65,535 values.
///
/// 2026-11-24, Zen 5: 0.5 ns a value however they spread. With one table, when most values lie in one stretch, each
/// count would wait for the one before.
void esker_spread_u8(const uint8_t *values, size_t count, uint8_t base, uint8_t range, unsigned shift,
                     uint32_t before[257]);
void esker_spread_u16(const uint16_t *values, size_t count, uint16_t base, uint16_t range, unsigned shift,
                      uint32_t before[257]);
void esker_spread_u32(const uint32_t *values, size_t count, uint32_t base, uint32_t range, unsigned shift,
                      uint32_t before[257]);
void esker_spread_u64(const uint64_t *values, size_t count, uint64_t base, uint64_t range, unsigned shift,
                      uint32_t before[257]);

/// The first of `stretches` neighbouring stretches that hold most values, and how many those are.
uint32_t esker_fullest(const uint32_t before[257], unsigned stretches, uint32_t *held);

/// The least and greatest distance from `base` among the values no farther than `limit` from it (modulo the size); gives
/// back how many those are, none when `least` is greater than `greatest`.
///
/// 2026-11-24, Zen 5: 0.22 ns a value of 64 bits with AVX2.
size_t esker_range_within_u8(const uint8_t *values, size_t count, uint8_t base, uint8_t limit, uint8_t *least,
                             uint8_t *greatest);
size_t esker_range_within_u16(const uint16_t *values, size_t count, uint16_t base, uint16_t limit, uint16_t *least,
                              uint16_t *greatest);
size_t esker_range_within_u32(const uint32_t *values, size_t count, uint32_t base, uint32_t limit, uint32_t *least,
                              uint32_t *greatest);
size_t esker_range_within_u64(const uint64_t *values, size_t count, uint64_t base, uint64_t limit, uint64_t *least,
                              uint64_t *greatest);
