/* SPDX-License-Identifier: MIT */
/*
 * The loop and the links of the in-memory transport. Whatever a client does is queued and done by the loop, one at a time, as a socket
 * would bring it. It must not know what the frames say.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "memory_internal.h"
#include "../server/worker.h"
#include "../server/container.h"

/* --------------------------------------------------------------------------------------- core → link */

static int link_write(void *link, const void *frames, size_t len)
{
	struct msgc__memory_client *client = link;
	int result = 0;

	pthread_mutex_lock(&client->loop->lock);
	if (client->aborted || client->state.closed) {
		result = MSGC_EGONE;
	} else {
		client->state.writes++;
		client->window = len < client->window ? client->window - len : 0;
		msgc__memory_read_frames(client, frames, len);
		pthread_cond_broadcast(&client->loop->turned);
	}
	pthread_mutex_unlock(&client->loop->lock);
	return result;
}

static bool link_congested(void *link)
{
	struct msgc__memory_client *client = link;
	bool congested;

	pthread_mutex_lock(&client->loop->lock);
	congested = client->window == 0;
	pthread_mutex_unlock(&client->loop->lock);
	return congested;
}

static void close_in_vain(struct msgc__timer *timer)
{
	struct msgc__memory_client *client =
	        MSGC__CONTAINER_OF(timer, struct msgc__memory_client, close_deadline);

	pthread_mutex_lock(&client->loop->lock);
	(void)msgc__memory_queue(client, MSGC__MEMORY_DROP, 1006, NULL, 0);
	pthread_mutex_unlock(&client->loop->lock);
}

static void link_close(void *link, uint16_t code, const char *reason)
{
	struct msgc__memory_client *client = link;
	struct msgc__memory_loop *loop = client->loop;
	bool waits;

	pthread_mutex_lock(&loop->lock);
	client->closing = true;
	/* A socket that takes no more takes no CLOSE frame either. */
	waits = client->rude || client->window == 0;
	if (client->window > 0) {
		client->state.close_code = code;
		strncpy(client->state.close_reason, reason, sizeof client->state.close_reason - 1);
	}
	if (!waits)
		(void)msgc__memory_queue(client, MSGC__MEMORY_ENDED, code, NULL, 0);
	pthread_mutex_unlock(&loop->lock);
	if (!waits)
		return;
	client->close_deadline.fire = close_in_vain;
	msgc__timer_arm(&loop->timers, &client->close_deadline,
	        msgc__server_now_ms(loop->server) + loop->worker->config->close_timeout);
}

static void link_abort(void *link)
{
	struct msgc__memory_client *client = link;

	pthread_mutex_lock(&client->loop->lock);
	client->aborted = true;
	(void)msgc__memory_queue(client, MSGC__MEMORY_DROP, 1006, NULL, 0);
	pthread_mutex_unlock(&client->loop->lock);
}

static void link_pause(void *link, bool paused)
{
	struct msgc__memory_client *client = link;

	pthread_mutex_lock(&client->loop->lock);
	client->state.paused = paused;
	client->loop->woken |= !paused;
	pthread_mutex_unlock(&client->loop->lock);
}

static const struct msgc__link_ops link_ops = {
        .write = link_write,
        .congested = link_congested,
        .close = link_close,
        .abort = link_abort,
        .pause = link_pause,
};

static void link_respond(void *link, const struct msgc__response *response)
{
	struct msgc__memory_client *client = link;

	pthread_mutex_lock(&client->loop->lock);
	client->responded = true;
	client->state.status = response->status;
	for (size_t i = 0; i < response->header_count; i++) {
		const struct msgc__header *header = &response->headers[i];

		msgc_buf_append_str(&client->headers, header->name);
		msgc_buf_append_str(&client->headers, ": ");
		msgc_buf_append(&client->headers, header->value.ptr, header->value.len);
		msgc_buf_append_char(&client->headers, '\n');
	}
	if (!response->head_only && !response->file)
		msgc_buf_append(&client->body, response->body.ptr, response->body.len);
	(void)msgc__memory_queue(client, MSGC__MEMORY_ENDED, 0, NULL, 0);
	pthread_cond_broadcast(&client->loop->turned);
	pthread_mutex_unlock(&client->loop->lock);
}

static const struct msgc__http_ops http_ops = {.respond = link_respond};

/* ------------------------------------------------------------------------------------- client → core */

static void set_status(struct msgc__memory_client *client, const struct msgc__verdict *verdict)
{
	pthread_mutex_lock(&client->loop->lock);
	client->state.status = verdict->status;
	client->state.retry_after = verdict->retry_after;
	client->state.detail = verdict->detail;
	client->state.closed = verdict->status != 101;
	pthread_cond_broadcast(&client->loop->turned);
	pthread_mutex_unlock(&client->loop->lock);
}

