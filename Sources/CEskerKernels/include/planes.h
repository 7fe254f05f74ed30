// Integers as planes of bytes: all lowest bytes, all second bytes, and so on.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Writes byte `plane` of every value.
void esker_take_plane_u8(const uint8_t *values, size_t count, unsigned plane, uint8_t *bytes);
void esker_take_plane_u16(const uint16_t *values, size_t count, unsigned plane, uint8_t *bytes);
void esker_take_plane_u32(const uint32_t *values, size_t count, unsigned plane, uint8_t *bytes);
void esker_take_plane_u64(const uint64_t *values, size_t count, unsigned plane, uint8_t *bytes);

/// Adds bytes to the values as their byte `plane`, modulo the size of a value.
void esker_add_plane_u8(const uint8_t *bytes, size_t count, unsigned plane, uint8_t *values);
void esker_add_plane_u16(const uint8_t *bytes, size_t count, unsigned plane, uint16_t *values);
void esker_add_plane_u32(const uint8_t *bytes, size_t count, unsigned plane, uint32_t *values);
void esker_add_plane_u64(const uint8_t *bytes, size_t count, unsigned plane, uint64_t *values);

/// Folds the sign of two's complement numbers into their lowest bit, so that small ones of either sign have small bytes:
/// 0, -1, 1, -2 become 0, 1, 2, 3; and back.
void esker_fold_signs_u8(uint8_t *values, size_t count);
void esker_fold_signs_u16(uint16_t *values, size_t count);
void esker_fold_signs_u32(uint32_t *values, size_t count);
void esker_fold_signs_u64(uint64_t *values, size_t count);
void esker_unfold_signs_u8(uint8_t *values, size_t count);
void esker_unfold_signs_u16(uint16_t *values, size_t count);
void esker_unfold_signs_u32(uint32_t *values, size_t count);
void esker_unfold_signs_u64(uint64_t *values, size_t count);
