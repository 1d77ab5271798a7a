/* SPDX-License-Identifier: MIT */
/*
 * diff.c - comparing two models side by side, and saying what was found.
 *
 * Knows nothing of what breaks whom: that is in the other parts, and in diff_rules.def.
 */
#include "diff.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diff_parts.h"

#define PATH_MAX_PARTS 16

static const struct {
	const char *name;
	const char *reasons[DIFF_N_SIDES];
} rules[] = {
#define RULE(id, name, to_server, to_client, c) {name, {to_server, to_client, c}},
#include "diff_rules.def"
#undef RULE
};

const char *diff_rule_name(enum diff_rule rule)
{
	return rules[rule].name;
}

/* ---------------------------------------------------------------- findings */

const struct diff_path *diff_path_add(
        struct diff *d, const struct diff_path *up, const char *format, ...)
{
	struct diff_path *path = arena_alloc(d->arena, sizeof(*path));
	va_list args;

	va_start(args, format);
	path->text = arena_vprintf(d->arena, format, args);
	va_end(args);
	path->up = up;
	return path;
}

/* "message chat: payload.tags[]"; of very long ones the end. */
static const char *path_text(struct diff *d, const struct diff_path *path)
{
	const char *text = "";
	size_t n = 0;

	for (; path->up != NULL; path = path->up) {
		const char *joint = path->up->up == NULL               ? ": "
		        : path->text[0] == '[' || path->text[0] == '{' ? ""
		                                                       : ".";

		if (n++ < PATH_MAX_PARTS)
			text = arena_printf(d->arena, "%s%s%s", joint, path->text, text);
		else if (n == PATH_MAX_PARTS + 1)
			text = arena_printf(d->arena, ": ...%s", text);
	}
	return arena_printf(d->arena, "%s%s", path->text, text);
}

void diff_found(struct diff *d, enum diff_rule rule, const struct diff_path *path,
        struct diff_places places, const char *format, ...)
{
	struct diff_finding *finding = arena_alloc(d->arena, sizeof(*finding));
	va_list args;

	va_start(args, format);
	finding->text = arena_vprintf(d->arena, format, args);
	va_end(args);
	finding->side = d->side;
	finding->rule = rule;
	finding->order = d->findings.n;
	finding->subject = path_text(d, path);
	if (places.before != NULL)
		finding->before = *places.before;
	if (places.after != NULL && places.after->source != NULL)
		finding->place = *places.after;
	else
		finding->place = finding->before;
	vec_push(&d->findings, finding);
}

/* ------------------------------------------------------------------- pairs */

static size_t find_pair(const struct diff *d, struct diff_pair pair)
{
	uint64_t hash = ((uintptr_t)pair.a >> 4) * UINT64_C(0x9E3779B97F4A7C15) ^
	        ((uintptr_t)pair.b >> 4) * UINT64_C(0xC2B2AE3D27D4EB4F) ^ (uint64_t)pair.side;
	size_t at = (size_t)(hash ^ hash >> 29) & (d->capacity - 1);

	while (d->pairs[at].a != NULL &&
	        (d->pairs[at].a != pair.a || d->pairs[at].b != pair.b ||
	                d->pairs[at].side != pair.side))
		at = (at + 1) & (d->capacity - 1);
	return at;
}

static void grow(struct diff *d)
{
	struct diff_pair *old = d->pairs;
	size_t n = d->capacity, i;

	d->capacity = n == 0 ? 256 : n * 2;
	d->pairs = arena_array(d->arena, d->capacity, sizeof(*d->pairs));
	for (i = 0; i < n; i++) {
		if (old[i].a != NULL)
			d->pairs[find_pair(d, old[i])] = old[i];
	}
}

static bool add_pair(struct diff *d, struct diff_pair pair)
{
	size_t at;

	if (d->n_pairs * 2 >= d->capacity)
		grow(d);
	at = find_pair(d, pair);
	if (d->pairs[at].a != NULL)
		return false;
	d->pairs[at] = pair;
	d->n_pairs++;
	return true;
}

bool diff_first_time(struct diff *d, const void *a, const void *b)
{
	add_pair(d, (struct diff_pair){b, NULL, d->side});
	return add_pair(d, (struct diff_pair){a, b, d->side});
}

bool diff_was_reached(const struct diff *d, enum diff_side side, const void *type)
{
	return d->capacity != 0 &&
	        d->pairs[find_pair(d, (struct diff_pair){type, NULL, side})].a != NULL;
}

