/* SPDX-License-Identifier: MIT */
/*
 * Between the server and its backend, whichever that is: operations that fail, that begin later, and publications that are captured. It must not know what
 * a test has ordered, nor how anything is stored.
 */
#include <stdlib.h>
#include <string.h>

#include "../server/container.h"
#include "../server/worker.h"
#include "stand_in.h"

static struct msgc__test_stand_ins *of(const struct msgc__worker *worker)
{
	const struct msgc__backend_ops *ops = worker->server->backend->ops;

	return MSGC__CONTAINER_OF((void *)(uintptr_t)ops, struct msgc__test_stand_ins, ops);
}

enum { TEXTS = 3 };

struct asked;

/* An operation of the backend's. */
struct operation {
	const char *name;
	int (*ask)(const struct msgc__backend_ops *real, struct asked *asked);
	void (*fail)(struct asked *asked,
	        int result); /* the answer of one that began late and did not */
};

/* One that is asked for. */
struct asked {
	const struct operation *what;
	struct msgc__backend *backend;
	struct msgc__worker *worker;
	struct msgc_str text[TEXTS];           /* a group or a key first */
	struct msgc__publication *publication; /* counted while it waits; or NULL */
	const struct msgc_history *history;    /* a group's, which stays */
	struct msgc__position after;
	struct msgc__attendee who; /* its strings are texts */
	struct msgc__roster_policy policy;
	bool has_policy;
	size_t most;
	enum msgc__put_mode mode;
	int64_t step, ms;
	union {
		msgc__published_fn *published;
		msgc__done_fn *done;
		msgc__value_fn *value;
		msgc__count_fn *count;
		msgc__read_fn *read;
		msgc__roster_fn *roster;
		msgc__changes_fn *changes;
		msgc__departed_fn *departed;
	} answer;
	void *arg;
	char bytes[]; /* the texts' of one that waits */
};

static void drop(void *arg)
{
	struct asked *asked = arg;

	if (asked->publication)
		msgc__publication_unref(asked->publication);
	free(asked);
}

static void begin(void *arg)
{
	struct asked *asked = arg;
	int result = asked->what->ask(of(asked->worker)->real_ops, asked);

	if (result < 0)
		asked->what->fail(asked, result);
	drop(asked);
}

static struct asked *copy_of(const struct asked *asked)
{
	size_t len = 0;
	struct asked *copy;

	for (unsigned i = 0; i < TEXTS; i++)
		len += asked->text[i].len;
	copy = malloc(sizeof(*copy) + len);
	if (!copy)
		return NULL;
	*copy = *asked;
	len = 0;
	for (unsigned i = 0; i < TEXTS; i++) {
		const struct msgc_str *text = &asked->text[i];

		if (text->len > 0)
			memcpy(copy->bytes + len, text->ptr, text->len);
		copy->text[i] = msgc_str_of(copy->bytes + len, text->len);
		len += text->len;
	}
	return copy;
}

static int wait(const struct asked *asked, int64_t ms)
{
	struct asked *copy = copy_of(asked);

	if (!copy)
		return MSGC_ENOMEM;
	if (copy->publication)
		msgc__publication_ref(copy->publication);
	if (msgc__test_after(asked->worker->server, ms, begin, drop, copy))
		return 0;
	drop(copy);
	return MSGC_ENOMEM;
}

/* Now, later or not at all, as the test has said. */
static int ask(struct asked *asked)
{
	struct msgc__test_stand_ins *all = of(asked->worker);
	struct msgc__test_order order =
	        msgc__test_called(all, "backend", asked->what->name, NULL, NULL);

	if (order.result < 0)
		return order.result;
	if (asked->publication && msgc__test_capture(all, asked->publication)) {
		static const struct msgc__position none;

		asked->answer.published(asked->arg, 0, &none);
		return 0;
	}
	return order.delay_ms > 0 ? wait(asked, order.delay_ms)
	                          : asked->what->ask(all->real_ops, asked);
}

/* `first`: a group or a key; what else is asked, and the answer, are the caller's to fill in. */
static struct asked about(const struct operation *what, struct msgc__backend *backend,
        struct msgc__worker *worker, struct msgc_str first, void *arg)
{
	return (struct asked){
	        .what = what, .backend = backend, .worker = worker, .text = {first}, .arg = arg};
}

static const struct msgc__roster_policy *policy_of(const struct asked *asked)
{
	return asked->has_policy ? &asked->policy : NULL;
}

