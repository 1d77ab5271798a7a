/* SPDX-License-Identifier: MIT */
/*
 * Users: one allocation each, shared by reference. It must not know how a user was recognised.
 */
#include "user.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

static struct msgc_str copy(char **at, struct msgc_str s)
{
	char *to = *at;

	if (s.len > 0)
		memcpy(to, s.ptr, s.len);
	to[s.len] = '\0';
	*at += s.len + 1;
	return msgc_str_of(to, s.len);
}

static uint64_t key_hash(const struct msgc_user *user)
{
	uint64_t hash;

	if (user->id.len == 0)
		return 0;
	hash = msgc_hash_bytes(0, user->realm.ptr, user->realm.len);
	hash = msgc_hash_bytes(hash, user->id.ptr, user->id.len);
	return hash ? hash : 1;
}

int msgc__user_new(const struct msgc_user *answered, const char *realm, struct msgc__user **ret)
{
	struct msgc_str realm_text =
	        answered->realm.len > 0 ? answered->realm : msgc_str_from(realm);
	size_t text = realm_text.len + answered->id.len + answered->name.len + 3;
	struct msgc__user *user = calloc(1, sizeof *user + text);
	char *at;

	if (!user) {
		if (answered->release)
			answered->release(answered->data);
		return MSGC_ENOMEM;
	}
	at = (char *)(user + 1);
	user->is = *answered;
	user->is.realm = copy(&at, realm_text);
	user->is.id = copy(&at, answered->id);
	user->is.name = copy(&at, answered->name);
	user->hash = key_hash(&user->is);
	atomic_init(&user->refs, 1);
	*ret = user;
	return 0;
}

struct msgc__user *msgc__user_ref(struct msgc__user *user)
{
	if (user)
		atomic_fetch_add_explicit(&user->refs, 1, memory_order_relaxed);
	return user;
}

void msgc__user_unref(struct msgc__user *user)
{
	if (!user || atomic_fetch_sub_explicit(&user->refs, 1, memory_order_acq_rel) != 1)
		return;
	if (user->is.release)
		user->is.release(user->is.data);
	free(user);
}

bool msgc__user_same(const struct msgc__user *a, const struct msgc__user *b)
{
	if (!a || !b || a->hash != b->hash)
		return false;
	return a == b ? a->hash != 0 : msgc_user_equal(&a->is, &b->is);
}

bool msgc_user_is_anonymous(const struct msgc_user *user)
{
	return !user || user->id.len == 0;
}

bool msgc_user_equal(const struct msgc_user *a, const struct msgc_user *b)
{
	return !msgc_user_is_anonymous(a) && !msgc_user_is_anonymous(b) &&
	        msgc_str_equal(a->id, b->id) && msgc_str_equal(a->realm, b->realm);
}
