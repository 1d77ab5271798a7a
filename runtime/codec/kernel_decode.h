/* SPDX-License-Identifier: MIT */
/*
 * A whole message: one call from the first byte to the last. It knows how a reader begins and ends,
 * and nothing of what is between.
 */
#ifndef MSGC_CODEC_KERNEL_DECODE_H
#define MSGC_CODEC_KERNEL_DECODE_H

#include "kernel_aside.h"

/* By its own code, if it has any. */
ALWAYS char *message_at(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value)
{
	if (MSGC__LIKELY(type->straight && type->straight[KERNEL_ISA]))
		return type->straight[KERNEL_ISA](r, p, value);
	return record_at(r, p, type, value);
}

/* A whole message: compiled into one function with its outermost record. */
static int kernel_decode(const struct msgc_type *type, char *text, size_t len,
        const struct msgc_decode_options *options, struct msgc_arena *arena, void *ret,
        struct msgc_problems *problems)
{
	struct msgc_reader r;
	int result;

	clear(ret, type->size);
	if (MSGC__LIKELY(msgc__reader_begin(&r, text, len, options, arena, problems))) {
		if (MSGC__LIKELY(type->quick == MSGC_QUICK_RECORD))
			r.at = message_at(&r, text, type, ret);
		else
			msgc_type_read(&r, type, ret);
		if (MSGC__LIKELY(r.at == r.end && !r.error && !r.scope.refused))
			return 0;
	}
	result = msgc_reader_close(&r);
	if (result)
		memset(ret, 0, type->size);
	return result;
}

static void kernel_read_record(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	r->at = quick_record(r, r->at, type, value);
}

static void kernel_read_list(struct msgc_reader *r, const struct msgc_type *type, void *value)
{
	r->at = quick_list(r, r->at, type, value);
}

#endif
