/* SPDX-License-Identifier: MIT */
/*
 * Addresses: where a server is (RFC 3986), and the path and query that generated code makes of parameters. It must not know what they mean.
 */
#include <string.h>

#include "internal.h"

static const struct scheme {
	const char *text;
	bool is_tls;
} schemes[] = {{"ws://", false}, {"wss://", true}, {"http://", false}, {"https://", true}};

static const struct scheme *find_scheme(const char *url)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		if (strncmp(url, schemes[i].text, strlen(schemes[i].text)) == 0)
			return &schemes[i];
	}
	return NULL;
}

static bool is_printable(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 0x7f)
			return false;
	}
	return true;
}

/* ":8000", or nothing. */
static bool read_port(const char *text, size_t len, bool is_tls, int *ret)
{
	int port = 0;

	if (len == 0) {
		*ret = is_tls ? 443 : 80;
		return true;
	}
	if (text[0] != ':' || len < 2 || len > 6)
		return false;
	for (size_t i = 1; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		port = port * 10 + (text[i] - '0');
	}
	*ret = port;
	return port > 0 && port < 65536;
}

/* No user and password: they do not belong into addresses. */
static bool read_authority(const char *text, size_t len, struct msgc__place *place)
{
	bool is_ipv6 = len > 0 && text[0] == '[';
	const char *end = memchr(text, is_ipv6 ? ']' : ':', len);
	size_t host_len;

	if (memchr(text, '@', len) || (is_ipv6 && !end) || len >= sizeof(place->authority))
		return false;
	host_len = end ? (size_t)(end - text) : len;
	if (!read_port(text + host_len + is_ipv6, len - host_len - is_ipv6, place->is_tls,
	            &place->port))
		return false;
	text += is_ipv6;
	host_len -= is_ipv6;
	if (host_len == 0 || host_len >= sizeof(place->host))
		return false;
	memcpy(place->host, text, host_len);
	place->host[host_len] = '\0';
	memcpy(place->authority, text - is_ipv6, len);
	place->authority[len] = '\0';
	return true;
}

int msgc__place_read(const char *url, struct msgc__place *ret)
{
	const struct scheme *scheme = url ? find_scheme(url) : NULL;
	struct msgc__place place = {0};
	size_t len, prefix_len;
	const char *at;

	if (!scheme || !is_printable(url))
		return MSGC_EINVAL;
	at = url + strlen(scheme->text);
	len = strcspn(at, "/?#");
	place.is_tls = scheme->is_tls;
	if (!read_authority(at, len, &place))
		return MSGC_EINVAL;
	at += len;
	prefix_len = strcspn(at, "#");
	place.has_query = memchr(at, '?', prefix_len) != NULL;
	while (!place.has_query && prefix_len > 0 && at[prefix_len - 1] == '/')
		prefix_len--;
	if (prefix_len >= sizeof(place.prefix))
		return MSGC_EINVAL;
	memcpy(place.prefix, at, prefix_len);
	*ret = place;
	return MSGC_OK;
}

/* ------------------------------------------------------------------------------------------ for generated code */

void msgc_url_text(struct msgc_buf *url, const char *text)
{
	msgc_buf_append_str(url, text);
}

void msgc_url_str(struct msgc_buf *url, struct msgc_str value)
{
	static const char unreserved[] = "-._~", hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < value.len; i++) {
		unsigned char c = (unsigned char)value.ptr[i];

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		        (c != 0 && strchr(unreserved, c))) {
			msgc_buf_append_char(url, (char)c);
			continue;
		}
		msgc_buf_append_char(url, '%');
		msgc_buf_append_char(url, hex[c >> 4]);
		msgc_buf_append_char(url, hex[c & 15]);
	}
}

void msgc_url_value(struct msgc_buf *url, const struct msgc_group_name *value)
{
	if (value->too_long)
		url->error = MSGC_EINVAL;
	msgc_buf_append(url, value->text, value->len);
}

void msgc_url_query(struct msgc_buf *url, const char *name)
{
	msgc_buf_append_char(url, url->len > 0 && memchr(url->data, '?', url->len) ? '&' : '?');
	msgc_url_str(url, msgc_str_from(name));
	msgc_buf_append_char(url, '=');
}
