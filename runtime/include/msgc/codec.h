/* SPDX-License-Identifier: MIT */
/*
 * The codec as a program uses it: memory for decoded messages (arena), text that is being written
 * (buffer), what a contract refused (problems), how to decode (options), message descriptors and
 * the envelope of a frame. It knows JSON (RFC 8259, I-JSON's ban on duplicate members: RFC 7493)
 * and UTF-8 (RFC 3629); nothing of sockets or servers. What only generated code calls is in
 * <msgc/codec_gen.h>.
 *
 * None of these objects locks: one thread at a time for each of them.
 */
#ifndef MSGC_CODEC_H
#define MSGC_CODEC_H

#include <msgc/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Bytes that must follow a text given to a `…_in_place` function, readable and writable; the codec
 * sets the first to NUL and leaves the others as they are.
 */
#define MSGC_PADDING 64

/* ---- arena ----
 * Memory that is given out piece by piece and taken back all at once. A zeroed struct is an empty
 * arena without limit.
 */
struct msgc_arena {
	char *at, *end; /* free part of the current block */
	struct msgc__arena_block
	        *first; /* blocks in the order of their use; NULL: none yet, or fixed memory */
	struct msgc__arena_block *current;
	size_t limit; /* bytes of all blocks together; 0: none */
	size_t total; /* bytes of all blocks now */
	char *fixed;  /* the memory of msgc_arena_init_fixed, else NULL */
};

/*
 * Grows in blocks from malloc until `limit` bytes (0: no limit) are in use, their headers counted.
 */
void msgc_arena_init(struct msgc_arena *arena, size_t limit);
/* Uses `memory`, which is borrowed until the arena is no longer used, and never malloc. */
void msgc_arena_init_fixed(struct msgc_arena *arena, void *memory, size_t size);
/* Takes back everything that was given out; keeps the blocks for the next use. */
void msgc_arena_reset(struct msgc_arena *arena);
/* Frees the blocks; the arena is empty afterwards, with the same limit, and may be used again. */
void msgc_arena_free(struct msgc_arena *arena);
/*
 * `size` bytes at a multiple of `align` (a power of two up to 64), not cleared. NULL: no memory, or
 * the limit is reached.
 */
void *msgc_arena_alloc(struct msgc_arena *arena, size_t size, size_t align);
/*
 * `count` elements of `size` bytes, cleared, aligned for any type. NULL also where count * size
 * overflows.
 */
void *msgc_arena_calloc(struct msgc_arena *arena, size_t count, size_t size);
/* Copies with a NUL byte behind. Errors: MSGC_ENOMEM. */
int msgc_arena_copy(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret);
/* Bytes given out since the last reset, with what alignment and block ends cost. */
size_t msgc_arena_used(const struct msgc_arena *arena);

/* ---- buffer ----
 * Text that grows at its end. A zeroed struct is an empty buffer without limit. The first failure
 * sticks in `error`; after it appending does nothing, so that it is enough to look once at the end.
 */
struct msgc_buf {
	char *data; /* not NUL-terminated; see msgc_buf_c */
	size_t len;
	size_t cap;
	size_t limit; /* most bytes that it may grow to; 0: none */
	int error;    /* 0, MSGC_ENOMEM (also: limit), MSGC_EINVAL (a value that JSON cannot say) */
	uint16_t depth; /* open records while something recursive is written */
	bool fixed;     /* data is borrowed: never grown, never freed */
};

void msgc_buf_init(struct msgc_buf *buf, size_t limit);
void msgc_buf_init_fixed(struct msgc_buf *buf, void *memory, size_t size);
void msgc_buf_reset(struct msgc_buf *buf); /* empty, without error; keeps its memory */
void msgc_buf_free(struct msgc_buf *buf);
/* Room for `more` bytes behind len; returns data + len, or NULL after setting error. */
char *msgc_buf_reserve(struct msgc_buf *buf, size_t more);
void msgc_buf_append(struct msgc_buf *buf, const void *bytes, size_t len);
void msgc_buf_append_str(struct msgc_buf *buf, const char *c_string);
void msgc_buf_append_char(struct msgc_buf *buf, char c);
/* For messages to people; never for JSON. Not more than 1023 bytes a call, longer text is cut. */
void msgc_buf_printf(struct msgc_buf *buf, const char *format, ...) MSGC_PRINTF(2, 3);
/*
 * The contents with a NUL behind (not counted by len); NULL if error is set. Valid until the next
 * change.
 */
