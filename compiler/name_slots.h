/* SPDX-License-Identifier: MIT */
/*
 * name_slots.h - a perfect hash of names, as struct msgc_type_slots of <msgc/type.h> has it: each
 * name has a slot of its own, so that who looks one up compares once.
 *
 * Knows nothing of what the names stand for, nor of C that is written.
 */
#ifndef MSGC_NAME_SLOTS_H
#define MSGC_NAME_SLOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_slots {
	uint16_t *at;   /* mask + 1 of them: index + 1 of the name that may be meant, or 0 */
	uint8_t *moves; /* move_mask + 1 of them */
	uint32_t mask;
	uint32_t move_mask;
	uint32_t seed;
};

/*
 * Lays out fewer than UINT16_MAX names; NULL, and what was there before, has no slot. The arrays are
 * the caller's: name_slots_clear(). False, and no arrays: no way was found, which nobody has seen.
 */
bool name_slots_lay_out(struct name_slots *ret, const char *const *names, size_t n_names);

void name_slots_clear(struct name_slots *slots);

#endif
