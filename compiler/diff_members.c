/* SPDX-License-Identifier: MIT */
/*
 * diff_members.c - records and tuples: members that come, go, change their name or must be there.
 *
 * Members are the same where their wire names are. A reader ignores members that it does not know,
 * unless it is closed or takes further ones of a type.
 */
#include "diff_parts.h"

#include <string.h>

/* Two records, seen from both ends. */
struct records {
	const struct model_type *before;
	const struct model_type *after;
	const struct model_type *writer;
	const struct model_type *reader;
};

static const struct model_member *find_wire(const struct model_type *type, const char *wire)
{
	size_t i;

	for (i = 0; i < type->n_members; i++) {
		if (strcmp(type->members[i].wire, wire) == 0)
			return &type->members[i];
	}
	return NULL;
}

static const struct model_member *find_name(const struct model_type *type, const char *name)
{
	size_t i;

	for (i = 0; i < type->n_members; i++) {
		if (strcmp(type->members[i].name, name) == 0)
			return &type->members[i];
	}
	return NULL;
}

/* A server writes members with defaults always; clients may leave them to the server. */
static bool may_be_left_out(const struct diff *d, const struct model_member *member)
{
	return member->optional || (member->default_value != NULL && d->side == DIFF_TO_SERVER);
}

static bool may_be_absent(const struct model_member *member)
{
	return member->optional || member->default_value != NULL;
}

static struct diff_places places_of(const struct model_member *before,
        const struct model_member *after, const struct diff_types *types)
{
	return (struct diff_places){before != NULL ? &before->place : types->places.before,
	        after != NULL ? &after->place : types->places.after};
}

/* ----------------------------------------------------------- of both records */

static void flow_default(struct diff *d, const struct diff_path *path,
        const struct model_member *before, const struct model_member *after,
        struct diff_places places)
{
	if (d->side != DIFF_TO_SERVER || before->default_value == NULL)
		return;
	if (after->default_value == NULL && after->optional)
		diff_found(d, DIFF_DEFAULT, path, places, "its default is gone");
	else if (after->default_value != NULL &&
	        !diff_same_value(before->default_value, after->default_value))
		diff_found(d, DIFF_DEFAULT, path, places, "its default is another");
}

static void flow_member(struct diff *d, const struct diff_path *up,
        const struct model_member *before, const struct model_member *after,
        struct diff_places places)
{
	const struct model_member *writer = diff_writer(d, before, after);
	const struct model_member *reader = diff_reader(d, before, after);
	const struct diff_path *path = diff_path_add(d, up, "%s", after->name);

	if (may_be_left_out(d, writer) && !may_be_absent(reader))
		diff_found(d, DIFF_MEMBER_REQUIRED, path, places,
		        d->side == DIFF_TO_CLIENT ? "may be absent now" : "is required now");
	if (!diff_same_text(before->beside, after->beside))
		diff_found(d, DIFF_DISCRIMINATOR, path, places,
		        "what tells its arms apart stands elsewhere");
	flow_default(d, path, before, after, places);
	diff_flow(d, path, (struct diff_uses){&before->use, &after->use, places});
}

/* -------------------------------------------------------------- of one alone */

/* What the reader knows by this name, the writer writes by another. */
static bool flow_renamed(struct diff *d, const struct diff_path *up, const struct records *records,
        const struct model_member *reader, const struct diff_types *types)
{
	const struct model_member *writer = find_name(records->writer, reader->name);
	const struct model_member *before, *after;

	if (writer == NULL || find_wire(records->reader, writer->wire) != NULL)
		return false;
	before = d->side == DIFF_TO_CLIENT ? reader : writer;
	after = d->side == DIFF_TO_CLIENT ? writer : reader;
	diff_found(d, DIFF_MEMBER_RENAMED, diff_path_add(d, up, "%s", reader->name),
	        places_of(before, after, types), "was \"%s\" and is \"%s\" in JSON", before->wire,
	        after->wire);
	return true;
}

/* Only the reader knows it. */
static void flow_unwritten(struct diff *d, const struct diff_path *up,
        const struct records *records, const struct model_member *member,
        const struct diff_types *types)
{
	bool is_new = d->side == DIFF_TO_SERVER;

	if (flow_renamed(d, up, records, member, types) || may_be_absent(member))
		return;
	diff_found(d, DIFF_MEMBER_REQUIRED, diff_path_add(d, up, "%s", member->name),
	        is_new ? places_of(NULL, member, types) : places_of(member, NULL, types),
	        is_new ? "is new and required" : "was required and is gone");
}

