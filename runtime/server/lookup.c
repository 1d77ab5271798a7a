/* SPDX-License-Identifier: MIT */
/*
 * One question to the program and its three ways of being answered. A look-up lives until everybody who may still touch it is done:
 * the pool, the program that promised to finish it, and the connection that waits. It must not know what follows from an answer.
 */
#include "lookup.h"
#include "container.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "topic.h"
#include "worker.h"

static struct msgc_lookup *of_timer(struct msgc__timer *timer)
{
	return MSGC__CONTAINER_OF(timer, struct msgc_lookup, deadline);
}

static struct msgc_lookup *of_work(struct msgc__work *work)
{
	return MSGC__CONTAINER_OF(work, struct msgc_lookup, work);
}

static struct msgc_lookup *of_mail(struct msgc__mail *mail)
{
	return MSGC__CONTAINER_OF(mail, struct msgc_lookup, mail);
}

/* Nobody touches it any more. */
static void end(struct msgc_lookup *lookup)
{
	struct msgc_connection *connection = lookup->connection;

	msgc__worker_release(lookup->worker);
	if (lookup->credential)
		explicit_bzero(lookup->credential, lookup->credential_len);
	free(lookup->credential);
	msgc_arena_free(&lookup->arena);
	msgc__subscription_drop(lookup->subscription);
	if (lookup->value)
		explicit_bzero(lookup->value, lookup->value_len);
	free(lookup->value);
	free(lookup);
	msgc__connection_drop(connection);
}

void msgc__lookup_unused(struct msgc_lookup *lookup)
{
	if (lookup)
		end(lookup);
}

static void give_up(struct msgc__timer *timer)
{
	struct msgc_lookup *lookup = of_timer(timer);

	lookup->abandoned = true;
	lookup->connection->lookup = NULL;
	lookup->answered(lookup->connection, lookup, MSGC_ETIMEOUT);
}

/* The answer is there, and neither pool nor program will touch the look-up again. */
static void conclude(struct msgc_lookup *lookup)
{
	struct msgc_connection *connection = lookup->connection;

	msgc__timer_cancel(&lookup->worker->timers, &lookup->deadline);
	if (lookup->abandoned) {
		lookup->dropped(lookup, lookup->result);
	} else {
		connection->lookup = NULL;
		lookup->answered(connection, lookup, lookup->result);
	}
	end(lookup);
}

/* ---------------------------------------------------------------------------------------------- pool */

static void run(struct msgc__work *work)
{
	struct msgc_lookup *lookup = of_work(work);

	lookup->result = lookup->call(lookup);
}

static void ran(struct msgc__worker *worker, struct msgc__work *work)
{
	struct msgc_lookup *lookup = of_work(work);

	(void)worker;
	lookup->on_pool = false;
	if (work->dropped)
		lookup->result = MSGC_EGONE;
	else if (lookup->result == MSGC_LATER)
		lookup->later = true;
	else if (lookup->result > 0)
		lookup->result = MSGC_EINTERNAL; /* it wants to block where it may */
	if (!lookup->later)
		conclude(lookup);
	else if (lookup->has_answer) {
		lookup->result = lookup->answer;
		conclude(lookup);
	}
}

/* ---------------------------------------------------------------------------------------------- later */

static void finished(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc_lookup *lookup = of_mail(mail);

	(void)worker;
	lookup->has_answer = true;
	if (lookup->on_pool)
		return; /* ran() comes soon */
	lookup->result = lookup->answer;
	conclude(lookup);
}

void msgc_lookup_finish(struct msgc_lookup *lookup, int result)
{
	if (!lookup || atomic_exchange(&lookup->finished, true))
		return;
	lookup->answer = result > 0 ? MSGC_EINTERNAL : result;
	lookup->mail.deliver = finished;
	(void)msgc__worker_post(lookup->worker, &lookup->mail, false);
}

void msgc__lookup_reply(struct msgc_lookup *lookup, int result)
{
	if (!lookup->calling) {
		msgc_lookup_finish(lookup, result);
		return;
	}
	lookup->replied = true;
	lookup->answer = result > 0 ? MSGC_EINTERNAL : result;
}

bool msgc_lookup_may_block(const struct msgc_lookup *lookup)
{
	return !lookup || lookup->may_block;
}

/* ---------------------------------------------------------------------------------------------- start */

struct msgc_lookup *msgc__lookup_new(struct msgc_connection *connection)
{
	struct msgc_lookup *lookup = calloc(1, sizeof *lookup);

	if (!lookup) {
		msgc__counter_add(
		        &connection->worker->metrics.short_of_memory[MSGC__SHORT_LOOKUP], 1);
		return NULL;
	}
	lookup->connection = msgc__connection_keep(connection);
	lookup->worker = connection->worker;
	lookup->deadline.fire = give_up;
	lookup->work.run = run;
	lookup->work.done = ran;
	lookup->work.worker = connection->worker;
	msgc__worker_hold(lookup->worker);
	return lookup;
}

void msgc__lookup_start(struct msgc_lookup *lookup)
{
	struct msgc__worker *worker = lookup->worker;
	struct msgc_server *server = worker->server;
	int result;

	lookup->calling = true;
	result = lookup->call(lookup);
	lookup->calling = false;
	if (lookup->replied)
		result = lookup->answer;
	if (result == MSGC_BLOCKS) {
		lookup->may_block = true;
		result = msgc__pool_submit(server->pool, &lookup->work);
		if (result == 0) {
			lookup->on_pool = true;
			result = MSGC_LATER;
		}
	} else if (result == MSGC_LATER) {
		lookup->later = true;
	} else if (result > 0) {
		result = MSGC_EINTERNAL;
	}
	lookup->connection->lookup = lookup;
	if (result == MSGC_LATER) {
		msgc__timer_arm(&worker->timers, &lookup->deadline,
		        worker->now + worker->config->auth_timeout);
		return;
	}
	lookup->result = result;
	conclude(lookup);
}

void msgc__lookup_abandon(struct msgc_lookup *lookup)
{
	if (!lookup)
		return;
	msgc__timer_cancel(&lookup->worker->timers, &lookup->deadline);
	lookup->abandoned = true;
	lookup->connection->lookup = NULL;
}
