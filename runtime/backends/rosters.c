/* SPDX-License-Identifier: MIT */
/*
 * The backend's operations on rosters: which group, what is shown, when the next telling is due, and what it says. Answers are copied out, so that
 * nobody is called with the lock held. It must not know connections or frames.
 */
#include "rosters.h"

#include <stdlib.h>
#include <string.h>

#include <msgc/codec_gen.h>

void msgc__rosters_init(struct msgc__rosters *rosters)
{
	memset(rosters, 0, sizeof *rosters);
	pthread_mutex_init(&rosters->lock, NULL);
}

void msgc__rosters_free(struct msgc__rosters *rosters)
{
	for (size_t i = 0; i < MSGC__ROSTER_BUCKETS; i++) {
		while (rosters->buckets[i]) {
			struct msgc__group_roster *roster = rosters->buckets[i];

			rosters->buckets[i] = roster->next;
			msgc__group_roster_free(roster);
		}
	}
	pthread_mutex_destroy(&rosters->lock);
}

/* With the lock held, as all below that is not an operation: the link to it, or to NULL. */
static struct msgc__group_roster **find(struct msgc__rosters *rosters, struct msgc_str group)
{
	uint64_t hash = msgc_hash_bytes(0, group.ptr, group.len);
	struct msgc__group_roster **link = &rosters->buckets[hash % MSGC__ROSTER_BUCKETS];

	while (*link &&
	        ((*link)->hash != hash || (*link)->len != group.len ||
	                memcmp((*link)->name, group.ptr, group.len) != 0))
		link = &(*link)->next;
	return link;
}

/* Nobody is there, and nobody is left to be told. */
static void drop_empty(struct msgc__group_roster **link)
{
	struct msgc__group_roster *roster = *link;

	if (roster->persons > 0)
		return;
	*link = roster->next;
	msgc__group_roster_free(roster);
}

/* ------------------------------------------------------------------------------------------------ policy */

enum { PAUSE_PER_ATTENDEE_MS = 1, AGAIN_NUM = 3, AGAIN_DEN = 4 };

int64_t msgc__roster_pause(const struct msgc__roster_policy *policy, size_t attendees)
{
	uint64_t many = attendees; /* size_t may be no larger than the bound */
	int64_t large =
	        many < INT64_MAX / 2 ? (int64_t)many * PAUSE_PER_ATTENDEE_MS : INT64_MAX / 2;

	return large > policy->window_ms ? large : policy->window_ms;
}

bool msgc__roster_fits(const struct msgc__roster_policy *policy, size_t count, size_t bytes)
{
	return count <= policy->limit && bytes <= policy->bytes;
}

bool msgc__roster_fits_again(const struct msgc__roster_policy *policy, size_t count, size_t bytes)
{
	return count <= policy->limit / AGAIN_DEN * AGAIN_NUM +
	                policy->limit % AGAIN_DEN * AGAIN_NUM / AGAIN_DEN &&
	        bytes <= policy->bytes / AGAIN_DEN * AGAIN_NUM;
}

static bool fits(const struct msgc__group_roster *roster, const struct msgc__roster_policy *policy)
{
	return msgc__roster_fits(policy, roster->count, roster->bytes);
}

static bool fits_again(
        const struct msgc__group_roster *roster, const struct msgc__roster_policy *policy)
{
	return msgc__roster_fits_again(policy, roster->count, roster->bytes);
}

static bool has_news(
        const struct msgc__group_roster *roster, const struct msgc__roster_policy *policy)
{
	if (roster->listed)
		return roster->changes || roster->must_list;
	return roster->count != roster->told_count || fits_again(roster, policy);
}

static int64_t due_in(const struct msgc__group_roster *roster,
        const struct msgc__roster_policy *policy, int64_t now)
{
	int64_t at = INT64_MAX;

	if (has_news(roster, policy))
		at = roster->told_at + msgc__roster_pause(policy, roster->attendees);
	if (roster->first && roster->first->until < at)
		at = roster->first->until;
	if (at == INT64_MAX)
		return -1;
	return at > now ? at - now : 0;
}

/* ----------------------------------------------------------------------------------------------- copies */

/* Entries with their texts, in one piece of memory: counted first, then filled. */
struct copy {
	struct msgc__roster_entry *entries;
	size_t count, at;
	char *text;
};

struct size {
	size_t count, bytes;
};

static void measure(struct size *size, const struct msgc__person *person)
{
	struct msgc__roster_entry entry = msgc__person_entry(person);

	size->count++;
	size->bytes += entry.id.len + entry.info.len;
}

/* One more entry than is needed: an empty list has an address, too. */
static int copy_new(struct copy *copy, const struct size *size)
{
	*copy = (struct copy){.count = size->count};
	copy->entries = malloc((size->count + 1) * sizeof copy->entries[0] + size->bytes);
	if (!copy->entries)
		return MSGC_ENOMEM;
	copy->text = (char *)(copy->entries + size->count + 1);
	return 0;
}

static struct msgc_str copy_text(struct copy *copy, struct msgc_str text)
{
	char *to = copy->text;

