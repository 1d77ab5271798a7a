/* SPDX-License-Identifier: MIT */
/*
 * One group's roster: users by their ids, each with his connections; those that have changed since everybody was told; connections that
 * are waited for. It must not know when anything is told.
 */
#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

#include "rosters.h"

enum { PERSONS_FIRST = 8 };

/* ------------------------------------------------------------------------------------------------ info */

static struct msgc__info *info_new(struct msgc_str text)
{
	struct msgc__info *info = malloc(sizeof *info + text.len + 1);

	if (!info)
		return NULL;
	info->refs = 1;
	info->len = text.len;
	if (text.len > 0)
		memcpy(info->text, text.ptr, text.len);
	return info;
}

static void info_unref(struct msgc__info *info)
{
	if (info && --info->refs == 0)
		free(info);
}

static bool info_same(const struct msgc__info *a, const struct msgc__info *b)
{
	return a == b || (a->len == b->len && memcmp(a->text, b->text, a->len) == 0);
}

/* ----------------------------------------------------------------------------------------------- roster */

struct msgc__group_roster *msgc__group_roster_new(struct msgc_str name, uint64_t version)
{
	struct msgc__group_roster *roster = calloc(1, sizeof *roster + name.len + 1);

	if (!roster)
		return NULL;
	roster->buckets = calloc(PERSONS_FIRST, sizeof roster->buckets[0]);
	if (!roster->buckets) {
		free(roster);
		return NULL;
	}
	roster->bucket_count = PERSONS_FIRST;
	roster->listed = true;
	roster->version = roster->told_version = version;
	roster->told_at = INT64_MIN / 2;
	roster->hash = msgc_hash_bytes(0, name.ptr, name.len);
	roster->len = name.len;
	memcpy(roster->name, name.ptr, name.len);
	return roster;
}

static struct msgc__person **bucket(const struct msgc__group_roster *roster, uint64_t hash)
{
	return &roster->buckets[hash & (roster->bucket_count - 1)];
}

struct msgc__person *msgc__person_find(const struct msgc__group_roster *roster, struct msgc_str id)
{
	uint64_t hash = msgc_hash_bytes(0, id.ptr, id.len);
	struct msgc__person *person = *bucket(roster, hash);

	while (person &&
	        (person->hash != hash || person->len != id.len ||
	                memcmp(person->id, id.ptr, id.len) != 0))
		person = person->next;
	return person;
}

/* Without memory for more buckets the old ones serve on, slower. */
static void grow(struct msgc__group_roster *roster)
{
	size_t count = roster->bucket_count * 2;
	struct msgc__person **buckets = calloc(count, sizeof buckets[0]);

	if (!buckets)
		return;
	free(roster->buckets);
	roster->buckets = buckets;
	roster->bucket_count = count;
	for (struct msgc__person *person = roster->oldest; person; person = person->newer) {
		struct msgc__person **to = bucket(roster, person->hash);

		person->next = *to;
		*to = person;
	}
}

static struct msgc__person *person_new(struct msgc__group_roster *roster, struct msgc_str id)
{
	struct msgc__person *person = calloc(1, sizeof *person + id.len + 1);
	struct msgc__person **to;

	if (!person)
		return NULL;
	person->hash = msgc_hash_bytes(0, id.ptr, id.len);
	person->len = id.len;
	memcpy(person->id, id.ptr, id.len);
	person->older = roster->newest;
	*(roster->newest ? &roster->newest->newer : &roster->oldest) = person;
	roster->newest = person;
	to = bucket(roster, person->hash);
	person->next = *to;
	*to = person;
	if (++roster->persons > roster->bucket_count)
		grow(roster);
	return person;
}

/* ------------------------------------------------------------------------------------------ what changed */

static void note_change(struct msgc__group_roster *roster, struct msgc__person *person)
{
	if (person->changed || !roster->listed)
		return;
	person->changed = true;
	person->change = roster->changes;
	if (roster->changes)
		roster->changes->before = person;
	roster->changes = person;
}

static void forget_change(struct msgc__group_roster *roster, struct msgc__person *person)
{
	if (!person->changed)
		return;
	*(person->before ? &person->before->change : &roster->changes) = person->change;
	if (person->change)
		person->change->before = person->before;
	person->change = person->before = NULL;
	person->changed = false;
}

static void person_free(struct msgc__group_roster *roster, struct msgc__person *person)
{
	struct msgc__person **link = bucket(roster, person->hash);

	forget_change(roster, person);
	while (*link != person)
		link = &(*link)->next;
	*link = person->next;
	*(person->older ? &person->older->newer : &roster->oldest) = person->newer;
	*(person->newer ? &person->newer->older : &roster->newest) = person->older;
	roster->persons--;
	info_unref(person->told);
	free(person);
}

struct msgc__roster_entry msgc__person_entry(const struct msgc__person *person)
{
	const struct msgc__info *info =
	        person->attendances ? person->attendances->info : person->told;

	return (struct msgc__roster_entry){
	        .id = msgc_str_of(person->id, person->len),
	        .info = info ? msgc_str_of(info->text, info->len) : msgc_str_of("", 0),
	        .connections = person->connections,
	};
}

bool msgc__person_is_as_told(const struct msgc__person *person)
{
	if (!person->attendances)
		return !person->is_told;
	return person->is_told && person->connections == person->told_connections &&
	        info_same(person->attendances->info, person->told);
}

