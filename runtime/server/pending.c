/* SPDX-License-Identifier: MIT */
/*
 * Frames that are answered later: on the pool, or by the program when it knows. Until then the frame keeps its arena, its stage, and the
 * memory of its connection. It must not know what the frame says.
 */
#include "stage.h"
#include "container.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "connection.h"
#include "worker.h"

static struct msgc_pending *of_timer(struct msgc__timer *timer)
{
	return MSGC__CONTAINER_OF(timer, struct msgc_pending, deadline);
}

static struct msgc_pending *of_work(struct msgc__work *work)
{
	return MSGC__CONTAINER_OF(work, struct msgc_pending, work);
}

static struct msgc_pending *of_mail(struct msgc__mail *mail)
{
	return MSGC__CONTAINER_OF(mail, struct msgc_pending, mail);
}

static void too_late(struct msgc__timer *timer)
{
	msgc__frame_detach(of_timer(timer)->frame, MSGC_ETIMEOUT);
}

/* What was promised is done: its second half runs, then the effects leave. */
static void conclude(struct msgc_pending *pending, int result)
{
	struct msgc__frame *frame = pending->frame;
	struct msgc__worker *worker = frame->worker;
	struct msgc_connection *connection = frame->connection;

	msgc__timer_cancel(&worker->timers, &pending->deadline);
	if (result == 0 && (pending->disowned || worker->state == MSGC__WORKER_STOPPED))
		result = MSGC_EGONE;
	if (result == 0 && pending->type->done) {
		struct msgc__frame *before = msgc__frame_enter(frame);
		void *self = connection->state < MSGC__CLOSING ? msgc__frame_self(frame) : NULL;

		result = pending->type->done(pending->typed, self, &frame->reply);
		msgc__frame_leave(frame, before);
	}
	if (result > 0)
		result = MSGC_EINTERNAL; /* a second half cannot be put off again */
	msgc__frame_finish(frame, result);
}

static void run(struct msgc__work *work)
{
	struct msgc_pending *pending = of_work(work);

	pending->result = pending->type->work(pending->typed);
}

static void ran(struct msgc__worker *worker, struct msgc__work *work)
{
	struct msgc_pending *pending = of_work(work);

	(void)worker;
	if (work->dropped)
		pending->result = MSGC_EGONE;
	conclude(pending, pending->result);
}

static void finished(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc_pending *pending = of_mail(mail);

	(void)worker;
	conclude(pending, pending->result);
}

/* ------------------------------------------------------------------------------------- from generated code */

/* What ends something has nothing to answer. */
static bool is_end(enum msgc__frame_kind kind)
{
	return kind == MSGC__FRAME_DISCONNECTED || kind == MSGC__FRAME_UNSUBSCRIBE ||
	        kind == MSGC__FRAME_UNSUBSCRIBED;
}

int msgc_pending_new(struct msgc_connection *connection, const struct msgc_pending_type *type,
        void **ret_typed, const void **ret_in, struct msgc_pending **ret_pending)
{
	struct msgc__frame *frame = msgc__frame_current();
	struct msgc_pending *pending;
	void *typed;

	if (!frame || !frame->running || frame->connection != connection || frame->pending ||
	        is_end(frame->kind) || frame->message != type->message)
		return MSGC_EINVAL;
	pending = msgc_arena_calloc(&frame->arena, 1, sizeof *pending);
	typed = msgc_arena_calloc(&frame->arena, 1, type->size);
	if (!pending || !typed)
		return MSGC_ENOMEM;
	pending->frame = frame;
	pending->type = type;
	pending->typed = typed;
	pending->deadline.fire = too_late;
	pending->work.run = run;
	pending->work.done = ran;
	pending->work.worker = frame->worker;
	pending->mail.deliver = finished;
	frame->pending = pending;
	*ret_typed = typed;
	*ret_in = frame->in;
	*ret_pending = pending;
	return 0;
}

int msgc_pending_submit(struct msgc_pending *pending)
{
	int result;

	if (!pending->type->work || pending->reserved || pending->deferred)
		return MSGC_EINVAL;
	result = msgc__pool_reserve(pending->frame->worker->server->pool);
	if (result < 0) {
		pending->frame->pending = NULL;
		return result;
	}
	pending->reserved = true;
	return MSGC_LATER;
}

int msgc_pending_defer(struct msgc_pending *pending)
{
	if (pending->reserved || pending->deferred)
		return MSGC_EINVAL;
	pending->deferred = true;
	return MSGC_LATER;
}

void msgc_pending_finish(struct msgc_pending *pending, int result)
{
	if (!pending || !pending->deferred || atomic_exchange(&pending->finished, true))
		return;
	pending->result = result > 0 ? MSGC_EINTERNAL : result;
	(void)msgc__worker_post(pending->frame->worker, &pending->mail, false);
}

struct msgc_arena *msgc_pending_arena(struct msgc_pending *pending)
{
	return &pending->frame->arena;
}

/* --------------------------------------------------------------------------------------- from the frame */

bool msgc__pending_begin(struct msgc_pending *pending)
{
	struct msgc__worker *worker = pending->frame->worker;
	struct msgc_server *server = worker->server;

	if (!pending->reserved && !pending->deferred)
		return false;
	msgc__frame_hold(pending->frame);
	msgc__timer_arm(
	        &worker->timers, &pending->deadline, worker->now + worker->config->handler_timeout);
	/* What is waited for may be their answer. */
	msgc__stage_let_ask(pending->frame);
	/* From here on the arena belongs to the pool thread. */
	if (pending->reserved)
		msgc__pool_submit_reserved(server->pool, &pending->work);
	return true;
}

bool msgc__pending_cancel(struct msgc_pending *pending)
{
	struct msgc__worker *worker = pending->frame->worker;

	if (pending->reserved) {
		msgc__pool_unreserve(worker->server->pool);
		return true;
	}
	if (!pending->deferred)
		return true;
	/* The program has the pointer: it will finish what it has disowned. The client hears now that it failed, so nothing of it leaves. */
	pending->disowned = true;
	msgc__stage_drop(&pending->frame->stage);
	msgc__frame_hold(pending->frame);
	return false;
}

/* -------------------------------------------------------------------------------------------- refusals */

/* As vsnprintf does, but cut at a code point; empty if it is not UTF-8. */
static void format_refusal(char *to, size_t size, const char *format, va_list args)
{
	int len = vsnprintf(to, size, format, args);
	size_t used = len < 0 ? 0 : (size_t)len;

	if (used >= size) {
		/* The cut may have gone through a code point, whose bytes are four at most. */
		used = size - 1;
		for (int i = 0; i < 3 && !msgc_utf8_valid(to, used); i++)
			used--;
	}
	to[msgc_utf8_valid(to, used) ? used : 0] = '\0';
}

int msgc_refuse(struct msgc_connection *connection, const char *format, ...)
{
	struct msgc__frame *frame = msgc__frame_current();
	va_list args;

	if (!frame || frame->connection != connection)
		return MSGC_EREFUSED;
	va_start(args, format);
	format_refusal(frame->refusal, sizeof frame->refusal, format, args);
	va_end(args);
	frame->has_refusal = frame->refusal[0] != '\0';
	return MSGC_EREFUSED;
}

int msgc_pending_refuse(struct msgc_pending *pending, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	format_refusal(pending->refusal, sizeof pending->refusal, format, args);
	va_end(args);
	pending->has_refusal = pending->refusal[0] != '\0';
	return MSGC_EREFUSED;
}
