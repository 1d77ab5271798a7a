/* SPDX-License-Identifier: MIT */
/*
 * rules.h - the hooks of rules.msg, for every program that holds its generated code.
 */
#ifndef TEST_GENERATED_RULES_H
#define TEST_GENERATED_RULES_H

#include "rules.msgc.h"

extern int rules_asked; /* how often `check whole` has been asked */

#endif
