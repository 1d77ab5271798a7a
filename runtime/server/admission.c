/* SPDX-License-Identifier: MIT */
/*
 * The verdict on a WebSocket handshake, from its headers alone: path, parameters, Origin, capacity. What authentication will need is
 * copied, for the headers are gone afterwards. It must not know who the client is: that is asked when the link is open.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addresses.h"
#include "compress.h"
#include "connection.h"
#include "cookie.h"
#include "recover.h"
#include "told.h"
#include "worker.h"

enum { RETRY_AFTER_SECONDS = 5, PARAMS_ARENA_MAX = 64 * 1024 };

/* What is found out on the way. */
struct visit {
	const struct msgc__request *request;
	struct msgc__client client;
	const struct msgc__served *served;
	struct msgc_str *values;
	struct msgc__path path;
	struct msgc_str path_text;      /* ptr NULL: nobody needs it */
	bool cookies;                   /* may be believed */
	struct msgc_str authorization;  /* ptr NULL: none */
	struct msgc_str name, password; /* Basic credentials; ptr NULL: none */
	char basic[MSGC__BASIC_MAX + 2];
	char why[MSGC__REASON_MAX]; /* for the log, where the client is told less; or empty */
};

static int refuse(struct msgc__verdict *verdict, int status, const char *detail)
{
	verdict->status = status;
	verdict->detail = detail;
	verdict->retry_after = status == 503 ? RETRY_AFTER_SECONDS : 0;
	return -1;
}

static int no_memory(struct msgc__worker *worker, struct msgc__verdict *verdict)
{
	msgc__counter_add(&worker->metrics.short_of_memory[MSGC__SHORT_HANDSHAKE], 1);
	return refuse(verdict, 503, "Out of memory.");
}

static bool lists(const struct msgc_consumer *consumer, enum msgc_auth_kind kind)
{
	for (size_t i = 0; i < consumer->auth_count; i++) {
		if (consumer->auth[i] == kind)
			return true;
	}
	return false;
}

/* ----------------------------------------------------------------------------------------- who may come */

/* What a ticket that comes later would have to be bound to, and where a message_id counts. */
static int keep_path(struct msgc__worker *worker, struct visit *visit)
{
	const struct msgc_consumer *consumer = visit->served->consumer;

	if (!lists(consumer, MSGC_AUTH_TICKET) && !consumer->envelope.message_id)
		return 0;
	msgc_buf_reset(&worker->text);
	msgc__ticket_path(&worker->text, &visit->path);
	if (worker->text.error)
		return MSGC_ENOMEM;
	return msgc_arena_copy(&worker->scratch, msgc_buf_str(&worker->text), &visit->path_text);
}

static int find_consumer(
        struct msgc__worker *worker, struct visit *visit, struct msgc__verdict *verdict)
{
	int result;

	result = msgc__path_split(visit->request->path, &worker->scratch, &visit->path);
	if (result == MSGC_ENOMEM)
		return no_memory(worker, verdict);
	if (result == 0)
		visit->served = msgc__route_find(worker->server, &visit->path);
	if (!visit->served) {
		snprintf(visit->why, sizeof visit->why, "%s", "no consumer has such a path");
		return refuse(verdict, 404, "Nothing is served here.");
	}
	result = msgc__route_values(visit->served->consumer, &visit->path, visit->request->query,
	        &worker->scratch, &visit->values);
	if (result == MSGC_ENOMEM)
		return no_memory(worker, verdict);
	if (result < 0) {
		snprintf(visit->why, sizeof visit->why, "%s",
		        "the query is malformed, or has a parameter twice");
		return refuse(verdict, 404, "Nothing is served here.");
	}
	return keep_path(worker, visit) < 0 ? no_memory(worker, verdict) : 0;
}

/* Is there a way to authenticate that no other site's page could use with the cookies of its visitor? */
static bool works_without_cookies(const struct msgc_consumer *consumer)
{
	for (size_t i = 0; i < consumer->auth_count; i++) {
		if (consumer->auth[i] != MSGC_AUTH_SESSION)
			return true;
	}
	return consumer->auth_count == 0 || consumer->auth_message;
}

