/* SPDX-License-Identifier: MIT */
/*
 * Where a request comes from: its Origin (RFC 6454) against what the server allows, and the client's address behind trusted proxies. It
 * only judges; what follows from a verdict is the caller's business.
 */
#ifndef MSGC__ORIGIN_H
#define MSGC__ORIGIN_H

#include <msgc/codec.h>

#include "../transport/transport.h"
#include "config.h"

enum { MSGC__HOST_MAX = 255, MSGC__SCHEME_MAX = 31, MSGC__ADDRESS_MAX = 46 };

struct msgc__origin {
	char scheme[MSGC__SCHEME_MAX + 1]; /* lower case */
	char host[MSGC__HOST_MAX + 1];     /* lower case; IPv6 in brackets */
	uint16_t port; /* 0: the scheme has none by default and none was given */
};

/*
 * "https://chat.example.org:8443". MSGC_EINVAL: anything else, such as "null", a path, user information. With `url` a path after
 * the authority is accepted and ignored (for public-url).
 */
int msgc__origin_parse(struct msgc_str text, bool url, struct msgc__origin *ret);
/* The origin of that scheme ("http", "https") that a Host header names. MSGC_EINVAL. */
int msgc__origin_of_host(struct msgc_str host, const char *scheme, struct msgc__origin *ret);
bool msgc__origin_equal(const struct msgc__origin *a, const struct msgc__origin *b);

/* An address or network of trusted-proxies; IPv4 is kept as ::ffff:a.b.c.d. */
struct msgc__network {
	uint8_t bytes[16];
	unsigned bits;
};
int msgc__network_parse(const char *text, struct msgc__network *ret);
bool msgc__network_has(const struct msgc__network *network, const char *address);

/* The rules of one server, made once from its configuration. */
struct msgc__origins {
	bool has_public;
	struct msgc__origin own; /* of public-url */
	struct msgc__origin *allowed;
	size_t allowed_count;
	struct msgc__network *proxies;
	size_t proxy_count;
	bool required;
	uint16_t
	        playground_port; /* of the administrative listener, while it serves the playground; 0: it does not */
};

/* MSGC_ECONFIG: `ret_wrong` names the text that could not be read (borrowed from the configuration); MSGC_ENOMEM. */
int msgc__origins_init(
        struct msgc__origins *origins, const struct msgc__config *config, const char **ret_wrong);
void msgc__origins_free(struct msgc__origins *origins);

/* Who the client is: the peer itself, or what a trusted proxy says. */
struct msgc__client {
	char address[MSGC__ADDRESS_MAX]; /* "192.0.2.7", "2001:db8::1" */
	bool secure;                     /* TLS here or at the trusted proxy */
};

/*
 * From a trusted proxy exactly one address in X-Forwarded-For is required, and X-Forwarded-Proto, if present, must be http or
 * https; else MSGC_EINVAL (answer 400). From others these headers mean nothing.
 */
int msgc__origins_client(const struct msgc__origins *origins, const struct msgc__request *request,
        struct msgc__client *ret);

enum msgc__origin_verdict {
	MSGC__ORIGIN_OWN,     /* the server's own, or on the allow-list */
	MSGC__ORIGIN_MISSING, /* no Origin header */
	MSGC__ORIGIN_FOREIGN, /* any other, "null" included */
};

/*
 * Own is the origin of public-url; without it the one made of the Host header and `client->secure`. So is the playground's: http, the Host
 * header's host, the administrative listener's port. Cookies may be believed with OWN, and
 * with MISSING if not `origins->required`.
 */
enum msgc__origin_verdict msgc__origins_judge(const struct msgc__origins *origins,
        const struct msgc__request *request, const struct msgc__client *client);
bool msgc__origins_trusts_cookies(
        const struct msgc__origins *origins, enum msgc__origin_verdict verdict);

/* The value of a header by its lower-case name; NULL: not there. */
const struct msgc_str *msgc__request_header(const struct msgc__request *request, const char *name);

#endif