const char *msgc_buf_c(struct msgc_buf *buf);
struct msgc_str msgc_buf_str(const struct msgc_buf *buf); /* borrowed until the next change */

/* ---- lists of scalars ----
 * items may be NULL where count is 0.
 */
#define MSGC__LIST(name, type)                                                                     \
	struct msgc_##name##_list {                                                                \
		const type *items;                                                                 \
		size_t count;                                                                      \
	}
MSGC__LIST(bool, bool);
MSGC__LIST(int8, int8_t);
MSGC__LIST(int16, int16_t);
MSGC__LIST(int32, int32_t);
MSGC__LIST(int64, int64_t); /* int53 too */
MSGC__LIST(uint8, uint8_t);
MSGC__LIST(uint16, uint16_t);
MSGC__LIST(uint32, uint32_t);
MSGC__LIST(uint64, uint64_t);
MSGC__LIST(float32, float);
MSGC__LIST(float64, double);
MSGC__LIST(str, struct msgc_str);
MSGC__LIST(bytes, struct msgc_bytes);
MSGC__LIST(json, struct msgc_json);
MSGC__LIST(decimal, struct msgc_decimal);
MSGC__LIST(datetime, struct msgc_datetime);
MSGC__LIST(date, struct msgc_date);
MSGC__LIST(time, struct msgc_time);
MSGC__LIST(duration, struct msgc_duration);
MSGC__LIST(uuid, struct msgc_uuid);
#undef MSGC__LIST

/* ---- values ----
 * Same value; order where there is one (negative, 0, positive). Times compare as instants, whatever
 * their offset; `…_equal` also wants the same offset. Decimals compare by their exact value: 1.0
 * equals 1e0. JSON texts are equal when their bytes are.
 */
bool msgc_bytes_equal(struct msgc_bytes a, struct msgc_bytes b);
bool msgc_json_equal(struct msgc_json a, struct msgc_json b);
bool msgc_decimal_equal(struct msgc_decimal a, struct msgc_decimal b);
int msgc_decimal_compare(struct msgc_decimal a, struct msgc_decimal b);
bool msgc_datetime_equal(struct msgc_datetime a, struct msgc_datetime b);
int msgc_datetime_compare(struct msgc_datetime a, struct msgc_datetime b);
bool msgc_date_equal(struct msgc_date a, struct msgc_date b);
int msgc_date_compare(struct msgc_date a, struct msgc_date b);
bool msgc_time_equal(struct msgc_time a, struct msgc_time b);
int msgc_time_compare(struct msgc_time a, struct msgc_time b);
bool msgc_duration_equal(struct msgc_duration a, struct msgc_duration b);
bool msgc_uuid_equal(struct msgc_uuid a, struct msgc_uuid b);

/* The calendar date in `d`'s own offset, and back; MSGC_EINVAL outside the years 0 to 9999. */
int msgc_datetime_date(struct msgc_datetime d, struct msgc_date *ret);
int msgc_datetime_from_unix_ns(int64_t ns, struct msgc_datetime *ret);

/* ---- text ---- */

/* RFC 3629: no surrogates, nothing overlong, none past U+10FFFF. */
bool msgc_utf8_valid(const char *text, size_t len);
/* Code points in valid UTF-8. */
size_t msgc_utf8_count(struct msgc_str s);
/* The largest length up to `most` that cuts no code point. */
size_t msgc_utf8_cut(const char *text, size_t len, size_t most);
/* White space at both ends left out, as ECMA-262's String.prototype.trim does. Borrows s. */
struct msgc_str msgc_str_trimmed(struct msgc_str s);
/*
 * With each character's simple case mapping, Unicode 14, as `lower` and `upper` of a contract: s itself
 * where that changes nothing, else a text in the arena with a NUL behind. Bytes that are no UTF-8 stay.
 * 0, or MSGC_ENOMEM and *ret as before.
 */
