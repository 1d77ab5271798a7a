/* SPDX-License-Identifier: MIT */
/*
 * Catching up. Messages with a position that come meanwhile are not kept: they are in the stream and will be read from it, until a page
 * reaches the newest that has been seen. Only those without a position wait in a bounded list, each for its place. It must not know
 * consumers or the transport.
 */
#include "recover.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "standard.h"
#include "topic.h"
#include "worker.h"

enum {
	WISHES_MOST = 16, /* positions in one URL */
	HELD_MOST = 1024, /* frames without a position, for one member */
	PAGE_BYTES_MOST = 256 * 1024,
};

struct msgc__wish {
	size_t count;
	struct msgc__position positions[];
};

struct held {
	struct held *next;
	uint64_t after; /* it came behind this message of the stream */
	struct msgc__buffer *frame, *completion;
};

struct msgc__recovery {
	struct msgc__membership *membership; /* NULL: it has left while the backend was reading */
	struct msgc__worker *worker;
	struct msgc__position at; /* shown up to here */
	bool looked; /* the first answer has come: the position fits this stream, or none does */
	bool told;   /* that it cannot be recovered; it only catches up with what is live */
	bool asking;
	struct msgc__frame *
	        looking; /* the `subscribe` that waits for the first answer, and for nothing but that */
	uint64_t seen; /* the newest that was not shown because it will be read */
	char seen_epoch[MSGC__EPOCH_MAX];
	struct held *held, **held_end;
	size_t held_count, held_bytes;
};

/* ------------------------------------------------------------------------------------------- positions */

static void write_name(struct msgc_buf *out, const char *name)
{
	msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(name));
	msgc_buf_append_char(out, ':');
}

struct msgc_str msgc__position_tail(char room[MSGC__POSITION_TAIL_MAX],
        const struct msgc__served *served, enum msgc_message_kind kind, bool mine, bool current,
        const struct msgc__position *position)
{
	const struct msgc_speech *speech = &served->consumer->speech;
	struct msgc_buf tail;

	msgc_buf_init_fixed(&tail, room, MSGC__POSITION_TAIL_MAX);
	if (kind == MSGC_MESSAGE_GROUP) {
		struct msgc_str face = msgc__face_tail(served, mine, current);

		msgc_buf_append(&tail, face.ptr, face.len - 1);
	}
	if (speech->seq) {
		write_name(&tail, speech->seq);
		msgc_write_uint64(&tail, position->seq);
	}
	if (speech->epoch) {
		write_name(&tail, speech->epoch);
		msgc_write_str(&tail, msgc_str_from(position->epoch));
	}
	msgc_buf_append_char(&tail, '}');
	return msgc_buf_str(&tail);
}

static uint64_t epoch_hash(const char *epoch)
{
	return msgc_hash_bytes(0, epoch, strlen(epoch));
}

static bool has_param(const struct msgc_consumer *consumer, const char *name)
{
	for (size_t i = 0; i < consumer->param_count; i++) {
		if (strcmp(consumer->params[i], name) == 0)
			return true;
	}
	return false;
}

static bool read_epoch(struct msgc_str text, struct msgc__position *to)
{
	if (text.len == 0 || text.len >= sizeof to->epoch)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if ((c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
			return false;
	}
	memcpy(to->epoch, text.ptr, text.len);
	to->epoch[text.len] = '\0';
	return true;
}

static bool read_seq(struct msgc_str text, uint64_t *ret)
{
	uint64_t seq = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' ||
		        __builtin_mul_overflow(seq, UINT64_C(10), &seq) ||
		        __builtin_add_overflow(seq, (uint64_t)(text.ptr[i] - '0'), &seq))
			return false;
	}
	*ret = seq;
	return text.len > 0 && seq < UINT64_MAX;
}

void msgc__position_read(struct msgc_str epoch, uint64_t seq, struct msgc__position *ret)
{
	*ret = (struct msgc__position){"", 0};
	if (read_epoch(epoch, ret))
		ret->seq = seq;
}

