/* SPDX-License-Identifier: MIT */
/*
 * A publication's last step: frames in the members' outboxes, events in their inboxes. Each of the four faces that a group message can
 * show is framed once, when the first member needs it. It must not know how the publication came here.
 */
#include "group.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "credentials.h"
#include "presence.h"
#include "recover.h"
#include "topic.h"
#include "worker.h"

enum { FACE_MINE = 2, FACE_CURRENT = 1, FACES = 4 };

/* Room for decoded events beside a multiple of their text. */
enum { EVENT_ARENA_MIN = 1024 * 1024, EVENT_ARENA_FACTOR = 32 };

struct round {
	struct msgc__worker *worker;
	struct msgc__publication *publication;
	struct msgc__buffer *faces[FACES];
	/* The same with a topic's name on them, as the first member writes it. */
	struct msgc__buffer *stamped[FACES];
	struct msgc_str stamp;
	struct msgc__delivery *delivery;
	int decoded; /* 0: not tried; 1: yes; negative: it cannot be */
};

static void write_face(struct msgc_buf *out, const char *name, bool value)
{
	if (!name)
		return;
	msgc_buf_append_char(out, ',');
	msgc_write_str(out, msgc_str_from(name));
	msgc_buf_append_str(out, value ? ":true" : ":false");
}

int msgc__faces_make(struct msgc__served *served)
{
	const struct msgc_speech *speech = &served->consumer->speech;

	for (unsigned face = 0; face < FACES; face++) {
		struct msgc_buf text = {0};

		write_face(&text, speech->is_mine, face & FACE_MINE);
		write_face(&text, speech->is_current, face & FACE_CURRENT);
		msgc_buf_append_char(&text, '}');
		if (msgc_buf_c(&text))
			served->faces[face] = strdup(msgc_buf_c(&text));
		msgc_buf_free(&text);
		if (!served->faces[face])
			return MSGC_ENOMEM;
	}
	return 0;
}

struct msgc_str msgc__face_tail(const struct msgc__served *served, bool mine, bool current)
{
	unsigned face = (mine ? FACE_MINE : 0u) | (current ? FACE_CURRENT : 0u);

	return msgc_str_from(served->faces[face]);
}

/* Objects show faces; arrays have no room for them. */
static bool has_faces(const struct msgc__publication *publication)
{
	return publication->type->kind == MSGC_MESSAGE_GROUP &&
	        *msgc__publication_body(publication).ptr == '{';
}

static unsigned face_for(
        const struct msgc__publication *publication, const struct msgc_connection *member)
{
	const struct msgc__user *sender = publication->sender;
	unsigned face = 0;

	if (!has_faces(publication))
		return 0;
	/* An anonymous one's are nobody's: no look at who the members are. */
	if (sender && sender->hash != 0 && msgc__user_same(sender, member->user))
		face |= FACE_MINE;
	if (publication->sender_connection == member->id)
		face |= FACE_CURRENT;
	return face;
}

/* A reader that is too slow may lose a message, but not one that it could have recovered: that would be a hole which no position shows. */
/* Behind the object's last brace, which is cut off then: `stamp` comes first. */
static struct msgc_str tail_of(const struct round *round, const struct msgc__served *served,
        unsigned face, char room[MSGC__POSITION_TAIL_MAX], bool is_stamped)
{
	const struct msgc__publication *publication = round->publication;

	if (publication->kept)
		return msgc__position_tail(room, served, publication->type->kind, face & FACE_MINE,
		        face & FACE_CURRENT, &publication->position);
	if (has_faces(publication))
		return msgc__face_tail(served, face & FACE_MINE, face & FACE_CURRENT);
	return is_stamped ? MSGC_STR("}") : MSGC_STR("");
}

