/* SPDX-License-Identifier: MIT */
/*
 * fmt.c - the stages of laying out a contract: read, space, lines.
 */
#include "fmt.h"

#include <stdlib.h>

#include "fmt_parts.h"

bool fmt_source(struct diag *diag, const struct source *source, char **ret_text, size_t *ret_length)
{
	struct fmt f = {.source = source};
	bool fine = fmt_read(&f, diag);

	if (fine) {
		fmt_space(&f);
		fmt_layout(&f);
		if (f.too_big) {
			diag_report(diag, DIAG_FILE_TOO_BIG, (struct place){source, 0, 0},
			        "laid out, this would be larger than %zu MiB",
			        SOURCE_MAX_BYTES / 1024 / 1024);
			fine = false;
		}
	}
	free(f.tokens);
	free(f.comments);
	if (!fine) {
		free(f.text);
		return false;
	}
	*ret_text = f.text;
	*ret_length = f.length;
	return true;
}
