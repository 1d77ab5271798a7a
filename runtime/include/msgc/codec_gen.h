/* SPDX-License-Identifier: MIT */
/*
 * JSON read and written piece by piece, and the checks, refusals and hashes that go with it: what the
 * codec is made of, and what generated code and the server call where no type's table does it for
 * them (parameters of a URL, patterns, envelopes). Not an interface for programs: it may change with
 * every version of the generator, which is why generated code states its ABI.
 *
 * Reading never stops at what is refused: a reader function records the problem, skips the value and
 * returns false; the next one goes on behind it. Only broken JSON, too much depth and lack of memory
 * stop a reader: then it stands on a NUL for good, every further call returns false at once, and
 * msgc_reader_close says why. So there are no error paths, and loops end by themselves:
 *
 *	static void read_entry(struct msgc_reader *r, struct entry *v)
 *	{
 *		struct msgc_object o;
 *		uint64_t seen = 0;
 *
 *		if (!msgc_read_object(r, &o))
 *			return;
 *		while (msgc_read_member(r, &o)) {
 *			if (msgc_key_is(o.at.key, "id")) {
 *				msgc_read_once(r, &o, &seen, 0);
 *				if (msgc_read_int53(r, &v->id) && v->id < 1)
 *					msgc_refuse_min(&r->scope, "1");
 *			} else {
 *				msgc_read_unknown(r, &o, false);
 *			}
 *		}
 *		if (!(seen & 1))
 *			msgc_read_missing(r, &o, "id");
 *		msgc_read_object_end(r, &o);
 *	}
 */
#ifndef MSGC_CODEC_GEN_H
#define MSGC_CODEC_GEN_H

#include <string.h>

#include <msgc/codec.h>
#include <msgc/type.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- where we are ----
 * A path is a chain of links on the C stack; nothing is built before a problem has to be told.
 */
struct msgc_loc {
	struct msgc_loc *up;
	struct msgc_str key; /* ptr NULL: the element `index` of a list */
	size_t index;
};

/*
 * A place in a value and somewhere to tell about it. Shared by readers and validators, so that both
 * make the same checks.
 */
struct msgc_scope {
	struct msgc_loc *at;            /* innermost link; NULL at the top */
	struct msgc_problems *problems; /* may be NULL */
	uint32_t refused;               /* how many problems there were */
	uint32_t depth;
};

/*
 * For validators: begins a record, list or map at the current place. False beyond MSGC_DEPTH_MOST
 * (told as a problem): then go no further in, and call no leave. Between the two, msgc_scope_member
 * or _index say which part is looked at.
 */
bool msgc_scope_enter(struct msgc_scope *s, struct msgc_loc *loc);
static inline void msgc_scope_leave(struct msgc_scope *s)
{
	s->at = s->at->up;
	s->depth--;
}
static inline void msgc__scope_key(struct msgc_scope *s, const char *name, size_t len)
{
	s->at->key.ptr = name;
	s->at->key.len = len;
}
#define msgc_scope_member(s, literal) msgc__scope_key(s, "" literal, sizeof(literal) - 1)
static inline void msgc_scope_entry(struct msgc_scope *s, struct msgc_str key)
{
	s->at->key = key;
}
static inline void msgc_scope_index(struct msgc_scope *s, size_t index)
{
	s->at->key.ptr = NULL;
	s->at->index = index;
}
/* A validator's beginning and its result: 0 or MSGC_ECONTRACT. */
void msgc_scope_open(struct msgc_scope *s, struct msgc_problems *problems);
static inline int msgc_scope_close(const struct msgc_scope *s)
{
	return s->refused ? MSGC_ECONTRACT : 0;
}

/* ---- refusals: one problem at the current place ----
 * Bounds come as the text that the contract wrote ("0.5"), since that is what is shown.
 */
