/* SPDX-License-Identifier: MIT */
/*
 * Reads the text of one value by its type and writes the target. What is wrong is said in words that name the range, and never
 * show the value of a secret. It knows nothing of where the text came from.
 */
#include "config_internal.h"

#include <stdlib.h>
#include <string.h>

struct word {
	const char *text;
	int64_t value;
};

static const struct word sizes[] = {{"", 1}, {"B", 1}, {"KiB", 1LL << 10}, {"MiB", 1LL << 20},
        {"GiB", 1LL << 30}, {"kB", 1000}, {"MB", 1000000}, {"GB", 1000000000}};
static const struct word durations[] = {
        {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};
static const struct word truths[] = {{"yes", true}, {"true", true}, {"on", true}, {"1", true},
        {"no", false}, {"false", false}, {"off", false}, {"0", false}};
static const struct word choices[] = {{"auto", MSGC__AUTO}, {"yes", true}, {"true", true},
        {"on", true}, {"1", true}, {"no", false}, {"false", false}, {"off", false}, {"0", false}};
static const struct word levels[] = {{"debug", MSGC_LOG_DEBUG}, {"info", MSGC_LOG_INFO},
        {"warning", MSGC_LOG_WARNING}, {"error", MSGC_LOG_ERROR}};
static const struct word policies[] = {{"disconnect", MSGC_OUTBOX_DISCONNECT},
        {"drop-oldest", MSGC_OUTBOX_DROP_OLDEST}, {"drop-new", MSGC_OUTBOX_DROP_NEW}};
static const struct word formats[] = {{"logfmt", false}, {"json", true}};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static bool read_word(const struct word *words, size_t count, const char *text, int64_t *ret)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i].text, text) == 0) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

bool msgc__config_read_bool(const char *text, bool *ret)
{
	int64_t value;

	if (!read_word(truths, LENGTH(truths), text, &value))
		return false;
	*ret = value != 0;
	return true;
}

/* Decimal digits with an optional '-'. Returns where they end, or NULL: none, or too large. */
static const char *read_digits(const char *text, int64_t *ret)
{
	bool negative = *text == '-';
	int64_t value = 0;

	if (negative)
		text++;
	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		if (__builtin_mul_overflow(value, 10, &value) ||
		        __builtin_sub_overflow(
		                value, *text - '0', &value)) /* down: INT64_MIN has no positive */
			return NULL;
	}
	if (!negative && __builtin_mul_overflow(value, -1, &value))
		return NULL;
	*ret = value;
	return text;
}

static bool read_int(const char *text, int64_t *ret)
{
	const char *end = read_digits(text, ret);

	return end && *end == '\0';
}

static bool read_with_unit(const struct word *units, size_t count, const char *text, int64_t *ret)
{
	int64_t number, factor;
	const char *end = read_digits(text, &number);

	if (!end || number < 0)
		return false;
	if (number == 0 && *end == '\0') {
		*ret = 0; /* nothing is nothing in every unit */
		return true;
	}
	if (!read_word(units, count, end, &factor))
		return false;
	return !__builtin_mul_overflow(number, factor, ret);
}

static bool in_range(const struct msgc__key *key, int64_t value)
{
	return key->max == 0 || (value >= key->min && value <= key->max);
}

/* The largest unit that a bound is a multiple of, so that messages speak as people do. */
static void print_bound(
        char *out, size_t size, const struct word *units, size_t count, int64_t value)
{
	const struct word *best = &units[0];

	for (size_t i = 1; i < count; i++) {
		if (value % units[i].value == 0 && units[i].value > best->value)
			best = &units[i];
	}
	snprintf(out, size, "%lld%s", (long long)(value / best->value),
	        value == 0 ? "" : best->text);
}

static void describe(const struct msgc__key *key, char *out, size_t size)
{
	char low[32], high[32];

	switch (key->type) {
	case MSGC_SETTING_INT:
		if (key->max != 0)
			snprintf(out, size, "a number from %lld to %lld", (long long)key->min,
			        (long long)key->max);
		else
			snprintf(out, size, "a whole number");
		break;
	case MSGC_SETTING_BOOL: snprintf(out, size, "yes or no"); break;
	case MSGC_SETTING_SIZE:
		if (key->max == 0) {
			snprintf(out, size, "a size such as 512, 64KiB or 1MiB");
			break;
		}
		print_bound(low, sizeof(low), sizes, 5, key->min);
		print_bound(high, sizeof(high), sizes, 5, key->max);
		snprintf(out, size, "a size from %s to %s", low, high);
		break;
	case MSGC_SETTING_DURATION:
		if (key->max == 0) {
			snprintf(out, size, "a duration such as 250ms, 10s, 5m, 24h or 7d");
			break;
		}
		print_bound(low, sizeof(low), durations, LENGTH(durations), key->min);
		print_bound(high, sizeof(high), durations, LENGTH(durations), key->max);
		snprintf(out, size, "a duration from %s to %s", low, high);
		break;
	case MSGC__KEY_PORT: snprintf(out, size, "a port from 0 to 65535, or off"); break;
	case MSGC__KEY_LEVEL: snprintf(out, size, "debug, info, warning or error"); break;
	case MSGC__KEY_FORMAT: snprintf(out, size, "logfmt or json"); break;
	case MSGC__KEY_RATE:
		snprintf(out, size, "a rate such as 20 per 1s burst 50, or off");
		break;
	case MSGC__KEY_POLICY: snprintf(out, size, "disconnect, drop-oldest or drop-new"); break;
	case MSGC__KEY_AUTO: snprintf(out, size, "yes, no or auto"); break;
	default: snprintf(out, size, "text"); break;
	}
}

