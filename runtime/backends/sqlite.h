/* SPDX-License-Identifier: MIT */
/*
 * What the files of the SQLite backend share. One thread writes, in transactions of all that waits; one thread reads; workers only queue and
 * get their answers by mail. Everything that is not kept on disk is the memory backend's. It must not know connections.
 *
 * Order: the file (sqlite_file.c) → streams and keys in it (sqlite_streams.c, sqlite_keys.c) → queues (sqlite_queue.c) → the backend
 * (sqlite.c) and its threads (sqlite_write.c, sqlite_read.c).
 */
#ifndef MSGC__SQLITE_BACKEND_H
#define MSGC__SQLITE_BACKEND_H

#include <sqlite3.h>
#include <sys/types.h>

#include "memory.h"

/* ------------------------------------------------------------------------------------------- the file */

enum msgc__sqlite_statement {
	MSGC__SQL_BEGIN,
	MSGC__SQL_BEGIN_READ,
	MSGC__SQL_COMMIT,
	MSGC__SQL_ROLLBACK,
	MSGC__SQL_STREAM_APPEND,
	MSGC__SQL_STREAM_HEAD,
	MSGC__SQL_STREAM_FIRST,
	MSGC__SQL_STREAM_OLDEST,
	MSGC__SQL_STREAM_TRIM,
	MSGC__SQL_STREAMS_OLD,
	MSGC__SQL_STREAM_LATER,
	MSGC__SQL_STREAM_FORGET,
	MSGC__SQL_ITEM_INSERT,
	MSGC__SQL_ITEMS_AFTER,
	MSGC__SQL_KEY_INSERT,
	MSGC__SQL_KEY_DELETE,
	MSGC__SQL_KEY_GET,
	MSGC__SQL_KEYS_OLD,
	MSGC__SQL_ANY_OLD,
	MSGC__SQL_COUNT,
};

/* One connection, used by one thread at a time. */
struct msgc__sqlite_file {
	sqlite3 *db;
	sqlite3_stmt *statements[MSGC__SQL_COUNT];
	bool borrowed;      /* `db` is the program's: statements are finalized after each use */
	bool full;          /* synchronous is FULL, not NORMAL */
	bool checked;       /* it is ours, and opened for writing */
	int64_t lock_ms;    /* how long to wait for a lock */
	int64_t waited_us;  /* for the one in question */
	atomic_bool *hurry; /* the server ends: wait hardly at all; NULL: nobody hurries */
};

struct msgc__sqlite_options {
	const char *path;
	int64_t limit; /* bytes; 0: none */
	int64_t lock_ms;
	int64_t unix_ms, monotonic_ms; /* now */
};

/* What opening has found. */
struct msgc__sqlite_opened {
	int64_t base;      /* Unix ms when the monotonic clock was 0 */
	int64_t latest;    /* the latest time that stands in it, Unix ms */
	int64_t key_bytes; /* of all keys and values */
	bool renewed; /* the machine went down meanwhile: streams that are not durable have new epochs */
};

/*
 * Opens, creates, migrates, checks. `ret_why` is a sentence for the log where that fails with MSGC_ECONFIG (all but MSGC_ENOMEM).
 * The reader's connection comes second, and checks nothing.
 */
int msgc__sqlite_open(struct msgc__sqlite_file *file, const struct msgc__sqlite_options *options,
        struct msgc__sqlite_opened *ret, const char **ret_why);
int msgc__sqlite_open_reader(
        struct msgc__sqlite_file *file, const struct msgc__sqlite_options *options);
/* Also of what could not be opened. The writer's marks that nothing can be lost any more. */
void msgc__sqlite_close_writer(struct msgc__sqlite_file *file);
void msgc__sqlite_close(struct msgc__sqlite_file *file);

/* MSGC_EBUSY: locked; MSGC_ENOMEM; MSGC_EIO: all else. 0 for SQLITE_OK, ROW and DONE. */
int msgc__sqlite_result(int code);

/*
 * A statement, ready to be bound. NULL: it could not be prepared, and everything that is done with it fails; `ret` of the last step tells. Bound values are
 * borrowed until msgc__sqlite_done().
 */
