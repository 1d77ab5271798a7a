/* SPDX-License-Identifier: MIT */
/*
 * Discussions, runs and news. It must not know what is tested with it.
 */
#include "program.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

struct thread {
	int64_t id;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char told[8192], given[8192];
static atomic_int objects, following; /* loaded and not released; subscribed and not unsubscribed */
static atomic_llong next_id;

/* Check's own assertions need memory, which a test may have taken away. */
static void must(bool condition)
{
	if (!condition)
		abort();
}

static void tell(const char *format, ...) MSGC_PRINTF(1, 2);
static void tell(const char *format, ...)
{
	size_t len;
	va_list args;

	pthread_mutex_lock(&lock);
	len = strlen(told);
	va_start(args, format);
	vsnprintf(told + len, sizeof told - len, format, args);
	va_end(args);
	pthread_mutex_unlock(&lock);
}

const char *topics_told(void)
{
	pthread_mutex_lock(&lock);
	memcpy(given, told, sizeof given);
	told[0] = '\0';
	pthread_mutex_unlock(&lock);
	return given;
}

int topics_objects(void)
{
	return objects;
}

int topics_following(void)
{
	return following;
}

int topics_posts(void)
{
	return (int)next_id;
}

void topics_forget(void)
{
	objects = following = 0;
	next_id = 0;
}

void topics_wait_for(const char *text)
{
	for (int i = 0; i < 500; i++) {
		const char *found;

		pthread_mutex_lock(&lock);
		found = strstr(told, text);
		if (found)
			memmove(told, found + strlen(text), strlen(found + strlen(text)) + 1);
		memcpy(given, told, sizeof given);
		pthread_mutex_unlock(&lock);
		if (found)
			return;
		usleep(10000);
	}
	ck_abort_msg("\"%s\" was not written down: %s", text, given);
}

/* ----------------------------------------------------------------------------------------- discussions */

static int make_thread(int64_t id, struct thread **ret)
{
	struct thread *thread = malloc(sizeof *thread);

	if (!thread)
		return MSGC_ENOMEM;
	thread->id = id;
	objects++;
	*ret = thread;
	return MSGC_OK;
}

static void release_thread(struct thread *thread)
{
	free(thread);
	objects--;
}

struct promise {
	struct msgc_lookup *lookup;
	struct thread **ret;
	int64_t id;
};

static int keep_promise(void *arg)
{
	struct promise *promise = arg;

	msgc_lookup_finish(promise->lookup, make_thread(promise->id, promise->ret));
	free(promise);
	return MSGC_OK;
}

static int load_later(struct msgc_server *server, struct msgc_lookup *lookup, int64_t id,
        struct thread **ret_object)
{
	struct promise *promise = malloc(sizeof *promise);
	int result = MSGC_ENOMEM;

