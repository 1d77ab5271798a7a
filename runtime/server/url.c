/* SPDX-License-Identifier: MIT */
/*
 * Percent-decoding, path segments and name=value lists. Texts come straight from the network; every loop is bounded by their
 * length, which is checked first. It knows nothing of requests.
 */
#include "url.h"

#include <string.h>

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int msgc__url_decode(const char *text, size_t len, bool plus, char *out, size_t *ret_len)
{
	char *start = out;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '%') {
			int high = i + 2 < len ? hex(text[i + 1]) : -1;
			int low = i + 2 < len ? hex(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return MSGC_EINVAL;
			*out++ = (char)(high << 4 | low);
			i += 2;
		} else if (plus && text[i] == '+') {
			*out++ = ' ';
		} else {
			*out++ = text[i];
		}
	}
	if (!msgc_utf8_valid(start, (size_t)(out - start)))
		return MSGC_EINVAL;
	*ret_len = (size_t)(out - start);
	return MSGC_OK;
}

/* Decodes one piece into `*room`, which moves on behind its NUL. The room suffices: decoding never lengthens. */
static int take_piece(const char *text, size_t len, bool plus, char **room, struct msgc_str *ret)
{
	size_t decoded;
	int result = msgc__url_decode(text, len, plus, *room, &decoded);

	if (result)
		return result;
	(*room)[decoded] = '\0';
	*ret = msgc_str_of(*room, decoded);
	*room += decoded + 1;
	return MSGC_OK;
}

int msgc__path_split(struct msgc_str path, struct msgc_arena *arena, struct msgc__path *ret)
{
	struct msgc__path split = {.count = 0};
	const char *at = path.ptr, *end = path.ptr + path.len;
	char *room;

	if (path.len == 0 || path.ptr[0] != '/')
		return MSGC_EINVAL;
	if (path.len > MSGC__PATH_MAX)
		return MSGC_ELIMIT;
	room = msgc_arena_alloc(arena, path.len + MSGC__SEGMENTS_MAX + 1, 1);
	if (!room)
		return MSGC_ENOMEM;
	split.slash = path.ptr[path.len - 1] == '/';
	if (split.slash)
		end--;
	while (at < end) {
		const char *start = at + 1;
		const char *slash = memchr(start, '/', (size_t)(end - start));
		struct msgc_str *segment = &split.segments[split.count];
		int result;

		at = slash ? slash : end;
		if (split.count == MSGC__SEGMENTS_MAX)
			return MSGC_ELIMIT;
		result = take_piece(start, (size_t)(at - start), false, &room, segment);
		if (result)
			return result;
		if (memchr(segment->ptr, '\0', segment->len))
			return MSGC_EINVAL;
		split.count++;
	}
	*ret = split;
	return MSGC_OK;
}

/* One "name=value", "name" or "=value". */
static int take_pair(const char *text, size_t len, char **room, struct msgc__pair *ret)
{
	const char *equals = memchr(text, '=', len);
	size_t name_len = equals ? (size_t)(equals - text) : len;
	int result = take_piece(text, name_len, true, room, &ret->name);

	if (result)
		return result;
	if (!equals)
		return take_piece(text, 0, true, room, &ret->value);
	return take_piece(equals + 1, len - name_len - 1, true, room, &ret->value);
}

static size_t count_pairs(struct msgc_str text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] != '&' && (i == 0 || text.ptr[i - 1] == '&');
	return count;
}

int msgc__pairs_parse(struct msgc_str text, struct msgc_arena *arena, struct msgc__pairs *ret)
{
	size_t most = count_pairs(text), count = 0;
	const char *at = text.ptr, *end = text.ptr + text.len;
	struct msgc__pair *items;
	char *room;

	if (most == 0) {
		*ret = (struct msgc__pairs){NULL, 0};
		return MSGC_OK;
	}
	if (most > MSGC__PAIRS_MAX)
		return MSGC_ELIMIT;
	items = msgc_arena_calloc(arena, most, sizeof(*items));
	room = msgc_arena_alloc(arena, text.len + 2 * most, 1);
	if (!items || !room)
		return MSGC_ENOMEM;
	while (at < end) {
		const char *mark = memchr(at, '&', (size_t)(end - at));
		size_t len = mark ? (size_t)(mark - at) : (size_t)(end - at);

		if (len > 0) {
			int result = take_pair(at, len, &room, &items[count]);

			if (result)
				return result;
			count++;
		}
		at = mark ? mark + 1 : end;
	}
	*ret = (struct msgc__pairs){items, count};
	return MSGC_OK;
}

const struct msgc_str *msgc__pairs_find(
        const struct msgc__pairs *pairs, const char *name, size_t *ret_count)
{
	struct msgc_str wanted = msgc_str_from(name);
	const struct msgc_str *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		if (!msgc_str_equal(pairs->items[i].name, wanted))
			continue;
		if (count++ == 0)
			first = &pairs->items[i].value;
	}
	if (ret_count)
		*ret_count = count;
	return first;
}
