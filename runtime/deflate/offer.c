/* SPDX-License-Identifier: MIT */
/*
 * Sec-WebSocket-Extensions (RFC 6455 section 9.1) and the parameters of permessage-deflate (RFC 7692 section 7.1): read strictly, since two parties that
 * understand an agreement differently take each other's frames for garbage. It must not know what is done with an agreement.
 */
#include "deflate.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 8, PARAMETERS = 4 };

const char msgc__deflate_offer[] =
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

struct text {
	const char *at, *end;
};

/* One of a list's elements: a name and what was said beside. */
struct extension {
	bool is_ours;
	bool is_good; /* each parameter known, well-formed, and there once */
	bool has[PARAMETERS];
	unsigned bits[PARAMETERS]; /* 0: without a value */
};

enum parameter { SERVER_FRESH, CLIENT_FRESH, SERVER_WINDOW, CLIENT_WINDOW };

static const char *const names[PARAMETERS] = {
        [SERVER_FRESH] = "server_no_context_takeover",
        [CLIENT_FRESH] = "client_no_context_takeover",
        [SERVER_WINDOW] = "server_max_window_bits",
        [CLIENT_WINDOW] = "client_max_window_bits",
};

/* tchar, RFC 9110 section 5.6.2 */
static bool is_token_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	        (c && strchr("!#$%&'*+-.^_`|~", c));
}

static void skip_blanks(struct text *text)
{
	while (text->at < text->end && (*text->at == ' ' || *text->at == '\t'))
		text->at++;
}

/* With the blanks around it. */
static bool skip(struct text *text, char c)
{
	skip_blanks(text);
	if (text->at == text->end || *text->at != c)
		return false;
	text->at++;
	skip_blanks(text);
	return true;
}

static bool read_token(struct text *text, struct msgc_str *ret)
{
	ret->ptr = text->at;
	while (text->at < text->end && is_token_char(*text->at))
		text->at++;
	ret->len = (size_t)(text->at - ret->ptr);
	return ret->len > 0;
}

/* A token, bare or in quotation marks, where any of its characters may have a backslash; what is longer than any good one is cut. */
static bool read_value(struct text *text, char out[VALUE_MAX], size_t *ret_len)
{
	bool is_quoted = text->at < text->end && *text->at == '"';
	size_t len = 0;

	for (text->at += is_quoted; text->at < text->end; text->at++) {
		if (is_quoted && *text->at == '\\' && text->at + 1 < text->end)
			text->at++;
		else if (is_quoted && *text->at == '"')
			break;
		if (!is_token_char(*text->at)) {
			if (is_quoted)
				return false;
			break;
		}
		if (len < VALUE_MAX)
			out[len] = *text->at;
		len++;
	}
	if (is_quoted && text->at++ == text->end)
		return false;
	*ret_len = len < VALUE_MAX ? len : VALUE_MAX;
	return len > 0;
}

/* 8 to 15, without zeros before it. */
static unsigned window_bits(const char *value, size_t len)
{
	if (len == 1 && (value[0] == '8' || value[0] == '9'))
		return (unsigned)(value[0] - '0');
	if (len == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5')
		return 10u + (unsigned)(value[1] - '0');
	return 0;
}

static void note_parameter(struct extension *extension, struct msgc_str name, bool has_value,
        const char *value, size_t len)
{
	unsigned which = 0;

	while (which < PARAMETERS && !msgc_str_equal(name, msgc_str_from(names[which])))
		which++;
	if (which == PARAMETERS || extension->has[which]) {
		extension->is_good = false;
		return;
	}
	extension->has[which] = true;
	extension->bits[which] = has_value ? window_bits(value, len) : 0;
	if (which < SERVER_WINDOW ? has_value : has_value && !extension->bits[which])
		extension->is_good = false;
}

/* False: the list is malformed. */
static bool read_extension(struct text *text, struct extension *ret)
{
	struct msgc_str name;
	char value[VALUE_MAX];
	size_t len = 0;

	memset(ret, 0, sizeof(*ret));
	if (!read_token(text, &name))
		return false;
	ret->is_ours = msgc_str_equal(name, MSGC_STR("permessage-deflate"));
	ret->is_good = true;
	while (skip(text, ';')) {
		bool has_value;

		if (!read_token(text, &name))
			return false;
		has_value = skip(text, '=');
		if (has_value && !read_value(text, value, &len))
			return false;
		note_parameter(ret, name, has_value, value, len);
	}
	return true;
}

/* The next element, empty ones left out. 1: there is one; 0: none; negative: the list is malformed. */
static int next_extension(struct text *text, struct extension *ret)
{
	skip_blanks(text);
	while (skip(text, ','))
		;
	if (text->at == text->end)
		return 0;
	if (!read_extension(text, ret))
		return MSGC_EINVAL;
	skip_blanks(text);
	return text->at == text->end || *text->at == ',' ? 1 : MSGC_EINVAL;
}

/* ------------------------------------------------------------------------------------------------ both sides */

/* An offer's window for the server has a value; 8 is one, but zlib cannot do it. */
static bool is_acceptable(const struct extension *offer)
{
	return offer->is_ours && offer->is_good &&
	        (!offer->has[SERVER_WINDOW] ||
	                offer->bits[SERVER_WINDOW] >= MSGC__DEFLATE_WINDOW_MIN);
}

bool msgc__deflate_choose(struct msgc_str offers, struct msgc__deflate_terms *ret)
{
	struct text text = {offers.ptr, offers.ptr + offers.len};
	struct msgc__deflate_terms terms = {0, false};
	struct extension offer;
	int more;

	while ((more = next_extension(&text, &offer)) > 0) {
		if (terms.window || !is_acceptable(&offer))
			continue;
		terms.says_window = offer.has[SERVER_WINDOW];
		terms.window = terms.says_window ? offer.bits[SERVER_WINDOW]
		                                 : (unsigned)MSGC__DEFLATE_WINDOW_MAX;
	}
	if (more < 0 || !terms.window)
		return false;
	*ret = terms;
	return true;
}

size_t msgc__deflate_answer(
        const struct msgc__deflate_terms *terms, char out[MSGC__DEFLATE_ANSWER_MAX])
{
	int len = snprintf(out, MSGC__DEFLATE_ANSWER_MAX, "%s", msgc__deflate_offer);

	if (terms->says_window)
		len += snprintf(out + len, MSGC__DEFLATE_ANSWER_MAX - (size_t)len,
		        "; server_max_window_bits=%u", terms->window);
	return (size_t)len;
}

/*
 * Without context takeover of the server's there would have to be a state for each connection; a window for the client has not been offered. Windows of the
 * server's may be smaller than they need be.
 */
bool msgc__deflate_agrees(struct msgc_str answer)
{
	struct text text = {answer.ptr, answer.ptr + answer.len};
	struct extension extension, second;

	return next_extension(&text, &extension) > 0 && next_extension(&text, &second) == 0 &&
	        extension.is_ours && extension.is_good && extension.has[SERVER_FRESH] &&
	        !extension.has[CLIENT_WINDOW] &&
	        (!extension.has[SERVER_WINDOW] || extension.bits[SERVER_WINDOW]);
}
