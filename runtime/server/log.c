/* SPDX-License-Identifier: MIT */
/*
 * Turns an event and its pairs into one line and writes it. The format is taken apart pair by pair, so that each value can be
 * quoted by itself: text from clients reaches the log and must not be able to forge pairs or lines. It knows no server.
 */
#include "log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The line in the making. `reserve` bytes at its end stay free for what closes it. */
struct line {
	char *text;
	size_t len;
	size_t cap;
	bool json;
	bool overflow;
};

/* va_list may be an array type, which only inside a struct can be handed on by address. */
struct arguments {
	va_list list;
};

enum { CLOSING = 2 }; /* "}\n" */

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void msgc__log_init(struct msgc__log *log)
{
	*log = (struct msgc__log){.fd = STDERR_FILENO, .level = MSGC_LOG_INFO};
}

bool msgc__log_enabled(const struct msgc__log *log, enum msgc_log_level level)
{
	return (int)level >= atomic_load_explicit(&log->level, memory_order_relaxed);
}

bool msgc__log_muted(const struct msgc__log *log, const char *action, size_t len)
{
	const struct msgc__log_muted *muted = atomic_load(&log->muted);

	for (size_t i = 0; muted && i < muted->count; i++) {
		if (strlen(muted->names[i]) == len && memcmp(muted->names[i], action, len) == 0)
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------------------------- writing */

static void put(struct line *line, const char *bytes, size_t len)
{
	if (line->overflow || len > line->cap - line->len) {
		line->overflow = true;
		return;
	}
	memcpy(line->text + line->len, bytes, len);
	line->len += len;
}

static void put_text(struct line *line, const char *text)
{
	put(line, text, strlen(text));
}

/* The length of the valid UTF-8 sequence at `text`, or 0. */
static size_t sequence(const char *text, size_t len)
{
	size_t most = len < 4 ? len : 4;

	for (size_t n = 1; n <= most; n++) {
		if (msgc_utf8_valid(text, n))
			return n;
	}
	return 0;
}

/* C0, DEL and C1: they steer terminals. */
static bool is_control(const char *text, size_t len)
{
	unsigned char c = (unsigned char)text[0];

	return c < 0x20 || c == 0x7f || (len == 2 && c == 0xc2 && (unsigned char)text[1] < 0xa0);
}

static void put_escaped(struct line *line, const char *text, size_t len)
{
	for (size_t i = 0; i < len;) {
		size_t n = sequence(text + i, len - i);
		char escape[8];

		if (n == 0) {
			put_text(line, "\xef\xbf\xbd"); /* U+FFFD for a byte that is no UTF-8 */
			i++;
			continue;
		}
		if (text[i] == '"' || text[i] == '\\') {
			put(line, "\\", 1);
			put(line, text + i, 1);
		} else if (text[i] == '\n') {
			put_text(line, "\\n");
		} else if (text[i] == '\t') {
			put_text(line, "\\t");
		} else if (is_control(text + i, n)) {
			unsigned code = (unsigned char)text[i + n - 1];

			snprintf(escape, sizeof(escape), "\\u%04x", code & 0xffu);
			put_text(line, escape);
		} else {
			put(line, text + i, n);
		}
		i += n;
	}
}

static bool needs_quotes(const char *text, size_t len)
{
	if (len == 0)
		return true;
	for (size_t i = 0; i < len;) {
		size_t n = sequence(text + i, len - i);

		if (n == 0 || is_control(text + i, n) || strchr(" \"\\=", text[i]))
			return true;
		i += n;
	}
	return false;
}

static void put_value(struct line *line, const char *text, size_t len, bool number)
{
	if (number || (!line->json && !needs_quotes(text, len))) {
		put(line, text, len);
		return;
	}
	put(line, "\"", 1);
	put_escaped(line, text, len);
	put(line, "\"", 1);
}

/* One pair, whole or not at all. */
static void put_pair(struct line *line, const char *key, size_t key_len, const char *text,
        size_t len, bool number)
{
	size_t before = line->len;

	if (line->json) {
		put_text(line, before == 0 ? "{\"" : ",\"");
		put_escaped(line, key, key_len);
		put_text(line, "\":");
	} else {
		if (before > 0)
			put(line, " ", 1);
		put(line, key, key_len);
		put(line, "=", 1);
	}
	put_value(line, text, len, number);
	if (line->overflow) {
		line->len = before;
		line->overflow = false;
	}
}

/* ------------------------------------------------------------------------------------- the format */

/* One value in the making: longer ones are cut. */
struct value {
	char text[MSGC__LOG_VALUE_MAX + 4];
	size_t len;
	bool cut;
};

static void value_add(struct value *value, const char *bytes, size_t len)
{
	size_t room = MSGC__LOG_VALUE_MAX - value->len;

	if (len > room) {
		len = room;
		value->cut = true;
	}
	memcpy(value->text + value->len, bytes, len);
	value->len += len;
}

static void value_close(struct value *value)
{
	if (!value->cut)
		return;
	/* A code point that the cut went through: take its beginning away. */
	for (int i = 0; i < 3 && value->len > 0; i++) {
		if (msgc_utf8_valid(value->text, value->len))
			break;
		value->len--;
	}
	memcpy(value->text + value->len, "...", 3);
	value->len += 3;
}

/* A conversion, taken apart: `spec` is the text for snprintf with width and precision filled in. */
struct conversion {
	char spec[48];
	int precision; /* -1: none */
	bool plain;    /* without flags, width and precision */
	char length[3];
	char kind;
};

static const char *read_number(const char *at, struct arguments *arguments, int *ret)
{
	int number = 0;

	if (*at == '*') {
		*ret = va_arg(arguments->list, int);
		return at + 1;
	}
	while (*at >= '0' && *at <= '9') {
		if (number < 10000)
			number = number * 10 + (*at - '0');
		at++;
	}
	*ret = number;
	return at;
}

/* `at` stands behind the '%'. Returns where the conversion ends. */
static const char *read_conversion(
        const char *at, struct arguments *arguments, struct conversion *ret)
{
	char flags[8];
	size_t flag_count = 0, length_count = 0;
	int width = 0;

	*ret = (struct conversion){.precision = -1};
	while (*at && strchr("-+ #0", *at)) {
		if (flag_count < sizeof(flags) - 1)
			flags[flag_count++] = *at;
		at++;
	}
	flags[flag_count] = '\0';
	at = read_number(at, arguments, &width);
	if (*at == '.')
		at = read_number(at + 1, arguments, &ret->precision);
	while (*at && strchr("hljztL", *at)) {
		if (length_count < sizeof(ret->length) - 1)
			ret->length[length_count++] = *at;
		at++;
	}
	if (*at == '\0')
		return at;
	ret->kind = *at++;
	ret->plain = flag_count == 0 && width == 0 && ret->precision < 0;
	if (width < 0) {
		width = width == INT32_MIN ? 0 : -width;
		if (!strchr(flags, '-') && flag_count < sizeof(flags) - 1) {
			flags[flag_count++] = '-';
			flags[flag_count] = '\0';
		}
	}
	if (width > MSGC__LOG_VALUE_MAX)
		width = MSGC__LOG_VALUE_MAX;
	int n = snprintf(ret->spec, sizeof(ret->spec), "%%%s", flags);
	if (width > 0)
		n += snprintf(ret->spec + n, sizeof(ret->spec) - (size_t)n, "%d", width);
	if (ret->precision >= 0)
		n += snprintf(ret->spec + n, sizeof(ret->spec) - (size_t)n, ".%d", ret->precision);
	snprintf(ret->spec + n, sizeof(ret->spec) - (size_t)n, "%s%c", ret->length, ret->kind);
	return at;
}

#define PRINT_AS(type) snprintf(out, size, c->spec, va_arg(arguments->list, type))

static int print_integer(
        char *out, size_t size, const struct conversion *c, struct arguments *arguments)
{
	if (strcmp(c->length, "ll") == 0)
		return PRINT_AS(long long);
	if (c->length[0] == 'l')
		return PRINT_AS(long);
	if (c->length[0] == 'z')
		return PRINT_AS(size_t);
	if (c->length[0] == 'j')
		return PRINT_AS(intmax_t);
	if (c->length[0] == 't')
		return PRINT_AS(ptrdiff_t);
	return PRINT_AS(int); /* h and hh are promoted */
}

static void add_string(struct value *value, const struct conversion *c, const char *text)
{
	size_t len;

	if (!text)
		text = "(null)";
	len = c->precision >= 0 ? strnlen(text, (size_t)c->precision) : strlen(text);
	value_add(value, text, len);
}

static void add_conversion(
        struct value *value, const struct conversion *c, struct arguments *arguments)
{
	char out[MSGC__LOG_VALUE_MAX + 1];
	size_t size = sizeof(out);
	int n = 0;

	switch (c->kind) {
	case '%': value_add(value, "%", 1); return;
	case 's': add_string(value, c, va_arg(arguments->list, const char *)); return;
	case 'c': n = PRINT_AS(int); break;
	case 'p': n = PRINT_AS(void *); break;
	case 'd':
	case 'i':
	case 'u':
	case 'x':
	case 'X': n = print_integer(out, size, c, arguments); break;
	case 'f':
	case 'g': n = PRINT_AS(double); break;
	default:
		value_add(value, "?", 1);
		return; /* the compiler's format check lets few of these through */
	}
	if (n > 0)
		value_add(value, out, (size_t)n < size ? (size_t)n : size - 1);
}

/*
 * Expands the value of one pair, from behind its '='. Returns where it ends: at a blank or NUL. `ret_number`: it is one
 * integer and nothing else.
 */
static const char *read_value(
        const char *at, struct arguments *arguments, struct value *value, bool *ret_number)
{
	bool quoted = *at == '"';
	size_t integers = 0, others = 0;

	if (quoted)
		at++;
	value->len = 0;
	value->cut = false;
	while (*at && !(quoted ? *at == '"' : *at == ' ')) {
		struct conversion c;

		if (*at != '%') {
			value_add(value, at++, 1);
			others++;
			continue;
		}
		at = read_conversion(at + 1, arguments, &c);
		add_conversion(value, &c, arguments);
		if (c.plain && (c.kind == 'd' || c.kind == 'i' || c.kind == 'u'))
			integers++;
		else
			others++;
	}
	value_close(value);
	*ret_number = !quoted && integers == 1 && others == 0;
	return *at == '"' ? at + 1 : at;
}

static void put_pairs(struct line *line, const char *format, struct arguments *arguments)
{
	struct value value;

	while (format && *format) {
		const char *key = format;
		size_t key_len = strcspn(format, "= ");
		bool number = false;

		format += key_len;
		value.len = 0;
		if (*format == '=')
			format = read_value(format + 1, arguments, &value, &number);
		if (key_len > 0)
			put_pair(line, key, key_len, value.text, value.len, number);
		while (*format == ' ')
			format++;
	}
}

size_t msgc__log_format(char text[MSGC__LOG_LINE_MAX], bool json, int64_t unix_ms,
        enum msgc_log_level level, const char *event, const char *format, va_list args)
{
	struct line line = {.text = text, .cap = MSGC__LOG_LINE_MAX - CLOSING, .json = json};
	time_t seconds = (time_t)(unix_ms / 1000);
	struct arguments arguments;
	struct tm tm;
	char stamp[40];
	size_t n;

	gmtime_r(&seconds, &tm);
	n = strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(stamp + n, sizeof(stamp) - n, ".%03dZ", (int)(unix_ms % 1000));
	put_pair(&line, "time", 4, stamp, strlen(stamp), false);
	put_pair(&line, "level", 5, level_names[level], strlen(level_names[level]), false);
	put_pair(&line, "event", 5, event, strlen(event), false);

	va_copy(arguments.list, args);
	put_pairs(&line, format, &arguments);
	va_end(arguments.list);

	if (json)
		text[line.len++] = '}';
	text[line.len++] = '\n';
	return line.len;
}

/* ------------------------------------------------------------------------------------- output */

static void write_line(int fd, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* a log that nobody takes is no reason to stop serving */
		text += n;
		len -= (size_t)n;
	}
}

void msgc__log_vwrite(const struct msgc__log *log, enum msgc_log_level level, const char *event,
        const char *format, va_list args)
{
	char line[MSGC__LOG_LINE_MAX];
	int saved_errno = errno; /* callers log first and look at errno afterwards */
	struct timespec now;
	size_t len;

	if (!msgc__log_enabled(log, level))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	len = msgc__log_format(line, log->json, (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000,
	        level, event, format, args);
	write_line(log->fd, line, len);
	errno = saved_errno;
}

void msgc__log_write(const struct msgc__log *log, enum msgc_log_level level, const char *event,
        const char *format, ...)
{
	va_list args;

	va_start(args, format);
	msgc__log_vwrite(log, level, event, format, args);
	va_end(args);
}
