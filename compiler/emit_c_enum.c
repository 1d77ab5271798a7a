/* SPDX-License-Identifier: MIT */
/*
 * emit_c_enum.c - the words for what an enum expects. Its table is in emit_c_type.c.
 */
#include <string.h>

#include "emit_c_parts.h"

/* The values as problems show them, for a contract's own words are no secret. */
const char *emit_c_expected(struct writer *w, const struct model_type *type)
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
	return writer_c_literal(w, text, strlen(text));
}