/* What is no position stays one without an epoch: it asks where the stream stands. */
static void add_wishes(struct msgc__wish *wish, const struct msgc__pairs *pairs)
{
	size_t seqs = 0;

	for (size_t i = 0; i < pairs->count && wish->count < WISHES_MOST; i++) {
		struct msgc__position *to = &wish->positions[wish->count];

		if (!msgc_str_equal(pairs->items[i].name, msgc_str_from("epoch")))
			continue;
		while (seqs < pairs->count &&
		        !msgc_str_equal(pairs->items[seqs].name, msgc_str_from("seq")))
			seqs++;
		if (seqs == pairs->count || !read_seq(pairs->items[seqs++].value, &to->seq) ||
		        !read_epoch(pairs->items[i].value, to))
			*to = (struct msgc__position){"", 0};
		wish->count++;
	}
}

int msgc__wish_read(struct msgc_connection *connection, struct msgc_str query)
{
	const struct msgc_consumer *consumer = connection->served->consumer;
	struct msgc__pairs pairs;
	struct msgc__wish *wish;
	size_t count = 0;
	int result;

	/* Who speaks none of our messages could not be told what became of it. */
	if (query.len == 0 || consumer->speech.std_off || !consumer->speech.key)
		return 0;
	if (has_param(consumer, "epoch") || has_param(consumer, "seq"))
		return 0;
	result = msgc__pairs_parse(query, &connection->worker->scratch, &pairs);
	if (result < 0)
		return result == MSGC_ENOMEM ? result : 0; /* what is malformed asks for nothing */
	(void)msgc__pairs_find(&pairs, "epoch", &count);
	if (count == 0)
		return 0;
	count = count < WISHES_MOST ? count : WISHES_MOST;
	wish = calloc(1, sizeof *wish + count * sizeof wish->positions[0]);
	if (!wish)
		return MSGC_ENOMEM;
	add_wishes(wish, &pairs);
	connection->wish = wish;
	return 0;
}

/* ------------------------------------------------------------------------------------------ recoveries */

/* A topic's client says so in `subscribe`; on a route of its own, and in groups, it has said so in the URL. */
bool msgc__recovery_wanted(const struct msgc__membership *membership)
{
	const struct msgc_group_kind *type = membership->group->type;
	const struct msgc_subscription *subscription = membership->subscription;

	if (!type || !msgc__history_is(type))
		return false;
	return subscription && !subscription->is_own ? subscription->asked
	                                             : membership->connection->wish != NULL;
}

int msgc__recovery_new(struct msgc__membership *membership)
{
	struct msgc__recovery *recovery = calloc(1, sizeof *recovery);

	if (!recovery)
		return MSGC_ENOMEM;
	recovery->membership = membership;
	recovery->worker = membership->connection->worker;
	recovery->held_end = &recovery->held;
	membership->recovery = recovery;
	membership->connection->recovering++;
	msgc__connection_make_ready(membership->connection);
	return 0;
}

static void drop_held(struct msgc__recovery *recovery, struct held *held)
{
	struct msgc__output *output = &recovery->worker->output;

	msgc__buffer_unref(output, held->frame);
	msgc__buffer_unref(output, held->completion);
	free(held);
}

static void destroy(struct msgc__recovery *recovery)
{
	while (recovery->held) {
		struct held *held = recovery->held;

		recovery->held = held->next;
		drop_held(recovery, held);
	}
	free(recovery);
}

void msgc__recovery_free(struct msgc__membership *membership)
{
	struct msgc__recovery *recovery = membership->recovery;

	membership->recovery = NULL;
	if (!recovery)
		return;
	membership->connection->recovering--;
	recovery->membership = NULL;
	if (!recovery->asking)
		destroy(recovery);
}

