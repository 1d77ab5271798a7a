/* SPDX-License-Identifier: MIT */
/*
 * Plain HTTP requests to a server without sockets: its worker is driven by the test's own thread, its pool runs as it does in
 * earnest.
 */
#ifndef MSGC_TESTS_HTTP_EXCHANGE_KIT_H
#define MSGC_TESTS_HTTP_EXCHANGE_KIT_H

#include <check.h>

#include "server/worker.h"

enum { KIT_BODY_MAX = 512 * 1024 };

/* A response as the transport got it, copied. */
struct kit_response {
	bool arrived;
	int status;
	char headers[8192]; /* "name: value\n" … */
	char body[KIT_BODY_MAX];
	size_t len;
	char file[64]; /* name, when it is sent from a file */
	bool head_only;
};

extern struct msgc_server *kit_server;
extern struct msgc__worker *kit_worker;
extern struct kit_response kit_response;

/* `arguments`: NULL-terminated, without the program's name. Not started yet: register routes, then kit_start(). */
void kit_new(const char *const *arguments);
int kit_start(void);
/* Drains, ends and frees the server; checks that no exchange is left. */
void kit_free(void);

/* One more header for the next request; both borrowed until it is sent. */
void kit_header(const char *name, const char *value);
/* The body for the next request. */
void kit_body(const char *body, size_t len);
/* Sends and waits for the response; returns its status. `target`: "/path?query". */
int kit_request(const char *method, const char *target);
int kit_admin_request(const char *method, const char *target);
/* The limit that the last request's body had. */
size_t kit_body_limit(void);
/* Begins an exchange and sends the body; the response is not waited for. */
struct msgc__exchange *kit_begin(const char *method, const char *target);
/* Turns the worker until the response is there; fails the test if it does not come. */
void kit_wait(void);
/* The same until no exchange is left. */
void kit_wait_for_ends(void);
void kit_turn(void);

/* The value of a response header; "": there is none. */
const char *kit_value(const char *name);

#endif
