/* SPDX-License-Identifier: MIT */
/*
 * What a frame costs by the number of actions of its contract, by its length, and where nobody looks
 * into it. Compiled once for each contract, whose generated C it includes for the consumer's table:
 * a frame goes the server's way, envelope, action, decoder. It must not know how many actions there
 * are but by SCALE_ACTIONS. All results are checked before anything is timed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "scale.msgc.c"

#include "../codec/floor.h"

enum {
	TEXTS = 256, /* different frames of a kind, so that the processor learns none by heart */
	ROUNDS_MOST = 1001,
	ACTS_MOST = 3,
	ROOM = 1 << 17
};

static struct msgc_arena arena;
static size_t rounds = 101;

static int fail(const char *what)
{
	fprintf(stderr, "scale: %s\n", what);
	return EXIT_FAILURE;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * UINT64_C(1000000000) + (uint64_t)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* ---- frames ---- */

/* Texts, each with room behind, and a copy to work on. */
struct frames {
	char *texts, *work;
	size_t at[TEXTS + 1], len[TEXTS];
	size_t used, count;
	void *value; /* of the largest message */
};

static bool frames_open(struct frames *f, size_t room)
{
	memset(f, 0, sizeof *f);
	f->texts = calloc(1, room);
	f->work = calloc(1, room);
	f->value = calloc(1, 4096);
	return f->texts && f->work && f->value;
}

static void frames_close(struct frames *f)
{
	free(f->texts);
	free(f->work);
	free(f->value);
}

static void frames_add(struct frames *f, struct msgc_buf *text)
{
	f->at[f->count] = f->used;
	f->len[f->count++] = text->len;
	memcpy(f->texts + f->used, text->data, text->len);
	f->used += text->len + MSGC_PADDING;
	msgc_buf_reset(text);
}

/* What is timed: one frame, or with the index of it something else; false: refused. */
typedef bool act(struct frames *f, size_t i);

/* Of each a pass over all frames in every round, so that what else the machine does meets all. */
static void medians_of(struct frames *f, act *const *acts, size_t n, double *ret)
{
	static double ns[ACTS_MOST][ROUNDS_MOST];
	bool good = true;

	for (size_t round = 0; round < rounds; round++)
		for (size_t k = 0; k < n; k++) {
			uint64_t start;

			memcpy(f->work, f->texts, f->used);
			start = now_ns();
			for (size_t i = 0; i < f->count; i++)
				good &= acts[k](f, i);
			ns[k][round] = (double)(now_ns() - start) / (double)f->count;
		}
	if (!good)
		exit(fail("a frame is refused"));
	for (size_t k = 0; k < n; k++) {
		qsort(ns[k], rounds, sizeof ns[k][0], compare);
		ret[k] = ns[k][rounds / 2];
	}
}

static double median_of(struct frames *f, act *one)
{
	double ns;

	medians_of(f, &one, 1, &ns);
	return ns;
}

/* ---- the server's way ---- */

static bool dispatch(struct frames *f, size_t i)
{
	const struct msgc_consumer *desk = &scale_desk__consumer;
	char *text = f->work + f->at[i];
	struct msgc_envelope envelope;
	int action;

	msgc_arena_reset(&arena);
	if (msgc_envelope_read(text, f->len[i], &desk->envelope, NULL, &arena, &envelope, NULL))
		return false;
	action = desk->find_action(envelope.tags[0].text.ptr, envelope.tags[0].text.len);
	return action >= 0 &&
	        msgc_message_decode_in_place(desk->actions[action].message, text, f->len[i], NULL,
	                &arena, f->value, NULL) == 0;
}

static void put_ticket(struct msgc_buf *text, unsigned action, unsigned seed)
{
	msgc_buf_printf(text,
	        "{\"action\":\"open_ticket_%04u\",\"payload\":{\"id\":%u,"
	        "\"title_%04u\":\"%.*s of some ticket or other\",\"urgent\":%s}}",
	        action, seed * 7919 % 100000, action, (int)(8 + seed % 24),
	        "the title is of several lengths, so", seed % 3 ? "true" : "false");
}

/* One of the actions, or (ANY) all of them in no order. */
enum which { FIRST, MIDDLE, LAST, ANY, N_WHICH };

static unsigned number_of(enum which which, unsigned seed)
{
	switch (which) {
	case FIRST: return 0;
	case MIDDLE: return SCALE_ACTIONS / 2;
	case LAST: return SCALE_ACTIONS - 1;
	default: return seed * 2654435761u % SCALE_ACTIONS;
	}
}

static bool make_tickets(struct frames *f, enum which which)
{
	const struct msgc_consumer *desk = &scale_desk__consumer;
	struct msgc_buf text = {0};

	if (!frames_open(f, TEXTS * 512))
		return false;
	for (unsigned i = 0; i < TEXTS; i++) {
		put_ticket(&text, number_of(which, i), i);
		frames_add(f, &text);
	}
	msgc_buf_free(&text);
	/* Every action there is finds itself. */
	for (unsigned i = 0; i < SCALE_ACTIONS; i++) {
		char name[32];
		int len = snprintf(name, sizeof name, "open_ticket_%04u", i);

		if (desk->find_action(name, (size_t)len) != (int)i)
			return false;
		name[len - 1] = 'x';
		if (desk->find_action(name, (size_t)len) != -1)
			return false;
	}
	return true;
}

/* ---- tags and values that are integers ---- */

enum { ITEMS = 32 };

static unsigned tag_of(unsigned number)
{
	return number * 7 + 3;
}

static bool decode_parts(struct frames *f, size_t i)
{
	struct scale_parts *v = f->value;

	msgc_arena_reset(&arena);
	return scale_parts_decode_in_place(f->work + f->at[i], f->len[i], NULL, &arena, v, NULL) ==
	        0 &&
	        v->payload.count == ITEMS;
}

static bool decode_codes(struct frames *f, size_t i)
{
	struct scale_codes *v = f->value;

	msgc_arena_reset(&arena);
	return scale_codes_decode_in_place(f->work + f->at[i], f->len[i], NULL, &arena, v, NULL) ==
	        0 &&
	        v->payload.count == ITEMS;
}

static bool find_names(struct frames *f, size_t i)
{
	const char *names = f->work + f->at[i];
	bool good = true;
	enum scale_code code;

	for (size_t k = 0; k < ITEMS; k++)
		good &= scale_code_from_name(msgc_str_of(names + 9 * k, 9), &code);
	return good;
}

static void put_items(struct msgc_buf *text, act *what, enum which which, unsigned seed)
{
	if (what == decode_parts)
		msgc_write_lit(text, "{\"action\":\"parts\",\"payload\":[");
	else if (what == decode_codes)
		msgc_write_lit(text, "{\"action\":\"codes\",\"payload\":[");
	for (unsigned k = 0; k < ITEMS; k++) {
		unsigned number = number_of(which, seed * ITEMS + k);

		if (what == find_names)
			msgc_buf_printf(text, "code_%04u", number);
		else if (what == decode_codes)
			msgc_buf_printf(text, "%s%u", k ? "," : "", tag_of(number));
		else
			msgc_buf_printf(text, "%s{\"kind\":%u,\"value_%04u\":%u}", k ? "," : "",
			        tag_of(number), number, k);
	}
	if (what != find_names)
		msgc_write_lit(text, "]}");
}

static bool make_items(struct frames *f, act *what, enum which which)
{
	struct msgc_buf text = {0};

	if (!frames_open(f, TEXTS * (ITEMS * 48 + 128)))
		return false;
	for (unsigned i = 0; i < TEXTS; i++) {
		put_items(&text, what, which, i);
		frames_add(f, &text);
	}
	msgc_buf_free(&text);
	return true;
}

/* Every name and every number of the contract is found, and stands for itself. */
static bool all_names_are_right(void)
{
	for (unsigned i = 0; i < SCALE_ACTIONS; i++) {
		enum scale_code code;
		char name[16];

		snprintf(name, sizeof name, "code_%04u", i);
		if (!scale_code_from_name(msgc_str_from(name), &code) ||
		        (unsigned)code != tag_of(i))
			return false;
		name[8] = '?';
		if (scale_code_from_name(msgc_str_from(name), &code))
			return false;
	}
	return true;
}

static bool all_arms_are_right(void)
{
	struct msgc_buf text = {0};
	struct scale_parts parts;
	bool good = true;

	for (unsigned i = 0; good && i < SCALE_ACTIONS; i++) {
		msgc_buf_printf(&text,
		        "{\"action\":\"parts\",\"payload\":[{\"kind\":%u,\"value_%04u\":1}]}",
		        tag_of(i), i);
		msgc_arena_reset(&arena);
		good = scale_parts_decode(text.data, text.len, NULL, &arena, &parts, NULL) == 0 &&
		        (unsigned)parts.payload.items[0].kind == i + 1;
		msgc_buf_reset(&text);
		msgc_buf_printf(
		        &text, "{\"action\":\"parts\",\"payload\":[{\"kind\":%u}]}", tag_of(i) + 1);
		good = good &&
		        scale_parts_decode(text.data, text.len, NULL, &arena, &parts, NULL) ==
		                MSGC_ECONTRACT;
		msgc_buf_reset(&text);
	}
	msgc_buf_free(&text);
	return good;
}

/* ---- the tables ---- */

static bool row_of(const char *name, act *what, double each)
{
	struct frames f;

	printf("| %s | %d |", name, SCALE_ACTIONS);
	for (int which = 0; which < N_WHICH; which++) {
		bool made = what == dispatch ? make_tickets(&f, (enum which)which)
		                             : make_items(&f, what, (enum which)which);

		if (made)
			printf(" %.1f |", median_of(&f, what) / each);
		frames_close(&f);
		if (!made)
			return false;
	}
	printf("\n");
	return true;
}

static int actions(void)
{
	if (!all_names_are_right() || !all_arms_are_right())
		return fail("a name or a number is not found");
	return row_of("a frame: envelope, action, decode", dispatch, 1) &&
	                row_of("an arm of a union, by an integer", decode_parts, ITEMS) &&
	                row_of("a value of an enum, by an integer", decode_codes, ITEMS) &&
	                row_of("an enum's `from_name`", find_names, ITEMS)
	        ? EXIT_SUCCESS
	        : fail("an action is not found");
}

static bool decode_lines(struct frames *f, size_t i)
{
	msgc_arena_reset(&arena);
	return scale_lines_decode_in_place(
	               f->work + f->at[i], f->len[i], NULL, &arena, f->value, NULL) == 0;
}

static bool decode_lines_const(struct frames *f, size_t i)
{
	msgc_arena_reset(&arena);
	return scale_lines_decode(f->work + f->at[i], f->len[i], NULL, &arena, f->value, NULL) == 0;
}

static bool copy(struct frames *f, size_t i)
{
	floor_copy(f->work + f->at[i], f->len[i]);
	return true;
}

static void put_lines(struct msgc_buf *text, const char *action, size_t n, unsigned seed)
{
	msgc_buf_printf(text, "{\"action\":\"%s\",\"payload\":[", action);
	for (size_t i = 0; i < n; i++)
		msgc_buf_printf(text,
		        "%s{\"user\":\"user_%u\",\"text\":\"\\\"%.*s\\\" in a "
		        "caf\xC3\xA9\",\"id\":%zu}",
		        i ? "," : "", seed % 1000, (int)(20 + (seed + i) % 60),
		        "what somebody has said some time ago, and with a few words more behind it",
		        i * 977);
	msgc_write_lit(text, "]}");
}

static bool make_lines(struct frames *f, const char *action, size_t n)
{
	struct msgc_buf text = {0};
	/* No more than caches hold, whatever the length. */
	size_t count = n > 100 ? 3 : n > 32 ? 32 : TEXTS;

	if (!frames_open(f, count * (n * 160 + 128)))
		return false;
	for (unsigned i = 0; i < count; i++) {
		put_lines(&text, action, n, i * 31);
		frames_add(f, &text);
	}
	msgc_buf_free(&text);
	return true;
}

static double bytes_of(const struct frames *f)
{
	return (double)(f->used - f->count * MSGC_PADDING) / (double)f->count;
}

static int lengths(void)
{
	static const size_t counts[] = {1, 10, 100, 1000};
	struct frames f;

	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		static act *const acts[] = {decode_lines, decode_lines_const, copy};
		double ns[3];

		if (!make_lines(&f, "lines", counts[i]))
			return fail("no memory");
		medians_of(&f, acts, 3, ns);
		printf("| %zu | %.0f | %.0f | %.2f | %.0f | %.2f | %.0f | %.0f |\n", counts[i],
		        bytes_of(&f), ns[0], ns[0] / bytes_of(&f), ns[1], ns[1] / bytes_of(&f),
		        ns[2], ns[1] - ns[0] - ns[2]);
		frames_close(&f);
	}
	return EXIT_SUCCESS;
}

