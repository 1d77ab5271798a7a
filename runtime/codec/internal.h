/* SPDX-License-Identifier: MIT */
/*
 * What the files of the codec share and nobody else includes: stopping a reader, scanning tokens,
 * numbers as their digits, scratch memory. Scanners take a range and say where they stopped; they
 * know nothing of readers or problems.
 */
#ifndef MSGC_CODEC_INTERNAL_H
#define MSGC_CODEC_INTERNAL_H

#include <msgc/kernel/base.h>

static inline bool msgc__is_alpha(char c)
{
	return (uint8_t)((c | 0x20) - 'a') < 26;
}

static inline bool msgc__is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* Behind the last byte. A string of no bytes may have no address. */
static inline const char *msgc__str_end(struct msgc_str s)
{
	return s.len ? s.ptr + s.len : s.ptr;
}

/* The value of a hexadecimal digit, or -1. */
int msgc__hex_value(char c);
/* The same as a table; what is none shows in four digits put together. */
#define MSGC__NO_HEX UINT32_C(0x10000)
extern const uint32_t msgc__hex[256];
/* What stands behind a backslash, but u: the byte that it means, or 0. */
extern const char msgc__escapes[256];

/* ---- arena: scratch that is taken back in the reverse order ---- */

struct msgc__arena_mark {
	struct msgc__arena_block *current;
	char *at, *end;
};

struct msgc__arena_mark msgc__arena_mark(const struct msgc_arena *arena);
void msgc__arena_rewind(struct msgc_arena *arena, struct msgc__arena_mark mark);
/* Makes the piece given out last longer where it stands; false: it cannot be. */
bool msgc__arena_extend(struct msgc_arena *arena, const void *piece, size_t size, size_t more);

/* ---- tokens: what is wrong with them, in serde's words, or NULL ---- */

/* A string whose characters have been checked: RFC 8259 section 7, UTF-8, no lone surrogates. */
struct msgc__string {
	const char *raw; /* what stands between the quotes */
	size_t len;
	bool escaped;
};

/*
 * `p` stands behind the opening quote; the closing one is at ret->raw + ret->len. Reads nothing
 * past `end` + slack, nor at it; in a text with slack a NUL stands at `end`.
 */
const char *msgc__scan_string(const char *p, const char *end, ptrdiff_t slack,
        struct msgc__string *ret, const char **ret_bad);
/* Resolves the escapes of a scanned string; returns the length. `to` needs s->len bytes. */
size_t msgc__unescape(const struct msgc__string *s, char *to);
/* What the scanned string says, its escapes undone, is `text`. */
bool msgc__string_is(const struct msgc__string *s, struct msgc_str text);
/* true, false, null at `p`: its length, or 0. */
size_t msgc__scan_literal(const char *p, const char *end);
/* White space, RFC 8259 section 2. */
static inline const char *msgc__scan_space(const char *p, const char *end, ptrdiff_t slack)
{
	if (p < end && (uint8_t)*p > ' ')
		return p;
	return msgc__kernels->space_end(p, end, slack);
}
/* How many bytes from the beginning are whole UTF-8 sequences. */
size_t msgc__utf8_prefix(const char *text, size_t len);
/* The length of the sequence at p, which has `left` bytes, at least 1; 0: it is none, or ASCII. */
size_t msgc__utf8_sequence(const uint8_t *p, size_t left);

/* ---- case (case.c, case_tables.c) ---- */

/* Code points first, first + step … last: what is added to each. */
struct msgc__case_run {
	uint32_t first, last, step;
	int32_t delta;
};
extern const struct msgc__case_run msgc__lower_runs[], msgc__upper_runs[];
extern const size_t msgc__lower_n, msgc__upper_n;