	if (promise) {
		*promise = (struct promise){lookup, ret_object, id};
		result = msgc_server_submit(server, keep_promise, NULL, promise);
	}
	if (result == 0)
		return MSGC_LATER;
	free(promise);
	return result;
}

static struct msgc_server *the_server;

static int load_thread(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct topics_discussion_params *params, struct thread **ret_object)
{
	(void)app;
	(void)user;
	switch (params->id) {
	case 403: return MSGC_EDENIED;
	case 404: return MSGC_ENOTFOUND;
	case 500: return MSGC_EIO;
	}
	if (params->id >= 2000)
		return load_later(the_server, lookup, params->id, ret_object);
	if (params->id >= 1000 && !msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	return make_thread(params->id, ret_object);
}

static int is_admin(
        void *app, struct msgc_lookup *lookup, const struct msgc_user *user, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	*ret_allowed = msgc_str_equal(user->id, MSGC_STR("admin"));
	return MSGC_OK;
}

static int is_welcome(void *app, struct msgc_lookup *lookup, const struct msgc_user *user,
        const struct topics_discussion_params *params, struct thread *object, bool *ret_allowed)
{
	(void)app;
	(void)user;
	must(object->id == params->id);
	if (params->id >= 1000 && !msgc_lookup_may_block(lookup))
		return MSGC_BLOCKS;
	*ret_allowed = params->id != 13;
	return MSGC_OK;
}

static int hello_work(struct topics_discussion_subscribed_pending *pending)
{
	pending->result = pending;
	return MSGC_OK;
}

static int hello_done(
        struct topics_discussion_subscribed_pending *pending, struct topics_discussion *discussion)
{
	const struct topics_greet greet = {.payload = MSGC_STR("hello, later")};

	must(pending->result == pending);
	return discussion ? topics_discussion_send_greet(discussion, &greet) : MSGC_OK;
}

static int subscribed(struct topics_discussion *discussion)
{
	const struct topics_greet greet = {.payload = MSGC_STR("welcome")};
	const struct topics_came came = {.payload = discussion->user->id};
	int result;

	following++;
	tell("+discussion:%lld ", (long long)discussion->params.id);
	must(discussion->object->id == discussion->params.id);
	switch (discussion->params.id) {
	case 66: return msgc_refuse(discussion->connection, "the thread is full");
	case 67: return MSGC_EIO;
	case 77: return topics_discussion_subscribed_later(discussion, hello_work, hello_done);
	case 20:
		result = topics_discussion_send_greet(discussion, &greet);
		if (result < 0)
			return result;
		return topics_discussion_broadcast_came(
		        discussion->server, 20, discussion->sender, &came, MSGC_TO_ALL);
	}
	return MSGC_OK;
}

static void unsubscribed(struct topics_discussion *discussion, uint16_t code)
{
	const struct topics_waved waved = {.payload = MSGC_STR("bye")};

	following--;
	tell("-discussion:%lld(%u) ", (long long)discussion->params.id, code);
	if (discussion->params.id == 20)
		(void)topics_discussion_broadcast_waved(
		        discussion->server, 20, discussion->sender, &waved, MSGC_TO_ALL);
}

static int post(struct msgc_server *server, const struct msgc_sender *sender, int64_t thread,
        struct msgc_str text, struct topics_said *reply)
{
	struct topics_posted posted = {.payload = {.id = ++next_id, .text = text}};

	reply->payload.id = posted.payload.id;
	return topics_discussion_broadcast_posted(server, thread, sender, &posted, MSGC_TO_ALL);
}

static int say_work(struct topics_discussion_say_pending *pending)
{
	(void)pending;
	return MSGC_OK;
}

static int say_done(
        struct topics_discussion_say_pending *pending, struct topics_discussion *discussion)
{
	(void)discussion;
	return post(pending->server, pending->sender, pending->params.id, pending->in->payload.text,
	        &pending->reply);
}

static int say(struct topics_discussion *discussion, const struct topics_say *in,
        struct topics_said *reply)
{
	if (msgc_str_equal(in->payload.text, MSGC_STR("later")))
		return topics_discussion_say_later(discussion, say_work, say_done);
	if (msgc_str_equal(in->payload.text, MSGC_STR("out"))) {
		int result = topics_discussion_unsubscribe(discussion);

		if (result < 0)
			return result;
	}
	if (msgc_str_equal(in->payload.text, MSGC_STR("refuse")))
		return msgc_refuse(discussion->connection, "not that word");
	return post(discussion->server, discussion->sender, discussion->params.id, in->payload.text,
	        reply);
}

static int wave(struct topics_discussion *discussion, const struct topics_wave *in)
{
	const struct topics_waved waved = {.payload = in->payload};

	return topics_discussion_broadcast_waved(
	        discussion->server, discussion->params.id, discussion->sender, &waved, MSGC_TO_ALL);
}

static int cancel_discussion(struct topics_discussion *discussion, const struct topics_cancel *in,
        struct topics_cancelled *reply)
{
	(void)discussion;
	(void)in;
	reply->payload = MSGC_STR("a discussion");
	return MSGC_OK;
}

static int where(struct topics_discussion *discussion, const struct topics_where *in,
        struct topics_here *reply)
{
	(void)in;
	reply->payload = msgc_str_from(discussion->subscription ? "here" : "nowhere");
	return MSGC_OK;
}

static int archived(struct topics_discussion *discussion, const struct topics_archived *event,
        struct topics_closed *ret)
{
	(void)discussion;
	ret->payload.reason = event->payload.reason;
	return MSGC_OK;
}

/* -------------------------------------------------------------------------------------- runs and news */

static int may_see(
        void *app, struct msgc_lookup *lookup, const struct msgc_user *user, bool *ret_allowed)
{
	(void)app;
	(void)lookup;
	*ret_allowed = user->id.len > 0;
	return MSGC_OK;
}

static int run_subscribed(struct topics_run *run)
{
	following++;
	tell("+run:%.*s ", (int)run->params.part.len, run->params.part.ptr);
	return MSGC_OK;
}

static void run_unsubscribed(struct topics_run *run, uint16_t code)
{
	following--;
	tell("-run:%.*s(%u) ", (int)run->params.part.len, run->params.part.ptr, code);
}

static int cancel_run(
        struct topics_run *run, const struct topics_cancel *in, struct topics_cancelled *reply)
{
	(void)run;
	(void)in;
	reply->payload = MSGC_STR("a run");
	return MSGC_OK;
}

static int wave_run(struct topics_run *run, const struct topics_wave *in)
{
	const struct topics_waved waved = {.payload = in->payload};

	return topics_run_broadcast_waved(
	        run->server, run->params.id, run->params.part, run->sender, &waved, MSGC_TO_ALL);
}

static int shout(struct topics_news *news, const struct topics_shout *in)
{
	const struct topics_posted posted = {.payload = {.id = 1, .text = in->payload}};

	return topics_news_broadcast_posted(news->server, news->sender, &posted, MSGC_TO_ALL);
}

/* ---------------------------------------------------------------------------------------------- doors */

static int cancel_door(
        struct topics_door *door, const struct topics_cancel *in, struct topics_cancelled *reply)
{
	(void)door;
	(void)in;
	reply->payload = MSGC_STR("the door");
	return MSGC_OK;
}

/* Joins the desk and says something to it, or leaves it. */
static int shout_door(struct topics_door *door, const struct topics_shout *in)
{
	const struct topics_posted posted = {.payload = {.id = 1, .text = in->payload}};
	int result;

	if (msgc_str_equal(in->payload, MSGC_STR("leave")))
		return topics_door_leave_desk(door, 1);
	if (msgc_str_equal(in->payload, MSGC_STR("join")))
		return topics_door_join_desk(door, 1);
	result = topics_desk_broadcast_posted(door->server, 1, door->sender, &posted, MSGC_TO_ALL);
	return result;
}

static int find_session(
        void *app, struct msgc_lookup *lookup, struct msgc_str cookie, struct msgc_user *ret_user)
{
	(void)app;
	(void)lookup;
	ret_user->id = cookie;
	return MSGC_OK;
}

static int start_worker(void *app, unsigned worker)
{
	(void)app;
	(void)worker;
	return MSGC_OK;
}

static int door_connected(struct topics_door *door)
{
	(void)door;
	tell("+door ");
	return MSGC_OK;
}

static void door_disconnected(struct topics_door *door, uint16_t code)
{
	(void)door;
	tell("-door(%u) ", code);
}

void topics_serve(struct msgc_server *server, void *app)
{
	static const struct topics_discussion_handlers discussion = {
	        .load_thread = load_thread,
	        .release_thread = release_thread,
	        .is_admin = is_admin,
	        .is_welcome = is_welcome,
	        .subscribed = subscribed,
	        .unsubscribed = unsubscribed,
	        .say = say,
	        .wave = wave,
	        .cancel = cancel_discussion,
	        .where = where,
	        .event_archived = archived,
	};
	static const struct topics_run_handlers run = {
	        .may_see = may_see,
	        .subscribed = run_subscribed,
	        .unsubscribed = run_unsubscribed,
	        .cancel = cancel_run,
	        .wave = wave_run,
	};
	static const struct topics_news_handlers news = {.shout = shout};
	static const struct topics_log_handlers log;
	static const struct topics_door_handlers door = {
	        .connected = door_connected,
	        .disconnected = door_disconnected,
	        .cancel = cancel_door,
	        .shout = shout_door,
	};
	static const struct topics_desk_door_handlers desk;

	told[0] = '\0';
	the_server = server;
	msgc_server_use_sessions(server, "sid", find_session, NULL);
	msgc_server_on_worker(server, start_worker, NULL, NULL);
	topics_discussion_serve(server, &discussion, app);
	topics_run_serve(server, &run, app);
	topics_news_serve(server, &news, app);
	topics_log_serve(server, &log, app);
	topics_door_serve(server, &door, app);
	topics_desk_door_serve(server, &desk, app);
}

struct msgc_server *topics_make(int argc, char **argv, void *app)
{
	struct msgc_server *server = msgc_server_new(argc, argv);

	topics_serve(server, app);
	return server;
}
