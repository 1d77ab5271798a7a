/* SPDX-License-Identifier: MIT */
/*
 * For tests of the client: a server that can be killed, frozen and started again, and people who speak to it and remember what they have heard. It
 * must not know what is tested.
 */
#ifndef PARTY_H
#define PARTY_H

#include <check.h>
#include <stdio.h>
#include <time.h>

#include "stage.client.h"

/* ---- the server ---- */

/* A server on a free port; arguments behind those of its address, NULL at the end. One at a time. */
void stage_begin(const char *const *arguments);
/* The same with another program; its own clients are told of with entered(). */
void stage_begin_other(const char *program, const char *const *arguments);
/* The same again, on the same port. */
void stage_again(void);
void stage_signal(int signal);
/* Sends it and waits for the end. */
void stage_end(int signal);
const char *stage_url(void);
int stage_port(void);
/* A name that no other test uses. */
const char *fresh(void);

/* ---- people ---- */

enum { TEXTS_MOST = 64, TEXT_MOST = 128 };

struct texts {
	char items[TEXTS_MOST][TEXT_MOST];
	unsigned count;
};

struct person {
	const char *name;
	int lasts; /* seconds for which their tokens are good */
	bool tells_expiry;
	unsigned tokens; /* that were asked for */
	struct msgc_client *client;
	struct stage_stage_door_client *door;
	struct stage_gallery_client *gallery;
	struct stage_lounge_door_client *lounge;

	struct texts states, heard, gaps, problems, unknown, completed, recovered;
	struct texts mine;  /* "mine" or "other" for each line */
	char payload[1024]; /* of the last problem */
	unsigned drainings, refreshes, waved;
	size_t last_wave;
	char question[TEXT_MOST], result[TEXT_MOST];
	unsigned present;
};

/* Options with everything that a person remembers by; url is the server's. */
struct msgc_client_options options_for(struct person *person);
void enter_stage(
        struct person *person, const char *name, const struct msgc_client_options *options);
void enter_gallery(
        struct person *person, const char *name, const struct msgc_client_options *options);
void enter_lounge(
        struct person *person, const char *name, const struct msgc_client_options *options);
/* Opens a client that the test has made. */
void entered(struct person *person, struct msgc_client *client);
/* All are closed and freed. */
void leave_all(void);

/* ---- time ---- */

/* Lets everybody's clients do what there is to do, for so long at most. */
void turn(int ms);
int64_t now_ms(void);
#define EVENTUALLY(condition)                                                                      \
	do {                                                                                       \
		int64_t until_ = now_ms() + 20000;                                                 \
		while (!(condition) && now_ms() < until_)                                          \
			turn(20);                                                                  \
		ck_assert_msg((condition), "not within twenty seconds: %s\n%s", #condition,        \
		        stage_log());                                                              \
	} while (0)
const char *stage_log(void);
#define PASS(ms)                                                                                   \
	do {                                                                                       \
		int64_t end_ = now_ms() + (ms);                                                    \
		while (now_ms() < end_)                                                            \
			turn(10);                                                                  \
	} while (0)

static inline enum msgc_client_phase phase_of(const struct person *person)
{
	return msgc_client_state_of(person->client)->phase;
}
static inline bool is_live(const struct person *person)
{
	return phase_of(person) == MSGC_CLIENT_LIVE;
}
/* "a b c" */
const char *joined(const struct texts *texts);
void remember(struct texts *texts, const char *text, size_t len);

/* What came of a request. */
struct fate {
	bool is_known;
	int result;
	char reason[TEXT_MOST], detail[TEXT_MOST], payload[1024];
	int64_t number;
	char text[TEXT_MOST];
	int64_t retry_after_ms;
};
void fate_of(struct fate *fate, const struct msgc_outcome *outcome);
/* Says it, and waits until that is answered. */
int64_t say(struct person *person, const char *text);
int begin_say(struct person *person, const char *text, const struct msgc_send_options *options,
        struct fate *fate);

/* A program of tests: a case with a server of its own. */
int run_suite(Suite *suite);

#endif