static int check_origin(
        struct msgc__worker *worker, struct visit *visit, struct msgc__verdict *verdict)
{
	const struct msgc__origins *origins = &worker->server->origins;
	enum msgc__origin_verdict origin =
	        msgc__origins_judge(origins, visit->request, &visit->client);

	visit->cookies = msgc__origins_trusts_cookies(origins, origin);
	/* Without an Origin it is no browser: its cookies may not be believed, but it is told so as others are, by a 401. */
	if (origin != MSGC__ORIGIN_FOREIGN || works_without_cookies(visit->served->consumer))
		return 0;
	return refuse(verdict, 403, "This origin is not allowed.");
}

/* The next token of a comma-separated list (RFC 9110 section 5.6.1); len 0: there is none. */
static struct msgc_str next_token(struct msgc_str *list)
{
	struct msgc_str token;
	size_t len = 0;

	while (list->len > 0 && strchr(" \t,", *list->ptr)) {
		list->ptr++;
		list->len--;
	}
	while (len < list->len && !strchr(" \t,", list->ptr[len]))
		len++;
	token = msgc_str_of(list->ptr, len);
	list->ptr += len;
	list->len -= len;
	return token;
}

static bool is_offered(struct msgc_str offered, const char *subprotocol)
{
	struct msgc_str token;

	while ((token = next_token(&offered)).len > 0) {
		if (msgc_str_equal(token, msgc_str_from(subprotocol)))
			return true;
	}
	return false;
}

/* The first of the consumer's that the client offers. It may offer none at all, but not only unknown ones. */
static int check_subprotocol(struct visit *visit, struct msgc__verdict *verdict)
{
	const struct msgc_consumer *consumer = visit->served->consumer;
	const struct msgc_str *offered =
	        msgc__request_header(visit->request, "sec-websocket-protocol");

	if (!offered || offered->len == 0)
		return 0;
	for (size_t i = 0; i < consumer->subprotocol_count; i++) {
		if (!is_offered(*offered, consumer->subprotocols[i]))
			continue;
		verdict->subprotocol = msgc_str_from(consumer->subprotocols[i]);
		return 0;
	}
	return refuse(verdict, 400, "None of the subprotocols is spoken here.");
}

/* A query parameter that all consumers understand, unless the contract has one of that name. Ptr NULL: none. */
static struct msgc_str own_query(
        struct msgc__worker *worker, const struct visit *visit, const char *name)
{
	const struct msgc_consumer *consumer = visit->served->consumer;
	const struct msgc_str *value;
	struct msgc__pairs pairs;
	size_t count;

	for (size_t i = 0; i < consumer->param_count; i++) {
		if (strcmp(consumer->params[i], name) == 0)
			return msgc_str_of(NULL, 0);
	}
	if (msgc__pairs_parse(visit->request->query, &worker->scratch, &pairs) < 0)
		return msgc_str_of(NULL, 0);
	value = msgc__pairs_find(&pairs, name, &count);
	return value && count == 1 ? *value : msgc_str_of(NULL, 0);
}

/* The header; or what a page of the playground, which can set no header, puts into the URL instead. */
static struct msgc_str authorization(struct msgc__worker *worker, const struct visit *visit)
{
	const struct msgc_str *header = msgc__request_header(visit->request, "authorization");

	if (header || !worker->server->playground)
		return header ? *header : msgc_str_of(NULL, 0);
	return own_query(worker, visit, "playground_authorization");
}

/* Somebody who has guessed wrong too often is not even asked. */
static int check_guesses(
        struct msgc__worker *worker, struct visit *visit, struct msgc__verdict *verdict)
{
	int64_t wait;

