/* SPDX-License-Identifier: MIT */
/*
 * A request's head: from libwebsockets' header table to struct msgc__request, with everything refused that two parties could read in two
 * ways. It must not know what the request is for.
 *
 * libwebsockets decodes the target: "%2F" and "/" in a path become the same, "." and ".." segments and double slashes are folded, "+" is a
 * blank, and a query is cut at "&" and ";". Here the target is encoded again, so that the core, which decodes, sees each byte once. "&" and ";"
 * in a path cannot be told apart any more and are refused.
 */
#include <string.h>
#include <strings.h>

#include "lws_internal.h"

/* Headers that may stand in a request once. The others are lists and are joined with commas. */
static const enum lws_token_indexes single[] = {
        WSI_TOKEN_HOST,
        WSI_TOKEN_ORIGIN,
        WSI_TOKEN_UPGRADE,
        WSI_TOKEN_KEY,
        WSI_TOKEN_VERSION,
        WSI_TOKEN_PROTOCOL,
        WSI_TOKEN_HTTP_COOKIE,
        WSI_TOKEN_HTTP_AUTHORIZATION,
        WSI_TOKEN_HTTP_CONTENT_LENGTH,
        WSI_TOKEN_HTTP_CONTENT_TYPE,
        WSI_TOKEN_HTTP_TRANSFER_ENCODING,
        WSI_TOKEN_HTTP_EXPECT,
};

static const struct {
	const char *name;
	enum lws_token_indexes token;
	bool reads_body; /* libwebsockets waits for a body even without Content-Length */
} methods[] = {
        {"GET", WSI_TOKEN_GET_URI, false},
        {"HEAD", WSI_TOKEN_HEAD_URI, false},
        {"POST", WSI_TOKEN_POST_URI, true},
        {"PUT", WSI_TOKEN_PUT_URI, true},
        {"PATCH", WSI_TOKEN_PATCH_URI, true},
        {"DELETE", WSI_TOKEN_DELETE_URI, false},
        {"OPTIONS", WSI_TOKEN_OPTIONS_URI, false},
};

enum { RETRY_AFTER_SECONDS = 5 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Memory of one head: the loop's scratch, given out from its beginning. */
struct room {
	char *at, *end;
};

static size_t left(const struct room *room)
{
	return (size_t)(room->end - room->at);
}

/* ------------------------------------------------------------------------------------------- the target */

static bool stays(unsigned char c, bool in_query)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
		return true;
	return c && strchr(in_query ? "-._~!$'()*,:@/" : "-._~!$'()*,:@/=", c);
}

/* Moves `len` decoded bytes from `text` behind `room->at` and encodes them. False: no room. */
static bool encode(struct room *room, const char *text, size_t len, bool in_query)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (left(room) < 3)
			return false;
		if (stays(c, in_query)) {
			*room->at++ = (char)c;
			continue;
		}
		*room->at++ = '%';
		*room->at++ = hex[c >> 4];
		*room->at++ = hex[c & 15];
	}
	return true;
}

/* The fragment is copied to the end of the room first, where the encoded text does not reach it before it is used up. */
static bool encode_fragment(struct lws *wsi, struct room *room, enum lws_token_indexes token,
        int fragment, bool in_query)
{
	int len = lws_hdr_fragment_length(wsi, token, fragment);
	size_t size = (size_t)len + 1;
	struct room before = {room->at, room->end - size};
	const char *text = before.end, *equals;
	bool fits;

	if (left(room) < 4 * size ||
	        lws_hdr_copy_fragment(wsi, before.end, (int)size, token, fragment) < 0)
		return false;
	equals = in_query ? memchr(text, '=', (size_t)len) : NULL;
	if (equals) {
		fits = encode(&before, text, (size_t)(equals - text), true) && left(&before);
		if (fits)
			*before.at++ = '=';
		fits = fits && encode(&before, equals + 1, (size_t)(text + len - equals - 1), true);
	} else {
		fits = encode(&before, text, (size_t)len, in_query);
	}
	room->at = before.at;
	return fits;
}

static bool has_fragment(struct lws *wsi, enum lws_token_indexes token, int fragment)
{
	char none[1];

	/* A missing fragment and one that does not fit both give -1; an empty one fits. */
	return lws_hdr_fragment_length(wsi, token, fragment) > 0 ||
	        lws_hdr_copy_fragment(wsi, none, 1, token, fragment) == 0;
}

/* Where the target ends in an empty piece of the query, libwebsockets writes a slash into it. */
static bool is_artefact(struct lws *wsi, int fragment)
{
	char text[2];

	return lws_hdr_copy_fragment(wsi, text, sizeof(text), WSI_TOKEN_HTTP_URI_ARGS, fragment) ==
	        1 &&
	        text[0] == '/' && !has_fragment(wsi, WSI_TOKEN_HTTP_URI_ARGS, fragment + 1);
}

static void read_target(struct lws *wsi, struct room *room, enum lws_token_indexes token,
        struct msgc__request *request, struct msgc__lws_refusal *refusal)
{
	int i;

