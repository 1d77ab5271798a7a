/* SPDX-License-Identifier: MIT */
/*
 * check_url.c - the URL patterns of consumers: literal segments and parameters.
 */
#include "checks.h"

#include <ctype.h>
#include <string.h>

#define CHECK_MAX_URL 1000

struct pattern {
	struct check *c;
	struct symbol *symbol;
	const struct ast_string *text;
	struct model_segment *segments;
	size_t n;
};

/* What stands in a path as itself (RFC 3986 section 3.3), without percent-encoding. */
static bool is_path_character(char c)
{
	return isalnum((unsigned char)c) || (c != '\0' && strchr("-._~!$&'()*+,;=:@", c) != NULL);
}

static bool literal_segment(struct pattern *p, size_t start, size_t end)
{
	const char *text = p->text->bytes;
	size_t i;

	for (i = start; i < end; i++) {
		if (is_path_character(text[i]))
			continue;
		if (text[i] == '{' || text[i] == '}') {
			diag_report(p->c->diag, DIAG_URL, check_place_in(p->text, start, end),
			        "a parameter is all that stands between two slashes");
		} else {
			diag_report(p->c->diag, DIAG_URL, check_place_in(p->text, i, i + 1),
			        "this character cannot stand in the path of a URL");
			if (text[i] == '?')
				diag_hint(p->c->diag,
				        "parameters that the path does not name are query "
				        "parameters");
		}
		return false;
	}
	p->segments[p->n++].literal = arena_copy(p->c->arena, text + start, end - start);
	return true;
}

static bool param_segment(struct pattern *p, size_t start, size_t end)
{
	struct ast_name name = {
	        arena_copy(p->c->arena, p->text->bytes + start + 1, end - start - 2),
	        check_place_in(p->text, start, end)};
	const struct model_param *param = check_find_param(p->c, p->symbol, &name);

	if (param == NULL)
		return false;
	if (param->in_path) {
		diag_report(p->c->diag, DIAG_URL, name.place,
		        "parameter '%s' stands in the path twice", name.text);
		return false;
	}
	p->symbol->params[param - p->symbol->params].in_path = true;
	p->segments[p->n++].param = param;
	return true;
}

static bool segment(struct pattern *p, size_t start, size_t end)
{
	const char *text = p->text->bytes;

	if (start == end) {
		diag_report(p->c->diag, DIAG_URL, check_place_in(p->text, start - 1, end + 1),
		        "nothing stands between two slashes");
		return false;
	}
	/* "." and ".." never arrive: clients take them out of a path. */
	if (end - start <= 2 && strspn(text + start, ".") >= end - start) {
		diag_report(p->c->diag, DIAG_URL, check_place_in(p->text, start, end),
		        "'.' and '..' are no segments of a path");
		return false;
	}
	if (end - start > 2 && text[start] == '{' &&
	        memchr(text + start, '}', end - start) == text + end - 1)
		return param_segment(p, start, end);
	return literal_segment(p, start, end);
}

static bool pattern_segments(struct pattern *p)
{
	const char *text = p->text->bytes;
	size_t at = 0;

	if (text[0] != '/' || p->text->length > CHECK_MAX_URL) {
		diag_report(p->c->diag, DIAG_URL, p->text->place,
		        "the path of a URL begins with '/' and has at most %d characters",
		        CHECK_MAX_URL);
		return false;
	}
	while (at + 1 < p->text->length) {
		size_t length = strcspn(text + at + 1, "/");

		if (!segment(p, at + 1, at + 1 + length))
			return false;
		at += 1 + length;
	}
	return true;
}

static void set_url(struct check *c, struct symbol *symbol)
{
	struct model_consumer *consumer = symbol->consumer;
	struct pattern p = {.c = c, .symbol = symbol, .text = &symbol->decl->text};

	if (symbol->kind == SYMBOL_TOPIC)
		p.text = &symbol->decl->url;

	p.segments = arena_array(c->arena, p.text->length + 1, sizeof(*p.segments));
	consumer->url = p.text->bytes;
	if (!pattern_segments(&p))
		return;
	consumer->segments = p.segments;
	consumer->n_segments = p.n;
	consumer->trailing_slash = p.n != 0 && p.text->bytes[p.text->length - 1] == '/';
}

bool check_urls(struct check *c)
{
	struct symbol *symbol;
	size_t at = 0, errors = diag_errors(c->diag), i;

	while ((symbol = check_next_consumer(c, &at)) != NULL) {
		check_params_done(symbol);
		if (symbol->kind == SYMBOL_TOPIC && symbol->decl->url.bytes == NULL)
			continue;
		set_url(c, symbol);
		for (i = 0; i < symbol->n_params && symbol->kind == SYMBOL_CONSUMER; i++)
			check_param(c, symbol->decl->params[i], &symbol->param_members[i],
			        !symbol->params[i].in_path);
	}
	return diag_errors(c->diag) == errors;
}

/* The path with {} for each parameter, without a slash at its end: the server ignores that one. */
static const char *shape_of(struct check *c, const struct model_consumer *consumer)
{
	const char *shape = consumer->n_segments == 0 ? "/" : "";
	size_t i;

	for (i = 0; i < consumer->n_segments; i++)
		shape = arena_printf(c->arena, "%s/%s", shape,
		        consumer->segments[i].literal != NULL ? consumer->segments[i].literal
		                                              : "{}");
	return shape;
}

static void add_shapes(
        struct check *c, const struct vec *consumers, struct check_key *keys, size_t *n)
{
	size_t i;

	for (i = 0; i < consumers->n; i++) {
		const struct model_consumer *consumer = consumers->items[i];

		if (consumer->url != NULL)
			keys[(*n)++] = (struct check_key){shape_of(c, consumer), consumer->place};
	}
}

bool check_same_urls(struct check *c)
{
	struct check_key *keys = arena_array(c->arena, c->consumers.n + c->topics.n, sizeof(*keys));
	size_t n = 0;

	add_shapes(c, &c->consumers, keys, &n);
	add_shapes(c, &c->topics, keys, &n);
	check_unique(c, keys, n, DIAG_SAME_URL, "is the path of two consumers", "the other one");
	return true;
}