/* One value, in a loop: no recursion. With an arena, duplicate members are refused, too. */
struct msgc__skip {
	const char *p, *end; /* p: where it stopped */
	ptrdiff_t slack;     /* bytes behind end that may be read */
	uint32_t depth, max_depth;
	struct msgc_arena *arena;                   /* NULL: duplicates are not looked for */
	const char *wrong;                          /* MSGC_ECONTRACT: what, at p */
	uint64_t objects[MSGC_DEPTH_MOST / 64 + 1]; /* which of the open levels are objects */
	struct msgc__skip_level *level;
};

/*
 * 0, MSGC_ECONTRACT, MSGC_ELIMIT (too deep), MSGC_ENOMEM. Fill in p, end, depth, max_depth, arena.
 */
int msgc__skip_value(struct msgc__skip *s);

/* What makes this text no JSON value, duplicates apart; NULL if nothing does. Takes no memory. */
const char *msgc__json_wrong(const char *text, size_t len);

/* ---- names: duplicates ---- */

#define MSGC__NAMES_LINEAR 8

/* Adds a name that stays where it is. 1: it is there already; 0: added; MSGC_ENOMEM. */
int msgc__names_add(struct msgc_names *names, struct msgc_arena *arena, struct msgc_str name);

/* ---- numbers ---- */

#define MSGC__INT53_MOST INT64_C(9007199254740991)

/*
 * RFC 8259 section 6. Returns the end of the token, or NULL with *ret_bad where it broke. Reads
 * nothing at or past end.
 */
const char *msgc__scan_number(
        const char *p, const char *end, struct msgc__number *ret, const char **ret_bad);

/*
 * A number as sign, significant digits (none are 0 at either end) and the power of ten of the last
 * one.
 */
struct msgc__digits {
	bool negative;
	size_t count; /* 0: the number is zero */
	int64_t exponent;
	const char *first; /* a point may stand between the digits */
};

/* `text` must be a number token. */
void msgc__digits_of(const char *text, size_t len, struct msgc__digits *ret);
/* The magnitude if it is an integer below 2^64. 0, MSGC_EINVAL (a fraction), MSGC_ELIMIT. */
int msgc__digits_to_uint64(const struct msgc__digits *d, uint64_t *ret);
/* The integer, or a problem: int_from_float, or the bound that it is beyond. max >= 0. */
bool msgc__digits_to_int(
        struct msgc_scope *s, const struct msgc__digits *d, int64_t min, int64_t max, int64_t *ret);
bool msgc__digits_to_uint(
        struct msgc_scope *s, const struct msgc__digits *d, uint64_t max, uint64_t *ret);
int msgc__digits_compare(const struct msgc__digits *a, const struct msgc__digits *b);
/* step: unsigned, not zero, at most 19 significant digits. */
bool msgc__digits_multiple(const struct msgc__digits *number, const struct msgc__digits *step);
bool msgc__is_number(const char *text, size_t len);

bool msgc__number_to_float32(const struct msgc__number *n, float *ret);

/* Powers of ten 10^q, q = -342…324: the upper 128 bits. See pow10.py. */
#define MSGC__POW10_MIN (-342)
#define MSGC__POW10_MAX 324
extern const uint64_t msgc__pow10[MSGC__POW10_MAX - MSGC__POW10_MIN + 1][2];

/* Writes v in decimal; returns behind the last digit. Needs room for 20 bytes. */
char *msgc__format_uint64(char *to, uint64_t v);
/* The same for a finite number, as msgc_format_float64 has it. */
#define MSGC__FLOAT_ROOM 48
char *msgc__put_float64(char *to, double value);
/*
 * The same in two steps, for lists: a bit for each of up to 64 numbers, whatever they are, and then
 * each of them with its bit. What is known long before is guessed less.
 */
uint64_t msgc__few_decimals(const double *items, size_t n);
char *msgc__put_one_float64(char *to, double value, bool few);
char *msgc__put_float32(char *to, float value);

