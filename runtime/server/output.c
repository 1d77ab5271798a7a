/* SPDX-License-Identifier: MIT */
/*
 * From a connection's outbox to its link: at most one write per turn, of whole frames, and none while the link is congested. It must not
 * know what the frames say.
 */
#include "connection.h"
#include "worker.h"

/* A client that does not read is sent away: what waits for it is dropped, so that memory stays bounded. */
static void overflow(struct msgc_connection *connection, int result)
{
	struct msgc__output *output = &connection->worker->output;

	if (result == MSGC_ELIMIT) {
		msgc__counter_add(&msgc__connection_metrics(connection)->slow_readers, 1);
		msgc__outbox_clear(output, &connection->outbox);
		msgc__connection_end(connection, 4408, "too slow to read");
	} else {
		msgc__connection_no_memory(connection);
	}
}

void msgc__connection_make_dirty(struct msgc_connection *connection)
{
	struct msgc__output *output = &connection->worker->output;

	if (connection->is_dirty || !connection->link)
		return;
	connection->is_dirty = true;
	connection->next_dirty = NULL;
	*output->dirty_end = msgc__connection_keep(connection);
	output->dirty_end = &connection->next_dirty;
}

/* Something has been queued. */
static void queued(struct msgc_connection *connection)
{
	struct msgc__metrics *metrics = &connection->worker->metrics;

	msgc__counter_add(&metrics->consumers[connection->served->index].frames_out, 1);
	if (connection->outbox.bytes > msgc__counter_get(&metrics->outbox_most))
		msgc__counter_set(&metrics->outbox_most, connection->outbox.bytes);
	msgc__connection_make_dirty(connection);
}

static size_t limit(const struct msgc_connection *connection)
{
	return (size_t)connection->worker->server->config.outbox_limit;
}

void msgc__connection_put(
        struct msgc_connection *connection, struct msgc_str head, struct msgc_str tail)
{
	int result;

	if (connection->state >= MSGC__CLOSING)
		return;
	result = msgc__outbox_put(
	        &connection->worker->output, &connection->outbox, limit(connection), head, tail);
	if (result < 0)
		overflow(connection, result);
	else
		queued(connection);
}

void msgc__connection_share(struct msgc_connection *connection, struct msgc__buffer *buffer)
{
	int result;

	if (connection->state >= MSGC__CLOSING)
		return;
	result = msgc__outbox_share(
	        &connection->worker->output, &connection->outbox, limit(connection), buffer);
	if (result < 0)
		overflow(connection, result);
	else
		queued(connection);
}

/* The CLOSE frame follows when nothing of ours is left; the transport bounds the wait for the peer's. */
static void close_link(struct msgc_connection *connection)
{
	if (connection->told_close || connection->outbox.count > 0)
		return;
	connection->told_close = true;
	msgc__timer_cancel(&connection->worker->timers, &connection->deadline);
	connection->ops->close(connection->link, connection->close_code,
	        connection->close_reason ? connection->close_reason : "");
}

void msgc__connection_flush(struct msgc_connection *connection)
{
	struct msgc__output *output = &connection->worker->output;
	struct msgc__batch batch;

	connection->is_dirty = false;
	if (!connection->link || connection->told_close)
		return;
	if (connection->outbox.count > 0 && !connection->ops->congested(connection->link)) {
		batch = msgc__outbox_batch(output, &connection->outbox);
		if (connection->ops->write(connection->link, batch.bytes, batch.len) < 0)
			return; /* msgc__connection_closed() follows */
		msgc__counter_add(&msgc__connection_metrics(connection)->bytes_out, batch.len);
		msgc__outbox_took(output, &connection->outbox, &batch);
		if (connection->outbox.count > 0)
			msgc__connection_make_dirty(connection);
	}
	if (connection->state == MSGC__CLOSING)
		close_link(connection);
}

void msgc__connection_writable(struct msgc_connection *connection)
{
	msgc__worker_enter(connection->worker);
	msgc__connection_make_dirty(connection);
}
