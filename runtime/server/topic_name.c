/* SPDX-License-Identifier: MIT */
/*
 * From a topic's name, as a client writes it, to the texts of its parameters. Clients may write values as they are or percent-encoded;
 * what is between a template's literals is a value. It must not know what a parameter means.
 */
#define _GNU_SOURCE 1 /* memmem */

#include <stdlib.h>
#include <string.h>

#include "topic.h"
#include "url.h"

static bool begins(struct msgc_str text, const char *with)
{
	size_t len = strlen(with);

	return text.len >= len && memcmp(text.ptr, with, len) == 0;
}

/*
 * How long the value at the front of `rest` is: up to the literal behind it, where that comes first; all of it, or all but that literal,
 * at the end of the name. SIZE_MAX: it does not fit.
 */
static size_t value_len(struct msgc_str rest, const char *const *next, size_t parts_left)
{
	size_t len;
	const char *found;

	if (parts_left == 0)
		return rest.len;
	if (!*next)
		return SIZE_MAX; /* two values, and nothing to tell them apart: no contract says that */
	len = strlen(*next);
	if (parts_left > 1) {
		found = memmem(rest.ptr, rest.len, *next, len);
		return found ? (size_t)(found - rest.ptr) : SIZE_MAX;
	}
	if (rest.len < len || memcmp(rest.ptr + rest.len - len, *next, len) != 0)
		return SIZE_MAX;
	return rest.len - len;
}

/* A parameter may stand in the name twice: then it has one value. */
static bool set_value(struct msgc_str text, char **memory, struct msgc_str *value)
{
	size_t len;

	if (msgc__url_decode(text.ptr, text.len, false, *memory, &len) < 0)
		return false;
	(*memory)[len] = '\0';
	if (value->ptr)
		return msgc_str_equal(*value, msgc_str_of(*memory, len));
	*value = msgc_str_of(*memory, len);
	*memory += len + 1;
	return true;
}

bool msgc__topic_begins(const struct msgc_consumer *topic, struct msgc_str name)
{
	const struct msgc_group_type *group = &topic->groups[0];

	return group->part_count == 0 || !group->parts[0] || begins(name, group->parts[0]);
}

bool msgc__topic_split(const struct msgc_consumer *topic, struct msgc_str name, char *memory,
        struct msgc_str *ret_values)
{
	const struct msgc_group_type *group = &topic->groups[0];
	struct msgc_str rest = name;
	size_t param = 0;

	for (size_t i = 0; i < group->part_count; i++) {
		const char *literal = group->parts[i];
		size_t len;

		if (literal) {
			if (!begins(rest, literal))
				return false;
			len = strlen(literal);
		} else {
			len = value_len(rest, &group->parts[i + 1], group->part_count - i - 1);
			if (len == SIZE_MAX ||
			        !set_value(msgc_str_of(rest.ptr, len), &memory,
			                &ret_values[topic->topic->params[param++]]))
				return false;
		}
		rest = msgc_str_of(rest.ptr + len, rest.len - len);
	}
	return rest.len == 0;
}
