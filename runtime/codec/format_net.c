/* SPDX-License-Identifier: MIT */
/*
 * Formats of the net: host names, addresses, mailboxes, URIs; by hand from their RFCs, in linear
 * time. See codec_gen.h for which. It knows text only, no list of names.
 */
#include "internal.h"

static bool refuse(struct msgc_scope *s, const char *type, const char *msg)
{
	msgc__scope_problem(s, type, msg, NULL);
	return false;
}

static bool refuse_value(struct msgc_scope *s, const char *message)
{
	msgc_refuse_value(s, message);
	return false;
}

static bool is_alnum(char c)
{
	return msgc__is_alpha(c) || msgc__is_digit(c);
}

static bool one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

/* ---- host names: RFC 1123 section 2.1, RFC 1034 section 3.5 ---- */

static bool is_label(const char *p, size_t len)
{
	if (len == 0 || len > 63 || !is_alnum(p[0]) || !is_alnum(p[len - 1]))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_alnum(p[i]) && p[i] != '-')
			return false;
	return true;
}

static bool is_hostname(const char *p, size_t len)
{
	size_t label = 0;

	if (len == 0 || len > 253)
		return false;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && p[i] != '.')
			continue;
		if (!is_label(p + label, i - label))
			return false;
		label = i + 1;
	}
	return true;
}

/* ---- addresses ---- */

/* dotted-quad, RFC 2673 section 3.2; no zeros in front, which some would read as octal. */
static bool is_ipv4(const char *p, size_t len)
{
	const char *end = p + len;
	int value, n;

	for (int part = 0; part < 4; part++) {
		if (part && (p == end || *p++ != '.'))
			return false;
		for (value = n = 0; p < end && msgc__is_digit(*p) && n < 3; n++)
			value = value * 10 + (*p++ - '0');
		if (n == 0 || value > 255 || (n > 1 && p[-n] == '0'))
			return false;
	}
	return p == end;
}

/* RFC 4291 section 2.2, all three forms. */
static bool is_ipv6(const char *p, size_t len)
{
	const char *end = p + len, *group;
	int groups = 0;
	bool gap = false;

	if (len >= 2 && p[0] == ':' && p[1] == ':') {
		gap = true;
		p += 2;
	}
	while (p < end) {
		group = p;
		while (p < end && msgc__hex_value(*p) >= 0)
			p++;
		if (p < end && *p == '.')
			return (gap ? groups < 6 : groups == 6) &&
			        is_ipv4(group, (size_t)(end - group));
		if (p == group || p - group > 4 || ++groups > 8)
			return false;
		if (p == end)
			break;
		if (*p++ != ':' || p == end)
			return false;
		if (*p == ':') {
			if (gap)
				return false;
			gap = true;
			p++;
		}
	}
	return gap ? groups < 8 : groups == 8;
}

/* ---- mailboxes: RFC 5321 section 4.1.2, lengths of 4.5.3.1 ---- */

static bool is_atext(char c)
{
	return is_alnum(c) || one_of(c, "!#$%&'*+-/=?^_`{|}~");
}

static bool is_dot_string(const char *p, size_t len)
{
	bool atom = false;

	for (size_t i = 0; i < len; i++) {
		if (is_atext(p[i]))
			atom = true;
		else if (p[i] == '.' && atom)
			atom = false;
		else
			return false;
	}
	return atom;
}

static bool is_quoted_string(const char *p, size_t len)
{
	if (len < 2 || p[0] != '"' || p[len - 1] != '"')
		return false;
	for (size_t i = 1; i < len - 1; i++) {
		if (p[i] == '\\')
			i++;
		else if (p[i] == '"')
			return false;
		/* A backslash must not take the closing quote. */
		if (i == len - 1 || p[i] < ' ' || p[i] > '~')
			return false;
	}
	return true;
}

static bool is_mail_domain(const char *p, size_t len)
{
	if (len < 2 || p[0] != '[')
		return is_hostname(p, len);
	if (p[len - 1] != ']')
		return false;
	p++;
	len -= 2;
	if (len > 5 && memcmp(p, "IPv6:", 5) == 0)
		return is_ipv6(p + 5, len - 5);
	return is_ipv4(p, len);
}

static bool is_email(const char *p, size_t len)
{
	size_t at = len;

	if (len > 254)
		return false;
	while (at > 0 && p[at - 1] != '@')
		at--;
	if (at < 2 || at > 65)
		return false;
	return (is_dot_string(p, at - 1) || is_quoted_string(p, at - 1)) &&
	        is_mail_domain(p + at, len - at);
}

/* ---- URIs: RFC 3986, appendix A ---- */

/* Only unreserved, sub-delims, percent escapes and `more`. */
static bool uri_chars(const char *p, const char *end, const char *more)
{
	for (; p < end; p++) {
		if (*p == '%') {
			if (end - p < 3 || msgc__hex_value(p[1]) < 0 || msgc__hex_value(p[2]) < 0)
				return false;
			p += 2;
		} else if (!is_alnum(*p) && !one_of(*p, "-._~!$&'()*+,;=") && !one_of(*p, more)) {
			return false;
		}
	}
	return true;
}

