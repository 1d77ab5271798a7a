/* SPDX-License-Identifier: MIT */
/*
 * SipHash-1-3 (Aumasson and Bernstein) keyed with random bits that are drawn once a process, so
 * that nobody outside can choose names that collide. It knows bytes only.
 */
#include "hash.h"

#include <stdatomic.h>
#include <sys/random.h>
#include <time.h>

static uint64_t draw(void)
{
	struct timespec now;
	uint64_t v = 0;

	if (getrandom(&v, sizeof v, GRND_NONBLOCK) == (ssize_t)sizeof v && v)
		return v;
	/*
	 * Early in the boot of a machine, or without the system call: less random, still not fixed.
	 */
	clock_gettime(CLOCK_REALTIME, &now);
	v = (uint64_t)now.tv_sec * UINT64_C(1000000007) + (uint64_t)now.tv_nsec;
	return (v ^ (uint64_t)(uintptr_t)&now << 20) | 1;
}

/* Drawn by whoever comes first; two threads at once agree on one of the two. */
static uint64_t process_seed(void)
{
	static _Atomic uint64_t seed;
	uint64_t v = atomic_load_explicit(&seed, memory_order_relaxed), drawn;

	if (MSGC__UNLIKELY(v == 0)) {
		drawn = draw();
		if (atomic_compare_exchange_strong(&seed, &v, drawn))
			v = drawn;
	}
	return v;
}

static inline uint64_t rotate(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

static inline void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static inline void sip_word(uint64_t v[4], uint64_t word)
{
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
}

uint64_t msgc__siphash(const uint64_t with_key[2], const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint64_t last = (uint64_t)len << 56;
	uint64_t v[4] = {with_key[0] ^ UINT64_C(0x736f6d6570736575),
	        with_key[1] ^ UINT64_C(0x646f72616e646f6d),
	        with_key[0] ^ UINT64_C(0x6c7967656e657261),
	        with_key[1] ^ UINT64_C(0x7465646279746573)};

	for (; len >= 8; p += 8, len -= 8)
		sip_word(v, msgc__load8(p));
	for (size_t i = 0; i < len; i++)
		last |= (uint64_t)p[i] << 8 * i;
	sip_word(v, last);
	v[2] ^= 0xFF;
	for (int i = 0; i < 3; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t msgc_hash_bytes(uint64_t so_far, const void *bytes, size_t len)
{
	uint64_t seed = process_seed();
	uint64_t key[2] = {seed ^ so_far, seed * UINT64_C(0x9E3779B97F4A7C15)};

	return msgc__siphash(key, bytes, len);
}

uint64_t msgc_hash_uint64(uint64_t so_far, uint64_t v)
{
	return msgc_hash_bytes(so_far, &v, sizeof v);
}

uint64_t msgc_hash_float64(uint64_t so_far, double v)
{
	uint64_t bits;

	v += 0.0; /* -0.0 equals 0.0 */
	memcpy(&bits, &v, sizeof bits);
	return msgc_hash_uint64(so_far, bits);
}

uint64_t msgc_hash_decimal(uint64_t so_far, struct msgc_decimal v)
{
	struct msgc__digits d;
	uint64_t h;
	const char *p;

	msgc__digits_of(v.ptr, v.len, &d);
	if (d.count == 0)
		return msgc_hash_uint64(so_far, 0);
	h = msgc_hash_uint64(so_far, (uint64_t)d.exponent * 2 + d.negative);
	p = d.first;
	for (size_t i = 0, chunk = 0, n = 0; i < d.count; i++, p++) {
		if (*p == '.')
			p++;
		chunk = chunk * 10 + (size_t)(*p - '0');
		if (++n == 8 || i + 1 == d.count) {
			h = msgc_hash_uint64(h, chunk);
			chunk = n = 0;
		}
	}
	return h;
}