void msgc_refuse_min(struct msgc_scope *s, const char *bound);   /* greater_than_equal */
void msgc_refuse_max(struct msgc_scope *s, const char *bound);   /* less_than_equal */
void msgc_refuse_above(struct msgc_scope *s, const char *bound); /* greater_than */
void msgc_refuse_below(struct msgc_scope *s, const char *bound); /* less_than */
void msgc_refuse_step(struct msgc_scope *s, const char *step);   /* multiple_of */
/* enum; expected as in "'a', 'b' or 'c'". */
void msgc_refuse_enum(struct msgc_scope *s, const char *expected);
/* literal_error; expected: "'a'" or "5". */
void msgc_refuse_literal(struct msgc_scope *s, const char *expected);
void msgc_refuse_pattern(struct msgc_scope *s, const char *pattern); /* string_pattern_mismatch */
void msgc_refuse_unique(struct msgc_scope *s);                       /* unique_list */
void msgc_refuse_missing(struct msgc_scope *s);                      /* missing */
void msgc_refuse_blank(struct msgc_scope *s);                        /* value_error */
/* value_error: `require`, `check`. */
void msgc_refuse_value(struct msgc_scope *s, const char *message);
void msgc_refuse_if(struct msgc_scope *s, const char *message); /* unless it is NULL */
/* union_tag_not_found. */
void msgc_refuse_no_tag(struct msgc_scope *s, const char *discriminator);
/* union_tag_invalid; expected as in "'a', 'b'". */
void msgc_refuse_tag(struct msgc_scope *s, const char *discriminator, const char *expected_tags);
/* union_type; expected as in "string or integer". */
void msgc_refuse_choice(struct msgc_scope *s, const char *expected);
/* Any other: type and msg fixed texts, ctx JSON or NULL. */
void msgc_refuse_other(struct msgc_scope *s, const char *type, const char *msg, const char *ctx);

/* ---- checks of values: false after a problem was recorded ---- */

