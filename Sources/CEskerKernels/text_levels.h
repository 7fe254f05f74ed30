// Compiles a function once for the baseline and once for AVX2, chosen when the program is loaded.
#pragma once
#if defined(__x86_64__)
#define ESKER_LEVELS __attribute__((target_clones("default", "arch=x86-64-v3")))
#else
#define ESKER_LEVELS
#endif
