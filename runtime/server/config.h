/* SPDX-License-Identifier: MIT */
/*
 * Configuration: one table of keys, read from the command line, the environment and a file, in this order of precedence; the program's own
 * settings go the same way. It must not know what the keys are good for.
 *
 * Durations are milliseconds, sizes are bytes.
 */
#ifndef MSGC__CONFIG_H
#define MSGC__CONFIG_H

#include <stdio.h>

#include <msgc/consumer.h>

struct msgc__config_list {
	const char **items;
	size_t count;
};

enum { MSGC__PORT_OFF = -1, MSGC__AUTO = -1 };

/* What became of reading it. Everything but SERVE is told by msgc__config_conclude(). */
enum msgc__config_outcome {
	MSGC__CONFIG_SERVE,
	MSGC__CONFIG_HELP,
	MSGC__CONFIG_VERSION,
	MSGC__CONFIG_PRINT,
	MSGC__CONFIG_WRONG, /* errors were collected */
};

struct msgc__config_state; /* the table with the origin of each value, owned strings, errors */

/* The values, valid after msgc__config_load() whatever its outcome (defaults stand in for what is wrong). */
enum { MSGC__WORKERS_MOST = 64 }; /* bits of the memory backend's sets of workers */

struct msgc__config {
	/* listeners */
	const char *host;
	int64_t port; /* 0: any free one */
	const char *admin_host;
	const char *publish_key;     /* of POST /publish; "": there is none */
	int64_t admin_port;          /* 0: any free one; MSGC__PORT_OFF: none */
	int64_t playground;          /* 0, 1 or MSGC__AUTO: msgc__config_playground() */
	const char *tls_certificate; /* PEM file; "": no TLS */
	const char *tls_key;

	/* who may come */
	const char *public_url; /* "https://chat.example.org"; "": as the Host header says */
	struct msgc__config_list allowed_origins; /* beside the server's own */
	bool origin_required; /* cookies without an Origin header are not believed */
	struct msgc__config_list trusted_proxies; /* addresses and networks: "10.0.0.0/8" */
	int64_t max_connections;                  /* of the process, WebSockets and HTTP together */
	int64_t max_connections_per_address;      /* 0: no limit */

	/* threads */
	int64_t workers;
	int64_t pool_threads;
	int64_t pool_queue;     /* jobs waiting */
	int64_t mailbox;        /* tasks waiting for one worker */
	int64_t keys_memory;    /* size: of tickets, answers to message ids and the like */
	int64_t history_memory; /* size: of all streams that are kept in memory */

	/* what is kept on disk, by programs with the backend for it */
	const char *sqlite_file; /* "": nothing is */
	int64_t sqlite_limit;    /* size: of the file; 0: as the disk has room */
	int64_t sqlite_queue;    /* size: of what waits to be written */
	int64_t sqlite_lock_timeout;
	int64_t sqlite_forget; /* an empty stream's epoch */

	/* one connection */
	int64_t frame_limit;       /* size */
	int64_t depth_limit;       /* nested arrays and objects */
	int64_t outbox_limit;      /* size */
	int64_t pending_frames;    /* frames that wait behind one that is answered later */
	int64_t pending_questions; /* of the server, that one client has not answered */
	int64_t bad_frame_limit; /* refused frames in ten seconds before close 4429; 0: no limit */
	int64_t max_groups;      /* that one connection may join */
	int64_t max_topics;      /* that it may follow */
	bool compression;
	int64_t compression_threshold; /* size */
	enum msgc_outbox_policy outbox_policy;
	struct msgc__config_list consumer_outbox_policy; /* "room=drop-oldest" */

	/* presence */
	int64_t presence_limit;  /* users that are listed; above it they are counted only */
	int64_t presence_entry;  /* size: of one user's entry */
	int64_t presence_window; /* between two tellings of one group */
	int64_t presence_linger; /* for which one whose line has broken is still present */

	/* rates; tokens 0: no limit */
	struct msgc_rate
	        connection_rate;       /* frames of one connection, beside what its contract says */
	struct msgc_rate user_rate;    /* frames of all connections of one user */
	struct msgc_rate address_rate; /* frames from one address */
	struct msgc_rate handshake_rate; /* WebSocket handshakes from one address */

	/* time */
	int64_t handshake_timeout; /* from accept to the request's last header byte */
	int64_t auth_timeout;
	int64_t handler_timeout;
	int64_t request_timeout;   /* of a request's body and of its answer's reading */
	int64_t keepalive_timeout; /* an idle HTTP connection */
	int64_t ping_interval;     /* idle until the server pings */
	int64_t ping_timeout;      /* idle until the server hangs up */
	int64_t question_timeout;  /* of questions without a time of their own */
	int64_t message_id_window; /* for which an answer is given again */
	int64_t close_timeout;     /* wait for the peer's CLOSE frame */
	int64_t drain_timeout;
	int64_t reconnect_hint; /* most that a draining server asks clients to wait; jittered below */

	/* credentials */
	int64_t ticket_lifetime;
	int64_t revocation_memory; /* how long older credentials of a revoked user are remembered */
	struct msgc_rate auth_failure_rate; /* of Basic credentials, by address and by name */

	/* HTTP */
	int64_t header_limit;   /* size: request line and headers */
	bool documents;         /* AsyncAPI and JSON Schema are given out */
	int64_t static_max_age; /* duration; 0: ask again each time (ETag) */

	/* log */
	enum msgc_log_level log_level;
	bool log_json;
	struct msgc__config_list log_muted_actions;

	enum msgc__config_outcome outcome;
	bool command_line_wrong; /* with WRONG: exit code 2 instead of 1 */
	struct msgc__config_state *state;
};

/*
 * Reads everything and sets the targets of `settings`. `argv`, `environment` ("NAME=value" …, NULL at its end) and `settings` are borrowed
 * until msgc__config_free(). Returns MSGC_ENOMEM, or MSGC_OK with `outcome` set.
 */
int msgc__config_load(struct msgc__config *config, int argc, char **argv, char **environment,
        const struct msgc_setting *settings, size_t setting_count);

/*
 * What msgc_server_run() does first: prints help, version or the configuration to `out`, errors as log lines (warnings too, such as an
 * unknown MSGC_… variable). Returns an exit code, or -1: serve.
 */
struct msgc__log;
int msgc__config_conclude(
        const struct msgc__config *config, const struct msgc__log *log, FILE *out);

/* The errors that were collected, as log lines. */
void msgc__config_complaints(const struct msgc__config *config, const struct msgc__log *log);

/* Takes level, format and muted actions over into the log. */
void msgc__config_apply_log(const struct msgc__config *config, struct msgc__log *log);

/* "disconnect", "drop-oldest", "drop-new". */
bool msgc__config_read_policy(const char *text, enum msgc_outbox_policy *ret);

/* The policy for a consumer's outboxes: the contract's, that of consumer-outbox-policy, that of outbox-policy. */
enum msgc_outbox_policy msgc__config_policy(
        const struct msgc__config *config, const struct msgc_consumer *consumer);

/*
 * Is the playground served? With `auto` where nobody but this machine can reach either listener: loopback addresses, neither public-url nor
 * trusted-proxies nor TLS, and no sockets inherited from a service manager.
 */
bool msgc__config_playground(const struct msgc__config *config);

/* The program's name: the last part of argv[0]; never NULL. */
const char *msgc__config_program(const struct msgc__config *config);

void msgc__config_free(struct msgc__config *config);

#endif
