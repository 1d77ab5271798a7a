/* SPDX-License-Identifier: MIT */
/*
 * emit_reference_words.c - constraints, permissions, limits as a person would say them.
 */
#include "emit_reference.h"

#include <inttypes.h>
#include <string.h>

#include "emit_jsonschema.h"

/* Words being gathered. */
struct say {
	struct reference *r;
	struct vec *words;
	const char *prefix;
};

static void say(const struct say *s, const char *text)
{
	vec_push(s->words, arena_printf(s->r->arena, "%s%s", s->prefix, text));
}

/* -------------------------------------------------------------- constraints */

/* "1 to 20 characters" */
static void say_range(
        const struct say *s, const struct model_range *range, const char *one, const char *many)
{
	struct arena *arena = s->r->arena;

	if (range->has_min && range->has_max && range->min == range->max)
		say(s,
		        arena_printf(arena, "exactly %" PRIu64 " %s", range->min,
		                range->min == 1 ? one : many));
	else if (range->has_min && range->min > 0 && range->has_max)
		say(s,
		        arena_printf(arena, "%" PRIu64 " to %" PRIu64 " %s", range->min, range->max,
		                many));
	else if (range->has_max)
		say(s,
		        arena_printf(arena, "at most %" PRIu64 " %s", range->max,
		                range->max == 1 ? one : many));
	else if (range->has_min && range->min > 0)
		say(s,
		        arena_printf(arena, "at least %" PRIu64 " %s", range->min,
		                range->min == 1 ? one : many));
}

/* Of an integer what its kind allows, where the contract does not say less; int53 says no more than
 * that it is an integer. */
static void bounds_of(const struct say *s, const struct model_type *type, const char **ret_low,
        const char **ret_high)
{
	const struct model_constraints *k = &type->constraints;
	struct arena *arena = s->r->arena;
	int64_t low;
	uint64_t high;

	*ret_low = k->min != NULL ? k->min->text : NULL;
	*ret_high = k->max != NULL ? k->max->text : NULL;
	if (!model_int_bounds(type->kind, &low, &high) || type->kind == MODEL_INT53)
		return;
	if (*ret_low == NULL && k->above == NULL)
		*ret_low = arena_printf(arena, "%" PRId64, low);
	if (*ret_high == NULL && k->below == NULL)
		*ret_high = arena_printf(arena, "%" PRIu64, high);
}

static void say_number(const struct say *s, const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;
	struct arena *arena = s->r->arena;
	const char *low, *high;

	bounds_of(s, type, &low, &high);
	if (low != NULL && high != NULL)
		say(s, arena_printf(arena, "%s to %s", low, high));
	else if (low != NULL)
		say(s, arena_printf(arena, "at least %s", low));
	else if (high != NULL)
		say(s, arena_printf(arena, "at most %s", high));
	if (k->above != NULL)
		say(s, arena_printf(arena, "above %s", k->above->text));
	if (k->below != NULL)
		say(s, arena_printf(arena, "below %s", k->below->text));
	if (k->step != NULL)
		say(s, arena_printf(arena, "a multiple of %s", k->step->text));
}

static const char *format_words(enum model_format format)
{
	switch (format) {
	case MODEL_FORMAT_NONE: return NULL;
	case MODEL_FORMAT_EMAIL: return "an e-mail address";
	case MODEL_FORMAT_URI: return "a URI";
	case MODEL_FORMAT_URI_REFERENCE: return "a URI or a relative reference";
	case MODEL_FORMAT_HOSTNAME: return "a host name";
	case MODEL_FORMAT_IPV4: return "an IPv4 address";
	case MODEL_FORMAT_IPV6: return "an IPv6 address";
	case MODEL_FORMAT_UUID: return "a UUID";
	case MODEL_FORMAT_DATE_TIME: return "a date and time of RFC 3339";
	case MODEL_FORMAT_DATE: return "a date of RFC 3339";
	case MODEL_FORMAT_TIME: return "a time of RFC 3339";
	case MODEL_FORMAT_DURATION: return "a duration of RFC 3339";
	case MODEL_FORMAT_JSON_POINTER: return "a JSON Pointer";
	case MODEL_FORMAT_SLUG: return "letters, digits, - and _";
	}
	return NULL;
}

static void say_string(const struct say *s, const struct model_constraints *k)
{
	if (format_words(k->format) != NULL)
		say(s, format_words(k->format));
	say_range(s, &k->len, "character", "characters");
	if (k->not_blank)
		say(s, "not blank");
	if (k->trim)
		say(s, "white space around it is cut off");
	if (k->lower)
		say(s, "made lower case");
	if (k->upper)
		say(s, "made upper case");
	for (size_t i = 0; i < k->n_patterns; i++)
		say(s, arena_printf(s->r->arena, "matches /%s/", k->patterns[i]->text));
}

/* How values that are no plain JSON are written. */
static const char *form_words(const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_DATETIME: return type->wire_form == MODEL_WIRE_RFC3339 ? "RFC 3339" : NULL;
	case MODEL_DATE:
	case MODEL_TIME:
	case MODEL_DURATION: return "RFC 3339";
	default: return NULL;
	}
}

void reference_constraints(
        struct reference *r, struct vec *words, const struct model_type *type, const char *prefix)
{
	const struct model_constraints *k = &type->constraints;
	struct say s = {r, words, prefix};

