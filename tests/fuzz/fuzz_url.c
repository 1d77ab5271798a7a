/* SPDX-License-Identifier: MIT */
/*
 * Everything that reads a piece of a request's head or of a configuration file: the first byte says which. What comes out is held
 * against what the headers promise.
 */
#include <stdlib.h>
#include <string.h>

#include "server/config_internal.h"
#include "server/cookie.h"
#include "server/http_internal.h"
#include "server/log.h"
#include "server/origin.h"
#include "server/url.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition))                                                                  \
			abort();                                                                   \
	} while (0)

static void fuzz_decode(const char *text, size_t len)
{
	char *out = malloc(len ? len : 1);
	size_t decoded = 0;

	if (msgc__url_decode(text, len, len & 1, out, &decoded) == 0) {
		REQUIRE(decoded <= len);
		REQUIRE(msgc_utf8_valid(out, decoded));
	}
	free(out);
}

static void fuzz_path(struct msgc_str text, struct msgc_arena *arena)
{
	static char prefix[] = "/", directory[] = "/nonexistent";
	const struct msgc__static nowhere = {.prefix = prefix, .directory = directory, .fd = -1};
	struct msgc__path path;
	struct msgc__file file;

	if (msgc__path_split(text, arena, &path))
		return;
	REQUIRE(path.count <= MSGC__SEGMENTS_MAX);
	for (size_t i = 0; i < path.count; i++)
		REQUIRE(strlen(path.segments[i].ptr) == path.segments[i].len);
	REQUIRE(msgc__static_open(&nowhere, path.segments, path.count, path.slash, &file) < 0);
}

static void fuzz_pairs(struct msgc_str text, struct msgc_arena *arena)
{
	struct msgc__pairs pairs;

	if (msgc__pairs_parse(text, arena, &pairs))
		return;
	REQUIRE(pairs.count <= MSGC__PAIRS_MAX);
	for (size_t i = 0; i < pairs.count; i++) {
		REQUIRE(pairs.items[i].name.ptr[pairs.items[i].name.len] == '\0');
		REQUIRE(pairs.items[i].value.ptr[pairs.items[i].value.len] == '\0');
	}
}

/* What is understood once is understood again, and is the same. */
static void fuzz_origin(struct msgc_str text)
{
	struct msgc__origin origin, again;
	char written[512];

	if (msgc__origin_parse(text, false, &origin))
		return;
	if (origin.port)
		snprintf(written, sizeof(written), "%s://%s:%u", origin.scheme, origin.host,
		        origin.port);
	else
		snprintf(written, sizeof(written), "%s://%s", origin.scheme, origin.host);
	REQUIRE(msgc__origin_parse(msgc_str_from(written), false, &again) == 0);
	REQUIRE(msgc__origin_equal(&origin, &again));
}

static void fuzz_request(struct msgc_str text)
{
	static const char *proxies[] = {"127.0.0.1"};
	const struct msgc__header headers[] = {{"host", text}, {"origin", text},
	        {"x-forwarded-for", text}, {"x-forwarded-proto", text}};
	struct msgc__request request = {
	        .method = "GET", .headers = headers, .header_count = 3, .address = "127.0.0.1"};
	struct msgc__config config = {.public_url = "", .trusted_proxies = {proxies, 1}};
	struct msgc__origins origins;
	struct msgc__client client = {0}; /* stays so where the address is refused */
	const char *wrong;

	REQUIRE(msgc__origins_init(&origins, &config, &wrong) == 0);
	if (msgc__origins_client(&origins, &request, &client) == 0)
		REQUIRE(strlen(client.address) >= 2 && strlen(client.address) < MSGC__ADDRESS_MAX);
	msgc__origins_judge(&origins, &request, &client);
	request.header_count = 4;
	msgc__origins_client(&origins, &request, &client);
	msgc__origins_free(&origins);
	/* An Origin is a URL, a Host is none: the same text is never the own origin. */
	origins = (struct msgc__origins){.required = true};
	client = (struct msgc__client){.secure = false};
	REQUIRE(msgc__origins_judge(&origins, &request, &client) == MSGC__ORIGIN_FOREIGN);
}

