/* SPDX-License-Identifier: MIT */
/*
 * fuzz_contract.c - any bytes as a contract: parsed, checked, asked about, reported, and written in
 * every output.
 *
 * Imports reach the built-in contracts only. Nothing is looked at but that it ends, and ends clean.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "emit.h"
#include "front.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void emit_everything(const struct model *model)
{
	size_t i, j;

	for (i = 0; i < n_emitters; i++) {
		for (j = 0; j < EMIT_MAX_FILES && emitters[i].files[j].emit != NULL; j++) {
			struct writer *writer = writer_new(emitters[i].files[j].unit);

			if (writer == NULL)
				abort();
			emitters[i].files[j].emit(model, writer);
			/* A writer fails where memory is short, or indentation went wrong. */
			if (writer_failed(writer))
				abort();
			writer_free(writer);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct diag_style styles[] = {
	        {DIAG_TEXT, true}, {DIAG_JSON, false}, {DIAG_GITHUB, false}};
	static FILE *nowhere;
	struct front *front = front_new(NULL, 0);
	const struct model *model;
	enum front_result result;
	size_t i;

	if (nowhere == NULL)
		nowhere = fopen("/dev/null", "w");
	if (nowhere == NULL)
		abort();
	result = front_compile_memory(front, "fuzz.msg", (const char *)data, size, &model);
	front_lint(front);
	for (i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		front_print(front, nowhere, &styles[i]);
	if (result == FRONT_OK)
		emit_everything(model);
	front_free(front);
	return 0;
}
