/* SPDX-License-Identifier: MIT */
/*
 * Makes the five workloads from a pseudo-random sequence of its own. Texts are written here and not
 * by a library that is measured, escaped as browsers do it: quotes, backslashes and line breaks;
 * some clients escape what is not ASCII, too.
 */
#include "workload.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MOST 4096 /* bytes that one value's string may have */

/* What is being made. */
struct maker {
	uint64_t seed;
	struct msgc_arena *arena;
	struct msgc_buf out;
	bool failed;
};

/* splitmix64: Steele, Lea and Flood, 2014. */
static uint64_t draw(struct maker *m)
{
	uint64_t z = m->seed += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

/* from, from + 1, … to */
static size_t between(struct maker *m, size_t from, size_t to)
{
	return from + (size_t)(draw(m) % (to - from + 1));
}

static struct msgc_str keep(struct maker *m, const char *text, size_t len)
{
	struct msgc_str s = {text, len}, kept = {"", 0};

	m->failed |= msgc_arena_copy(m->arena, s, &kept) != 0;
	return kept;
}

/* ---- values ---- */

static const char *const words[] = {"the", "of", "room", "and", "please", "a", "see", "to",
        "tomorrow", "in", "message", "is", "you", "that", "it", "server", "was", "for", "on", "are",
        "deployment", "with", "as", "I", "his", "they", "be", "at", "conversation", "one", "have",
        "this"};
static const char *const marked[] = {
        "straße", "naïve", "Ελλάδα", "привет", "日本語", "🙂", "façade", "señor"};
static const char *const escaped[] = {"\n", "\"quoted\"", "C:\\temp", "\t", "a/b\nc", "say \"hi\""};

enum flavour { PLAIN, WITH_ESCAPES, WITH_OTHERS };

static struct msgc_str make_text(struct maker *m, size_t least, enum flavour flavour)
{
	char text[TEXT_MOST];
	size_t len = 0;
	const char *word;

	while (len < least) {
		word = words[draw(m) % 32];
		if (flavour == WITH_OTHERS && draw(m) % 3 == 0)
			word = marked[draw(m) % 8];
		else if (flavour == WITH_ESCAPES && draw(m) % 4 == 0)
			word = escaped[draw(m) % 6];
		if (len)
			text[len++] = ' ';
		memcpy(text + len, word, strlen(word));
		len += strlen(word);
	}
	return keep(m, text, len);
}

static struct msgc_str make_name(struct maker *m)
{
	static const char letters[] =
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	char text[16];
	size_t len = between(m, 4, 14);

	for (size_t i = 0; i < len; i++)
		text[i] = letters[draw(m) % (i ? 65 : 26)];
	return keep(m, text, len);
}

static struct msgc_str make_stamp(struct maker *m)
{
	char text[24];
	int len = snprintf(text, sizeof text, "20%02u-%02u-%02uT%02u:%02u:%02uZ",
	        (unsigned)between(m, 10, 39), (unsigned)between(m, 1, 12),
	        (unsigned)between(m, 1, 28), (unsigned)between(m, 0, 23),
	        (unsigned)between(m, 0, 59), (unsigned)between(m, 0, 59));

	return keep(m, text, (size_t)len);
}

static int64_t make_id(struct maker *m)
{
	return (int64_t)(draw(m) % 90000000 + between(m, 1, 9999));
}

static void make_message(struct maker *m, struct bench_new_message_payload *v)
{
	struct msgc_str *mentions;

	v->content = make_text(m, between(m, 12, 40), PLAIN);
	v->sender_name = make_name(m);
	v->raw = draw(m) & 1;
	v->timestamp = make_stamp(m);
	v->reply_to = make_id(m);
	v->mentions.count = between(m, 0, 3);
	mentions = msgc_arena_calloc(m->arena, v->mentions.count + 1, sizeof *mentions);
	m->failed |= !mentions;
	for (size_t i = 0; mentions && i < v->mentions.count; i++)
		mentions[i] = make_name(m);
	v->mentions.items = mentions;
}

static void make_history(struct maker *m, struct bench_history *v)
{
	struct bench_line *lines = msgc_arena_calloc(m->arena, 50, sizeof *lines);
	static const enum flavour flavours[] = {
	        PLAIN, PLAIN, PLAIN, WITH_ESCAPES, WITH_ESCAPES, WITH_OTHERS, WITH_OTHERS};

	m->failed |= !lines;
	for (size_t i = 0; lines && i < 50; i++) {
		lines[i].username = make_name(m);
		lines[i].message = make_text(m, between(m, 10, 70), flavours[draw(m) % 7]);
		lines[i].timestamp = make_stamp(m);
		lines[i].id = make_id(m);
	}
	v->payload.items = lines;
	v->payload.count = 50;
}

/* Half as sensors give them, with few decimals; half with all digits that a double has. */
static double make_double(struct maker *m)
{
	double v;

	if (draw(m) & 1)
		v = ((double)between(m, 0, 2000000) - 50000.0) / (draw(m) & 1 ? 100.0 : 1000.0);
	else
		v = ((double)(draw(m) >> 11) / 9007199254740992.0 - 0.5) *
		        pow(10.0, (double)between(m, 0, 6));
	return v;
}

static void make_telemetry(struct maker *m, struct bench_telemetry_payload *v)
{
	double *values = msgc_arena_calloc(m->arena, 200, sizeof *values);
	int64_t *ids = msgc_arena_calloc(m->arena, 200, sizeof *ids);

	m->failed |= !values || !ids;
	for (size_t i = 0; values && ids && i < 200; i++) {
		values[i] = make_double(m);
		ids[i] = (int64_t)(draw(m) >> between(m, 11, 56));
		if (draw(m) % 8 == 0)
			ids[i] = -ids[i];
	}
	v->values.items = values;
	v->ids.items = ids;
	v->values.count = v->ids.count = 200;
}

/* ---- texts ---- */

static void put(struct maker *m, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	msgc_buf_append_str(&m->out, text);
}

/* One code point of valid UTF-8. */
static uint32_t code_point(const char **p)
{
	const uint8_t *u = (const uint8_t *)*p;
	unsigned more = u[0] < 0x80 ? 0 : u[0] < 0xE0 ? 1 : u[0] < 0xF0 ? 2 : 3;
	uint32_t c = more ? u[0] & (0x3Fu >> more) : u[0];

	for (unsigned i = 1; i <= more; i++)
		c = c << 6 | (u[i] & 0x3F);
	*p += more + 1;
	return c;
}

static void put_str(struct maker *m, struct msgc_str s)
{
	const char *p = s.ptr, *from;
	bool ascii = draw(m) % 8 == 0; /* a client that escapes everything else */
	uint32_t c;

	msgc_buf_append_char(&m->out, '"');
	while (p < s.ptr + s.len) {
		from = p;
		c = code_point(&p);
		if (c == '"' || c == '\\')
			put(m, "\\%c", (int)c);
		else if (c == '\n' || c == '\t')
			put(m, "\\%c", c == '\n' ? 'n' : 't');
		else if (c < 0x80 || !ascii)
			msgc_buf_append(&m->out, from, (size_t)(p - from));
		else if (c < 0x10000)
			put(m, "\\u%04x", c);
		else
			put(m, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10),
			        0xDC00 + (c & 0x3FF));
	}
	msgc_buf_append_char(&m->out, '"');
}