/* Only the writer knows it. */
static void flow_unread(struct diff *d, const struct diff_path *up, const struct records *records,
        const struct model_member *member, const struct diff_types *types)
{
	bool is_new = d->side == DIFF_TO_CLIENT;
	const struct diff_path *path = diff_path_add(d, up, "%s", member->name);
	struct diff_places places =
	        is_new ? places_of(NULL, member, types) : places_of(member, NULL, types);

	/* A required one has been reported from the reader's end. */
	if (records->reader->is_closed) {
		diff_found(d, DIFF_MEMBER_UNKNOWN, path, places, is_new ? "is new" : "is gone");
	} else if (records->reader->further != NULL) {
		const struct model_use *element = &records->reader->further->element;

		diff_flow(d, path,
		        is_new ? (struct diff_uses){element, &member->use, places}
		               : (struct diff_uses){&member->use, element, places});
	}
}

/* ------------------------------------------------------------------ the whole */

static void flow_openness(struct diff *d, const struct diff_path *path,
        const struct records *records, const struct diff_types *types)
{
	const struct model_type *writer = records->writer, *reader = records->reader;

	if (d->side == DIFF_TO_SERVER && reader->is_closed && !writer->is_closed)
		diff_found(d, DIFF_MEMBER_CLOSED, path, types->places, "is closed now");
	else if (reader->is_closed && writer->further != NULL)
		diff_found(
		        d, DIFF_MEMBER_UNKNOWN, path, types->places, "takes further members now");
	if (reader->further != NULL && writer->further != NULL)
		diff_flow_type(d, diff_path_add(d, path, "..."),
		        (struct diff_types){
		                records->before->further, records->after->further, types->places});
}

static bool has_require(const struct model_type *type, const struct model_require *require)
{
	size_t i;

	for (i = 0; i < type->n_requires; i++) {
		if (diff_same_expr(type->requires[i].expr, require->expr))
			return true;
	}
	return false;
}

static bool has_check(const struct model_type *type, const struct model_check *check)
{
	size_t i;

	for (i = 0; i < type->n_checks; i++) {
		if (strcmp(type->checks[i].name, check->name) == 0)
			return true;
	}
	return false;
}

/* Schemas of clients know neither: only the server asks. */
static void flow_statements(struct diff *d, const struct diff_path *path,
        const struct records *records, const struct diff_types *types)
{
	const struct model_type *reader = records->reader;
	size_t i;

	if (d->side != DIFF_TO_SERVER)
		return;
	for (i = 0; i < reader->n_requires; i++) {
		if (!has_require(records->writer, &reader->requires[i]))
			diff_found(d, DIFF_REQUIRE, path,
			        (struct diff_places){
			                types->places.before, &reader->requires[i].place},
			        "'require' with \"%s\" is new", reader->requires[i].message);
	}
	for (i = 0; i < reader->n_checks; i++) {
		if (!has_check(records->writer, &reader->checks[i]))
			diff_found(d, DIFF_CHECK, path,
			        (struct diff_places){
			                types->places.before, &reader->checks[i].place},
			        "'check %s' is new", reader->checks[i].name);
	}
}

void diff_flow_record(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	struct records records = {.before = types.before,
	        .after = types.after,
	        .writer = diff_writer(d, types.before, types.after),
	        .reader = diff_reader(d, types.before, types.after)};
	size_t i;

	for (i = 0; i < records.reader->n_members; i++) {
		const struct model_member *reader = &records.reader->members[i];
		const struct model_member *writer = find_wire(records.writer, reader->wire);
		bool is_old = d->side == DIFF_TO_CLIENT;

		if (writer == NULL)
			flow_unwritten(d, path, &records, reader, &types);
		else
			flow_member(d, path, is_old ? reader : writer, is_old ? writer : reader,
			        places_of(is_old ? reader : writer, is_old ? writer : reader,
			                &types));
	}
	for (i = 0; i < records.writer->n_members; i++) {
		const struct model_member *writer = &records.writer->members[i];

		if (find_wire(records.reader, writer->wire) == NULL)
			flow_unread(d, path, &records, writer, &types);
	}
	flow_openness(d, path, &records, &types);
	flow_statements(d, path, &records, &types);
}

/* Optional elements stand at the end; elements behind the last one are refused. */
void diff_flow_tuple(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	const struct model_type *writer = diff_writer(d, types.before, types.after);
	const struct model_type *reader = diff_reader(d, types.before, types.after);
	size_t i;

	for (i = 0; i < types.before->n_members && i < types.after->n_members; i++) {
		const struct model_member *before = &types.before->members[i];
		const struct model_member *after = &types.after->members[i];

		flow_member(d, path, before, after, places_of(before, after, &types));
	}
	if (writer->n_members > reader->n_members ||
	        (reader->n_members > i && !reader->members[i].optional))
		diff_found(d, DIFF_TUPLE, path, types.places, "had %zu elements and has %zu",
		        types.before->n_members, types.after->n_members);
}
