/* SPDX-License-Identifier: MIT */
/*
 * What the server must know of a frame before it knows its message: the discriminators, ref, topic
 * and message id. The whole text is checked on the way and left as it is.
 */
#include "reader.h"

#include <stdio.h>

#include <msgc/type.h>

/* Bits of what has been seen: the discriminators come first. */
enum { SEEN_REF = MSGC_TAGS_MAX, SEEN_TOPIC, SEEN_MESSAGE_ID, SEEN_NONE };

/* A frame on its way. */
struct scan {
	struct msgc_reader r;
	const struct msgc_envelope_names *names;
	struct msgc_envelope *ret;
};

bool msgc_tag_equal(const struct msgc_tag *a, const struct msgc_tag *b)
{
	if (a->kind != b->kind)
		return false;
	if (a->kind == MSGC_TAG_INTEGER)
		return a->number == b->number;
	return a->kind == MSGC_TAG_STRING && msgc_str_equal(a->text, b->text);
}

static bool is_name(struct msgc_str key, const char *name)
{
	return name && key.len == strlen(name) && memcmp(key.ptr, name, key.len) == 0;
}

static unsigned member_of(struct msgc_str key, const struct msgc_envelope_names *names)
{
	for (unsigned i = 0; names->keys && i < names->key_count; i++) {
		if (is_name(key, names->keys[i]))
			return i;
	}
	if (is_name(key, names->ref))
		return SEEN_REF;
	if (is_name(key, names->topic))
		return SEEN_TOPIC;
	return is_name(key, names->message_id) ? SEEN_MESSAGE_ID : SEEN_NONE;
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

/* An integer of some kind, as the text that it is written as: 1e1 comes back as 10. */
static bool read_number(struct msgc_reader *r, const struct msgc_type *type, struct msgc_str *ret)
{
	uint64_t value = 0; /* holds every kind of integer */
	uint32_t refused = r->scope.refused;
	char digits[32];
	struct msgc_buf text;

	msgc_type_read(r, type, &value);
	if (r->error || r->scope.refused != refused)
		return false;
	msgc_buf_init_fixed(&text, digits, sizeof digits);
	msgc_type_write(&text, type, &value);
	if (text.error || msgc_arena_copy(r->arena, msgc_buf_str(&text), ret))
		msgc_reader_no_memory(r);
	return !r->error;
}

static void read_ref(struct scan *scan)
{
	const struct msgc_type *type = scan->names->ref_type;
	struct msgc_envelope *ret = scan->ret;

	ret->has_ref =
	        type ? read_number(&scan->r, type, &ret->ref) : read_copy(&scan->r, &ret->ref);
}

static void read_tag(struct msgc_reader *r, struct msgc_tag *ret)
{
	struct msgc_scope quiet = {0};
	struct msgc__number n;
	struct msgc__digits d;
	const char *bad;

	msgc__reader_space(r);
	if (*r->at == '"') {
		if (read_copy(r, &ret->text))
			ret->kind = MSGC_TAG_STRING;
		return;
	}
	ret->kind = MSGC_TAG_OTHER;
	if (msgc__scan_number(r->at, r->end, &n, &bad)) {
		msgc__digits_of(n.at, (size_t)(n.end - n.at), &d);
		if (msgc__digits_to_int(&quiet, &d, INT64_MIN, INT64_MAX, &ret->number))
			ret->kind = MSGC_TAG_INTEGER;
	}
	msgc__reader_skip(r);
}

/* ---- objects ---- */

static void read_members(struct scan *scan, struct msgc_object *o)
{
	struct msgc_envelope *ret = scan->ret;
	struct msgc_reader *r = &scan->r;
	unsigned seen = 0, member;

	while (msgc_read_member(r, o)) {
		member = member_of(o->at.key, scan->names);
		if (member != SEEN_NONE && seen & 1u << member)
			msgc__read_duplicate(r, o);
		seen |= 1u << member;
		switch (member) {
		case SEEN_REF: read_ref(scan); break;
		case SEEN_TOPIC: ret->has_topic = read_copy(r, &ret->topic); break;
		case SEEN_MESSAGE_ID: ret->has_message_id = read_copy(r, &ret->message_id); break;
		case SEEN_NONE: msgc_read_unknown(r, o, false); break;
		default: read_tag(r, &ret->tags[member]);
		}
	}
}

static bool scan_object(struct scan *scan)
{
	struct msgc_object o;

	if (!msgc_read_object(&scan->r, &o))
		return false;
	read_members(scan, &o);
	msgc_read_object_end(&scan->r, &o);
	return true;
}

/* ---- arrays ---- */

static size_t tag_at(const struct msgc_envelope_names *names, size_t position)
{
	for (size_t i = 0; names->positions && i < names->key_count; i++) {
		if (names->positions[i] == position)
			return i;
	}
	return SIZE_MAX;
}

static bool scan_array(struct scan *scan)
{
	const struct msgc_envelope_names *names = scan->names;
	struct msgc_list l;
	size_t position = 0, tag;

	if (!msgc_read_list(&scan->r, &l, 0, MSGC_NO_MAX))
		return false;
	for (; msgc_read_item(&scan->r, &l); position++) {
		tag = tag_at(names, position);
		if (tag != SIZE_MAX)
			read_tag(&scan->r, &scan->ret->tags[tag]);
		else if (names->ref_at == position + 1)
			read_ref(scan);
		else
			msgc__reader_skip(&scan->r);
	}
	msgc_read_list_end(&scan->r, &l);
	return true;
}

/* ---- frames ---- */

static void no_tag(struct scan *scan)
{
	const struct msgc_envelope_names *names = scan->names;
	char name[128], msg[256], ctx[512];
	struct msgc_buf json;

	if (names->keys)
		snprintf(name, sizeof name, "'%.100s'", names->keys[0]);
	else
		snprintf(name, sizeof name, "%u", (unsigned)names->positions[0]);
	snprintf(msg, sizeof msg, "Unable to extract tag using discriminator %s", name);
	msgc_buf_init_fixed(&json, ctx, sizeof ctx);
	msgc_write_lit(&json, "{\"discriminator\":");
	msgc_write_str(&json, msgc_str_from(name));
	msgc_write_lit(&json, "}");
	/* A name that was cut within a character is no JSON. */
	msgc__scope_problem(&scan->r.scope, "union_tag_not_found", msg, msgc_buf_c(&json));
}

static bool is_tag(const struct msgc_tag *tag)
{
	return tag->kind == MSGC_TAG_STRING || tag->kind == MSGC_TAG_INTEGER;
}

/* A message without tags may be an object where the others are arrays, and the other way round. */
static bool is_array(struct scan *scan)
{
	msgc__reader_space(&scan->r);
	return scan->names->untagged ? *scan->r.at == '[' : scan->names->positions != NULL;
}

int msgc_envelope_read(char *text, size_t len, const struct msgc_envelope_names *names,
        const struct msgc_decode_options *options, struct msgc_arena *arena,
        struct msgc_envelope *ret, struct msgc_problems *problems)
{
	struct scan scan = {.names = names, .ret = ret};
	bool is_frame;

	memset(ret, 0, sizeof *ret);
	if (!msgc_reader_open(&scan.r, text, len, options, arena, problems))
		return msgc_reader_close(&scan.r);
	scan.r.unknown = MSGC_UNKNOWN_IGNORE; /* what a message knows is its decoder's business */
	is_frame = is_array(&scan) ? scan_array(&scan) : scan_object(&scan);
	if (names->key_count > 0 && is_tag(&ret->tags[0]))
		ret->tag_count = names->key_count;
	else if (is_frame && names->key_count > 0 && !names->untagged && !scan.r.error)
		no_tag(&scan);
	return msgc_reader_close(&scan.r);
}
