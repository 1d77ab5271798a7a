/* SPDX-License-Identifier: MIT */
/*
 * Rooms, who is in them and what is said there. Order within a room is the order of ids: SQLite has
 * one writer at a time.
 */
#include "store_db.h"

#include <stdlib.h>
#include <string.h>

enum { SLUG_TRIES = 1000, SLUG_DIGITS = 4 };

int store__room_insert(struct store *store, struct store_conn *conn, struct store_text slug,
        struct store_text title, int64_t *ret_id)
{
	struct store_query insert = store__query(conn, STORE_SQL_ROOM_INSERT);

	store__bind_text(&insert, 1, slug);
	store__bind_text(&insert, 2, title);
	store__bind_int(&insert, 3, store__now(store));
	return store__insert(&insert, ret_id);
}

int store__member_insert(
        struct store *store, struct store_conn *conn, int64_t room_id, int64_t user_id)
{
	struct store_query insert = store__query(conn, STORE_SQL_MEMBER_INSERT);

	store__bind_int(&insert, 1, room_id);
	store__bind_int(&insert, 2, user_id);
	store__bind_int(&insert, 3, store__now(store));
	return store__run(&insert);
}

static int column_room(const struct store_query *select, struct store_room *ret_room)
{
	int result = store__column_text(select, 1, ret_room->slug, sizeof ret_room->slug);

	if (!result)
		result = store__column_text(select, 2, ret_room->title, sizeof ret_room->title);
	ret_room->id = sqlite3_column_int64(select->statement, 0);
	ret_room->members = sqlite3_column_int64(select->statement, 3);
	ret_room->last_message_at = sqlite3_column_int64(select->statement, 4);
	ret_room->is_member = sqlite3_column_int64(select->statement, 5) != 0;
	return result;
}

static int take_room(struct store_query *select, struct store_room *ret_room)
{
	struct store_room room;
	int result = store__row(select);

	if (!result)
		result = column_room(select, &room);
	store__done(select);
	if (!result)
		*ret_room = room;
	return result;
}

static int room_by_id(
        struct store_conn *conn, int64_t room_id, int64_t user_id, struct store_room *ret_room)
{
	struct store_query select = store__query(conn, STORE_SQL_ROOM_BY_ID);

	store__bind_int(&select, 1, user_id);
	store__bind_int(&select, 2, room_id);
	return take_room(&select, ret_room);
}

int store_room_by_id(
        struct store *store, int64_t room_id, int64_t user_id, struct store_room *ret_room)
{
	struct store_conn *conn;
	int result = store__borrow(store, &conn);

	if (result)
		return result;
	result = room_by_id(conn, room_id, user_id, ret_room);
	store__return(store, conn);
	return result;
}

int store_room_by_slug(
        struct store *store, struct store_text slug, int64_t user_id, struct store_room *ret_room)
{
	struct store_query select;
	struct store_conn *conn;
	int result;

	if (!slug.len || slug.len > STORE_SLUG_MAX)
		return STORE_ENOTFOUND;
	result = store__borrow(store, &conn);
	if (result)
		return result;
	select = store__query(conn, STORE_SQL_ROOM_BY_SLUG);
	store__bind_int(&select, 1, user_id);
	store__bind_text(&select, 2, slug);
	result = take_room(&select, ret_room);
	store__return(store, conn);
	return result;
}

static int check_room_count(struct store_conn *conn)
{
	struct store_query select = store__query(conn, STORE_SQL_ROOM_COUNT);
	int result = store__row(&select);

	if (!result && sqlite3_column_int64(select.statement, 0) >= STORE_ROOMS_MAX)
		result = STORE_ELIMIT;
	store__done(&select);
	return result;
}

/*
 * "engine-room", then "engine-room-2" and on: inside the transaction, so that nobody takes it in
 * between.
 */
