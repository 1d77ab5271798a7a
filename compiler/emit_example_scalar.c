/* SPDX-License-Identifier: MIT */
/*
 * emit_example_scalar.c - a string and a number that keep to their constraints.
 *
 * Patterns are met by the shortest way through their automaton, among texts of the right length.
 * Knows nothing of records.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_example.h"
#include "number.h"
#include "pattern.h"

/* Longer texts are no examples. */
#define MAX_LENGTH 64
#define MAX_WORK   50000

/* ----------------------------------------------------------------- numbers */

static bool keeps_to(const struct model_constraints *k, const struct model_number *number)
{
	return (k->min == NULL || number_compare(number, k->min) >= 0) &&
	        (k->max == NULL || number_compare(number, k->max) <= 0) &&
	        (k->above == NULL || number_compare(number, k->above) > 0) &&
	        (k->below == NULL || number_compare(number, k->below) < 0) &&
	        (k->step == NULL || number_is_multiple(number, k->step));
}

/* A text one digit beyond the number: between it and all that are farther away by that digit. */
static const struct model_number *beyond(
        struct arena *arena, const struct model_number *number, int by)
{
	const char *zeros = strchr(number->text, '.') != NULL ? "" : ".0";

	if (number->is_int && number->text[0] != '-' && by > 0)
		return number_read(arena, arena_printf(arena, "%" PRIu64, number->as_uint64 + 1));
	if (number->is_int && number->as_int64 > INT64_MIN / 2 && number->as_int64 < INT64_MAX / 2)
		return number_read(arena, arena_printf(arena, "%" PRId64, number->as_int64 + by));
	return number_read(arena, arena_printf(arena, "%s%s1", number->text, zeros));
}

bool example_number(struct example *e, const struct model_type *type, const char *liked)
{
	const struct model_constraints *k = &type->constraints;
	struct arena *arena = arena_new();
	const struct model_number *candidates[] = {number_read(arena, liked), k->step, k->min,
	        k->max, k->above != NULL ? beyond(arena, k->above, 1) : NULL,
	        k->below != NULL ? beyond(arena, k->below, -1) : NULL, number_read(arena, "0")};
	const char *form = type->wire_form == MODEL_WIRE_STRING ? "\"%s\"" : "%s";
	bool found = false;

	for (size_t i = 0; i < sizeof(candidates) / sizeof(candidates[0]) && !found; i++) {
		found = candidates[i] != NULL && keeps_to(k, candidates[i]) &&
		        (!model_kind_is_int(type->kind) || candidates[i]->is_int);
		if (found)
			writer_add(e->w, form, candidates[i]->text);
	}
	arena_free(arena);
	return found;
}

/* ---------------------------------------------------------------- patterns */

/* The way to a state with so many characters: which code point came last, and from where. */
struct step {
	uint32_t from;
	uint32_t code_point;
	bool is_reached;
};

/* The plainest code point of each class. */
static void choose_code_points(const struct model_pattern *p, uint32_t *ret_code_points)
{
	static const char liked[] = "abcdefghijklmnopqrstuvwxyz0123456789"
	                            "ABCDEFGHIJKLMNOPQRSTUVWXYZ-_.@/: ,;+";

	for (uint32_t i = 0; i < p->n_classes; i++)
		ret_code_points[i] = UINT32_MAX;
	for (size_t i = p->n_ranges; i > 0; i--) {
		uint32_t first = p->ranges[i - 1] >> 8;

		if (first < 0xD800 || first > 0xDFFF)
			ret_code_points[p->ranges[i - 1] & 255] = first;
	}
	for (size_t i = sizeof(liked) - 1; i > 0; i--) {
		uint32_t c = (unsigned char)liked[i - 1];
		size_t at = p->n_ranges - 1;

		while (at > 0 && p->ranges[at] >> 8 > c)
			at--;
		ret_code_points[p->ranges[at] & 255] = c;
	}
}

static bool is_final(const struct model_pattern *p, uint32_t state)
{
	return state == 1 || state >= p->first_final;
}