static void put_mentions(struct maker *m, const struct msgc_str_list *list, const char *space)
{
	msgc_buf_append_char(&m->out, '[');
	for (size_t i = 0; i < list->count; i++) {
		put(m, "%s%s", i ? "," : "", space);
		put_str(m, list->items[i]);
	}
	msgc_buf_append_char(&m->out, ']');
}

static void put_member(struct maker *m, const struct bench_new_message_payload *v, unsigned which,
        const char *colon)
{
	static const char *const names[] = {"content", "sender_name", "raw", "timestamp",
	        "reply_to", "mentions", "client_version"};

	put(m, "\"%s\"%s", names[which], colon);
	switch (which) {
	case 0: put_str(m, v->content); break;
	case 1: put_str(m, v->sender_name); break;
	case 2: put(m, v->raw ? "true" : "false"); break;
	case 3: put_str(m, v->timestamp); break;
	case 4: put(m, "%lld", (long long)v->reply_to); break;
	case 5: put_mentions(m, &v->mentions, colon[1] ? "\n      " : ""); break;
	default:
		put(m, "{\"major\": %u, \"tags\": [\"web\", null, 1.5e3]}",
		        (unsigned)between(m, 1, 99));
	}
}

static void put_message(struct maker *m, const struct bench_new_message_payload *v)
{
	put(m, "{\"action\":\"new_message\",\"payload\":{");
	for (unsigned i = 0; i < 6; i++) {
		put(m, i ? "," : "");
		put_member(m, v, i, ":");
	}
	put(m, "}}");
}

