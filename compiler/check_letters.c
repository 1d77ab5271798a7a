/* SPDX-License-Identifier: MIT */
/*
 * check_letters.c - would `lower` or `upper` change a text? By the tables that the run time has.
 */
#include "checks.h"

/* runtime/codec/case_tables.c: code points first, first + step … last change; sorted. */
struct msgc__case_run {
	uint32_t first, last, step;
	int32_t delta;
};
extern const struct msgc__case_run msgc__lower_runs[], msgc__upper_runs[];
extern const size_t msgc__lower_n, msgc__upper_n;

static bool changes(const struct msgc__case_run *runs, size_t n, uint32_t c)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c < runs[middle].first)
			high = middle;
		else if (c > runs[middle].last)
			low = middle + 1;
		else
			return (c - runs[middle].first) % runs[middle].step == 0;
	}
	return false;
}

/* The text is valid UTF-8. */
static uint32_t next_code_point(const unsigned char *text, size_t *at)
{
	uint32_t c = text[(*at)++];
	unsigned more = c < 0xC0 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;

	if (more != 0)
		c &= 0x3Fu >> more;
	while (more-- != 0)
		c = c << 6 | (text[(*at)++] & 0x3F);
	return c;
}

bool check_letters_change(bool upper, const char *text, size_t length)
{
	size_t at = 0;

	while (at < length) {
		uint32_t c = next_code_point((const unsigned char *)text, &at);

		if (upper ? changes(msgc__upper_runs, msgc__upper_n, c)
		          : changes(msgc__lower_runs, msgc__lower_n, c))
			return true;
	}
	return false;
}