static void end_link(struct msgc__memory_client *client, uint16_t code)
{
	struct msgc__memory_loop *loop = client->loop;
	struct msgc_connection *connection = client->connection;
	struct msgc__exchange *exchange = client->exchange;

	client->connection = NULL;
	client->exchange = NULL;
	msgc__timer_cancel(&loop->timers, &client->close_deadline);
	pthread_mutex_lock(&loop->lock);
	client->state.closed = true;
	if (client->state.close_code == 0)
		client->state.close_code = 1006;
	pthread_cond_broadcast(&loop->turned);
	pthread_mutex_unlock(&loop->lock);
	if (connection)
		msgc__connection_closed(connection, code);
	if (exchange)
		msgc__exchange_end(exchange);
	if (connection || exchange) {
		pthread_mutex_lock(&loop->lock);
		msgc__memory_client_unref(client);
		pthread_mutex_unlock(&loop->lock);
	}
}

static void connect_link(struct msgc__memory_client *client)
{
	struct msgc__memory_loop *loop = client->loop;
	struct msgc__verdict verdict = {.status = 503, .detail = "not accepting"};

	if (!loop->refusing)
		msgc__worker_handshake(loop->worker, &client->request, &verdict);
	set_status(client, &verdict);
	if (verdict.status != 101)
		return;
	pthread_mutex_lock(&loop->lock);
	client->refs++; /* the link's */
	pthread_mutex_unlock(&loop->lock);
	client->connection =
	        msgc__connection_open(loop->worker, verdict.admission, &link_ops, client);
}

static void begin_exchange(struct msgc__memory_client *client, char *body, size_t len)
{
	struct msgc__memory_loop *loop = client->loop;
	struct msgc__exchange *exchange;
	size_t limit = 0;

	pthread_mutex_lock(&loop->lock);
	client->refs++;
	pthread_mutex_unlock(&loop->lock);
	exchange = msgc__exchange_begin(
	        loop->worker, &client->request, client->admin, &http_ops, client, &limit);
	client->exchange = exchange;
	if (exchange && !client->responded && len <= limit) {
		msgc__exchange_body(exchange, body, len);
		return;
	}
	if (client->responded)
		return;
	pthread_mutex_lock(&loop->lock);
	client->responded = true;
	client->state.status = exchange ? 413 : 503;
	pthread_mutex_unlock(&loop->lock);
	end_link(client, 0);
	if (exchange)
		return;
	pthread_mutex_lock(&loop->lock); /* nobody but the link had it */
	msgc__memory_client_unref(client);
	pthread_mutex_unlock(&loop->lock);
}

static void bring_text(struct msgc__memory_client *client, char *text, size_t len)
{
	if (len <= msgc__connection_frame_limit(client->connection)) {
		msgc__connection_text(client->connection, text, len);
		return;
	}
	pthread_mutex_lock(&client->loop->lock);
	client->state.close_code = 1009;
	pthread_mutex_unlock(&client->loop->lock);
	end_link(client, 1009);
}

static void perform(struct msgc__memory_action *action)
{
	struct msgc__memory_client *client = action->client;
	bool open = client->connection && !client->closing;

	switch (action->what) {
	case MSGC__MEMORY_CONNECT: connect_link(client); break;
	case MSGC__MEMORY_REQUEST: begin_exchange(client, action->text, action->len); break;
	case MSGC__MEMORY_TEXT:
		if (open)
			bring_text(client, action->text, action->len);
		break;
	case MSGC__MEMORY_BINARY:
		if (open)
			msgc__connection_binary(client->connection);
		break;
	case MSGC__MEMORY_CLOSE:
		pthread_mutex_lock(&client->loop->lock);
		if (client->state.close_code == 0)
			client->state.close_code = action->code; /* it is sent back */
		pthread_mutex_unlock(&client->loop->lock);
		end_link(client, action->code);
		break;
	case MSGC__MEMORY_ENDED:
	case MSGC__MEMORY_DROP: end_link(client, action->code); break;
	case MSGC__MEMORY_WRITABLE:
		if (client->connection)
			msgc__connection_writable(client->connection);
		break;
	}
}

/* With the lock held: what a paused client has sent waits, all but the loss of its line. */
static struct msgc__memory_action *take(struct msgc__memory_loop *loop)
{
	struct msgc__memory_action **link = &loop->first, *action;

	while (*link && (*link)->client->state.paused && !(*link)->client->closing &&
	        ((*link)->what == MSGC__MEMORY_TEXT || (*link)->what == MSGC__MEMORY_BINARY ||
	                (*link)->what == MSGC__MEMORY_CLOSE))
		link = &(*link)->next;
	action = *link;
	if (!action)
		return NULL;
	*link = action->next;
	if (!*link)
		loop->last = link;
	return action;
}

bool msgc__memory_act(struct msgc__memory_loop *loop)
{
	struct msgc__memory_action *action;

	pthread_mutex_lock(&loop->lock);
	action = take(loop);
	pthread_mutex_unlock(&loop->lock);
	if (!action)
		return false;
	perform(action);
	pthread_mutex_lock(&loop->lock);
	msgc__memory_client_unref(action->client);
	pthread_mutex_unlock(&loop->lock);
	free(action);
	return true;
}

/* --------------------------------------------------------------------------------------------- loop */