int msgc_str_lower(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret);
int msgc_str_upper(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret);

#define MSGC_FLOAT64_MAX 32 /* bytes that msgc_format_float64 may write, NUL included */
/*
 * The shortest decimal number that reads back as `value` (which must be finite), as a JSON number
 * with a NUL behind; ends in ".0" where it has neither point nor exponent otherwise. The same in
 * every locale. Returns its length.
 */
size_t msgc_format_float64(double value, char ret[MSGC_FLOAT64_MAX]);
size_t msgc_format_float32(float value, char ret[MSGC_FLOAT64_MAX]);
/*
 * `text` whole as a JSON number, rounded correctly to the nearest double; MSGC_EINVAL if it is
 * none, MSGC_ELIMIT beyond the range.
 */
int msgc_parse_float64(const char *text, size_t len, double *ret);

/* ---- problems ----
 * Why a text or a value was refused, in the words of pydantic 2. Holds its own texts and allocates
 * nothing. Values that came in are never shown; names of members that the contract does not know
 * are cut to 64 bytes.
 */
#define MSGC_PROBLEMS_KEPT 16
#define MSGC_PROBLEMS_TEXT 8192

struct msgc_problem {
	const char *type; /* "string_too_long" */
	const char *loc;  /* ["payload","content"], JSON */
	const char *msg;  /* "String should have at most 2000 characters" */
	const char *ctx;  /* {"max_length":2000}, JSON; NULL where there is none */
};

/* Start with msgc_problems_clear or a zeroed struct. */
struct msgc_problems {
	uint32_t count; /* all that were found */
	uint32_t kept;  /* those in items, in the order of the text */
	uint32_t used;  /* bytes of text */
	struct msgc_problem items[MSGC_PROBLEMS_KEPT];
	char text[MSGC_PROBLEMS_TEXT];
};

void msgc_problems_clear(struct msgc_problems *problems);
/*
 * Adds one: `loc` and `ctx` are JSON (ctx may be NULL). All texts are copied. What does not fit is
 * counted only.
 */
void msgc_problems_add(struct msgc_problems *problems, const char *type, const char *loc,
        const char *msg, const char *ctx);
/*
 * The list that stands in an error frame: [{"type":…,"loc":[…],"msg":…,"ctx":{…}},…]. Returns
 * buf->error.
 */
int msgc_problems_write(const struct msgc_problems *problems, struct msgc_buf *buf);
/* One line a problem, for people and logs. */
int msgc_problems_print(const struct msgc_problems *problems, struct msgc_buf *buf);

/* ---- decoding ---- */

enum msgc_unknown {
	MSGC_UNKNOWN_AS_DECLARED = 0, /* closed types refuse unknown members, others ignore them */
	MSGC_UNKNOWN_IGNORE,
	MSGC_UNKNOWN_REJECT,
};

/* Zero means the default everywhere. */
struct msgc_decode_options {
	uint32_t max_depth; /* open objects and arrays; default 64, at most 1024 */
	size_t max_size;    /* bytes of text; default and most: 2^31 - 1 */
	enum msgc_unknown unknown;
	/*
	 * For `…_in_place`: leave the text as it is (but for the NUL at its end), so that it can be
	 * read again. Strings are then slices without a NUL behind, but for those that held escapes.
	 */
	bool keep_text;
};

#define MSGC_DEPTH_DEFAULT 64
#define MSGC_DEPTH_MOST    1024

/*
 * Results of every `…_decode`: 0; MSGC_ECONTRACT (problems tell); MSGC_ELIMIT (deeper or larger
 * than the options allow; one problem tells); MSGC_ENOMEM (the arena is full; problems hold what
 * was found until then). Nothing is written to `ret` then, and the arena may hold parts that its
 * next reset takes back.
 */

/*
 * One whole JSON text: grammar, UTF-8, no duplicate member at any depth, depth. `arena` is scratch,
 * as it was on return.
 */
