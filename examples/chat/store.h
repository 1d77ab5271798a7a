/* SPDX-License-Identifier: MIT */
/*
 * The chat's store: users, sessions, rooms, members and messages in one SQLite file. It knows
 * nothing of sockets, HTTP or the contract; whoever calls it turns its results into messages.
 *
 * Threads: one handle serves any number of threads. Behind it stands a small pool of connections;
 * every call borrows one for its length and waits, at most `busy_timeout_ms`, for one to come back.
 * Every function but store_strerror() may block, store_user_create() and store_user_login() for the
 * tenth of a second that an argon2id hash takes, so call them on pool threads. store_open() and
 * store_close() want the handle for themselves.
 *
 * Results: 0 or a negative STORE_E… code; `ret_…` is written on success only. What a call has
 * acknowledged with 0 is on disk (WAL, synchronous FULL); after any other result nothing of the
 * call has been stored. Times are milliseconds since 1970-01-01T00:00:00Z.
 */
#ifndef CHAT_STORE_H
#define CHAT_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STORE_OK = 0,
	STORE_EINVAL = -1,      /* a value outside its bounds; nothing was looked up */
	STORE_ENOMEM = -2,      /* no memory */
	STORE_EBUSY = -3,       /* locked, or the pool in use, for the whole timeout: try later */
	STORE_EFULL = -4,       /* no room on the disk or under `max_pages`; reads go on */
	STORE_ECORRUPT = -5,    /* the file is damaged, or no database at all */
	STORE_EIO = -6,         /* the file cannot be opened, read or written */
	STORE_ETAKEN = -7,      /* the name is somebody else's */
	STORE_ECONSTRAINT = -8, /* it refers to something that does not exist */
	STORE_ENOTFOUND = -9,   /* no such user, session or room */
	STORE_EDENIED = -10,    /* wrong name or password; not a member */
	STORE_ELIMIT = -11,     /* as many as there may be */
	STORE_EVERSION = -12, /* a database of another program, or of a newer version of this one */
	STORE_EUNKNOWN = -13, /* from a companion: nobody knows whether it has been stored */
};

/* A short English sentence without a final dot, for logs and people. Never NULL. */
const char *store_strerror(int code);

/* Bounds. "Points" are Unicode code points; a point has at most four bytes. */
enum {
	STORE_NAME_MIN = 3, /* bytes, of a-z 0-9 _ */
	STORE_NAME_MAX = 32,
	STORE_DISPLAY_MAX = 40, /* points, no control characters */
	STORE_PASSWORD_MIN = 8, /* bytes, any */
	STORE_PASSWORD_MAX = 256,
	STORE_SLUG_MAX = 48,     /* bytes, of a-z 0-9 - */
	STORE_TITLE_MAX = 60,    /* points, no control characters */
	STORE_BODY_MAX = 2000,   /* points, any */
	STORE_ROOMS_MAX = 120,   /* in all; one page follows them, within max-topics: 128 */
	STORE_SESSIONS_MAX = 20, /* per user; the oldest gives way */
	STORE_HISTORY_MAX = 50,  /* messages in one answer */
	STORE_TOKEN_LEN = 43,    /* a session's token: base64url of 32 random bytes */
};

#define STORE_SESSION_MS (INT64_C(14) * 24 * 60 * 60 * 1000)
#define STORE_TOUCH_MS   (INT64_C(5) * 60 * 1000) /* `last seen` is at most this much behind */

/* Borrowed UTF-8, counted in bytes; need not end in NUL, may hold one. */
struct store_text {
	const char *ptr;
	size_t len;
};

struct store_user {
	int64_t id;
	char name[STORE_NAME_MAX + 1];
	char display[STORE_DISPLAY_MAX * 4 + 1];
};

struct store_session {
	struct store_user user;
	int64_t created_at;
	int64_t expires_at;
};

struct store_room {
	int64_t id;
	char slug[STORE_SLUG_MAX + 1];
	char title[STORE_TITLE_MAX * 4 + 1];
	int64_t members;
	int64_t last_message_at; /* 0: none yet */
	bool is_member;          /* the user that was asked for; false for user 0 */
};

struct store_rooms {
	size_t count;
	struct store_room *items;
};

struct store_message {
	int64_t id; /* rises in the order of storing, over all rooms; never used twice */
	int64_t user_id;
	int64_t created_at;
	char name[STORE_NAME_MAX + 1];
	char display[STORE_DISPLAY_MAX * 4 + 1];
	struct store_text body; /* owned by the list; a NUL byte follows it */
};

struct store_messages {
	size_t count;
	struct store_message *items;
};

