/* SPDX-License-Identifier: MIT */
/*
 * Rosters as standard messages, and users as the ids that clients see. It must not know when anything is told, or to whom.
 */
#include <inttypes.h>
#include <stdlib.h>

#include <msgc/codec_gen.h>

#include "presence.h"
#include "standard.h"
#include "std.msgc.h"

/* What tells realm and id apart must not stand in a realm. */
static void write_realm(struct msgc_buf *out, struct msgc_str realm)
{
	for (size_t i = 0; i < realm.len; i++) {
		char c = realm.ptr[i];

		if (c == ':' || c == '%')
			msgc_buf_append_str(out, c == ':' ? "%3A" : "%25");
		else
			msgc_buf_append_char(out, c);
	}
}

int msgc__presence_id(struct msgc_buf *out, const struct msgc_connection *connection)
{
	const struct msgc_user *user = &connection->user->is;

	msgc_buf_reset(out);
	if (msgc_user_is_anonymous(user)) {
		msgc_buf_printf(out, ":%" PRIx64 "-%" PRIu64, connection->worker->server->process,
		        connection->id);
	} else {
		write_realm(out, user->realm);
		msgc_buf_append_char(out, ':');
		msgc_buf_append(out, user->id.ptr, user->id.len);
	}
	return out->error;
}

static uint32_t cut(uint64_t count)
{
	return count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
}

static void make_users(
        struct msgc_std_presence_user *to, const struct msgc__roster_entry *from, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		to[i].id = from[i].id;
		to[i].connections = from[i].connections;
		to[i].info = (struct msgc_json){from[i].info.ptr, from[i].info.len};
		if (from[i].info.len == 0)
			to[i].info = (struct msgc_json){"null", 4};
	}
}

/* Either message, its type, and the users that it lists. */
struct message {
	struct msgc_std_presence_user *users; /* and behind them those who leave */
	const struct msgc_message *type;
	union {
		struct msgc_std_presence_state state;
		struct msgc_std_presence_diff diff;
	};
};

static void make(struct message *message, const struct msgc__roster_text *text,
        struct msgc_std_presence_user *users)
{
	struct msgc_std_presence_user *leaves = users + text->user_count;

	make_users(users, text->users, text->user_count);
	make_users(leaves, text->leaves, text->leave_count);
	if (text->is_diff) {
		message->type = &msgc_std_presence_diff_message;
		message->diff.payload.group = text->group;
		message->diff.payload.joins.items = users;
		message->diff.payload.joins.count = text->user_count;
		message->diff.payload.leaves.items = leaves;
		message->diff.payload.leaves.count = text->leave_count;
		message->diff.payload.count = cut(text->count);
	} else {
		message->type = &msgc_std_presence_state_message;
		message->state.payload.group = text->group;
		message->state.payload.has_users = text->listed;
		message->state.payload.users.items = users;
		message->state.payload.users.count = text->user_count;
		message->state.payload.count = cut(text->count);
	}
}

/* To be freed with its users. MSGC_ENOMEM. */
static int make_message(struct message *message, const struct msgc__roster_text *text)
{
	*message = (struct message){0};
	message->users = calloc(
	        text->user_count + text->leave_count + 1, sizeof(struct msgc_std_presence_user));
	if (!message->users)
		return MSGC_ENOMEM;
	make(message, text, message->users);
	return 0;
}

int msgc__presence_stamp(struct msgc_buf *out, struct msgc_str stamp)
{
	if (stamp.len > 0 && !out->error) {
		out->len--; /* the closing brace */
		msgc_buf_append(out, stamp.ptr, stamp.len);
		msgc_buf_append_char(out, '}');
	}
	return out->error;
}

int msgc__presence_write(struct msgc_buf *out, const struct msgc_consumer *consumer,
        const struct msgc__roster_text *text, struct msgc_str stamp)
{
	struct message message;
	int result = make_message(&message, text);

	if (result < 0)
		return result;
	msgc_buf_reset(out);
	result = msgc_message_encode(message.type, &message.state, out);
	free(message.users);
	if (result == 0)
		result = msgc__standard_adopt(out, consumer);
	return result < 0 ? result : msgc__presence_stamp(out, stamp);
}

int msgc__presence_publication(struct msgc__worker *worker, const struct msgc__roster_text *text,
        struct msgc__publication **ret)
{
	struct message message;
	int result = make_message(&message, text);

	if (result == 0)
		result = msgc__publication_new(worker->server, text->group, message.type,
		        &message.state, NULL, 0, &worker->text, ret);
	free(message.users);
	return result;
}

void msgc__presence_log_contract(
        struct msgc_connection *connection, const struct msgc_group_kind *kind, const void *entry)
{
	struct msgc_problems problems;
	struct msgc_buf text;

	msgc_problems_clear(&problems);
	msgc_buf_init(&text, 2048);
	(void)msgc_type_validate(kind->presence->type, entry, &problems);
	(void)msgc_problems_print(&problems, &text);
	msgc_log(connection->worker->server, MSGC_LOG_ERROR, "presence.contract",
	        "connection=%llu group=%s problems=%s", (unsigned long long)connection->id,
	        kind->name, text.error ? "?" : msgc_buf_c(&text));
	msgc_buf_free(&text);
}
