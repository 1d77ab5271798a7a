/* SPDX-License-Identifier: MIT */
/*
 * Names of results, and the smallest functions on strings (base.h).
 */
#include "internal.h"

const char *msgc_error_name(int code)
{
	switch (code) {
	case MSGC_OK: return "MSGC_OK";
	case MSGC_LATER: return "MSGC_LATER";
	case MSGC_EINVAL: return "MSGC_EINVAL";
	case MSGC_ENOMEM: return "MSGC_ENOMEM";
	case MSGC_ECONTRACT: return "MSGC_ECONTRACT";
	case MSGC_ELIMIT: return "MSGC_ELIMIT";
	case MSGC_EREFUSED: return "MSGC_EREFUSED";
	case MSGC_EDENIED: return "MSGC_EDENIED";
	case MSGC_EUNAUTHENTICATED: return "MSGC_EUNAUTHENTICATED";
	case MSGC_ENOTFOUND: return "MSGC_ENOTFOUND";
	case MSGC_EBUSY: return "MSGC_EBUSY";
	case MSGC_EGONE: return "MSGC_EGONE";
	case MSGC_EIO: return "MSGC_EIO";
	case MSGC_ECONFLICT: return "MSGC_ECONFLICT";
	case MSGC_ETIMEOUT: return "MSGC_ETIMEOUT";
	case MSGC_ECONFIG: return "MSGC_ECONFIG";
	case MSGC_EINTERNAL: return "MSGC_EINTERNAL";
	default: return "unknown";
	}
}

struct msgc_str msgc_str_of(const char *ptr, size_t len)
{
	struct msgc_str s = {ptr, len};

	return s;
}

struct msgc_str msgc_str_from(const char *c_string)
{
	return c_string ? msgc_str_of(c_string, strlen(c_string)) : msgc_str_of("", 0);
}

bool msgc_str_equal(struct msgc_str a, struct msgc_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

const char *msgc_str_c(struct msgc_str s)
{
	if (s.len == 0)
		return "";
	return memchr(s.ptr, '\0', s.len) ? NULL : s.ptr;
}
