/* SPDX-License-Identifier: MIT */
/*
 * Records by their types' tables, as they usually come: members in the order of the contract. The
 * place in the text stays in a register from the first brace to the last. Whatever is not as usual
 * is left to kernel_members.h; then it goes on here.
 */
#ifndef MSGC_CODEC_KERNEL_RECORD_H
#define MSGC_CODEC_KERNEL_RECORD_H

#include "kernel_members.h"

/* What comes with a value beside its parts. */
static __attribute__((noinline)) char *run_rules(struct msgc_reader *r, char *p,
        const struct msgc_type *type, uint32_t refused, const void *value)
{
	r->at = p;
	msgc__read_rules(r, type, refused, value);
	return r->at;
}

/* A record on its way, and where it goes on behind the one inside it. */
struct open_record {
	struct msgc_object o;
	const struct msgc_type *type;
	const struct msgc_member *member;
	char *value;
	uint64_t skipped; /* a bit for each member that was passed over because a later one came */
	uint32_t refused;
};

#define RECORDS_OPEN 3 /* so many inside each other without a call */

static __attribute__((noinline)) char *read_absent(
        struct msgc_reader *r, char *p, struct open_record *at, const uint64_t *seen)
{
	r->at = p;
	msgc_read_absent(r, &at->o, at->type, seen, at->value);
	return r->at;
}

/* Not the member that stands next in the contract: the rest of the record, in any order. */
static __attribute__((noinline)) char *rest_of_record(
        struct msgc_reader *r, char *p, struct open_record *at, const struct msgc_member *member)
{
	const struct msgc_type_record *record = at->type->record;
	size_t n = (size_t)(member - record->members);
	uint64_t seen = (n < 64 ? (UINT64_C(1) << n) - 1 : UINT64_MAX) & ~at->skipped;

	p = other_members(r, p, n ? ',' : '{', &at->o, at->type, at->value, &seen);
	return record->must_come & ~seen ? read_absent(r, p, at, &seen) : p;
}

/*
 * A member did not come; if it and those behind it may be absent, the next one that is at p, or the
 * end. NULL: it is none of them.
 */
static __attribute__((noinline)) const struct msgc_member *next_that_came(
        const char *p, struct open_record *at, const struct msgc_member *member)
{
	const struct msgc_type_record *record = at->type->record;
	size_t n = (size_t)(member - record->members);
	bool is_first = n == 0, is_there;
	uint64_t skipped = 0;

	while (n < record->n_members && !member->role &&
	        (member->fill || !(record->must_come >> n & 1))) {
		skipped |= UINT64_C(1) << n++;
		member++;
		if (is_first)
			is_there = n < record->n_members && alike(p, &member->expect);
		else
			is_there = alike_all(p, &member->expect);
		if (is_there) {
			at->skipped |= skipped;
			return member;
		}
	}
	return NULL;
}

/* The end of a record of which not all members came: defaults. */
static __attribute__((noinline)) char *fill_skipped(
        struct msgc_reader *r, char *p, struct open_record *at)
{
	uint64_t seen = ~at->skipped;

	return at->type->record->must_come & at->skipped ? read_absent(r, p, at, &seen) : p;
}

/* A value comes that may be absent or null, and it is just of its type. */
ALWAYS bool odd_is_plain(const struct msgc_member *member, const char *p)
{
	const unsigned known = MSGC_SHAPE_OPTIONAL | MSGC_SHAPE_NULLABLE;

	return !(member->shape & ~known) &&
	        (!(member->shape & MSGC_SHAPE_NULLABLE) || ((uint8_t)*p > ' ' && *p != 'n'));
}