bool msgc__check_len(struct msgc_scope *s, struct msgc_str v, size_t min, size_t max);
/* Code points. The bytes decide where they can. */
static inline bool msgc_check_len(struct msgc_scope *s, struct msgc_str v, size_t min, size_t max)
{
	if (v.len <= max && v.len / 4 >= min)
		return true;
	return msgc__check_len(s, v, min, max);
}
/* bytes_too_short, bytes_too_long. */
bool msgc_check_bytes(struct msgc_scope *s, size_t len, size_t min, size_t max);
/* A list's items: too_short, too_long. */
bool msgc_check_count(struct msgc_scope *s, size_t count, size_t min, size_t max);
bool msgc_check_map_count(struct msgc_scope *s, size_t count, size_t min, size_t max);
bool msgc_check_not_blank(struct msgc_scope *s, struct msgc_str v);
/* For validators: lower and upper would leave it as it is; value_error. */
bool msgc_check_lower(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_upper(struct msgc_scope *s, struct msgc_str v);

/*
 * Exact, on the decimal text of the number. step: the contract's text, above 0, at most 19 digits.
 */
bool msgc_check_step(struct msgc_scope *s, struct msgc_str number, const char *step);
bool msgc_check_step_int64(struct msgc_scope *s, int64_t v, const char *step);
bool msgc_check_step_uint64(struct msgc_scope *s, uint64_t v, const char *step);
/* Of the shortest text that reads back as v. */
bool msgc_check_step_float64(struct msgc_scope *s, double v, const char *step);
bool msgc_check_step_float32(struct msgc_scope *s, float v, const char *step);
/* Bounds of a decimal, exact; the bound as a JSON number. */
bool msgc_check_decimal_min(struct msgc_scope *s, struct msgc_decimal v, const char *bound);
bool msgc_check_decimal_max(struct msgc_scope *s, struct msgc_decimal v, const char *bound);
bool msgc_check_decimal_above(struct msgc_scope *s, struct msgc_decimal v, const char *bound);
bool msgc_check_decimal_below(struct msgc_scope *s, struct msgc_decimal v, const char *bound);

/*
 * For validators, of what the type itself demands and a C program may get wrong. int53: within
 * ±(2^53 - 1). Floats: finite. Strings: UTF-8. Decimals: the number's grammar. json: one valid
 * text. Times: ranges, calendar.
 */
bool msgc_check_int53(struct msgc_scope *s, int64_t v);
bool msgc_check_float64(struct msgc_scope *s, double v);
bool msgc_check_float32(struct msgc_scope *s, float v);
bool msgc_check_str(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_decimal(struct msgc_scope *s, struct msgc_decimal v);
bool msgc_check_json(struct msgc_scope *s, struct msgc_json v);
bool msgc_check_datetime(struct msgc_scope *s, struct msgc_datetime v);
bool msgc_check_date(struct msgc_scope *s, struct msgc_date v);
bool msgc_check_time(struct msgc_scope *s, struct msgc_time v);
bool msgc_check_duration(struct msgc_scope *s, struct msgc_duration v);

/*
 * Formats. email: RFC 5321 4.1.2 Mailbox. uri, uri-reference: RFC 3986. hostname: RFC 1123 2.1
 * (letters, digits and hyphens; labels to 63, all to 253; no dot at the end). ipv4: RFC 2673 3.2
 * dotted-quad. ipv6: RFC 4291 2.2, no zone. uuid: RFC 9562 4. date-time, date, time: RFC 3339 5.6.
 * duration: RFC 3339 A, numbers of any size; as in ISO 8601 a unit may be left out between others.
 * json-pointer: RFC 6901 3. slug: letters, digits, hyphens and underscores, at least one.
 */
bool msgc_check_email(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_uri(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_uri_reference(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_hostname(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_ipv4(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_ipv6(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_uuid_text(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_datetime_text(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_date_text(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_time_text(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_duration_text(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_json_pointer(struct msgc_scope *s, struct msgc_str v);
bool msgc_check_slug(struct msgc_scope *s, struct msgc_str v);

/*
 * What many patterns come to: least to most bytes. Fixed: the byte at i, i < most, is from[i] to
 * from[i] + span[i]; from[most] is the quote behind a string, and behind that anything goes. Else
 * all are of one class of ASCII: c is in it where from[c & 15] & span[c >> 4].
 *
 * A class that is four ranges says so, too, for those that cannot look bytes up in a table: c is in
 * it where it is in one of them, or c | fold is in the first. Range i goes to from[16 + 4 * i], and
 * down from there by span[16 + 4 * i]; each of these stands there four times.
 */
struct msgc_shape {
	uint32_t least, most;
	bool is_fixed;
	bool has_ranges;
	uint8_t fold;
	uint8_t from[32], span[32];
};

/*
 * A pattern of the contract: the automaton that searches for it, made by the compiler. State 0: no
 * match, whatever follows; 1: a match, whatever follows; from first_final on: a match if the text
 * ends here. A code point's class is ascii[it], or in the low 8 bits of the last of `ranges` whose
 * other bits are not above it.
 */
struct msgc_pattern {
	const char *text; /* as the contract has it, for people */
	/* Not NULL: the pattern says no more than this, and there is no automaton. */
	const struct msgc_shape *shape;
	const uint32_t *ranges;
	const uint8_t
	        *narrow; /* [state * n_classes + class]: the next state; one of the two is NULL */
	const uint16_t *wide;
	uint32_t n_ranges; /* at least 1, from U+0080 on */
	uint16_t n_classes, start, first_final;
	uint8_t ascii[128];
};
/* True if it matches somewhere in the text, which is UTF-8 (anything else has some result). */
bool msgc_pattern_matches(const struct msgc_pattern *pattern, struct msgc_str text);
bool msgc_check_pattern(
        struct msgc_scope *s, struct msgc_str v, const struct msgc_pattern *pattern);

/*
 * Hashes keyed with random bytes drawn once a process: SipHash-1-3. `so_far` chains the parts of a
 * record; begin with 0.
 */
uint64_t msgc_hash_bytes(uint64_t so_far, const void *bytes, size_t len);
uint64_t msgc_hash_uint64(uint64_t so_far, uint64_t v);
uint64_t msgc_hash_float64(uint64_t so_far, double v);
uint64_t msgc_hash_decimal(uint64_t so_far, struct msgc_decimal v); /* equal decimals hash alike */

/* ---- text to value: URL parameters, and the `as string` forms ----
 * The whole of `text`; strict; false after a problem was recorded. Integers: JSON's grammar without
 * fraction or exponent.
 */
bool msgc_text_bool(struct msgc_scope *s, struct msgc_str text, bool *ret); /* true, false */
bool msgc_text_int(
        struct msgc_scope *s, struct msgc_str text, int64_t min, int64_t max, int64_t *ret);
bool msgc_text_uint(struct msgc_scope *s, struct msgc_str text, uint64_t max, uint64_t *ret);
bool msgc_text_float64(struct msgc_scope *s, struct msgc_str text, double *ret);
bool msgc_text_float32(struct msgc_scope *s, struct msgc_str text, float *ret);
bool msgc_text_decimal(struct msgc_scope *s, struct msgc_str text, struct msgc_decimal *ret);
bool msgc_text_datetime(struct msgc_scope *s, struct msgc_str text, struct msgc_datetime *ret);
/* Whole seconds, whole milliseconds. */
bool msgc_text_datetime_unix(struct msgc_scope *s, struct msgc_str text, struct msgc_datetime *ret);
bool msgc_text_datetime_unix_ms(
        struct msgc_scope *s, struct msgc_str text, struct msgc_datetime *ret);
bool msgc_text_date(struct msgc_scope *s, struct msgc_str text, struct msgc_date *ret);
bool msgc_text_time(struct msgc_scope *s, struct msgc_str text, struct msgc_time *ret);
bool msgc_text_duration(struct msgc_scope *s, struct msgc_str text, struct msgc_duration *ret);
bool msgc_text_uuid(struct msgc_scope *s, struct msgc_str text, struct msgc_uuid *ret);
/*
 * Decodes into `to`, which may be where text stands; ret borrows it. Room: text.len / 4 * 3 + 1; a
 * NUL is put behind.
 */
bool msgc_text_bytes(
        struct msgc_scope *s, struct msgc_str text, uint8_t *to, struct msgc_bytes *ret);

/* ---- kernels ----
 * What the codec does most, compiled for several sets of vector instructions. Which of them the
 * processor has is found out when the library is loaded. The same results whatever was chosen.
 */
struct msgc_reader;
struct msgc_object;
struct msgc_list;
struct msgc__aside;
struct msgc__kernels {
	const char *name; /* "avx2" */
	bool (*read_str)(struct msgc_reader *r, struct msgc_str *ret);
	/* The same for a string that is right; else false, and nothing has happened. */
	bool (*take_str)(struct msgc_reader *r, struct msgc_str *ret);
	/* A short string of this shape; else false, and nothing has happened. */
	bool (*take_shape)(
	        struct msgc_reader *r, const struct msgc_shape *shape, struct msgc_str *ret);
	bool (*take_float64)(struct msgc_reader *r, double *ret);
	bool (*read_member)(struct msgc_reader *r, struct msgc_object *o);
	bool (*read_item)(struct msgc_reader *r, struct msgc_list *l);
	/* msgc_type_decode_in_place */
	int (*decode)(const struct msgc_type *type, char *text, size_t len,
	        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
	        struct msgc_problems *problems);
	/* A record or a list and all that is in it, by their types' tables. */
	void (*read_record)(struct msgc_reader *r, const struct msgc_type *type, void *value);
	void (*read_list)(struct msgc_reader *r, const struct msgc_type *type, void *value);
	/* What generated readers leave to the kernels (<msgc/straight.h>). */
	const struct msgc__aside *aside;
	/*
	 * Behind a value that is small and right, with MSGC_PADDING bytes behind end; NULL: it may
	 * be neither.
	 */
	const char *(*skip)(const char *p, const char *end, unsigned levels);
	/* From behind the opening quote to the closing one; NULL: the string is wrong. */
	const char *(*string_end)(
	        const char *p, const char *end, ptrdiff_t slack, bool *ret_escaped);
	bool (*utf8_valid)(const char *text, size_t len);
	const char *(*space_end)(const char *p, const char *end, ptrdiff_t slack);
	void (*write_str)(struct msgc_buf *out, struct msgc_str v);
	/* msgc_type_encode */
	int (*encode)(const struct msgc_type *type, const void *value, struct msgc_buf *out);
	/* msgc_type_write */
	void (*write)(struct msgc_buf *out, const struct msgc_type *type, const void *value);
};
extern const struct msgc__kernels *msgc__kernels;
/* What the kernels leave to others: anything that is not as it usually is. */
bool msgc__read_str(struct msgc_reader *r, struct msgc_str *ret);
bool msgc__read_member(struct msgc_reader *r, struct msgc_object *o);
bool msgc__read_item(struct msgc_reader *r, struct msgc_list *l);
void msgc__write_str(struct msgc_buf *out, struct msgc_str v);

/* ---- reader ---- */

/* A union's tag, which was read ahead: the arm's object steps over it. */
struct msgc_stepped {
	struct msgc_str name;
	const struct msgc_stepped *up; /* of a union around the union; NULL: none */
};

struct msgc_reader {
	char *at;
	char *text;
	char *end;       /* *end is NUL, and MSGC_PADDING - 1 readable bytes follow */
	ptrdiff_t slack; /* MSGC_PADDING; 0: where a text is only looked at */
	struct msgc_arena *arena;
	struct msgc_scope scope;
	struct msgc_str number; /* the text of the number read last */
	uint32_t depth, max_depth;
	uint32_t indent; /* bytes of white space between two members the last time */
	enum msgc_unknown unknown;
	bool keep_text;                     /* msgc_decode_options */
	const struct msgc_stepped *stepped; /* for the object that is read next */
	int error;                          /* why the reader has stopped; 0: it has not */
};

/*
 * A writable text with MSGC_PADDING bytes behind, or a const one, which is copied into the arena.
 * `problems` is cleared. False: r->error is set, msgc_reader_close gives the result.
 */
bool msgc_reader_open(struct msgc_reader *r, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems);
bool msgc_reader_open_copy(struct msgc_reader *r, const char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems);
/* Demands the end of the text. 0, MSGC_ECONTRACT, MSGC_ELIMIT or MSGC_ENOMEM. */
int msgc_reader_close(struct msgc_reader *r);
/* Stops the reader for lack of memory. */
void msgc_reader_no_memory(struct msgc_reader *r);

/*
 * Names that were seen in one object, for members without a bit of their own. Grows in the arena.
 */
struct msgc_names {
	struct msgc__name *items;
	uint32_t *table;
	uint32_t count, cap, mask;
};

/*
 * An open object. at.key is the member's name, unescaped: a slice of the text, or in the arena;
 * NUL-terminated only by msgc_read_entry.
 */
struct msgc_object {
	struct msgc_loc at;
	char *key_at; /* the opening quote of the key, for messages */
	size_t count; /* members begun so far */
	struct msgc_names names;
	size_t min, max;                    /* maps */
	const struct msgc_stepped *stepped; /* members that are no members; NULL: none */
	size_t n_stepped;                   /* maps: how many came */
};

/*
 * Enters an object; anything else is a model_type problem. After true, msgc_read_object_end must
 * follow.
 */
bool msgc_read_object(struct msgc_reader *r, struct msgc_object *o);
/*
 * The next member: its name in o->at.key, the reader on its value, which must be read or skipped.
 * False at the end.
 */
static inline bool msgc_read_member(struct msgc_reader *r, struct msgc_object *o)
{
	if (*r->at == '}') {
		r->at++;
		return false;
	}
	return msgc__kernels->read_member(r, o);
}
/* Marks a known member; a duplicate stops the reader (RFC 7493). seen: one word for 64 members. */
void msgc__read_duplicate(struct msgc_reader *r, struct msgc_object *o);
static inline void msgc_read_once(
        struct msgc_reader *r, struct msgc_object *o, uint64_t *seen, unsigned bit)
{
	if (seen[bit / 64] & (UINT64_C(1) << bit % 64))
		msgc__read_duplicate(r, o);
	seen[bit / 64] |= UINT64_C(1) << bit % 64;
}
/*
 * A member that the contract does not name: checked and skipped; extra_forbidden if closed (options
 * decide first).
 */
void msgc_read_unknown(struct msgc_reader *r, struct msgc_object *o, bool closed);
/*
 * The same in a message, where the envelope's members may stand beside its own: they are checked
 * for their type and dropped, closed or not.
 */
void msgc_read_beside(struct msgc_reader *r, struct msgc_object *o,
        const struct msgc_beside *beside, bool closed);
/* A required member that did not come, unless the reader has stopped. */
void msgc_read_missing(struct msgc_reader *r, struct msgc_object *o, const char *name);
/* Leaves the object; problems told from here on are the object's own. */
void msgc_read_object_end(struct msgc_reader *r, struct msgc_object *o);

/* Where the element of that position begins in an array that an encoder has written, without white space. */
size_t msgc__json_element(struct msgc_str array, unsigned position);

/* Compares a member's name with one of the contract's. */
#define msgc_key_is(key, literal)                                                                  \
	((key).len == sizeof(literal) - 1 &&                                                       \
	        memcmp((key).ptr, "" literal, sizeof(literal) - 1) == 0)

/*
 * A map: as an object, but every name must differ and its number is bounded; anything else is a
 * dict_type problem. msgc_read_entry gives keys with a NUL behind. Entries beyond max are skipped
 * and counted for too_long.
 */
bool msgc_read_map(struct msgc_reader *r, struct msgc_object *o, size_t min, size_t max);
bool msgc_read_entry(struct msgc_reader *r, struct msgc_object *o);
void msgc_read_map_end(struct msgc_reader *r, struct msgc_object *o);
/* Around the checks of a map's key: problems are told at [..., key, "[key]"]. */
void msgc_scope_key_begin(struct msgc_scope *s, struct msgc_loc *loc);
void msgc_scope_key_end(struct msgc_scope *s);

/*
 * An open list; anything else is a list_type problem. Items beyond max are skipped and counted for
 * too_long.
 */
struct msgc_list {
	struct msgc_loc at;
	size_t count; /* items begun so far */
	size_t min, max;
};
bool msgc_read_list(struct msgc_reader *r, struct msgc_list *l, size_t min, size_t max);
static inline bool msgc_read_item(struct msgc_reader *r, struct msgc_list *l)
{
	return msgc__kernels->read_item(r, l);
}
void msgc_read_list_end(struct msgc_reader *r, struct msgc_list *l);

/* An array that grows in the arena. Zeroed to begin with. */
struct msgc_items {
	union {
		void *items;
		char *bytes;
	};
	size_t count, cap;
};
/*
 * Room for one more, cleared, valid until the next push; NULL: no memory, and the reader has
 * stopped.
 */
void *msgc__items_push(struct msgc_reader *r, struct msgc_items *items, size_t size);
static inline void *msgc_items_push(struct msgc_reader *r, struct msgc_items *items, size_t size)
{
	if (items->count == items->cap)
		return msgc__items_push(r, items, size);
	return memset(items->bytes + items->count++ * size, 0, size);
}

/* null: read if it is there, else nothing happens and no problem is recorded. */
bool msgc_read_null(struct msgc_reader *r);
/* The type null: a none_required problem if it is something else. */
bool msgc_read_none(struct msgc_reader *r);
/* Any value, checked (grammar, UTF-8, duplicates, depth) and dropped. The text is left as it is. */
void msgc_read_skip(struct msgc_reader *r);
/* A value that the contract refuses here, whatever it is: skip it with a problem of this type. */
void msgc_read_refuse(struct msgc_reader *r, const char *type, const char *msg);
/*
 * An envelope member: a string (or, ref retyped, an integer) of no interest here, type-checked and
 * dropped.
 */
void msgc_read_envelope_str(struct msgc_reader *r);
void msgc_read_envelope_int(struct msgc_reader *r);

/*
 * Scalars. True: *ret is written. False: a problem was recorded (bool_type, int_type,
 * int_from_float, float_type …) or the reader has stopped; *ret is as before. Out of an integer
 * type's range: less_than_equal or greater_than_equal with the type's bound. Integers may be
 * written 1.0 or 1e2; -0 is 0.
 */
bool msgc_read_bool(struct msgc_reader *r, bool *ret);
bool msgc_read_int8(struct msgc_reader *r, int8_t *ret);
bool msgc_read_int16(struct msgc_reader *r, int16_t *ret);
bool msgc_read_int32(struct msgc_reader *r, int32_t *ret);
bool msgc_read_int53(struct msgc_reader *r, int64_t *ret);
bool msgc_read_int64(struct msgc_reader *r, int64_t *ret);
bool msgc_read_uint8(struct msgc_reader *r, uint8_t *ret);
bool msgc_read_uint16(struct msgc_reader *r, uint16_t *ret);
bool msgc_read_uint32(struct msgc_reader *r, uint32_t *ret);
bool msgc_read_uint64(struct msgc_reader *r, uint64_t *ret);
bool msgc_read_float32(struct msgc_reader *r, float *ret); /* finite_number beyond the range */
bool msgc_read_float64(struct msgc_reader *r, double *ret);
/* A slice of the text; no NUL behind. */
bool msgc_read_decimal(struct msgc_reader *r, struct msgc_decimal *ret);
static inline bool msgc_read_str(struct msgc_reader *r, struct msgc_str *ret)
{
	return msgc__kernels->read_str(r, ret);
}
/*
 * trim: takes white space (ECMA-262) away at both ends of a string just read and ends it with NUL
 * again.
 */
void msgc_read_trim(struct msgc_reader *r, struct msgc_str *v);
/*
 * lower, upper: each character of a string just read by its simple case mapping (Unicode 14, the same
 * everywhere: no language has rules of its own); their number stays the same, that of bytes may not.
 * In its place, or in the arena where it takes more bytes; NUL behind. Without memory the reader has
 * stopped and *v is as before.
 */
void msgc_read_lower(struct msgc_reader *r, struct msgc_str *v);
void msgc_read_upper(struct msgc_reader *r, struct msgc_str *v);
bool msgc_read_bytes(struct msgc_reader *r, struct msgc_bytes *ret);
/* A slice of the text, unchanged; no NUL behind. */
bool msgc_read_json(struct msgc_reader *r, struct msgc_json *ret);
bool msgc_read_datetime(struct msgc_reader *r, struct msgc_datetime *ret);
/* Whole seconds, whole milliseconds since 1970. */
bool msgc_read_datetime_unix(struct msgc_reader *r, struct msgc_datetime *ret);
bool msgc_read_datetime_unix_ms(struct msgc_reader *r, struct msgc_datetime *ret);
bool msgc_read_date(struct msgc_reader *r, struct msgc_date *ret);
bool msgc_read_time(struct msgc_reader *r, struct msgc_time *ret);
bool msgc_read_duration(struct msgc_reader *r, struct msgc_duration *ret);
bool msgc_read_uuid(struct msgc_reader *r, struct msgc_uuid *ret);

/* `as string`: "12" in quotes; string_type, int_parsing, decimal_parsing. */
bool msgc_read_int8_str(struct msgc_reader *r, int8_t *ret);
bool msgc_read_int16_str(struct msgc_reader *r, int16_t *ret);
bool msgc_read_int32_str(struct msgc_reader *r, int32_t *ret);
bool msgc_read_int53_str(struct msgc_reader *r, int64_t *ret);
bool msgc_read_int64_str(struct msgc_reader *r, int64_t *ret);
bool msgc_read_uint8_str(struct msgc_reader *r, uint8_t *ret);
bool msgc_read_uint16_str(struct msgc_reader *r, uint16_t *ret);
bool msgc_read_uint32_str(struct msgc_reader *r, uint32_t *ret);
bool msgc_read_uint64_str(struct msgc_reader *r, uint64_t *ret);
bool msgc_read_decimal_str(struct msgc_reader *r, struct msgc_decimal *ret);

/*
 * The wire value of an enum: wrong types are `enum` problems with the same words as a wrong value.
 */
bool msgc_read_enum_str(struct msgc_reader *r, const char *expected, struct msgc_str *ret);
bool msgc_read_enum_int(struct msgc_reader *r, const char *expected, int64_t *ret);
/* Exactly this value; literal_error otherwise. */
bool msgc__read_literal_str(struct msgc_reader *r, struct msgc_str value, const char *expected);
static inline bool msgc_read_literal_str(
        struct msgc_reader *r, struct msgc_str value, const char *expected)
{
	if (value.len < MSGC_PADDING - 2 && r->at[0] == '"' &&
	        memcmp(r->at + 1, value.ptr, value.len) == 0 && r->at[value.len + 1] == '"') {
		r->at += value.len + 2;
		return true;
	}
	return msgc__read_literal_str(r, value, expected);
}
bool msgc_read_literal_int(struct msgc_reader *r, int64_t value, const char *expected);
bool msgc_read_literal_bool(struct msgc_reader *r, bool value, const char *expected);

/* ---- writer ----
 * Appends to a buffer; errors stick there. An encode function is
 *
 *	size_t start = msgc_write_begin(out);
 *	…
 *	return msgc_write_end(out, start);
 *
 * and takes back what it has written if any part failed, so that what stood in the buffer before
 * stays usable.
 *
 * Members: constant fragments with their punctuation, msgc_write_lit(out, ",\"sender\":"). Where
 * the first member is optional, write a comma behind each member or item and let
 * msgc_write_object_end or _list_end turn the last one into the closing bracket.
 */
size_t msgc_write_begin(struct msgc_buf *out);
int msgc_write_end(struct msgc_buf *out, size_t start);

static inline void msgc__write_raw(struct msgc_buf *out, const char *text, size_t len)
{
	if (out->cap - out->len >= len && !out->error) {
		memcpy(out->data + out->len, text, len);
		out->len += len;
	} else {
		msgc_buf_append(out, text, len);
	}
}
#define msgc_write_lit(out, literal) msgc__write_raw(out, "" literal, sizeof(literal) - 1)

/* The closing bracket in place of a comma at the end, or behind what is there. */
void msgc_write_object_end(struct msgc_buf *out);
void msgc_write_list_end(struct msgc_buf *out);

/*
 * Around records that can hold themselves. False beyond MSGC_DEPTH_MOST: error is MSGC_EINVAL,
 * write no further, no leave.
 */
bool msgc_write_enter(struct msgc_buf *out);
static inline void msgc_write_leave(struct msgc_buf *out)
{
	out->depth--;
}

void msgc_write_bool(struct msgc_buf *out, bool v);
void msgc_write_int64(struct msgc_buf *out, int64_t v);
void msgc_write_uint64(struct msgc_buf *out, uint64_t v);
/* A whole list. */
void msgc_write_float64s(struct msgc_buf *out, const double *items, size_t count);
void msgc_write_int64_str(struct msgc_buf *out, int64_t v); /* in quotes */
void msgc_write_uint64_str(struct msgc_buf *out, uint64_t v);
void msgc_write_float64(struct msgc_buf *out, double v); /* MSGC_EINVAL unless finite */
void msgc_write_float32(struct msgc_buf *out, float v);
/* MSGC_EINVAL unless a JSON number. */
void msgc_write_decimal(struct msgc_buf *out, struct msgc_decimal v);
void msgc_write_decimal_str(struct msgc_buf *out, struct msgc_decimal v);
/* With quotes; MSGC_EINVAL unless UTF-8. */
static inline void msgc_write_str(struct msgc_buf *out, struct msgc_str v)
{
	msgc__kernels->write_str(out, v);
}
void msgc_write_bytes(struct msgc_buf *out, struct msgc_bytes v); /* base64 in quotes */
/* MSGC_EINVAL unless valid JSON (duplicates are not looked for). */
void msgc_write_json(struct msgc_buf *out, struct msgc_json v);
/* 0, 3, 6 or 9 digits of fraction; Z for the offset 0. */
void msgc_write_datetime(struct msgc_buf *out, struct msgc_datetime v);
void msgc_write_datetime_unix(struct msgc_buf *out, struct msgc_datetime v);
void msgc_write_datetime_unix_ms(struct msgc_buf *out, struct msgc_datetime v);
void msgc_write_date(struct msgc_buf *out, struct msgc_date v);
void msgc_write_time(struct msgc_buf *out, struct msgc_time v);
void msgc_write_duration(struct msgc_buf *out, struct msgc_duration v);
void msgc_write_uuid(struct msgc_buf *out, struct msgc_uuid v); /* lower case */

/* For `…_print`: a line break and two blanks a level. Values are printed by the writers above. */
void msgc_print_line(struct msgc_buf *out, unsigned level);
void msgc_print_name(struct msgc_buf *out, unsigned level, const char *name); /* and "name: " */

/* ---- clone ----
 * Deep copies into an arena, strings with a NUL behind: 0 or MSGC_ENOMEM.
 */
int msgc_clone_str(struct msgc_arena *arena, struct msgc_str v, struct msgc_str *ret);
int msgc_clone_bytes(struct msgc_arena *arena, struct msgc_bytes v, struct msgc_bytes *ret);
int msgc_clone_json(struct msgc_arena *arena, struct msgc_json v, struct msgc_json *ret);
int msgc_clone_decimal(struct msgc_arena *arena, struct msgc_decimal v, struct msgc_decimal *ret);
/*
 * count elements of size bytes that hold no pointers (or whose pointers the caller replaces); NULL
 * for none or no memory.
 */
void *msgc_clone_items(struct msgc_arena *arena, const void *items, size_t count, size_t size);

#ifdef __cplusplus
}
#endif

#endif
