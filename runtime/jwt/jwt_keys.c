/* SPDX-License-Identifier: MIT */
/*
 * Keys, each with its one algorithm. What is added is checked here once, so that verifying meets only keys that fit.
 */
#define _GNU_SOURCE 1 /* memmem */

#include "jwt_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

struct msgc_jwt_keys *msgc_jwt_keys_new(void)
{
	return calloc(1, sizeof(struct msgc_jwt_keys));
}

static void key_free(struct msgc__jwt_key *key)
{
	if (key->secret)
		OPENSSL_cleanse(key->secret, key->secret_len);
	free(key->secret);
	free(key->kid);
	EVP_PKEY_free(key->public_key);
}

void msgc_jwt_keys_free(struct msgc_jwt_keys *keys)
{
	if (!keys)
		return;
	for (size_t i = 0; i < keys->count; i++)
		key_free(&keys->items[i]);
	free(keys->items);
	free(keys);
}

/* A library must not ask the terminal for a password. */
static int no_password(char *buffer, int size, int writing, void *context)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)context;
	return -1;
}

/* One PEM block and nothing else but white space behind it. */
static EVP_PKEY *read_pem(struct msgc_str text)
{
	BIO *bio = text.len <= 64 * 1024 ? BIO_new_mem_buf(text.ptr, (int)text.len) : NULL;
	EVP_PKEY *key = bio ? PEM_read_bio_PUBKEY(bio, NULL, no_password, NULL) : NULL;
	char rest;

	while (key && BIO_read(bio, &rest, 1) == 1) {
		if (!isspace((unsigned char)rest)) {
			EVP_PKEY_free(key);
			key = NULL;
		}
	}
	BIO_free(bio);
	ERR_clear_error();
	return key;
}

static const char *check_ec(EVP_PKEY *key)
{
	char group[64];
	size_t len;

	if (!EVP_PKEY_is_a(key, "EC") ||
	        !EVP_PKEY_get_utf8_string_param(
	                key, OSSL_PKEY_PARAM_GROUP_NAME, group, sizeof(group), &len) ||
	        strcmp(group, "prime256v1") != 0)
		return "ES256 needs a public key on the curve P-256";
	return NULL;
}

static const char *check_public(enum msgc_jwt_algorithm algorithm, EVP_PKEY *key)
{
	if (!key)
		return "the key is no PEM with one public key (BEGIN PUBLIC KEY)";
	switch (algorithm) {
	case MSGC_JWT_RS256:
		if (!EVP_PKEY_is_a(key, "RSA"))
			return "RS256 needs an RSA public key";
		return EVP_PKEY_get_bits(key) < 2048 ? "RSA keys must have at least 2048 bits"
		                                     : NULL;
	case MSGC_JWT_ES256: return check_ec(key);
	case MSGC_JWT_EDDSA:
		return EVP_PKEY_is_a(key, "ED25519") ? NULL : "EdDSA needs an Ed25519 public key";
	default: return "unknown algorithm";
	}
}

static const char *check_secret(struct msgc_str secret)
{
	static const char pem[] = "-----BEGIN ";

	if (secret.len < MSGC__JWT_SECRET_MIN)
		return "a secret must have at least 32 bytes";
	if (secret.len > MSGC__JWT_SECRET_MAX)
		return "a secret must have at most 4096 bytes";
	/* A public key is no secret: whoever has it could make tokens. */
	if (memmem(secret.ptr, secret.len, pem, sizeof(pem) - 1))
		return "a PEM key is no secret for HS256";
	return NULL;
}

static const char *fill_secret(struct msgc__jwt_key *key, struct msgc_str secret)
{
	const char *wrong = check_secret(secret);

	if (wrong)
		return wrong;
	key->secret = malloc(secret.len);
	if (!key->secret)
		return "no memory";
	memcpy(key->secret, secret.ptr, secret.len);
	key->secret_len = secret.len;
	return NULL;
}

static int push(struct msgc_jwt_keys *keys, const struct msgc__jwt_key *key)
{
	struct msgc__jwt_key *grown = realloc(keys->items, (keys->count + 1) * sizeof(*grown));

	if (!grown)
		return MSGC_ENOMEM;
	keys->items = grown;
	keys->items[keys->count++] = *key;
	return MSGC_OK;
}

int msgc_jwt_keys_add(struct msgc_jwt_keys *keys, enum msgc_jwt_algorithm algorithm,
        const char *kid, struct msgc_str text, const char **ret_reason)
{
	struct msgc__jwt_key key = {.algorithm = algorithm};
	const char *wrong;
	int result = MSGC_EINVAL;

	if (algorithm == MSGC_JWT_HS256) {
		wrong = fill_secret(&key, text);
	} else {
		key.public_key = read_pem(text);
		wrong = check_public(algorithm, key.public_key);
	}
	if (!wrong && kid) {
		key.kid = strdup(kid);
		wrong = key.kid ? NULL : "no memory";
	}
	if (!wrong) {
		result = push(keys, &key);
		wrong = result ? "no memory" : NULL;
	}
	if (wrong) {
		key_free(&key);
		if (ret_reason)
			*ret_reason = wrong;
	}
	return result;
}