static void reach(const struct model_pattern *p, const uint32_t *code_points,
        const struct step *now, struct step *next)
{
	for (uint32_t state = 0; state < p->n_states; state++) {
		if (!now[state].is_reached || state == 0)
			continue;
		for (uint32_t class = 0; class < p->n_classes; class ++) {
			struct step *to =
			        &next[state == 1 ? 1 : p->next[state * p->n_classes + class]];

			if (!to->is_reached && code_points[class] != UINT32_MAX)
				*to = (struct step){state, code_points[class], true};
		}
	}
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80)
		return *out = (char)c, 1;
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6), out[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12), out[1] = (char)(0x80 | (c >> 6 & 63));
		out[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18), out[1] = (char)(0x80 | (c >> 12 & 63));
	out[2] = (char)(0x80 | (c >> 6 & 63)), out[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* The text that leads to a state in `length` steps. */
static void walk_back(const struct model_pattern *p, const struct step *steps, uint32_t state,
        size_t length, char *ret_text)
{
	uint32_t code_points[MAX_LENGTH];
	char *out = ret_text;

	for (size_t i = length; i > 0; i--) {
		const struct step *step = &steps[i * p->n_states + state];

		code_points[i - 1] = step->code_point;
		state = step->from;
	}
	for (size_t i = 0; i < length; i++)
		out += put_utf8(out, code_points[i]);
	*out = '\0';
}

/* The shortest text of at least `least` code points that the pattern matches. */
static bool match(const struct model_pattern *p, size_t least, size_t most, char *ret_text)
{
	uint32_t code_points[256];
	struct step *steps;
	bool found = false;

	/* Bounds the work: nobody reads what only a large automaton takes. */
	if ((size_t)p->n_states * p->n_classes > MAX_WORK)
		return false;
	steps = memory_get((MAX_LENGTH + 1) * p->n_states * sizeof(*steps));
	memset(steps, 0, (MAX_LENGTH + 1) * p->n_states * sizeof(*steps));
	choose_code_points(p, code_points);
	steps[p->start].is_reached = true;
	for (size_t length = 0; length <= most && !found; length++) {
		const struct step *now = &steps[length * p->n_states];

		for (uint32_t state = 1; state < p->n_states && length >= least && !found;
		        state++) {
			found = now[state].is_reached && is_final(p, state);
			if (found)
				walk_back(p, steps, state, length, ret_text);
		}
		if (length < most)
			reach(p, code_points, now, &steps[(length + 1) * p->n_states]);
	}
	free(steps);
	return found;
}

/* ----------------------------------------------------------------- strings */

static const char *formatted(enum model_format format)
{
	switch (format) {
	case MODEL_FORMAT_EMAIL: return "ada@example.org";
	case MODEL_FORMAT_URI: return "https://example.org/";
	case MODEL_FORMAT_URI_REFERENCE: return "/images/1.png";
	case MODEL_FORMAT_HOSTNAME: return "example.org";
	case MODEL_FORMAT_IPV4: return "192.0.2.1";
	case MODEL_FORMAT_IPV6: return "2001:db8::1";
	case MODEL_FORMAT_UUID: return "6f1c0b0e-3c5d-4a9b-8a53-0d8f5b1c2e7a";
	case MODEL_FORMAT_DATE_TIME: return "2026-01-31T09:30:00Z";
	case MODEL_FORMAT_DATE: return "2026-01-31";
	case MODEL_FORMAT_TIME: return "09:30:00Z";
	case MODEL_FORMAT_DURATION: return "PT1H30M";
	case MODEL_FORMAT_JSON_POINTER: return "/items/0";
	case MODEL_FORMAT_SLUG: return "an-example";
	case MODEL_FORMAT_NONE: break;
	}
	return NULL;
}

static bool is_in(const struct model_range *range, size_t n)
{
	return (!range->has_min || n >= range->min) && (!range->has_max || n <= range->max);
}

static size_t count_code_points(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static bool has_blank_end(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && (strchr(" \t\r\n", text[0]) || strchr(" \t\r\n", text[length - 1]));
}

static bool has_other_letters(const char *text, bool lower)
{
	for (; *text != '\0'; text++) {
		if ((lower ? *text >= 'A' && *text <= 'Z' : *text >= 'a' && *text <= 'z') ||
		        (unsigned char)*text >= 0x80)
			return true;
	}
	return false;
}

static bool matches_all(const struct model_constraints *k, const char *text)
{
	for (size_t i = 0; i < k->n_patterns; i++) {
		if (!pattern_matches(k->patterns[i], text, strlen(text)))
			return false;
	}
	return true;
}

static bool suits(const struct model_constraints *k, const char *text)
{
	return is_in(&k->len, count_code_points(text)) && is_in(&k->bytes, strlen(text)) &&
	        matches_all(k, text) && !(k->not_blank && text[strspn(text, " \t\r\n")] == '\0') &&
	        !(k->trim && has_blank_end(text)) && !(k->lower && has_other_letters(text, true)) &&
	        !(k->upper && has_other_letters(text, false));
}

/* Words of the right length; capitals where those are asked for. */
static void put_words(const struct model_constraints *k, size_t length, char *ret_text)
{
	static const char words[] = "text of some length that says nothing in particular at all";

	for (size_t i = 0; i < length; i++) {
		char c = words[i % sizeof(words)];

		c = c == '\0' ? ' ' : c;
		if (k->upper && c >= 'a')
			c = (char)(c - 'a' + 'A');
		ret_text[i] = i + 1 == length && c == ' ' ? '.' : c;
	}
	ret_text[length] = '\0';
}

static bool is_beyond(const struct model_range *range, uint64_t least, uint64_t *ret_most)
{
	if (range->has_max && range->max < *ret_most)
		*ret_most = range->max;
	return least > *ret_most;
}

/* A text that one of the patterns matches may be what the others match, too. */
static bool match_any(const struct model_constraints *k, size_t least, size_t most, char *ret_text)
{
	for (size_t i = 0; i < k->n_patterns; i++) {
		if (match(k->patterns[i], least, most, ret_text) && suits(k, ret_text))
			return true;
	}
	return false;
}

bool example_string(struct example *e, const struct model_constraints *k)
{
	uint64_t least = k->len.has_min ? k->len.min : 0, most = MAX_LENGTH;
	size_t from, to; /* the same, when they are known to be small */
	char text[MAX_LENGTH * 4 + 1] = "";

	if (k->n_checks > 0)
		return false;
	if (k->bytes.has_min && k->n_patterns == 0 && k->bytes.min > least)
		least = k->bytes.min;
	if (k->not_blank && least == 0)
		least = 1;
	if (is_beyond(&k->len, least, &most) || is_beyond(&k->bytes, least, &most))
		return false;
	from = (size_t)least;
	to = (size_t)most;
	if (k->format != MODEL_FORMAT_NONE)
		strcpy(text, formatted(k->format));
	else if (k->n_patterns == 0)
		put_words(k, from > 4 ? from : to < 4 ? to : 4, text);
	else if (!match_any(k, from, to, text))
		return false;
	if (!suits(k, text))
		return false;
	writer_add(e->w, "%s", writer_json_string(e->w, text, strlen(text)));
	return true;
}