static void set_policy(struct asked *asked, const struct msgc__roster_policy *policy)
{
	asked->has_policy = policy != NULL;
	if (policy)
		asked->policy = *policy;
}

/* ---- answers of what did not begin */

static void fail_published(struct asked *asked, int result)
{
	static const struct msgc__position none;

	asked->answer.published(asked->arg, result, &none);
}

static void fail_done(struct asked *asked, int result)
{
	asked->answer.done(asked->arg, result);
}

static void fail_value(struct asked *asked, int result)
{
	asked->answer.value(asked->arg, result, (struct msgc_bytes){NULL, 0});
}

static void fail_count(struct asked *asked, int result)
{
	asked->answer.count(asked->arg, result, 0);
}

static void fail_read(struct asked *asked, int result)
{
	static const struct msgc__page none;

	asked->answer.read(asked->arg, result, &none);
}

static void fail_roster(struct asked *asked, int result)
{
	static const struct msgc__roster none = {.due_ms = -1};

	asked->answer.roster(asked->arg, result, &none);
}

static void fail_changes(struct asked *asked, int result)
{
	static const struct msgc__changes none = {.due_ms = -1};

	asked->answer.changes(asked->arg, result, &none);
}

static void fail_departed(struct asked *asked, int result)
{
	asked->answer.departed(asked->arg, result, -1);
}

/* ---- groups and streams */

static int ask_publish(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->publish(a->backend, a->worker, a->publication, a->answer.published, a->arg);
}

static const struct operation publish_operation = {"publish", ask_publish, fail_published};

static int publish(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc__publication *publication, msgc__published_fn *done, void *arg)
{
	struct asked asked = about(&publish_operation, backend, worker, msgc_str_of("", 0), arg);

	asked.publication = publication;
	asked.answer.published = done;
	return ask(&asked);
}

static int ask_join(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->join(a->backend, a->worker, a->text[0], a->answer.done, a->arg);
}

static const struct operation join_operation = {"join", ask_join, fail_done};

static int ask_leave(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->leave(a->backend, a->worker, a->text[0], a->answer.done, a->arg);
}

static const struct operation leave_operation = {"leave", ask_leave, fail_done};

static int join(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	struct asked asked = about(&join_operation, backend, worker, group, arg);

	asked.answer.done = done;
	return ask(&asked);
}

static int leave(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        msgc__done_fn *done, void *arg)
{
	struct asked asked = about(&leave_operation, backend, worker, group, arg);

	asked.answer.done = done;
	return ask(&asked);
}

static int ask_read(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->read(a->backend, a->worker, a->text[0], a->history, &a->after, a->most,
	        a->answer.read, a->arg);
}

static const struct operation read_operation = {"read", ask_read, fail_read};

static int read_stream(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc_history *history,
        const struct msgc__position *after, size_t max_bytes, msgc__read_fn *done, void *arg)
{
	struct asked asked = about(&read_operation, backend, worker, group, arg);

	asked.history = history;
	asked.after = *after;
	asked.most = max_bytes;
	asked.answer.read = done;
	return ask(&asked);
}

/* ---- rosters */

static struct asked of_attendee(const struct operation *what, struct msgc__backend *backend,
        struct msgc__worker *worker, struct msgc_str group, const struct msgc__attendee *who,
        const struct msgc__roster_policy *policy, void *arg)
{
	struct asked asked = about(what, backend, worker, group, arg);

	asked.who = *who;
	asked.text[1] = who->id;
	asked.text[2] = who->info;
	set_policy(&asked, policy);
	return asked;
}

static const struct msgc__attendee *attendee_of(struct asked *a)
{
	a->who.id = a->text[1];
	a->who.info = a->text[2];
	return &a->who;
}

static int ask_attend(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->attend(a->backend, a->worker, a->text[0], attendee_of(a), policy_of(a),
	        a->answer.roster, a->arg);
}

static const struct operation attend_operation = {"attend", ask_attend, fail_roster};

static int attend(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        const struct msgc__attendee *who, const struct msgc__roster_policy *policy,
        msgc__roster_fn *done, void *arg)
{
	struct asked asked =
	        of_attendee(&attend_operation, backend, worker, group, who, policy, arg);

	asked.answer.roster = done;
	return ask(&asked);
}

static int ask_depart(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->depart(a->backend, a->worker, a->text[0], attendee_of(a), a->ms, policy_of(a),
	        a->answer.departed, a->arg);
}

