#pragma once
// Kernels where Swift was measured slower than C. Each says how much beside its definition.
