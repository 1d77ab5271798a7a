/* SPDX-License-Identifier: MIT */
/*
 * One connection that keeps itself alive: connecting, the heartbeat, losing it, coming back. It must not know what is said on it.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

enum {
	STEADY_AFTER_MS = 5000, /* live for so long, a connection has been a success */
	CODE_LOST = 1006,
	CODE_BUSY = 1013,
	CODE_UNAUTHENTICATED = 4401,
	CODE_EXPIRED = 4410,
	CODE_TOO_MANY = 4429,
};

bool msgc_client_may_reconnect(uint16_t code)
{
	/* Codes after which the same attempt would end the same way. */
	static const uint16_t final[] = {1000, 1002, 1003, 1007, 1008, 1009, 1010};

	for (size_t i = 0; i < sizeof(final) / sizeof(final[0]); i++) {
		if (code == final[i])
			return false;
	}
	/* Of 4000 to 4999 these are known to pass; others are some contract's own. */
	return code < 4000 || code == 4408 || code == CODE_TOO_MANY;
}

/* ------------------------------------------------------------------------------------------------ states */

static void set_reason(struct msgc_client *client, const char *reason, size_t len)
{
	size_t most = sizeof(client->reason) - 1;

	len = msgc_utf8_cut(reason, len, most);
	memcpy(client->reason, reason, len);
	client->reason[len] = '\0';
	client->state.reason = client->reason;
}

static void tell_state(struct msgc_client *client)
{
	const struct msgc_client_options *options = &client->options;
	struct msgc_client_state state = client->state;

	if (options->events.state)
		options->events.state(options->app, client, &state);
}

static void cancel_timers(struct msgc_client *client)
{
	msgc__timer_cancel(&client->timers, &client->connect_timer);
	msgc__timer_cancel(&client->timers, &client->steady_timer);
	msgc__timer_cancel(&client->timers, &client->ping_timer);
	msgc__timer_cancel(&client->timers, &client->pong_timer);
	msgc__timer_cancel(&client->timers, &client->retry_timer);
	msgc__timer_cancel(&client->timers, &client->refresh_timer);
}

/* -------------------------------------------------------------------------------------------- losing it */

static double backoff(const struct msgc_client *client)
{
	const struct msgc_client_options *options = &client->options;
	double most = (double)options->first_delay_ms *
	        (double)(UINT64_C(1) << (client->attempt < 16 ? client->attempt : 16));

	if (most > (double)options->longest_delay_ms)
		most = (double)options->longest_delay_ms;
	return msgc__client_random() * most;
}

/* The server's hint; else not before it may have room again, and not together with others. */
static int64_t delay_for(const struct msgc_client *client, uint16_t code, uint32_t retry_after)
{
	double least = code == CODE_BUSY ? 5000 : code == CODE_TOO_MANY ? 10000 : 0;

	if (client->hint_ms >= 0)
		return client->hint_ms;
	if (retry_after > 0)
		least = retry_after * 1000.0;
	return (int64_t)(least * (1 + msgc__client_random() / 2) + backoff(client));
}

static bool comes_back(struct msgc_client *client, uint16_t code)
{
	const struct msgc_client_options *options = &client->options;
	bool usual = msgc_client_may_reconnect(code);

	if (options->stay_away || (options->attempts && client->attempt >= options->attempts))
		return false;
	/* New credentials may do what the old ones did not; once, or somebody else is wrong. */
	if ((code == CODE_UNAUTHENTICATED || code == CODE_EXPIRED) &&
	        msgc__credentials_renew(client) && client->renewals == 0) {
		client->renewals++;
		usual = true;
	}
	return options->events.reconnect
	        ? options->events.reconnect(options->app, client, code, usual)
	        : usual;
}

static void end(struct msgc_client *client)
{
	struct msgc_outcome outcome =
	        msgc__outcome(MSGC_EGONE, "closed", "The connection is closed.");

	client->state.phase = MSGC_CLIENT_CLOSED;
	client->state.retry_in_ms = 0;
	msgc__parcels_lost(client);
	msgc__topics_down(client, true, &outcome);
	msgc__parcels_close(&client->main, &outcome);
	if (client->state.phase == MSGC_CLIENT_CLOSED)
		tell_state(client);
}

