/* SPDX-License-Identifier: MIT */
/*
 * What the server must know of a frame before it knows its message: the discriminator, ref, topic
 * and message id. The whole text is checked on the way and left as it is.
 */
#include "reader.h"

#include <stdio.h>

enum { SEEN_TAG = 1, SEEN_REF = 2, SEEN_TOPIC = 4, SEEN_MESSAGE_ID = 8 };

static bool is_name(struct msgc_str key, const char *name)
{
	return name && key.len == strlen(name) && memcmp(key.ptr, name, key.len) == 0;
}

static unsigned member_of(struct msgc_str key, const struct msgc_envelope_names *names)
{
	if (is_name(key, names->discriminator))
		return SEEN_TAG;
	if (is_name(key, names->ref))
		return SEEN_REF;
	if (is_name(key, names->topic))
		return SEEN_TOPIC;
	return is_name(key, names->message_id) ? SEEN_MESSAGE_ID : 0;
}

/* A copy in the arena: the text may yet be changed by whoever reads it in place. */
static bool read_copy(struct msgc_reader *r, struct msgc_str *ret)
{
	struct msgc__string s;
	struct msgc_str v;

	msgc__reader_space(r);
	if (*r->at != '"')
		return msgc__read_wrong_kind(r, "string_type", "Input should be a valid string");
	if (!msgc__read_string(r, &s) || !msgc__string_peek(r, &s, &v))
		return false;
	if (s.escaped)
		*ret = v;
	else if (msgc_arena_copy(r->arena, v, ret))
		msgc_reader_no_memory(r);
	return !r->error;
}

static void no_tag(struct msgc_reader *r, const char *discriminator)
{
	char msg[256], ctx[256];

	snprintf(msg, sizeof msg, "Unable to extract tag using discriminator '%s'", discriminator);
	snprintf(ctx, sizeof ctx, "{\"discriminator\":\"'%s'\"}", discriminator);
	msgc__scope_problem(&r->scope, "union_tag_not_found", msg, ctx);
}

static void read_tag(struct msgc_reader *r, struct msgc_envelope *ret)
{
	struct msgc_scope quiet = {0};
	struct msgc__number n;
	struct msgc__digits d;
	const char *bad;

	msgc__reader_space(r);
	if (*r->at == '"') {
		if (read_copy(r, &ret->action))
			ret->tag_kind = MSGC_TAG_STRING;
		return;
	}
	if (msgc__scan_number(r->at, r->end, &n, &bad)) {
		msgc__digits_of(n.at, (size_t)(n.end - n.at), &d);
		if (msgc__digits_to_int(&quiet, &d, INT64_MIN, INT64_MAX, &ret->opcode))
			ret->tag_kind = MSGC_TAG_INTEGER;
	}
	msgc__reader_skip(r);
}

static void read_members(struct msgc_reader *r, struct msgc_object *o,
        const struct msgc_envelope_names *names, struct msgc_envelope *ret)
{
	unsigned seen = 0, member;

	while (msgc_read_member(r, o)) {
		member = member_of(o->at.key, names);
		if (seen & member)
			msgc__read_duplicate(r, o);
		seen |= member;
		switch (member) {
		case SEEN_TAG: read_tag(r, ret); break;
		case SEEN_REF: ret->has_ref = read_copy(r, &ret->ref); break;
		case SEEN_TOPIC: ret->has_topic = read_copy(r, &ret->topic); break;
		case SEEN_MESSAGE_ID: ret->has_message_id = read_copy(r, &ret->message_id); break;
		default: msgc_read_unknown(r, o, false);
		}
	}
}

int msgc_envelope_read(char *text, size_t len, const struct msgc_envelope_names *names,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_envelope *ret, struct msgc_problems *problems)
{
	struct msgc_reader r;
	struct msgc_object o;

	memset(ret, 0, sizeof *ret);
	if (msgc_reader_open(&r, text, len, options, arena, problems)) {
		r.unknown =
		        MSGC_UNKNOWN_IGNORE; /* what a message knows is its decoder's business */
		if (msgc_read_object(&r, &o)) {
			read_members(&r, &o, names, ret);
			msgc_read_object_end(&r, &o);
			if (ret->tag_kind == MSGC_TAG_ABSENT && names->discriminator && !r.error)
				no_tag(&r, names->discriminator);
		}
	}
	return msgc_reader_close(&r);
}
