/* SPDX-License-Identifier: MIT */
/*
 * http_once.h - one HTTP request to a server, and its answer, for commands that speak to one that
 * runs: plain HTTP, no proxy, no redirection, ten seconds. It must not know what is asked.
 */
#ifndef MSGC_COMPILER_HTTP_ONCE_H
#define MSGC_COMPILER_HTTP_ONCE_H

#include <stdbool.h>
#include <stddef.h>

/* "http://HOST:PORT/path" in its parts. */
struct http_place {
	char host[256];   /* an IPv6 address without its brackets */
	char port[8];     /* "": not said */
	const char *path; /* within the URL: all that follows, maybe "" */
	bool is_ipv6;
};

/* False: it is no such URL. */
bool http_place_read(const char *url, struct http_place *ret);

/* "HOST:PORT" for the header Host, with brackets around an IPv6 address. */
#define HTTP_HOST_FORMAT "%s%s%s:%s"
#define HTTP_HOST_ARGS(place)                                                                      \
	(place)->is_ipv6 ? "[" : "", (place)->host, (place)->is_ipv6 ? "]" : "", (place)->port

/*
 * Sends the whole of a request that says `Connection: close`, and reads until the server closes, up
 * to `most` bytes; answer has room for one more, which becomes NUL. Returns how many bytes came; 0:
 * *ret_why says why none did, in words that need not be freed.
 */
size_t http_once(const struct http_place *place, const void *request, size_t len, char *answer,
        size_t most, const char **ret_why);

#endif
