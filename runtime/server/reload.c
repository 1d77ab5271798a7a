/* SPDX-License-Identifier: MIT */
/*
 * One reload from SIGHUP to the last worker: read on a pool thread, compared, then carried by letters. A configuration that is wrong
 * changes nothing. It must not know what a key means.
 */
#include "reload.h"

#include <stdlib.h>
#include <string.h>

#include "config_internal.h"
#include "container.h"
#include "notify.h"
#include "worker.h"

extern char **environ;

/* One worker's copy of the news. */
struct letter {
	struct msgc__mail mail;
	struct msgc__reload *reload;
};

struct msgc__reload {
	struct msgc__work work;
	struct msgc_server *server;
	struct msgc__reload *next; /* of those before: workers may still read them */
	struct msgc__config fresh; /* as read; owns the texts */
	struct msgc__config live;  /* what is in effect from now on */
	struct msgc__log_muted muted;
	struct msgc_setting *shadows; /* the program's keys, with targets that nobody looks at */
	int64_t *targets;
	struct msgc_buf changed, restart;
	int result, hooks_failed;
	unsigned letter_count;
	struct letter letters[];
};

static const struct msgc__config *now_of(const struct msgc_server *server)
{
	return server->reloads ? &server->reloads->live : &server->config;
}

/* ------------------------------------------------------------------------------------------- reading */

/* The program's own keys are read, so that they are known, but its variables are not touched behind its back. */
static int make_shadows(struct msgc__reload *reload)
{
	const struct msgc_server *server = reload->server;
	size_t count = server->setting_count;

	reload->shadows = calloc(count + 1, sizeof reload->shadows[0]);
	reload->targets = calloc(count + 1, sizeof reload->targets[0]);
	if (!reload->shadows || !reload->targets)
		return MSGC_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		reload->shadows[i] = server->settings[i];
		reload->shadows[i].target = &reload->targets[i];
	}
	return 0;
}

static int read_anew(struct msgc__reload *reload)
{
	struct msgc_server *server = reload->server;
	int result = make_shadows(reload);

	if (result == 0)
		result = msgc__config_load(&reload->fresh, server->argc, server->argv, environ,
		        reload->shadows, server->setting_count);
	if (result < 0)
		return result;
	if (reload->fresh.outcome == MSGC__CONFIG_WRONG)
		return MSGC_ECONFIG;
	result = msgc__config_merge(&server->config, now_of(server), &reload->fresh, &reload->live,
	        &reload->changed, &reload->restart);
	if (result < 0)
		return result;
	/* Old values of keys that cannot change stand beside new ones now: do they go together? */
	msgc__config_check(&reload->live);
	return reload->fresh.state->wrong ? MSGC_ECONFIG : 0;
}

/* On a pool thread. The program's hooks run in any case: they read files of their own. */
static void run(struct msgc__work *work)
{
	struct msgc__reload *reload = MSGC__CONTAINER_OF(work, struct msgc__reload, work);
	struct msgc_server *server = reload->server;

	reload->result = read_anew(reload);
	for (unsigned i = 0; i < server->reload_hook_count; i++) {
		const struct msgc__reload_hook *hook = &server->reload_hooks[i];
		int result = hook->reload(hook->app);

		if (result < 0)
			reload->hooks_failed = result;
	}
}

/* ------------------------------------------------------------------------------------------ applying */

static void tell(struct msgc__worker *worker, struct msgc__mail *mail)
{
	struct msgc__reload *reload = ((struct letter *)(void *)mail)->reload;
	const struct msgc__transport *transport = worker->server->transport;

	worker->config = &reload->live;
	if (transport->reload && worker->state == MSGC__WORKER_SERVING)
		transport->reload(worker->loop, &reload->live);
}

static void apply(struct msgc__reload *reload)
{
	struct msgc_server *server = reload->server;

	reload->muted = (struct msgc__log_muted){
	        reload->live.log_muted_actions.items, reload->live.log_muted_actions.count};
	atomic_store(&server->log.muted, &reload->muted);
	atomic_store(&server->log.level, (int)reload->live.log_level);
	for (unsigned i = 0; i < server->worker_count; i++) {
		reload->letters[i] = (struct letter){.mail.deliver = tell, .reload = reload};
		(void)msgc__worker_post(server->workers[i], &reload->letters[i].mail, false);
	}
}