const void *diff_writer(const struct diff *d, const void *before, const void *after)
{
	return d->side == DIFF_TO_SERVER ? before : after;
}

const void *diff_reader(const struct diff *d, const void *before, const void *after)
{
	return d->side == DIFF_TO_SERVER ? after : before;
}

/* -------------------------------------------------------------------- runs */

static int compare_findings(const void *a, const void *b)
{
	const struct diff_finding *x = *(void *const *)a, *y = *(void *const *)b;

	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	if (x->place.source == y->place.source && x->place.start != y->place.start)
		return x->place.start < y->place.start ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

struct diff *diff_new(const struct model *before, const struct model *after)
{
	struct diff *d = memory_get(sizeof(*d));

	*d = (struct diff){.arena = arena_new(), .before = before, .after = after};
	diff_traffic(d);
	diff_c(d);
	if (d->findings.n != 0)
		qsort(d->findings.items, d->findings.n, sizeof(void *), compare_findings);
	return d;
}

void diff_free(struct diff *d)
{
	if (d == NULL)
		return;
	vec_clear(&d->findings);
	vec_clear(&d->waiting);
	arena_free(d->arena);
	free(d);
}

size_t diff_count(const struct diff *d)
{
	return d->findings.n;
}

/* ---------------------------------------------------------------- printing */

static const char *const side_names[] = {"client_to_server", "server_to_client", "c_callers"};
static const char *const side_titles[] = {"client -> server (old clients, new server)",
        "server -> client (new server, old clients)", "C callers (written for the old contract)"};

static void print_text(const struct diff *d, FILE *stream)
{
	size_t i = 0;
	int side;

	for (side = 0; side < DIFF_N_SIDES; side++) {
		bool any = false;

		fprintf(stream, "%s:\n", side_titles[side]);
		for (; i < d->findings.n; i++) {
			const struct diff_finding *finding = d->findings.items[i];
			struct source_position at;

			if ((int)finding->side != side)
				break;
			at = source_position(finding->place.source, finding->place.start);
			fprintf(stream, "  %s:%u:%u: %s: %s; %s [%s]\n",
			        finding->place.source->path, at.line, at.column, finding->subject,
			        finding->text, rules[finding->rule].reasons[side],
			        rules[finding->rule].name);
			any = true;
		}
		if (!any)
			fputs("  nothing breaks\n", stream);
	}
}

static void json_place(FILE *stream, const char *name, struct place place)
{
	struct source_position at;

	fprintf(stream, ",\"%s\":", name);
	if (place.source == NULL) {
		fputs("null", stream);
		return;
	}
	at = source_position(place.source, place.start);
	fputs("{\"file\":", stream);
	diag_put_json_string(stream, place.source->path);
	fprintf(stream, ",\"line\":%u,\"column\":%u}", at.line, at.column);
}

static void print_json(const struct diff *d, FILE *stream)
{
	size_t i;

	for (i = 0; i < d->findings.n; i++) {
		const struct diff_finding *finding = d->findings.items[i];

		fprintf(stream,
		        "{\"side\":\"%s\",\"rule\":\"%s\",\"subject\":", side_names[finding->side],
		        rules[finding->rule].name);
		diag_put_json_string(stream, finding->subject);
		fputs(",\"message\":", stream);
		diag_put_json_string(stream, finding->text);
		fputs(",\"reason\":", stream);
		diag_put_json_string(stream, rules[finding->rule].reasons[finding->side]);
		json_place(stream, "place", finding->place);
		json_place(stream, "old", finding->before);
		fputs("}\n", stream);
	}
}

static void print_github(const struct diff *d, FILE *stream)
{
	size_t i;

	for (i = 0; i < d->findings.n; i++) {
		const struct diff_finding *finding = d->findings.items[i];
		const char *text = arena_printf(d->arena, "%s: %s; %s", finding->subject,
		        finding->text, rules[finding->rule].reasons[finding->side]);

		diag_put_github(stream, "error", finding->place,
		        arena_printf(d->arena, "diff %s", rules[finding->rule].name), text);
		fputc('\n', stream);
	}
}

void diff_print(const struct diff *d, FILE *stream, enum diag_format format)
{
	switch (format) {
	case DIAG_TEXT: print_text(d, stream); break;
	case DIAG_JSON: print_json(d, stream); break;
	case DIAG_GITHUB: print_github(d, stream); break;
	}
}