static void fuzz_cookie(struct msgc_str text)
{
	struct msgc_str value = msgc__cookie_find(text, "sid");
	char zero[256], out[1024];
	size_t len;

	if (value.ptr)
		REQUIRE(value.ptr >= text.ptr && value.ptr + value.len <= text.ptr + text.len);
	REQUIRE(!value.ptr || !memchr(value.ptr, ';', value.len));
	msgc__etag_matches(text, "\"1-2-3\"");
	if (text.len >= sizeof(zero))
		return;
	memcpy(zero, text.ptr, text.len);
	zero[text.len] = '\0';
	msgc__mime_type(zero);
	if (msgc__cookie_format(out, sizeof(out), "sid", zero, NULL, true, &len) == 0) {
		REQUIRE(!strpbrk(out, "\r\n"));
		value = msgc__cookie_find(msgc_str_of(out, len), "sid");
		REQUIRE(msgc_str_equal(value, msgc_str_from(zero)));
	}
}

static void fuzz_network(const char *text, size_t len)
{
	struct msgc__network network;
	char zero[128];

	if (len >= sizeof(zero))
		return;
	memcpy(zero, text, len);
	zero[len] = '\0';
	if (msgc__network_parse(zero, &network) == 0) {
		REQUIRE(network.bits <= 128);
		msgc__network_has(&network, "127.0.0.1");
	}
}

static void fuzz_config(const char *text, size_t len)
{
	static char name[] = "chat";
	char *argv[] = {name, NULL}, *environment[] = {NULL};
	char *copy = malloc(len ? len : 1);
	struct msgc__config config;

	memcpy(copy, text, len);
	REQUIRE(msgc__config_load(&config, 1, argv, environment, NULL, 0) == 0);
	msgc__config_read_text(config.state, "fuzz.conf", copy, len);
	REQUIRE(config.port >= 0 && config.port <= 65535);
	REQUIRE(config.workers >= 1 && config.workers <= 256);
	REQUIRE(config.frame_limit >= 128);
	if (!config.state->wrong)
		msgc__config_check(&config);
	msgc__config_free(&config);
	free(copy);
}

static void format_line(bool json, const char *format, ...) MSGC_PRINTF(2, 3);
static void format_line(bool json, const char *format, ...)
{
	char line[MSGC__LOG_LINE_MAX];
	va_list args;
	size_t len;

	va_start(args, format);
	len = msgc__log_format(line, json, 0, MSGC_LOG_INFO, "fuzz", format, args);
	va_end(args);
	REQUIRE(len <= sizeof(line) && line[len - 1] == '\n');
	REQUIRE(!memchr(line, '\n', len - 1));
	REQUIRE(msgc_utf8_valid(line, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data + 1;
	struct msgc_arena arena;
	size_t len = size - 1;

	if (size == 0)
		return 0;
	msgc_arena_init(&arena, 1 << 20);
	switch (data[0] % 9) {
	case 0: fuzz_decode(text, len); break;
	case 1: fuzz_path(msgc_str_of(text, len), &arena); break;
	case 2: fuzz_pairs(msgc_str_of(text, len), &arena); break;
	case 3: fuzz_origin(msgc_str_of(text, len)); break;
	case 4: fuzz_request(msgc_str_of(text, len)); break;
	case 5: fuzz_cookie(msgc_str_of(text, len)); break;
	case 6: fuzz_network(text, len); break;
	case 7: fuzz_config(text, len); break;
	default:
		format_line(false, "a=%.*s b=%d", (int)len, text, 1);
		format_line(true, "a=%.*s b=%d", (int)len, text, 1);
		break;
	}
	msgc_arena_free(&arena);
	return 0;
}
