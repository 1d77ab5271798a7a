/* SPDX-License-Identifier: MIT */
/*
 * thing.h - a record of most quick kinds, holding itself, by its type's table alone; for fuzzers
 * that hold such tables against something else.
 *
 *	type thing { s: string; x: float64; n: int64; b: bool; ss: string[]; xs: float64[];
 *	        ns: int64[]; any?: json; more?: thing[]; }
 */
#ifndef MSGC_TESTS_FUZZ_THING_H
#define MSGC_TESTS_FUZZ_THING_H

#include <stddef.h>

#include <msgc/type.h>

struct thing_list {
	const struct thing *items;
	size_t count;
};

struct thing {
	struct msgc_str s;
	double x;
	int64_t n;
	bool b;
	struct msgc_str_list ss;
	struct msgc_float64_list xs;
	struct msgc_int64_list ns;
	bool has_any, has_more;
	struct msgc_json any;
	struct thing_list more;
};

#define THING_LIST(name, of_element, c_type)                                                       \
	static const struct msgc_type name##_type = {.kind = MSGC_KIND_LIST,                       \
	        .quick = MSGC_QUICK_LIST,                                                          \
	        .size = sizeof(struct msgc_str_list),                                              \
	        .items = &(const struct msgc_type_items){                                          \
	                .element = of_element, .item_size = sizeof(c_type), .max = MSGC_NO_MAX}}
THING_LIST(strings, &msgc_str_type, struct msgc_str);
THING_LIST(floats, &msgc_float64_type, double);
THING_LIST(ints, &msgc_int64_type, int64_t);

static const struct msgc_type thing_type;
THING_LIST(things, &thing_type, struct thing);

static const struct msgc_member thing_members[] = {
        {MSGC_MEMBER(STR, "s", &msgc_str_type), MSGC_REQUIRED(thing, s)},
        {MSGC_MEMBER(FLOAT64, "x", &msgc_float64_type), MSGC_REQUIRED(thing, x)},
        {MSGC_MEMBER(INT, "n", &msgc_int64_type), MSGC_REQUIRED(thing, n)},
        {MSGC_MEMBER(BOOL, "b", &msgc_bool_type), MSGC_REQUIRED(thing, b)},
        {MSGC_MEMBER(LIST, "ss", &strings_type), MSGC_REQUIRED(thing, ss)},
        {MSGC_MEMBER(LIST, "xs", &floats_type), MSGC_REQUIRED(thing, xs)},
        {MSGC_MEMBER(LIST, "ns", &ints_type), MSGC_REQUIRED(thing, ns)},
        {MSGC_MEMBER(ODD, "any", &msgc_json_type), MSGC_OPTIONAL(thing, any)},
        {MSGC_MEMBER(ODD, "more", &things_type), MSGC_OPTIONAL(thing, more)},
        MSGC_NO_MEMBER,
};
static const struct msgc_type thing_type = {.kind = MSGC_KIND_RECORD,
        .quick = MSGC_QUICK_RECORD,
        .flags = MSGC_TYPE_RECURSIVE,
        .size = sizeof(struct thing),
        .record = &(const struct msgc_type_record){
                .members = thing_members, .n_members = 9, .must_come = 0x7F}};

#endif
