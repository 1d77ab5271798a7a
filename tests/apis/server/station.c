/* SPDX-License-Identifier: MIT */
/*
 * station.c - a central system for charge points, as devices.msg has it: answers their calls, calls them, says in their protocol's words what
 * is wrong with a frame. What it calls them for is what the tests ask by `DataTransfer`. It must not know who drives it.
 */
#include "foreign.h"

#include <string.h>

#include "devices.msgc.h"

/* One time for all answers, so that tests can compare bytes. */
static const struct msgc_datetime now = {.seconds = 1795323600};

static bool is(struct msgc_str text, const char *word)
{
	return msgc_str_equal(text, msgc_str_from(word));
}

/* ------------------------------------------------------------------------------------ the point calls */

static int on_boot(struct devices_charge_point *point, const struct devices_boot_notification *in,
        struct devices_charge_point_boot_notification_reply *reply)
{
	(void)point;
	if (is(in->payload.charge_point_vendor, "Nobody")) {
		reply->kind = DEVICES_CHARGE_POINT_BOOT_NOTIFICATION_REPLY_CALL_ERROR;
		reply->call_error =
		        (struct devices_call_error){.code = DEVICES_ERROR_CODE_SECURITY_ERROR,
		                .description = MSGC_STR("unknown vendor"),
		                .details = {"{}", 2}};
		return MSGC_OK;
	}
	reply->kind = DEVICES_CHARGE_POINT_BOOT_NOTIFICATION_REPLY_BOOT_NOTIFICATION_RESULT;
	reply->boot_notification_result.payload.current_time = now;
	reply->boot_notification_result.payload.interval = 300;
	return MSGC_OK;
}

static int on_heartbeat(struct devices_charge_point *point, const struct devices_heartbeat *in,
        struct devices_heartbeat_result *reply)
{
	(void)point, (void)in;
	reply->payload.current_time = now;
	return MSGC_OK;
}

static int on_authorize(struct devices_charge_point *point, const struct devices_authorize *in,
        struct devices_charge_point_authorize_reply *reply)
{
	if (is(in->payload.id_tag, "BROKEN"))
		return MSGC_EIO;
	if (is(in->payload.id_tag, "NEVER"))
		return msgc_refuse(point->connection, "this tag is banned");
	reply->kind = DEVICES_CHARGE_POINT_AUTHORIZE_REPLY_AUTHORIZE_RESULT;
	reply->authorize_result.payload.id_tag_info.status = is(in->payload.id_tag, "GOOD")
	        ? DEVICES_AUTHORIZATION_ACCEPTED
	        : DEVICES_AUTHORIZATION_INVALID;
	return MSGC_OK;
}

static int on_status(struct devices_charge_point *point,
        const struct devices_status_notification *in,
        struct devices_status_notification_result *reply)
{
	(void)point, (void)in, (void)reply;
	return MSGC_OK;
}

static int on_meter(struct devices_charge_point *point, const struct devices_meter_values *in,
        struct devices_meter_values_result *reply)
{
	(void)point, (void)in, (void)reply;
	return MSGC_OK;
}

static int on_start(struct devices_charge_point *point, const struct devices_start_transaction *in,
        struct devices_charge_point_start_transaction_reply *reply)
{
	(void)point;
	reply->kind = DEVICES_CHARGE_POINT_START_TRANSACTION_REPLY_START_TRANSACTION_RESULT;
	reply->start_transaction_result.payload.transaction_id = in->payload.meter_start + 1;
	reply->start_transaction_result.payload.id_tag_info.status = DEVICES_AUTHORIZATION_ACCEPTED;
	return MSGC_OK;
}

/* ------------------------------------------------------------------------------- the point is called */

static int on_reset(struct devices_charge_point *point,
        const struct devices_charge_point_reset_answer *answer, void *arg);

static int reset(struct devices_charge_point *point, enum devices_reset_payload_type type)
{
	return devices_charge_point_ask_reset(
	        point, &(struct devices_reset){.payload.type = type}, 2000, on_reset, NULL);
}

/* What is not to be had softly is asked for once more. */
static int on_reset(struct devices_charge_point *point,
        const struct devices_charge_point_reset_answer *answer, void *arg)
{
	(void)arg;
	if (answer->result != MSGC_OK)
		return MSGC_OK;
	if (answer->kind == DEVICES_CHARGE_POINT_RESET_ANSWER_CALL_ERROR ||
	        answer->reset_result.payload.status == DEVICES_RESET_RESULT_PAYLOAD_STATUS_REJECTED)
		return reset(point, DEVICES_RESET_PAYLOAD_TYPE_HARD);
	return MSGC_OK;
}