	if (form_words(type) != NULL)
		say(&s, form_words(type));
	if (model_kind_is_number(type->kind) || type->kind == MODEL_DATETIME)
		say_number(&s, type);
	if (type->kind == MODEL_STRING)
		say_string(&s, k);
	say_range(&s, &k->bytes, "byte", "bytes");
	say_range(&s, &k->count, "entry", "entries");
	if (k->unique)
		say(&s, "no two are equal");
	if (type->kind == MODEL_ENUM && type->is_open)
		say(&s, "others may come");
	for (size_t i = 0; i < k->n_checks; i++)
		say(&s, arena_printf(r->arena, "the server checks it: %s", k->checks[i].name));
}

/* ------------------------------------------------------------------- values */

const char *reference_literal(struct reference *r, const struct model_literal *literal)
{
	struct writer *w;
	const char *text;

	if (literal->kind != MODEL_LITERAL_STRING)
		return literal->text;
	w = schema_text_begin();
	text = arena_printf(
	        r->arena, "%s", writer_json_string(w, literal->text, strlen(literal->text)));
	writer_free(w);
	return text;
}

/* ------------------------------------------------------------------ permits */

/* Binds tighter the larger it is. */
static int rank_of(enum model_permit_op op)
{
	switch (op) {
	case MODEL_PERMIT_OR: return 0;
	case MODEL_PERMIT_AND: return 1;
	default: return 2;
	}
}

static const char *permit_text(struct reference *r, const struct model_consumer *consumer,
        const struct model_permit *permit, int around)
{
	int rank = rank_of(permit->op);
	const char *text, *left, *right;

	if (permit->op == MODEL_PERMIT_TERM)
		return consumer->permit_terms[permit->term].name;
	left = permit_text(r, consumer, permit->left, rank);
	if (permit->op == MODEL_PERMIT_NOT)
		return arena_printf(r->arena, "not %s", left);
	right = permit_text(r, consumer, permit->right, rank);
	text = arena_printf(
	        r->arena, "%s %s %s", left, permit->op == MODEL_PERMIT_AND ? "and" : "or", right);
	return rank < around ? arena_printf(r->arena, "(%s)", text) : text;
}

const char *reference_permit(struct reference *r, const struct model_consumer *consumer)
{
	return permit_text(r, consumer, consumer->permit, 0);
}

/* ------------------------------------------------------------- limits, groups */

const char *reference_duration(struct reference *r, uint64_t ms)
{
	static const struct {
		uint64_t ms;
		const char *unit;
	} units[] = {{86400000, "d"}, {3600000, "h"}, {60000, "min"}, {1000, "s"}, {1, "ms"}};
	size_t i = 0;

	while (units[i].ms > 1 && (ms % units[i].ms != 0 || ms / units[i].ms == 0))
		i++;
	return arena_printf(r->arena, "%" PRIu64 " %s", ms / units[i].ms, units[i].unit);
}

const char *reference_bytes(struct reference *r, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
	size_t i = 0;

	for (; i < 3 && bytes >= 1024 && bytes % 1024 == 0; i++)
		bytes /= 1024;
	return arena_printf(r->arena, "%" PRIu64 " %s", bytes, units[i]);
}

const char *reference_limit(struct reference *r, const struct model_limit *limit)
{
	const char *period;

	if (limit->kind == MODEL_LIMIT_FRAME)
		return arena_printf(r->arena, "%s for one frame", reference_bytes(r, limit->bytes));
	period = reference_duration(r, limit->period_ms);
	if (limit->burst == limit->count)
		return arena_printf(r->arena, "%u in %s", limit->count, period);
	return arena_printf(r->arena, "%u in %s, %u at once", limit->count, period, limit->burst);
}

static const char *auth_words(enum model_auth kind)
{
	switch (kind) {
	case MODEL_AUTH_SESSION: return "a session cookie";
	case MODEL_AUTH_JWT:
		return "a JWT, in the Authorization header, a cookie or the first frame";
	case MODEL_AUTH_TICKET: return "a ticket, in the URL (?ticket=…) or the first frame";
	case MODEL_AUTH_BASIC: return "name and password, in the Authorization header";
	case MODEL_AUTH_ANONYMOUS: return "nothing: everybody may connect";
	}
	return "";
}

const char *reference_auth(struct reference *r, const struct model_consumer *route)
{
	const char *text = "";

	if (route->n_auth == 0 && route->auth_message == NULL)
		return "nobody asks: everybody may connect";
	for (size_t i = 0; i < route->n_auth; i++)
		text = arena_printf(
		        r->arena, "%s%s%s", text, i > 0 ? "; or " : "", auth_words(route->auth[i]));
	if (route->auth_message == NULL)
		return text;
	return arena_printf(r->arena, "%s%sa first frame ", text, route->n_auth > 0 ? "; or " : "");
}

const char *reference_group_name(struct reference *r, const struct model_group *group)
{
	const char *text = "";

	for (size_t i = 0; i < group->n_parts; i++) {
		const struct model_name_part *part = &group->parts[i];

		if (part->literal != NULL)
			text = arena_printf(r->arena, "%s%s", text, part->literal);
		else
			text = arena_printf(r->arena, "%s{%s}", text, part->param->member.name);
	}
	return text;
}

const char *reference_history(struct reference *r, const struct model_history *history)
{
	const char *age = history->for_ms > 0 ? reference_duration(r, history->for_ms) : NULL;

	if (history->keep > 0 && age != NULL)
		return arena_printf(r->arena, "the last %u, for %s", history->keep, age);
	if (history->keep > 0)
		return arena_printf(r->arena, "the last %u", history->keep);
	return arena_printf(r->arena, "for %s", age != NULL ? age : "ever");
}