/* Frames without a position whose turn has come: those that came before message `seq` did. */
static void let_held_out(struct msgc__recovery *recovery, uint64_t seq)
{
	struct msgc_connection *connection = recovery->membership->connection;

	while (recovery->held && recovery->held->after < seq) {
		struct held *held = recovery->held;

		recovery->held = held->next;
		if (!recovery->held)
			recovery->held_end = &recovery->held;
		recovery->held_count--;
		recovery->held_bytes -= msgc__buffer_frame_len(held->frame);
		if (msgc__connection_share(connection, held->frame) && held->completion)
			msgc__connection_share(connection, held->completion);
		drop_held(recovery, held);
	}
}

static void put_with_stamp(struct msgc_connection *connection, struct msgc_str body,
        struct msgc_str stamp, struct msgc_str tail)
{
	struct msgc_buf *text = &connection->worker->text;

	msgc_buf_reset(text);
	msgc_buf_append(text, stamp.ptr, stamp.len);
	msgc_buf_append(text, tail.ptr, tail.len);
	if (text->error)
		msgc__connection_no_memory(connection);
	else
		msgc__connection_put(connection, body, msgc_buf_str(text));
}

static void show_item(struct msgc__recovery *recovery, const struct msgc__stored *item,
        const struct msgc__position *position)
{
	struct msgc_connection *connection = recovery->membership->connection;
	struct msgc__buffer *completion = msgc__membership_completion(recovery->membership, false);
	struct msgc_user sender = {.realm = item->realm, .id = item->user};
	const struct msgc_user *user = connection->user ? &connection->user->is : NULL;
	char room[MSGC__POSITION_TAIL_MAX];
	const struct msgc_subscription *subscription = recovery->membership->subscription;
	struct msgc_str body = item->body, tail = {"", 0};

	let_held_out(recovery, item->seq);
	if (*body.ptr == '{') {
		body.len--;
		tail = msgc__position_tail(room, connection->served,
		        item->is_group ? MSGC_MESSAGE_GROUP : MSGC_MESSAGE_PLAIN,
		        user && msgc_user_equal(user, &sender), false, position);
	}
	if (subscription && tail.len > 0)
		put_with_stamp(connection, body, subscription->stamp, tail);
	else
		msgc__connection_put(connection, body, tail);
	if (completion)
		msgc__connection_share(connection, completion);
	msgc__buffer_unref(&recovery->worker->output, completion);
}

static void show_page(struct msgc__recovery *recovery, const struct msgc__page *page)
{
	struct msgc_connection *connection = recovery->membership->connection;
	struct msgc__metrics *metrics = &recovery->worker->metrics;

	for (size_t i = 0; i < page->count && connection->state < MSGC__CLOSING; i++) {
		recovery->at.seq = page->items[i].seq;
		show_item(recovery, &page->items[i], &recovery->at);
	}
	msgc__counter_add(&metrics->recovered_messages, page->count);
}

static void tell(struct msgc__recovery *recovery, bool whole)
{
	struct msgc__worker *worker = recovery->worker;
	const struct msgc__group *group = recovery->membership->group;
	struct msgc_connection *connection = recovery->membership->connection;
	const struct msgc_subscription *subscription = recovery->membership->subscription;
	struct msgc__address address = {0};
	int result;

	if (subscription)
		address.topic = msgc_str_of(subscription->name, subscription->name_len);
	result = msgc__standard_recovered(&worker->text, connection->served->consumer,
	        msgc_str_of(group->name, group->len), whole, &recovery->at, address);

	recovery->told = true;
	msgc__counter_add(&worker->metrics.recoveries[whole], 1);
	if (result == 0)
		msgc__connection_put(connection, msgc_buf_str(&worker->text), msgc_str_of(NULL, 0));
	else
		msgc__connection_no_memory(connection);
}

/* From now on this member gets what is live; what has been shown is remembered for letters that are still on their way. */
static void finish(struct msgc__recovery *recovery)
{
	struct msgc__membership *membership = recovery->membership;

	if (!recovery->told)
		tell(recovery, true);
	let_held_out(recovery, UINT64_MAX);
	membership->floor_epoch = epoch_hash(recovery->at.epoch);
	membership->floor_seq = recovery->at.seq;
	msgc__recovery_free(membership);
}