/* All zeros: the defaults in brackets. */
struct store_options {
	unsigned connections;     /* in the pool, 1 to 16 [4] */
	unsigned busy_timeout_ms; /* how long to wait for a lock or a connection [2000] */
	unsigned max_pages; /* largest size of the database in pages of 4 KiB [no limit of ours] */
	bool demo; /* in a new database: users ada and grace, a room they share, an empty one */
	int64_t (*now_ms)(void *now_ctx); /* another clock, called from any thread [the system's] */
	void *now_ctx;
};

struct store;

/*
 * Opens `path`, creating the file (mode 0600) and its tables if they are missing, whole or not at
 * all. `options` may be NULL. EIO, ECORRUPT, EVERSION, EBUSY, EFULL, ENOMEM; EINVAL for options out
 * of range.
 */
int store_open(const char *path, const struct store_options *options, struct store **ret_store);
/* No call may be under way. Accepts NULL. */
void store_close(struct store *store);

/*
 * A new user. An empty display name means the name itself. EINVAL: some value is outside its
 * bounds; ETAKEN: somebody has that name.
 */
int store_user_create(struct store *store, struct store_text name, struct store_text display,
        struct store_text password, struct store_user *ret_user);
/*
 * Checks a password. EDENIED does not say whether the name or the password was wrong, and takes the
 * same time for both: a name that does not exist, or a value outside its bounds, is checked against
 * a hash that nothing matches.
 */
int store_user_login(struct store *store, struct store_text name, struct store_text password,
        struct store_user *ret_user);

/*
 * Starts a session. Only a hash of the token is stored: what a thief reads in the file opens
 * nothing. Sessions that have expired are removed on the way. ECONSTRAINT: no such user.
 */
int store_session_create(struct store *store, int64_t user_id, char ret_token[STORE_TOKEN_LEN + 1]);
/*
 * The same, and the session of `old_token`, if there is one, ends in the same step: what a login
 * does.
 */
int store_session_rotate(struct store *store, struct store_text old_token, int64_t user_id,
        char ret_token[STORE_TOKEN_LEN + 1]);
/*
 * ENOTFOUND: no such session, expired, or not a token at all. Never waits for a lock to note when
 * it was last seen.
 */
int store_session_lookup(
        struct store *store, struct store_text token, struct store_session *ret_session);
/* Ends a session; 0 as well if there is none. */
int store_session_delete(struct store *store, struct store_text token);

/*
 * Opens a room and makes `user_id` its first member. The slug is made from the title: its ASCII
 * letters and digits in lower case, "-" for the rest, and a number where that is taken. EINVAL,
 * ELIMIT, ECONSTRAINT: no such user.
 */
int store_room_create(
        struct store *store, int64_t user_id, struct store_text title, struct store_room *ret_room);
/* All rooms, the user's own first, then by title. Release with store_rooms_free(). */
int store_rooms_list(struct store *store, int64_t user_id, struct store_rooms *ret_rooms);
void store_rooms_free(struct store_rooms *rooms);
int store_room_by_slug(
        struct store *store, struct store_text slug, int64_t user_id, struct store_room *ret_room);
int store_room_by_id(
        struct store *store, int64_t room_id, int64_t user_id, struct store_room *ret_room);
/* 0 as well for who is a member already. ECONSTRAINT: no such room or user. */
int store_room_join(struct store *store, int64_t room_id, int64_t user_id);
int store_is_member(struct store *store, int64_t room_id, int64_t user_id, bool *ret_is_member);

/*
 * Stores what a member says; membership is checked in the same step. EINVAL: empty, too long or no
 * UTF-8; EDENIED: not a member, or no such room.
 */
int store_message_append(struct store *store, int64_t room_id, int64_t user_id,
        struct store_text body, int64_t *ret_id, int64_t *ret_created_at);
/*
 * What else belongs to a message, in one transaction with its row: called when the row has been written, on the connection that wrote it. It
 * ends the transaction: STORE_OK says that it has been committed, anything else that it has been rolled back.
 */
struct sqlite3;
struct store_companion {
	int (*commit)(void *context, struct sqlite3 *db, int64_t id, int64_t created_at);
	void *context;
};
int store_message_append_with(struct store *store, int64_t room_id, int64_t user_id,
        struct store_text body, const struct store_companion *companion, int64_t *ret_id,
        int64_t *ret_created_at);
/*
 * The last `limit` (at most STORE_HISTORY_MAX) messages, oldest first. Release with
 * store_messages_free().
 */
int store_messages_last(
        struct store *store, int64_t room_id, unsigned limit, struct store_messages *ret_messages);
void store_messages_free(struct store_messages *messages);

#endif
