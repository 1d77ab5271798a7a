/* SPDX-License-Identifier: MIT */
/*
 * The server's log: one line per event on stderr, logfmt or JSON, written with one write(2), from any thread.
 * It knows nothing of servers and connections, and what it is given must never be a token, cookie or password.
 */
#ifndef MSGC__LOG_H
#define MSGC__LOG_H

#include <stdarg.h>
#include <stdatomic.h>

#include <msgc/server.h>

enum {
	MSGC__LOG_LINE_MAX =
	        4096, /* bytes of a line, its newline included; pairs that do not fit are left out whole */
	MSGC__LOG_VALUE_MAX =
	        1024, /* bytes of one value before quoting; the rest is cut at a code point */
};

/* Names of actions; borrowed from the configuration. */
struct msgc__log_muted {
	const char *const *names;
	size_t count;
};

/* Read by all threads without a lock; only the atomics change once the workers have started. */
struct msgc__log {
	int fd;
	atomic_int level; /* enum msgc_log_level: lines below it are not written */
	bool json;
	_Atomic(const struct msgc__log_muted *) muted; /* NULL: none */
};

/* What is used until the configuration is known: level info, logfmt, stderr. */
void msgc__log_init(struct msgc__log *log);

bool msgc__log_enabled(const struct msgc__log *log, enum msgc_log_level level);

/* Is this action (or event, or group message) named by `log-muted-actions`? Callers then leave its lines out. */
bool msgc__log_muted(const struct msgc__log *log, const char *action, size_t len);

/*
 * As msgc_log(): `format` is a list of pairs `key=value` parted by single blanks, whose values hold conversions of printf
 * (d i u x X c s p f g, with h hh l ll z j t, flags, width and precision). What a conversion yields is quoted where it has to be, so
 * no value can forge a pair or a line. `format` NULL or "": no pairs. A literal with blanks is written as `key="two words"`.
 */
void msgc__log_write(const struct msgc__log *log, enum msgc_log_level level, const char *event,
        const char *format, ...) MSGC_PRINTF(4, 5);
void msgc__log_vwrite(const struct msgc__log *log, enum msgc_log_level level, const char *event,
        const char *format, va_list args) MSGC_PRINTF(4, 0);

/* The line itself, newline included, at most MSGC__LOG_LINE_MAX bytes: its length. `unix_ms`: the time to write. */
size_t msgc__log_format(char line[MSGC__LOG_LINE_MAX], bool json, int64_t unix_ms,
        enum msgc_log_level level, const char *event, const char *format, va_list args)
        MSGC_PRINTF(6, 0);

#endif