/* Which of the positions belongs to this stream: it counts once. NULL: none. */
static struct msgc__position *fitting(struct msgc__wish *wish, const struct msgc__position *head)
{
	for (size_t i = 0; i < wish->count; i++) {
		if (head->epoch[0] && strcmp(wish->positions[i].epoch, head->epoch) == 0)
			return &wish->positions[i];
	}
	return NULL;
}

/* True: it was looked for with another stream's position, and is to be read anew. */
static bool choose_position(struct msgc__recovery *recovery, const struct msgc__page *page)
{
	struct msgc__position *from = fitting(recovery->membership->connection->wish, &page->head);
	bool is_other = from && strcmp(recovery->at.epoch, from->epoch) != 0;

	recovery->looked = true;
	if (!from)
		return false;
	recovery->at = *from;
	*from = (struct msgc__position){"", 0};
	return is_other;
}

/* Something is missing: it starts afresh from the newest message that there is, and catches up from there. */
static void begin_afresh(struct msgc__recovery *recovery, const struct msgc__page *page)
{
	bool is_first = recovery->told && !recovery->at.epoch[0];

	/* It has been told that there was no stream: what has come since is missing to nobody. */
	recovery->at = page->head;
	if (is_first)
		recovery->at.seq = 0;
	else
		tell(recovery, false);
}

static bool has_caught_up(const struct msgc__recovery *recovery, const struct msgc__page *page)
{
	if (!page->complete || recovery->at.seq < page->head.seq)
		return false;
	/* A message of a later epoch was seen: the stream began anew while it was read. */
	if (recovery->seen_epoch[0] && strcmp(recovery->seen_epoch, recovery->at.epoch) != 0)
		return false;
	return recovery->seen <= recovery->at.seq;
}

static void take_page(struct msgc__recovery *recovery, const struct msgc__page *page)
{
	if (!recovery->looked && choose_position(recovery, page))
		return;
	if (!page->whole && !(page->head.epoch[0] == '\0' && recovery->told))
		begin_afresh(recovery, page);
	else
		show_page(recovery, page);
	if (has_caught_up(recovery, page))
		finish(recovery);
}

/* The answer of a topic: nothing is shown before the client has been told that. */
static void take_look(struct msgc__recovery *recovery, const struct msgc__page *page)
{
	struct msgc_subscription *subscription = recovery->membership->subscription;
	const struct msgc__position *asked = &subscription->position;
	bool whole = page->whole && asked->epoch[0] && strcmp(asked->epoch, page->head.epoch) == 0;

	recovery->looked = true;
	recovery->at = whole ? *asked : page->head;
	recovery->told = !whole;
	subscription->recovered = whole;
	subscription->position = page->head;
	if (!whole)
		msgc__counter_add(&recovery->worker->metrics.recoveries[false], 1);
}

static void end_look(struct msgc__recovery *recovery, int result, const struct msgc__page *page)
{
	struct msgc__frame *frame = recovery->looking;
	const struct msgc__membership *membership = recovery->membership;

	recovery->looking = NULL;
	if (!membership) {
		destroy(recovery);
		result = MSGC_EGONE;
	} else if (membership->connection->state >= MSGC__CLOSING) {
		result = MSGC_EGONE;
	} else if (result == 0) {
		take_look(recovery, page);
	}
	msgc__subscribe_looked(frame, result);
}

static void read_done(void *arg, int result, const struct msgc__page *page)
{
	struct msgc__recovery *recovery = arg;
	struct msgc_connection *connection;

	recovery->asking = false;
	if (recovery->looking) {
		end_look(recovery, result, page);
		return;
	}
	if (!recovery->membership) {
		destroy(recovery);
		return;
	}
	connection = recovery->membership->connection;
	if (connection->state >= MSGC__CLOSING)
		return;
	if (result < 0) {
		msgc_log(recovery->worker->server, MSGC_LOG_ERROR, "history.read",
		        "connection=%llu group=%s error=%s", (unsigned long long)connection->id,
		        recovery->membership->group->name, msgc_error_name(result));
		msgc__connection_end(connection, 1013, "what was missed cannot be read");
		return;
	}
	take_page(recovery, page);
	msgc__connection_make_ready(connection);
}

