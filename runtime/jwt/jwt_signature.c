/* SPDX-License-Identifier: MIT */
/*
 * Signatures over OpenSSL's EVP. The key names the algorithm; lengths are checked before anything is computed. It must not know what
 * was signed.
 */
#include "jwt_internal.h"

#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { HMAC_LEN = 32, ES256_LEN = 64, ED25519_LEN = 64 };

static bool hmac_good(const struct msgc__jwt_key *key, const struct msgc__jwt_token *token)
{
	uint8_t made[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	bool good;

	if (token->signature_len != HMAC_LEN)
		return false;
	if (!HMAC(EVP_sha256(), key->secret, (int)key->secret_len,
	            (const uint8_t *)token->signed_part.ptr, token->signed_part.len, made, &len))
		return false;
	good = len == HMAC_LEN && CRYPTO_memcmp(made, token->signature, HMAC_LEN) == 0;
	OPENSSL_cleanse(made, sizeof(made));
	return good;
}

static bool digest_good(EVP_PKEY *key, const EVP_MD *digest, const uint8_t *signature, size_t len,
        struct msgc_str text)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool good = context && EVP_DigestVerifyInit(context, NULL, digest, NULL, key) == 1 &&
	        EVP_DigestVerify(context, signature, len, (const uint8_t *)text.ptr, text.len) == 1;

	EVP_MD_CTX_free(context);
	return good;
}

/* JWS has r and s side by side, 32 bytes each (RFC 7518 section 3.4); OpenSSL wants them in DER. */
static bool es256_good(const struct msgc__jwt_key *key, const struct msgc__jwt_token *token)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(token->signature, ES256_LEN / 2, NULL);
	BIGNUM *s = BN_bin2bn(token->signature + ES256_LEN / 2, ES256_LEN / 2, NULL);
	uint8_t *der = NULL;
	bool good = false;
	int len;

	if (!pair || !r || !s || !ECDSA_SIG_set0(pair, r, s)) {
		BN_free(r);
		BN_free(s);
		ECDSA_SIG_free(pair);
		return false;
	}
	len = i2d_ECDSA_SIG(pair, &der);
	if (len > 0)
		good = digest_good(
		        key->public_key, EVP_sha256(), der, (size_t)len, token->signed_part);
	OPENSSL_free(der);
	ECDSA_SIG_free(pair);
	return good;
}

static bool public_good(const struct msgc__jwt_key *key, const struct msgc__jwt_token *token)
{
	switch (key->algorithm) {
	case MSGC_JWT_RS256:
		return token->signature_len == (size_t)EVP_PKEY_get_size(key->public_key) &&
		        digest_good(key->public_key, EVP_sha256(), token->signature,
		                token->signature_len, token->signed_part);
	case MSGC_JWT_ES256: return token->signature_len == ES256_LEN && es256_good(key, token);
	case MSGC_JWT_EDDSA:
		return token->signature_len == ED25519_LEN &&
		        digest_good(key->public_key, NULL, token->signature, token->signature_len,
		                token->signed_part);
	default: return false;
	}
}

bool msgc__jwt_signature_good(const struct msgc__jwt_key *key, const struct msgc__jwt_token *token)
{
	bool good;

	if (key->algorithm == MSGC_JWT_HS256)
		return hmac_good(key, token);
	good = public_good(key, token);
	ERR_clear_error(); /* a bad signature is no error of this thread's next TLS call */
	return good;
}
