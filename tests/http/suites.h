/* SPDX-License-Identifier: MIT */
/*
 * The suites of this area; each file makes one, main.c runs them all.
 */
#ifndef MSGC_TESTS_HTTP_SUITES_H
#define MSGC_TESTS_HTTP_SUITES_H

#include <check.h>

Suite *log_suite(void);
Suite *config_suite(void);
Suite *url_suite(void);
Suite *origin_suite(void);
Suite *cookie_suite(void);
Suite *route_suite(void);
Suite *static_suite(void);
Suite *throttle_suite(void);
Suite *exchange_suite(void);

#endif