void msgc__person_tell(struct msgc__group_roster *roster, struct msgc__person *person, bool listed)
{
	struct msgc__info *told = listed && person->attendances ? person->attendances->info : NULL;

	forget_change(roster, person);
	if (told)
		told->refs++;
	info_unref(person->told);
	person->told = told;
	person->is_told = told != NULL;
	person->told_connections = person->connections;
	if (!person->attendances)
		person_free(roster, person);
}

/* After his attendances have changed. */
static void settle(struct msgc__group_roster *roster, struct msgc__person *person)
{
	struct msgc__roster_entry entry = msgc__person_entry(person);
	bool was = person->bytes > 0;

	roster->count -= was;
	roster->bytes -= person->bytes;
	person->bytes = 0;
	if (person->attendances) {
		person->bytes = MSGC__ENTRY_OVERHEAD + entry.id.len + entry.info.len;
		roster->count++;
		roster->bytes += person->bytes;
	} else if (!person->is_told) {
		person_free(roster, person);
		return;
	}
	note_change(roster, person);
}

/* ------------------------------------------------------------------------------------------- attendances */

struct msgc__attendance *msgc__attendance_find(
        const struct msgc__person *person, uint64_t process, uint64_t connection)
{
	struct msgc__attendance *attendance = person->attendances;

	while (attendance &&
	        (attendance->connection != connection || attendance->process != process))
		attendance = attendance->next;
	return attendance;
}

static void stop_waiting(struct msgc__group_roster *roster, struct msgc__attendance *attendance)
{
	if (attendance->until == 0)
		return;
	*(attendance->earlier ? &attendance->earlier->later : &roster->first) = attendance->later;
	*(attendance->later ? &attendance->later->earlier : &roster->last) = attendance->earlier;
	attendance->earlier = attendance->later = NULL;
	attendance->until = 0;
}

static void take_out(struct msgc__attendance *attendance)
{
	struct msgc__attendance **link = &attendance->person->attendances;

	while (*link != attendance)
		link = &(*link)->next;
	*link = attendance->next;
}

static void put_first(struct msgc__person *person, struct msgc__attendance *attendance)
{
	attendance->next = person->attendances;
	person->attendances = attendance;
}

/* Any that is waited for: the user is back. */
static struct msgc__attendance *waited_for(const struct msgc__person *person)
{
	struct msgc__attendance *attendance = person->attendances;

	while (attendance && attendance->until == 0)
		attendance = attendance->next;
	return attendance;
}

static struct msgc__attendance *attendance_new(
        struct msgc__group_roster *roster, struct msgc__person *person)
{
	struct msgc__attendance *attendance = calloc(1, sizeof *attendance);

	if (!attendance)
		return NULL;
	attendance->person = person;
	put_first(person, attendance);
	person->connections++;
	roster->attendees++;
	return attendance;
}

int msgc__attendance_put(
        struct msgc__group_roster *roster, const struct msgc__attendee *who, bool *ret_returned)
{
	struct msgc__person *person = msgc__person_find(roster, who->id);
	struct msgc__info *info = info_new(who->info);
	struct msgc__attendance *attendance = NULL;

	*ret_returned = false;
	if (!info || (!person && !(person = person_new(roster, who->id)))) {
		info_unref(info);
		return MSGC_ENOMEM;
	}
	attendance = msgc__attendance_find(person, who->process, who->connection);
	if (!attendance && (attendance = waited_for(person)))
		*ret_returned = true;
	if (attendance) {
		stop_waiting(roster, attendance);
		take_out(attendance);
		put_first(person, attendance);
		info_unref(attendance->info);
	} else if (!(attendance = attendance_new(roster, person))) {
		info_unref(info);
		if (!person->attendances && !person->is_told)
			person_free(roster, person);
		return MSGC_ENOMEM;
	}
	attendance->process = who->process;
	attendance->connection = who->connection;
	attendance->info = info;
	settle(roster, person);
	return 0;
}

void msgc__attendance_end(struct msgc__group_roster *roster, struct msgc__attendance *attendance)
{
	struct msgc__person *person = attendance->person;

	stop_waiting(roster, attendance);
	take_out(attendance);
	if (!person->attendances && person->is_told && !info_same(attendance->info, person->told)) {
		info_unref(person->told); /* he leaves as he was at last */
		person->told = attendance->info;
	} else {
		info_unref(attendance->info);
	}
	free(attendance);
	person->connections--;
	roster->attendees--;
	settle(roster, person);
}

void msgc__attendance_linger(
        struct msgc__group_roster *roster, struct msgc__attendance *attendance, int64_t until)
{
	if (attendance->until != 0)
		return;
	attendance->until = until != 0 ? until : 1;
	attendance->earlier = roster->last;
	*(roster->last ? &roster->last->later : &roster->first) = attendance;
	roster->last = attendance;
}

void msgc__group_roster_free(struct msgc__group_roster *roster)
{
	while (roster->oldest) {
		struct msgc__person *person = roster->oldest;

		while (person->attendances) {
			struct msgc__attendance *attendance = person->attendances;

			person->attendances = attendance->next;
			info_unref(attendance->info);
			free(attendance);
		}
		person_free(roster, person);
	}
	free(roster->buckets);
	free(roster);
}