	if (text.len > 0)
		memcpy(to, text.ptr, text.len);
	copy->text += text.len;
	return msgc_str_of(to, text.len);
}

static void copy_person(struct copy *copy, const struct msgc__person *person)
{
	struct msgc__roster_entry entry = msgc__person_entry(person);

	if (copy->at == copy->count)
		return;
	entry.id = copy_text(copy, entry.id);
	entry.info = copy_text(copy, entry.info);
	copy->entries[copy->at++] = entry;
}

/* The first `most` of those that are present. */
static int copy_present(const struct msgc__group_roster *roster, size_t most, struct copy *ret_copy)
{
	const struct msgc__person *person;
	struct size size = {0, 0};

	for (person = roster->oldest; person && size.count < most; person = person->newer) {
		if (person->attendances)
			measure(&size, person);
	}
	if (copy_new(ret_copy, &size) < 0)
		return MSGC_ENOMEM;
	for (person = roster->oldest; person && ret_copy->at < size.count; person = person->newer) {
		if (person->attendances)
			copy_person(ret_copy, person);
	}
	return 0;
}

/* The roster as a client is to see it, who is told of changes from here on. */
static int show(struct msgc__group_roster *roster, const struct msgc__roster_policy *policy,
        struct copy *copy, struct msgc__roster *ret)
{
	bool listed = roster->listed && fits(roster, policy);

	if (copy_present(roster, listed ? roster->count : 0, copy) < 0)
		return MSGC_ENOMEM;
	if (roster->listed && !listed)
		roster->must_list =
		        true; /* should it become shorter before everybody hears that it is too long */
	*ret = (struct msgc__roster){
	        .version = roster->version,
	        .count = roster->count,
	        .listed = listed,
	        .entries = copy->entries,
	        .entry_count = copy->at,
	};
	return 0;
}

/* ------------------------------------------------------------------------------------------- operations */

static void changed(struct msgc__rosters *rosters, struct msgc__group_roster *roster)
{
	roster->version = ++rosters->version;
}

/* The attendee is put before the answer is made, and taken back where that fails: a client is not present without knowing it. */
static int attend(struct msgc__rosters *rosters, struct msgc__group_roster *roster,
        const struct msgc__attendee *who, const struct msgc__roster_policy *policy,
        struct copy *copy, struct msgc__roster *ret)
{
	const struct msgc__person *before = msgc__person_find(roster, who->id);
	bool is_new = !before || !msgc__attendance_find(before, who->process, who->connection);
	bool returned;
	int result = msgc__attendance_put(roster, who, &returned);

	if (result < 0)
		return result;
	changed(rosters, roster);
	result = show(roster, policy, copy, ret);
	if (result < 0 && is_new)
		msgc__attendance_end(roster,
		        msgc__attendance_find(
		                msgc__person_find(roster, who->id), who->process, who->connection));
	ret->returned = returned;
	return result;
}

int msgc__rosters_attend(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__attendee *who, const struct msgc__roster_policy *policy, int64_t now,
        msgc__roster_fn *done, void *arg)
{
	struct msgc__group_roster **link;
	struct msgc__roster answer = {0};
	struct copy copy = {0};
	int result = MSGC_ENOMEM;

	pthread_mutex_lock(&rosters->lock);
	link = find(rosters, group);
	if (!*link)
		*link = msgc__group_roster_new(group, ++rosters->version);
	if (*link) {
		result = attend(rosters, *link, who, policy, &copy, &answer);
		answer.due_ms = due_in(*link, policy, now);
		drop_empty(link);
	}
	pthread_mutex_unlock(&rosters->lock);
	done(arg, result, result == 0 ? &answer : NULL);
	free(copy.entries);
	return 0;
}

int msgc__rosters_depart(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__attendee *who, int64_t linger_ms,
        const struct msgc__roster_policy *policy, int64_t now, msgc__departed_fn *done, void *arg)
{
	struct msgc__attendance *attendance = NULL;
	struct msgc__group_roster **link;
	struct msgc__person *person;
	int64_t due = -1;

	pthread_mutex_lock(&rosters->lock);
	link = find(rosters, group);
	person = *link ? msgc__person_find(*link, who->id) : NULL;
	if (person)
		attendance = msgc__attendance_find(person, who->process, who->connection);
	if (attendance && linger_ms > 0 && who->id.ptr[0] != ':') {
		msgc__attendance_linger(*link, attendance, now + linger_ms);
	} else if (attendance && attendance->until == 0) {
		msgc__attendance_end(*link, attendance);
		changed(rosters, *link);
	}
	if (*link) {
		due = due_in(*link, policy, now);
		drop_empty(link);
	}
	pthread_mutex_unlock(&rosters->lock);
	done(arg, 0, due);
	return 0;
}