	visit->authorization = authorization(worker, visit);
	if (!visit->authorization.ptr || !worker->server->basic.check ||
	        !lists(visit->served->consumer, MSGC_AUTH_BASIC) ||
	        msgc__basic_read(
	                visit->authorization, visit->basic, &visit->name, &visit->password) < 0)
		return 0;
	wait = msgc__basic_wait(worker->server, &worker->config->auth_failure_rate,
	        visit->client.address, visit->name);
	if (wait == 0)
		return 0;
	(void)refuse(verdict, 429, "Too many wrong passwords.");
	verdict->retry_after = (int)(wait / 1000 + (wait % 1000 != 0));
	return -1;
}

static int check_rate(
        struct msgc__worker *worker, struct visit *visit, struct msgc__verdict *verdict)
{
	const struct msgc_rate *rate = &worker->config->handshake_rate;
	int64_t wait = 0;

	if (rate->tokens > 0)
		wait = msgc__throttle_take_key(worker->server->rates,
		        msgc__throttle_key(MSGC__RATE_HANDSHAKE, visit->client.address), rate,
		        worker->now);
	if (wait == 0)
		return 0;
	(void)refuse(verdict, 429, "Too many handshakes from this address.");
	verdict->retry_after = (int)(wait / 1000 + (wait % 1000 != 0));
	return -1;
}

static int check_capacity(
        struct msgc__worker *worker, struct visit *visit, struct msgc__verdict *verdict)
{
	struct msgc_server *server = worker->server;
	int result;

	if (atomic_fetch_add(&server->connections, 1) >= (size_t)worker->config->max_connections) {
		atomic_fetch_sub(&server->connections, 1);
		return refuse(verdict, 503, "Too many connections.");
	}
	result = msgc__addresses_enter(server->addresses, visit->client.address,
	        worker->config->max_connections_per_address);
	if (result == 0)
		return 0;
	atomic_fetch_sub(&server->connections, 1);
	return result == MSGC_ELIMIT
	        ? refuse(verdict, 503, "Too many connections from this address.")
	        : no_memory(worker, verdict);
}

/* --------------------------------------------------------------------------------------- what is kept */

static struct msgc_str bearer_token(struct msgc_str header)
{
	static const char scheme[] = "bearer ";
	size_t at = sizeof scheme - 1;

	if (!header.ptr || header.len <= at || strncasecmp(header.ptr, scheme, at) != 0)
		return msgc_str_of(NULL, 0);
	while (at < header.len && header.ptr[at] == ' ')
		at++;
	return msgc_str_of(header.ptr + at, header.len - at);
}

static struct msgc_str cookie(const struct visit *visit, const char *name)
{
	const struct msgc_str *header = msgc__request_header(visit->request, "cookie");

	if (!header || !name || !visit->cookies)
		return msgc_str_of(NULL, 0);
	return msgc__cookie_find(*header, name);
}

static struct msgc_str keep(char **at, struct msgc_str s)
{
	struct msgc_str kept = {NULL, s.len};

	if (!s.ptr)
		return kept;
	memcpy(*at, s.ptr, s.len);
	(*at)[s.len] = '\0';
	kept.ptr = *at;
	*at += s.len + 1;
	return kept;
}

/* "?authenticate=frame": where everybody may come in as nobody, this one does not want to. */
static bool announces(struct msgc__worker *worker, const struct visit *visit)
{
	const struct msgc_consumer *consumer = visit->served->consumer;

	if (!lists(consumer, MSGC_AUTH_ANONYMOUS) ||
	        (!consumer->auth_message && !lists(consumer, MSGC_AUTH_JWT) &&
	                !lists(consumer, MSGC_AUTH_TICKET)))
		return false;
	return msgc_str_equal(own_query(worker, visit, "authenticate"), MSGC_STR("frame"));
}

