/* SPDX-License-Identifier: MIT */
/*
 * From a connection's outbox to its link: at most one write per turn, of whole frames, and none while the link is congested. It must not
 * know what the frames say.
 */
#include "compress.h"
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

size_t msgc__connection_outbox_limit(const struct msgc_connection *connection)
{
	size_t own = connection->served->consumer->outbox_limit;

	return own ? own : (size_t)connection->worker->config->outbox_limit;
}

/* One line for each time that a client falls behind. */
static void note_drop(struct msgc_connection *connection, struct msgc__counter *counter)
{
	msgc__counter_add(counter, 1);
	if (connection->dropping)
		return;
	connection->dropping = true;
	msgc_log(connection->worker->server, MSGC_LOG_WARNING, "outbox.dropping",
	        "connection=%llu consumer=%s waiting=%zu", (unsigned long long)connection->id,
	        connection->served->consumer->name, connection->outbox.bytes);
}

/* False: nothing is left that may be dropped. */
static bool drop_oldest(struct msgc_connection *connection)
{
	if (connection->policy != MSGC_OUTBOX_DROP_OLDEST ||
	        msgc__outbox_drop_oldest(&connection->worker->output, &connection->outbox) == 0)
		return false;
	note_drop(connection, &msgc__connection_metrics(connection)->dropped_oldest);
	return true;
}

void msgc__connection_put(
        struct msgc_connection *connection, struct msgc_str head, struct msgc_str tail)
{
	struct msgc__output *output = &connection->worker->output;
	size_t most = msgc__connection_outbox_limit(connection);
	unsigned char bits = 0;
	int result;

	if (connection->state >= MSGC__CLOSING)
		return;
	if (connection->window > 0)
		bits = msgc__compress_message(connection, &head, &tail);
	do
		result = msgc__outbox_put(output, &connection->outbox, most, bits, head, tail);
	while (result == MSGC_ELIMIT && head.len + tail.len < most && drop_oldest(connection));
	if (result < 0)
		overflow(connection, result);
	else
		queued(connection);
}

bool msgc__connection_share(struct msgc_connection *connection, struct msgc__buffer *buffer)
{
	struct msgc__output *output = &connection->worker->output;
	size_t most = msgc__connection_outbox_limit(connection);
	int result;

	if (connection->state >= MSGC__CLOSING)
		return false;
	if (connection->window > 0)
		buffer = msgc__compress_frame(connection, buffer);
	do
		result = msgc__outbox_share(output, &connection->outbox, most, buffer);
	while (result == MSGC_ELIMIT && msgc__buffer_frame_len(buffer) <= most &&
	        drop_oldest(connection));
	if (result == 0) {
		queued(connection);
		return true;
	}
	if (result != MSGC_ELIMIT || connection->policy == MSGC_OUTBOX_DISCONNECT ||
	        buffer->kind == MSGC__BUFFER_OWN)
		overflow(connection, result);
	else if (buffer->kind == MSGC__BUFFER_GROUP)
		note_drop(connection, &msgc__connection_metrics(connection)->dropped_new);
	return false;
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

/* False: the link is dead, and msgc__connection_closed() follows. */
static bool write_batch(struct msgc_connection *connection)
{
	struct msgc__output *output = &connection->worker->output;
	struct msgc__batch batch;

	if (connection->outbox.count == 0 || connection->ops->congested(connection->link))
		return true;
	batch = msgc__outbox_batch(output, &connection->outbox);
	if (connection->ops->write(connection->link, batch.bytes, batch.len) < 0)
		return false;
	msgc__counter_add(&msgc__connection_metrics(connection)->bytes_out, batch.len);
	msgc__outbox_took(output, &connection->outbox, &batch);
	if (connection->outbox.count > 0)
		msgc__connection_make_dirty(connection);
	else
		connection->dropping = false;
	if (connection->recovering > 0 && connection->outbox.count == 0)
		msgc__connection_make_ready(connection); /* there is room for a page */
	return true;
}

void msgc__connection_flush(struct msgc_connection *connection)
{
	connection->is_dirty = false;
	if (!connection->link || connection->told_close || !write_batch(connection))
		return;
	if (connection->state == MSGC__CLOSING)
		close_link(connection);
}

/*
 * Answers leave while their client's data is at hand and the client can go on; what groups say waits for the end of the turn, when more may have
 * come to it. The connection stays among those that are looked at then.
 */
void msgc__connection_read(struct msgc_connection *connection)
{
	const struct msgc__outbox *outbox = &connection->outbox;

	if (connection->is_dirty && connection->link && !connection->told_close &&
	        outbox->count > 0 && !outbox->shares)
		write_batch(connection);
}

void msgc__connection_writable(struct msgc_connection *connection)
{
	msgc__worker_enter(connection->worker);
	msgc__connection_make_dirty(connection);
}