static const struct operation depart_operation = {"depart", ask_depart, fail_departed};

static int depart(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str group,
        const struct msgc__attendee *who, int64_t linger_ms,
        const struct msgc__roster_policy *policy, msgc__departed_fn *done, void *arg)
{
	struct asked asked =
	        of_attendee(&depart_operation, backend, worker, group, who, policy, arg);

	asked.text[2] = msgc_str_of("", 0); /* what was shown is of no use now, and may be gone */
	asked.ms = linger_ms;
	asked.answer.departed = done;
	return ask(&asked);
}

static int ask_roster(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->roster(
	        a->backend, a->worker, a->text[0], policy_of(a), a->most, a->answer.roster, a->arg);
}

static const struct operation roster_operation = {"roster", ask_roster, fail_roster};

static int read_roster(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc__roster_policy *policy, size_t most,
        msgc__roster_fn *done, void *arg)
{
	struct asked asked = about(&roster_operation, backend, worker, group, arg);

	asked.most = most;
	asked.answer.roster = done;
	set_policy(&asked, policy);
	return ask(&asked);
}

static int ask_changes(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->changes(
	        a->backend, a->worker, a->text[0], policy_of(a), a->answer.changes, a->arg);
}

static const struct operation changes_operation = {"changes", ask_changes, fail_changes};

static int changes(struct msgc__backend *backend, struct msgc__worker *worker,
        struct msgc_str group, const struct msgc__roster_policy *policy, msgc__changes_fn *done,
        void *arg)
{
	struct asked asked = about(&changes_operation, backend, worker, group, arg);

	asked.answer.changes = done;
	set_policy(&asked, policy);
	return ask(&asked);
}

/* ---- keys */

static int ask_put(const struct msgc__backend_ops *real, struct asked *a)
{
	const struct msgc_bytes value = {(const uint8_t *)a->text[1].ptr, a->text[1].len};

	return real->put(
	        a->backend, a->worker, a->text[0], value, a->ms, a->mode, a->answer.done, a->arg);
}

static const struct operation put_operation = {"put", ask_put, fail_done};

static int put(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        struct msgc_bytes value, int64_t ttl_ms, enum msgc__put_mode mode, msgc__done_fn *done,
        void *arg)
{
	struct asked asked = about(&put_operation, backend, worker, key, arg);

	asked.text[1] = msgc_str_of((const char *)value.ptr, value.len);
	asked.ms = ttl_ms;
	asked.mode = mode;
	asked.answer.done = done;
	return ask(&asked);
}

static int ask_get(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->get(a->backend, a->worker, a->text[0], a->answer.value, a->arg);
}

static const struct operation get_operation = {"get", ask_get, fail_value};

static int ask_take(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->take(a->backend, a->worker, a->text[0], a->answer.value, a->arg);
}

static const struct operation take_operation = {"take", ask_take, fail_value};

static int get(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	struct asked asked = about(&get_operation, backend, worker, key, arg);

	asked.answer.value = done;
	return ask(&asked);
}

static int take(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        msgc__value_fn *done, void *arg)
{
	struct asked asked = about(&take_operation, backend, worker, key, arg);

	asked.answer.value = done;
	return ask(&asked);
}

static int ask_count(const struct msgc__backend_ops *real, struct asked *a)
{
	return real->count(
	        a->backend, a->worker, a->text[0], a->step, a->ms, a->answer.count, a->arg);
}

static const struct operation count_operation = {"count", ask_count, fail_count};

static int count(struct msgc__backend *backend, struct msgc__worker *worker, struct msgc_str key,
        int64_t step, int64_t ttl_ms, msgc__count_fn *done, void *arg)
{
	struct asked asked = about(&count_operation, backend, worker, key, arg);

	asked.step = step;
	asked.ms = ttl_ms;
	asked.answer.count = done;
	return ask(&asked);
}

void msgc__test_store_put(struct msgc__test_stand_ins *all)
{
	struct msgc__backend *backend = all->test->server->backend;

	all->real_ops = backend->ops;
	all->ops = *backend->ops;
	all->ops.publish = publish;
	all->ops.join = join;
	all->ops.leave = leave;
	all->ops.read = read_stream;
	all->ops.attend = attend;
	all->ops.depart = depart;
	all->ops.roster = read_roster;
	all->ops.changes = changes;
	all->ops.put = put;
	all->ops.get = get;
	all->ops.take = take;
	all->ops.count = count;
	backend->ops = &all->ops;
}
