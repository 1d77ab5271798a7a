/* SPDX-License-Identifier: MIT */
/*
 * The counters of all workers, added up and written as Prometheus reads them: text format 0.0.4, names by its conventions, one block a
 * family. It must not know where things are counted.
 */
#include "metrics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "connection.h"
#include "worker.h"

struct scrape {
	struct msgc_server *server;
	struct msgc_buf *out;
};

struct family {
	const char *name, *type, *help;
	void (*write)(struct scrape *scrape, const struct family *family);
	size_t at; /* in struct msgc__metrics, or in struct msgc__consumer_metrics */
	const char *label;
	const char *const *words; /* its values */
	size_t count;
};

static const char *const told_words[MSGC__TOLD_KINDS] = {"invalid", "too_large", "rate_limited",
        "refused", "busy", "conflict", "not_stored", "unknown_topic", "unauthorized",
        "not_subscribed", "lost", "handler_failed"};
static const char *const entry_words[MSGC__ENTRY_RESULTS] = {
        "ok", "unauthenticated", "forbidden", "not_found", "failed", "timeout"};
static const char *const question_words[MSGC__QUESTION_RESULTS] = {
        "answered", "timeout", "invalid", "gone", "dropped", "full"};
static const char *const proof_words[MSGC__PROOF_RESULTS] = {"ok", "refused", "failed"};
static const char *const auth_words[MSGC__AUTH_KINDS] = {
        "session", "jwt", "ticket", "basic", "anonymous"};
static const char *const scope_words[MSGC__SCOPES] = {
        "connection", "action", "topic", "user", "address"};
static const char *const publisher_words[MSGC__PUBLISHERS] = {"handler", "task", "thread", "admin"};
static const char *const published_words[MSGC__PUBLISHED_KINDS] = {"message", "event"};
static const char *const whole_words[] = {"no", "yes"};
static const char *const telling_words[MSGC__TELLINGS] = {"diff", "list", "count", "state"};
static const char *const subscribe_words[] = {
        "ok", "unknown_topic", "unauthorized", "too_many", "failed"};
static const char *const shortage_words[MSGC__SHORTAGES] = {
        "connection", "handshake", "lookup", "http"};

/* ------------------------------------------------------------------------------------------- summing up */

static uint64_t of_workers(const struct scrape *scrape, size_t at)
{
	const struct msgc_server *server = scrape->server;
	uint64_t sum = 0;

	for (unsigned i = 0; i < server->worker_count; i++)
		sum += msgc__counter_get((const struct msgc__counter *)(const void
		                *)((const char *)&server->workers[i]->metrics + at));
	return sum;
}

static uint64_t of_consumer(const struct scrape *scrape, size_t consumer, size_t at)
{
	const struct msgc_server *server = scrape->server;
	uint64_t sum = 0;

	for (unsigned i = 0; i < server->worker_count; i++) {
		const struct msgc__consumer_metrics *metrics =
		        &server->workers[i]->metrics.consumers[consumer];

		sum += msgc__counter_get(
		        (const struct msgc__counter *)(const void *)((const char *)metrics + at));
	}
	return sum;
}

/* ----------------------------------------------------------------------------------------------- text */

static void write_escaped(struct msgc_buf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\n')
			msgc_buf_append_str(out, "\\n");
		else if (*text == '\\' || *text == '"')
			msgc_buf_printf(out, "\\%c", *text);
		else
			msgc_buf_append_char(out, *text);
	}
}

static void write_label(struct msgc_buf *out, char before, const char *name, const char *value)
{
	msgc_buf_append_char(out, before);
	msgc_buf_append_str(out, name);
	msgc_buf_append_str(out, "=\"");
	write_escaped(out, value);
	msgc_buf_append_char(out, '"');
}

static void write_value(struct msgc_buf *out, uint64_t value)
{
	msgc_buf_printf(out, " %" PRIu64 "\n", value);
}

/* Name and the labels that say which consumer; the brace stays open. */
static void begin_of_consumer(
        const struct scrape *scrape, const char *name, const char *suffix, size_t consumer)
{
	const struct msgc_consumer *table = scrape->server->served[consumer]->consumer;

	msgc_buf_append_str(scrape->out, name);
	msgc_buf_append_str(scrape->out, suffix);
	write_label(scrape->out, '{', "contract", table->contract);
	write_label(scrape->out, ',', "consumer", table->name);
}

static void end(const struct scrape *scrape, uint64_t value)
{
	msgc_buf_append_char(scrape->out, '}');
	write_value(scrape->out, value);
}

