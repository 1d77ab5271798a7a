/* SPDX-License-Identifier: MIT */
/*
 * What the reader's files share: stopping, tokens with problems told. Below it are scanners that
 * know no reader, above it only generated code.
 */
#ifndef MSGC_CODEC_READER_H
#define MSGC_CODEC_READER_H

#include "internal.h"

struct msgc_member;

/* The reader goes no further: json_invalid with `what` at the byte `where`, and nothing else. */
void msgc__reader_stop(struct msgc_reader *r, const char *what, const char *where);
/* The same beyond max_depth; result MSGC_ELIMIT. */
void msgc__reader_too_deep(struct msgc_reader *r, const char *where);
/* The value, whatever it is, checked and passed over. */
void msgc__reader_skip(struct msgc_reader *r);
/* The problem for a value of another JSON kind, and behind the value. */
/* Puts the name just read into the object's set; false after a duplicate has stopped the reader. */
bool msgc__read_new_name(struct msgc_reader *r, struct msgc_object *o);
/* Is this member a union's tag that was read before? */
bool msgc__is_stepped_over(const struct msgc_object *o);
/* A NUL behind the name just read, which is in the text or in the arena. */
void msgc__read_end_key(struct msgc_reader *r, struct msgc_object *o);
/* Leaves a tuple; n: its elements. Says so if there were more. */
void msgc__read_tuple_end(struct msgc_reader *r, struct msgc_list *l, size_t n);
/* A member that had to come. */
void msgc__read_missing(
        struct msgc_reader *r, struct msgc_object *o, const struct msgc_member *member);
bool msgc__read_wrong_kind(struct msgc_reader *r, const char *type, const char *msg);

/* ---- arrays ---- */

/*
 * Room in an array for more, to begin with for what max items take, if that is little. False: no
 * memory, and the reader has stopped.
 */
bool msgc__items_grow(struct msgc_reader *r, struct msgc_items *items, size_t size, size_t max);

/* ---- a reader's beginning, in line for those who decode whole messages ---- */

/* Stops it before it has begun, where it stands on no text; false. */
bool msgc__reader_too_long(struct msgc_reader *r);

/* Everything but the text and its ends. False: that is longer than the options allow. */
static inline bool msgc__reader_set_up(struct msgc_reader *r, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	size_t max_size = INT32_MAX;

	r->arena = arena;
	r->scope.at = NULL;
	r->scope.problems = problems;
	r->scope.refused = r->scope.depth = 0;
	r->number.ptr = NULL;
	r->number.len = 0;
	r->depth = 0;
	r->max_depth = MSGC_DEPTH_DEFAULT;
	r->indent = 0;
	r->unknown = MSGC_UNKNOWN_AS_DECLARED;
	r->keep_text = false;
	r->stepped = NULL;
	r->error = 0;
	if (problems)
		msgc_problems_clear(problems);
	if (options) {
		if (options->max_depth)
			r->max_depth = options->max_depth < MSGC_DEPTH_MOST ? options->max_depth
			                                                    : MSGC_DEPTH_MOST;
		r->unknown = options->unknown;
		r->keep_text = options->keep_text;
		if (options->max_size && options->max_size < max_size)
			max_size = options->max_size;
	}
	return MSGC__LIKELY(len <= max_size);
}

static inline void msgc__reader_start(struct msgc_reader *r, char *text, size_t len)
{
	r->at = r->text = text;
	r->end = text + len;
	r->slack = MSGC_PADDING;
	/* A wide load over a byte just stored would have to wait for it. */
	if (*r->end != '\0')
		*r->end = '\0';
}

static inline bool msgc__reader_begin(struct msgc_reader *r, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_problems *problems)
{
	if (!msgc__reader_set_up(r, len, options, arena, problems))
		return msgc__reader_too_long(r);
	msgc__reader_start(r, text, len);
	return true;
}

/* ---- tokens of a reader ---- */

static inline void msgc__reader_space(struct msgc_reader *r)
{
	if (MSGC__UNLIKELY((uint8_t)*r->at <= ' '))
		r->at += msgc__scan_space(r->at, r->end, r->slack) - r->at;
}

/*
 * At the opening quote. Moves behind the closing one; false: the reader has stopped. The text is
 * left as it is.
 */
bool msgc__read_string(struct msgc_reader *r, struct msgc__string *ret);
/* The string as a value, NUL-terminated; in the text where it holds no escape. False: no memory. */
bool msgc__string_value(struct msgc_reader *r, const struct msgc__string *s, struct msgc_str *ret);
/*
 * The same with the text left as it is: only what was escaped, and so is in the arena, has a NUL
 * behind.
 */
bool msgc__string_peek(struct msgc_reader *r, const struct msgc__string *s, struct msgc_str *ret);
/* At a string: its value, and behind it; anything else is a problem of this type. */
bool msgc__read_text(
        struct msgc_reader *r, const char *type, const char *msg, struct msgc_str *ret);

#endif