/* ---- values that nobody looks into ---- */

static bool keep_opaque(struct frames *f, size_t i)
{
	msgc_arena_reset(&arena);
	return scale_opaque_decode_in_place(
	               f->work + f->at[i], f->len[i], NULL, &arena, f->value, NULL) == 0;
}

static bool validate(struct frames *f, size_t i)
{
	msgc_arena_reset(&arena);
	return msgc_json_validate(f->work + f->at[i], f->len[i], NULL, &arena, NULL) == 0;
}

static bool scan(struct frames *f, size_t i)
{
	return floor_scan(f->work + f->at[i], f->len[i]);
}

/* One value of a kind, of some kilobytes. */
static void put_value(struct msgc_buf *text, int kind, unsigned seed)
{
	static const char words[] =
	        "a text as people write it, most of it plain and some of it long ";

	msgc_write_lit(text, "{\"action\":\"opaque\",\"payload\":[");
	for (unsigned i = 0; i < 64; i++) {
		msgc_buf_append_str(text, i ? "," : "");
		if (kind == 0)
			msgc_buf_printf(
			        text, "\"%s%s%.*s\"", words, words, (int)((seed + i) % 60), words);
		else if (kind == 1)
			msgc_buf_printf(text,
			        "{\"id\":%u,\"user\":{\"name\":\"user_%u\",\"tags\":[\"a\",\"b%u\"]"
			        "},"
			        "\"text\":\"%.*s\",\"at\":\"2026-11-22T11:%02u:00Z\"}",
			        i * 7919, seed, i, (int)(10 + (seed + i) % 50), words, i % 60);
		else if (kind == 2)
			msgc_buf_printf(text, "%u.%u,-%u,%ue%u", seed * 31 + i, i * 977, i * 104729,
			        i, i % 9);
		else
			msgc_buf_printf(text, "[[[{\"a\":[{}]}]],true,null,[%u]]", i);
	}
	msgc_write_lit(text, "]}");
}