sqlite3_stmt *msgc__sqlite_use(struct msgc__sqlite_file *file, enum msgc__sqlite_statement which);
void msgc__sqlite_done(struct msgc__sqlite_file *file, sqlite3_stmt *statement);
/* sqlite3_step(); of a statement that could not be prepared: what was wrong with it. */
int msgc__sqlite_step(struct msgc__sqlite_file *file, sqlite3_stmt *statement);
/* Runs a statement without rows. */
int msgc__sqlite_run(struct msgc__sqlite_file *file, sqlite3_stmt *statement);
int msgc__sqlite_run_plain(struct msgc__sqlite_file *file, enum msgc__sqlite_statement which);

/*
 * COMMIT. One that fails may have left all of itself in the log, where a process that comes after this one would find it: that is written over
 * at once. MSGC_EBUSY, MSGC_EIO …: it has not happened, and will not have. MSGC_ETIMEOUT: nobody knows. Rolled back either way.
 */
int msgc__sqlite_commit(
        struct msgc__sqlite_file *file, sqlite3_stmt *commit, sqlite3_stmt *rollback);

/* For the transactions that follow. */
int msgc__sqlite_set_full(struct msgc__sqlite_file *file, bool full);

/* --------------------------------------------------------------------------- streams (sqlite_streams.c) */

/* Numbers and stores within the transaction in hand, at the time `now` (Unix ms). */
int msgc__sqlite_append(
        struct msgc__sqlite_file *file, struct msgc__publication *publication, int64_t now);
/* Where the publication's stream stands: its position. Nowhere if there is no stream. */
int msgc__sqlite_head(struct msgc__sqlite_file *file, struct msgc__publication *publication);

/* As the backend's operation; what `ret` points to is in `arena`. */
struct msgc__sqlite_read_args {
	struct msgc_str group;
	struct msgc_history history;
	struct msgc__position after;
	size_t max_bytes;
	int64_t now;
};
int msgc__sqlite_read_page(struct msgc__sqlite_file *file,
        const struct msgc__sqlite_read_args *args, struct msgc_arena *arena,
        struct msgc__page *ret);

/* Is there anything for msgc__sqlite_sweep()? False where that cannot be read. */
bool msgc__sqlite_is_dusty(struct msgc__sqlite_file *file, int64_t now);
/* Some of what is too old, keys too. `*ret_more`: there may be more. In the transaction in hand. */
int msgc__sqlite_sweep(struct msgc__sqlite_file *file, int64_t now, int64_t forget_ms,
        int64_t *key_bytes, bool *ret_more);

/* ------------------------------------------------------------------------------- keys (sqlite_keys.c) */

/* `*key_bytes` is kept up to date; MSGC_EBUSY where it would pass `limit`. */
int msgc__sqlite_put(struct msgc__sqlite_file *file, struct msgc_str key, struct msgc_bytes value,
        int64_t due, int64_t now, bool if_absent, int64_t limit, int64_t *key_bytes);
/* `*ret_value` is malloc'ed; ptr NULL: there is none. */
int msgc__sqlite_get(struct msgc__sqlite_file *file, struct msgc_str key, int64_t now,
        struct msgc_bytes *ret_value);
int msgc__sqlite_take(struct msgc__sqlite_file *file, struct msgc_str key, int64_t now,
        int64_t *key_bytes, struct msgc_bytes *ret_value);
int msgc__sqlite_sweep_keys(
        struct msgc__sqlite_file *file, int64_t now, int64_t *key_bytes, bool *ret_more);

/* ------------------------------------------------------------------------------ queues (sqlite_queue.c) */

enum msgc__sqlite_kind {
	MSGC__SQLITE_PUBLISH,
	MSGC__SQLITE_PUT,
	MSGC__SQLITE_TAKE,
	MSGC__SQLITE_GET,
	MSGC__SQLITE_READ,
};