/* ------------------------------------------------------------------------------ shapes of families */

static void one(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, of_workers(scrape, family->at));
}

static void kept(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out,
	        of_workers(scrape, family->at) +
	                msgc__counter_get(&scrape->server->shared_metrics.kept));
}

static void store_failures(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, msgc__counter_get(&scrape->server->shared_metrics.store_failures));
}

static void largest(struct scrape *scrape, const struct family *family)
{
	const struct msgc_server *server = scrape->server;
	uint64_t most = 0;

	for (unsigned i = 0; i < server->worker_count; i++) {
		uint64_t here = msgc__counter_get(&server->workers[i]->metrics.outbox_most);

		most = here > most ? here : most;
	}
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, most);
}

static void by_word(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < family->count; i++) {
		msgc_buf_append_str(scrape->out, family->name);
		write_label(scrape->out, '{', family->label, family->words[i]);
		end(scrape, of_workers(scrape, family->at + i * sizeof(struct msgc__counter)));
	}
}

/* Statuses that have not occurred are left out. */
static void by_status(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < MSGC__HTTP_STATUSES; i++) {
		uint64_t value = of_workers(scrape, family->at + i * sizeof(struct msgc__counter));
		char code[16] = "other";

		if (value == 0)
			continue;
		if (msgc__metrics_statuses[i] != 0)
			snprintf(code, sizeof code, "%d", msgc__metrics_statuses[i]);
		msgc_buf_append_str(scrape->out, family->name);
		write_label(scrape->out, '{', "code", code);
		end(scrape, value);
	}
}

static void by_publisher(struct scrape *scrape, const struct family *family)
{
	for (size_t by = 0; by < MSGC__PUBLISHERS; by++) {
		for (size_t kind = 0; kind < MSGC__PUBLISHED_KINDS; kind++) {
			size_t at =
			        (by * MSGC__PUBLISHED_KINDS + kind) * sizeof(struct msgc__counter);

			msgc_buf_append_str(scrape->out, family->name);
			write_label(scrape->out, '{', "source", publisher_words[by]);
			write_label(scrape->out, ',', "kind", published_words[kind]);
			end(scrape,
			        of_workers(scrape, family->at + at) +
			                msgc__counter_get(&scrape->server->shared_metrics
			                                           .published[by][kind]));
		}
	}
}

static void by_consumer(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < scrape->server->served_count; i++) {
		begin_of_consumer(scrape, family->name, "", i);
		end(scrape, of_consumer(scrape, i, family->at));
	}
}

static void by_consumer_and_word(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < scrape->server->served_count; i++) {
		for (size_t k = 0; k < family->count; k++) {
			begin_of_consumer(scrape, family->name, "", i);
			write_label(scrape->out, ',', family->label, family->words[k]);
			end(scrape,
			        of_consumer(
			                scrape, i, family->at + k * sizeof(struct msgc__counter)));
		}
	}
}

static void dropped(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < scrape->server->served_count; i++) {
		begin_of_consumer(scrape, family->name, "", i);
		write_label(scrape->out, ',', "policy", "drop-oldest");
		end(scrape,
		        of_consumer(scrape, i,
		                offsetof(struct msgc__consumer_metrics, dropped_oldest)));
		begin_of_consumer(scrape, family->name, "", i);
		write_label(scrape->out, ',', "policy", "drop-new");
		end(scrape,
		        of_consumer(
		                scrape, i, offsetof(struct msgc__consumer_metrics, dropped_new)));
	}
}

static void open_now(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < scrape->server->served_count; i++) {
		uint64_t opened = 0, closed = 0;

		for (size_t k = 0; k < MSGC__CLOSE_CODES; k++)
			closed += of_consumer(scrape, i,
			        offsetof(struct msgc__consumer_metrics, closed) +
			                k * sizeof(struct msgc__counter));
		opened = of_consumer(scrape, i, offsetof(struct msgc__consumer_metrics, opened));
		begin_of_consumer(scrape, family->name, "", i);
		end(scrape, opened > closed ? opened - closed : 0);
	}
}

static void by_close_code(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < scrape->server->served_count; i++) {
		for (size_t k = 0; k < MSGC__CLOSE_CODES; k++) {
			uint64_t value = of_consumer(
			        scrape, i, family->at + k * sizeof(struct msgc__counter));
			char code[16] = "other";

			if (value == 0)
				continue;
			if (msgc__metrics_closes[k] != 0)
				snprintf(code, sizeof code, "%u", msgc__metrics_closes[k]);
			begin_of_consumer(scrape, family->name, "", i);
			write_label(scrape->out, ',', "code", code);
			end(scrape, value);
		}
	}
}

