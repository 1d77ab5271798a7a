/* SPDX-License-Identifier: MIT */
/*
 * A program with topics, for tests over the kit. It writes down which of its hooks have run.
 */
#ifndef TOPICS_PROGRAM_H
#define TOPICS_PROGRAM_H

#include <msgc/test.h>

#include "topics.msgc.h"

/*
 * Cookie "sid": who one is. Discussions: 13 is closed but to admin, 400 up to 599 answer with that status, from 1000 on the object is
 * loaded on the pool, from 2000 on it comes later, from 3000 on never. 20 greets and is told who came, 66 is full, 77 says hello later.
 */
struct msgc_server *topics_make(int argc, char **argv, void *app);
void topics_serve(
        struct msgc_server *server, void *app); /* the same of a server that has been made */

/* What has been written down since the last call: "+discussion:1 -discussion:1(0) "; objects loaded and not released. */
const char *topics_told(void);
int topics_objects(void);
/* Subscriptions whose hook `subscribed` has run and whose `unsubscribed` has not. */
int topics_following(void);
/* Messages posted to discussions; forgets all of this. */
int topics_posts(void);
void topics_forget(void);
/* Waits until what was written down contains this, which is then forgotten with all before it. */
void topics_wait_for(const char *text);

#endif
