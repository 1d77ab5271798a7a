/* SPDX-License-Identifier: MIT */
/*
 * The queue behind mailbox.h: a list under a lock that is held for a few instructions. It must not know what the letters say.
 */
#include "mailbox.h"

#include <msgc/base.h>

void msgc__mailbox_init(struct msgc__mailbox *mailbox, size_t limit)
{
	pthread_mutex_init(&mailbox->lock, NULL);
	mailbox->first = NULL;
	mailbox->last = &mailbox->first;
	mailbox->counted = 0;
	mailbox->refused = 0;
	mailbox->limit = limit;
	mailbox->woken = mailbox->closed = false;
	mailbox->wake = NULL;
	mailbox->loop = NULL;
}

void msgc__mailbox_open(struct msgc__mailbox *mailbox, void (*wake)(void *loop), void *loop)
{
	pthread_mutex_lock(&mailbox->lock);
	mailbox->wake = wake;
	mailbox->loop = loop;
	pthread_mutex_unlock(&mailbox->lock);
}

void msgc__mailbox_free(struct msgc__mailbox *mailbox)
{
	pthread_mutex_destroy(&mailbox->lock);
}

/* Under the lock, as what follows, so that a loop which has been closed is never woken. */
static void wake(struct msgc__mailbox *mailbox)
{
	if (mailbox->woken || !mailbox->loop)
		return;
	mailbox->woken = true;
	mailbox->wake(mailbox->loop);
}

static int add(struct msgc__mailbox *mailbox, struct msgc__mail *mail, bool counted)
{
	if (mailbox->closed)
		return MSGC_EGONE;
	if (counted && mailbox->counted >= mailbox->limit) {
		mailbox->refused++;
		return MSGC_EBUSY;
	}
	mail->next = NULL;
	mail->counted = counted;
	mailbox->counted += counted;
	*mailbox->last = mail;
	mailbox->last = &mail->next;
	return 0;
}

int msgc__mailbox_put(struct msgc__mailbox *mailbox, struct msgc__mail *mail, bool counted)
{
	int result;

	pthread_mutex_lock(&mailbox->lock);
	result = add(mailbox, mail, counted);
	if (result == 0)
		wake(mailbox);
	pthread_mutex_unlock(&mailbox->lock);
	return result;
}

int msgc__mailbox_leave(struct msgc__mailbox *mailbox, struct msgc__mail *mail, bool counted)
{
	int result;

	pthread_mutex_lock(&mailbox->lock);
	result = add(mailbox, mail, counted);
	pthread_mutex_unlock(&mailbox->lock);
	return result;
}

void msgc__mailbox_ring(struct msgc__mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	if (mailbox->first)
		wake(mailbox);
	pthread_mutex_unlock(&mailbox->lock);
}

struct msgc__mail *msgc__mailbox_take(struct msgc__mailbox *mailbox)
{
	struct msgc__mail *first;

	pthread_mutex_lock(&mailbox->lock);
	first = mailbox->first;
	mailbox->first = NULL;
	mailbox->last = &mailbox->first;
	mailbox->counted = 0;
	mailbox->woken = false;
	pthread_mutex_unlock(&mailbox->lock);
	return first;
}

size_t msgc__mailbox_look(struct msgc__mailbox *mailbox, uint64_t *ret_refused)
{
	size_t waiting;

	pthread_mutex_lock(&mailbox->lock);
	waiting = mailbox->counted;
	*ret_refused = mailbox->refused;
	pthread_mutex_unlock(&mailbox->lock);
	return waiting;
}

void msgc__mailbox_close(struct msgc__mailbox *mailbox)
{
	pthread_mutex_lock(&mailbox->lock);
	mailbox->closed = true;
	mailbox->loop = NULL;
	pthread_mutex_unlock(&mailbox->lock);
}