/* Told to the vendor's own transfer, which has waited for it. */
static int on_started(struct devices_charge_point *point,
        const struct devices_charge_point_remote_start_answer *answer, void *arg)
{
	struct devices_charge_point_data_transfer_pending *pending = arg;
	struct devices_data_transfer_result *reply = &pending->reply;

	(void)point;
	reply->payload.status = DEVICES_DATA_TRANSFER_RESULT_PAYLOAD_STATUS_REJECTED;
	reply->payload.has_data = true;
	if (answer->result != MSGC_OK)
		reply->payload.data = msgc_str_from(msgc_error_name(answer->result));
	else if (answer->kind == DEVICES_CHARGE_POINT_REMOTE_START_ANSWER_CALL_ERROR)
		reply->payload.data = MSGC_STR("an error");
	else
		reply->payload.has_data = false;
	if (answer->result == MSGC_OK &&
	        answer->kind == DEVICES_CHARGE_POINT_REMOTE_START_ANSWER_REMOTE_START_RESULT &&
	        answer->remote_start_result.payload.status ==
	                DEVICES_REMOTE_START_RESULT_PAYLOAD_STATUS_ACCEPTED)
		reply->payload.status = DEVICES_DATA_TRANSFER_RESULT_PAYLOAD_STATUS_ACCEPTED;
	msgc_pending_finish(pending->pending, MSGC_OK);
	return MSGC_OK;
}

/* Where the answer comes, it is waited for long; a test that wants to see the end of that asks for it. */
static int start_remotely(struct devices_charge_point *point, int64_t patience_ms)
{
	struct devices_remote_start question = {.payload = {.id_tag = MSGC_STR("GOOD")}};
	struct devices_charge_point_data_transfer_pending *pending;
	int result = devices_charge_point_data_transfer_defer(point, NULL, &pending), asked;

	if (result != MSGC_LATER)
		return result;
	asked = devices_charge_point_ask_remote_start(
	        point, &question, patience_ms, on_started, pending);
	if (asked < 0)
		msgc_pending_finish(pending->pending, asked);
	return result;
}

static int on_transfer(struct devices_charge_point *point, const struct devices_data_transfer *in,
        struct devices_data_transfer_result *reply)
{
	struct msgc_str what = in->payload.has_data ? in->payload.data : MSGC_STR("");

	if (is(what, "start"))
		return start_remotely(point, 30000);
	if (is(what, "start soon"))
		return start_remotely(point, 300);
	if (!is(what, "reset")) {
		reply->payload.status = DEVICES_DATA_TRANSFER_RESULT_PAYLOAD_STATUS_UNKNOWNVENDORID;
		return MSGC_OK;
	}
	reply->payload.status = DEVICES_DATA_TRANSFER_RESULT_PAYLOAD_STATUS_ACCEPTED;
	return reset(point, DEVICES_RESET_PAYLOAD_TYPE_SOFT);
}

/* -------------------------------------------------------------------------------------- what is wrong */

static enum devices_error_code code_of(const struct msgc_refusal *refusal)
{
	const char *type = "";

	if (refusal->kind != MSGC_REFUSAL_INVALID)
		return refusal->kind == MSGC_REFUSAL_REFUSED ? DEVICES_ERROR_CODE_GENERIC_ERROR
		                                             : DEVICES_ERROR_CODE_INTERNAL_ERROR;
	if (refusal->problems->kept > 0)
		type = refusal->problems->items[0].type;
	if (strcmp(type, "json_invalid") == 0)
		return DEVICES_ERROR_CODE_FORMATION_VIOLATION;
	if (!refusal->message)
		return DEVICES_ERROR_CODE_NOT_IMPLEMENTED;
	if (strcmp(type, "missing") == 0 || strncmp(type, "too_", 4) == 0)
		return DEVICES_ERROR_CODE_OCCURENCE_CONSTRAINT_VIOLATION;
	if (strstr(type, "_type"))
		return DEVICES_ERROR_CODE_TYPE_CONSTRAINT_VIOLATION;
	return DEVICES_ERROR_CODE_PROPERTY_CONSTRAINT_VIOLATION;
}

/* Only calls are answered with errors, and only those whose id could be read. */
static int on_error(struct devices_charge_point *point, const struct msgc_refusal *refusal,
        struct devices_call_error *message)
{
	(void)point;
	if (!refusal->ref.ptr || refusal->message == &devices_reset_result_message ||
	        refusal->message == &devices_remote_start_result_message ||
	        refusal->message == &devices_call_error_message)
		return MSGC_SAY_NOTHING;
	message->code = code_of(refusal);
	message->description = refusal->detail;
	message->details = (struct msgc_json){"{}", 2};
	return MSGC_OK;
}

static int check_basic(void *app, struct msgc_lookup *lookup, struct msgc_str name,
        struct msgc_str password, struct msgc_user *ret_user)
{
	(void)app, (void)lookup;
	if (!is(password, "secret"))
		return MSGC_EUNAUTHENTICATED;
	ret_user->id = name;
	return MSGC_OK;
}

void foreign_serve_station(struct msgc_server *server)
{
	static const struct devices_charge_point_handlers handlers = {
	        .error = on_error,
	        .boot_notification = on_boot,
	        .heartbeat = on_heartbeat,
	        .authorize = on_authorize,
	        .status_notification = on_status,
	        .meter_values = on_meter,
	        .start_transaction = on_start,
	        .data_transfer = on_transfer,
	};

	msgc_server_use_basic(server, check_basic, NULL);
	devices_charge_point_serve(server, &handlers, NULL);
}
