/* SPDX-License-Identifier: MIT */
/*
 * Where one stands in the streams of a connection or a topic: what is new, what to ask for on coming back, and what is missing. It must not
 * know how frames travel.
 *
 * Messages say their stream's epoch, and `recovered` says which group has which epoch: until then an epoch is an orphan.
 */
#include <string.h>

#include <msgc/codec_gen.h>

#include "internal.h"

/* Never 0. */
static uint64_t group_hash(struct msgc_str group)
{
	uint64_t hash = msgc_hash_bytes(0, group.ptr, group.len);

	return hash ? hash : 1;
}

static size_t find(const struct msgc__positions *positions, struct msgc_str epoch)
{
	for (size_t i = 0; i < positions->count; i++) {
		const char *known = positions->items[i].at.epoch;

		if (strlen(known) == epoch.len && memcmp(known, epoch.ptr, epoch.len) == 0)
			return i;
	}
	return SIZE_MAX;
}

static void forget(struct msgc__positions *positions, size_t i)
{
	positions->count--;
	memmove(&positions->items[i], &positions->items[i + 1],
	        (positions->count - i) * sizeof(positions->items[0]));
}

/* One too many: the oldest orphan goes, or the oldest of all. */
static void make_room(struct msgc__positions *positions)
{
	size_t i = 0;

	if (positions->count < MSGC_POSITIONS_MOST)
		return;
	while (i < positions->count && positions->items[i].hash != 0)
		i++;
	forget(positions, i < positions->count ? i : 0);
}

static void set(
        struct msgc__positions *positions, uint64_t hash, struct msgc_str epoch, int64_t seq)
{
	size_t i = find(positions, epoch);

	if (epoch.len == 0 || epoch.len >= sizeof(positions->items[0].at.epoch))
		return;
	if (i == SIZE_MAX) {
		make_room(positions);
		i = positions->count++;
		memset(&positions->items[i], 0, sizeof(positions->items[i]));
		memcpy(positions->items[i].at.epoch, epoch.ptr, epoch.len);
	}
	positions->items[i].at.seq = seq;
	if (hash)
		positions->items[i].hash = hash;
}

void msgc__positions_init(
        struct msgc__positions *positions, const struct msgc_position *from, size_t count)
{
	memset(positions, 0, sizeof(*positions));
	for (size_t i = 0; i < count && i < MSGC_POSITIONS_MOST; i++)
		set(positions, 0,
		        msgc_str_of(
		                from[i].epoch, strnlen(from[i].epoch, sizeof(from[i].epoch) - 1)),
		        from[i].seq);
}

bool msgc__positions_admit(struct msgc__positions *positions, struct msgc_str epoch, int64_t seq)
{
	size_t i = find(positions, epoch);

	if (i != SIZE_MAX && seq <= positions->items[i].at.seq)
		return false;
	set(positions, 0, epoch, seq);
	return true;
}

static size_t find_group(const struct msgc__positions *positions, uint64_t hash)
{
	size_t i = 0;

	while (i < positions->group_count && positions->groups[i].hash != hash)
		i++;
	return i;
}

static size_t owned_by(const struct msgc__positions *positions, uint64_t hash)
{
	size_t i = 0;

	while (i < positions->count && positions->items[i].hash != hash)
		i++;
	return i;
}

static bool has_orphans(const struct msgc__positions *positions)
{
	return owned_by(positions, 0) < positions->count;
}

/* Groups beyond the most are as if they had never been seen: their holes are not told. */
static void know_group(struct msgc__positions *positions, size_t i, uint64_t hash, bool is_empty)
{
	if (i == MSGC_POSITIONS_MOST)
		return;
	positions->groups[i].hash = hash;
	positions->groups[i].is_empty = is_empty;
	if (i == positions->group_count)
		positions->group_count++;
}

bool msgc__positions_settle(struct msgc__positions *positions, struct msgc_str group,
        bool recovered, struct msgc_str epoch, int64_t seq)
{
	uint64_t hash = group_hash(group);
	size_t place = find_group(positions, hash), old = owned_by(positions, hash);
	size_t now = find(positions, epoch);
	bool known = place < positions->group_count || has_orphans(positions);
	bool unchanged = epoch.len == 0 ? place < positions->group_count &&
	                positions->groups[place].is_empty && !has_orphans(positions)
	                                : now != SIZE_MAX && positions->items[now].at.seq == seq;

	know_group(positions, place, hash, epoch.len == 0);
	if (recovered && now != SIZE_MAX && positions->items[now].at.seq > seq)
		seq = positions->items[now].at.seq;
	if (old < positions->count && old != now)
		forget(positions, old);
	set(positions, hash, epoch, seq);
	/* Those of another group are its own as soon as it says so; they are no use to a single one. */
	while (positions->group_count == 1 && has_orphans(positions))
		forget(positions, owned_by(positions, 0));
	return !recovered && known && !unchanged;
}
