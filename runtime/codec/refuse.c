/* SPDX-License-Identifier: MIT */
/*
 * The words of every refusal: types, messages and contexts as pydantic 2 has them. Off every fast
 * path. Values that came in never get here, only what the contract demands.
 */
#include "internal.h"

#include <stdio.h>

#define TEXT_MOST 4000

/* A bounded text; what does not fit is left out. */
struct words {
	char text[TEXT_MOST];
	size_t len;
};

static void put(struct words *w, const char *text)
{
	size_t len = msgc_utf8_cut(text, strlen(text), sizeof w->text - 1 - w->len);

	memcpy(w->text + w->len, text, len);
	w->len += len;
	w->text[w->len] = '\0';
}

/* {"name": value} with the value as a JSON string; NULL where it does not fit. */
static const char *put_string_ctx(struct words *w, const char *name, const char *value)
{
	struct msgc_buf buf;

	msgc_buf_init_fixed(&buf, w->text, sizeof w->text);
	msgc_buf_append_str(&buf, "{\"");
	msgc_buf_append_str(&buf, name);
	msgc_buf_append_str(&buf, "\":");
	msgc_write_str(&buf, msgc_str_from(value));
	msgc_buf_append_char(&buf, '}');
	return msgc_buf_c(&buf);
}

MSGC__COLD static void refuse_bound(struct msgc_scope *s, const char *type, const char *words,
        const char *name, const char *bound)
{
	char msg[256], ctx[256];

	snprintf(msg, sizeof msg, "Input should be %s %s", words, bound);
	snprintf(ctx, sizeof ctx, "{\"%s\":%s}", name, bound);
	msgc__scope_problem(s, type, msg, ctx);
}

void msgc_refuse_min(struct msgc_scope *s, const char *bound)
{
	refuse_bound(s, "greater_than_equal", "greater than or equal to", "ge", bound);
}

void msgc_refuse_max(struct msgc_scope *s, const char *bound)
{
	refuse_bound(s, "less_than_equal", "less than or equal to", "le", bound);
}

void msgc_refuse_above(struct msgc_scope *s, const char *bound)
{
	refuse_bound(s, "greater_than", "greater than", "gt", bound);
}

void msgc_refuse_below(struct msgc_scope *s, const char *bound)
{
	refuse_bound(s, "less_than", "less than", "lt", bound);
}

void msgc_refuse_step(struct msgc_scope *s, const char *step)
{
	refuse_bound(s, "multiple_of", "a multiple of", "multiple_of", step);
}

/* Message = before + what + after; context {name: what}. */
MSGC__COLD static void refuse_with(struct msgc_scope *s, const char *type, const char *before,
        const char *what, const char *after, const char *name)
{
	struct words msg = {.len = 0}, ctx;

	put(&msg, before);
	put(&msg, what);
	put(&msg, after);
	msgc__scope_problem(s, type, msg.text, put_string_ctx(&ctx, name, what));
}

void msgc_refuse_missing(struct msgc_scope *s)
{
	msgc__scope_problem(s, "missing", "Field required", NULL);
}

void msgc_refuse_enum(struct msgc_scope *s, const char *expected)
{
	refuse_with(s, "enum", "Input should be ", expected, "", "expected");
}

void msgc_refuse_literal(struct msgc_scope *s, const char *expected)
{
	refuse_with(s, "literal_error", "Input should be ", expected, "", "expected");
}

void msgc_refuse_pattern(struct msgc_scope *s, const char *pattern)
{
	refuse_with(s, "string_pattern_mismatch", "String should match pattern '", pattern, "'",
	        "pattern");
}

void msgc_refuse_value(struct msgc_scope *s, const char *message)
{
	refuse_with(s, "value_error", "Value error, ", message, "", "error");
}

void msgc__scope_parsing(
        struct msgc_scope *s, const char *type, const char *msg, const char *detail)
{
	refuse_with(s, type, msg, detail, "", "error");
}

void msgc_refuse_unique(struct msgc_scope *s)
{
	msgc__scope_problem(s, "unique_list", "List must be unique", NULL);
}

void msgc_refuse_if(struct msgc_scope *s, const char *message)
{
	if (message)
		msgc_refuse_value(s, message);
}

void msgc_refuse_blank(struct msgc_scope *s)
{
	msgc_refuse_value(s, "must not be blank");
}

void msgc_refuse_other(struct msgc_scope *s, const char *type, const char *msg, const char *ctx)
{
	msgc__scope_problem(s, type, msg, ctx);
}

/* ---- numbers of characters, bytes and items ---- */

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

MSGC__COLD static bool refuse_length(
        struct msgc_scope *s, const char *subject, const char *unit, bool too_short, size_t bound)
{
	bool string = *subject == 'S';
	char msg[128], ctx[64];

	snprintf(msg, sizeof msg, "%s should have at %s %zu %s%s", subject,
	        too_short ? "least" : "most", bound, unit, plural(bound));
	snprintf(ctx, sizeof ctx, "{\"%s\":%zu}", too_short ? "min_length" : "max_length", bound);
	if (string)
		msgc__scope_problem(
		        s, too_short ? "string_too_short" : "string_too_long", msg, ctx);
	else
		msgc__scope_problem(s, too_short ? "bytes_too_short" : "bytes_too_long", msg, ctx);
	return false;
}

