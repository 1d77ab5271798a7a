/* SPDX-License-Identifier: MIT */
/*
 * fuzz_tables.c - the fast ways against the general one: the same text for the same message, read
 * by some set of kernels that this machine has and written by it, in as much room as it likes and in
 * just enough of it, and read and written by the tables alone. Verdict, problems, value and encoded text must be the
 * same to the letter. The first byte chooses the message and how it is read.
 */
#include <stdlib.h>
#include <string.h>

#include "codec/kernels.h"
#include "messages.h"
#include "only_tables.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct msgc_message *const messages[] = {
#define MESSAGE(type) &type##_message,
        FUZZ_MESSAGES(MESSAGE)
#undef MESSAGE
};

#define N_MESSAGES (sizeof messages / sizeof messages[0])

/* One way to do it, and what came of it. */
struct way {
	const struct msgc_type *type;
	int result;
	struct msgc_arena arena;
	char *text;
	void *value;
	struct msgc_problems problems;
	struct msgc_buf out;
};

/* Without a byte of room to spare, values are written in another way; and without one, not at all. */
static void check_room(const struct way *way)
{
	char *memory = malloc(way->out.len);
	struct msgc_buf out;

	if (!memory)
		abort();
	msgc_buf_init_fixed(&out, memory, way->out.len);
	if (msgc_type_encode(way->type, way->value, &out) != 0 || out.len != way->out.len ||
	        memcmp(memory, way->out.data, out.len) != 0)
		abort();
	msgc_buf_init_fixed(&out, memory, way->out.len - 1);
	if (msgc_type_encode(way->type, way->value, &out) != MSGC_ENOMEM || out.len != 0)
		abort();
	free(memory);
}

static void run(
        struct way *way, const char *text, size_t len, const struct msgc_decode_options *options)
{
	way->text = malloc(len + MSGC_PADDING);
	way->value = calloc(1, way->type->size + 1);
	if (!way->text || !way->value)
		abort();
	memcpy(way->text, text, len);
	memset(way->text + len, '"', MSGC_PADDING);
	way->result = msgc_type_decode_in_place(
	        way->type, way->text, len, options, &way->arena, way->value, &way->problems);
	if (way->result == 0)
		way->result = msgc_type_encode(way->type, way->value, &way->out);
	else
		msgc_problems_write(&way->problems, &way->out);
	if (way->out.error)
		abort();
	if (way->result == 0)
		check_room(way);
}

static void clear(struct way *way)
{
	msgc_arena_free(&way->arena);
	msgc_buf_free(&way->out);
	free(way->text);
	free(way->value);
}

/* All of it: problems beyond those that are kept are counted. */
static bool is_same(const struct way *a, const struct way *b)
{
	return a->result == b->result && a->problems.count == b->problems.count &&
	        a->out.len == b->out.len && memcmp(a->out.data, b->out.data, a->out.len) == 0 &&
	        (a->result != 0 || msgc_type_equal(a->type, a->value, b->value));
}

/* One set of those that there are, whichever it is. */
static void use_some_kernels(size_t which)
{
	const struct msgc__kernels *const *all = msgc__kernels_all();
	size_t n = 0;

	while (all[n])
		n++;
	msgc__kernels_use(all[which % n]->name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct msgc_type *tables[N_MESSAGES];
	struct msgc_decode_options options = {0};
	struct way fast = {0}, others = {0};
	size_t first, which, how;

	if (size == 0)
		return 0;
	first = (uint8_t)(data[0] - 'A');
	which = first % N_MESSAGES;
	how = first / N_MESSAGES;
	options.unknown = (enum msgc_unknown)(how % 3);
	options.keep_text = how / 3 % 2;
	options.max_depth = how / 6 % 2 ? 5 : 0;
	if (!tables[which])
		tables[which] = only_tables(messages[which]->type);
	others.type = tables[which];
	run(&others, (const char *)data + 1, size - 1, &options);
	fast.type = messages[which]->type;
	use_some_kernels(data[size - 1] + size);
	run(&fast, (const char *)data + 1, size - 1, &options);
	if (!is_same(&fast, &others))
		abort();
	clear(&fast);
	clear(&others);
	return 0;
}
