/* SPDX-License-Identifier: MIT */
/*
 * emit_sha256.c - FIPS 180-4, sections 5 and 6, over bytes that are all there. Names are the standard's.
 */
#include "emit_sha256.h"

#include <stdint.h>
#include <string.h>

static const uint32_t k[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
        0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
        0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
        0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
        0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
        0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
        0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
        0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
        0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static void schedule(const unsigned char block[64], uint32_t w[64])
{
	for (size_t t = 0; t < 16; t++)
		w[t] = (uint32_t)block[t * 4] << 24 | (uint32_t)block[t * 4 + 1] << 16 |
		        (uint32_t)block[t * 4 + 2] << 8 | block[t * 4 + 3];
	for (size_t t = 16; t < 64; t++) {
		uint32_t a = w[t - 15], b = w[t - 2];

		w[t] = (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10) + w[t - 7] +
		        (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 16];
	}
}

static void add_block(uint32_t h[8], const unsigned char block[64])
{
	uint32_t w[64], v[8];

	schedule(block, w);
	memcpy(v, h, sizeof(v));
	for (size_t t = 0; t < 64; t++) {
		uint32_t e = v[4], a = v[0];
		uint32_t t1 = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
		        ((e & v[5]) ^ (~e & v[6])) + k[t] + w[t];
		uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
		        ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (size_t i = 0; i < 8; i++)
		h[i] += v[i];
}

/* What is left of the message, a one, zeros, and how many bits there were. */
static void add_tail(uint32_t h[8], const char *rest, size_t n, uint64_t total)
{
	unsigned char block[128] = {0};
	size_t size = n < 56 ? 64 : 128;

	memcpy(block, rest, n);
	block[n] = 0x80;
	for (size_t i = 0; i < 8; i++)
		block[size - 1 - i] = (unsigned char)(total * 8 >> (i * 8));
	add_block(h, block);
	if (size == 128)
		add_block(h, block + 64);
}

/* 32 bytes and one of padding: 43 digits and a '='. */
static void put_base64(const unsigned char digest[33], char *text)
{
	static const char digits[] =
	        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < 11; i++) {
		const unsigned char *at = digest + i * 3;
		uint32_t group = (uint32_t)at[0] << 16 | (uint32_t)at[1] << 8 | at[2];

		for (unsigned j = 0; j < 4; j++)
			*text++ = digits[group >> (18 - 6 * j) & 63];
	}
	text[-1] = '=';
	*text = '\0';
}

void emit_sha256_base64(const char *bytes, size_t length, char ret_text[EMIT_SHA256_BASE64])
{
	uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
	        0x1f83d9ab, 0x5be0cd19};
	unsigned char digest[33] = {0};
	size_t at = 0;

	for (; length - at >= 64; at += 64)
		add_block(h, (const unsigned char *)bytes + at);
	add_tail(h, bytes + at, length - at, length);
	for (size_t i = 0; i < 32; i++)
		digest[i] = (unsigned char)(h[i / 4] >> (24 - i % 4 * 8));
	put_base64(digest, ret_text);
}
