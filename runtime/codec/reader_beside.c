/* SPDX-License-Identifier: MIT */
/*
 * What may stand in a message beside the members that its contract names: the envelope's members
 * are checked for their type and dropped, everything else is unknown. What the server does with an
 * envelope is read elsewhere (envelope.c).
 */
#include "reader.h"

enum beside { UNKNOWN, STRING, INTEGER, BOOLEAN };

static enum beside kind_of(struct msgc_str key)
{
	static const struct {
		struct msgc_str name;
		enum beside kind;
	} members[] = {
	        {MSGC_STR_INIT("ref"), STRING},
	        {MSGC_STR_INIT("topic"), STRING},
	        {MSGC_STR_INIT("message_id"), STRING},
	        {MSGC_STR_INIT("epoch"), STRING},
	        {MSGC_STR_INIT("seq"), INTEGER},
	        {MSGC_STR_INIT("version"), INTEGER},
	        {MSGC_STR_INIT("is_mine"), BOOLEAN},
	        {MSGC_STR_INIT("is_current"), BOOLEAN},
	};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (msgc_str_equal(members[i].name, key))
			return members[i].kind;
	}
	return UNKNOWN;
}

void msgc_read_beside(struct msgc_reader *r, struct msgc_object *o, bool closed)
{
	enum beside kind = kind_of(o->at.key);
	bool ignored;

	if (kind == UNKNOWN) {
		msgc_read_unknown(r, o, closed);
		return;
	}
	if (!msgc__read_new_name(r, o))
		return;
	if (kind == STRING)
		msgc_read_envelope_str(r);
	else if (kind == INTEGER)
		msgc_read_envelope_int(r);
	else
		msgc_read_bool(r, &ignored);
}
