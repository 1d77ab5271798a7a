/* SPDX-License-Identifier: MIT */
/*
 * Reads Cookie headers leniently, as browsers write them, and writes Set-Cookie headers strictly. It must not know what a cookie is
 * good for.
 */
#include "cookie.h"

#include <stdio.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

struct msgc_str msgc__cookie_find(struct msgc_str header, const char *name)
{
	size_t name_len = strlen(name);
	const char *at = header.ptr, *end = header.ptr + header.len;

	while (at < end) {
		const char *semicolon = memchr(at, ';', (size_t)(end - at));
		const char *stop = semicolon ? semicolon : end;
		const char *next = semicolon ? semicolon + 1 : end;

		while (at < stop && is_blank(*at))
			at++;
		while (stop > at && is_blank(stop[-1]))
			stop--;
		if ((size_t)(stop - at) > name_len && memcmp(at, name, name_len) == 0 &&
		        at[name_len] == '=') {
			at += name_len + 1;
			if (stop - at >= 2 && *at == '"' && stop[-1] == '"') {
				at++;
				stop--;
			}
			return msgc_str_of(at, (size_t)(stop - at));
		}
		at = next;
	}
	return (struct msgc_str){NULL, 0};
}

/* RFC 9110 token. */
static bool is_token(const char *text)
{
	if (!*text)
		return false;
	for (; *text; text++) {
		if (*text <= ' ' || *text >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", *text))
			return false;
	}
	return true;
}

/* RFC 6265 cookie-octet. */
static bool is_value(const char *text)
{
	for (; *text; text++) {
		if (*text <= ' ' || *text >= 0x7f || strchr("\",;\\", *text))
			return false;
	}
	return true;
}

static bool is_path(const char *text)
{
	if (*text != '/')
		return false;
	for (; *text; text++) {
		if (*text < ' ' || *text >= 0x7f || *text == ';')
			return false;
	}
	return true;
}

int msgc__cookie_format(char *out, size_t size, const char *name, const char *value,
        const struct msgc_http_cookie_options *options, bool secure, size_t *ret_len)
{
	static const struct msgc_http_cookie_options defaults;
	const struct msgc_http_cookie_options *o = options ? options : &defaults;
	const char *path = o->path ? o->path : "/";
	char age[64] = "";
	int n;

	if (!is_token(name) || !is_value(value) || !is_path(path) || (o->cross_site && !secure))
		return MSGC_EINVAL;
	if (o->max_age > 0)
		snprintf(age, sizeof(age), "; Max-Age=%lld", (long long)o->max_age);
	else if (o->max_age < 0)
		snprintf(age, sizeof(age), "; Max-Age=0");
	n = snprintf(out, size, "%s=%s; Path=%s%s%s%s%s", name, o->max_age < 0 ? "" : value, path,
	        age, o->readable_by_script ? "" : "; HttpOnly", secure ? "; Secure" : "",
	        o->cross_site ? "; SameSite=None" : "; SameSite=Lax");
	if (n < 0 || (size_t)n >= size)
		return MSGC_ELIMIT;
	*ret_len = (size_t)n;
	return MSGC_OK;
}
