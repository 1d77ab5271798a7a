/* SPDX-License-Identifier: MIT */
/*
 * The hash by which names are looked up in the tables that msgc generates (struct msgc_type_slots
 * of <msgc/type.h>). The compiler lays the tables out with it and the codec searches them: both
 * include this file, which needs nothing else of either. Not for tables that others can fill:
 * those of the codec have a key of their own.
 */
#ifndef MSGC_CODEC_NAME_HASH_H
#define MSGC_CODEC_NAME_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Four bytes, the first in the lowest place whatever the machine's order. */
static inline uint32_t msgc__name_load4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}

static inline uint64_t msgc__name_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0xD6E8FEB86659FD93);
	return h ^ h >> 32;
}

/* Reads the name's bytes and nothing else; those in the middle of a short one twice. */
static inline uint32_t msgc__name_hash(const char *name, size_t len, uint32_t seed)
{
	uint64_t h = (len + seed) * UINT64_C(0x9E3779B97F4A7C15), tail;

	for (; len > 8; name += 8, len -= 8)
		h = msgc__name_mix(
		        h, msgc__name_load4(name) | (uint64_t)msgc__name_load4(name + 4) << 32);
	if (len >= 4)
		tail = msgc__name_load4(name) | (uint64_t)msgc__name_load4(name + len - 4) << 32;
	else if (len > 0)
		tail = (uint64_t)(uint8_t)name[0] << 16 | (uint64_t)(uint8_t)name[len / 2] << 8 |
		        (uint8_t)name[len - 1];
	else
		tail = 0;
	return (uint32_t)(msgc__name_mix(h, tail) >> 16);
}

/*
 * Where the bits of a hash go: those of names that differ in one letter differ in few places. 15
 * bits choose the bucket, 17 the slot, for at most 65,534 names.
 */
static inline uint64_t msgc__name_spread(uint32_t hash)
{
	return hash * UINT64_C(0x9E3779B97F4A7C15);
}

static inline uint32_t msgc__name_bucket(uint32_t hash, uint32_t move_mask)
{
	return (uint32_t)(msgc__name_spread(hash) >> 32) & move_mask;
}

/* The slot of a name whose bucket is moved so. */
static inline uint32_t msgc__name_slot(uint32_t hash, uint8_t move, uint32_t mask)
{
	return ((uint32_t)(msgc__name_spread(hash) >> 47) ^ move * UINT32_C(0x9E35)) & mask;
}

#endif
