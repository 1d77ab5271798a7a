/* SPDX-License-Identifier: MIT */
/*
 * Values of the type `json` opened with json-c: the one file that knows both. What json-c would
 * change without saying so is found here first. Knows nothing of contracts or servers.
 */
#include <msgc/json_c.h>

#include <json-c/json.h>
#include <limits.h>
#include <string.h>

/* A name with an escaped NUL in it: json-c ends it there. `value` is valid JSON. */
static bool cuts_a_name(struct msgc_json value)
{
	const char *p = value.ptr, *end = p + value.len;

	for (; p < end; p++) {
		bool has_nul = false;

		if (*p != '"')
			continue;
		for (p++; p < end && *p != '"'; p++) {
			if (*p != '\\' || end - p < 2)
				continue;
			has_nul = has_nul || (end - p > 6 && memcmp(p, "\\u0000", 6) == 0);
			p++;
		}
		if (!has_nul)
			continue;
		for (p++; p < end && memchr(" \t\n\r", *p, 4); p++)
			;
		if (p < end && *p == ':')
			return true;
		p--;
	}
	return false;
}

int msgc_json_open(struct msgc_json value, struct json_object **ret)
{
	struct json_tokener *tokener;
	struct json_object *opened;
	enum json_tokener_error error;

	if (!value.len || value.len > INT_MAX)
		return MSGC_EINVAL;
	if (cuts_a_name(value))
		return MSGC_ECONTRACT;
	tokener =
	        json_tokener_new_ex(MSGC_DEPTH_MOST + 1); /* json-c counts what is innermost, too */
	if (!tokener)
		return MSGC_ENOMEM;
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	opened = json_tokener_parse_ex(tokener, value.ptr, (int)value.len);
	error = json_tokener_get_error(tokener);
	if (error == json_tokener_continue) { /* a number may go on: a NUL says that it does not */
		opened = json_tokener_parse_ex(tokener, "", 1);
		error = json_tokener_get_error(tokener);
	}
	json_tokener_free(tokener);
	if (error == json_tokener_success)
		*ret = opened;
	return error == json_tokener_success        ? 0
	        : error == json_tokener_error_depth ? MSGC_ELIMIT
	                                            : MSGC_EINVAL;
}
