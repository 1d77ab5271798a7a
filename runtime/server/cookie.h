/* SPDX-License-Identifier: MIT */
/*
 * Cookies as RFC 6265 has them: finding one in a Cookie header, writing a Set-Cookie header. It must not know what they mean.
 */
#ifndef MSGC__COOKIE_H
#define MSGC__COOKIE_H

#include <msgc/codec.h>
#include <msgc/http.h>

/* The value of the first cookie of that name, quotes around it taken off, borrowed from `header`; NULL pointer: none. */
struct msgc_str msgc__cookie_find(struct msgc_str header, const char *name);

/*
 * The value of a Set-Cookie header, appended to `out` of `size` bytes with a NUL. MSGC_EINVAL: name, value or path hold what a cookie may not
 * (RFC 6265 section 4.1.1), or cross_site without TLS; MSGC_ELIMIT: does not fit.
 */
int msgc__cookie_format(char *out, size_t size, const char *name, const char *value,
        const struct msgc_http_cookie_options *options, bool secure, size_t *ret_len);

#endif
