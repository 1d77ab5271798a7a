/* SPDX-License-Identifier: MIT */
/*
 * check_text.c - texts that stand for something: times, durations, uuids, formats, base64.
 *
 * For defaults, which are checked when the contract is compiled. Not lenient anywhere: what passes
 * here is accepted at run time. Knows nothing of the model but kinds and formats.
 */
#include "checks.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

/* What is left to read. Texts are NUL-terminated; one with a NUL inside matches nothing. */
struct text {
	const char *p;
};

static bool eat(struct text *t, char c)
{
	if (*t->p != c)
		return false;
	t->p++;
	return true;
}

/* Exactly n digits, with a value from min to max. */
static bool eat_digits(struct text *t, int n, int min, int max, int *ret_value)
{
	int value = 0;

	for (; n > 0; n--, t->p++) {
		if (!isdigit((unsigned char)*t->p))
			return false;
		value = value * 10 + (*t->p - '0');
	}
	*ret_value = value;
	return value >= min && value <= max;
}

/* -------------------------------------------------- RFC 3339: dates and times */

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static bool eat_date(struct text *t)
{
	int year, month, day;

	return eat_digits(t, 4, 0, 9999, &year) && eat(t, '-') && eat_digits(t, 2, 1, 12, &month) &&
	        eat(t, '-') && eat_digits(t, 2, 1, 31, &day) && day <= days_in_month(year, month);
}

/* No leap seconds: none is known for the future, and a default is no instant of the past. */
static bool eat_time(struct text *t)
{
	int value;

	if (!eat_digits(t, 2, 0, 23, &value) || !eat(t, ':') || !eat_digits(t, 2, 0, 59, &value) ||
	        !eat(t, ':') || !eat_digits(t, 2, 0, 59, &value))
		return false;
	if (eat(t, '.')) {
		if (!isdigit((unsigned char)*t->p))
			return false;
		t->p += strspn(t->p, "0123456789");
	}
	if (eat(t, 'Z'))
		return true;
	return (eat(t, '+') || eat(t, '-')) && eat_digits(t, 2, 0, 23, &value) && eat(t, ':') &&
	        eat_digits(t, 2, 0, 59, &value);
}

/* Numbers with units, larger ones first, each at most once. */
static bool eat_units(struct text *t, const char *units)
{
	bool any = false;

	while (isdigit((unsigned char)*t->p)) {
		size_t digits = strspn(t->p, "0123456789");
		const char *unit = t->p[digits] != '\0' ? strchr(units, t->p[digits]) : NULL;

		/* Nine digits of the largest unit are within what the run time holds. */
		if (unit == NULL || digits > 9)
			return false;
		t->p += digits + 1;
		units = unit + 1;
		any = true;
	}
	return any;
}

static bool is_duration(const char *text)
{
	struct text t = {text};

	if (!eat(&t, 'P'))
		return false;
	if (strchr(text, 'W') != NULL)
		return eat_units(&t, "W") && *t.p == '\0';
	if (*t.p != 'T' && !eat_units(&t, "YMD"))
		return false;
	return (*t.p == '\0') || (eat(&t, 'T') && eat_units(&t, "HMS") && *t.p == '\0');
}

static bool is_date(const char *text)
{
	struct text t = {text};

	return eat_date(&t) && *t.p == '\0';
}

static bool is_time(const char *text)
{
	struct text t = {text};

	return eat_time(&t) && *t.p == '\0';
}

static bool is_datetime(const char *text)
{
	struct text t = {text};

	return eat_date(&t) && eat(&t, 'T') && eat_time(&t) && *t.p == '\0';
}

/* RFC 9562: 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *text)
{
	size_t i;

	if (strlen(text) != 36)
		return false;
	for (i = 0; i < 36; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return true;
}

/* ----------------------------------------------------------------- formats */

static bool is_label(const char *text, size_t length)
{
	size_t i;

	if (length == 0 || length > 63 || text[0] == '-' || text[length - 1] == '-')
		return false;
	for (i = 0; i < length; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '-')
			return false;
	}
	return true;
}

/* RFC 1123 */
static bool is_hostname(const char *text)
{
	if (strlen(text) > 253)
		return false;
	for (;;) {
		size_t length = strcspn(text, ".");

		if (!is_label(text, length))
			return false;
		if (text[length] == '\0')
			return true;
		text += length + 1;
	}
}

/* A dot-atom and a host name (RFC 5321 without quoted strings and address literals). */
static bool is_email(const char *text)
{
	const char *at = strrchr(text, '@');
	const char *p;

	if (at == NULL || at == text || at - text > 64 || strlen(text) > 254 ||
	        !is_hostname(at + 1))
		return false;
	for (p = text; p < at; p++) {
		bool dot = *p == '.' && p > text && p[-1] != '.' && p + 1 < at;

		if (!dot && !isalnum((unsigned char)*p) &&
		        strchr("!#$%&'*+-/=?^_`{|}~", *p) == NULL)
			return false;
	}
	return true;
}

/* Characters of RFC 3986, percent-encoding complete. No IP literals. */
static bool is_uri_text(const char *text)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) || strchr("-._~:/?@!$&'()*+,;=", *text) != NULL)
			continue;
		if (*text == '#' && strchr(text + 1, '#') == NULL)
			continue;
		if (*text != '%' || !isxdigit((unsigned char)text[1]) ||
		        !isxdigit((unsigned char)text[2]))
			return false;
	}
	return true;
}