static void by_proof(struct scrape *scrape, const struct family *family)
{
	for (size_t i = 0; i < scrape->server->served_count; i++) {
		const struct msgc_consumer *consumer = scrape->server->served[i]->consumer;

		for (size_t k = 0; k < consumer->auth_count; k++) {
			size_t kind = consumer->auth[k];

			for (size_t r = 0; r < MSGC__PROOF_RESULTS; r++) {
				begin_of_consumer(scrape, family->name, "", i);
				write_label(scrape->out, ',', "kind", auth_words[kind]);
				write_label(scrape->out, ',', "result", proof_words[r]);
				end(scrape,
				        of_consumer(scrape, i,
				                family->at +
				                        (kind * MSGC__PROOF_RESULTS + r) *
				                                sizeof(struct msgc__counter)));
			}
		}
	}
}

/* ------------------------------------------------------------------------------ by action and handler */

static void name_of_message(char *out, size_t size, const struct msgc_message *message)
{
	snprintf(out, size, "%s", message->name);
}

static void by_action(struct scrape *scrape, const struct family *family)
{
	const struct msgc_server *server = scrape->server;
	char name[256];

	for (size_t i = 0; i < server->served_count; i++) {
		const struct msgc_consumer *consumer = server->served[i]->consumer;

		for (size_t k = 0; k < consumer->action_count; k++) {
			uint64_t sum = 0;

			for (unsigned w = 0; w < server->worker_count; w++)
				sum += msgc__counter_get(
				        &server->workers[w]->metrics.consumers[i].received[k]);
			name_of_message(name, sizeof name, consumer->actions[k].message);
			begin_of_consumer(scrape, family->name, "", i);
			write_label(scrape->out, ',', "action", name);
			end(scrape, sum);
		}
	}
}

struct handler {
	size_t consumer, at;
	const char *kind;
	char name[256];
};

static void begin_of_handler(const struct scrape *scrape, const struct family *family,
        const char *suffix, const struct handler *handler)
{
	begin_of_consumer(scrape, family->name, suffix, handler->consumer);
	write_label(scrape->out, ',', "kind", handler->kind);
	write_label(scrape->out, ',', "handler", handler->name);
}

/* Handlers that have not run yet are left out: a contract may have hundreds. */
static void write_histogram(
        struct scrape *scrape, const struct family *family, const struct handler *handler)
{
	const struct msgc_server *server = scrape->server;
	uint64_t within[MSGC__DURATIONS + 1] = {0}, nanoseconds = 0, sum = 0;

	for (unsigned w = 0; w < server->worker_count; w++) {
		const struct msgc__handler_metrics *metrics =
		        &server->workers[w]
		                 ->metrics.consumers[handler->consumer]
		                 .handlers[handler->at];

		for (size_t i = 0; i <= MSGC__DURATIONS; i++) {
			uint64_t more = msgc__counter_get(&metrics->within[i]);

			within[i] += more;
			sum += more;
		}
		nanoseconds += msgc__counter_get(&metrics->nanoseconds);
	}
	if (sum == 0)
		return;
	sum = 0;
	for (size_t i = 0; i <= MSGC__DURATIONS; i++) {
		sum += within[i];
		begin_of_handler(scrape, family, "_bucket", handler);
		write_label(scrape->out, ',', "le",
		        i < MSGC__DURATIONS ? msgc__metrics_bounds[i] : "+Inf");
		end(scrape, sum);
	}
	begin_of_handler(scrape, family, "_sum", handler);
	msgc_buf_printf(scrape->out, "} %" PRIu64 ".%09" PRIu64 "\n", nanoseconds / 1000000000,
	        nanoseconds % 1000000000);
	begin_of_handler(scrape, family, "_count", handler);
	end(scrape, sum);
}