static int keep_credentials(struct msgc_connection *connection, const struct visit *visit)
{
	const struct msgc_server *server = connection->worker->server;
	const struct msgc_consumer *consumer = connection->served->consumer;
	struct msgc_str found[5] = {{NULL, 0}};
	struct msgc__credentials *credentials;
	size_t size = 0;
	char *at;

	if (server->sessions.find)
		found[0] = cookie(visit, server->sessions.cookie_name);
	if (server->tokens.verify) {
		found[1] = bearer_token(visit->authorization);
		if (!found[1].ptr)
			found[1] = cookie(visit, server->tokens.cookie_name);
	}
	if (lists(consumer, MSGC_AUTH_TICKET))
		found[2] = own_query(connection->worker, visit, "ticket");
	found[3] = visit->name;
	found[4] = visit->password;
	for (size_t i = 0; i < 5; i++)
		size += found[i].ptr ? found[i].len + 1 : 0;
	if (size == 0)
		return 0;
	credentials = malloc(sizeof *credentials + size);
	if (!credentials)
		return MSGC_ENOMEM;
	credentials->size = size;
	at = credentials->bytes;
	credentials->session = keep(&at, found[0]);
	credentials->bearer = keep(&at, found[1]);
	credentials->ticket = keep(&at, found[2]);
	credentials->name = keep(&at, found[3]);
	credentials->password = keep(&at, found[4]);
	connection->credentials = credentials;
	return 0;
}

static size_t align(size_t size)
{
	return (size + 15) & ~(size_t)15;
}

/* Connection, typed struct and the parameters' texts in one piece of memory. */
static struct msgc_connection *make(
        struct msgc__worker *worker, const struct visit *visit, struct msgc_str **ret_values)
{
	const struct msgc_consumer *consumer = visit->served->consumer;
	size_t texts = 0, self_at = align(sizeof(struct msgc_connection));
	size_t values_at = self_at + align(consumer->self_size);
	size_t texts_at = values_at + consumer->param_count * sizeof(struct msgc_str);
	struct msgc_connection *connection;
	struct msgc_str *values;
	char *at;

	for (size_t i = 0; i < consumer->param_count; i++)
		texts += visit->values[i].len + 1;
	texts += visit->path_text.len + 1;
	connection = calloc(1, texts_at + texts);
	if (!connection)
		return NULL;
	connection->self = (char *)connection + self_at;
	values = (struct msgc_str *)(void *)((char *)connection + values_at);
	at = (char *)connection + texts_at;
	for (size_t i = 0; i < consumer->param_count; i++)
		values[i] = keep(&at, visit->values[i]);
	connection->path = keep(&at, visit->path_text);
	connection->came = msgc__moment_now(worker->server);
	connection->worker = worker;
	connection->served = visit->served;
	connection->refs = 1;
	connection->admission.connection = connection;
	memcpy(connection->address, visit->client.address, sizeof connection->address);
	connection->address_key = msgc__throttle_key(MSGC__RATE_ADDRESS, connection->address);
	connection->policy = msgc__config_policy(worker->config, consumer);
	msgc_arena_init(&connection->arena, PARAMS_ARENA_MAX);
	msgc__outbox_init(&connection->outbox);
	connection->outbox.by_reference = connection->policy == MSGC_OUTBOX_DROP_OLDEST;
	*ret_values = values;
	return connection;
}

static int fill(
        struct msgc_connection *connection, struct visit *visit, const struct msgc_str *values)
{
	struct msgc__worker *worker = connection->worker;
	const struct msgc_consumer *consumer = connection->served->consumer;
	int result = 0;

	if (connection->served->rates) {
		connection->rates = calloc(consumer->action_count, sizeof connection->rates[0]);
		if (!connection->rates)
			return MSGC_ENOMEM;
	}
	if (consumer->read_params) {
		msgc_problems_clear(&worker->problems);
		result = consumer->read_params(
		        connection->self, values, &connection->arena, &worker->problems);
		if (result == MSGC_ECONTRACT)
			msgc__tell_first(&worker->problems, visit->why);
	}
	if (result < 0)
		return result;
	connection->id = msgc__directory_number(worker->server, worker->index);
	connection->sender.connection = connection->id;
	connection->announces = announces(worker, visit);
	result = msgc__wish_read(connection, visit->request->query);
	return result < 0 ? result : keep_credentials(connection, visit);
}

/* What is agreed on beside frames as they are; most often nothing. */
static void agree(const struct msgc__request *request, struct msgc_connection *connection,
        struct msgc__verdict *verdict)
{
	const struct msgc_str *offers = msgc__request_header(request, "sec-websocket-extensions");