bool msgc__check_len(struct msgc_scope *s, struct msgc_str v, size_t min, size_t max)
{
	size_t len;

	if (v.len < min)
		return refuse_length(s, "String", "character", true, min);
	if (v.len / 4 > max)
		return refuse_length(s, "String", "character", false, max);
	len = msgc_utf8_count(v);
	if (len < min)
		return refuse_length(s, "String", "character", true, min);
	if (len > max)
		return refuse_length(s, "String", "character", false, max);
	return true;
}

bool msgc_check_bytes(struct msgc_scope *s, size_t len, size_t min, size_t max)
{
	if (len < min)
		return refuse_length(s, "Data", "byte", true, min);
	if (len > max)
		return refuse_length(s, "Data", "byte", false, max);
	return true;
}

MSGC__COLD static bool refuse_count(
        struct msgc_scope *s, const char *subject, bool too_short, size_t bound, size_t count)
{
	char msg[160], ctx[160];

	snprintf(msg, sizeof msg, "%s should have at %s %zu item%s after validation, not %zu",
	        subject, too_short ? "least" : "most", bound, plural(bound), count);
	snprintf(ctx, sizeof ctx, "{\"field_type\":\"%s\",\"%s\":%zu,\"actual_length\":%zu}",
	        subject, too_short ? "min_length" : "max_length", bound, count);
	msgc__scope_problem(s, too_short ? "too_short" : "too_long", msg, ctx);
	return false;
}

static bool check_number(
        struct msgc_scope *s, const char *subject, size_t count, size_t min, size_t max)
{
	if (count < min)
		return refuse_count(s, subject, true, min, count);
	if (count > max)
		return refuse_count(s, subject, false, max, count);
	return true;
}

bool msgc_check_count(struct msgc_scope *s, size_t count, size_t min, size_t max)
{
	return check_number(s, "List", count, min, max);
}

bool msgc_check_map_count(struct msgc_scope *s, size_t count, size_t min, size_t max)
{
	return check_number(s, "Dictionary", count, min, max);
}

bool msgc_check_not_blank(struct msgc_scope *s, struct msgc_str v)
{
	const char *p = v.ptr, *end;
	size_t n;

	if (v.len) {
		end = p + v.len;
		while ((n = msgc__space_at(p, end)) > 0)
			p += n;
		if (p < end)
			return true;
	}
	msgc_refuse_blank(s);
	return false;
}

bool msgc__check_tuple_count(struct msgc_scope *s, size_t count, size_t max)
{
	return check_number(s, "Tuple", count, 0, max);
}

/* ---- unions ---- */

MSGC__COLD void msgc_refuse_no_tag(struct msgc_scope *s, const char *discriminator)
{
	struct words msg = {.len = 0}, quoted = {.len = 0}, ctx;

	put(&quoted, "'");
	put(&quoted, discriminator);
	put(&quoted, "'");
	put(&msg, "Unable to extract tag using discriminator ");
	put(&msg, quoted.text);
	msgc__scope_problem(s, "union_tag_not_found", msg.text,
	        put_string_ctx(&ctx, "discriminator", quoted.text));
}

/* Message and context of union_tag_invalid. */
static const char *tag_words(
        struct words *msg, struct words *ctx, const char *discriminator, const char *expected_tags)
{
	struct msgc_buf buf;
	char quoted[160];

	snprintf(quoted, sizeof quoted, "'%s'", discriminator);
	put(msg, "Input tag found using ");
	put(msg, quoted);
	put(msg, " does not match any of the expected tags: ");
	put(msg, expected_tags);
	msgc_buf_init_fixed(&buf, ctx->text, sizeof ctx->text);
	msgc_buf_append_str(&buf, "{\"discriminator\":");
	msgc_write_str(&buf, msgc_str_from(quoted));
	msgc_buf_append_str(&buf, ",\"expected_tags\":");
	msgc_write_str(&buf, msgc_str_from(expected_tags));
	msgc_buf_append_str(&buf, "}");
	return msgc_buf_c(&buf);
}

MSGC__COLD void msgc_refuse_tag(
        struct msgc_scope *s, const char *discriminator, const char *expected_tags)
{
	struct words msg = {.len = 0}, words;
	const char *ctx = tag_words(&msg, &words, discriminator, expected_tags);

	msgc__scope_problem(s, "union_tag_invalid", msg.text, ctx);
}

void msgc_refuse_choice(struct msgc_scope *s, const char *expected)
{
	refuse_with(s, "union_type", "Input should be a valid ", expected, "", "expected");
}

void msgc_problems_add_unknown_action(
        struct msgc_problems *problems, const char *discriminator, const char *expected_tags)
{
	struct words msg = {.len = 0}, words;
	const char *ctx = tag_words(&msg, &words, discriminator, expected_tags);

	msgc_problems_add(problems, "union_tag_invalid", "[]", msg.text, ctx);
}