static void by_handler(struct scrape *scrape, const struct family *family)
{
	static const char *const hooks[2][2] = {
	        {"connected", "disconnected"}, {"subscribed", "unsubscribed"}};

	for (size_t i = 0; i < scrape->server->served_count; i++) {
		const struct msgc_consumer *consumer = scrape->server->served[i]->consumer;
		struct handler handler = {.consumer = i, .kind = "action"};

		for (size_t k = 0; k < consumer->action_count; k++, handler.at++) {
			name_of_message(
			        handler.name, sizeof handler.name, consumer->actions[k].message);
			write_histogram(scrape, family, &handler);
		}
		handler.kind = "event";
		for (size_t k = 0; k < consumer->event_count; k++, handler.at++) {
			name_of_message(
			        handler.name, sizeof handler.name, consumer->events[k].message);
			write_histogram(scrape, family, &handler);
		}
		handler.kind = "hook";
		for (size_t k = 0; k < 2; k++, handler.at++) {
			snprintf(handler.name, sizeof handler.name, "%s",
			        hooks[consumer->topic != NULL][k]);
			write_histogram(scrape, family, &handler);
		}
		handler.kind = "answer";
		for (size_t k = 0; k < consumer->ask_count; k++, handler.at++) {
			name_of_message(
			        handler.name, sizeof handler.name, consumer->asks[k].question);
			write_histogram(scrape, family, &handler);
		}
	}
}

/* --------------------------------------------------------------------------------- pool, mail, process */

static void pool_value(struct scrape *scrape, const struct family *family)
{
	struct msgc__pool_state state;

	msgc__pool_look(scrape->server->pool, &state);
	msgc_buf_append_str(scrape->out, family->name);
	write_value(
	        scrape->out, *(const uint64_t *)(const void *)((const char *)&state + family->at));
}

static void mail_waiting(struct scrape *scrape, const struct family *family)
{
	for (unsigned i = 0; i < scrape->server->worker_count; i++) {
		struct msgc__mailbox *mailbox = &scrape->server->workers[i]->mailbox;
		uint64_t refused;
		size_t waiting = msgc__mailbox_look(mailbox, &refused);
		char worker[16];

		snprintf(worker, sizeof worker, "%u", i);
		msgc_buf_append_str(scrape->out, family->name);
		write_label(scrape->out, '{', "worker", worker);
		end(scrape, family->at ? refused : waiting);
	}
}

static void exchanges(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, atomic_load(&scrape->server->http.exchanges));
}

static void build(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_label(scrape->out, '{', "version", MSGC_VERSION);
	end(scrape, 1);
}

static void workers(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, scrape->server->worker_count);
}

static void draining(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, atomic_load(&scrape->server->stopping));
}

static void started(struct scrape *scrape, const struct family *family)
{
	msgc_buf_append_str(scrape->out, family->name);
	write_value(scrape->out, (uint64_t)scrape->server->started_at);
}

