/* SPDX-License-Identifier: Apache-2.0 */
/* What the agent sets before it loads the programs; for the verifier it is constant. */
#pragma once

#include "types.h"

const volatile struct settings settings __attribute__((section(".rodata.settings")));
