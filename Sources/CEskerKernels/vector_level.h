// Which kernels this processor can run. Private to the kernels.
#pragma once

#if defined(__x86_64__)
#define HAS_V3_LEVEL 1
// AVX2, BMI2 and what comes with them, as the kernels between `BEGIN_V3` and `END_V3` need.
static inline int runs_v3(void) {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
}
#define BEGIN_V3 _Pragma("clang attribute push(__attribute__((target(\"arch=x86-64-v3\"))), apply_to = function)")
#define END_V3 _Pragma("clang attribute pop")
// Calls the best of two levels of a kernel.
#define BEST(name, ...) (runs_v3() ? name##_v3(__VA_ARGS__) : name##_plain(__VA_ARGS__))
#else
#define HAS_V3_LEVEL 0
#define BEST(name, ...) name##_plain(__VA_ARGS__)
#endif