/* What a worker wants. It goes to a thread, and comes back to the worker as mail. */
struct msgc__sqlite_op {
	struct msgc__mail mail;
	struct msgc__sqlite_op *next;
	struct msgc__sqlite *sqlite;
	struct msgc__worker *worker;
	enum msgc__sqlite_kind kind;
	int result;
	size_t cost;
	int64_t now; /* Unix ms, when it was wanted */
	void *arg;
	union {
		msgc__done_fn *put;
		msgc__value_fn *value;
		msgc__read_fn *read;
	} done;
	struct msgc__letter *letter;           /* PUBLISH: for the publisher's own worker */
	struct msgc__publication *publication; /* PUBLISH */
	enum msgc__put_mode mode;              /* PUT */
	int64_t ttl_ms;                        /* PUT */
	struct msgc_str key;                   /* PUT, TAKE, GET; READ: the group */
	struct msgc_bytes value; /* PUT; malloc'ed where it is an answer (TAKE, GET) */
	bool owns_value;
	struct msgc__sqlite_read_args read; /* READ */
	struct msgc_arena arena;            /* READ: of the page */
	struct msgc__page page;
	char bytes[]; /* key, value */
};

struct msgc__sqlite_queue {
	pthread_mutex_t lock;
	pthread_cond_t wanted;
	struct msgc__sqlite_op *first, **last;
	size_t waiting, limit; /* cost */
	bool stopping;
};

void msgc__sqlite_queue_init(struct msgc__sqlite_queue *queue, size_t limit);
void msgc__sqlite_queue_free(struct msgc__sqlite_queue *queue);
/* MSGC_EBUSY: bounded and full; MSGC_EGONE: stopping. */
int msgc__sqlite_queue_put(
        struct msgc__sqlite_queue *queue, struct msgc__sqlite_op *op, bool bounded);
/*
 * Waits at most `wait_ms` for something, then takes what there is, up to `most` operations and `most_cost`. NULL: nothing. `*ret_stopping`: nothing more
 * will come.
 */
struct msgc__sqlite_op *msgc__sqlite_queue_take(struct msgc__sqlite_queue *queue, int64_t wait_ms,
        size_t most, size_t most_cost, bool *ret_stopping);
void msgc__sqlite_queue_stop(struct msgc__sqlite_queue *queue);

/* ------------------------------------------------------------------------------- the backend (sqlite.c) */

struct msgc__sqlite {
	struct msgc__memory_backend memory; /* members, counters, and what is not kept on disk */
	struct msgc__backend_ops ops;
	struct msgc_server *server;
	char *path;
	dev_t device; /* the file's */
	ino_t inode;
	int owner;    /* descriptor of the lock that says whose file it is; -1: none */
	int64_t base; /* Unix ms at monotonic 0: the wall clock may jump, streams' time does not */
	int64_t lock_ms, forget_ms;
	int64_t key_bytes, key_limit; /* the writer's */
	atomic_bool ending;           /* wait for no locks any more */
	atomic_bool running;          /* transactions of the program's may join */
	pthread_mutex_t
	        order; /* from a COMMIT until the members have been told: numbers are told in order */
	struct msgc__sqlite_queue writes, reads;
	pthread_t writer, reader;
	bool writer_runs, reader_runs;
	struct msgc__sqlite_file write_file, read_file;
	int64_t swept_at; /* monotonic ms */
	pthread_mutex_t log_lock;
	int64_t failed_at; /* monotonic ms of the last line in the log; 0: it does not fail */
	pthread_mutex_t page_lock; /* pages that wait for workers are bounded */
	pthread_cond_t page_taken;
	unsigned pages;
};

int64_t msgc__sqlite_now(const struct msgc__sqlite *sqlite); /* Unix ms; any thread */

/* What became of the file, for log and metrics. Any thread. */
void msgc__sqlite_note(struct msgc__sqlite *sqlite, sqlite3 *db, int result);

/* Gives the answer to the worker. Any thread. */
void msgc__sqlite_answer(struct msgc__sqlite_op *op, int result);
void msgc__sqlite_op_free(struct msgc__sqlite_op *op);

/* To everybody but worker `except`; with the order in hand. */
void msgc__sqlite_tell(
        struct msgc__sqlite *sqlite, struct msgc__publication *publication, int except);

void *msgc__sqlite_write_main(void *sqlite); /* threads */
void *msgc__sqlite_read_main(void *sqlite);

/* The server's backend; NULL: it is another. */
struct msgc__sqlite *msgc__sqlite_of(struct msgc_server *server);

#endif