static struct msgc__buffer *frame_face(struct round *round, const struct msgc__served *served,
        unsigned face, struct msgc_str stamp)
{
	const struct msgc__publication *publication = round->publication;
	struct msgc_str body = msgc__publication_body(publication);
	struct msgc_str tail = {"", 0};
	unsigned char head[MSGC__WIRE_HEAD_MAX];
	char position[MSGC__POSITION_TAIL_MAX];
	struct msgc__buffer *buffer;
	size_t head_len;
	char *to;

	if (*body.ptr == '{')
		tail = tail_of(round, served, face, position, stamp.len > 0);
	body.len -= tail.len > 0;
	head_len = msgc__wire_head(head, body.len + stamp.len + tail.len);
	buffer = msgc__buffer_new(
	        &round->worker->output, head_len + body.len + stamp.len + tail.len);
	if (!buffer)
		return NULL;
	to = buffer->bytes;
	to = (char *)memcpy(to, head, head_len) + head_len;
	to = (char *)memcpy(to, body.ptr, body.len) + body.len;
	if (stamp.len > 0)
		to = (char *)memcpy(to, stamp.ptr, stamp.len) + stamp.len;
	memcpy(to, tail.ptr, tail.len);
	buffer->len = head_len + body.len + stamp.len + tail.len;
	buffer->kind = publication->kept ? MSGC__BUFFER_OWN : MSGC__BUFFER_GROUP;
	return buffer;
}

/*
 * A frame for this member, with a reference; NULL: no memory. A group is joined by consumers that make their frames alike: the first one's
 * words are everybody's. So is the way in which the first one writes a topic's name, for all who write it so.
 */
static struct msgc__buffer *frame_for(
        struct round *round, const struct msgc__membership *membership, unsigned face)
{
	const struct msgc_subscription *subscription = membership->subscription;
	const struct msgc__served *served = membership->connection->served;
	struct msgc__buffer **shared = &round->faces[face];
	struct msgc_str stamp = {NULL, 0};

	if (subscription) {
		stamp = subscription->stamp;
		if (!round->stamp.ptr)
			round->stamp = stamp;
		if (!msgc_str_equal(round->stamp, stamp))
			return frame_face(round, served, face, stamp);
		shared = &round->stamped[face];
	}
	if (!*shared)
		*shared = frame_face(round, served, face, stamp);
	if (*shared)
		(*shared)->refs++;
	return *shared;
}

/* A member without its message has a hole that nobody would tell it of: it is sent away to come back. */
static void hand_over(struct round *round, struct msgc__membership *membership, bool is_event)
{
	struct msgc__output *output = &round->worker->output;
	struct msgc_connection *member = membership->connection;
	struct msgc__buffer *frame, *completion;

	if (round->publication->kept && !msgc__recovery_shows(membership, round->publication))
		return;
	frame = frame_for(round, membership, face_for(round->publication, member));
	if (!frame) {
		msgc__connection_no_memory(member);
		return;
	}
	completion = msgc__membership_completion(membership, is_event);
	if (membership->recovery)
		msgc__recovery_hold(
		        membership, round->publication->position.seq, frame, completion);
	else if (msgc__connection_share(member, frame) && completion)
		msgc__connection_share(member, completion);
	msgc__buffer_unref(output, frame);
	msgc__buffer_unref(output, completion);
}

/* ------------------------------------------------------------------------------------------- events */

void msgc__delivery_unref(struct msgc__delivery *delivery)
{
	if (!delivery || --delivery->refs > 0)
		return;
	msgc_arena_free(&delivery->arena);
	msgc__publication_unref(delivery->publication);
	free(delivery);
}

static int decode(struct msgc__delivery *delivery)
{
	const struct msgc__publication *publication = delivery->publication;
	const struct msgc_message *type = publication->type;
	char *text = msgc_arena_alloc(&delivery->arena, publication->body_len + MSGC_PADDING, 1);
	void *event = msgc_arena_calloc(&delivery->arena, 1, type->size);
	int result;

	if (!text || !event)
		return MSGC_ENOMEM;
	memcpy(text, msgc__publication_body(publication).ptr, publication->body_len);
	memset(text + publication->body_len, 0, MSGC_PADDING);
	result = msgc_message_decode_in_place(
	        type, text, publication->body_len, NULL, &delivery->arena, event, NULL);
	delivery->event = event;
	return result;
}

