/* SPDX-License-Identifier: MIT */
/*
 * What may stand in a message beside the members that its contract names: the envelope's members
 * are checked for their type and dropped, everything else is unknown. What the server does with an
 * envelope is read elsewhere (envelope.c).
 */
#include <msgc/type.h>

#include "reader.h"

const struct msgc_beside msgc_envelope_beside[] = {
        {"ref", MSGC_BESIDE_STRING},
        {"topic", MSGC_BESIDE_STRING},
        {"message_id", MSGC_BESIDE_STRING},
        {"epoch", MSGC_BESIDE_STRING},
        {"seq", MSGC_BESIDE_INTEGER},
        {"version", MSGC_BESIDE_INTEGER},
        {"is_mine", MSGC_BESIDE_BOOLEAN},
        {"is_current", MSGC_BESIDE_BOOLEAN},
        {NULL, MSGC_BESIDE_STRING},
};

void msgc_read_beside(
        struct msgc_reader *r, struct msgc_object *o, const struct msgc_beside *beside, bool closed)
{
	bool ignored;

	while (beside->name && !msgc_str_equal(msgc_str_from(beside->name), o->at.key))
		beside++;
	if (!beside->name) {
		msgc_read_unknown(r, o, closed);
		return;
	}
	if (!msgc__read_new_name(r, o))
		return;
	switch (beside->kind) {
	case MSGC_BESIDE_STRING: msgc_read_envelope_str(r); break;
	case MSGC_BESIDE_INTEGER: msgc_read_envelope_int(r); break;
	case MSGC_BESIDE_BOOLEAN: msgc_read_bool(r, &ignored); break;
	case MSGC_BESIDE_ANY: msgc__reader_skip(r); break;
	}
}