static void down(struct msgc_client *client, uint16_t code, uint16_t status, uint32_t retry_after)
{
	int64_t delay = delay_for(client, code, retry_after);
	uint64_t number;

	msgc__wire_drop(client->wire);
	client->is_open = false;
	client->wish = MSGC__WISH_NONE;
	number = ++client->number;
	cancel_timers(client);
	client->state.code = code;
	client->state.http_status = status;
	if (!comes_back(client, code)) {
		if (client->number == number)
			end(client);
		return;
	}
	if (client->number != number)
		return;
	client->attempt++;
	client->state.phase = MSGC_CLIENT_WAITING;
	client->state.attempt = client->attempt;
	client->state.retry_in_ms = delay;
	msgc__client_after(client, &client->retry_timer, delay);
	msgc__parcels_lost(client);
	msgc__topics_down(client, false, NULL);
	if (client->number == number)
		tell_state(client);
}

void msgc__keep_drop(struct msgc_client *client, uint16_t code, const char *reason)
{
	set_reason(client, reason, strlen(reason));
	down(client, code, 0, 0);
}

/* A refused handshake as the code that a connection would have been closed with. */
static uint16_t code_of_status(uint16_t status)
{
	switch (status) {
	case 401: return CODE_UNAUTHENTICATED;
	case 403: return 4403;
	case 404: return 4404;
	case 408: return CODE_LOST;
	case 429: return CODE_TOO_MANY;
	case 503: return CODE_BUSY;
	default: return status >= 300 && status < 500 ? 4400 : CODE_LOST;
	}
}

static void lost(struct msgc_client *client, const struct msgc__wire_event *event)
{
	bool is_refused = event->status >= 300 && !client->is_open;
	uint16_t code = is_refused ? code_of_status(event->status) : event->code;
	char text[64];

	if (client->refusal[0])
		set_reason(client, client->refusal, strlen(client->refusal));
	else if (is_refused)
		set_reason(client, text,
		        (size_t)snprintf(text, sizeof(text),
		                "The server refuses the connection with status %u.",
		                event->status));
	else
		set_reason(client, event->text, event->len);
	down(client, code, is_refused ? event->status : 0, event->retry_after);
}

/* ------------------------------------------------------------------------------------------- connecting */

static void connect_again(struct msgc_client *client)
{
	uint64_t number = ++client->number;

	cancel_timers(client);
	client->hint_ms = -1;
	client->refusal[0] = '\0';
	client->is_open = false;
	client->state = (struct msgc_client_state){
	        .phase = MSGC_CLIENT_CONNECTING, .attempt = client->attempt, .reason = ""};
	msgc__client_after(client, &client->connect_timer, client->options.connect_ms);
	tell_state(client);
	if (client->number == number)
		msgc__credentials_ask(client);
}

void msgc__keep_connect(struct msgc_client *client, int result)
{
	struct msgc__wire_target target = {.host = client->place.host,
	        .port = client->place.port,
	        .is_tls = client->place.is_tls,
	        .authority = client->place.authority,
	        .protocols = client->type->subprotocols};
	struct msgc_buf path = {0}, headers = {0};

	if (client->state.phase != MSGC_CLIENT_CONNECTING)
		return;
	if (result == MSGC_OK) {
		msgc_buf_append_str(&path, client->place.prefix);
		msgc__credentials_path(client, &path);
		msgc__credentials_headers(client, &headers);
		target.path = msgc_buf_c(&path);
		target.headers = headers.len > 0 ? msgc_buf_c(&headers) : NULL;
		result = path.error || headers.error ? MSGC_ENOMEM
		                                     : msgc__wire_open(client->wire, &target);
	}
	msgc_buf_free(&path);
	msgc_buf_free(&headers);
	if (result != MSGC_OK)
		msgc__keep_drop(client, CODE_LOST,
		        result == MSGC_ENOMEM ? "out of memory" : "there are no credentials");
}

void msgc__keep_introduce(struct msgc_client *client)
{
	const struct msgc_client_options *options = &client->options;
	uint64_t number = client->number;

	client->is_introducing = true;
	msgc__credentials_say(client);
	if (options->events.introduce)
		options->events.introduce(options->app, client);
	client->is_introducing = false;
	/* Without standard messages nobody says that we are in. */
	if (!client->type->has_std && client->number == number &&
	        client->state.phase == MSGC_CLIENT_CONNECTING)
		msgc__keep_live(client);
}

