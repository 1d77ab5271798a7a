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
