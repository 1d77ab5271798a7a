/* SPDX-License-Identifier: MIT */
/*
 * Users and their sessions. Passwords are kept as argon2id strings, sessions as BLAKE2b hashes of
 * their tokens. Nothing here knows of cookies or of how often somebody may try.
 */
#include "store_db.h"

#include <string.h>

enum { TOKEN_BYTES = 32, HASH_BYTES = 32 };

static struct store_text text_of(const char *c_string)
{
	return (struct store_text){c_string, strlen(c_string)};
}

int store__password_hash(struct store_text password, char ret_hash[crypto_pwhash_STRBYTES])
{
	if (crypto_pwhash_str(ret_hash, password.ptr, password.len,
	            crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE))
		return STORE_ENOMEM;
	return STORE_OK;
}

int store__user_insert(struct store *store, struct store_conn *conn, const struct store_user *user,
        const char *hash, int64_t *ret_id)
{
	struct store_query insert = store__query(conn, STORE_SQL_USER_INSERT);

	store__bind_text(&insert, 1, text_of(user->name));
	store__bind_text(&insert, 2, text_of(user->display));
	store__bind_text(&insert, 3, text_of(hash));
	store__bind_int(&insert, 4, store__now(store));
	return store__insert(&insert, ret_id);
}

int store_user_create(struct store *store, struct store_text name, struct store_text display,
        struct store_text password, struct store_user *ret_user)
{
	char hash[crypto_pwhash_STRBYTES];
	struct store_user user = {0};
	struct store_conn *conn;
	int result;

	if (!display.len)
		display = name;
	if (!store__name_fits(name) || !store__text_fits(display, 1, STORE_DISPLAY_MAX, true) ||
	        password.len < STORE_PASSWORD_MIN || password.len > STORE_PASSWORD_MAX)
		return STORE_EINVAL;
	memcpy(user.name, name.ptr, name.len);
	memcpy(user.display, display.ptr, display.len);
	/* Before a connection is borrowed: a slow hash holds up nobody. */
	result = store__password_hash(password, hash);
	if (!result)
		result = store__borrow(store, &conn);
	if (result)
		return result;
	result = store__user_insert(store, conn, &user, hash, &user.id);
	store__return(store, conn);
	if (!result)
		*ret_user = user;
	return result;
}

static int column_user(const struct store_query *select, struct store_user *ret_user)
{
	int result = store__column_text(select, 1, ret_user->name, sizeof ret_user->name);

	ret_user->id = sqlite3_column_int64(select->statement, 0);
	if (!result)
		result = store__column_text(select, 2, ret_user->display, sizeof ret_user->display);
	return result;
}

/* ENOTFOUND: no such user. */
static int user_by_name(struct store *store, struct store_text name, struct store_user *ret_user,
        char ret_hash[crypto_pwhash_STRBYTES])
{
	struct store_query select;
	struct store_conn *conn;
	int result = store__borrow(store, &conn);

	if (result)
		return result;
	select = store__query(conn, STORE_SQL_USER_BY_NAME);
	store__bind_text(&select, 1, name);
	result = store__row(&select);
	if (!result)
		result = column_user(&select, ret_user);
	if (!result)
		result = store__column_text(&select, 3, ret_hash, crypto_pwhash_STRBYTES);
	store__done(&select);
	store__return(store, conn);
	return result;
}

int store_user_login(struct store *store, struct store_text name, struct store_text password,
        struct store_user *ret_user)
{
	char hash[crypto_pwhash_STRBYTES];
	struct store_user user;
	bool known = store__name_fits(name) && password.len <= STORE_PASSWORD_MAX;
	int result = known ? user_by_name(store, name, &user, hash) : STORE_ENOTFOUND;

	if (result == STORE_ENOTFOUND)
		known = false;
	else if (result)
		return result;
	if (!known) {
		memcpy(hash, store->nobodys_hash, sizeof hash);
		password.len =
		        password.len > STORE_PASSWORD_MAX ? STORE_PASSWORD_MAX : password.len;
	}
	if (crypto_pwhash_str_verify(hash, password.len ? password.ptr : "", password.len) ||
	        !known)
		return STORE_EDENIED;
	*ret_user = user;
	return STORE_OK;
}

