/* SPDX-License-Identifier: MIT */
/*
 * fuzz_text.c - any bytes held against every format, trimmed, and in lower and upper case: nothing is read beyond the
 * end, a format says the same twice, a text stays UTF-8 and keeps its number of characters, and twice is once.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static void check_formats(struct msgc_str text)
{
	static bool (*const formats[])(struct msgc_scope * s, struct msgc_str v) = {
	        msgc_check_email, msgc_check_uri, msgc_check_uri_reference, msgc_check_hostname,
	        msgc_check_ipv4, msgc_check_ipv6, msgc_check_uuid_text, msgc_check_datetime_text,
	        msgc_check_date_text, msgc_check_time_text, msgc_check_duration_text,
	        msgc_check_json_pointer, msgc_check_slug};
	struct msgc_problems problems;
	struct msgc_scope scope;
	struct msgc_duration duration;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		msgc_scope_open(&scope, &problems);
		bool fine = formats[i](&scope, text);

		REQUIRE(fine == (msgc_scope_close(&scope) == 0) && problems.count == !fine);
	}
	/* Every URI is a reference, and what the type takes its format does, too. */
	msgc_scope_open(&scope, NULL);
	REQUIRE(!msgc_check_uri(&scope, text) || msgc_check_uri_reference(&scope, text));
	REQUIRE(!msgc_text_duration(&scope, text, &duration) ||
	        msgc_check_duration_text(&scope, text));
}

static void check_case(struct msgc_arena *arena, struct msgc_str text,
        int (*map)(struct msgc_arena *arena, struct msgc_str s, struct msgc_str *ret),
        bool (*check)(struct msgc_scope *s, struct msgc_str v))
{
	struct msgc_str once, twice;
	struct msgc_scope scope;

	msgc_scope_open(&scope, NULL);
	REQUIRE(map(arena, text, &once) == 0 && map(arena, once, &twice) == 0);
	REQUIRE(twice.ptr == once.ptr && twice.len == once.len && check(&scope, once));
	REQUIRE(check(&scope, text) == (once.ptr == text.ptr));
	REQUIRE(once.len <= text.len + text.len / 2);
	if (!msgc_utf8_valid(text.ptr, text.len))
		return;
	REQUIRE(msgc_utf8_valid(once.ptr, once.len));
	REQUIRE(msgc_utf8_count(once) == msgc_utf8_count(text));
}

/* A string of JSON, read and changed in its place, gives the same as the functions that copy. */
static void check_reader(struct msgc_arena *arena, struct msgc_str text)
{
	struct msgc_str trimmed = msgc_str_trimmed(text), lower, upper, v;
	struct msgc_buf out = {0};
	struct msgc_problems problems;
	struct msgc_reader reader;

	if (!msgc_utf8_valid(text.ptr, text.len))
		return;
	REQUIRE(msgc_str_lower(arena, trimmed, &lower) == 0);
	REQUIRE(msgc_str_upper(arena, lower, &upper) == 0);
	msgc_write_str(&out, text);
	REQUIRE(out.error == 0);
	REQUIRE(msgc_reader_open_copy(&reader, out.data, out.len, NULL, arena, &problems));
	REQUIRE(msgc_read_str(&reader, &v));
	msgc_read_trim(&reader, &v);
	msgc_read_lower(&reader, &v);
	REQUIRE(msgc_str_equal(v, lower) && v.ptr[v.len] == '\0');
	msgc_read_upper(&reader, &v);
	REQUIRE(msgc_str_equal(v, upper) && v.ptr[v.len] == '\0');
	msgc_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* Memory of exactly this size, so that the sanitizer sees what is read beyond. */
	char *copy = malloc(size != 0 ? size : 1);
	struct msgc_arena arena = {0};
	struct msgc_str text;

	REQUIRE(copy != NULL);
	if (size != 0)
		memcpy(copy, data, size);
	text = msgc_str_of(copy, size);
	check_formats(text);
	check_case(&arena, text, msgc_str_lower, msgc_check_lower);
	check_case(&arena, text, msgc_str_upper, msgc_check_upper);
	check_reader(&arena, text);
	msgc_arena_free(&arena);
	free(copy);
	return 0;
}
