/* SPDX-License-Identifier: MIT */
/* The suites of the transport's tests, one per file. Each test runs in a process of its own, with a server of its own. */
#ifndef SUITES_H
#define SUITES_H

#include <check.h>

Suite *suite_handshake(void);
Suite *suite_frames(void);
Suite *suite_close(void);
Suite *suite_idle(void);
Suite *suite_http(void);
Suite *suite_body(void);
Suite *suite_limits(void);
Suite *suite_tls(void);
Suite *suite_deflate(void);

/* Checked fixtures around a server with default options. */
void server_up(void);
struct mock_options;
void server_up_with(
        const struct mock_options *options); /* and a certificate, where everything goes over TLS */
void server_down(void);

#endif