/* a * b, 128 bits. */
static inline uint64_t msgc__mul128(uint64_t a, uint64_t b, uint64_t *ret_high)
{
#if defined(__SIZEOF_INT128__)
	__extension__ typedef unsigned __int128 u128;
	u128 x = (u128)a * b;

	*ret_high = (uint64_t)(x >> 64);
	return (uint64_t)x;
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t low = a0 * b0, mid = a1 * b0 + (low >> 32), cross = a0 * b1 + (uint32_t)mid;

	*ret_high = a1 * b1 + (mid >> 32) + (cross >> 32);
	return cross << 32 | (uint32_t)low;
#endif
}

/* ---- times and other texts. NULL: fine; else what is wrong, in pydantic's words ---- */

const char *msgc__parse_date(struct msgc_str text, struct msgc_date *ret);
const char *msgc__parse_time(struct msgc_str text, struct msgc_time *ret);
const char *msgc__parse_datetime(struct msgc_str text, struct msgc_datetime *ret);
const char *msgc__parse_duration(struct msgc_str text, struct msgc_duration *ret);
/* Its grammar alone: numbers of any size. */
const char *msgc__scan_duration(struct msgc_str text);
const char *msgc__parse_uuid(struct msgc_str text, struct msgc_uuid *ret);
/* What stands for "the offset is missing", which has a problem type of its own. */
extern const char msgc__no_offset[];
/* What is wrong where a text is cut off. */
extern const char msgc__cut_value[], msgc__cut_string[];

/* Days since 1970-01-01 in the proleptic Gregorian calendar, and back. */
int64_t msgc__days_from_civil(int year, unsigned month, unsigned day);
void msgc__civil_from_days(int64_t days, int *ret_year, unsigned *ret_month, unsigned *ret_day);
unsigned msgc__days_in_month(int year, unsigned month);
bool msgc__datetime_valid(struct msgc_datetime v);
bool msgc__date_valid(struct msgc_date v);
bool msgc__time_valid(struct msgc_time v);

#define MSGC__DATETIME_SECONDS_MIN INT64_C(-62167219200) /* 0000-01-01T00:00:00Z */
#define MSGC__DATETIME_SECONDS_MAX INT64_C(253402300799) /* 9999-12-31T23:59:59Z */
/* From milliseconds since 1970; before that, too, the nanoseconds are not negative. */
static inline struct msgc_datetime msgc__datetime_of_ms(int64_t ms)
{
	int64_t rest = ms % 1000;

	if (rest < 0)
		rest += 1000;
	return (struct msgc_datetime){
	        .seconds = (ms - rest) / 1000, .nanoseconds = (int32_t)rest * 1000000};
}

/*
 * RFC 4648 section 4, padded, no bits left over. Returns the number of bytes, or (size_t)-1 with
 * *ret_bad an offset.
 */
size_t msgc__base64_decode(struct msgc_str text, uint8_t *to, size_t *ret_bad);

/* White space of ECMA-262 at p: its length in bytes, 0 if there is none. */
size_t msgc__space_at(const char *p, const char *end);

/*
 * Appends text as the inside of a JSON string, escaped; bytes that are not UTF-8 set MSGC_EINVAL.
 */
void msgc__write_escaped(struct msgc_buf *out, const char *text, size_t len);
/* Room for `more` bytes behind len; false, and nothing has happened: there is none. */
bool msgc__buf_try(struct msgc_buf *buf, size_t more);
/* What stands for a byte that must be escaped: eight bytes, of which `len` count. */
struct msgc__escape {
	char text[7];
	uint8_t len;
};
extern const struct msgc__escape msgc__escape_texts['\\' + 1];

/* A tuple has no more elements than this. */
bool msgc__check_tuple_count(struct msgc_scope *s, size_t count, size_t max);

/* A problem at the current place, all texts given. */
void msgc__scope_problem(struct msgc_scope *s, const char *type, const char *msg, const char *ctx);
/* ctx {"error": detail}; msg ends in the detail. */
void msgc__scope_parsing(
        struct msgc_scope *s, const char *type, const char *msg, const char *detail);

#endif
