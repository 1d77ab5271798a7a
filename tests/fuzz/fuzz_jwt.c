/* SPDX-License-Identifier: MIT */
/*
 * Tokens: the input as a token, and the input as header and claims (parted by a NUL) of a token that is rightly signed, so that
 * the fuzzer gets behind the signature.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "jwt/jwt_internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char secret[] = "a secret for the fuzzer, of 32 bytes and more";
static const char p256[] = "-----BEGIN PUBLIC KEY-----\n"
                           "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEi0fmnGkf//sCZLKZrJynhH0tTCFQ\n"
                           "X2YNXZo27Rlf7dxLSHpkWsTOiD/RK1/8QY/KNMgrzr6rUqXViCTNV60eXA==\n"
                           "-----END PUBLIC KEY-----\n";

static size_t encode(char *out, const uint8_t *bytes, size_t len)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	size_t n = 0;

	for (size_t i = 0; i < len; i += 3) {
		size_t left = len - i;
		uint32_t bits = (uint32_t)bytes[i] << 16;

		bits |= left > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
		bits |= left > 2 ? bytes[i + 2] : 0;
		for (size_t j = 0; j <= (left < 3 ? left : 3); j++)
			out[n++] = digits[bits >> (18 - 6 * j) & 63];
	}
	return n;
}

static size_t sign(char *token, const uint8_t *data, size_t size)
{
	const uint8_t *zero = memchr(data, 0, size);
	size_t header = zero ? (size_t)(zero - data) : size;
	size_t claims = zero ? size - header - 1 : 0;
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned mac_len = 0;
	size_t len = encode(token, data, header);

	token[len++] = '.';
	len += encode(token + len, data + header + 1, claims);
	if (!HMAC(EVP_sha256(), secret, sizeof(secret) - 1, (uint8_t *)token, len, mac, &mac_len))
		abort();
	token[len++] = '.';
	return len + encode(token + len, mac, mac_len);
}

static void verify(const struct msgc_jwt_keys *keys, struct msgc_str token)
{
	const struct msgc_jwt_options options = {.audience = "chat", .leeway_seconds = 60};
	const char *reason = NULL;
	struct msgc_arena arena;
	struct msgc_user user;
	int result;

	msgc_arena_init(&arena, 128 * 1024);
	result = msgc_jwt_verify(keys, &options, token, 1700000000, &arena, &user, &reason);
	if (result == 0 &&
	        (user.id.len == 0 || user.expires_at <= 1700000000 ||
	                !msgc_utf8_valid(user.id.ptr, user.id.len)))
		abort();
	if (result != 0 && (result != MSGC_EUNAUTHENTICATED || !reason))
		abort();
	msgc_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct msgc_jwt_keys *keys;
	char token[12 * 1024];

	if (!keys) {
		keys = msgc_jwt_keys_new();
		if (!keys ||
		        msgc_jwt_keys_add(
		                keys, MSGC_JWT_HS256, NULL, msgc_str_from(secret), NULL) ||
		        msgc_jwt_keys_add(keys, MSGC_JWT_ES256, NULL, msgc_str_from(p256), NULL))
			abort();
	}
	if (size == 0 || size > 8000)
		return 0;
	if (data[0] & 1)
		verify(keys, msgc_str_of((const char *)data + 1, size - 1));
	else
		verify(keys, msgc_str_of(token, sign(token, data + 1, size - 1)));
	return 0;
}
