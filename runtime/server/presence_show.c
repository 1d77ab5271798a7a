/* SPDX-License-Identifier: MIT */
/*
 * What a client that has a seat is told of the roster: its state at first, and whenever it has missed something, and changes in between. It must
 * not know how seats are taken, nor how rosters are kept.
 */
#include <string.h>

#include "presence.h"
#include "standard.h"
#include "topic.h"

enum { TEXT_SHARE = 2 };

/* Those who speak none of our messages are present, and hear nothing of it. */
static bool speaks(const struct msgc_connection *connection)
{
	const struct msgc_speech *speech = &connection->served->consumer->speech;

	return !speech->std_off && speech->key;
}

/* ---------------------------------------------------------------------------------------------- the state */

static void show(struct msgc__seat *seat, const struct msgc__roster *roster);

void msgc__seat_show(void *arg, int result, const struct msgc__roster *roster)
{
	struct msgc__seat *seat = arg;

	seat->asking--;
	if (!seat->membership) {
		if (seat->asking == 0)
			msgc__seat_free(seat);
		return;
	}
	if (seat->membership->connection->state >= MSGC__CLOSING)
		return;
	if (result < 0)
		msgc__connection_end(
		        seat->membership->connection, 1013, "who is present cannot be read");
	else
		show(seat, roster);
	msgc__connection_make_ready(seat->membership->connection);
}

/* What this client knows is not what the others know any more. */
static void read_anew(struct msgc__seat *seat)
{
	struct msgc__worker *worker = seat->membership->connection->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__roster_policy policy = msgc__presence_policy(worker);
	int result;

	seat->told = false;
	seat->asking++;
	result = backend->ops->roster(
	        backend, worker, msgc__seat_group(seat), &policy, 0, msgc__seat_show, seat);
	if (result < 0)
		msgc__seat_show(seat, result, NULL);
}

/* What makes a frame one of a topic. */
static struct msgc_str stamp_of(const struct msgc__seat *seat)
{
	const struct msgc_subscription *subscription = seat->membership->subscription;

	return subscription ? subscription->stamp : msgc_str_of(NULL, 0);
}

static int write_state(struct msgc__seat *seat, struct msgc_buf *out,
        const struct msgc__roster *roster, bool listed)
{
	const struct msgc_connection *connection = seat->membership->connection;
	struct msgc__roster_text text = {
	        .group = msgc__seat_group(seat),
	        .listed = listed,
	        .users = roster->entries,
	        .user_count = listed ? roster->entry_count : 0,
	        .count = roster->count,
	};

	return msgc__presence_write(out, connection->served->consumer, &text, stamp_of(seat));
}

/* A list that would fill a small outbox is left out. */
static void show(struct msgc__seat *seat, const struct msgc__roster *roster)
{
	struct msgc_connection *connection = seat->membership->connection;
	struct msgc_buf *text = &connection->worker->text;
	int result;

	if (!speaks(connection))
		return;
	if (roster->version < seat->newest) {
		read_anew(seat);
		return;
	}
	result = write_state(seat, text, roster, roster->listed);
	if (result == 0 && text->len > msgc__connection_outbox_limit(connection) / TEXT_SHARE)
		result = write_state(seat, text, roster, false);
	if (result < 0) {
		msgc__connection_no_memory(connection);
		return;
	}
	seat->told = true;
	seat->seen = roster->version;
	msgc__counter_add(&connection->worker->metrics.roster_tellings[MSGC__TELLING_STATE], 1);
	msgc__connection_put(connection, msgc_buf_str(text), msgc_str_of(NULL, 0));
}

/* ------------------------------------------------------------------------------------------------ changes */

static struct msgc__buffer *make_frame(const struct msgc_connection *member,
        const struct msgc__publication *publication, struct msgc_str stamp)
{
	struct msgc__worker *worker = member->worker;
	struct msgc_str body = msgc__publication_body(publication);
	struct msgc_buf *text = &worker->text;
	unsigned char head[MSGC__WIRE_HEAD_MAX];
	struct msgc__buffer *buffer;
	size_t head_len;

	msgc_buf_reset(text);
	msgc_buf_append(text, body.ptr, body.len);
	if (msgc__standard_adopt(text, member->served->consumer) < 0 ||
	        msgc__presence_stamp(text, stamp) < 0)
		return NULL;
	head_len = msgc__wire_head(head, text->len);
	buffer = msgc__buffer_new(&worker->output, head_len + text->len);
	if (!buffer)
		return NULL;
	memcpy(buffer->bytes, head, head_len);
	memcpy(buffer->bytes + head_len, text->data, text->len);
	buffer->len = head_len + text->len;
	buffer->kind = MSGC__BUFFER_OWN; /* who misses one would show people who have gone */
	return buffer;
}

/*
 * A frame for this member, with a reference; NULL: no memory. A group is joined by consumers that make their frames alike: the first one's words are
 * everybody's, and so is the first one's way to write a topic's name, for all who write it so.
 */
static struct msgc__buffer *frame_for(const struct msgc__seat *seat,
        const struct msgc__publication *publication, struct msgc__buffer **shared,
        struct msgc_str *stamp)
{
	const struct msgc_connection *member = seat->membership->connection;
	struct msgc_str own = stamp_of(seat);

	if (*shared && !msgc_str_equal(*stamp, own))
		return make_frame(member, publication, own);
	if (!*shared) {
		*shared = make_frame(member, publication, own);
		*stamp = own;
	}
	if (*shared)
		(*shared)->refs++;
	return *shared;
}

void msgc__presence_deliver(struct msgc__group *group, const struct msgc__publication *publication)
{
	struct msgc__output *output = &group->worker->output;
	struct msgc__buffer *shared = NULL, *frame;
	struct msgc_str stamp = {NULL, 0};

	for (uint32_t i = 0; i < group->count; i++) {
		struct msgc__seat *seat = group->members[i]->seat;
		struct msgc_connection *member = group->members[i]->connection;

		if (!seat || member->state >= MSGC__CLOSING)
			continue;
		if (!seat->told) {
			seat->newest = publication->roster_to;
			continue;
		}
		if (publication->roster_to <= seat->seen)
			continue;
		if (publication->roster_from > seat->seen) {
			read_anew(seat);
			continue;
		}
		frame = frame_for(seat, publication, &shared, &stamp);
		if (!frame) {
			msgc__connection_no_memory(member);
			continue;
		}
		seat->seen = publication->roster_to;
		msgc__connection_share(member, frame);
		msgc__buffer_unref(output, frame);
	}
	msgc__buffer_unref(output, shared);
}