static int make_delivery(struct round *round)
{
	struct msgc__publication *publication = round->publication;
	struct msgc__delivery *delivery = calloc(1, sizeof *delivery);
	int result;

	if (!delivery)
		return MSGC_ENOMEM;
	delivery->refs = 1;
	delivery->publication = msgc__publication_ref(publication);
	msgc_arena_init(&delivery->arena,
	        EVENT_ARENA_MIN + publication->body_len * (size_t)EVENT_ARENA_FACTOR);
	round->delivery = delivery;
	result = decode(delivery);
	if (result < 0)
		msgc_log(round->worker->server, MSGC_LOG_ERROR, "event.decode", "group=%s error=%s",
		        publication->bytes, msgc_error_name(result));
	return result < 0 ? result : 1;
}

static const struct msgc_event *find_event(
        const struct msgc_consumer *consumer, const struct msgc_message *type)
{
	for (size_t i = 0; i < consumer->event_count; i++) {
		if (consumer->events[i].message == type)
			return &consumer->events[i];
	}
	return NULL;
}

static void deliver_event(struct round *round, struct msgc__membership *membership)
{
	struct msgc_connection *member = membership->connection;
	struct msgc_subscription *subscription = membership->subscription;
	const struct msgc__served *served = subscription ? subscription->served : member->served;
	const struct msgc_event *event = find_event(served->consumer, round->publication->type);

	if (!event)
		return;
	if (!event->handle) {
		hand_over(round, membership, true);
		return;
	}
	if (round->decoded == 0)
		round->decoded = make_delivery(round);
	if (round->decoded > 0 &&
	        msgc__inbox_event(member, subscription, event, round->delivery) == 0)
		return;
	msgc__connection_end(member, 1013, "an event could not be kept");
}

/* A topic whose client has not been told yet that it follows it, unless that client is to miss nothing. */
static bool is_early(const struct msgc__membership *membership)
{
	return membership->subscription && !membership->recovery &&
	        membership->subscription->state == MSGC__SUBSCRIBING;
}

void msgc__group_deliver(struct msgc__worker *worker, struct msgc__publication *publication)
{
	struct msgc__group *group =
	        msgc__groups_find(&worker->groups, msgc__publication_group(publication));
	struct round round = {.worker = worker, .publication = publication};

	if (publication->to) {
		msgc__reach_deliver(worker, publication);
		return;
	}
	if (!group)
		return;
	if (publication->roster_to > 0) {
		msgc__presence_deliver(group, publication);
		return;
	}
	/* Nothing in this loop runs the program or changes who is a member. */
	for (uint32_t i = 0; i < group->count; i++) {
		struct msgc_connection *member = group->members[i]->connection;

		if (member->state >= MSGC__CLOSING || is_early(group->members[i]))
			continue;
		if ((publication->flags & MSGC_EXCLUDE_CURRENT) &&
		        publication->sender_connection == member->id)
			continue;
		msgc__counter_add(&worker->metrics.delivered, 1);
		if (publication->type->kind == MSGC_MESSAGE_EVENT)
			deliver_event(&round, group->members[i]);
		else
			hand_over(&round, group->members[i], false);
	}
	for (unsigned face = 0; face < FACES; face++) {
		msgc__buffer_unref(&worker->output, round.faces[face]);
		msgc__buffer_unref(&worker->output, round.stamped[face]);
	}
	msgc__delivery_unref(round.delivery);
}

void msgc__group_missed(struct msgc__worker *worker, struct msgc_str name)
{
	struct msgc__group *group = msgc__groups_find(&worker->groups, name);

	/* Ending a connection does not change who is a member: that is for the end of the turn. */
	for (uint32_t i = 0; group && i < group->count; i++)
		msgc__connection_end(
		        group->members[i]->connection, 1013, "a message was missed: come back");
}