static int insert_with_slug(
        struct store *store, struct store_conn *conn, struct store_text title, int64_t *ret_id)
{
	char slug[STORE_SLUG_MAX + 1];
	size_t stem_len;
	int result;
	unsigned n;

	store__slug(title, 1 + SLUG_DIGITS, slug);
	stem_len = strlen(slug);
	result =
	        store__room_insert(store, conn, (struct store_text){slug, stem_len}, title, ret_id);
	for (n = 2; result == STORE_ETAKEN && n < SLUG_TRIES; n++) {
		sqlite3_snprintf((int)(sizeof slug - stem_len), slug + stem_len, "-%u", n);
		result = store__room_insert(
		        store, conn, (struct store_text){slug, strlen(slug)}, title, ret_id);
	}
	return result;
}

int store_room_create(
        struct store *store, int64_t user_id, struct store_text title, struct store_room *ret_room)
{
	struct store_room room;
	struct store_conn *conn;
	int64_t id = 0;
	int result;

	if (!store__text_fits(title, 1, STORE_TITLE_MAX, true))
		return STORE_EINVAL;
	result = store__borrow(store, &conn);
	if (result)
		return result;
	result = store__begin(conn);
	if (!result) {
		result = check_room_count(conn);
		if (!result)
			result = insert_with_slug(store, conn, title, &id);
		if (!result)
			result = store__member_insert(store, conn, id, user_id);
		if (!result)
			result = room_by_id(conn, id, user_id, &room);
		result = store__end(conn, result);
	}
	store__return(store, conn);
	if (!result)
		*ret_room = room;
	return result;
}

int store_rooms_list(struct store *store, int64_t user_id, struct store_rooms *ret_rooms)
{
	struct store_rooms rooms = {0, calloc(STORE_ROOMS_MAX, sizeof *rooms.items)};
	struct store_query select;
	struct store_conn *conn;
	int result;

	if (!rooms.items)
		return STORE_ENOMEM;
	result = store__borrow(store, &conn);
	if (!result) {
		select = store__query(conn, STORE_SQL_ROOM_LIST);
		store__bind_int(&select, 1, user_id);
		store__bind_int(&select, 2, STORE_ROOMS_MAX);
		while (rooms.count < STORE_ROOMS_MAX && !(result = store__row(&select)) &&
		        !(result = column_room(&select, &rooms.items[rooms.count])))
			rooms.count++;
		store__done(&select);
		store__return(store, conn);
	}
	if (result && result != STORE_ENOTFOUND) {
		store_rooms_free(&rooms);
		return result;
	}
	*ret_rooms = rooms;
	return STORE_OK;
}

void store_rooms_free(struct store_rooms *rooms)
{
	if (!rooms)
		return;
	free(rooms->items);
	*rooms = (struct store_rooms){0, NULL};
}

int store_room_join(struct store *store, int64_t room_id, int64_t user_id)
{
	struct store_conn *conn;
	int result = store__borrow(store, &conn);

	if (result)
		return result;
	result = store__member_insert(store, conn, room_id, user_id);
	store__return(store, conn);
	return result;
}

int store_is_member(struct store *store, int64_t room_id, int64_t user_id, bool *ret_is_member)
{
	struct store_query select;
	struct store_conn *conn;
	int result = store__borrow(store, &conn);

	if (result)
		return result;
	select = store__query(conn, STORE_SQL_MEMBER_EXISTS);
	store__bind_int(&select, 1, room_id);
	store__bind_int(&select, 2, user_id);
	result = store__row(&select);
	store__done(&select);
	store__return(store, conn);
	if (result && result != STORE_ENOTFOUND)
		return result;
	*ret_is_member = result == STORE_OK;
	return STORE_OK;
}

static int insert_message(struct store_conn *conn, int64_t room_id, int64_t user_id,
        struct store_text body, int64_t now, int64_t *ret_id)
{
	struct store_query insert = store__query(conn, STORE_SQL_MESSAGE_INSERT);
	int result;

