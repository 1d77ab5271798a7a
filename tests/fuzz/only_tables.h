/* SPDX-License-Identifier: MIT */
/*
 * only_tables.h - a type as `msgc --optimize size` would have written it: the same tables, all the
 * way down, without readers; and read and written the general way, by which nothing is quick and
 * nothing is expected.
 */
#ifndef MSGC_TESTS_FUZZ_ONLY_TABLES_H
#define MSGC_TESTS_FUZZ_ONLY_TABLES_H

#include <msgc/type.h>

/* A copy that lives as long as the program. Each type is copied once. */
const struct msgc_type *only_tables(const struct msgc_type *type);

#endif
