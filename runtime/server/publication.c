/* SPDX-License-Identifier: MIT */
/*
 * What is published: a message validated and encoded once, with its group's name and its sender, and the way to the backend from any
 * thread. It must not know who the members are.
 */
#include "group.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "connection.h"
#include "worker.h"

/* ------------------------------------------------------------------------------------------ encoding */

static void log_contract(
        struct msgc_server *server, const struct msgc_message *type, const void *message)
{
	struct msgc_problems problems;
	struct msgc_buf text;

	msgc_problems_clear(&problems);
	msgc_buf_init(&text, 2048);
	(void)msgc_message_validate(type, message, &problems);
	(void)msgc_problems_print(&problems, &text);
	msgc_log(server, MSGC_LOG_ERROR, "message.contract", "action=%s problems=%s", type->name,
	        text.error ? "?" : msgc_buf_c(&text));
	msgc_buf_free(&text);
}

int msgc__encode(struct msgc_server *server, const struct msgc_message *type, const void *message,
        struct msgc_buf *out)
{
	size_t start = out->len;
	int result = msgc_message_encode_checked(type, message, out);

	if (result == 0)
		return 0;
	if (result == MSGC_ECONTRACT)
		log_contract(server, type, message);
	out->len = start; /* the buffer may also be at its limit */
	out->error = 0;
	return result;
}

int msgc__publication_of(struct msgc_str group, const struct msgc_message *type,
        struct msgc_str body, const struct msgc_sender *sender, unsigned flags,
        struct msgc__publication **ret)
{
	struct msgc__publication *publication =
	        malloc(sizeof *publication + group.len + 1 + body.len);

	if (!publication)
		return MSGC_ENOMEM;
	atomic_init(&publication->refs, 1);
	publication->next = NULL;
	publication->type = type;
	publication->group_kind = NULL;
	publication->kept = false;
	publication->position = (struct msgc__position){"", 0};
	publication->sender = sender ? msgc__user_ref(sender->user) : NULL;
	publication->sender_connection = sender ? sender->connection : 0;
	publication->flags = flags;
	publication->to = NULL;
	publication->at = NULL;
	publication->urgent = false;
	publication->roster_from = publication->roster_to = 0;
	publication->group_len = group.len;
	publication->body_len = body.len;
	memcpy(publication->bytes, group.ptr, group.len);
	publication->bytes[group.len] = '\0';
	memcpy(publication->bytes + group.len + 1, body.ptr, body.len);
	*ret = publication;
	return 0;
}

int msgc__publication_new(struct msgc_server *server, struct msgc_str group,
        const struct msgc_message *type, const void *message, const struct msgc_sender *sender,
        unsigned flags, struct msgc_buf *scratch, struct msgc__publication **ret)
{
	int result;

	if (group.len == 0 || group.len > MSGC_GROUP_NAME_MAX)
		return MSGC_ELIMIT;
	msgc_buf_reset(scratch);
	result = msgc__encode(server, type, message, scratch);
	if (result < 0)
		return result;
	return msgc__publication_of(
	        group, type, msgc_str_of(scratch->data, scratch->len), sender, flags, ret);
}

struct msgc__publication *msgc__publication_ref(struct msgc__publication *publication)
{
	atomic_fetch_add_explicit(&publication->refs, 1, memory_order_relaxed);
	return publication;
}

void msgc__publication_unref(struct msgc__publication *publication)
{
	if (atomic_fetch_sub_explicit(&publication->refs, 1, memory_order_acq_rel) != 1)
		return;
	msgc__user_unref(publication->sender);
	msgc__user_unref(publication->to);
	free(publication);
}

struct msgc_str msgc__publication_group(const struct msgc__publication *publication)
{
	return msgc_str_of(publication->bytes, publication->group_len);
}

const struct msgc__position *msgc__publication_position(const struct msgc__publication *publication)
{
	static const struct msgc__position none;

	return publication->kept ? &publication->position : &none;
}

struct msgc_str msgc__publication_body(const struct msgc__publication *publication)
{
	return msgc_str_of(publication->bytes + publication->group_len + 1, publication->body_len);
}

/* ------------------------------------------------------------------------------------------- sending */

static _Thread_local struct msgc__scope_of_thread *scope;

struct msgc__scope_of_thread *msgc__publication_scope(void)
{
	return scope;
}

void msgc__publication_set_scope(struct msgc__scope_of_thread *to)
{
	scope = to;
}

static void published(void *arg, int result, const struct msgc__position *position)
{
	struct msgc__worker *worker = arg;

	if (result >= 0 && position->epoch[0])
		msgc__counter_add(&worker->metrics.kept, 1);
	if (result < 0)
		msgc_log(worker->server, MSGC_LOG_ERROR, "group.publish", "error=%s",
		        msgc_error_name(result));
}