	store__bind_int(&insert, 1, room_id);
	store__bind_int(&insert, 2, user_id);
	store__bind_text(&insert, 3, body);
	store__bind_int(&insert, 4, now);
	result = store__insert(&insert, ret_id);
	return result == STORE_ENOTFOUND ? STORE_EDENIED : result;
}

int store_message_append(struct store *store, int64_t room_id, int64_t user_id,
        struct store_text body, int64_t *ret_id, int64_t *ret_created_at)
{
	return store_message_append_with(
	        store, room_id, user_id, body, NULL, ret_id, ret_created_at);
}

int store_message_append_with(struct store *store, int64_t room_id, int64_t user_id,
        struct store_text body, const struct store_companion *companion, int64_t *ret_id,
        int64_t *ret_created_at)
{
	struct store_conn *conn;
	int64_t now = store__now(store), id = 0;
	int result;

	if (!store__text_fits(body, 1, STORE_BODY_MAX, false))
		return STORE_EINVAL;
	result = store__borrow(store, &conn);
	if (result)
		return result;
	result = store__begin(conn);
	if (!result) {
		result = insert_message(conn, room_id, user_id, body, now, &id);
		if (!result && companion)
			result = companion->commit(companion->context, conn->db, id, now);
		else
			result = store__end(conn, result);
		if (result && !sqlite3_get_autocommit(conn->db))
			result = store__end(conn, result); /* the companion could not even begin */
	}
	store__return(store, conn);
	if (result)
		return result;
	*ret_id = id;
	*ret_created_at = now;
	return STORE_OK;
}

static int column_message(const struct store_query *select, struct store_message *ret_message)
{
	struct store_text body;
	char *copy;
	int result = store__column_text(select, 3, ret_message->name, sizeof ret_message->name);

	if (!result)
		result = store__column_text(
		        select, 4, ret_message->display, sizeof ret_message->display);
	if (!result)
		result = store__column(select, 5, STORE_BODY_MAX * 4, &body);
	if (result)
		return result;
	copy = malloc(body.len + 1);
	if (!copy)
		return STORE_ENOMEM;
	memcpy(copy, body.ptr, body.len);
	copy[body.len] = '\0';
	ret_message->body = (struct store_text){copy, body.len};
	ret_message->id = sqlite3_column_int64(select->statement, 0);
	ret_message->user_id = sqlite3_column_int64(select->statement, 1);
	ret_message->created_at = sqlite3_column_int64(select->statement, 2);
	return STORE_OK;
}

int store_messages_last(
        struct store *store, int64_t room_id, unsigned limit, struct store_messages *ret_messages)
{
	struct store_messages messages = {0, calloc(STORE_HISTORY_MAX, sizeof *messages.items)};
	struct store_query select;
	struct store_conn *conn;
	int result;

	if (!messages.items)
		return STORE_ENOMEM;
	limit = limit < STORE_HISTORY_MAX ? limit : STORE_HISTORY_MAX;
	result = store__borrow(store, &conn);
	if (!result) {
		select = store__query(conn, STORE_SQL_MESSAGE_LAST);
		store__bind_int(&select, 1, room_id);
		store__bind_int(&select, 2, limit);
		while (messages.count < limit && !(result = store__row(&select)) &&
		        !(result = column_message(&select, &messages.items[messages.count])))
			messages.count++;
		store__done(&select);
		store__return(store, conn);
	}
	if (result && result != STORE_ENOTFOUND) {
		store_messages_free(&messages);
		return result;
	}
	*ret_messages = messages;
	return STORE_OK;
}

void store_messages_free(struct store_messages *messages)
{
	size_t i;

	if (!messages)
		return;
	for (i = 0; i < messages->count; i++)
		free((char *)messages->items[i].body.ptr);
	free(messages->items);
	*messages = (struct store_messages){0, NULL};
}