	request->path.ptr = room->at;
	if (has_fragment(wsi, token, 1) || !encode_fragment(wsi, room, token, 0, false)) {
		*refusal = (struct msgc__lws_refusal){
		        400, 0, "the path is malformed or too long", NULL};
		return;
	}
	request->path.len = (size_t)(room->at - request->path.ptr);
	request->query.ptr = room->at;
	for (i = 0; has_fragment(wsi, WSI_TOKEN_HTTP_URI_ARGS, i) && !is_artefact(wsi, i); i++) {
		if (i && left(room))
			*room->at++ = '&';
		if (!encode_fragment(wsi, room, WSI_TOKEN_HTTP_URI_ARGS, i, true)) {
			*refusal =
			        (struct msgc__lws_refusal){414, 0, "the query is too long", NULL};
			return;
		}
	}
	request->query.len = (size_t)(room->at - request->query.ptr);
	if (!request->path.len || *request->path.ptr != '/')
		*refusal = (struct msgc__lws_refusal){
		        400, 0, "the path does not start with a slash", NULL};
}

/* ------------------------------------------------------------------------------------------- headers */

static bool is_single(enum lws_token_indexes token)
{
	size_t i;

	for (i = 0; i < COUNT(single); i++)
		if (single[i] == token)
			return true;
	return false;
}

