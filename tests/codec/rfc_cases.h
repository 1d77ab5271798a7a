/* SPDX-License-Identifier: MIT */
/*
 * The rules of RFC 8259, RFC 3629 and RFC 7493 as one list, each with texts that must be taken and
 * texts that must be refused. rfc_cases_8259.c and its neighbours hold the list, test_rfc.c runs all
 * of it everywhere a value can stand, rfc_list.c prints it as docs/design/json.md. No code is here.
 */
#ifndef RFC_CASES_H
#define RFC_CASES_H

#include <stdbool.h>
#include <stddef.h>

/* Where a text is put; see test_rfc.c for the places. */
enum rfc_where {
	RFC_VALUE,   /* a value: alone, in a member, an item, a member nobody knows */
	RFC_STRING,  /* the same, and as the name of a member */
	RFC_TEXT,    /* a whole text only */
	RFC_MESSAGE, /* a whole message with the one member "v" */
};

/* What the member "v" is. */
enum rfc_target {
	RFC_ANY,
	RFC_STR,
	RFC_FLOAT64,
	RFC_FLOAT32,
	RFC_INT64,
	RFC_INT53,
	RFC_INT64_STR,
	RFC_BOOL,
	RFC_STRS,
	RFC_FLOATS,
	RFC_INTS,
	RFC_MAP,
	RFC_CLOSED, /* RFC_FLOAT64 in a record that refuses members it does not know */
	RFC_DATETIME,
	RFC_BYTES,
	RFC_N_TARGETS,
};

struct rfc_case {
	const char *text;
	size_t len;
	bool is_taken;
	enum rfc_target target; /* with `means`, or refused for its value, not for its grammar */
	const char *means;      /* how the value is written again; NULL: not looked at */
	bool is_typed;
};

/* Any target's. */
#define YES(s)                                                                                     \
	{                                                                                          \
		.text = "" s, .len = sizeof(s) - 1, .is_taken = true                               \
	}
#define NO(s)                                                                                      \
	{                                                                                          \
		.text = "" s, .len = sizeof(s) - 1                                                 \
	}
/* One target's: the value, written again; JSON, but no value of it. */
#define IS(of, s, again)                                                                           \
	{                                                                                          \
		.text = "" s, .len = sizeof(s) - 1, .is_taken = true, .target = RFC_##of,          \
		.means = again, .is_typed = true                                                   \
	}
#define NOT(of, s)                                                                                 \
	{                                                                                          \
		.text = "" s, .len = sizeof(s) - 1, .target = RFC_##of, .is_typed = true           \
	}

struct rfc_rule {
	const char *section; /* "3" */
	const char *says;
	enum rfc_where where;
	const char *also;             /* further tests that hold it; NULL: none */
	const struct rfc_case *cases; /* ends with a NULL text */
};

#define RFC_CASES(...)                                                                             \
	(const struct rfc_case[])                                                                  \
	{                                                                                          \
		__VA_ARGS__,                                                                       \
		{                                                                                  \
			.text = NULL                                                               \
		}                                                                                  \
	}

struct rfc_document {
	const char *name;
	const struct rfc_rule *rules; /* ends with a NULL section */
};

extern const struct rfc_rule rfc_8259_rules[], rfc_3629_rules[], rfc_7493_rules[];

/* All of them; ends with a NULL name. */
extern const struct rfc_document rfc_documents[];

/* Prints docs/design/json.md; the program's exit status. */
int rfc_list(void);

#endif