int msgc_json_validate(const char *text, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct msgc_problems *problems);

/* ---- messages ---- */

enum msgc_message_kind {
	MSGC_MESSAGE_PLAIN,
	MSGC_MESSAGE_GROUP, /* carries is_mine and is_current for each receiver */
	MSGC_MESSAGE_EVENT, /* never comes from a client */
};

struct msgc_type; /* <msgc/type.h>: for generated code */

enum msgc_tag_kind {
	MSGC_TAG_ABSENT = 0,
	MSGC_TAG_STRING,
	MSGC_TAG_INTEGER,
	MSGC_TAG_OTHER, /* neither: no message has such a tag */
};

/* What says which message a frame is. */
struct msgc_tag {
	enum msgc_tag_kind kind;
	struct msgc_str text; /* MSGC_TAG_STRING */
	int64_t number;       /* MSGC_TAG_INTEGER */
};

/* Same kind, same value; those of other kinds equal nothing. */
bool msgc_tag_equal(const struct msgc_tag *a, const struct msgc_tag *b);

/*
 * A message of a contract, for code that handles any of them: `rooms_chat_message`. Generated,
 * const.
 */
struct msgc_message {
	const char *name; /* for logs: the first tag as text, or the contract's name of it */
	size_t name_len;
	/* What stands at the discriminators; fewer than these: at the others anything may stand. */
	const struct msgc_tag *tags;
	size_t tag_count; /* 0: it travels without a discriminator */
	size_t size;      /* of the struct */
	enum msgc_message_kind kind;
	const struct msgc_type *type;
};

/*
 * What the functions of MSGC_TYPE_FUNCTIONS do, for any message: ret and value point to its struct,
 * of message->size bytes. decode_in_place and clone need no memory of their own for that: ret is
 * all zeros after decode_in_place has failed, and not to be used after clone has.
 */
int msgc_message_decode_in_place(const struct msgc_message *message, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems);
int msgc_message_encode(
        const struct msgc_message *message, const void *value, struct msgc_buf *out);
int msgc_message_validate(
        const struct msgc_message *message, const void *value, struct msgc_problems *problems);
/* Validates and encodes in one call, which is faster than two. MSGC_ECONTRACT: msgc_message_validate() says what is wrong, or a string is not UTF-8. */
int msgc_message_encode_checked(
        const struct msgc_message *message, const void *value, struct msgc_buf *out);
int msgc_message_clone(
        const struct msgc_message *message, const void *value, struct msgc_arena *arena, void *ret);
bool msgc_message_equal(const struct msgc_message *message, const void *a, const void *b);
int msgc_message_print(const struct msgc_message *message, const void *value, struct msgc_buf *out);

/* The same for any type. */
int msgc_type_decode(const struct msgc_type *type, const char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems);
int msgc_type_decode_in_place(const struct msgc_type *type, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems);
int msgc_type_encode(const struct msgc_type *type, const void *value, struct msgc_buf *out);
int msgc_type_validate(
        const struct msgc_type *type, const void *value, struct msgc_problems *problems);
int msgc_type_clone(
        const struct msgc_type *type, const void *value, struct msgc_arena *arena, void *ret);
bool msgc_type_equal(const struct msgc_type *type, const void *a, const void *b);
int msgc_type_print(const struct msgc_type *type, const void *value, struct msgc_buf *out);

/*
 * The name of an enum's value: the wire's word, or for integers the contract's; NULL for what is
 * none of them. And back: false then. MSGC_ENUM_FUNCTIONS(rooms_role) gives
 *
 *	const char *rooms_role_name(enum rooms_role value);
 *	bool rooms_role_from_name(struct msgc_str name, enum rooms_role *ret);
 */
