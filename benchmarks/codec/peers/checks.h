/* SPDX-License-Identifier: MIT */
/*
 * What bench.msg demands, for libraries that know no contracts: the same for all of them, as
 * somebody would write it who wants it fast. And room for what is decoded.
 */
#ifndef BENCH_CHECKS_H
#define BENCH_CHECKS_H

#include <string.h>

#include "../bench.h"

#define MENTIONS_MOST 16
#define LINES_MOST    64
#define NUMBERS_MOST  256
#define INT53_MOST    INT64_C(9007199254740991)

static struct msgc_str mentions_room[MENTIONS_MOST];
static struct bench_line lines_room[LINES_MOST];
static double values_room[NUMBERS_MOST];
static int64_t ids_room[NUMBERS_MOST];

static inline struct msgc_str str_of(const char *ptr, size_t len)
{
	struct msgc_str s;

	s.ptr = ptr;
	s.len = len;
	return s;
}

static inline bool is_text(struct msgc_str s, const char *text, size_t len)
{
	return s.len == len && memcmp(s.ptr, text, len) == 0;
}
#define IS(s, literal) is_text(s, literal, sizeof(literal) - 1)

/* [A-Za-z0-9_.-]{1,64} */
static inline bool check_name(struct msgc_str s)
{
	static const uint64_t allowed[2] = {
	        UINT64_C(0x03FF600000000000), UINT64_C(0x07FFFFFE87FFFFFE)};
	uint64_t good = 1;

	if (s.len - 1 > 63)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		uint8_t c = (uint8_t)s.ptr[i];

		good &= c < 128 ? allowed[c / 64] >> (c % 64) : 0;
	}
	return good & 1;
}

/* 1 to 2000 code points; the bytes decide unless there are more than that. */
static inline bool check_text(struct msgc_str s)
{
	size_t count = 0;

	if (s.len - 1 < 2000)
		return true;
	if (s.len == 0 || s.len > 8000)
		return false;
	for (size_t i = 0; i < s.len; i++)
		count += ((uint8_t)s.ptr[i] & 0xC0) != 0x80;
	return count <= 2000;
}

/* dddd-dd-ddTdd:dd:ddZ */
static inline bool check_stamp(struct msgc_str s)
{
	static const char shape[] = "0000-00-00T00:00:00Z";
	unsigned bad = 0;

	if (s.len != 20)
		return false;
	for (size_t i = 0; i < 20; i++) {
		uint8_t d = (uint8_t)(s.ptr[i] - shape[i]);

		bad |= shape[i] == '0' ? d > 9 : d != 0;
	}
	return !bad;
}

static inline bool check_id(int64_t v)
{
	return v >= 0 && v <= INT53_MOST;
}

/* Which members have come; all must. */
enum { CONTENT = 1, SENDER = 2, RAW = 4, STAMP = 8, REPLY = 16, MENTIONS = 32, MESSAGE_ALL = 63 };
enum { L_USER = 1, L_TEXT = 2, L_STAMP = 4, L_ID = 8, LINE_ALL = 15 };
enum { ACTION = 1, PAYLOAD = 2, FRAME_ALL = 3 };
enum { VALUES = 1, IDS = 2, TELEMETRY_ALL = 3 };

static inline bool check_message(const struct bench_new_message_payload *m)
{
	if (!check_text(m->content) || !check_name(m->sender_name) || !check_stamp(m->timestamp) ||
	        !check_id(m->reply_to))
		return false;
	for (size_t i = 0; i < m->mentions.count; i++)
		if (!check_name(m->mentions.items[i]))
			return false;
	return true;
}

static inline bool check_line(const struct bench_line *l)
{
	return check_name(l->username) && check_text(l->message) && check_stamp(l->timestamp) &&
	        check_id(l->id);
}

#endif
