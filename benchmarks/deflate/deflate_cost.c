/* SPDX-License-Identifier: MIT */
/*
 * What permessage-deflate costs: chat messages of several lengths through the functions that the server uses, and messages that are made to cost much. Prints a
 * table of each. Processor time of this thread, the best of some rounds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

#include "../../runtime/deflate/deflate.h"

enum { ROUNDS = 7, BYTES_A_ROUND = 400000, LIMIT = 65536 };

static struct msgc__deflater *deflater;
static struct msgc__inflater *inflater;
static char *memory;
static size_t cap = 16 * 1024;
static unsigned state;

static double now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static unsigned next(unsigned below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/* A line of a chat, or, where more is asked for, a page of its history. */
static size_t make_message(char *out, size_t room, size_t want)
{
	static const char *const words[] = {"the", "meeting", "is", "moved", "to", "tomorrow", "at",
	        "ten", "please", "bring", "your", "notes", "and", "we", "will", "look", "at", "the",
	        "figures", "of", "last", "week", "I", "think", "that", "it", "would", "be",
	        "better", "if", "somebody", "wrote", "down", "what", "was", "said", "coffee",
	        "later", "great"};
	size_t len = (size_t)snprintf(out, room, "{\"action\":\"history\",\"payload\":[");

	do {
		len += (size_t)snprintf(out + len, room - len,
		        "{\"id\":%u,\"room\":\"general-%u\",\"sender\":{\"id\":\"u-%u\",\"name\":"
		        "\"Ada "
		        "Lovelace\"},\"content\":\"",
		        next(1000000), next(90), next(100000));
		for (unsigned i = 4 + next(12); i > 0; i--)
			len += (size_t)snprintf(out + len, room - len, "%s ",
			        words[next(sizeof(words) / sizeof(words[0]))]);
		len += (size_t)snprintf(out + len, room - len,
		        "\",\"created_at\":\"2026-11-22T14:%02u:%02u.%03uZ\"},", next(60), next(60),
		        next(1000));
	} while (len + 200 < want);
	return len + (size_t)snprintf(out + len - 1, room - len, "]}") - 1;
}

static void line(size_t want)
{
	static char text[2 * LIMIT], deflated[2 * LIMIT];
	double out_best = 1e18, in_best = 1e18, bytes = 0, small = 0, count = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double out_us = 0, in_us = 0, began;

		state = 1;
		bytes = small = count = 0;
		while (bytes < BYTES_A_ROUND) {
			size_t len = make_message(text, sizeof(text), want), short_len, back;
			unsigned window = msgc__deflate_window(MSGC__DEFLATE_WINDOW_MAX, len);

			began = now_us();
			if (msgc__deflate(deflater, window, msgc_str_of(text, len),
			            msgc_str_of(NULL, 0), deflated, sizeof(deflated),
			            &short_len) < 0)
				abort();
			out_us += now_us() - began;
			began = now_us();
			if (msgc__inflate(inflater, msgc_str_of(deflated, short_len), 2 * LIMIT,
			            &memory, &cap, &back) < 0 ||
			        back != len)
				abort();
			in_us += now_us() - began;
			bytes += (double)len;
			small += (double)short_len;
			count++;
		}
		out_best = out_us / count < out_best ? out_us / count : out_best;
		in_best = in_us / count < in_best ? in_us / count : in_best;
	}
	printf("| %.0f | %.0f (%.0f %%) | %.1f | %.1f |\n", bytes / count, small / count,
	        100 * small / bytes, out_best, in_best);
}

/* ------------------------------------------------------------------------------------------ what costs much */

static double cost_of(const char *bytes, size_t len, int wanted)
{
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		double began = now_us();
		size_t back;

		if (msgc__inflate(inflater, msgc_str_of(bytes, len), LIMIT, &memory, &cap, &back) !=
		        wanted)
			abort();
		began = now_us() - began;
		best = began < best ? began : best;
	}
	return best;
}