/* In any order, on lines of its own each, with a member that nobody asked for. */
static void put_shuffled(struct maker *m, const struct bench_new_message_payload *v)
{
	unsigned order[7] = {0, 1, 2, 3, 4, 5, 6}, other;
	bool payload_first = draw(m) & 1;

	for (size_t i = 6, j; i > 0; i--) {
		j = between(m, 0, i);
		other = order[i];
		order[i] = order[j];
		order[j] = other;
	}
	put(m, "{\n");
	if (!payload_first)
		put(m, "  \"action\": \"new_message\",\n");
	put(m, "  \"payload\": {\n");
	for (unsigned i = 0; i < 7; i++) {
		put(m, "    ");
		put_member(m, v, order[i], ": ");
		put(m, i < 6 ? ",\n" : "\n");
	}
	put(m, "  }%s\n", payload_first ? ",\n  \"action\": \"new_message\"" : "");
	put(m, "}\n");
}

static void put_history(struct maker *m, const struct bench_history *v)
{
	put(m, "{\"action\":\"history\",\"payload\":[");
	for (size_t i = 0; i < v->payload.count; i++) {
		put(m, "%s{\"username\":", i ? "," : "");
		put_str(m, v->payload.items[i].username);
		put(m, ",\"message\":");
		put_str(m, v->payload.items[i].message);
		put(m, ",\"timestamp\":");
		put_str(m, v->payload.items[i].timestamp);
		put(m, ",\"id\":%lld}", (long long)v->payload.items[i].id);
	}
	put(m, "]}");
}

/* The fewest digits that read back as the same number. */
static void put_double(struct maker *m, double v)
{
	char text[40];

	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	put(m, "%s", text);
}

static void put_telemetry(struct maker *m, const struct bench_telemetry_payload *v)
{
	put(m, "{\"action\":\"telemetry\",\"payload\":{\"values\":[");
	for (size_t i = 0; i < v->values.count; i++) {
		put(m, i ? "," : "");
		put_double(m, v->values.items[i]);
	}
	put(m, "],\"ids\":[");
	for (size_t i = 0; i < v->ids.count; i++)
		put(m, "%s%lld", i ? "," : "", (long long)v->ids.items[i]);
	put(m, "]}}");
}

/* ---- corpora ---- */

static void make_one(struct maker *m, enum workload workload, void *value)
{
	struct bench_chat *chat = value;
	struct bench_new_message *message = value;
	struct bench_telemetry *telemetry = value;

	switch (workload) {
	case CHAT:
		chat->payload = make_text(m, between(m, 20, 60), PLAIN);
		put(m, "{\"action\":\"chat\",\"payload\":");
		put_str(m, chat->payload);
		put(m, "}");
		break;
	case HISTORY:
		make_history(m, value);
		put_history(m, value);
		break;
	case TELEMETRY:
		make_telemetry(m, &telemetry->payload);
		put_telemetry(m, &telemetry->payload);
		break;
	default:
		make_message(m, &message->payload);
		(workload == MESSAGE ? put_message : put_shuffled)(m, &message->payload);
	}
}

size_t corpus_usual_count(enum workload workload)
{
	return workload == HISTORY || workload == TELEMETRY ? 64 : 2048;
}

int corpus_make(struct corpus *c, enum workload workload, size_t count)
{
	static const struct {
		const char *name;
		size_t size;
		const struct msgc_message *type;
	} kinds[N_WORKLOADS] = {
	        {"chat", sizeof(struct bench_chat), &bench_chat_message},
	        {"message", sizeof(struct bench_new_message), &bench_new_message_message},
	        {"history", sizeof(struct bench_history), &bench_history_message},
	        {"telemetry", sizeof(struct bench_telemetry), &bench_telemetry_message},
	        {"shuffled", sizeof(struct bench_new_message), &bench_new_message_message},
	};
	struct maker m = {.seed = (uint64_t)workload + 1, .arena = &c->arena};
	static const char padding[PADDING];

	*c = (struct corpus){.name = kinds[workload].name,
	        .count = count,
	        .value_size = kinds[workload].size,
	        .type = kinds[workload].type};
	c->values = msgc_arena_calloc(&c->arena, count, c->value_size);
	c->offset = msgc_arena_calloc(&c->arena, count, sizeof *c->offset);
	c->len = msgc_arena_calloc(&c->arena, count, sizeof *c->len);
	if (!c->values || !c->offset || !c->len)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		c->offset[i] = m.out.len;
		make_one(&m, workload, (char *)c->values + i * c->value_size);
		c->len[i] = m.out.len - c->offset[i];
		msgc_buf_append(&m.out, padding, sizeof padding);
	}
	c->texts = m.out.data;
	c->size = m.out.len;
	return m.failed || m.out.error ? MSGC_ENOMEM : 0;
}

void corpus_free(struct corpus *c)
{
	free(c->texts);
	msgc_arena_free(&c->arena);
}
