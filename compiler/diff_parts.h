/* SPDX-License-Identifier: MIT */
/*
 * diff_parts.h - what the parts of diff share.
 *
 * Values *flow* from who writes them to who reads them: on the way to the server from the old
 * contract to the new one, on the way to the client from the new one to the old one. A flow breaks
 * where the reader refuses something that the writer may write.
 */
#ifndef MSGC_COMPILER_DIFF_PARTS_H
#define MSGC_COMPILER_DIFF_PARTS_H

#include <stdbool.h>

#include "arena.h"
#include "diff.h"
#include "vec.h"

enum diff_side {
	DIFF_TO_SERVER, /* old clients write, the new server reads */
	DIFF_TO_CLIENT, /* the new server writes, old clients read */
	DIFF_C,
};

#define DIFF_N_SIDES 3

enum diff_rule {
#define RULE(id, name, to_server, to_client, c) DIFF_##id,
#include "diff_rules.def"
#undef RULE
};

/* Where something stands: "message chat", then "payload", then "[]". */
struct diff_path {
	const struct diff_path *up; /* NULL: the outermost */
	const char *text;
};

struct diff_finding {
	enum diff_side side;
	enum diff_rule rule;
	size_t order;
	const char *subject;
	const char *text;
	struct place place;  /* in the new contract, or in the old one if it has nothing of it */
	struct place before; /* no source: it is new */
};

/* Pairs of types that have been looked at, each side for itself; and which types a side reaches. */
struct diff_pair {
	const void *a;
	const void *b;
	enum diff_side side;
};

struct diff {
	struct arena *arena;
	const struct model *before;
	const struct model *after;
	enum diff_side side; /* that is being looked at */
	struct vec findings;
	struct vec waiting; /* struct diff_waiting *: types in types are looked at one by one */
	struct diff_pair *pairs; /* a hash table: a == NULL where there is none */
	size_t n_pairs;
	size_t capacity;
};

/* One thing of both contracts; before or after is NULL where one has nothing of it. */
struct diff_places {
	const struct place *before;
	const struct place *after;
};

/* In the arena. */
const struct diff_path *diff_path_add(struct diff *d, const struct diff_path *up,
        const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Reports, for the side that is being looked at. */
void diff_found(struct diff *d, enum diff_rule rule, const struct diff_path *path,
        struct diff_places places, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* False: this pair has been looked at on this side. */
bool diff_first_time(struct diff *d, const void *a, const void *b);

/* The side reaches this type of the new contract. */
bool diff_was_reached(const struct diff *d, enum diff_side side, const void *type);

const char *diff_rule_name(enum diff_rule rule);

/* Of the old contract and the new one, whoever writes. */
struct diff_uses {
	const struct model_use *before;
	const struct model_use *after;
	struct diff_places places;
};

struct diff_types {
	const struct model_type *before;
	const struct model_type *after;
	struct diff_places places;
};

/* Who writes and who reads, on this side. */
const void *diff_writer(const struct diff *d, const void *before, const void *after);
const void *diff_reader(const struct diff *d, const void *before, const void *after);

/*
 * diff_flow.c: values of a use, or a type. What they hold waits for diff_flow_all(): types may
 * contain each other without end.
 */
void diff_flow(struct diff *d, const struct diff_path *path, struct diff_uses uses);
void diff_flow_type(struct diff *d, const struct diff_path *path, struct diff_types types);
void diff_flow_all(struct diff *d);

/* diff_members.c */
void diff_flow_record(struct diff *d, const struct diff_path *path, struct diff_types types);
void diff_flow_tuple(struct diff *d, const struct diff_path *path, struct diff_types types);

/* diff_scalar.c: types that are one value, and the counts of lists and maps. */
void diff_flow_scalar(struct diff *d, const struct diff_path *path, struct diff_types types);
void diff_flow_counts(struct diff *d, const struct diff_path *path, struct diff_types types);
/* "int64 as string" */
const char *diff_type_words(struct diff *d, const struct model_type *type);
/* The reader takes this literal. */
bool diff_takes_literal(const struct model_type *reader, const struct model_literal *literal);

/* diff_pattern.c: every text that a matches is matched by b. False, too, if that is too laborious. */
bool diff_pattern_within(const struct model_pattern *a, const struct model_pattern *b);

/* diff_same.c: structural equality. */
bool diff_same_value(const struct model_value *a, const struct model_value *b);
bool diff_same_expr(const struct model_expr *a, const struct model_expr *b);
bool diff_same_literal(const struct model_literal *a, const struct model_literal *b);
bool diff_same_text(const char *a, const char *b); /* either may be NULL */
bool diff_same_tags(const struct model_message *a, const struct model_message *b);
/* diff_permit.c: whom the old clause lets in, the new one lets in, too. */
bool diff_permit_within(const struct model_consumer *before, const struct model_consumer *after);

/* diff_traffic.c: consumers and topics. */
void diff_traffic(struct diff *d);
/* diff_messages.c: what they receive, send and ask. */
void diff_messages(struct diff *d, const struct diff_path *path,
        const struct model_consumer *before, const struct model_consumer *after);

/* ------------------------------------------------------------ what C sees of a contract
 *
 * Both contracts are turned into lists of what programs use by name; the lists are compared.
 */

enum diff_symbol_kind {
	DIFF_SYMBOL_TYPE,     /* struct, union, enum */
	DIFF_SYMBOL_MEMBER,   /* of a struct */
	DIFF_SYMBOL_VALUE,    /* of an enum */
	DIFF_SYMBOL_FUNCTION, /* that programs call */
	DIFF_SYMBOL_HANDLER,  /* that programs define, in a struct of handlers */
	DIFF_SYMBOL_CHECK,    /* that programs define */
	DIFF_SYMBOL_OWNER,    /* a consumer or group: nothing by itself */
};

struct diff_symbol {
	enum diff_symbol_kind kind;
	const char *key;   /* no two have the same */
	const char *owner; /* the key of what it is part of; NULL: of nothing */
	const char *name;  /* as it is shown: "struct rooms_entry", "rooms_entry.role" */
	const char *type;  /* of members; signatures of functions and handlers */
	bool is_optional;  /* members: has_x */
	bool is_nullable;  /* members: x_is_null */
	bool is_filled;    /* members: sent only where the program has set it */
	const struct model_type *record; /* members: of this type */
	struct place place;
};

/* diff_c.c: everything. */
void diff_c(struct diff *d);
/* A use as C sees it: "int64_t", "struct rooms_entry *". */
const char *diff_c_type(struct diff *d, const struct model_use *use);
/* The functions that a plain scalar asks for. */
void diff_c_use(struct diff *d, struct vec *symbols, const struct model_use *use);
void diff_c_add(struct diff *d, struct vec *symbols, struct diff_symbol symbol);
/* diff_c_calls.c: functions and handlers of a contract. */
void diff_c_calls(struct diff *d, const struct model_contract *contract, struct vec *symbols);

#endif