/* Blanks around the value go; control characters inside make it malformed (RFC 9110 section 5.5). */
static bool clean(struct msgc_str *value)
{
	size_t i;

	while (value->len && (value->ptr[0] == ' ' || value->ptr[0] == '\t')) {
		value->ptr++;
		value->len--;
	}
	while (value->len &&
	        (value->ptr[value->len - 1] == ' ' || value->ptr[value->len - 1] == '\t'))
		value->len--;
	for (i = 0; i < value->len; i++) {
		unsigned char c = (unsigned char)value->ptr[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static void add_header(struct msgc__lws_loop *loop, struct msgc__request *request,
        struct room *room, const char *name, int value_len, struct msgc__lws_refusal *refusal)
{
	struct msgc__header *header = &loop->headers[request->header_count];

	header->name = name;
	header->value = (struct msgc_str){room->at, (size_t)value_len};
	room->at += value_len + 1;
	if (clean(&header->value))
		request->header_count++;
	else
		*refusal = (struct msgc__lws_refusal){
		        400, 0, "a header holds control characters", NULL};
}

/* "host" of "host:", in the room; NULL for tokens that are no headers. */
static const char *header_name(struct room *room, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	char *name = room->at;

	if (len < 2 || text[len - 1] != ':' || text[0] == ':' || left(room) < len)
		return NULL;
	memcpy(name, text, len - 1);
	name[len - 1] = '\0';
	room->at += len;
	return name;
}

static void read_known(struct msgc__lws_sock *sock, struct msgc__request *request,
        struct room *room, struct msgc__lws_refusal *refusal)
{
	int i;

	for (i = 0; i < WSI_TOKEN_COUNT && !refusal->status; i++) {
		enum lws_token_indexes token = (enum lws_token_indexes)i;
		int len = lws_hdr_total_length(sock->wsi, token);
		const char *name;

		if (is_single(token) && has_fragment(sock->wsi, token, 1)) {
			*refusal = (struct msgc__lws_refusal){
			        400, 0, "a header stands there twice", NULL};
			return;
		}
		name = len ? header_name(room, (const char *)lws_token_to_string(token)) : NULL;
		if (!name)
			continue;
		if (left(room) <= (size_t)len ||
		        lws_hdr_copy(sock->wsi, room->at, len + 1, token) < 0)
			*refusal = (struct msgc__lws_refusal){
			        431, 0, "the headers are too long", NULL};
		else
			add_header(sock->loop, request, room, name, len, refusal);
	}
}

static bool is_known(const char *name)
{
	size_t len = strlen(name);
	int i;

	for (i = 0; i < WSI_TOKEN_COUNT; i++) {
		const char *text = (const char *)lws_token_to_string((enum lws_token_indexes)i);

		if (text && strlen(text) == len + 1 && !memcmp(text, name, len))
			return true;
	}
	return false;
}

/*
 * Those that libwebsockets has no token for, as far as the core asks for them. Up to 4.1 nobody can list these, so the first of several
 * is taken.
 */
static void read_others(struct msgc__lws_sock *sock, struct msgc__request *request,
        struct room *room, struct msgc__lws_refusal *refusal)
{
	const struct msgc__lws_settings *set = &sock->loop->set;
	char key[256];
	size_t i;

	for (i = 0; i < set->header_name_count && !refusal->status; i++) {
		size_t name_len = strlen(set->header_names[i]);
		int len;

		if (name_len + 2 > sizeof(key) || is_known(set->header_names[i]))
			continue;
		memcpy(key, set->header_names[i], name_len);
		key[name_len] = ':';
		key[name_len + 1] = '\0';
		len = lws_hdr_custom_length(sock->wsi, key, (int)name_len + 1);
		if (len < 0)
			continue;
		if (left(room) <= (size_t)len ||
		        lws_hdr_custom_copy(sock->wsi, room->at, len + 1, key, (int)name_len + 1) <
		                0)
			*refusal = (struct msgc__lws_refusal){
			        431, 0, "the headers are too long", NULL};
		else
			add_header(sock->loop, request, room, set->header_names[i], len, refusal);
	}
}

const struct msgc_str *msgc__lws_head_find(const struct msgc__lws_head *head, const char *name)
{
	size_t i;

	for (i = 0; i < head->request.header_count; i++)
		if (!strcmp(head->request.headers[i].name, name))
			return &head->request.headers[i].value;
	return NULL;
}

bool msgc__lws_has_word(const struct msgc_str *list, const char *word)
{
	size_t word_len = strlen(word), at = 0;

	while (list && at < list->len) {
		const char *start = list->ptr + at;
		const char *comma = memchr(start, ',', list->len - at);
		size_t len = comma ? (size_t)(comma - start) : list->len - at;
		struct msgc_str item = {start, len};

		if (clean(&item) && item.len == word_len && !strncasecmp(item.ptr, word, word_len))
			return true;
		at += len + 1;
	}
	return false;
}

/* ------------------------------------------------------------------------------------------- framing */

/* Digits only, and few enough not to overflow. */
static bool read_length(const struct msgc_str *text, size_t *ret)
{
	size_t value = 0, i;

	if (!text->len || text->len > 15)
		return false;
	for (i = 0; i < text->len; i++) {
		if (text->ptr[i] < '0' || text->ptr[i] > '9')
			return false;
		value = value * 10 + (size_t)(text->ptr[i] - '0');
	}
	*ret = value;
	return true;
}

static void read_framing(struct msgc__lws_head *head, struct msgc__lws_refusal *refusal)
{
	const struct msgc_str *length = msgc__lws_head_find(head, "content-length");
	const struct msgc_str *expect = msgc__lws_head_find(head, "expect");

	head->chunked = msgc__lws_head_find(head, "transfer-encoding");
	head->close = !head->is_11 ||
	        msgc__lws_has_word(msgc__lws_head_find(head, "connection"), "close");
	head->expects = expect && msgc__lws_has_word(expect, "100-continue");
	head->has_length = length;
	if (length && !read_length(length, &head->length))
		*refusal =
		        (struct msgc__lws_refusal){400, 0, "Content-Length is not a number", NULL};
	else if (length && head->chunked)
		*refusal = (struct msgc__lws_refusal){
		        400, 0, "Content-Length beside Transfer-Encoding", NULL};
	else if (head->chunked)
		*refusal =
		        (struct msgc__lws_refusal){411, 0, "a body needs a Content-Length", NULL};
	else if (head->reads_body && !length)
		*refusal = (struct msgc__lws_refusal){411, 0, "Content-Length is missing", NULL};
	if (head->length)
		head->reads_body = true;
}

static void read_version(
        struct lws *wsi, struct msgc__lws_head *head, struct msgc__lws_refusal *refusal)
{
	char version[16];
	int len = lws_hdr_copy(wsi, version, sizeof(version), WSI_TOKEN_HTTP);

	head->is_11 = len == 8 && !memcmp(version, "HTTP/1.1", 9);
	if (!head->is_11 && !(len == 8 && !memcmp(version, "HTTP/1.0", 9)))
		*refusal = (struct msgc__lws_refusal){505, 0, "HTTP/1.1 is spoken here", NULL};
}

void msgc__lws_head_read(struct msgc__lws_sock *sock, struct msgc__lws_head *ret,
        struct msgc__lws_refusal *ret_refusal)
{
	struct msgc__lws_loop *loop = sock->loop;
	struct room room = {loop->scratch, loop->scratch + loop->scratch_size};
	struct msgc__lws_refusal refusal = {0, 0, NULL, NULL};
	struct msgc__lws_head head = {.request = {.headers = loop->headers,
	                                      .address = sock->address,
	                                      .secure = sock->secure}};
	size_t i;

	for (i = 0; i < COUNT(methods) && !head.request.method; i++)
		if (lws_hdr_total_length(sock->wsi, methods[i].token)) {
			head.request.method = methods[i].name;
			head.reads_body = methods[i].reads_body;
			head.is_get = !i;
			read_target(sock->wsi, &room, methods[i].token, &head.request, &refusal);
		}
	if (!head.request.method) {
		head.request.method = "GET";
		refusal = (struct msgc__lws_refusal){501, 0, "this method is not known here", NULL};
	}
	if (!refusal.status)
		read_version(sock->wsi, &head, &refusal);
	if (!refusal.status)
		read_known(sock, &head.request, &room, &refusal);
	if (!refusal.status)
		read_others(sock, &head.request, &room, &refusal);
	if (!refusal.status && head.is_11 && !msgc__lws_head_find(&head, "host"))
		refusal = (struct msgc__lws_refusal){400, 0, "the Host header is missing", NULL};
	if (!refusal.status)
		read_framing(&head, &refusal);
	if (!refusal.status && msgc__lws_sock_is_surplus(sock))
		refusal = (struct msgc__lws_refusal){
		        503, RETRY_AFTER_SECONDS, "Too many connections.", NULL};
	*ret = head;
	*ret_refusal = refusal;
}