static void free_reload(struct msgc__reload *reload)
{
	msgc_buf_free(&reload->changed);
	msgc_buf_free(&reload->restart);
	msgc__config_free(&reload->fresh);
	free(reload->shadows);
	free(reload->targets);
	free(reload);
}

static const char *list(struct msgc_buf *names)
{
	return names->len > 0 ? msgc_buf_c(names) : "-";
}

static void say(struct msgc__reload *reload)
{
	struct msgc_server *server = reload->server;

	if (reload->result == 0)
		msgc_log(server, MSGC_LOG_INFO, "config.reloaded", "changed=%s needs_restart=%s",
		        list(&reload->changed), list(&reload->restart));
	else
		msgc_log(server, MSGC_LOG_ERROR, "config.not_reloaded", "error=%s",
		        msgc_error_name(reload->result));
	if (reload->hooks_failed < 0)
		msgc_log(server, MSGC_LOG_ERROR, "reload.hook", "error=%s",
		        msgc_error_name(reload->hooks_failed));
}

/* Back on the first worker. */
static void done(struct msgc__worker *worker, struct msgc__work *work)
{
	struct msgc__reload *reload = MSGC__CONTAINER_OF(work, struct msgc__reload, work);
	struct msgc_server *server = worker->server;

	server->reload_busy = false;
	if (work->dropped || worker->state == MSGC__WORKER_STOPPED) {
		free_reload(reload);
		return;
	}
	if (reload->result == MSGC_ECONFIG)
		msgc__config_complaints(&reload->fresh, &server->log);
	say(reload);
	if (reload->result == 0) {
		reload->next = server->reloads;
		server->reloads = reload;
		apply(reload);
	} else {
		free_reload(reload);
	}
	msgc__notify_ready(server);
}

/* ------------------------------------------------------------------------------------------ beginning */

static void begin(struct msgc__worker *worker)
{
	struct msgc_server *server = worker->server;
	struct msgc__reload *reload =
	        calloc(1, sizeof *reload + server->worker_count * sizeof reload->letters[0]);

	if (!reload) {
		msgc_log(server, MSGC_LOG_ERROR, "config.not_reloaded", "error=MSGC_ENOMEM");
		return;
	}
	reload->server = server;
	reload->work.run = run;
	reload->work.done = done;
	reload->work.worker = worker;
	msgc__notify_reloading(server);
	if (msgc__pool_submit(server->pool, &reload->work) < 0) {
		msgc_log(server, MSGC_LOG_ERROR, "config.not_reloaded", "error=MSGC_EBUSY");
		msgc__notify_ready(server);
		free(reload);
		return;
	}
	server->reload_busy = true;
}

void msgc__reload_look(struct msgc__worker *worker)
{
	struct msgc_server *server = worker->server;

	if (worker->index != 0 || server->reload_busy ||
	        !atomic_load_explicit(&server->reload_wanted, memory_order_relaxed))
		return;
	atomic_store(&server->reload_wanted, false);
	begin(worker);
}

void msgc__reloads_free(struct msgc_server *server)
{
	while (server->reloads) {
		struct msgc__reload *reload = server->reloads;

		server->reloads = reload->next;
		free_reload(reload);
	}
}

void msgc_server_reload(struct msgc_server *server)
{
	atomic_fetch_add(&server->stoppers, 1);
	atomic_store(&server->reload_wanted, true);
	if (atomic_load(&server->started) && server->worker_count > 0)
		server->transport->wake(server->workers[0]->loop);
	atomic_fetch_sub(&server->stoppers, 1);
}

int msgc_server_on_reload(struct msgc_server *server, int (*reload)(void *app), void *app)
{
	unsigned kept = 0;

	if (!reload) {
		for (unsigned i = 0; i < server->reload_hook_count; i++) {
			if (server->reload_hooks[i].app != app)
				server->reload_hooks[kept++] = server->reload_hooks[i];
		}
		server->reload_hook_count = kept;
		return MSGC_OK;
	}
	if (server->reload_hook_count == MSGC__RELOAD_HOOKS_MAX)
		return msgc_server_fail(
		        server, "more than %d reload hooks", MSGC__RELOAD_HOOKS_MAX);
	server->reload_hooks[server->reload_hook_count++] = (struct msgc__reload_hook){reload, app};
	return MSGC_OK;
}