/* zlib's best: a thousandth of what it was. */
static void bomb(void)
{
	size_t size = 60 << 20, room = 1 << 20;
	char *zeros = calloc(1, size), *out = malloc(room);
	z_stream stream = {.next_in = (Bytef *)zeros, .next_out = (Bytef *)out};

	if (!zeros || !out ||
	        deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	stream.avail_in = (uInt)size;
	stream.avail_out = (uInt)room;
	if (deflate(&stream, Z_SYNC_FLUSH) != Z_OK)
		abort();
	printf("| %zu bytes that inflate to 60 MiB | 1009 | %.0f |\n", (size_t)stream.total_out - 4,
	        cost_of(out, stream.total_out - 4, MSGC_ELIMIT));
	deflateEnd(&stream);
	free(zeros);
	free(out);
}

/* Blocks with nothing in them but tables: 90 bits each, of which zlib makes tables of its own. */
static void empty_tables(void)
{
	enum { SIZE = LIMIT };
	static unsigned char out[SIZE];
	size_t at = 0, blocks = 0, i;
	/* A value of so many bits, the least first: the block's head, lengths of lengths, lengths, the end. */
	struct {
		unsigned value, bits;
	} parts[64];
	size_t count = 0;

#define PUT(v, b) (parts[count].value = (v), parts[count].bits = (b), count++)
	PUT(0, 1), PUT(2, 2), PUT(0, 5), PUT(0, 5), PUT(14, 4);
	for (i = 0; i < 18; i++) /* 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 */
		PUT(i == 2 || i == 17 ? 1 : 0, 3);
	/* Codes: 1 is "0", 18 is "1". 138 and 118 zeros, then lengths of 1 for the end and for a distance. */
	PUT(1, 1), PUT(127, 7), PUT(1, 1), PUT(107, 7), PUT(0, 1), PUT(0, 1), PUT(0, 1);
#undef PUT
	for (;;) {
		size_t need = 0;

		for (i = 0; i < count; i++)
			need += parts[i].bits;
		if (at + need + 16 > SIZE * 8)
			break;
		for (i = 0; i < count; i++)
			for (unsigned bit = 0; bit < parts[i].bits; bit++, at++)
				out[at / 8] |=
				        (unsigned char)((parts[i].value >> bit & 1) << (at % 8));
		blocks++;
	}
	at += 3; /* the head of the block whose rest is cut off */
	printf("| %zu bytes of %zu empty blocks, each with tables of its own | none | %.0f |\n",
	        (at + 7) / 8, blocks, cost_of((char *)out, (at + 7) / 8, 0));
}

static void honest(void)
{
	static char text[2 * LIMIT], out[2 * LIMIT];
	size_t len = make_message(text, sizeof(text), LIMIT - 300), short_len;

	if (msgc__deflate(deflater, 15, msgc_str_of(text, len), msgc_str_of(NULL, 0), out,
	            sizeof(out), &short_len) < 0)
		abort();
	printf("| %zu bytes of a chat's history, %zu inflated | none | %.0f |\n", short_len, len,
	        cost_of(out, short_len, 0));
}

int main(void)
{
	static const size_t sizes[] = {300, 600, 1200, 4000, 16000, 64000};

	deflater = msgc__deflater_new();
	inflater = msgc__inflater_new();
	memory = malloc(cap + MSGC_PADDING);
	if (!deflater || !inflater || !memory)
		abort();
	puts("| bytes of a message | deflated | µs to deflate | µs to inflate |\n| ---: | ---: | "
	     "---: | ---: |");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		line(sizes[i]);
	printf("\n| message, limit %d | closed with | µs |\n| --- | --- | ---: |\n", LIMIT);
	honest();
	bomb();
	empty_tables();
	msgc__deflater_free(deflater);
	msgc__inflater_free(inflater);
	free(memory);
	return 0;
}
