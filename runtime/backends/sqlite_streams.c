/* SPDX-License-Identifier: MIT */
/*
 * Streams in the SQLite file: appending, reading a page, and taking away what is too old, a little with each append so that none of
 * them is slow. What is read is not believed before it has been looked at. It must not know who is sent what.
 */
#include "sqlite.h"

#include <string.h>

#include "../server/group.h"

enum {
	TRIM_MOST = 64, /* messages that one append takes away */
	SWEEP_STREAMS = 32,
	SWEEP_ITEMS = 128,
	SWEEP_PAUSE_MS = 10 * 1000, /* for a stream that goes on */
	USER_MAX = 4096,            /* bytes of a realm or an id */
};

static void bind_text(sqlite3_stmt *statement, int at, struct msgc_str text)
{
	(void)sqlite3_bind_text64(
	        statement, at, text.len ? text.ptr : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int64_t low(int64_t value, int64_t less)
{
	int64_t result;

	return __builtin_sub_overflow(value, less, &result) ? INT64_MIN : result;
}

/* ----------------------------------------------------------------------------------------- appending */

struct place {
	int64_t stream, seq, at;
};

static bool copy_epoch(sqlite3_stmt *row, int column, struct msgc__position *to)
{
	const unsigned char *epoch = sqlite3_column_text(row, column);
	int len = sqlite3_column_bytes(row, column);

	if (!epoch || len <= 0 || len >= (int)sizeof to->epoch)
		return false;
	memcpy(to->epoch, epoch, (size_t)len);
	to->epoch[len] = '\0';
	return strspn(to->epoch, "0123456789abcdef") == (size_t)len;
}

static int take_number(struct msgc__sqlite_file *file, struct msgc__publication *publication,
        int64_t now, struct place *ret)
{
	const struct msgc_history *history = &publication->group_kind->history;
	sqlite3_stmt *append = msgc__sqlite_use(file, MSGC__SQL_STREAM_APPEND);
	struct msgc__position position = {"", 0};
	int code, result;

	bind_text(append, 1, msgc__publication_group(publication));
	sqlite3_bind_int64(append, 2, now);
	sqlite3_bind_int64(append, 3, history->keep);
	sqlite3_bind_int64(append, 4, history->for_ms);
	sqlite3_bind_int64(append, 5, history->durable);
	code = msgc__sqlite_step(file, append);
	result = code == SQLITE_DONE ? MSGC_EIO : msgc__sqlite_result(code);
	if (result == 0) {
		*ret = (struct place){sqlite3_column_int64(append, 0),
		        sqlite3_column_int64(append, 2), sqlite3_column_int64(append, 3)};
		if (!copy_epoch(append, 1, &position) || ret->seq <= 0)
			result = MSGC_EIO;
	}
	msgc__sqlite_done(file, append);
	position.seq = (uint64_t)ret->seq;
	if (result == 0)
		publication->position = position;
	return result;
}

static int insert(struct msgc__sqlite_file *file, const struct msgc__publication *publication,
        const struct place *place)
{
	const struct msgc__user *sender = publication->sender;
	bool named = sender && !msgc_user_is_anonymous(&sender->is);
	sqlite3_stmt *insert = msgc__sqlite_use(file, MSGC__SQL_ITEM_INSERT);

	sqlite3_bind_int64(insert, 1, place->stream);
	sqlite3_bind_int64(insert, 2, place->seq);
	sqlite3_bind_int64(insert, 3, place->at);
	sqlite3_bind_int64(insert, 4, publication->type->kind == MSGC_MESSAGE_GROUP);
	bind_text(insert, 5, named ? sender->is.realm : msgc_str_of("", 0));
	bind_text(insert, 6, named ? sender->is.id : msgc_str_of("", 0));
	bind_text(insert, 7, msgc__publication_body(publication));
	return msgc__sqlite_run(file, insert);
}

/* Takes away some of what is too many or too old. */
static int trim(
        struct msgc__sqlite_file *file, int64_t stream, int64_t last, int64_t before, int64_t most)
{
	sqlite3_stmt *trim = msgc__sqlite_use(file, MSGC__SQL_STREAM_TRIM);

	sqlite3_bind_int64(trim, 1, stream);
	sqlite3_bind_int64(trim, 2, last);
	sqlite3_bind_int64(trim, 3, before);
	sqlite3_bind_int64(trim, 4, most);
	return msgc__sqlite_run(file, trim);
}

static int read_oldest(struct msgc__sqlite_file *file, int64_t stream, struct place *ret)
{
	sqlite3_stmt *oldest = msgc__sqlite_use(file, MSGC__SQL_STREAM_OLDEST);
	int code;

	sqlite3_bind_int64(oldest, 1, stream);
	code = msgc__sqlite_step(file, oldest);
	*ret = (struct place){stream, 0, 0};
	if (code == SQLITE_ROW)
		*ret = (struct place){
		        stream, sqlite3_column_int64(oldest, 0), sqlite3_column_int64(oldest, 1)};
	msgc__sqlite_done(file, oldest);
	return msgc__sqlite_result(code);
}

/* Up to which number, and from before when, nothing is shown any more. */
static int64_t last_beyond(const struct msgc_history *history, int64_t head)
{
	return history->keep > 0 ? head - (int64_t)history->keep : 0;
}

static int64_t over_before(const struct msgc_history *history, int64_t now)
{
	return history->for_ms > 0 ? low(now, history->for_ms) : INT64_MIN;
}

int msgc__sqlite_append(
        struct msgc__sqlite_file *file, struct msgc__publication *publication, int64_t now)
{
	const struct msgc_history *history = &publication->group_kind->history;
	struct place place = {0, 0, 0}, oldest = {0, 0, 0};
	int64_t last, before;
	int result = take_number(file, publication, now, &place);

	if (result == 0)
		result = insert(file, publication, &place);
	if (result == 0)
		result = read_oldest(file, place.stream, &oldest);
	if (result < 0)
		return result;
	last = last_beyond(history, place.seq);
	before = over_before(history, place.at);
	if (oldest.seq <= last || oldest.at <= before)
		result = trim(file, place.stream, last, before, TRIM_MOST);
	return result;
}

/* --------------------------------------------------------------------------------------------- heads */

static int read_head(struct msgc__sqlite_file *file, struct msgc_str group, int64_t *ret_stream,
        struct msgc__position *ret)
{
	sqlite3_stmt *head = msgc__sqlite_use(file, MSGC__SQL_STREAM_HEAD);
	struct msgc__position position = {"", 0};
	int64_t seq = 0;
	int code, result;

	bind_text(head, 1, group);
	code = msgc__sqlite_step(file, head);
	result = msgc__sqlite_result(code);
	if (result == 0 && code == SQLITE_ROW) {
		*ret_stream = sqlite3_column_int64(head, 0);
		seq = sqlite3_column_int64(head, 2);
		if (!copy_epoch(head, 1, &position) || seq <= 0)
			result = MSGC_EIO;
	}
	msgc__sqlite_done(file, head);
	position.seq = (uint64_t)seq;
	if (result == 0)
		*ret = position;
	return result;
}

int msgc__sqlite_head(struct msgc__sqlite_file *file, struct msgc__publication *publication)
{
	int64_t stream;

	return read_head(
	        file, msgc__publication_group(publication), &stream, &publication->position);
}

/* ------------------------------------------------------------------------------------------- reading */

static int read_first(struct msgc__sqlite_file *file, int64_t stream,
        const struct msgc__sqlite_read_args *args, int64_t head, int64_t *ret)
{
	sqlite3_stmt *first = msgc__sqlite_use(file, MSGC__SQL_STREAM_FIRST);
	int code;

	sqlite3_bind_int64(first, 1, stream);
	sqlite3_bind_int64(first, 2, last_beyond(&args->history, head));
	sqlite3_bind_int64(first, 3, over_before(&args->history, args->now));
	code = msgc__sqlite_step(file, first);
	*ret = code == SQLITE_ROW ? sqlite3_column_int64(first, 0) : head + 1;
	msgc__sqlite_done(file, first);
	return msgc__sqlite_result(code);
}

static int copy_column(
        sqlite3_stmt *row, int column, struct msgc_arena *arena, struct msgc_str *ret)
{
	const unsigned char *text = sqlite3_column_text(row, column);
	int len = sqlite3_column_bytes(row, column);

	if (!text || len < 0)
		return MSGC_ENOMEM;
	return msgc_arena_copy(arena, msgc_str_of((const char *)text, (size_t)len), ret);
}

/* Somebody may have been at the file: nothing leaves for a client that is no frame. */
static bool is_frame(struct msgc_str body, struct msgc_arena *arena)
{
	const struct msgc_decode_options options = {.max_depth = MSGC_DEPTH_MOST};

	return body.len >= 2 && (*body.ptr == '{' || *body.ptr == '[') &&
	        (body.ptr[body.len - 1] == '}' || body.ptr[body.len - 1] == ']') &&
	        msgc_json_validate(body.ptr, body.len, &options, arena, NULL) == 0;
}

static int take_item(sqlite3_stmt *row, struct msgc_arena *arena, struct msgc__stored *to)
{
	int result = copy_column(row, 2, arena, &to->realm);

	to->seq = (uint64_t)sqlite3_column_int64(row, 0);
	to->is_group = sqlite3_column_int(row, 1) != 0;
	if (result == 0)
		result = copy_column(row, 3, arena, &to->user);
	if (result == 0)
		result = copy_column(row, 4, arena, &to->body);
	if (result == 0 &&
	        (to->realm.len > USER_MAX || to->user.len > USER_MAX || !is_frame(to->body, arena)))
		result = MSGC_EIO;
	return result;
}

/* From behind `after` on; a number that is missing in between is damage. */
static int take_items(struct msgc__sqlite_file *file, int64_t stream,
        const struct msgc__sqlite_read_args *args, struct msgc_arena *arena,
        struct msgc__page *page)
{
	struct msgc__stored *items = msgc_arena_calloc(arena, MSGC__PAGE_MOST, sizeof items[0]);
	sqlite3_stmt *select = msgc__sqlite_use(file, MSGC__SQL_ITEMS_AFTER);
	uint64_t seq = args->after.seq;
	size_t left = args->max_bytes;
	int code = SQLITE_DONE, result = items ? 0 : MSGC_ENOMEM;

	page->items = items;
	sqlite3_bind_int64(select, 1, stream);
	sqlite3_bind_int64(select, 2, (int64_t)seq);
	sqlite3_bind_int64(select, 3, MSGC__PAGE_MOST);
	while (result == 0 && (code = msgc__sqlite_step(file, select)) == SQLITE_ROW) {
		size_t cost =
		        (size_t)sqlite3_column_bytes(select, 4) + (size_t)MSGC__STORED_OVERHEAD;

		if (page->count > 0 && cost > left)
			break;
		result = take_item(select, arena, &items[page->count]);
		if (result == 0 && items[page->count].seq != seq + 1)
			result = MSGC_EIO;
		page->count++;
		seq++;
		left -= cost < left ? cost : left;
	}
	if (result == 0)
		result = msgc__sqlite_result(code);
	if (result == 0 && page->count == 0 && seq < page->head.seq)
		result = MSGC_EIO;
	msgc__sqlite_done(file, select);
	page->complete = seq >= page->head.seq;
	return result;
}

static int read_in(struct msgc__sqlite_file *file, const struct msgc__sqlite_read_args *args,
        struct msgc_arena *arena, struct msgc__page *page)
{
	int64_t stream = 0, first = 0;
	int result = read_head(file, args->group, &stream, &page->head);

	page->complete = true;
	if (result < 0 || !page->head.epoch[0])
		return result;
	result = read_first(file, stream, args, (int64_t)page->head.seq, &first);
	page->whole = result == 0 && strcmp(args->after.epoch, page->head.epoch) == 0 &&
	        args->after.seq <= page->head.seq && args->after.seq + 1 >= (uint64_t)first;
	if (page->whole && args->after.seq < page->head.seq)
		result = take_items(file, stream, args, arena, page);
	return result;
}

/* In one transaction, so that head and items are of one moment. */
int msgc__sqlite_read_page(struct msgc__sqlite_file *file,
        const struct msgc__sqlite_read_args *args, struct msgc_arena *arena, struct msgc__page *ret)
{
	struct msgc__page page = {.complete = true};
	int result = msgc__sqlite_run_plain(file, MSGC__SQL_BEGIN_READ);

	if (result < 0)
		return result;
	result = read_in(file, args, arena, &page);
	(void)msgc__sqlite_run_plain(file, MSGC__SQL_ROLLBACK);
	if (result == 0)
		*ret = page;
	return result;
}

/* ------------------------------------------------------------------------------------------ sweeping */

static int look_later(struct msgc__sqlite_file *file, int64_t stream, int64_t due)
{
	sqlite3_stmt *later = msgc__sqlite_use(file, MSGC__SQL_STREAM_LATER);

	sqlite3_bind_int64(later, 1, stream);
	sqlite3_bind_int64(later, 2, due);
	return msgc__sqlite_run(file, later);
}

static int forget(struct msgc__sqlite_file *file, int64_t stream)
{
	sqlite3_stmt *statement = msgc__sqlite_use(file, MSGC__SQL_STREAM_FORGET);

	sqlite3_bind_int64(statement, 1, stream);
	return msgc__sqlite_run(file, statement);
}

/* One stream whose turn has come: what is over goes; one that has been empty for long goes itself. */
static int sweep_stream(struct msgc__sqlite_file *file, int64_t stream, int64_t for_ms, int64_t at,
        int64_t now, int64_t forget_ms)
{
	struct place oldest = {0, 0, 0};
	int64_t due;
	int result = 0;

	if (for_ms > 0)
		result = trim(file, stream, 0, low(now, for_ms), SWEEP_ITEMS);
	if (result == 0)
		result = read_oldest(file, stream, &oldest);
	if (result < 0)
		return result;
	if (oldest.seq == 0 && at <= low(now, forget_ms))
		return forget(file, stream);
	if (oldest.seq == 0)
		due = at + forget_ms;
	else
		due = for_ms > 0 ? oldest.at + for_ms : now + forget_ms;
	if (due <= now && oldest.seq != 0)
		return 0; /* there is more of it: it stays the first in turn */
	return look_later(file, stream, due > now + SWEEP_PAUSE_MS ? due : now + SWEEP_PAUSE_MS);
}

static int old_streams(
        struct msgc__sqlite_file *file, int64_t now, int64_t (*ret)[3], int *ret_count)
{
	sqlite3_stmt *select = msgc__sqlite_use(file, MSGC__SQL_STREAMS_OLD);
	int count = 0, code = SQLITE_DONE;

	sqlite3_bind_int64(select, 1, now);
	sqlite3_bind_int64(select, 2, SWEEP_STREAMS);
	while (count < SWEEP_STREAMS && (code = msgc__sqlite_step(file, select)) == SQLITE_ROW) {
		for (int i = 0; i < 3; i++)
			ret[count][i] = sqlite3_column_int64(select, i);
		count++;
	}
	msgc__sqlite_done(file, select);
	*ret_count = count;
	return msgc__sqlite_result(code);
}

bool msgc__sqlite_is_dusty(struct msgc__sqlite_file *file, int64_t now)
{
	sqlite3_stmt *select = msgc__sqlite_use(file, MSGC__SQL_ANY_OLD);
	bool any;

	sqlite3_bind_int64(select, 1, now);
	any = msgc__sqlite_step(file, select) == SQLITE_ROW && sqlite3_column_int(select, 0) != 0;
	msgc__sqlite_done(file, select);
	return any;
}

int msgc__sqlite_sweep(struct msgc__sqlite_file *file, int64_t now, int64_t forget_ms,
        int64_t *key_bytes, bool *ret_more)
{
	int64_t streams[SWEEP_STREAMS][3];
	bool more_keys = false;
	int count = 0;
	int result = old_streams(file, now, streams, &count);

	for (int i = 0; result == 0 && i < count; i++)
		result = sweep_stream(
		        file, streams[i][0], streams[i][1], streams[i][2], now, forget_ms);
	if (result == 0)
		result = msgc__sqlite_sweep_keys(file, now, key_bytes, &more_keys);
	*ret_more = count == SWEEP_STREAMS || more_keys;
	return result;
}