	if (offers)
		verdict->extensions = msgc__compress_agree(connection, request, *offers);
}

static int admit(struct msgc__worker *worker, struct visit *visit, struct msgc__verdict *verdict)
{
	struct msgc_str *values;
	struct msgc_connection *connection = make(worker, visit, &values);
	int result = connection ? fill(connection, visit, values) : MSGC_ENOMEM;

	if (result == 0) {
		verdict->status = 101;
		verdict->admission = &connection->admission;
		agree(visit->request, connection, verdict);
		return 0;
	}
	if (connection)
		msgc__admission_drop(&connection->admission);
	else
		msgc__connection_forget(worker->server, visit->client.address);
	return result == MSGC_ENOMEM ? no_memory(worker, verdict)
	                             : refuse(verdict, 404, "Nothing is served here.");
}

/* The query may hold a ticket; problems of parameters do not repeat values. */
static void note_refusal(
        struct msgc__worker *worker, const struct visit *visit, const struct msgc__verdict *verdict)
{
	msgc__counter_add(
	        &worker->metrics.handshakes_refused[msgc__metrics_status(verdict->status)], 1);
	msgc_log(worker->server, MSGC_LOG_DEBUG, "handshake.refused",
	        "address=%s status=%d path=%.*s detail=%s why=%s", visit->client.address,
	        verdict->status,
	        (int)(visit->request->path.len < 200 ? visit->request->path.len : 200),
	        visit->request->path.ptr ? visit->request->path.ptr : "", verdict->detail,
	        visit->why[0] ? visit->why : verdict->detail);
}

void msgc__worker_handshake(struct msgc__worker *worker, const struct msgc__request *request,
        struct msgc__verdict *ret_verdict)
{
	struct visit visit = {.request = request};
	struct msgc__verdict verdict = {
	        .status = 500, .detail = "", .subprotocol = {"", 0}, .extensions = {"", 0}};

	msgc__worker_enter(worker);
	msgc_arena_reset(&worker->scratch);
	if (worker->state != MSGC__WORKER_SERVING)
		refuse(&verdict, 503, "The server goes down.");
	else if (msgc__origins_client(&worker->server->origins, request, &visit.client) < 0)
		refuse(&verdict, 400, "The proxy did not say who the client is.");
	else if (check_rate(worker, &visit, &verdict) == 0 &&
	        find_consumer(worker, &visit, &verdict) == 0 &&
	        check_origin(worker, &visit, &verdict) == 0 &&
	        check_subprotocol(&visit, &verdict) == 0 &&
	        check_guesses(worker, &visit, &verdict) == 0 &&
	        check_capacity(worker, &visit, &verdict) == 0)
		(void)admit(worker, &visit, &verdict);
	explicit_bzero(visit.basic, sizeof visit.basic);
	if (verdict.status != 101)
		note_refusal(worker, &visit, &verdict);
	*ret_verdict = verdict;
}

struct msgc_connection *msgc__connection_open(struct msgc__worker *worker,
        struct msgc__admission *admission, const struct msgc__link_ops *ops, void *link)
{
	struct msgc_connection *connection = admission->connection;

	msgc__worker_enter(worker);
	connection->ops = ops;
	connection->link = link;
	connection->next = worker->connections;
	connection->prev = &worker->connections;
	if (connection->next)
		connection->next->prev = &connection->next;
	worker->connections = connection;
	worker->connection_count++;
	msgc__directory_add(&worker->directory, connection);
	msgc__counter_add(&msgc__connection_metrics(connection)->opened, 1);
	msgc_log(worker->server, MSGC_LOG_INFO, "connection.opened",
	        "connection=%llu consumer=%s address=%s%s", (unsigned long long)connection->id,
	        connection->served->consumer->name, connection->address,
	        connection->window > 0 ? " compression=yes" : "");
	if (msgc__greet(connection))
		msgc__authenticate_begin(connection);
	if (worker->state != MSGC__WORKER_SERVING)
		msgc__connection_drain(connection);
	return connection;
}
