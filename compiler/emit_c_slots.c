/* SPDX-License-Identifier: MIT */
/*
 * emit_c_slots.c - the tables by which the codec finds names, as C: members, words of enums, tags.
 *
 * How they are laid out is name_slots.h's. Knows nothing of what the names stand for.
 */
#include "emit_c_parts.h"
#include "name_slots.h"

enum { FEW = 4 }; /* names that are faster looked through */

void emit_c_slots(struct writer *w, const char *const *names, size_t n_names)
{
	struct emit_c_rows rows = {.w = w};
	struct name_slots slots;
	uint32_t i;

	if (n_names <= FEW || n_names >= UINT16_MAX || !name_slots_lay_out(&slots, names, n_names))
		return;
	writer_open(w, ".slots = {");
	writer_open(w, ".at = (const uint16_t[]){");
	for (i = 0; i <= slots.mask; i++)
		emit_c_row_put(&rows, slots.at[i]);
	emit_c_row_end(&rows);
	writer_close(w, "}, .mask = %u,", (unsigned)slots.mask);
	writer_open(w, ".moves = (const uint8_t[]){");
	for (i = 0; i <= slots.move_mask; i++)
		emit_c_row_put(&rows, slots.moves[i]);
	emit_c_row_end(&rows);
	writer_close(w, "}, .move_mask = %u, .seed = %u", (unsigned)slots.move_mask,
	        (unsigned)slots.seed);
	writer_close(w, "},");
	name_slots_clear(&slots);
}
