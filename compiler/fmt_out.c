/* SPDX-License-Identifier: MIT */
/*
 * fmt_out.c - the text that fmt writes: bounded, with the column that comes next.
 *
 * White space is written only before something that follows it: no line ends in blanks.
 */
#include "fmt_parts.h"

#include <string.h>

#include "arena.h"

static void put_bytes(struct fmt *f, const char *bytes, size_t length)
{
	if (f->too_big || f->length + length > SOURCE_MAX_BYTES) {
		f->too_big = true;
		return;
	}
	if (f->length + length > f->text_capacity) {
		f->text_capacity = (f->length + length) * 2;
		f->text = memory_resize(f->text, f->text_capacity);
	}
	memcpy(f->text + f->length, bytes, length);
	f->length += length;
}

static void put_blanks(struct fmt *f, uint32_t n)
{
	static const char blanks[] = "                                ";

	while (n > 0 && !f->too_big) {
		uint32_t some = n < sizeof(blanks) - 1 ? n : (uint32_t)sizeof(blanks) - 1;

		put_bytes(f, blanks, some);
		n -= some;
	}
}

void fmt_put(struct fmt *f, uint32_t start, uint32_t end, uint32_t width)
{
	put_blanks(f, f->indent);
	f->indent = 0;
	put_bytes(f, f->source->text + start, end - start);
	f->column += width;
}

void fmt_put_blanks(struct fmt *f, uint32_t n)
{
	f->indent += n;
	f->column += n;
}

void fmt_line(struct fmt *f, uint32_t indent)
{
	if (f->length != 0)
		put_bytes(f, "\n", 1);
	f->indent = f->column = indent;
}

void fmt_blank_line(struct fmt *f)
{
	put_bytes(f, "\n", 1);
}

void fmt_put_tokens(struct fmt *f, uint32_t from, uint32_t to)
{
	uint32_t i;

	for (i = from; i < to; i++) {
		if (i != from)
			fmt_put_blanks(f, f->tokens[i].space);
		fmt_put(f, f->tokens[i].start, f->tokens[i].end, f->tokens[i].width);
	}
}

/* Its width is of no interest: nothing follows it on its line. */
void fmt_put_comment(struct fmt *f, const struct fmt_comment *comment)
{
	fmt_put(f, comment->start, comment->end, 0);
}