ALWAYS char *record_at(struct msgc_reader *r, char *p, const struct msgc_type *type, char *value)
{
	struct open_record open[RECORDS_OPEN], *now = open;
	const struct msgc_member *member;
	const struct msgc_type *of;
	const struct msgc_member *came;
	enum msgc_type_quick how;
	struct place at;
	char *end;
	void *to;

begin:
	if (MSGC__UNLIKELY(!enter(r, &p, '{', &now->o.at))) {
		p = slow_value(r, p, type, value, (struct place){NULL, NULL});
		goto leave;
	}
	now->type = type;
	now->value = value;
	now->refused = r->scope.refused;
	now->skipped = 0;
	now->o.stepped = r->stepped;
	if (MSGC__UNLIKELY(now->o.stepped != NULL))
		r->stepped = NULL;
	member = type->record->members;
	/* A brace stands where the others have a comma. */
	if (MSGC__UNLIKELY(!alike(p, &member->expect)))
		goto rest;
	for (;;) {
	member:
		p += member->expect.len;
		to = value + member->at;
		of = member->type;
		at.loc = &now->o.at;
		at.member = member;
		how = (enum msgc_type_quick)member->expect.quick;
	value:
		switch (how) {
		case MSGC_QUICK_STR: end = quick_str(r, p, to); break;
		case MSGC_QUICK_LEN: end = quick_len(r, p, of->text, to, at); break;
		case MSGC_QUICK_RUN: end = quick_shape(r, p, of, false, to); break;
		case MSGC_QUICK_PLACES: end = quick_shape(r, p, of, true, to); break;
		case MSGC_QUICK_BOOL: end = quick_bool(p, to); break;
		case MSGC_QUICK_INT: end = quick_int(p, of, to); break;
		case MSGC_QUICK_FLOAT64: end = take_float64(p, to); break;
		case MSGC_QUICK_ENUM: end = quick_enum(p, of, to); break;
		case MSGC_QUICK_RECORD:
			tell_place(at);
			if (MSGC__LIKELY(now < open + RECORDS_OPEN - 1)) {
				now->member = member;
				now++;
				type = of;
				value = to;
				goto begin;
			}
			end = quick_record(r, p, of, to);
			break;
		case MSGC_QUICK_LIST:
			tell_place(at);
			end = quick_list(r, p, of, to);
			break;
		case MSGC_QUICK_WHOLE: end = p; break;
		case MSGC_QUICK_END: goto closed;
		case MSGC_QUICK_NONE:
		case MSGC_QUICK_ODD:
			if (MSGC__UNLIKELY(!odd_is_plain(member, p))) {
				end = odd_member(r, p, member, value, at);
				break;
			}
			if (member->shape & MSGC_SHAPE_OPTIONAL)
				*(bool *)(value + member->has_at) = true;
			how = (enum msgc_type_quick)of->quick;
			if (how != MSGC_QUICK_NONE)
				goto value;
			end = NULL;
			break;
		default: MSGC__NEVER();
		}
		p = MSGC__LIKELY(end != NULL) ? end : slow_value(r, p, of, to, at);
	next:
		member++;
		if (MSGC__UNLIKELY(!alike_all(p, &member->expect)))
			goto rest;
	}
rest:
	came = next_that_came(p, now, member);
	if (came) {
		member = came;
		goto member;
	}
	p = rest_of_record(r, p, now, member);
	goto end;
closed:
	if (MSGC__UNLIKELY(now->skipped))
		p = fill_skipped(r, p, now);
end:
	leave(r, &now->o.at);
	if (MSGC__UNLIKELY(now->type->record->n_rules))
		p = run_rules(r, p, now->type, now->refused, now->value);
leave:
	if (now == open)
		return p;
	now--;
	type = now->type;
	value = now->value;
	member = now->member;
	goto next;
}

static char *quick_record(struct msgc_reader *r, char *p, const struct msgc_type *type, char *value)
{
	/* Code of its own knows nothing of a tag that was read before. */
	if (type->straight && type->straight[KERNEL_ISA] && !r->stepped)
		return type->straight[KERNEL_ISA](r, p, value);
	return record_at(r, p, type, value);
}

#endif
