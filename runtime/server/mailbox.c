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
	mailbox->closed = false;
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

int msgc__mailbox_put(struct msgc__mailbox *mailbox, struct msgc__mail *mail, bool counted)
{
	int result = 0;

	pthread_mutex_lock(&mailbox->lock);
	if (mailbox->closed) {
		result = MSGC_EGONE;
	} else if (counted && mailbox->counted >= mailbox->limit) {
		mailbox->refused++;
		result = MSGC_EBUSY;
	} else {
		/* Under the lock, so that a loop which has been closed is never woken. */
		if (!mailbox->first && mailbox->loop)
			mailbox->wake(mailbox->loop);
		mail->next = NULL;
		mail->counted = counted;
		mailbox->counted += counted;
		*mailbox->last = mail;
		mailbox->last = &mail->next;
	}
	pthread_mutex_unlock(&mailbox->lock);
	return result;
}

struct msgc__mail *msgc__mailbox_take(struct msgc__mailbox *mailbox)
{
	struct msgc__mail *first;

	pthread_mutex_lock(&mailbox->lock);
	first = mailbox->first;
	mailbox->first = NULL;
	mailbox->last = &mailbox->first;
	mailbox->counted = 0;
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