/* Behind "//": an authority whose port is a number. */
static bool is_authority(const char *text)
{
	size_t length = strcspn(text, "/?#");
	const char *host = memchr(text, '@', length);
	const char *port;

	host = host == NULL ? text : host + 1;
	port = memchr(host, ':', (size_t)(text + length - host));
	return memchr(host, '@', (size_t)(text + length - host)) == NULL &&
	        (port == NULL ||
	                strspn(port + 1, "0123456789") == (size_t)(text + length - port - 1));
}

static bool is_uri_reference(const char *text)
{
	size_t scheme = strcspn(text, ":/?#");
	const char *rest = text[scheme] == ':' ? text + scheme + 1 : text;
	size_t i;

	for (i = 0; text[scheme] == ':' && i < scheme; i++) {
		if (!isalnum((unsigned char)text[i]) && strchr("+-.", text[i]) == NULL)
			return false;
	}
	if (text[scheme] == ':' && !isalpha((unsigned char)text[0]))
		return false;
	return is_uri_text(text) && (strncmp(rest, "//", 2) != 0 || is_authority(rest + 2));
}

static bool is_uri(const char *text)
{
	return text[strcspn(text, ":/?#")] == ':' && is_uri_reference(text);
}

static bool is_ipv4(const char *text)
{
	struct in_addr address;

	return inet_pton(AF_INET, text, &address) == 1;
}

static bool is_ipv6(const char *text)
{
	struct in6_addr address;

	return inet_pton(AF_INET6, text, &address) == 1;
}

/* RFC 6901: '~' stands for something only before 0 and 1. */
static bool is_json_pointer(const char *text)
{
	if (*text != '\0' && *text != '/')
		return false;
	for (; (text = strchr(text, '~')) != NULL; text++) {
		if (text[1] != '0' && text[1] != '1')
			return false;
	}
	return true;
}

static bool is_slug(const char *text)
{
	return *text != '\0' &&
	        text[strspn(text,
	                "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                "0123456789-_")] == '\0';
}

/* --------------------------------------------------------------- interface */

static const struct text_row {
	bool (*is)(const char *text);
	const char *example;
} kind_rows[] = {
        [MODEL_DATETIME] = {is_datetime, "a date-time like 2024-02-29T23:59:59Z"},
        [MODEL_DATE] = {is_date, "a date like 2024-02-29"},
        [MODEL_TIME] = {is_time, "a time like 23:59:59Z"},
        [MODEL_DURATION] = {is_duration, "a duration like P1DT12H"},
        [MODEL_UUID] = {is_uuid, "a uuid like 123e4567-e89b-12d3-a456-426614174000"},
};

static const struct text_row format_rows[] = {
        [MODEL_FORMAT_NONE] = {NULL, NULL},
        [MODEL_FORMAT_EMAIL] = {is_email, "an address like ada@example.org"},
        [MODEL_FORMAT_URI] = {is_uri, "a URI like https://example.org/page"},
        [MODEL_FORMAT_URI_REFERENCE] = {is_uri_reference, "a URI or a path like /page"},
        [MODEL_FORMAT_HOSTNAME] = {is_hostname, "a name like www.example.org"},
        [MODEL_FORMAT_IPV4] = {is_ipv4, "an address like 192.0.2.1"},
        [MODEL_FORMAT_IPV6] = {is_ipv6, "an address like 2001:db8::1"},
        [MODEL_FORMAT_UUID] = {is_uuid, "a uuid like 123e4567-e89b-12d3-a456-426614174000"},
        [MODEL_FORMAT_DATE_TIME] = {is_datetime, "a date-time like 2024-02-29T23:59:59Z"},
        [MODEL_FORMAT_DATE] = {is_date, "a date like 2024-02-29"},
        [MODEL_FORMAT_TIME] = {is_time, "a time like 23:59:59Z"},
        [MODEL_FORMAT_DURATION] = {is_duration, "a duration like P1DT12H"},
        [MODEL_FORMAT_JSON_POINTER] = {is_json_pointer, "a JSON Pointer like /items/0"},
        [MODEL_FORMAT_SLUG] = {is_slug, "letters, digits, '-' and '_'"},
};

static const char *check_row(const struct text_row *row, const char *text, size_t length)
{
	if (row->is == NULL || (strlen(text) == length && row->is(text)))
		return NULL;
	return row->example;
}

const char *check_text_kind(enum model_kind kind, const char *text, size_t length)
{
	if (kind >= sizeof(kind_rows) / sizeof(kind_rows[0]))
		return NULL;
	return check_row(&kind_rows[kind], text, length);
}

const char *check_text_format(enum model_format format, const char *text, size_t length)
{
	return check_row(&format_rows[format], text, length);
}

/* ------------------------------------------------------------------ base64 */

static int base64_value(char c)
{
	static const char letters[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c == '\0' ? NULL : strchr(letters, c);

	return at == NULL ? -1 : (int)(at - letters);
}

char *check_text_base64(struct arena *arena, const char *text, size_t length, size_t *ret_length)
{
	size_t padding = 0, written = 0, i;
	uint32_t bits = 0;
	char *out;

	if (length % 4 != 0)
		return NULL;
	while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
		padding++;
	out = arena_alloc(arena, length / 4 * 3 + 1);
	for (i = 0; i < length - padding; i++) {
		int value = base64_value(text[i]);

		if (value < 0)
			return NULL;
		bits = bits << 6 | (uint32_t)value;
		if (i % 4 != 0)
			out[written++] = (char)(bits >> (6 - i % 4 * 2) & 0xFF);
	}
	/* Bits that no byte holds must be zero: one encoding for each value. */
	if ((padding == 1 && (bits & 3) != 0) || (padding == 2 && (bits & 15) != 0))
		return NULL;
	*ret_length = written;
	return out;
}
