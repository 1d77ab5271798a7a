/* SPDX-License-Identifier: MIT */
/*
 * Results and plain values that every part of msgc shares. Depends on the C library only.
 *
 * Conventions, said once for all public headers:
 *  - A function that can fail returns 0 or a negative MSGC_E… code. What it gives back goes out through a `ret_…`
 *    parameter, which is written on success only.
 *  - Inputs are const and borrowed for the length of the call, unless a comment says otherwise. Every `…_free` accepts NULL.
 *  - A decoded message lives in its arena; whoever wants to keep it longer clones it into an arena of his own.
 *  - Zero is a useful value: a struct set to all zeros is valid wherever a struct is taken as input.
 */
#ifndef MSGC_BASE_H
#define MSGC_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MSGC_VERSION_MAJOR 0
#define MSGC_VERSION_MINOR 1
#define MSGC_VERSION_PATCH 0
#define MSGC_VERSION       "0.1.0"

/*
 * Generated code states the ABI it was written for and does not compile against another one: regenerate it with the msgc
 * of the same version.
 */
#define MSGC_GENERATED_ABI 1

#if defined(__GNUC__)
#define MSGC_PRINTF(format_at, args_at) __attribute__((format(printf, format_at, args_at)))
#else
#define MSGC_PRINTF(format_at, args_at)
#endif

/* Results. Positive values are not errors: see each function. */
enum {
	MSGC_OK = 0,
	MSGC_LATER = 1,      /* a handler or hook: "I answer later"; see server.h */
	MSGC_EINVAL = -1,    /* the call itself is wrong */
	MSGC_ENOMEM = -2,    /* no memory, or an arena or buffer is at its limit */
	MSGC_ECONTRACT = -3, /* a text or value that the contract refuses; the problems say why */
	MSGC_ELIMIT = -4,    /* larger, deeper or more than is allowed */
	MSGC_EREFUSED = -5,  /* a handler refused, with a detail for the client: msgc_refuse() */
	MSGC_EDENIED = -6,   /* not allowed */
	MSGC_EUNAUTHENTICATED = -7, /* credentials missing, wrong or expired */
	MSGC_ENOTFOUND = -8,        /* no such thing */
	MSGC_EBUSY = -9,            /* locked, full or overloaded; may work later */
	MSGC_EGONE = -10,           /* the connection or server has ended */
	MSGC_EIO = -11,             /* the operating system or a store failed */
	MSGC_ECONFLICT = -12,       /* the same id with another content */
	MSGC_ETIMEOUT = -13,        /* a deadline has passed */
	MSGC_ECONFIG =
	        -14, /* configuration or registration is incomplete or wrong; the log says what */
	MSGC_EINTERNAL = -15, /* a defect of the program */
};

/* "MSGC_EBUSY" for MSGC_EBUSY; "unknown" for what is none of them. Never NULL. */
const char *msgc_error_name(int code);

/*
 * UTF-8 text, counted in bytes. May hold NUL bytes (JSON may say \u0000). Decoded strings are followed by a NUL byte that
 * `len` does not count; strings that a program makes need not be.
 */
struct msgc_str {
	const char *ptr;
	size_t len;
};

/* For constants: MSGC_STR("lobby"). For C strings at run time: msgc_str_from(name). */
#define MSGC_STR_INIT(literal)                                                                     \
	{                                                                                          \
		("" literal), sizeof(literal) - 1                                                  \
	}
#ifndef __cplusplus
#define MSGC_STR(literal) ((struct msgc_str)MSGC_STR_INIT(literal))
#endif
struct msgc_str msgc_str_from(const char *c_string); /* NULL gives the empty string */
struct msgc_str msgc_str_of(const char *ptr, size_t len);
bool msgc_str_equal(struct msgc_str a, struct msgc_str b);
/* `s` as a C string: s.ptr for a decoded string; NULL where a NUL byte stands inside, so that no part is lost unseen. */
const char *msgc_str_c(struct msgc_str s);

/* Bytes; base64 (RFC 4648 section 4, padded) in JSON. */
struct msgc_bytes {
	const uint8_t *ptr;
	size_t len;
};

/* One JSON value as its text, valid and complete. */
struct msgc_json {
	const char *ptr;
	size_t len;
};

/* An exact decimal number as its JSON text; never goes through a double. */
struct msgc_decimal {
	const char *ptr;
	size_t len;
};

/* RFC 3339 date-time: an instant and the offset that it was written with. Leap seconds are kept as :60. */
struct msgc_datetime {
	int64_t seconds;        /* since 1970-01-01T00:00:00Z, without leap seconds */
	int32_t nanoseconds;    /* 0 to 999,999,999; 1,000,000,000 and more: inside a leap second */
	int16_t offset_minutes; /* local time minus UTC, -1439 to 1439; written as Z when 0 */
};

/* RFC 3339 full-date. */
struct msgc_date {
	int16_t year; /* 0 to 9999 */
	uint8_t month;
	uint8_t day;
};

/* RFC 3339 full-time. */
struct msgc_time {
	int32_t nanoseconds;
	uint8_t hour;
	uint8_t minute;
	uint8_t second; /* 60 in a leap second */
	int16_t offset_minutes;
};

/* RFC 3339 appendix A duration, as written: months and days have no fixed length in seconds. Weeks come as days. */
struct msgc_duration {
	int64_t months;
	int64_t days;
	int64_t seconds;
};

/* RFC 9562. */
struct msgc_uuid {
	uint8_t bytes[16];
};

#ifdef __cplusplus
}
#endif

#endif
