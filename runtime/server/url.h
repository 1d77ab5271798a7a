/* SPDX-License-Identifier: MIT */
/*
 * Pieces of a request's target: percent-decoding (RFC 3986), path segments, and name=value lists of queries and urlencoded bodies
 * (WHATWG URL, section 5.1). Pure functions over text; everything is bounded.
 */
#ifndef MSGC__URL_H
#define MSGC__URL_H

#include <msgc/codec.h>

enum {
	MSGC__PATH_MAX = 4096,   /* bytes of a path, undecoded */
	MSGC__SEGMENTS_MAX = 32, /* of a path */
	MSGC__PAIRS_MAX = 256,   /* of a query or a form */
};

/*
 * Decodes %XX, and '+' to a blank if `plus`. Writes at most `len` bytes to `out`, which may be `text` itself. MSGC_EINVAL: a '%'
 * without two hex digits, or the result is not UTF-8. NUL bytes are kept.
 */
int msgc__url_decode(const char *text, size_t len, bool plus, char *out, size_t *ret_len);

/* "/ws/chat/7/" gives segments "ws", "chat", "7" and slash = true; "/" gives none and slash = true. Decoded, NUL-terminated. */
struct msgc__path {
	struct msgc_str segments[MSGC__SEGMENTS_MAX];
	size_t count;
	bool slash; /* ends in '/' */
};

/*
 * Splits first, then decodes: "%2F" is part of a segment. An empty segment inside ("//") stays one of length 0. The segments live in
 * `arena`. MSGC_EINVAL: does not start with '/', holds a NUL or a bad escape; MSGC_ELIMIT: too long or too many; MSGC_ENOMEM.
 */
int msgc__path_split(struct msgc_str path, struct msgc_arena *arena, struct msgc__path *ret);

struct msgc__pair {
	struct msgc_str name;
	struct msgc_str value;
};
struct msgc__pairs {
	struct msgc__pair *items;
	size_t count;
};

/* "a=1&b=two+words". Empty pieces are skipped. Names and values are NUL-terminated in `arena`. Errors as above. */
int msgc__pairs_parse(struct msgc_str text, struct msgc_arena *arena, struct msgc__pairs *ret);

/* The first value of that name; NULL: none. `ret_count` (may be NULL): how many there are. */
const struct msgc_str *msgc__pairs_find(
        const struct msgc__pairs *pairs, const char *name, size_t *ret_count);

#endif
