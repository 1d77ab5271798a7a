/* SPDX-License-Identifier: MIT */
/*
 * serde_json, by way of serde/lib.rs: its structs have the layout of those that msgc generates, so
 * that nothing is copied between the two. What bench.msg demands beyond types is checked here.
 */
#include "checks.h"

/* As lib.rs has them; they read into, and write from, the generated structs. */
bool serde_read_chat(const char *text, size_t len, struct bench_chat *ret);
bool serde_read_message(const char *text, size_t len, struct bench_new_message *ret);
bool serde_read_history(const char *text, size_t len, struct bench_history *ret);
bool serde_read_telemetry(const char *text, size_t len, struct bench_telemetry *ret);
size_t serde_write_chat(const struct bench_chat *v, const char **ret);
size_t serde_write_message(const struct bench_new_message *v, const char **ret);
size_t serde_write_history(const struct bench_history *v, const char **ret);
size_t serde_write_telemetry(const struct bench_telemetry *v, const char **ret);
void serde_release(void);

#define AT(type, member, offset) _Static_assert(offsetof(struct type, member) == (offset), #member)
AT(msgc_str, ptr, 0);
AT(msgc_str, len, 8);
AT(bench_line, message, 16);
AT(bench_line, timestamp, 32);
AT(bench_line, id, 48);
AT(bench_new_message_payload, sender_name, 16);
AT(bench_new_message_payload, raw, 32);
AT(bench_new_message_payload, timestamp, 40);
AT(bench_new_message_payload, reply_to, 56);
AT(bench_new_message_payload, mentions, 64);
AT(bench_telemetry_payload, ids, 16);

static bool decode_chat(char *text, size_t len, void *ret)
{
	struct bench_chat *v = ret;

	return serde_read_chat(text, len, v) && check_text(v->payload);
}

static bool decode_message(char *text, size_t len, void *ret)
{
	struct bench_new_message *v = ret;

	return serde_read_message(text, len, v) && v->payload.mentions.count <= MENTIONS_MOST &&
	        check_message(&v->payload);
}

static bool decode_history(char *text, size_t len, void *ret)
{
	struct bench_history *v = ret;

	if (!serde_read_history(text, len, v) || v->payload.count > LINES_MOST)
		return false;
	for (size_t i = 0; i < v->payload.count; i++)
		if (!check_line(&v->payload.items[i]))
			return false;
	return true;
}

static bool decode_telemetry(char *text, size_t len, void *ret)
{
	struct bench_telemetry *v = ret;

	return serde_read_telemetry(text, len, v) && v->payload.values.count <= NUMBERS_MOST &&
	        v->payload.ids.count <= NUMBERS_MOST;
}

static size_t encode_chat(const void *value, const char **ret)
{
	return serde_write_chat(value, ret);
}

static size_t encode_message(const void *value, const char **ret)
{
	return serde_write_message(value, ret);
}

static size_t encode_history(const void *value, const char **ret)
{
	return serde_write_history(value, ret);
}

static size_t encode_telemetry(const void *value, const char **ret)
{
	return serde_write_telemetry(value, ret);
}

static const struct peer serde = {
        .name = "serde_json " SERDE_JSON_VERSION,
        .decode = {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        .encode = {encode_chat, encode_message, encode_history, encode_telemetry, NULL},
        .release = serde_release,
};

const struct peer *const *bench_peers(void)
{
	static const struct peer *const peers[] = {&serde, NULL};

	return peers;
}
