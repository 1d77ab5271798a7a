/* SPDX-License-Identifier: MIT */
/*
 * emit_c_enum.c - what the table of an enum, which is in emit_c_type.c, says of all values together:
 * the words for what is expected, and the order of integers.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit_c_parts.h"

/* The values as problems show them, for a contract's own words are no secret. */
const char *emit_c_expected_words(struct writer *w, const struct model_type *type)
{
	enum { ENOUGH = 1000 };
	const char *text = "";
	size_t i;

	for (i = 0; i < type->n_values && strlen(text) < ENOUGH; i++) {
		const struct model_enum_value *value = &type->values[i];
		const char *between = i == 0 ? "" : i + 1 < type->n_values ? ", " : " or ";

		if (value->wire != NULL)
			text = writer_format(w, "%s%s'%s'", text, between, value->wire);
		else if (type->is_int_enum)
			text = writer_format(w, "%s%s%d", text, between, (int)value->number);
		else
			text = writer_format(w, "%s%s%s", text, between, value->literal.text);
	}
	if (i < type->n_values)
		text = writer_format(w, "%s and others", text);
	return text;
}

const char *emit_c_expected(struct writer *w, const struct model_type *type)
{
	const char *text = emit_c_expected_words(w, type);

	return writer_c_literal(w, text, strlen(text));
}

static int compare_numbers(const void *a, const void *b)
{
	const struct emit_c_number *x = a, *y = b;

	return x->number < y->number ? -1 : x->number > y->number;
}

static bool runs_on(const struct emit_c_number *numbers, size_t n)
{
	size_t i = 0;

	while (i < n && numbers[i].place == i &&
	        (uint64_t)numbers[i].number == (uint64_t)numbers[0].number + i)
		i++;
	return i == n;
}

void emit_c_by_number(struct writer *w, struct emit_c_number *numbers, size_t n)
{
	enum { FEW = 8 }; /* are looked through */
	struct emit_c_rows rows = {.w = w};

	if (n <= FEW || n >= UINT16_MAX || runs_on(numbers, n))
		return;
	qsort(numbers, n, sizeof(*numbers), compare_numbers);
	writer_open(w, ".by_number = (const uint16_t[]){");
	for (size_t i = 0; i < n; i++)
		emit_c_row_put(&rows, (unsigned)numbers[i].place);
	emit_c_row_end(&rows);
	writer_close(w, "},");
	writer_line(w, ".n_by_number = %zu,", n);
}

void emit_c_enum_by_number(struct writer *w, const struct model_type *type)
{
	struct emit_c_number *numbers = memory_get((type->n_values + 1) * sizeof(*numbers));
	size_t n = 0;

	for (size_t i = 0; i < type->n_values; i++) {
		const struct model_enum_value *value = &type->values[i];

		if (value->wire == NULL && value->literal.kind != MODEL_LITERAL_BOOL)
			numbers[n++] = (struct emit_c_number){
			        type->is_int_enum ? value->number : value->literal.number, i};
	}
	emit_c_by_number(w, numbers, n);
	free(numbers);
}
