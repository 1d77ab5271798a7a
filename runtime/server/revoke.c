/* SPDX-License-Identifier: MIT */
/*
 * Log out everywhere: what a user has open is closed on every worker (reach.c), and what was proved before is not believed any more, by an expiring
 * key in the backend. It must not know how a user was recognised.
 */
#include "credentials.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "worker.h"

enum { KEY_MAX = 4096, MOMENT_BYTES = 24 };

/* ----------------------------------------------------------------------------------------- moments */

struct msgc__moment msgc__moment_now(const struct msgc_server *server)
{
	return (struct msgc__moment){
	        .clock = server->clock.since ? server->clock.since : server->process,
	        .ms = msgc__server_now_ms(server),
	        .unix_seconds = msgc__server_unix_seconds(server),
	};
}

/* Not later? Where only seconds are known, the same second counts as not later: better one log-in too many. */
static bool not_later(const struct msgc__moment *a, const struct msgc__moment *b)
{
	if (a->clock != 0 && a->clock == b->clock)
		return a->ms <= b->ms;
	return a->unix_seconds <= b->unix_seconds;
}

static void write_moment(uint8_t out[MOMENT_BYTES], const struct msgc__moment *moment)
{
	const uint64_t words[3] = {
	        moment->clock, (uint64_t)moment->ms, (uint64_t)moment->unix_seconds};

	for (size_t i = 0; i < MOMENT_BYTES; i++)
		out[i] = (uint8_t)(words[i / 8] >> (56 - 8 * (i % 8)));
}

static bool read_moment(struct msgc_bytes in, struct msgc__moment *ret)
{
	uint64_t words[3] = {0};

	if (in.len != MOMENT_BYTES)
		return false;
	for (size_t i = 0; i < MOMENT_BYTES; i++)
		words[i / 8] = words[i / 8] << 8 | in.ptr[i];
	*ret = (struct msgc__moment){words[0], (int64_t)words[1], (int64_t)words[2]};
	return true;
}

/* ------------------------------------------------------------------------------------------- names */

/* "realm", a separator, "id": neither can be mistaken for the other, as the realm's length comes first. */
static int write_user(
        struct msgc_buf *out, const char *prefix, struct msgc_str realm, struct msgc_str id)
{
	msgc_buf_printf(out, "%s%zu/", prefix, realm.len);
	msgc_buf_append(out, realm.ptr, realm.len);
	msgc_buf_append_char(out, '/');
	msgc_buf_append(out, id.ptr, id.len);
	return out->error;
}

/* ------------------------------------------------------------------------------------------ revoking */

struct letter {
	struct msgc__mail mail;
	struct msgc_user user;
	struct msgc__moment now;
	char text[];
};

static void stored(void *arg, int result)
{
	struct msgc__worker *worker = arg;

	if (result < 0)
		msgc_log(worker->server, MSGC_LOG_ERROR, "user.revoke", "error=%s",
		        msgc_error_name(result));
}

/* First the key, so that whoever comes from now on finds it; then those that are there. */
static int revoke_here(
        struct msgc__worker *worker, const struct msgc_user *user, const struct msgc__moment *now)
{
	struct msgc__backend *backend = worker->server->backend;
	uint8_t value[MOMENT_BYTES];
	struct msgc_buf key;
	int result;

	write_moment(value, now);
	msgc_buf_init(&key, KEY_MAX);
	result = write_user(&key, "revoked/", user->realm, user->id);
	if (result == 0)
		result = backend->ops->put(backend, worker, msgc_buf_str(&key),
		        (struct msgc_bytes){value, sizeof value}, worker->config->revocation_memory,
		        MSGC__PUT_ALWAYS, stored, worker);
	msgc_buf_free(&key);
	return result < 0 ? result : msgc__reach_revoke(worker, user);
}

static void open_letter(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct letter *letter = (struct letter *)(void *)mail;

	if (worker->state != MSGC__WORKER_STOPPED)
		stored(worker, revoke_here(worker, &letter->user, &letter->now));
	free(letter);
}

int msgc_server_revoke(struct msgc_server *server, struct msgc_str realm, struct msgc_str id)
{
	struct msgc__worker *worker = msgc__worker_current();
	struct msgc__moment now;
	struct msgc_user user = {.realm = realm, .id = id};
	struct letter *letter;
	int result;

	if (!server || id.len == 0 || realm.len > KEY_MAX / 2 || id.len > KEY_MAX / 4)
		return MSGC_EINVAL;
	if (server->worker_count == 0)
		return MSGC_EGONE;
	now = msgc__moment_now(server);
	if (worker && worker->server == server)
		return revoke_here(worker, &user, &now);
	letter = calloc(1, sizeof *letter + realm.len + id.len);
	if (!letter)
		return MSGC_ENOMEM;
	memcpy(letter->text, realm.ptr, realm.len);
	memcpy(letter->text + realm.len, id.ptr, id.len);
	letter->user.realm = msgc_str_of(letter->text, realm.len);
	letter->user.id = msgc_str_of(letter->text + realm.len, id.len);
	letter->now = now;
	letter->mail.deliver = open_letter;
	result = msgc__worker_post(server->workers[0], &letter->mail, false);
	if (result < 0)
		free(letter);
	return result;
}

/* -------------------------------------------------------------------------------------------- asking */

struct question {
	msgc__done_fn *done;
	void *arg;
	struct msgc__moment proved;
};

static void answered(void *arg, int result, struct msgc_bytes value)
{
	struct question question = *(struct question *)arg;
	struct msgc__moment revoked;

	free(arg);
	if (result == 0 && value.ptr &&
	        (!read_moment(value, &revoked) || not_later(&question.proved, &revoked)))
		result = MSGC_EUNAUTHENTICATED;
	question.done(question.arg, result);
}

int msgc__revoke_ask(struct msgc__worker *worker, const struct msgc_user *user,
        struct msgc__moment proved, msgc__done_fn *done, void *arg)
{
	struct msgc__backend *backend = worker->server->backend;
	struct question *question = malloc(sizeof *question);
	struct msgc_buf key;
	int result;

	if (!question)
		return MSGC_ENOMEM;
	*question = (struct question){done, arg, proved};
	msgc_buf_init(&key, 0);
	result = write_user(&key, "revoked/", user->realm, user->id);
	if (result == 0)
		result = backend->ops->get(backend, worker, msgc_buf_str(&key), answered, question);
	msgc_buf_free(&key);
	if (result < 0)
		free(question);
	return result;
}