int msgc__rosters_read(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__roster_policy *policy, size_t most, msgc__roster_fn *done, void *arg)
{
	struct msgc__roster answer = {.listed = true, .due_ms = -1};
	struct msgc__group_roster *roster;
	struct copy copy = {0};
	int result = 0;

	pthread_mutex_lock(&rosters->lock);
	roster = *find(rosters, group);
	if (roster && policy) {
		result = show(roster, policy, &copy, &answer);
	} else if (roster) {
		result = copy_present(roster, most, &copy);
		answer.version = roster->version;
		answer.count = roster->count;
		answer.listed = copy.at == roster->count;
		answer.entries = copy.entries;
		answer.entry_count = copy.at;
	}
	answer.due_ms = -1;
	pthread_mutex_unlock(&rosters->lock);
	done(arg, result, result == 0 ? &answer : NULL);
	free(copy.entries);
	return 0;
}

/* ----------------------------------------------------------------------------------------------- changes */

static void end_waiting(
        struct msgc__rosters *rosters, struct msgc__group_roster *roster, int64_t now)
{
	while (roster->first && roster->first->until <= now) {
		msgc__attendance_end(roster, roster->first);
		changed(rosters, roster);
	}
}

/* What came and went again meanwhile is nobody's business. */
static enum msgc__changes_kind which(
        struct msgc__group_roster *roster, const struct msgc__roster_policy *policy)
{
	bool any = false;

	if (roster->listed ? !fits(roster, policy) : !fits_again(roster, policy))
		return roster->listed || roster->count != roster->told_count ? MSGC__CHANGES_COUNT
		                                                             : MSGC__CHANGES_NONE;
	if (!roster->listed || roster->must_list)
		return MSGC__CHANGES_LIST;
	for (const struct msgc__person *p = roster->changes; p && !any; p = p->change)
		any = !msgc__person_is_as_told(p);
	return any ? MSGC__CHANGES_DIFF : MSGC__CHANGES_NONE;
}

static int copy_changes(const struct msgc__group_roster *roster, bool leaves, struct copy *ret_copy)
{
	struct size size = {0, 0};

	for (const struct msgc__person *p = roster->changes; p; p = p->change) {
		if (!msgc__person_is_as_told(p) && leaves == !p->attendances)
			measure(&size, p);
	}
	if (copy_new(ret_copy, &size) < 0)
		return MSGC_ENOMEM;
	for (const struct msgc__person *p = roster->changes; p; p = p->change) {
		if (!msgc__person_is_as_told(p) && leaves == !p->attendances)
			copy_person(ret_copy, p);
	}
	return 0;
}

/* Nothing can fail any more: this is what everybody knows from now on. */
static void commit(struct msgc__group_roster *roster, const struct msgc__changes *changes)
{
	bool all = changes->kind == MSGC__CHANGES_LIST || changes->kind == MSGC__CHANGES_COUNT;
	struct msgc__person *person = all ? roster->oldest : roster->changes, *next;

	roster->listed = changes->kind != MSGC__CHANGES_COUNT &&
	        (roster->listed || changes->kind == MSGC__CHANGES_LIST);
	for (; person; person = next) {
		next = all ? person->newer : person->change;
		msgc__person_tell(roster, person, roster->listed);
	}
	roster->must_list = false;
	roster->told_count = roster->count;
}

static int take_changes(struct msgc__group_roster *roster, const struct msgc__roster_policy *policy,
        int64_t now, struct copy copies[2], struct msgc__changes *ret)
{
	int result = 0;

	if (!has_news(roster, policy) ||
	        roster->told_at + msgc__roster_pause(policy, roster->attendees) > now)
		return 0;
	ret->kind = which(roster, policy);
	if (ret->kind == MSGC__CHANGES_LIST)
		result = copy_present(roster, roster->count, &copies[0]);
	else if (ret->kind == MSGC__CHANGES_DIFF)
		result = copy_changes(roster, false, &copies[0]);
	if (result == 0 && ret->kind == MSGC__CHANGES_DIFF)
		result = copy_changes(roster, true, &copies[1]);
	if (result < 0)
		return result;
	ret->from = roster->told_version;
	ret->to = roster->version;
	ret->count = roster->count;
	ret->joins = copies[0].entries;
	ret->join_count = copies[0].at;
	ret->leaves = copies[1].entries;
	ret->leave_count = copies[1].at;
	commit(roster, ret);
	if (ret->kind != MSGC__CHANGES_NONE) {
		roster->told_version = roster->version;
		roster->told_at = now;
	}
	return 0;
}

int msgc__rosters_changes(struct msgc__rosters *rosters, struct msgc_str group,
        const struct msgc__roster_policy *policy, int64_t now, msgc__changes_fn *done, void *arg)
{
	struct msgc__changes answer = {.due_ms = -1};
	struct msgc__group_roster **link;
	struct copy copies[2] = {{0}, {0}};
	int result = 0;

	pthread_mutex_lock(&rosters->lock);
	link = find(rosters, group);
	if (*link) {
		end_waiting(rosters, *link, now);
		result = take_changes(*link, policy, now, copies, &answer);
		answer.due_ms = due_in(*link, policy, now);
		drop_empty(link);
	}
	pthread_mutex_unlock(&rosters->lock);
	done(arg, result, result == 0 ? &answer : NULL);
	free(copies[0].entries);
	free(copies[1].entries);
	return 0;
}
