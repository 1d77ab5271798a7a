/* SPDX-License-Identifier: MIT */
/*
 * What a type of a contract is, as const tables that msgc generates: its kind, its limits, its
 * members and where they are in the C struct. The codec writes, validates, compares, copies and
 * prints values by these tables alone; it also reads JSON by them, unless a type brings readers that
 * do the same faster (`msgc --optimize auto` and `speed`).
 *
 * Not an interface for programs: programs call the functions that MSGC_TYPE_FUNCTIONS in
 * <msgc/codec.h> makes for each type. The tables may change with every version of the generator.
 */
#ifndef MSGC_TYPE_H
#define MSGC_TYPE_H

#include <string.h>

#include <msgc/codec.h>

#ifdef __cplusplus
extern "C" {
#endif

struct msgc_object;
struct msgc_pattern;
struct msgc_reader;
struct msgc_scope;

enum msgc_type_kind {
	MSGC_KIND_BOOL,
	MSGC_KIND_INT8,
	MSGC_KIND_INT16,
	MSGC_KIND_INT32,
	MSGC_KIND_INT53,
	MSGC_KIND_INT64,
	MSGC_KIND_UINT8,
	MSGC_KIND_UINT16,
	MSGC_KIND_UINT32,
	MSGC_KIND_UINT64,
	MSGC_KIND_FLOAT32,
	MSGC_KIND_FLOAT64,
	MSGC_KIND_DECIMAL,
	MSGC_KIND_STR,
	MSGC_KIND_BYTES,
	MSGC_KIND_DATETIME,
	MSGC_KIND_DATE,
	MSGC_KIND_TIME,
	MSGC_KIND_DURATION,
	MSGC_KIND_UUID,
	MSGC_KIND_JSON,
	MSGC_KIND_NULL,     /* the value null; no C value */
	MSGC_KIND_CONSTANT, /* one value of an enum; no C value */
	MSGC_KIND_ENUM,
	MSGC_KIND_RECORD,
	MSGC_KIND_LIST,
	MSGC_KIND_MAP,
	MSGC_KIND_TUPLE,
	MSGC_KIND_UNION,
	MSGC_KIND_CHOICE,
	MSGC_N_KINDS,
};

/* How a scalar travels, where there are several ways. */
enum msgc_type_form {
	MSGC_FORM_NATURAL,
	MSGC_FORM_STRING, /* integers and decimals in quotes */
	MSGC_FORM_UNIX,   /* datetimes as seconds */
	MSGC_FORM_UNIX_MS,
};

/*
 * How a value is read when it comes as it usually does; what does not is read by the other tables.
 * Types with checks of the program's are never quick.
 */
enum msgc_type_quick {
	MSGC_QUICK_NONE,
	MSGC_QUICK_STR,    /* any string */
	MSGC_QUICK_LEN,    /* text: len_min and len_max, and nothing else */
	MSGC_QUICK_RUN,    /* text: one pattern, of a shape that is not fixed, and nothing else */
	MSGC_QUICK_PLACES, /* the same, and it is */
	MSGC_QUICK_BOOL,
	MSGC_QUICK_INT, /* any integer from number->least to number->most */
	MSGC_QUICK_FLOAT64,
	MSGC_QUICK_ENUM,   /* of words, and not open */
	MSGC_QUICK_RECORD, /* has members; record->must_come is set */
	MSGC_QUICK_LIST,
	/* Members only: */
	MSGC_QUICK_ODD,   /* may be absent or null, is held by pointer, is of a type with rules */
	MSGC_QUICK_WHOLE, /* a constant, whose value is part of what is expected */
	MSGC_QUICK_END,   /* the closing brace */
};

/* flags of a type */
#define MSGC_TYPE_FLAT      0x01u /* holds no pointers: assignment copies all of it */
#define MSGC_TYPE_ANY       0x02u /* every value that its C type can hold is valid */
#define MSGC_TYPE_RECURSIVE 0x04u /* can hold itself: its depth is counted */
#define MSGC_TYPE_CLOSED    0x08u /* records: refuse unknown members */
#define MSGC_TYPE_OPEN      0x10u /* enums: keep unknown values in a struct of two */
#define MSGC_TYPE_UNIQUE    0x20u /* lists: no two equal elements */

/*
 * A record or list and all that is in it, at p, by code of its own (<msgc/straight.h>): what is
 * behind it.
 */
typedef char *msgc_type_straight_fn(struct msgc_reader *r, char *p, void *value);
/* `check NAME`: NULL, or what is wrong. */
typedef const char *msgc_type_check_fn(const void *value);

struct msgc_type {
	uint8_t kind; /* enum msgc_type_kind */
	uint8_t form; /* enum msgc_type_form */
	uint8_t flags;
	uint8_t quick; /* enum msgc_type_quick */
	uint32_t size; /* of the C value */
	union {
		const struct msgc_type_number *number; /* numbers; NULL: no limits */
		const struct msgc_type_text *text;     /* strings, bytes; NULL: no limits */
		const struct msgc_type_enum *values;   /* enums, constants */
		const struct msgc_type_record *record; /* records, tuples */
		const struct msgc_type_items *items;   /* lists, maps */
		const struct msgc_type_union *arms;    /* unions, choices */
	};
	msgc_type_check_fn *const *checks; /* ends with NULL; NULL: none */
	/* One for each set of vector instructions, in the order of ISA_... of
	 * <msgc/kernel/base.h>; NULL: none. */
	msgc_type_straight_fn *const *straight;
};

/* ---- scalars ---- */

enum msgc_bound_kind { MSGC_MIN, MSGC_MAX, MSGC_ABOVE, MSGC_BELOW, MSGC_STEP };

/* One bound of a number. Signed integers compare i, unsigned ones u, floats f, decimals the text. */
struct msgc_bound {
	enum msgc_bound_kind kind;
	const char *text; /* as the contract has it: what a refusal shows */
	union {
		int64_t i;
		uint64_t u;
		double f;
	};
};

struct msgc_type_number {
	const struct msgc_bound *bounds; /* in the order of enum msgc_bound_kind */
	size_t n_bounds;
	int64_t least,
	        most; /* MSGC_QUICK_INT: what bounds and C type leave, as far as int64_t goes */
};

#define MSGC_TEXT_TRIM      0x01u
#define MSGC_TEXT_LOWER     0x02u
#define MSGC_TEXT_UPPER     0x04u
#define MSGC_TEXT_NOT_BLANK 0x08u
#define MSGC_TEXT_LEN       0x10u /* len_min and len_max are set */
#define MSGC_TEXT_BYTES     0x20u /* bytes_min and bytes_max are set */

struct msgc_type_text {
	unsigned flags;
	size_t len_min, len_max;                                 /* code points */
	size_t bytes_min, bytes_max;                             /* UTF-8, or decoded */
	bool (*format)(struct msgc_scope *s, struct msgc_str v); /* NULL: any */
	const struct msgc_pattern *const *patterns;              /* each must match */
	size_t n_patterns;
};

/* ---- names ----
 * From a name to its place in an array, by a perfect hash: of all names of the table only one can be
 * meant. msgc__name_hash() with the seed, and msgc__name_bucket() of that, say which of the moves
 * counts, msgc__name_slot() the place in `at`: there is index + 1, or 0. NULL: the array is short,
 * and looked through.
 */
struct msgc_type_slots {
	const uint16_t *at;
	uint32_t mask;
	const uint8_t *moves;
	uint32_t move_mask;
	uint32_t seed;
};

/* ---- enums and constants ---- */

/* What a JSON value is, as bits. */
#define MSGC_JSON_STRING  0x01u
#define MSGC_JSON_NUMBER  0x02u
#define MSGC_JSON_BOOLEAN 0x04u
#define MSGC_JSON_NULL    0x08u
#define MSGC_JSON_LIST    0x10u
#define MSGC_JSON_OBJECT  0x20u

enum msgc_literal_kind { MSGC_LITERAL_STR, MSGC_LITERAL_INT, MSGC_LITERAL_BOOL };

/* What travels. */
struct msgc_literal {
	enum msgc_literal_kind kind;
	const char *text; /* STR: as it is; else as JSON has it: "10", "true" */
	size_t len;
	int64_t number; /* INT; BOOL: 0 or 1 */
};

/* Initializers, where only C is spoken. */
#define MSGC_LITERAL_OF_STR(literal)                                                               \
	{                                                                                          \
		MSGC_LITERAL_STR, "" literal, sizeof(literal) - 1, 0                               \
	}
#define MSGC_LITERAL_OF_INT(value)                                                                 \
	{                                                                                          \
		MSGC_LITERAL_INT, #value, sizeof(#value) - 1, INT64_C(value)                       \
	}
#define MSGC_LITERAL_OF_BOOL(value)                                                                \
	{                                                                                          \
		MSGC_LITERAL_BOOL, #value, sizeof(#value) - 1, value                               \
	}

struct msgc_enum_value {
	struct msgc_literal literal;
	int32_t number;   /* the enumerator: its place, or an integer's literal.number */
	const char *name; /* for people; NULL: literal.text */
};

struct msgc_type_enum {
	const struct msgc_enum_value *values; /* in the order of the contract */
	size_t n_values;
	const char *expected;         /* "'owner', 'member' or 'guest'" */
	uint8_t json;                 /* MSGC_JSON_...: what values of it can be */
	struct msgc_type_slots slots; /* by what people call them: name, or literal.text */
	/* Open: the C value is a struct of the enumerator and, at unknown_at, what came: a msgc_str,
	 * or an int64_t where open_int. unknown: the enumerator that says so. */
	bool open_int;
	int32_t unknown;
	uint32_t unknown_at;
	/* The places of integers, by their numbers. NULL: they are few, or run on from the first. */
	const uint16_t *by_number;
	uint32_t n_by_number;
};

/* ---- records and tuples ---- */

/* shape of a member */
#define MSGC_SHAPE_OPTIONAL 0x01u /* may be absent: has_at; boxed: NULL */
#define MSGC_SHAPE_NULLABLE 0x02u /* may be null: null_at; boxed and never absent: NULL */
#define MSGC_SHAPE_BOXED    0x04u /* held by pointer */
#define MSGC_SHAPE_NO_VALUE 0x08u /* C holds nothing: null, a constant */

/* role of a member */
#define MSGC_ROLE_TAG     0x01u /* says which message this is: a constant, and not printed */
#define MSGC_ROLE_SPARE   0x02u /* `payload` of a message without one: null is welcome */
#define MSGC_ROLE_BESIDE  0x04u /* the tag of the union behind it, which has none inside */
#define MSGC_ROLE_ESCAPED 0x08u /* its name needs escapes in JSON */
#define MSGC_ROLE_REF     0x10u /* the ref of an array frame: a string or null; null is written */
#define MSGC_ROLE_REF_INT 0x20u /* the same where refs are integers */

/*
 * A member as it stands in most texts, behind another one: a comma, the name in quotes, a colon; all
 * of it compared at once. wanted: a bit for each byte that must be the same. What is too long for
 * that, or needs escapes, is put down as something that stands in no text.
 */
#define MSGC_EXPECT_MOST 31
struct msgc_expect {
	char text[MSGC_EXPECT_MOST + 1];
	uint32_t wanted;
	uint8_t len;
	uint8_t quick; /* enum msgc_type_quick: of the member's type, if it is just that */
};
#define MSGC_EXPECT(literal, how)                                                                  \
	{                                                                                          \
		"" literal, (UINT32_C(1) << (sizeof(literal) - 1)) - 1, sizeof(literal) - 1,       \
		        MSGC_QUICK_##how                                                           \
	}
#define MSGC_EXPECT_NOTHING                                                                        \
	{                                                                                          \
		"\1\1", 3, 2, MSGC_QUICK_ODD                                                       \
	}
/* Behind the last member of a record that is read like this. */
#define MSGC_NO_MEMBER                                                                             \
	{                                                                                          \
		.expect = MSGC_EXPECT("}", END)                                                    \
	}

struct msgc_member {
	struct msgc_expect expect;
	const char *wire; /* NULL: an element of a tuple */
	uint16_t wire_len;
	uint8_t shape;
	uint8_t role;
	uint32_t at;                  /* of the value in the struct, or of the pointer to it */
	const struct msgc_type *type; /* SPARE, BESIDE, REF: NULL, and MSGC_NO_VALUE */
	uint32_t has_at;              /* of its bool has_... */
	uint32_t null_at;             /* of its bool ..._is_null */
	const void *fill;             /* its default; NULL: none */
	const char *name;             /* for people; NULL: wire */
};

/* Defaults that are no value in memory: all zeros (an empty list), and null. */
extern const char msgc_fill_zero[], msgc_fill_null[];

/* {MSGC_MEMBER(ODD, "reply_to", &msgc_int53_type), MSGC_OPTIONAL(rooms_entry, reply_to)} */
#define MSGC_MEMBER(how, literal, of_type)                                                         \
	.expect = MSGC_EXPECT(",\"" literal "\":", how), .wire = "" literal,                       \
	.wire_len = sizeof(literal) - 1, .type = of_type
/* A constant with its value as JSON: MSGC_WHOLE_MEMBER("action", "\"chat\"", MSGC_CONSTANT(...)) */
#define MSGC_WHOLE_MEMBER(literal, json, of_type)                                                  \
	.expect = MSGC_EXPECT(",\"" literal "\":" json, WHOLE), .wire = "" literal,                \
	.wire_len = sizeof(literal) - 1, .type = of_type
/* One that nothing is expected of: a long name, or one that needs escapes. */
#define MSGC_LONG_MEMBER(literal, of_type)                                                         \
	.expect = MSGC_EXPECT_NOTHING, .wire = "" literal, .wire_len = sizeof(literal) - 1,        \
	.type = of_type
#define MSGC_ELEMENT(word, of_type) .name = word, .type = of_type
#define MSGC_AT(s, id)              (uint32_t) offsetof(struct s, id)
#define MSGC_REQUIRED(s, id)        .at = MSGC_AT(s, id)
#define MSGC_OPTIONAL(s, id)                                                                       \
	.shape = MSGC_SHAPE_OPTIONAL, .at = MSGC_AT(s, id), .has_at = MSGC_AT(s, has_##id)
#define MSGC_NULLABLE(s, id)                                                                       \
	.shape = MSGC_SHAPE_NULLABLE, .at = MSGC_AT(s, id), .null_at = MSGC_AT(s, id##_is_null)
#define MSGC_OPTIONAL_NULLABLE(s, id)                                                              \
	.shape = MSGC_SHAPE_OPTIONAL | MSGC_SHAPE_NULLABLE, .at = MSGC_AT(s, id),                  \
	.has_at = MSGC_AT(s, has_##id), .null_at = MSGC_AT(s, id##_is_null)
#define MSGC_BOXED(s, id) .shape = MSGC_SHAPE_BOXED, .at = MSGC_AT(s, id)
#define MSGC_BOXED_OPTIONAL(s, id)                                                                 \
	.shape = MSGC_SHAPE_BOXED | MSGC_SHAPE_OPTIONAL, .at = MSGC_AT(s, id)
#define MSGC_BOXED_NULLABLE(s, id)                                                                 \
	.shape = MSGC_SHAPE_BOXED | MSGC_SHAPE_NULLABLE, .at = MSGC_AT(s, id)
#define MSGC_BOXED_OPTIONAL_NULLABLE(s, id)                                                        \
	.shape = MSGC_SHAPE_BOXED | MSGC_SHAPE_OPTIONAL | MSGC_SHAPE_NULLABLE,                     \
	.at = MSGC_AT(s, id), .null_at = MSGC_AT(s, id##_is_null)
#define MSGC_NO_VALUE .shape = MSGC_SHAPE_NO_VALUE
#define MSGC_NO_VALUE_OPTIONAL(s, id)                                                              \
	.shape = MSGC_SHAPE_NO_VALUE | MSGC_SHAPE_OPTIONAL, .has_at = MSGC_AT(s, has_##id)
#define MSGC_NO_VALUE_NULLABLE(s, id)                                                              \
	.shape = MSGC_SHAPE_NO_VALUE | MSGC_SHAPE_NULLABLE, .null_at = MSGC_AT(s, id##_is_null)
#define MSGC_NO_VALUE_OPTIONAL_NULLABLE(s, id)                                                     \
	.shape = MSGC_SHAPE_NO_VALUE | MSGC_SHAPE_OPTIONAL | MSGC_SHAPE_NULLABLE,                  \
	.has_at = MSGC_AT(s, has_##id), .null_at = MSGC_AT(s, id##_is_null)

/* The type of a constant: MSGC_CONSTANT(MSGC_LITERAL_OF_STR("image"), MSGC_JSON_STRING, "'image'") */
#define MSGC_CONSTANT(of_literal, of_json, words)                                                  \
	(&(const struct msgc_type){.kind = MSGC_KIND_CONSTANT,                                     \
	        .flags = MSGC_TYPE_FLAT | MSGC_TYPE_ANY,                                           \
	        .values = &(const struct msgc_type_enum){                                          \
	                .values = &(const struct msgc_enum_value){.literal = of_literal},          \
	                .n_values = 1,                                                             \
	                .expected = words,                                                         \
	                .json = of_json}})

/* `require`: refused with this message where it does not hold. */
struct msgc_rule {
	bool (*holds)(const void *record);
	const char *message;
};

/* The envelope's members that may stand in a message beside its own: names and kinds. */
struct msgc_beside {
	const char *name;
	enum msgc_beside_kind {
		MSGC_BESIDE_STRING,
		MSGC_BESIDE_INTEGER,
		MSGC_BESIDE_BOOLEAN,
		MSGC_BESIDE_ANY,
	} kind;
};
/* What a contract gets that changes nothing; ends with a NULL name. */
extern const struct msgc_beside msgc_envelope_beside[];

struct msgc_type_record {
	const char *name;                  /* for people; NULL: in place */
	const struct msgc_member *members; /* with tags, in the order in which they are written */
	size_t n_members;
	uint64_t
	        must_come; /* MSGC_QUICK_RECORD: a bit for each of up to 64 that may not be absent */
	struct msgc_type_slots slots;     /* by wire */
	const struct msgc_beside *beside; /* messages; NULL: no message */
	const struct msgc_type *further; /* a map of all other members, at further_at; NULL: none */
	uint32_t further_at;
	const struct msgc_rule *rules;
	size_t n_rules;
};

/* ---- lists and maps ---- */

#define MSGC_NO_MAX SIZE_MAX

/* In C: const T *items, size_t count. */
struct msgc_type_items {
	const struct msgc_type *element;
	const struct msgc_type *key; /* maps: constraints of keys; NULL: any string */
	uint32_t item_size;
	uint32_t value_at; /* in an item; a map's key stands at 0 */
	bool is_wrapped; /* items have a bool is_null at null_at; of the type null: nothing else */
	uint32_t null_at;
	size_t min, max; /* of the count */
};

/* ---- unions and choices ---- */

/* In C, `kind` of the union is the arm's index + 1. */
struct msgc_arm {
	const char *name;
	struct msgc_literal tag;      /* unions; not in the else arm */
	const struct msgc_type *type; /* the else arm: json */
	uint8_t shape;                /* MSGC_SHAPE_BOXED, MSGC_SHAPE_NO_VALUE */
	uint8_t json;                 /* choices: which values are of this arm */
};

struct msgc_type_union {
	const char *discriminator; /* NULL: a choice */
	size_t discriminator_len;
	const struct msgc_arm *arms;
	size_t n_arms;
	const char *expected;         /* "'text', 'image'"; choices: "string or integer" */
	struct msgc_type_slots slots; /* by tag.text of strings */
	bool has_else;                /* the last arm takes all other tags */
	bool else_int;                /* and keeps the tag as an int64_t, else as a msgc_str */
	uint32_t tag_at;
	uint32_t value_at;         /* of all arms; kind, an enum, is at 0 */
	const uint16_t *by_number; /* as in struct msgc_type_enum: of integer tags */
	uint32_t n_by_number;
};

/* ---- scalars without limits ---- */

extern const struct msgc_type msgc_bool_type, msgc_int8_type, msgc_int16_type, msgc_int32_type,
        msgc_int53_type, msgc_int64_type, msgc_uint8_type, msgc_uint16_type, msgc_uint32_type,
        msgc_uint64_type, msgc_float32_type, msgc_float64_type, msgc_decimal_type, msgc_str_type,
        msgc_bytes_type, msgc_datetime_type, msgc_date_type, msgc_time_type, msgc_duration_type,
        msgc_uuid_type, msgc_json_type, msgc_null_type;
/* `as string`, `as unix`, `as unix_ms` */
extern const struct msgc_type msgc_int8_str_type, msgc_int16_str_type, msgc_int32_str_type,
        msgc_int53_str_type, msgc_int64_str_type, msgc_uint8_str_type, msgc_uint16_str_type,
        msgc_uint32_str_type, msgc_uint64_str_type, msgc_decimal_str_type, msgc_datetime_unix_type,
        msgc_datetime_unix_ms_type;

/* ---- for generated functions ---- */

/*
 * Behind the members of a record: those that did not come are problems or take their defaults.
 * seen: a bit for each entry of the record's members.
 */
void msgc_read_absent(struct msgc_reader *r, struct msgc_object *o, const struct msgc_type *record,
        const uint64_t *seen, void *value);

/* One value of a type, by its function or by its tables. */
void msgc_type_read(struct msgc_reader *r, const struct msgc_type *type, void *value);
void msgc_type_write(struct msgc_buf *out, const struct msgc_type *type, const void *value);

/* The entry that a name stands for; SIZE_MAX: none. */
size_t msgc_find_member(const struct msgc_type_record *record, struct msgc_str name);
size_t msgc_find_value(const struct msgc_type_enum *values, struct msgc_str name);

/* Arithmetic of `require`: *fits becomes false where the result leaves int64_t, and by zero. */
static inline int64_t msgc_int_of(uint64_t v, bool *fits)
{
	int64_t same = 0;

	*fits = *fits && v <= INT64_MAX;
	if (v <= INT64_MAX)
		memcpy(&same, &v, sizeof same); /* C++ would have a cast of its own */
	return same;
}
int64_t msgc_int_add(int64_t a, int64_t b, bool *fits);
int64_t msgc_int_subtract(int64_t a, int64_t b, bool *fits);
int64_t msgc_int_multiply(int64_t a, int64_t b, bool *fits);
int64_t msgc_int_divide(int64_t a, int64_t b, bool *fits);
int64_t msgc_int_remainder(int64_t a, int64_t b, bool *fits);
/* By code points: negative, 0, positive. */
int msgc_str_compare(struct msgc_str a, struct msgc_str b);

/* unique: are two elements of the list equal? Records the problem. scratch may be NULL. */
bool msgc_check_unique(struct msgc_scope *s, const struct msgc_type *list, const void *value,
        struct msgc_arena *scratch);

#ifdef __cplusplus
}
#endif

#endif
