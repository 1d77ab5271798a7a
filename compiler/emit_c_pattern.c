/* SPDX-License-Identifier: MIT */
/*
 * emit_c_pattern.c - the automata of a contract's patterns as const tables, each once.
 *
 * Not static: contracts that import this one check its types with them.
 */
#include <inttypes.h>
#include <string.h>

#include "emit_c_parts.h"
#include "pattern_shape.h"

/* Code points below this have a table of their own. */
#define ASCII_END 128

/* So many columns behind the indentation are filled. */
#define WIDTH 88

/* Items in lines as long as may be. */
struct rows {
	struct writer *w;
	size_t column; /* 0: at the beginning of a line */
};

static void put(struct rows *rows, const char *item)
{
	size_t length = strlen(item) + 1;

	if (rows->column != 0 && rows->column + 1 + length > WIDTH) {
		writer_end(rows->w);
		rows->column = 0;
	}
	writer_add(rows->w, "%s%s,", rows->column != 0 ? " " : "", item);
	rows->column += length + (rows->column != 0);
}

static void end_rows(struct rows *rows)
{
	if (rows->column != 0)
		writer_end(rows->w);
	rows->column = 0;
}

static bool is_narrow(const struct model_pattern *pattern)
{
	return pattern->n_states <= 256;
}

/* Each state begins a line. */
static void next_table(struct writer *w, const struct model_pattern *pattern)
{
	struct rows rows = {w, 0};
	size_t n = (size_t)pattern->n_states * pattern->n_classes;

	writer_open(w, "static const %s %s_next[] = {", is_narrow(pattern) ? "uint8_t" : "uint16_t",
	        pattern->c_name);
	for (size_t i = 0; i < n; i++) {
		put(&rows, writer_format(w, "%u", pattern->next[i]));
		if ((i + 1) % pattern->n_classes == 0)
			end_rows(&rows);
	}
	writer_close(w, "};");
}

/* The first range that reaches beyond ASCII, and those behind it. */
static size_t beyond_ascii(const struct model_pattern *pattern)
{
	size_t first = pattern->n_ranges - 1;

	while (pattern->ranges[first] >> 8 > ASCII_END)
		first--;
	return first;
}

static void range_table(struct writer *w, const struct model_pattern *pattern)
{
	struct rows rows = {w, 0};

	writer_open(w, "static const uint32_t %s_ranges[] = {", pattern->c_name);
	for (size_t i = beyond_ascii(pattern); i < pattern->n_ranges; i++) {
		uint32_t first = pattern->ranges[i] >> 8;

		put(&rows,
		        writer_format(w, "0x%" PRIX32,
		                (first < ASCII_END ? ASCII_END : first) << 8 |
		                        (pattern->ranges[i] & 0xFF)));
	}
	end_rows(&rows);
	writer_close(w, "};");
}

static void ascii_table(struct writer *w, const struct model_pattern *pattern)
{
	struct rows rows = {w, 0};
	size_t at = 0;

	writer_open(w, ".ascii = {");
	for (uint32_t c = 0; c < ASCII_END; c++) {
		while (at + 1 < pattern->n_ranges && pattern->ranges[at + 1] >> 8 <= c)
			at++;
		put(&rows, writer_format(w, "%" PRIu32, pattern->ranges[at] & 0xFF));
	}
	end_rows(&rows);
	writer_close(w, "},");
}

static void byte_table(struct writer *w, const char *name, const uint8_t *bytes, size_t n)
{
	struct rows rows = {w, 0};

	writer_open(w, ".%s = {", name);
	for (size_t i = 0; i < n; i++)
		put(&rows, writer_format(w, "%u", bytes[i]));
	end_rows(&rows);
	writer_close(w, "},");
}

/* What needs no automaton. */
static void shape_definition(
        struct writer *w, const struct model_pattern *pattern, const struct pattern_shape *shape)
{
	writer_open(w, "static const struct msgc_shape %s_shape = {", pattern->c_name);
	writer_line(w, ".least = %" PRIu32 ",", shape->least);
	if (shape->most == PATTERN_SHAPE_NO_END)
		writer_line(w, ".most = UINT32_MAX,");
	else
		writer_line(w, ".most = %" PRIu32 ",", shape->most);
	writer_line(w, ".is_fixed = %s,", shape->is_fixed ? "true" : "false");
	if (shape->has_ranges) {
		writer_line(w, ".has_ranges = true,");
		writer_line(w, ".fold = %u,", shape->fold);
	}
	byte_table(w, "from", shape->from, sizeof(shape->from));
	byte_table(w, "span", shape->span, sizeof(shape->span));
	writer_close(w, "};");
	writer_open(w, "const struct msgc_pattern %s = {", pattern->c_name);
	writer_line(w, ".text = %s,", writer_c_literal(w, pattern->text, strlen(pattern->text)));
	writer_line(w, ".shape = &%s_shape,", pattern->c_name);
	writer_close(w, "};");
}

static void definition(struct writer *w, const struct model_pattern *pattern)
{
	struct pattern_shape shape;

	writer_blank(w);
	if (pattern_shape(pattern, &shape)) {
		shape_definition(w, pattern, &shape);
		return;
	}
	next_table(w, pattern);
	range_table(w, pattern);
	writer_open(w, "const struct msgc_pattern %s = {", pattern->c_name);
	writer_line(w, ".text = %s,", writer_c_literal(w, pattern->text, strlen(pattern->text)));
	writer_line(w, ".ranges = %s_ranges,", pattern->c_name);
	writer_line(w, ".n_ranges = %zu,", pattern->n_ranges - beyond_ascii(pattern));
	writer_line(w, ".%s = %s_next,", is_narrow(pattern) ? "narrow" : "wide", pattern->c_name);
	writer_line(w, ".n_classes = %" PRIu32 ",", pattern->n_classes);
	writer_line(w, ".start = %" PRIu32 ",", pattern->start);
	writer_line(w, ".first_final = %" PRIu32 ",", pattern->first_final);
	ascii_table(w, pattern);
	writer_close(w, "};");
}

void emit_c_patterns_header(const struct emit_c *c)
{
	const struct model_contract *contract = c->contract;

	if (contract->n_patterns == 0)
		return;
	writer_blank(c->w);
	writer_comment(c->w, "Patterns, for generated code.");
	writer_line(c->w, "struct msgc_pattern;");
	for (size_t i = 0; i < contract->n_patterns; i++)
		writer_line(c->w, "extern const struct msgc_pattern %s;",
		        contract->patterns[i]->c_name);
}

void emit_c_patterns_source(const struct emit_c *c)
{
	for (size_t i = 0; i < c->contract->n_patterns; i++)
		definition(c->w, c->contract->patterns[i]);
}
