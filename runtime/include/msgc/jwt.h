/* SPDX-License-Identifier: MIT */
/*
 * JSON Web Tokens (RFC 7519, RFC 7515, RFC 8037) for the authentication kind `jwt`: verification with fixed keys over OpenSSL. A
 * component of its own: a program that does not use it links no OpenSSL.
 *
 * One algorithm is fixed per key; the token's header chooses among keys by `kid`, never the algorithm; `none` is refused.
 */
#ifndef MSGC_JWT_H
#define MSGC_JWT_H

#include <msgc/server.h>

#ifdef __cplusplus
extern "C" {
#endif

enum msgc_jwt_algorithm { MSGC_JWT_HS256, MSGC_JWT_RS256, MSGC_JWT_ES256, MSGC_JWT_EDDSA };

struct msgc_jwt_keys;

struct msgc_jwt_options {
	const char *issuer; /* `iss` must be this; NULL: not checked */
	const char
	        *audience; /* `aud` must be or contain this; NULL: a token with `aud` is refused */
	const char *realm; /* of the users; NULL: "jwt" */
	const char *name_claim;  /* claim taken as the user's name; NULL: "name" */
	const char *cookie_name; /* tokens are taken from this cookie too; NULL: not */
	int leeway_seconds;      /* for exp and nbf, at most 60 */
	bool allow_no_expiry;    /* accept tokens without `exp` */
};

struct msgc_jwt_keys *msgc_jwt_keys_new(void);
void msgc_jwt_keys_free(struct msgc_jwt_keys *keys);

/*
 * Adds a key. HS256: `key` is the secret, at least 32 bytes. The others: a public key, PEM (SubjectPublicKeyInfo); RSA of at least 2048
 * bits. `kid` NULL: for tokens without `kid`, and for those whose kid no key has, if this is the only key. Several keys with
 * one kid are tried in turn (rotation). MSGC_EINVAL: unusable key, `ret_reason` (may be NULL) says why in a constant string.
 */
int msgc_jwt_keys_add(struct msgc_jwt_keys *keys, enum msgc_jwt_algorithm algorithm,
        const char *kid, struct msgc_str key, const char **ret_reason);

/*
 * Verifies a compact token: signature, exp, nbf, iss, aud, a `sub` that becomes user.id; `iat` becomes user.issued_at. Strings of the user live in `arena`.
 * MSGC_EUNAUTHENTICATED for every token that is not good; `ret_reason` (may be NULL) says why, for a log at level debug.
 */
int msgc_jwt_verify(const struct msgc_jwt_keys *keys, const struct msgc_jwt_options *options,
        struct msgc_str token, int64_t now_unix_seconds, struct msgc_arena *arena,
        struct msgc_user *ret_user, const char **ret_reason);

/*
 * Keys of a file: lines of `ALGORITHM KID FILE`, '#' begins a comment. ALGORITHM is HS256, RS256, ES256 or EdDSA; KID is `-` for none; FILE holds
 * the key as for msgc_jwt_keys_add() (of a secret every byte counts) and is taken from the directory of `path` unless it begins with '/'.
 * MSGC_EINVAL, MSGC_EIO, MSGC_ENOMEM: `ret_reason` (may be NULL, 256 bytes) says what is wrong, with the line.
 */
int msgc_jwt_keys_load(const char *path, struct msgc_jwt_keys **ret_keys, char ret_reason[256]);

/*
 * The keys of such a file for the authentication kind `jwt`, read again with each reload (SIGHUP): keys are rotated by adding a line, and later
 * taking the old one away. A file that is wrong leaves the keys as they are, and is logged. `path` and `options` are copied.
 */
int msgc_server_use_jwt_file(
        struct msgc_server *server, const char *path, const struct msgc_jwt_options *options);

/* Makes the authentication kind `jwt` of this server use these keys. Takes `keys` over; `options` is copied. */
int msgc_server_use_jwt(struct msgc_server *server, struct msgc_jwt_keys *keys,
        const struct msgc_jwt_options *options);

#ifdef __cplusplus
}
#endif

#endif