static void beat(struct msgc_client *client)
{
	if (client->type->heartbeat && client->options.heartbeat_ms > 0)
		msgc__client_after(client, &client->ping_timer, client->options.heartbeat_ms);
}

void msgc__keep_live(struct msgc_client *client)
{
	uint64_t number = client->number;

	msgc__timer_cancel(&client->timers, &client->connect_timer);
	msgc__client_after(client, &client->steady_timer, STEADY_AFTER_MS);
	beat(client);
	client->state = (struct msgc_client_state){.phase = MSGC_CLIENT_LIVE, .reason = ""};
	msgc__credentials_schedule(client);
	msgc__topics_live(client);
	msgc__parcels_flush(&client->main);
	if (client->number == number)
		tell_state(client);
}

void msgc__keep_heard(struct msgc_client *client)
{
	msgc__timer_cancel(&client->timers, &client->pong_timer);
}

void msgc__keep_event(struct msgc_client *client, const struct msgc__wire_event *event)
{
	switch (event->kind) {
	case MSGC__WIRE_OPENED:
		client->is_open = true;
		client->is_greeted = !client->type->asks_first;
		if (client->is_greeted)
			msgc__keep_introduce(client);
		break;
	case MSGC__WIRE_TEXT: msgc__frame_receive(client, event->text, event->len); break;
	case MSGC__WIRE_ROOM: msgc__parcels_flush_all(client); break;
	case MSGC__WIRE_CLOSED: lost(client, event); break;
	}
}

/* ------------------------------------------------------------------------------------------------ timers */

#define CLIENT_OF(timer, member)                                                                   \
	((struct msgc_client *)(void *)((char *)(timer)-offsetof(struct msgc_client, member)))

static void connect_late(struct msgc__timer *timer)
{
	msgc__keep_drop(CLIENT_OF(timer, connect_timer), CODE_LOST, "It took too long.");
}

static void steady(struct msgc__timer *timer)
{
	struct msgc_client *client = CLIENT_OF(timer, steady_timer);

	client->attempt = client->renewals = 0;
}

/* A peer that is gone without a word does not answer. */
static void ping_due(struct msgc__timer *timer)
{
	struct msgc_client *client = CLIENT_OF(timer, ping_timer);

	if (!client->pong_timer.armed &&
	        msgc__standard_send(client, "ping", NULL, NULL, 0) == MSGC_OK)
		msgc__client_after(client, &client->pong_timer, client->options.pong_ms);
	beat(client);
}

static void pong_late(struct msgc__timer *timer)
{
	msgc__keep_drop(CLIENT_OF(timer, pong_timer), CODE_LOST, "The server does not answer.");
}

static void retry(struct msgc__timer *timer)
{
	connect_again(CLIENT_OF(timer, retry_timer));
}

void msgc__keep_init(struct msgc_client *client)
{
	client->connect_timer.fire = connect_late;
	client->steady_timer.fire = steady;
	client->ping_timer.fire = ping_due;
	client->pong_timer.fire = pong_late;
	client->retry_timer.fire = retry;
	client->hint_ms = -1;
	client->state.reason = "";
}

/* ------------------------------------------------------------------------------------------- for programs */

void msgc__keep_open(struct msgc_client *client)
{
	if (client->state.phase == MSGC_CLIENT_CONNECTING ||
	        client->state.phase == MSGC_CLIENT_LIVE)
		return;
	if (client->state.phase == MSGC_CLIENT_CLOSED)
		client->attempt = client->renewals = 0;
	client->main.closed = 0;
	connect_again(client);
}

void msgc_client_close(struct msgc_client *client, uint16_t code, const char *reason)
{
	if (client->state.phase == MSGC_CLIENT_CLOSED)
		return;
	code = code ? code : 1000;
	reason = reason ? reason : "";
	client->number++;
	cancel_timers(client);
	client->wish = MSGC__WISH_NONE;
	client->is_open = false;
	msgc__wire_close(client->wire, code, reason);
	set_reason(client, reason, strlen(reason));
	client->state.code = code;
	client->state.http_status = 0;
	end(client);
}