/* What is stored in place of a token. False: it is none. */
static bool token_hash(struct store_text token, unsigned char ret_hash[HASH_BYTES])
{
	unsigned char bytes[TOKEN_BYTES];
	size_t len = 0;

	if (token.len != STORE_TOKEN_LEN ||
	        sodium_base642bin(bytes, sizeof bytes, token.ptr, token.len, NULL, &len, NULL,
	                sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
	        len != sizeof bytes)
		return false;
	crypto_generichash(ret_hash, HASH_BYTES, bytes, sizeof bytes, NULL, 0);
	return true;
}

static int delete_by_hash(struct store_conn *conn, const unsigned char hash[HASH_BYTES])
{
	struct store_query query = store__query(conn, STORE_SQL_SESSION_DELETE);

	store__bind_blob(&query, 1, hash, HASH_BYTES);
	return store__run(&query);
}

static int session_insert(
        struct store_conn *conn, const unsigned char hash[HASH_BYTES], int64_t user_id, int64_t now)
{
	struct store_query insert = store__query(conn, STORE_SQL_SESSION_INSERT);

	store__bind_blob(&insert, 1, hash, HASH_BYTES);
	store__bind_int(&insert, 2, user_id);
	store__bind_int(&insert, 3, now);
	store__bind_int(&insert, 4, now + STORE_SESSION_MS);
	return store__run(&insert);
}

/* Removes what has expired, and the oldest of a user who has too many. */
static int sessions_prune(struct store_conn *conn, int64_t user_id, int64_t now)
{
	struct store_query query = store__query(conn, STORE_SQL_SESSION_EXPIRE);
	int result;

	store__bind_int(&query, 1, now);
	result = store__run(&query);
	if (result)
		return result;
	query = store__query(conn, STORE_SQL_SESSION_PRUNE);
	store__bind_int(&query, 1, user_id);
	store__bind_int(&query, 2, STORE_SESSIONS_MAX);
	return store__run(&query);
}

int store_session_rotate(struct store *store, struct store_text old_token, int64_t user_id,
        char ret_token[STORE_TOKEN_LEN + 1])
{
	unsigned char bytes[TOKEN_BYTES], hash[HASH_BYTES], old_hash[HASH_BYTES];
	struct store_conn *conn;
	int64_t now = store__now(store);
	int result = store__borrow(store, &conn);

	if (result)
		return result;
	randombytes_buf(bytes, sizeof bytes);
	crypto_generichash(hash, sizeof hash, bytes, sizeof bytes, NULL, 0);
	result = store__begin(conn);
	if (!result) {
		if (token_hash(old_token, old_hash))
			result = delete_by_hash(conn, old_hash);
		if (!result)
			result = session_insert(conn, hash, user_id, now);
		if (!result)
			result = sessions_prune(conn, user_id, now);
		result = store__end(conn, result);
	}
	store__return(store, conn);
	if (!result)
		sodium_bin2base64(ret_token, STORE_TOKEN_LEN + 1, bytes, sizeof bytes,
		        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
	return result;
}

int store_session_create(struct store *store, int64_t user_id, char ret_token[STORE_TOKEN_LEN + 1])
{
	return store_session_rotate(store, (struct store_text){NULL, 0}, user_id, ret_token);
}

/*
 * A courtesy: what goes wrong here (a lock, a full disk) must neither delay nor fail the look-up.
 */
static void session_touch(struct store *store, struct store_conn *conn,
        const unsigned char hash[HASH_BYTES], int64_t now)
{
	struct store_query update = store__query(conn, STORE_SQL_SESSION_TOUCH);

	store__bind_blob(&update, 1, hash, HASH_BYTES);
	store__bind_int(&update, 2, now);
	sqlite3_busy_timeout(conn->db, 0);
	store__run(&update);
	sqlite3_busy_timeout(conn->db, (int)store->options.busy_timeout_ms);
}

static int session_select(struct store_conn *conn, const unsigned char hash[HASH_BYTES],
        int64_t now, struct store_session *ret_session, int64_t *ret_seen_at)
{
	struct store_query select = store__query(conn, STORE_SQL_SESSION_LOOKUP);
	int result;

	store__bind_blob(&select, 1, hash, HASH_BYTES);
	store__bind_int(&select, 2, now);
	result = store__row(&select);
	if (!result) {
		result = column_user(&select, &ret_session->user);
		ret_session->created_at = sqlite3_column_int64(select.statement, 3);
		ret_session->expires_at = sqlite3_column_int64(select.statement, 4);
		*ret_seen_at = sqlite3_column_int64(select.statement, 5);
	}
	store__done(&select);
	return result;
}

int store_session_lookup(
        struct store *store, struct store_text token, struct store_session *ret_session)
{
	unsigned char hash[HASH_BYTES];
	struct store_session session;
	struct store_conn *conn;
	int64_t now = store__now(store), seen_at = 0;
	int result;

	if (!token_hash(token, hash))
		return STORE_ENOTFOUND;
	result = store__borrow(store, &conn);
	if (result)
		return result;
	result = session_select(conn, hash, now, &session, &seen_at);
	if (!result && now - seen_at > STORE_TOUCH_MS)
		session_touch(store, conn, hash, now);
	store__return(store, conn);
	if (!result)
		*ret_session = session;
	return result;
}

int store_session_delete(struct store *store, struct store_text token)
{
	unsigned char hash[HASH_BYTES];
	struct store_conn *conn;
	int result;

	if (!token_hash(token, hash))
		return STORE_OK;
	result = store__borrow(store, &conn);
	if (result)
		return result;
	result = delete_by_hash(conn, hash);
	store__return(store, conn);
	return result;
}