static int publish_here(struct msgc__worker *worker, struct msgc__publication *publication)
{
	struct msgc__backend *backend = worker->server->backend;
	int result = backend->ops->publish(backend, worker, publication, published, worker);

	msgc__publication_unref(publication);
	return result;
}

struct letter {
	struct msgc__mail mail;
	struct msgc__publication *publication;
};

static void open_letter(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct letter *letter = (struct letter *)(void *)mail;
	int result = 0;

	if (worker->state == MSGC__WORKER_STOPPED)
		msgc__publication_unref(letter->publication);
	else
		result = publish_here(worker, letter->publication);
	if (result < 0)
		published(worker, result, NULL);
	free(letter);
}

/* One group's publications of one thread take one way, so that they stay in order. */
static struct msgc__worker *carrier(
        struct msgc_server *server, const struct msgc__publication *publication)
{
	uint64_t hash = 0;

	if (server->worker_count > 1)
		hash = msgc_hash_bytes(0, publication->bytes, publication->group_len);
	return server->workers[hash % server->worker_count];
}

int msgc__publication_send(struct msgc_server *server, struct msgc__publication *publication)
{
	struct msgc__worker *worker = msgc__worker_current();
	struct letter *letter;
	int result;

	if (worker && worker->server == server)
		return publish_here(worker, publication);
	if (server->worker_count == 0) {
		msgc__publication_unref(publication);
		return MSGC_EGONE;
	}
	letter = calloc(1, sizeof *letter);
	if (!letter) {
		msgc__publication_unref(publication);
		return MSGC_ENOMEM;
	}
	letter->mail.deliver = open_letter;
	letter->publication = publication;
	result = msgc__worker_post(carrier(server, publication), &letter->mail, true);
	if (result < 0) {
		msgc__publication_unref(publication);
		free(letter);
	}
	return result;
}

bool msgc__history_is(const struct msgc_group_kind *type)
{
	return type->history.keep > 0 || type->history.for_ms > 0;
}

static bool is_kept(const struct msgc_group_kind *group_kind, const struct msgc_message *type)
{
	for (size_t i = 0; i < group_kind->kept_count; i++) {
		if (group_kind->kept[i] == type)
			return msgc__history_is(group_kind);
	}
	return false;
}

static void belong(struct msgc__publication *publication, const struct msgc_group_kind *group_kind)
{
	publication->group_kind = group_kind;
	publication->kept = group_kind && is_kept(group_kind, publication->type);
}

int msgc__group_publish_from(struct msgc_server *server, const struct msgc_group_kind *group_kind,
        struct msgc_str group, const struct msgc_message *type, const void *message,
        enum msgc__publisher by)
{
	struct msgc__publication *publication;
	struct msgc_buf own;
	int result;

	msgc_buf_init(&own, 0);
	result = msgc__publication_new(server, group, type, message, NULL, 0, &own, &publication);
	msgc_buf_free(&own);
	if (result < 0)
		return result;
	belong(publication, group_kind);
	msgc__metrics_published(server, by, type->kind == MSGC_MESSAGE_EVENT);
	return msgc__publication_send(server, publication);
}

int msgc__publication_hand_over(struct msgc_server *server, struct msgc__publication *publication)
{
	struct msgc__frame *frame = msgc__frame_current();

	if (scope && scope->server == server)
		return scope->publish(scope, publication);
	if (frame && frame->worker->server == server) {
		msgc__stage_publish(frame, publication);
		return 0;
	}
	return msgc__publication_send(server, publication);
}

int msgc_group_broadcast(struct msgc_server *server, const struct msgc_group_kind *group_kind,
        struct msgc_str group, const struct msgc_message *type, const void *message,
        const struct msgc_sender *sender, unsigned flags)
{
	struct msgc__frame *frame = msgc__frame_current();
	struct msgc__worker *worker = msgc__worker_current();
	struct msgc__publication *publication;
	struct msgc_buf own;
	int result;

	if (!server || !type || !message)
		return MSGC_EINVAL;
	msgc_buf_init(&own, 0);
	result = msgc__publication_new(server, group, type, message, sender, flags,
	        worker ? &worker->text : &own, &publication);
	msgc_buf_free(&own);
	if (result < 0)
		return result;
	belong(publication, group_kind);
	msgc__metrics_published(server,
	        frame            ? MSGC__BY_HANDLER
	                : worker ? MSGC__BY_TASK
	                         : MSGC__BY_THREAD,
	        type->kind == MSGC_MESSAGE_EVENT);
	return msgc__publication_hand_over(server, publication);
}

int msgc_group_publish(struct msgc_server *server, struct msgc_str group,
        const struct msgc_message *type, const void *message, const struct msgc_sender *sender,
        unsigned flags)
{
	return msgc_group_broadcast(server, NULL, group, type, message, sender, flags);
}
