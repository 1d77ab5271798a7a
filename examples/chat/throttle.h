/* SPDX-License-Identifier: MIT */
/*
 * How often somebody may try: one bucket of attempts per key (an address, a name), refilled over
 * time, in a table of fixed size. Knows nothing of what is tried.
 *
 * When the table has no room near a key's place, the fullest bucket there, the one that forgets
 * least, gives way: memory is bounded, and a flood of new keys can at worst pardon old ones. Safe
 * to call from any thread.
 */
#ifndef CHAT_THROTTLE_H
#define CHAT_THROTTLE_H

#include <stddef.h>
#include <stdint.h>

struct throttle;

/*
 * `burst` (1 to 1000) attempts at once, one more every `refill_ms` (1 to an hour). `keys`: about
 * how many to remember, 1 to a million. NULL: out of range, or no memory.
 */
struct throttle *throttle_new(unsigned burst, unsigned refill_ms, size_t keys);
void throttle_free(struct throttle *throttle);

/*
 * Takes one attempt from the bucket of `key`. 0: go on; else the milliseconds until there is one.
 * `now_ms` comes from a clock that does not go back; where it does, nothing is refilled meanwhile.
 */
unsigned throttle_take(struct throttle *throttle, const char *key, size_t key_len, int64_t now_ms);
/* Gives an attempt back: it was a good one. */
void throttle_give(struct throttle *throttle, const char *key, size_t key_len, int64_t now_ms);

#endif