static int loop_open(struct msgc_server *server, struct msgc__worker *worker, void **ret_loop)
{
	struct msgc__memory_loop *loop = calloc(1, sizeof *loop);
	pthread_condattr_t monotonic;

	if (!loop)
		return MSGC_ENOMEM;
	loop->server = server;
	loop->worker = worker;
	loop->last = &loop->first;
	loop->refs = 1;
	pthread_mutex_init(&loop->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&loop->turned, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret_loop = loop;
	return 0;
}

static void loop_wake(void *arg)
{
	struct msgc__memory_loop *loop = arg;

	pthread_mutex_lock(&loop->lock);
	loop->woken = true;
	pthread_cond_broadcast(&loop->turned);
	pthread_mutex_unlock(&loop->lock);
}

/* When there will be something to do, by the server's clock. */
static int64_t due_of(const struct msgc__memory_loop *loop, int64_t ms)
{
	int64_t closing = msgc__timers_next(&loop->timers);
	int64_t due = ms < 0 ? INT64_MAX : loop->worker->now + ms;

	return closing >= 0 && closing < due ? closing : due;
}

static void sleep_until_woken(struct msgc__memory_loop *loop, int64_t ms)
{
	int64_t due = due_of(loop, ms);
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	if (ms < 0 || ms > 1000)
		ms = 1000; /* to look at the timers of closing handshakes */
	until.tv_nsec += (long)ms * 1000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&loop->lock);
	loop->due = due;
	loop->asleep = true;
	while (!loop->woken && !loop->stopping) {
		if (pthread_cond_timedwait(&loop->turned, &loop->lock, &until) != 0)
			break;
	}
	loop->asleep = false;
	loop->rounds++;
	loop->woken = false;
	pthread_mutex_unlock(&loop->lock);
}

/* Each loop looked at twice, the pool in between: what is at work in one of them shows, as mail wakes a loop before its sender is at rest. */
static bool rests(const struct msgc_server *server, uint64_t *rounds, int64_t *due)
{
	bool all = true;

	*rounds = 0;
	*due = INT64_MAX;
	for (unsigned i = 0; all && i < server->worker_count; i++) {
		struct msgc__memory_loop *loop = server->workers[i]->loop;

		pthread_mutex_lock(&loop->lock);
		all = loop->asleep && !loop->woken && !loop->stopping;
		*rounds += loop->rounds;
		if (loop->due < *due)
			*due = loop->due;
		pthread_mutex_unlock(&loop->lock);
	}
	return all;
}

bool msgc__memory_rests(const struct msgc_server *server, unsigned sleepers, int64_t *ret_due)
{
	struct msgc__pool_state pool;
	uint64_t before, after;

	if (!rests(server, &before, ret_due))
		return false;
	msgc__pool_look(server->pool, &pool);
	return pool.waiting == 0 && pool.busy == sleepers && rests(server, &after, ret_due) &&
	        before == after;
}

static bool is_stopping(struct msgc__memory_loop *loop)
{
	bool stopping;

	pthread_mutex_lock(&loop->lock);
	stopping = loop->stopping;
	pthread_mutex_unlock(&loop->lock);
	return stopping;
}

static int loop_run(void *arg)
{
	struct msgc__memory_loop *loop = arg;

	while (!is_stopping(loop)) {
		int64_t next;

		msgc__worker_reading(loop->worker);
		while (msgc__memory_act(loop))
			;
		msgc__timers_run(&loop->timers, msgc__server_now_ms(loop->server));
		next = msgc__worker_turn(loop->worker);
		if (next != 0)
			sleep_until_woken(loop, next);
	}
	return 0;
}

static void loop_stop_accepting(void *arg)
{
	struct msgc__memory_loop *loop = arg;

	pthread_mutex_lock(&loop->lock);
	loop->refusing = true;
	pthread_mutex_unlock(&loop->lock);
}

static void loop_stop(void *arg)
{
	struct msgc__memory_loop *loop = arg;

	pthread_mutex_lock(&loop->lock);
	loop->stopping = true;
	pthread_mutex_unlock(&loop->lock);
}

/* Links that are still there end; clients outlive it where a test holds them. */
static void loop_close(void *arg)
{
	struct msgc__memory_loop *loop = arg;
	struct msgc__memory_client *client;

	pthread_mutex_lock(&loop->lock);
	loop->refusing = true;
	while ((client = loop->clients) != NULL) {
		client->refs++;
		loop->clients = client->next;
		if (client->next)
			client->next->prev = &loop->clients;
		client->prev = NULL;
		pthread_mutex_unlock(&loop->lock);
		end_link(client, 1006);
		pthread_mutex_lock(&loop->lock);
		msgc__memory_client_unref(client);
	}
	while (loop->first) {
		struct msgc__memory_action *action = loop->first;

		loop->first = action->next;
		msgc__memory_client_unref(action->client);
		free(action);
	}
	loop->last = NULL; /* nothing is queued any more */
	loop->refs--;
	msgc__memory_loop_unlock(loop);
}

const struct msgc__transport msgc__memory_transport = {
        .name = "memory",
        .wake = loop_wake,
        .open = loop_open,
        .run = loop_run,
        .stop_accepting = loop_stop_accepting,
        .stop = loop_stop,
        .close = loop_close,
};
