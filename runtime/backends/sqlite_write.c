/* SPDX-License-Identifier: MIT */
/*
 * The thread that writes: all that waits goes into one transaction; when that has been committed, the members are told and the askers
 * answered. While it commits, the next batch gathers. It must not know connections.
 */
#include "sqlite.h"

#include "../server/core.h"
#include "../server/group.h"

enum {
	BATCH_OPS = 512,
	BATCH_COST = 4 * 1024 * 1024,
	SWEEP_EVERY_MS = 5 * 1000,
	WAIT_MS = 1000,
};

struct batch {
	struct msgc__sqlite *sqlite;
	struct msgc__sqlite_file *file;
	struct msgc__sqlite_op *first;
	int64_t key_bytes; /* with what it has done so far */
	bool writes;       /* there is something to be stored */
	bool durable;      /* … that has to survive loss of power */
	int result;        /* of the transaction */
};

static bool is_kept(const struct msgc__sqlite_op *op)
{
	return op->kind != MSGC__SQLITE_PUBLISH || op->publication->kept;
}

static void look(struct batch *batch)
{
	for (const struct msgc__sqlite_op *op = batch->first; op; op = op->next) {
		batch->writes |= is_kept(op);
		batch->durable |= op->kind == MSGC__SQLITE_PUBLISH && op->publication->kept &&
		        op->publication->group_kind->history.durable;
	}
}

static void begin(struct batch *batch)
{
	if (!batch->writes)
		return;
	batch->result = msgc__sqlite_set_full(batch->file, batch->durable);
	if (batch->result == 0)
		batch->result = msgc__sqlite_run_plain(batch->file, MSGC__SQL_BEGIN);
}

static int64_t due(const struct msgc__sqlite_op *op)
{
	int64_t at;

	return __builtin_add_overflow(op->now, op->ttl_ms, &at) ? INT64_MAX : at;
}

static int put(struct batch *batch, struct msgc__sqlite_op *op)
{
	return msgc__sqlite_put(batch->file, op->key, op->value, due(op), op->now,
	        op->mode == MSGC__PUT_IF_ABSENT, batch->sqlite->key_limit, &batch->key_bytes);
}

static int take(struct batch *batch, struct msgc__sqlite_op *op)
{
	struct msgc_bytes value = {NULL, 0};
	int result = msgc__sqlite_take(batch->file, op->key, op->now, &batch->key_bytes, &value);

	op->value = value;
	op->owns_value = true;
	return result;
}

/* What is wrong with one operation alone is its own answer; everything else ends the transaction. */
static bool is_answer(const struct msgc__sqlite_op *op, int result)
{
	return op->kind == MSGC__SQLITE_PUT && (result == MSGC_ECONFLICT || result == MSGC_EBUSY);
}

static void perform(struct batch *batch, struct msgc__sqlite_op *op)
{
	if (!is_kept(op)) {
		/* Where it came behind. If that cannot be read it came before all: nobody misses anything. */
		(void)msgc__sqlite_head(batch->file, op->publication);
		return;
	}
	if (batch->result < 0)
		return;
	if (op->kind == MSGC__SQLITE_PUBLISH)
		op->result = msgc__sqlite_append(batch->file, op->publication, op->now);
	else
		op->result = op->kind == MSGC__SQLITE_PUT ? put(batch, op) : take(batch, op);
	if (op->result < 0 && !is_answer(op, op->result))
		batch->result = op->result;
}

static void commit(struct batch *batch)
{
	struct msgc__sqlite *sqlite = batch->sqlite;

	if (!batch->writes)
		return;
	if (batch->result == 0)
		batch->result = msgc__sqlite_commit(batch->file,
		        msgc__sqlite_use(batch->file, MSGC__SQL_COMMIT),
		        msgc__sqlite_use(batch->file, MSGC__SQL_ROLLBACK));
	msgc__sqlite_note(sqlite, batch->file->db, batch->result);
	if (batch->result == 0) {
		sqlite->key_bytes = batch->key_bytes;
		return;
	}
	/* A full disk or an I/O error may have rolled back already. */
	if (!sqlite3_get_autocommit(batch->file->db))
		(void)msgc__sqlite_run_plain(batch->file, MSGC__SQL_ROLLBACK);
	for (struct msgc__sqlite_op *op = batch->first; op; op = op->next) {
		if (!is_kept(op))
			op->publication->position = (struct msgc__position){"", 0};
	}
}

static void publish(struct batch *batch, struct msgc__sqlite_op *op)
{
	int result = is_kept(op) ? batch->result : 0;

	if (result == 0)
		msgc__sqlite_tell(batch->sqlite, op->publication, (int)op->worker->index);
	(void)msgc__letter_post(op->letter, result);
	msgc__sqlite_op_free(op);
}

static void answer(struct batch *batch, struct msgc__sqlite_op *op)
{
	if (op->kind == MSGC__SQLITE_PUBLISH)
		publish(batch, op);
	else
		msgc__sqlite_answer(op, batch->result < 0 ? batch->result : op->result);
}

/* Whoever commits next waits until this one's members have been told, so that they hear of numbers in their order. */
static void write_batch(struct msgc__sqlite *sqlite, struct msgc__sqlite_op *first)
{
	struct batch batch = {.sqlite = sqlite,
	        .file = &sqlite->write_file,
	        .first = first,
	        .key_bytes = sqlite->key_bytes};

	look(&batch);
	begin(&batch);
	for (struct msgc__sqlite_op *op = first; op; op = op->next)
		perform(&batch, op);
	pthread_mutex_lock(&sqlite->order);
	commit(&batch);
	for (struct msgc__sqlite_op *op = first, *next; op; op = next) {
		next = op->next;
		answer(&batch, op);
	}
	pthread_mutex_unlock(&sqlite->order);
}

/* ----------------------------------------------------------------------------------------- sweeping */

/* True: there is more to do. */
static bool sweep(struct msgc__sqlite *sqlite)
{
	struct msgc__sqlite_file *file = &sqlite->write_file;
	int64_t key_bytes = sqlite->key_bytes, now = msgc__sqlite_now(sqlite);
	bool more = false;
	int result;

	if (!msgc__sqlite_is_dusty(file, now) || msgc__sqlite_set_full(file, false) < 0)
		return false;
	result = msgc__sqlite_run_plain(file, MSGC__SQL_BEGIN);
	if (result < 0)
		return false;
	result = msgc__sqlite_sweep(file, now, sqlite->forget_ms, &key_bytes, &more);
	if (result == 0)
		result = msgc__sqlite_run_plain(file, MSGC__SQL_COMMIT);
	if (result < 0 && !sqlite3_get_autocommit(file->db))
		(void)msgc__sqlite_run_plain(file, MSGC__SQL_ROLLBACK);
	if (result == 0)
		sqlite->key_bytes = key_bytes;
	return result == 0 && more;
}

void *msgc__sqlite_write_main(void *arg)
{
	struct msgc__sqlite *sqlite = arg;
	bool stopping = false, more = false;

	while (!stopping) {
		struct msgc__sqlite_op *first = msgc__sqlite_queue_take(
		        &sqlite->writes, more ? 0 : WAIT_MS, BATCH_OPS, BATCH_COST, &stopping);
		int64_t now = msgc__server_now_ms(sqlite->server);

		if (first)
			write_batch(sqlite, first);
		if (stopping || (!more && now - sqlite->swept_at < SWEEP_EVERY_MS))
			continue;
		sqlite->swept_at = now;
		more = sweep(sqlite);
	}
	return NULL;
}
