/* SPDX-License-Identifier: MIT */
/*
 * The codec's tables that msgc call makes of a model: the example of each message, which the schemas' tests have judged, is read by them and written again; and what is
 * wrong is refused. usage: call_types FILE.msg...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/types.h"
#include "emit_jsonschema.h"
#include "front.h"

static unsigned n_read, n_bad;

static void complain(const char *file, const struct model_message *message, const char *what,
        const char *text, const struct msgc_problems *problems)
{
	n_bad++;
	printf("%s: %s: %s: %s\n", file, message->name, what, text);
	for (uint32_t i = 0; problems && i < problems->kept; i++)
		printf("  %s %s\n", problems->items[i].loc, problems->items[i].msg);
}

/* Reads it, writes it, reads that: the same value. */
static void read_one(const char *file, const struct model_message *message,
        const struct msgc_message *type, const char *text)
{
	static struct msgc_problems problems;
	struct msgc_arena arena = {0};
	struct msgc_buf again = {0};
	void *value = calloc(1, type->size + 1), *other = calloc(1, type->size + 1);

	if (!value || !other)
		abort();
	n_read++;
	msgc_problems_clear(&problems);
	if (msgc_type_decode(type->type, text, strlen(text), NULL, &arena, value, &problems) != 0)
		complain(file, message, "its example is refused", text, &problems);
	else if (msgc_type_encode(type->type, value, &again) != 0)
		complain(file, message, "it cannot be written", text, NULL);
	else if (msgc_type_decode(
	                 type->type, again.data, again.len, NULL, &arena, other, &problems) != 0)
		complain(file, message, "what was written is refused", msgc_buf_c(&again),
		        &problems);
	else if (!msgc_type_equal(type->type, value, other))
		complain(file, message, "it is another one", text, NULL);
	if (msgc_type_decode(type->type, "7", 1, NULL, &arena, other, NULL) == 0)
		complain(file, message, "a number is taken", "7", NULL);
	msgc_buf_free(&again);
	msgc_arena_free(&arena);
	free(value);
	free(other);
}

static void read_all(const char *file, const struct model *model)
{
	struct call_types *types = call_types_new();

	for (size_t i = 0; i < model->n_contracts; i++) {
		const struct model_contract *contract = model->contracts[i];

		for (size_t j = 0; j < contract->n_messages; j++) {
			const struct model_message *message = contract->messages[j];
			struct writer *w = writer_new("");
			size_t len;

			if (!w)
				abort();
			if (emit_example_message(w, message))
				read_one(file, message, call_types_message(types, message),
				        writer_text(w, &len));
			writer_free(w);
		}
	}
	call_types_free(types);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct front *front = front_new(NULL, 0);
		const struct model *model;

		if (front_compile_file(front, argv[i], &model) == FRONT_OK)
			read_all(argv[i], model);
		front_free(front);
	}
	printf("%u messages, %u wrong\n", n_read, n_bad);
	return n_bad > 0 || n_read == 0;
}