const char *msgc_enum_name(const struct msgc_type *type, int32_t number);
bool msgc_enum_from_name(const struct msgc_type *type, struct msgc_str name, int32_t *ret_number);
#define MSGC_ENUM_FUNCTIONS(name)                                                                  \
	extern const struct msgc_type name##__type;                                                \
	static inline const char *name##_name(enum name value)                                     \
	{                                                                                          \
		return msgc_enum_name(&name##__type, (int32_t)value);                              \
	}                                                                                          \
	static inline bool name##_from_name(struct msgc_str text, enum name *ret)                  \
	{                                                                                          \
		int32_t number;                                                                    \
		bool known = msgc_enum_from_name(&name##__type, text, &number);                    \
                                                                                                   \
		if (known)                                                                         \
			*ret = (enum name)number;                                                  \
		return known;                                                                      \
	}                                                                                          \
	struct name##__end /* so that a semicolon follows */

/*
 * The functions of a record or message, where `name` is its struct's tag: MSGC_TYPE_FUNCTIONS(rooms_chat) gives
 *
 *	int rooms_chat_decode(const char *text, size_t len, const struct msgc_decode_options *options,
 *	        struct msgc_arena *arena, struct rooms_chat *ret, struct msgc_problems *problems);
 *	int rooms_chat_decode_in_place(char *text, size_t len, ... the same ...);
 *	int rooms_chat_encode(const struct rooms_chat *value, struct msgc_buf *out);
 *	int rooms_chat_validate(const struct rooms_chat *value, struct msgc_problems *problems);
 *	int rooms_chat_print(const struct rooms_chat *value, struct msgc_buf *out);
 *	int rooms_chat_clone(const struct rooms_chat *value, struct msgc_arena *arena, struct rooms_chat *ret);
 *	bool rooms_chat_equal(const struct rooms_chat *a, const struct rooms_chat *b);
 *
 * All but equal return 0 or a negative MSGC_E...; *ret is written on success only.
 *
 * decode: one JSON text; for a message, the whole frame. Strings in *ret lie in the arena. Options and problems may be NULL;
 * problems say all that the contract refuses (MSGC_ECONTRACT).
 * decode_in_place: the same for a writable text with MSGC_PADDING bytes behind it; strings lie in the text, each with a NUL
 * behind it.
 * encode: appends JSON; MSGC_EINVAL for a value that JSON cannot say. What stood in out stays.
 * validate: all that decode checks, for a value that a program has made.
 * print: for people.
 * clone: a deep copy in the arena; MSGC_ENOMEM; MSGC_EINVAL for a value that is deeper than any text may be.
 * equal: the same value, absent and null told apart; the order of a map's entries is of no importance.
 */
#define MSGC_TYPE_FUNCTIONS(name)                                                                  \
	extern const struct msgc_type name##__type;                                                \
	static inline int name##_decode(const char *text, size_t len,                              \
	        const struct msgc_decode_options *options, struct msgc_arena *arena,               \
	        struct name *ret, struct msgc_problems *problems)                                  \
	{                                                                                          \
		struct name value;                                                                 \
		int result = msgc_type_decode(                                                     \
		        &name##__type, text, len, options, arena, &value, problems);               \
                                                                                                   \
		if (result == 0)                                                                   \
			*ret = value;                                                              \
		return result;                                                                     \
	}                                                                                          \
	static inline int name##_decode_in_place(char *text, size_t len,                           \
	        const struct msgc_decode_options *options, struct msgc_arena *arena,               \
	        struct name *ret, struct msgc_problems *problems)                                  \
	{                                                                                          \
		struct name value;                                                                 \
		int result = msgc_type_decode_in_place(                                            \
		        &name##__type, text, len, options, arena, &value, problems);               \
                                                                                                   \
		if (result == 0)                                                                   \
			*ret = value;                                                              \
		return result;                                                                     \
	}                                                                                          \
	static inline int name##_encode(const struct name *value, struct msgc_buf *out)            \
	{                                                                                          \
		return msgc_type_encode(&name##__type, value, out);                                \
	}                                                                                          \
	static inline int name##_validate(                                                         \
	        const struct name *value, struct msgc_problems *problems)                          \
	{                                                                                          \
		return msgc_type_validate(&name##__type, value, problems);                         \
	}                                                                                          \
	static inline int name##_print(const struct name *value, struct msgc_buf *out)             \
	{                                                                                          \
		return msgc_type_print(&name##__type, value, out);                                 \
	}                                                                                          \
	static inline int name##_clone(                                                            \
	        const struct name *value, struct msgc_arena *arena, struct name *ret)              \
	{                                                                                          \
		struct name copy;                                                                  \
		int result = msgc_type_clone(&name##__type, value, arena, &copy);                  \
                                                                                                   \
		if (result == 0)                                                                   \
			*ret = copy;                                                               \
		return result;                                                                     \
	}                                                                                          \
	static inline bool name##_equal(const struct name *a, const struct name *b)                \
	{                                                                                          \
		return msgc_type_equal(&name##__type, a, b);                                       \
	}                                                                                          \
	struct name /* so that a semicolon follows */

#define MSGC_TAGS_MAX 8

/*
 * How the frames that a contract's clients send say what they are: where the discriminators stand,
 * and what the members of the envelope are called (NULL: switched off). Generated, const.
 */
struct msgc_envelope_names {
	const char *const *keys;  /* the discriminators' names; NULL: frames are arrays */
	size_t key_count;         /* at most MSGC_TAGS_MAX */
	const uint8_t *positions; /* of the discriminators in arrays, as many; NULL: objects */
	const char *ref, *topic, *message_id;
	uint8_t ref_at;                   /* arrays: the position of ref, from 1 on; 0: none */
	const struct msgc_type *ref_type; /* an integer; NULL: a string */
	bool untagged; /* one of the messages has no tag: a frame without any may be that */
};

/* Strings live in the arena, NUL-terminated. */
struct msgc_envelope {
	struct msgc_tag tags[MSGC_TAGS_MAX];
	size_t tag_count; /* as many as there are discriminators; 0: this frame has none */
	bool has_ref, has_topic, has_message_id;
	struct msgc_str ref, topic, message_id; /* an integer as JSON has it: "7" */
};

/*
 * Reads the envelope of one frame and checks the whole text as msgc_json_validate does. `text` has
 * MSGC_PADDING bytes behind and is the same afterwards (but for the NUL at text[len]), so that a
 * message's decode_in_place can follow.
 *
 * ret is filled as far as it was understood even on MSGC_ECONTRACT, so that an error frame can
 * repeat the ref: zeroed first. Problems: json_invalid; model_type (no object), list_type (no
 * array); string_type at ref, topic and message_id, or what is wrong with an integer; the first
 * discriminator missing, or neither string nor integer (union_tag_not_found; what is expected is
 * the server's to tell), unless a message without one may be meant.
 */
int msgc_envelope_read(char *text, size_t len, const struct msgc_envelope_names *names,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_envelope *ret, struct msgc_problems *problems);

/*
 * The same for a frame that is going to be decoded as a whole, for a tenth of the price: an object whose discriminators, ref, topic and message
 * id are strings without escapes. Nothing is checked: what it says is right if the decoder that `text` is then handed to, unknown members being
 * ignored, finds no fault. `text` has MSGC_PADDING zeros behind; `ret` is defined as far as its counts and flags say, and tags point into
 * `text`. False: this frame is another, or there is no memory; msgc_envelope_read() tells.
 */
bool msgc_envelope_guess(const char *text, size_t len, const struct msgc_envelope_names *names,
        struct msgc_arena *arena, struct msgc_envelope *ret);

/*
 * The other way: puts what `envelope` has (has_ref, has_topic, has_message_id) into a frame that an encoder has
 * just written at the beginning of `frame`, and nothing behind it. 0; MSGC_EINVAL: the contract or this message has no place for it, or
 * a ref that has to be an integer is none; MSGC_ENOMEM.
 */
int msgc_envelope_write(struct msgc_buf *frame, const struct msgc_envelope_names *names,
        const struct msgc_envelope *envelope);

/*
 * The problem that an action unknown here deserves: union_tag_invalid with the allowed ones, as in
 * "'chat', 'ping'". The action that came is not shown.
 */
void msgc_problems_add_unknown_action(
        struct msgc_problems *problems, const char *discriminator, const char *expected_tags);

#ifdef __cplusplus
}
#endif

#endif