static bool make_values(struct frames *f, int kind)
{
	struct msgc_buf text = {0};
	bool made = frames_open(f, 64 * 16384);

	for (unsigned i = 0; made && i < 64; i++) {
		put_value(&text, kind, i * 17);
		frames_add(f, &text);
	}
	/* More names in an object than most have. */
	if (made && kind == 4) {
		f->used = f->count = 0;
		for (unsigned i = 0; i < 64; i++) {
			msgc_write_lit(&text, "{\"action\":\"opaque\",\"payload\":{\"name\":0");
			for (unsigned k = 0; k < 100; k++)
				msgc_buf_printf(
				        &text, ",\"name_%u\":{\"of\":\"%u\"}", k * 31 + i, k);
			msgc_write_lit(&text, "}}");
			frames_add(f, &text);
		}
	}
	msgc_buf_free(&text);
	return made;
}

static int opaque(void)
{
	static const char *const kinds[] = {"long strings", "records in a list", "numbers",
	        "brackets", "an object of 100 names"};
	struct frames f;

	for (int kind = 0; kind < 5; kind++) {
		static act *const acts[] = {scan, keep_opaque, validate};
		double ns[3];

		if (!make_values(&f, kind))
			return fail("no memory");
		medians_of(&f, acts, 3, ns);
		printf("| %s | %.0f | %.0f | %.0f | %.1f | %.2f | %.0f |\n", kinds[kind],
		        bytes_of(&f), ns[0], ns[1], ns[1] / ns[0], bytes_of(&f) / ns[1], ns[2]);
		frames_close(&f);
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc > 2)
		rounds = (size_t)strtoul(argv[2], NULL, 10);
	if (argc > 1 && rounds > 0 && rounds <= ROUNDS_MOST) {
		if (strcmp(argv[1], "actions") == 0)
			return actions();
		if (strcmp(argv[1], "lengths") == 0)
			return lengths();
		if (strcmp(argv[1], "opaque") == 0)
			return opaque();
	}
	return fail("usage: scale actions|lengths|opaque [ROUNDS]");
}
