/* SPDX-License-Identifier: MIT */
/*
 * Keys and options as a server's authentication kind `jwt`. The only file of this folder that knows of servers, through their public
 * header.
 */
#include "jwt_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct context {
	pthread_rwlock_t lock; /* of keys, which a reload replaces */
	struct msgc_jwt_keys *keys;
	char *path; /* of their file; NULL: none */
	struct msgc_jwt_options options;
	char *texts[5]; /* what options points to */
	struct msgc_server *server;
};

static void release(void *arg)
{
	struct context *context = arg;

	if (context->server)
		(void)msgc_server_on_reload(context->server, NULL, context);
	for (size_t i = 0; i < sizeof(context->texts) / sizeof(context->texts[0]); i++)
		free(context->texts[i]);
	msgc_jwt_keys_free(context->keys);
	free(context->path);
	pthread_rwlock_destroy(&context->lock);
	free(context);
}

static int verify(void *arg, struct msgc_str token, int64_t now, struct msgc_arena *arena,
        struct msgc_user *ret_user)
{
	struct context *context = arg;
	const char *reason = NULL;
	int result;

	pthread_rwlock_rdlock(&context->lock);
	result = msgc_jwt_verify(
	        context->keys, &context->options, token, now, arena, ret_user, &reason);
	pthread_rwlock_unlock(&context->lock);

	/* The reason is a constant; the token itself is never logged. */
	if (result == MSGC_EUNAUTHENTICATED)
		msgc_log(context->server, MSGC_LOG_DEBUG, "jwt.refused", "reason=%s", reason);
	return result;
}

/* On a pool thread; tokens go on being verified meanwhile, with the old keys. */
static int reload(void *arg)
{
	struct context *context = arg;
	struct msgc_jwt_keys *keys, *before;
	char reason[256];
	int result = msgc_jwt_keys_load(context->path, &keys, reason);

	if (result < 0) {
		msgc_log(context->server, MSGC_LOG_ERROR, "jwt.not_reloaded", "detail=%s", reason);
		return result;
	}
	pthread_rwlock_wrlock(&context->lock);
	before = context->keys;
	context->keys = keys;
	pthread_rwlock_unlock(&context->lock);
	msgc_jwt_keys_free(before);
	msgc_log(context->server, MSGC_LOG_INFO, "jwt.reloaded", "keys=%zu", keys->count);
	return MSGC_OK;
}

static bool copy_text(char **slot, const char *text, const char **ret)
{
	if (text) {
		*slot = strdup(text);
		*ret = *slot;
	}
	return !text || *slot;
}

static struct context *context_new(const struct msgc_jwt_options *options)
{
	struct context *context = calloc(1, sizeof(*context));
	struct msgc_jwt_options *copy;

	if (!context)
		return NULL;
	pthread_rwlock_init(&context->lock, NULL);
	copy = &context->options;
	*copy = *options;
	if (copy_text(&context->texts[0], options->issuer, &copy->issuer) &&
	        copy_text(&context->texts[1], options->audience, &copy->audience) &&
	        copy_text(&context->texts[2], options->realm, &copy->realm) &&
	        copy_text(&context->texts[3], options->name_claim, &copy->name_claim) &&
	        copy_text(&context->texts[4], options->cookie_name, &copy->cookie_name))
		return context;
	release(context);
	return NULL;
}

static int use(struct msgc_server *server, struct msgc_jwt_keys *keys, const char *path,
        const struct msgc_jwt_options *options)
{
	static const struct msgc_jwt_options defaults;
	struct context *context;

	if (!options)
		options = &defaults;
	if (!keys || keys->count == 0) {
		msgc_jwt_keys_free(keys);
		return msgc_server_fail(server, "jwt: there is no key");
	}
	if (options->leeway_seconds < 0 || options->leeway_seconds > MSGC__JWT_LEEWAY_MAX) {
		msgc_jwt_keys_free(keys);
		return msgc_server_fail(
		        server, "jwt: leeway_seconds must be 0 to %d", MSGC__JWT_LEEWAY_MAX);
	}
	context = context_new(options);
	if (!context) {
		msgc_jwt_keys_free(keys);
		return msgc_server_fail(server, "jwt: no memory");
	}
	context->keys = keys;
	context->server = server;
	if (path) {
		context->path = strdup(path);
		if (!context->path || msgc_server_on_reload(server, reload, context) < 0) {
			release(context);
			return msgc_server_fail(server, "jwt: no memory");
		}
	}
	msgc_server_use_tokens(server, verify, context->options.cookie_name, context, release);
	return MSGC_OK;
}

int msgc_server_use_jwt(struct msgc_server *server, struct msgc_jwt_keys *keys,
        const struct msgc_jwt_options *options)
{
	return use(server, keys, NULL, options);
}

int msgc_server_use_jwt_file(
        struct msgc_server *server, const char *path, const struct msgc_jwt_options *options)
{
	struct msgc_jwt_keys *keys;
	char reason[256];

	if (msgc_jwt_keys_load(path, &keys, reason) < 0)
		return msgc_server_fail(server, "jwt: %s", reason);
	return use(server, keys, path, options);
}