static bool read_number(const struct msgc__key *key, const char *text, int64_t *ret)
{
	switch (key->type) {
	case MSGC_SETTING_INT: return read_int(text, ret) && in_range(key, *ret);
	case MSGC_SETTING_SIZE:
		return read_with_unit(sizes, LENGTH(sizes), text, ret) && in_range(key, *ret);
	case MSGC_SETTING_DURATION:
		return read_with_unit(durations, LENGTH(durations), text, ret) &&
		        in_range(key, *ret);
	case MSGC_SETTING_BOOL: return read_word(truths, LENGTH(truths), text, ret);
	case MSGC__KEY_LEVEL: return read_word(levels, LENGTH(levels), text, ret);
	case MSGC__KEY_FORMAT: return read_word(formats, LENGTH(formats), text, ret);
	case MSGC__KEY_POLICY: return read_word(policies, LENGTH(policies), text, ret);
	case MSGC__KEY_AUTO: return read_word(choices, LENGTH(choices), text, ret);
	case MSGC__KEY_PORT:
		if (strcmp(text, "off") == 0) {
			*ret = MSGC__PORT_OFF;
			return true;
		}
		return read_int(text, ret) && *ret >= 0 && *ret <= 65535;
	default: return false;
	}
}

bool msgc__config_read_policy(const char *text, enum msgc_outbox_policy *ret)
{
	int64_t value;

	if (!read_word(policies, LENGTH(policies), text, &value))
		return false;
	*ret = (enum msgc_outbox_policy)value;
	return true;
}

/* The next word of `*at`, copied to `out`; false: there is none, or it is too long. */
static bool next_word(const char **at, char *out, size_t size)
{
	size_t len;

	*at += strspn(*at, " \t");
	len = strcspn(*at, " \t");
	if (len == 0 || len >= size)
		return false;
	memcpy(out, *at, len);
	out[len] = '\0';
	*at += len;
	return true;
}

static bool read_count(const char **at, uint32_t *ret)
{
	char word[32];
	int64_t value;

	if (!next_word(at, word, sizeof(word)) || !read_int(word, &value) || value < 1 ||
	        value > 1000000000)
		return false;
	*ret = (uint32_t)value;
	return true;
}

/* "20 per 1s", "20 per 1s burst 50", "off". */
static bool read_rate(const char *text, struct msgc_rate *ret)
{
	struct msgc_rate rate = {0};
	char word[32];

	if (strcmp(text, "off") == 0) {
		*ret = rate;
		return true;
	}
	if (!read_count(&text, &rate.tokens) || !next_word(&text, word, sizeof(word)) ||
	        strcmp(word, "per") != 0 || !next_word(&text, word, sizeof(word)) ||
	        !read_with_unit(durations, LENGTH(durations), word, &rate.per_ms) ||
	        rate.per_ms < 1 || rate.per_ms > 86400000)
		return false;
	if (next_word(&text, word, sizeof(word)) &&
	        (strcmp(word, "burst") != 0 || !read_count(&text, &rate.burst)))
		return false;
	if (text[strspn(text, " \t")] != '\0')
		return false;
	*ret = rate;
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Items are parted by commas; blanks around them and empty ones are left out. */
static int read_list(
        struct msgc__config_state *state, const char *text, struct msgc__config_list *ret)
{
	struct msgc__config_list list = {NULL, 0};
	size_t most = 1;
	char *copy = msgc__config_copy(state, text, strlen(text));

	for (const char *at = text; *at; at++)
		most += *at == ',';
	list.items = msgc__config_own(state, most * sizeof(*list.items));
	if (!copy || !list.items)
		return MSGC_ENOMEM;
	for (char *item = copy; item;) {
		char *comma = strchr(item, ',');
		size_t len = comma ? (size_t)(comma - item) : strlen(item);

		item[len] = '\0';
		while (len > 0 && is_blank(item[len - 1]))
			item[--len] = '\0';
		while (is_blank(*item))
			item++;
		if (*item)
			list.items[list.count++] = item;
		item = comma ? comma + 1 : NULL;
	}
	*ret = list;
	return MSGC_OK;
}

static void write_number(int type, void *target, int64_t value)
{
	if (type == MSGC_SETTING_BOOL || type == MSGC__KEY_FORMAT)
		*(bool *)target = value != 0;
	else if (type == MSGC__KEY_LEVEL)
		*(enum msgc_log_level *)target = (enum msgc_log_level)value;
	else if (type == MSGC__KEY_POLICY)
		*(enum msgc_outbox_policy *)target = (enum msgc_outbox_policy)value;
	else
		*(int64_t *)target = value;
}

int msgc__config_set(struct msgc__config_state *state, struct msgc__entry *entry, const char *given,
        size_t len, enum msgc__source source, const char *where)
{
	const struct msgc__key *key = &entry->key;
	char *text = msgc__config_copy(state, given, len);
	char expected[128];
	int64_t value;

	if (!text)
		return MSGC_ENOMEM;
	if (key->type == MSGC_SETTING_STRING) {
		*(const char **)entry->target = text;
	} else if (key->type == MSGC__KEY_LIST) {
		if (read_list(state, text, entry->target))
			return MSGC_ENOMEM;
	} else if (key->type == MSGC__KEY_RATE && read_rate(text, entry->target)) {
		/* it is there */
	} else if (read_number(key, text, &value)) {
		write_number(key->type, entry->target, value);
	} else {
		describe(key, expected, sizeof(expected));
		if (key->secret)
			msgc__config_complain(
			        state, false, where, "%s must be %s", key->name, expected);
		else
			msgc__config_complain(state, false, where, "%s must be %s, not '%s'",
			        key->name, expected, text);
		return MSGC_EINVAL;
	}
	entry->text = text;
	entry->source = source;
	entry->is_set = true;
	entry->line = 0;
	return MSGC_OK;
}
