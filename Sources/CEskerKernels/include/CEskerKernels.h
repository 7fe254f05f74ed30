#pragma once
// Kernels where Swift was measured slower than C. Each says how much beside its declaration.
#include "bytes.h"
#include "crc32c.h"
#include "hash.h"
#include "csv_scan.h"
#include "fsst.h"
#include "json_scan.h"
#include "search.h"
#include "text_decimal.h"
#include "text_hex.h"
#include "text_join.h"
#include "text_split.h"