/* "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static bool is_ip_future(const char *p, const char *end)
{
	const char *digits;

	if (p == end || (*p | 0x20) != 'v')
		return false;
	for (digits = ++p; p < end && msgc__hex_value(*p) >= 0; p++)
		;
	return p > digits && p < end && *p == '.' && p + 1 < end &&
	        !memchr(p, '%', (size_t)(end - p)) && uri_chars(p + 1, end, ":");
}

static bool is_authority(const char *p, const char *end)
{
	const char *at = memchr(p, '@', (size_t)(end - p)), *close, *colon;

	if (at) {
		if (!uri_chars(p, at, ":"))
			return false;
		p = at + 1;
	}
	if (p < end && *p == '[') {
		close = memchr(p, ']', (size_t)(end - p));
		if (!close ||
		        (!is_ipv6(p + 1, (size_t)(close - p - 1)) && !is_ip_future(p + 1, close)))
			return false;
		colon = close + 1;
	} else {
		colon = memchr(p, ':', (size_t)(end - p));
		colon = colon ? colon : end;
		if (!uri_chars(p, colon, ""))
			return false;
	}
	if (colon == end)
		return true;
	if (*colon++ != ':')
		return false;
	while (colon < end && msgc__is_digit(*colon))
		colon++;
	return colon == end;
}

/* Behind the scheme: authority, path, query, fragment. */
static bool is_uri_rest(const char *p, const char *end)
{
	const char *fragment = memchr(p, '#', (size_t)(end - p)), *query, *path;

	if (fragment && !uri_chars(fragment + 1, end, ":@/?"))
		return false;
	end = fragment ? fragment : end;
	query = memchr(p, '?', (size_t)(end - p));
	if (query && !uri_chars(query + 1, end, ":@/?"))
		return false;
	end = query ? query : end;
	if (end - p >= 2 && p[0] == '/' && p[1] == '/') {
		path = memchr(p + 2, '/', (size_t)(end - p - 2));
		path = path ? path : end;
		if (!is_authority(p + 2, path))
			return false;
		p = path;
	}
	return uri_chars(p, end, ":@/");
}

/* The length of the scheme with its colon; 0: there is none. */
static size_t scheme_len(const char *p, size_t len)
{
	size_t n = 0;

	if (len == 0 || !msgc__is_alpha(p[0]))
		return 0;
	while (n < len && (is_alnum(p[n]) || one_of(p[n], "+-.")))
		n++;
	return n < len && p[n] == ':' ? n + 1 : 0;
}

static bool is_relative(const char *p, size_t len)
{
	size_t first = 0;

	/* path-noscheme: a colon in the first segment would make it a scheme. */
	while (first < len && !one_of(p[first], "/?#"))
		first++;
	return !memchr(p, ':', first) && is_uri_rest(p, p + len);
}

/* ---- what generated code calls ---- */

bool msgc_check_hostname(struct msgc_scope *s, struct msgc_str v)
{
	return is_hostname(v.ptr, v.len) || refuse_value(s, "should be a valid hostname");
}

bool msgc_check_ipv4(struct msgc_scope *s, struct msgc_str v)
{
	return (v.len && is_ipv4(v.ptr, v.len)) ||
	        refuse(s, "ip_v4_address", "Input is not a valid IPv4 address");
}

bool msgc_check_ipv6(struct msgc_scope *s, struct msgc_str v)
{
	return (v.len && is_ipv6(v.ptr, v.len)) ||
	        refuse(s, "ip_v6_address", "Input is not a valid IPv6 address");
}

bool msgc_check_email(struct msgc_scope *s, struct msgc_str v)
{
	return is_email(v.ptr, v.len) ||
	        refuse(s, "value_error", "value is not a valid email address");
}

static bool refuse_uri(struct msgc_scope *s, const char *detail)
{
	msgc__scope_parsing(s, "url_parsing", "Input should be a valid URL, ", detail);
	return false;
}

bool msgc_check_uri(struct msgc_scope *s, struct msgc_str v)
{
	size_t scheme = scheme_len(v.ptr, v.len);

	if (scheme == 0)
		return refuse_uri(s, "relative URL without a base");
	return is_uri_rest(v.ptr + scheme, v.ptr + v.len) ||
	        refuse_uri(s, "invalid character or part");
}

bool msgc_check_uri_reference(struct msgc_scope *s, struct msgc_str v)
{
	size_t scheme = scheme_len(v.ptr, v.len);

	if (v.len == 0)
		return true;
	if (scheme ? is_uri_rest(v.ptr + scheme, v.ptr + v.len) : is_relative(v.ptr, v.len))
		return true;
	return refuse_uri(s, "invalid character or part");
}