static size_t page_bytes(const struct msgc_connection *connection)
{
	size_t most = msgc__connection_outbox_limit(connection) / 2;

	return most < PAGE_BYTES_MOST ? most : PAGE_BYTES_MOST;
}

static void ask(struct msgc__recovery *recovery)
{
	struct msgc__worker *worker = recovery->worker;
	struct msgc__backend *backend = worker->server->backend;
	struct msgc__membership *membership = recovery->membership;
	const struct msgc__group *group = membership->group;
	int result;

	if (!recovery->looked)
		recovery->at = recovery->looking ? membership->subscription->position
		                                 : membership->connection->wish->positions[0];
	recovery->asking = true;
	result = backend->ops->read(backend, worker, msgc_str_of(group->name, group->len),
	        &group->type->history, &recovery->at, page_bytes(membership->connection), read_done,
	        recovery);
	if (result < 0)
		read_done(recovery, result, NULL);
}

void msgc__recovery_look(struct msgc__membership *membership, struct msgc__frame *frame)
{
	membership->recovery->looking = frame;
	ask(membership->recovery);
}

/* The backend carries the group, and the client has been told that it follows the topic. */
static bool may_begin(const struct msgc__membership *membership)
{
	const struct msgc_subscription *subscription = membership->subscription;

	return !membership->waiting && (!subscription || subscription->state == MSGC__FOLLOWING);
}

/* The group that was joined first: the list is the other way round. */
static struct msgc__recovery *next_recovery(const struct msgc_connection *connection)
{
	struct msgc__recovery *found = NULL;

	for (struct msgc__membership *m = connection->memberships; m; m = m->next) {
		if (m->recovery && may_begin(m))
			found = m->recovery;
	}
	return found;
}

bool msgc__recover(struct msgc_connection *connection)
{
	struct msgc__recovery *recovery = next_recovery(connection);

	if (!recovery || connection->state >= MSGC__CLOSING)
		return true;
	/* The page after this one when that has left: read_done() and the outbox make the connection ready. */
	if (!recovery->asking && connection->outbox.count == 0)
		ask(recovery);
	return false;
}

/* -------------------------------------------------------------------------------------- what is live */

bool msgc__recovery_shows(
        struct msgc__membership *membership, const struct msgc__publication *publication)
{
	const struct msgc__position *position = &publication->position;
	struct msgc__recovery *recovery = membership->recovery;

	if (recovery) {
		recovery->seen = position->seq;
		memcpy(recovery->seen_epoch, position->epoch, sizeof position->epoch);
		return false;
	}
	return membership->floor_seq < position->seq ||
	        membership->floor_epoch != epoch_hash(position->epoch);
}

void msgc__recovery_hold(struct msgc__membership *membership, uint64_t after,
        struct msgc__buffer *frame, struct msgc__buffer *completion)
{
	struct msgc__recovery *recovery = membership->recovery;
	struct msgc_connection *connection = membership->connection;
	size_t most = msgc__connection_outbox_limit(connection) / 2;
	struct held *held;

	if (recovery->held_count >= HELD_MOST ||
	        msgc__buffer_frame_len(frame) > most - recovery->held_bytes) {
		msgc__connection_end(connection, 1013, "too much happens while it catches up");
		return;
	}
	held = malloc(sizeof *held);
	if (!held) {
		msgc__connection_no_memory(connection);
		return;
	}
	*held = (struct held){NULL, after, frame, completion};
	frame->refs++;
	if (completion)
		completion->refs++;
	*recovery->held_end = held;
	recovery->held_end = &held->next;
	recovery->held_count++;
	recovery->held_bytes += msgc__buffer_frame_len(frame);
}
