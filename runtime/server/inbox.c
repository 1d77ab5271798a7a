/* SPDX-License-Identifier: MIT */
/*
 * What waits behind the frame in hand: frames and events in the order in which they came, bounded in number and bytes. Before it is full the
 * link is paused, so that only what the transport had read already still comes.
 */
#include "connection.h"

#include <stdlib.h>
#include <string.h>

#include "topic.h"
#include "worker.h"

/* How many times `pending-frames` may wait when a paused link still brings some, or a group brings events. */
enum { HARD_FACTOR = 4, HARD_EXTRA = 64 };

void msgc__item_free(struct msgc__item *item)
{
	if (!item)
		return;
	msgc__delivery_unref(item->delivery);
	msgc__subscription_drop(item->subscription);
	free(item);
}

struct msgc__item *msgc__item_new(const char *text, size_t len)
{
	struct msgc__item *item = malloc(sizeof *item + len + MSGC_PADDING);

	if (!item)
		return NULL;
	item->delivery = NULL;
	item->event = NULL;
	item->subscription = NULL;
	item->len = len;
	memcpy(item->text, text, len);
	memset(item->text + len, 0, MSGC_PADDING);
	return item;
}

static size_t soft_count(const struct msgc_connection *connection)
{
	return (size_t)connection->worker->config->pending_frames;
}

/* Two whole frames always have room, however large a frame may be. */
static size_t soft_bytes(const struct msgc_connection *connection)
{
	return connection->served->frame_limit * 2;
}

static void set_paused(struct msgc_connection *connection, bool paused)
{
	if (connection->paused == paused || !connection->link)
		return;
	connection->paused = paused;
	connection->ops->pause(connection->link, paused);
}

static void add(struct msgc_connection *connection, struct msgc__item *item)
{
	struct msgc__inbox *inbox = &connection->inbox;

	item->next = NULL;
	if (!inbox->first)
		inbox->last = &inbox->first;
	*inbox->last = item;
	inbox->last = &item->next;
	inbox->count++;
	inbox->bytes += item->len;
	msgc__counter_add(&connection->worker->metrics.waiting_frames, 1);
	if (inbox->count >= soft_count(connection) || inbox->bytes >= soft_bytes(connection))
		set_paused(connection, true);
	if (!connection->in_hand)
		msgc__connection_make_ready(connection);
}

static bool is_full(const struct msgc_connection *connection, size_t len)
{
	const struct msgc__inbox *inbox = &connection->inbox;

	return inbox->count >= soft_count(connection) * HARD_FACTOR + HARD_EXTRA ||
	        inbox->bytes + len > soft_bytes(connection) * HARD_FACTOR;
}

int msgc__inbox_frame(struct msgc_connection *connection, const char *text, size_t len)
{
	struct msgc__item *item;

	if (is_full(connection, len))
		return MSGC_ELIMIT;
	item = msgc__item_new(text, len);
	if (!item)
		return MSGC_ENOMEM;
	add(connection, item);
	return 0;
}

int msgc__inbox_event(struct msgc_connection *connection, struct msgc_subscription *subscription,
        const struct msgc_event *event, struct msgc__delivery *delivery)
{
	struct msgc__item *item;

	if (is_full(connection, 0))
		return MSGC_ELIMIT;
	item = malloc(sizeof *item);
	if (!item)
		return MSGC_ENOMEM;
	item->delivery = delivery;
	item->event = event;
	item->subscription = subscription ? msgc__subscription_keep(subscription) : NULL;
	item->len = 0;
	delivery->refs++;
	add(connection, item);
	return 0;
}

void msgc__inbox_give_back(struct msgc_connection *connection, struct msgc__item *item)
{
	struct msgc__inbox *inbox = &connection->inbox;

	item->next = inbox->first;
	if (!inbox->first)
		inbox->last = &item->next;
	inbox->first = item;
	inbox->count++;
	inbox->bytes += item->len;
}

struct msgc__item *msgc__inbox_take(struct msgc_connection *connection)
{
	struct msgc__inbox *inbox = &connection->inbox;
	struct msgc__item *item = inbox->first;

	if (!item)
		return NULL;
	inbox->first = item->next;
	inbox->count--;
	inbox->bytes -= item->len;
	msgc__counter_add(&connection->worker->metrics.waiting_frames, (uint64_t)-1);
	if (inbox->count <= soft_count(connection) / 2 &&
	        inbox->bytes <= soft_bytes(connection) / 2)
		set_paused(connection, false);
	return item;
}

void msgc__inbox_clear(struct msgc_connection *connection)
{
	struct msgc__inbox *inbox = &connection->inbox;

	while (inbox->first) {
		struct msgc__item *item = inbox->first;

		inbox->first = item->next;
		msgc__item_free(item);
	}
	msgc__counter_add(&connection->worker->metrics.waiting_frames, -(uint64_t)inbox->count);
	inbox->count = 0;
	inbox->bytes = 0;
	set_paused(connection, false);
}

/* --------------------------------------------------------------------------------- from the transport */

static void refuse_frame(struct msgc_connection *connection, int result)
{
	if (result == MSGC_ELIMIT)
		msgc__connection_end(connection, 4429, "too many frames");
	else
		msgc__connection_no_memory(connection);
}

void msgc__connection_text(struct msgc_connection *connection, char *text, size_t len)
{
	struct msgc__consumer_metrics *metrics = msgc__connection_metrics(connection);
	int result;

	if (!connection->worker->in_turn)
		msgc__worker_enter(connection->worker);
	msgc__counter_add(&metrics->frames_in, 1);
	msgc__counter_add(&metrics->bytes_in, len);
	if (connection->state >= MSGC__CLOSING || connection->draining)
		return;
	if (len > connection->served->frame_limit) {
		msgc__connection_end(connection, 1009, "too big");
		return;
	}
	if (connection->state == MSGC__OPEN && !connection->in_hand && !connection->inbox.first) {
		msgc__dispatch_frame(connection, text, len, NULL);
		return;
	}
	if (!msgc_utf8_valid(text, len)) {
		msgc__connection_end(connection, 1007, "not UTF-8");
		return;
	}
	if (connection->questions && msgc__dispatch_overtakes(connection, text, len))
		return;
	result = msgc__inbox_frame(connection, text, len);
	if (result < 0)
		refuse_frame(connection, result);
}

void msgc__connection_inflated(struct msgc_connection *connection, size_t from, size_t to)
{
	struct msgc__consumer_metrics *metrics = msgc__connection_metrics(connection);

	msgc__counter_add(&metrics->inflated, 1);
	msgc__counter_add(&metrics->inflated_from, from);
	msgc__counter_add(&metrics->inflated_to, to);
}

void msgc__connection_binary(struct msgc_connection *connection)
{
	msgc__worker_enter(connection->worker);
	msgc__connection_end(connection, 1003, "binary frames are not spoken here");
}

size_t msgc__connection_frame_limit(const struct msgc_connection *connection)
{
	return connection->served->frame_limit;
}
