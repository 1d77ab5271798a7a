/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a number: the value is strtod's, the decimal equals itself, integers agree with the decimal. And eight bytes
 * as a double: printed, it reads back, through strtod as well.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static void require_same(double a, double b)
{
	REQUIRE(memcmp(&a, &b, sizeof a) == 0);
}

static void print(const uint8_t *data)
{
	char text[MSGC_FLOAT64_MAX];
	double d, back;
	size_t len;

	memcpy(&d, data, sizeof d);
	if (!isfinite(d))
		return;
	len = msgc_format_float64(d, text);
	REQUIRE(len == strlen(text) && len < sizeof text);
	REQUIRE(msgc_parse_float64(text, len, &back) == 0);
	require_same(d, back);
	require_same(d, strtod(text, NULL));
}

static void read_integer(struct msgc_str text, double d)
{
	struct msgc_scope s = {0};
	struct msgc_buf out = {0};
	int64_t v;

	if (!msgc_text_int(&s, text, INT64_MIN, INT64_MAX, &v))
		return;
	msgc_write_int64(&out, v);
	REQUIRE(msgc_decimal_equal((struct msgc_decimal){text.ptr, text.len},
	        (struct msgc_decimal){out.data, out.len}));
	REQUIRE((double)v <= d && (double)v >= d);
	msgc_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct msgc_decimal decimal = {text, size};
	struct msgc_scope s = {0};
	double d, want;
	int result;

	REQUIRE(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (size >= sizeof(double))
		print(data);
	result = msgc_parse_float64(text, size, &d);
	REQUIRE(msgc_check_decimal(&s, decimal) == (result != MSGC_EINVAL));
	if (result != MSGC_EINVAL) {
		want = strtod(text, NULL);
		REQUIRE(!isfinite(want) == (result == MSGC_ELIMIT));
		if (result == 0) {
			require_same(d, want);
			read_integer(msgc_str_of(text, size), d);
		}
		REQUIRE(msgc_decimal_equal(decimal, decimal));
		REQUIRE(msgc_hash_decimal(1, decimal) == msgc_hash_decimal(1, decimal));
		(void)msgc_check_step(&s, msgc_str_of(text, size), "0.01");
	}
	free(text);
	return 0;
}
