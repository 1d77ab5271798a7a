/* SPDX-License-Identifier: MIT */
/*
 * Group names from their templates. Values are percent-encoded but for ASCII letters and digits, so that none can pretend to be another
 * group's name: the compiler (compiler/check_group_clash.c) counts on this alphabet. It must not know what groups are.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <msgc/codec_gen.h>
#include <msgc/consumer.h>

void msgc_group_name_text(struct msgc_group_name *name, const char *literal, size_t len)
{
	if (name->too_long || len > MSGC_GROUP_NAME_MAX - name->len) {
		name->too_long = true;
		return;
	}
	memcpy(name->text + name->len, literal, len);
	name->len += len;
	name->text[name->len] = '\0';
}

/* ASCII's, in any locale. */
static bool is_plain(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

void msgc_group_name_str(struct msgc_group_name *name, struct msgc_str value)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < value.len && !name->too_long; i++) {
		unsigned char c = (unsigned char)value.ptr[i];
		char encoded[3] = {'%', hex[c >> 4], hex[c & 15]};

		if (is_plain(c))
			msgc_group_name_text(name, value.ptr + i, 1);
		else
			msgc_group_name_text(name, encoded, sizeof encoded);
	}
}

void msgc_group_name_int(struct msgc_group_name *name, int64_t value)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%" PRId64, value);

	msgc_group_name_str(name, msgc_str_of(text, (size_t)len));
}

void msgc_group_name_uint(struct msgc_group_name *name, uint64_t value)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%" PRIu64, value);

	msgc_group_name_text(name, text, (size_t)len);
}

/* A scalar as the codec has written it. */
static void add_json(struct msgc_group_name *name, const struct msgc_buf *json)
{
	size_t quote = json->len > 1 && json->data[0] == '"';

	if (json->error)
		name->too_long = true;
	else
		msgc_group_name_str(name, msgc_str_of(json->data + quote, json->len - 2 * quote));
}

#define MSGC__GROUP_NAME_JSON(kind, type)                                                          \
	void msgc_group_name_##kind(struct msgc_group_name *name, type value)                      \
	{                                                                                          \
		char text[MSGC_GROUP_NAME_MAX + 1];                                                \
		struct msgc_buf json;                                                              \
                                                                                                   \
		msgc_buf_init_fixed(&json, text, sizeof text);                                     \
		msgc_write_##kind(&json, value);                                                   \
		add_json(name, &json);                                                             \
	}

MSGC__GROUP_NAME_JSON(float64, double)
MSGC__GROUP_NAME_JSON(float32, float)
MSGC__GROUP_NAME_JSON(decimal, struct msgc_decimal)
MSGC__GROUP_NAME_JSON(datetime, struct msgc_datetime)
MSGC__GROUP_NAME_JSON(date, struct msgc_date)
MSGC__GROUP_NAME_JSON(time, struct msgc_time)
MSGC__GROUP_NAME_JSON(duration, struct msgc_duration)
MSGC__GROUP_NAME_JSON(uuid, struct msgc_uuid)
