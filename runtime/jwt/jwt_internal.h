/* SPDX-License-Identifier: MIT */
/*
 * The steps of verifying a token among themselves: base64url, the token's parts, keys, signatures. Only jwt_server.c knows of a server.
 */
#ifndef MSGC__JWT_INTERNAL_H
#define MSGC__JWT_INTERNAL_H

#include <openssl/types.h>

#include <msgc/codec.h>
#include <msgc/jwt.h>

enum {
	MSGC__JWT_TOKEN_MAX =
	        8192, /* bytes of a whole token; what HTTP headers carry is not much more */
	MSGC__JWT_LEEWAY_MAX = 60, /* seconds */
	MSGC__JWT_SECRET_MIN = 32,
	MSGC__JWT_SECRET_MAX = 4096,
};

/* ---- base64url without padding (RFC 7515 section 2), canonical: unused bits are zero */

static inline size_t msgc__base64url_size(size_t len)
{
	return len / 4 * 3 + (len % 4 ? len % 4 - 1 : 0);
}
/* Writes msgc__base64url_size(len) bytes. MSGC_EINVAL. */
int msgc__base64url_decode(const char *text, size_t len, uint8_t *out);

/* ---- the token */

struct msgc__jwt_token {
	enum msgc_jwt_algorithm algorithm; /* what the header says; the key decides */
	bool has_kid;
	struct msgc_str kid;
	struct msgc_str signed_part; /* of the token's text: header, dot, claims */
	struct msgc_str claims;      /* undecoded */
	const uint8_t *signature;
	size_t signature_len;
};

/* Takes a token apart and reads its header. NULL, or why it is not good. */
const char *msgc__jwt_token_read(
        struct msgc_str text, struct msgc_arena *arena, struct msgc__jwt_token *ret);

struct msgc__jwt_claims {
	bool has_exp, has_nbf, has_iat, has_iss, has_aud, has_sub;
	double exp, nbf, iat;
	struct msgc_str iss, sub, name;
	bool audience_found;
};

const char *msgc__jwt_claims_read(struct msgc_str claims, const char *audience,
        const char *name_claim, struct msgc_arena *arena, struct msgc__jwt_claims *ret);

/* ---- keys */

struct msgc__jwt_key {
	enum msgc_jwt_algorithm algorithm;
	char *kid; /* NULL: none */
	EVP_PKEY *public_key;
	uint8_t *secret;
	size_t secret_len;
};

struct msgc_jwt_keys {
	struct msgc__jwt_key *items;
	size_t count;
};

/* Is this the signature of the token by that key? */
bool msgc__jwt_signature_good(const struct msgc__jwt_key *key, const struct msgc__jwt_token *token);

#endif