static void cpu(struct scrape *scrape, const struct family *family)
{
	struct rusage usage;
	int64_t us;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return;
	us = (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
	        usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
	msgc_buf_printf(scrape->out, "%s %" PRId64 ".%06" PRId64 "\n", family->name, us / 1000000,
	        us % 1000000);
}

static void resident(struct scrape *scrape, const struct family *family)
{
	FILE *file = fopen("/proc/self/statm", "re");
	unsigned long long all, pages;

	if (!file)
		return;
	if (fscanf(file, "%llu %llu", &all, &pages) == 2) {
		msgc_buf_append_str(scrape->out, family->name);
		write_value(scrape->out, pages * (uint64_t)sysconf(_SC_PAGESIZE));
	}
	fclose(file);
}

/* ----------------------------------------------------------------------------------------------- table */

#define OF_WORKER(member)   offsetof(struct msgc__metrics, member)
#define OF_CONSUMER(member) offsetof(struct msgc__consumer_metrics, member)
#define OF_POOL(member)     offsetof(struct msgc__pool_state, member)
#define WORDS(label, words) label, words, sizeof(words) / sizeof((words)[0])

/* clang-format off */
static const struct family families[] = {
	{"msgc_build_info", "gauge", "Version of msgc; always 1.", build, 0, NULL, NULL, 0},
	{"msgc_workers", "gauge", "Worker threads.", workers, 0, NULL, NULL, 0},
	{"msgc_draining", "gauge", "1 while the server finishes what it has and accepts nothing.", draining, 0, NULL, NULL, 0},
	{"msgc_connections", "gauge", "Open WebSockets.", open_now, 0, NULL, NULL, 0},
	{"msgc_connections_opened_total", "counter", "WebSockets opened.", by_consumer, OF_CONSUMER(opened), NULL, NULL, 0},
	{"msgc_connections_closed_total", "counter", "WebSockets ended, by close code; 1006: without a CLOSE frame.", by_close_code, OF_CONSUMER(closed), NULL, NULL, 0},
	{"msgc_handshakes_refused_total", "counter", "WebSocket handshakes refused, by HTTP status.", by_status, OF_WORKER(handshakes_refused), NULL, NULL, 0},
	{"msgc_credentials_total", "counter", "Credentials looked at, by kind.", by_proof, OF_CONSUMER(proofs), NULL, NULL, 0},
	{"msgc_authentications_total", "counter", "Connections that came in or were refused, permission included.", by_consumer_and_word, OF_CONSUMER(entries), WORDS("result", entry_words)},
	{"msgc_frames_received_total", "counter", "Text frames from clients, whole messages.", by_consumer, OF_CONSUMER(frames_in), NULL, NULL, 0},
	{"msgc_received_bytes_total", "counter", "Bytes of those frames' payloads.", by_consumer, OF_CONSUMER(bytes_in), NULL, NULL, 0},
	{"msgc_messages_received_total", "counter", "Frames whose action is one of the contract's.", by_action, 0, NULL, NULL, 0},
	{"msgc_frames_sent_total", "counter", "Frames put into clients' outboxes.", by_consumer, OF_CONSUMER(frames_out), NULL, NULL, 0},
	{"msgc_sent_bytes_total", "counter", "Bytes written to clients, frame heads included.", by_consumer, OF_CONSUMER(bytes_out), NULL, NULL, 0},
	{"msgc_deflated_frames_sent_total", "counter", "Frames put into clients' outboxes deflated; those of a group count for each member.", by_consumer, OF_CONSUMER(frames_deflated), NULL, NULL, 0},
	{"msgc_deflated_messages_total", "counter", "Messages deflated: a group's once for all members.", by_consumer, OF_CONSUMER(deflated), NULL, NULL, 0},
	{"msgc_deflated_from_bytes_total", "counter", "Bytes of those messages before.", by_consumer, OF_CONSUMER(deflated_from), NULL, NULL, 0},
	{"msgc_deflated_to_bytes_total", "counter", "Bytes of those messages after.", by_consumer, OF_CONSUMER(deflated_to), NULL, NULL, 0},
	{"msgc_inflated_messages_total", "counter", "Messages from clients that came deflated.", by_consumer, OF_CONSUMER(inflated), NULL, NULL, 0},
	{"msgc_inflated_from_bytes_total", "counter", "Bytes of those messages as they came.", by_consumer, OF_CONSUMER(inflated_from), NULL, NULL, 0},
	{"msgc_inflated_to_bytes_total", "counter", "Bytes of those messages inflated.", by_consumer, OF_CONSUMER(inflated_to), NULL, NULL, 0},
	{"msgc_errors_told_total", "counter", "Error frames, by reason; invalid: the frame broke the contract.", by_consumer_and_word, OF_CONSUMER(told), WORDS("reason", told_words)},
	{"msgc_rate_limited_total", "counter", "Frames refused by a rate, by what the rate counts.", by_consumer_and_word, OF_CONSUMER(limited), WORDS("scope", scope_words)},
	{"msgc_handler_duration_seconds", "histogram", "From the call of a handler until its effects have left, waiting included.", by_handler, 0, NULL, NULL, 0},
	{"msgc_questions_total", "counter", "Questions to clients, by what came of them.", by_consumer_and_word, OF_CONSUMER(questions), WORDS("result", question_words)},
	{"msgc_questions_pending", "gauge", "Questions that clients have not answered yet.", one, OF_WORKER(questions), NULL, NULL, 0},
	{"msgc_stray_answers_total", "counter", "Answers to what was not asked, or not any more.", by_consumer, OF_CONSUMER(stray_answers), NULL, NULL, 0},
	{"msgc_outbox_bytes", "gauge", "Output that waits for clients to read.", one, OF_WORKER(outbox_bytes), NULL, NULL, 0},
	{"msgc_outbox_high_water_bytes", "gauge", "The most that has waited for one client.", largest, 0, NULL, NULL, 0},
	{"msgc_slow_readers_closed_total", "counter", "Clients sent away because their outbox was full.", by_consumer, OF_CONSUMER(slow_readers), NULL, NULL, 0},
	{"msgc_outbox_dropped_total", "counter", "Group messages that slow readers did not get, by policy.", dropped, 0, NULL, NULL, 0},
	{"msgc_groups", "gauge", "Groups with members, counted once for each worker that has some.", one, OF_WORKER(groups), NULL, NULL, 0},
	{"msgc_memberships", "gauge", "Members of all groups.", one, OF_WORKER(memberships), NULL, NULL, 0},
	{"msgc_subscriptions", "gauge", "Topics that clients follow, counted for each client.", one, OF_WORKER(subscriptions), NULL, NULL, 0},
	{"msgc_subscribes_total", "counter", "Wishes to follow a topic, by what became of them.", by_word, OF_WORKER(subscribes), WORDS("result", subscribe_words)},
	{"msgc_publications_total", "counter", "Messages and events published to groups, by where they came from.", by_publisher, OF_WORKER(published), NULL, NULL, 0},
	{"msgc_deliveries_total", "counter", "Group messages and events handed to members.", one, OF_WORKER(delivered), NULL, NULL, 0},
	{"msgc_repeated_sends_total", "counter", "Frames whose message_id had been dealt with: the first answer was given again.", one, OF_WORKER(repeated), NULL, NULL, 0},
	{"msgc_stream_messages_total", "counter", "Publications that were numbered and kept in a history.", kept, OF_WORKER(kept), NULL, NULL, 0},
	{"msgc_store_failures_total", "counter", "Times that the file on disk could not be written or read: locked, full, damaged.", store_failures, 0, NULL, NULL, 0},
	{"msgc_recoveries_total", "counter", "Clients that came back with a position, by whether all that they had missed was there.", by_word, OF_WORKER(recoveries), WORDS("whole", whole_words)},
	{"msgc_recovered_messages_total", "counter", "Messages that were read from histories for them.", one, OF_WORKER(recovered_messages), NULL, NULL, 0},
	{"msgc_presence_connections", "gauge", "Connections that are present in groups, counted once for each group.", one, OF_WORKER(roster_seats), NULL, NULL, 0},
	{"msgc_presence_tellings_total", "counter", "What was told of who is present: a diff, a list or a count to a group, the state to one who came.", by_word, OF_WORKER(roster_tellings), WORDS("what", telling_words)},
	{"msgc_presence_returns_total", "counter", "Users who came back before it was told that they had gone.", one, OF_WORKER(roster_returns), NULL, NULL, 0},
	{"msgc_later_frames", "gauge", "Frames that are being answered later.", one, OF_WORKER(later_frames), NULL, NULL, 0},
	{"msgc_waiting_frames", "gauge", "Frames and events that wait behind one that is in hand.", one, OF_WORKER(waiting_frames), NULL, NULL, 0},
	{"msgc_pool_queue_length", "gauge", "Jobs that wait for a pool thread.", pool_value, OF_POOL(waiting), NULL, NULL, 0},
	{"msgc_pool_threads_busy", "gauge", "Pool threads at work.", pool_value, OF_POOL(busy), NULL, NULL, 0},
	{"msgc_pool_jobs_total", "counter", "Jobs taken by the pool.", pool_value, OF_POOL(taken), NULL, NULL, 0},
	{"msgc_pool_refused_total", "counter", "Jobs refused because the queue was full.", pool_value, OF_POOL(refused), NULL, NULL, 0},
	{"msgc_mailbox_length", "gauge", "Tasks and publications that wait for a worker.", mail_waiting, 0, NULL, NULL, 0},
	{"msgc_mailbox_refused_total", "counter", "Tasks and publications refused because its mailbox was full.", mail_waiting, 1, NULL, NULL, 0},
	{"msgc_http_responses_total", "counter", "HTTP responses, by status.", by_status, OF_WORKER(responses), NULL, NULL, 0},
	{"msgc_http_exchanges", "gauge", "HTTP requests that are being answered.", exchanges, 0, NULL, NULL, 0},
	{"msgc_allocations_refused_total", "counter", "What was not done for want of memory.", by_word, OF_WORKER(short_of_memory), WORDS("for", shortage_words)},
	{"process_start_time_seconds", "gauge", "When the server started, in Unix time.", started, 0, NULL, NULL, 0},
	{"process_cpu_seconds_total", "counter", "Processor time of the process, user and system.", cpu, 0, NULL, NULL, 0},
	{"process_resident_memory_bytes", "gauge", "Resident memory of the process.", resident, 0, NULL, NULL, 0},
};
/* clang-format on */

int msgc__metrics_write(struct msgc_server *server, struct msgc_buf *out)
{
	struct scrape scrape = {server, out};

	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
		const struct family *family = &families[i];

		msgc_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help,
		        family->name, family->type);
		family->write(&scrape, family);
	}
	return out->error;
}
