/* SPDX-License-Identifier: MIT */
/*
 * The client in C with other people's protocols, against a server made from their contracts: frames that are arrays, a greeting, and a first
 * frame of the contract's own that says who it is.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "devices.client.h"
#include "gateway.client.h"
#include "party.h"

static struct devices_charge_point_client *point;
static struct gateway_gateway_socket_client *bot;

static void setup(void)
{
	stage_begin_other(FOREIGN_SERVER, NULL);
}

/* ------------------------------------------------------------------------------------ a charge point: arrays */

static void remote_start(void *app, struct devices_charge_point_client *client,
        const struct devices_remote_start *message, const struct msgc_client_frame *frame)
{
	const struct devices_remote_start_result accepted = {
	        .payload = {.status = DEVICES_REMOTE_START_RESULT_PAYLOAD_STATUS_ACCEPTED}};

	remember(&((struct person *)app)->heard, message->payload.id_tag.ptr,
	        message->payload.id_tag.len);
	ck_assert_int_eq(devices_charge_point_client_answer_remote_start_remote_start_result(
	                         client, &accepted, frame->ref),
	        MSGC_OK);
}

static void call_error(void *app, struct devices_charge_point_client *client,
        const struct devices_call_error *message, const struct msgc_client_frame *frame)
{
	(void)client;
	ck_assert_int_eq(message->code, DEVICES_ERROR_CODE_PROPERTY_CONSTRAINT_VIOLATION);
	remember(&((struct person *)app)->heard, frame->ref.ptr, frame->ref.len);
}

static void enter_point(struct person *person)
{
	static const struct devices_charge_point_client_handlers handlers = {
	        .call_error = call_error, .remote_start = remote_start};
	const struct devices_charge_point_params params = {.identity = MSGC_STR("CP 1")};
	struct msgc_client_options options = options_for(person);

	options.token = NULL;
	ck_assert_int_eq(
	        devices_charge_point_client_new(&options, &params, &handlers, &point), MSGC_OK);
	entered(person, devices_charge_point_client_connection(point));
	EVENTUALLY(is_live(person));
}

static void booted(void *app, struct devices_charge_point_client *client,
        const struct msgc_outcome *outcome,
        const struct devices_charge_point_client_boot_notification_answer *answer, void *arg)
{
	struct fate *fate = arg;

	(void)app;
	(void)client;
	fate_of(fate, outcome);
	ck_assert_ptr_nonnull(answer);
	if (answer->kind ==
	        DEVICES_CHARGE_POINT_CLIENT_BOOT_NOTIFICATION_BOOT_NOTIFICATION_RESULT) {
		ck_assert_int_eq(answer->boot_notification_result->payload.status,
		        DEVICES_REGISTRATION_ACCEPTED);
		fate->number = answer->boot_notification_result->payload.interval;
	} else {
		ck_assert_int_eq(answer->call_error->code, DEVICES_ERROR_CODE_SECURITY_ERROR);
		snprintf(fate->text, sizeof(fate->text), "%.*s",
		        (int)answer->call_error->description.len,
		        answer->call_error->description.ptr);
	}
}

static void beaten(void *app, struct devices_charge_point_client *client,
        const struct msgc_outcome *outcome, const struct devices_heartbeat_result *answer,
        void *arg)
{
	struct fate *fate = arg;

	(void)app;
	(void)client;
	fate_of(fate, outcome);
	fate->number = answer ? answer->payload.current_time.seconds : 0;
}

START_TEST(calls_are_arrays_whose_answers_are_told_apart_by_ref)
{
	const struct devices_boot_notification acme = {
	        .payload = {.charge_point_vendor = MSGC_STR("ACME"),
	                .charge_point_model = MSGC_STR("One")}};
	const struct devices_boot_notification nobody = {
	        .payload = {.charge_point_vendor = MSGC_STR("Nobody"),
	                .charge_point_model = MSGC_STR("One")}};
	const struct devices_heartbeat beat = {.payload = {0}};
	struct person ada = {0};
	struct fate first = {0}, second = {0}, third = {0};

	enter_point(&ada);
	ck_assert_int_eq(devices_charge_point_client_request_boot_notification(
	                         point, &acme, NULL, booted, &first),
	        MSGC_OK);
	ck_assert_int_eq(
	        devices_charge_point_client_request_heartbeat(point, &beat, NULL, beaten, &second),
	        MSGC_OK);
	ck_assert_int_eq(devices_charge_point_client_request_boot_notification(
	                         point, &nobody, NULL, booted, &third),
	        MSGC_OK);
	EVENTUALLY(first.is_known && second.is_known && third.is_known);
	ck_assert_int_eq(first.result, MSGC_OK);
	ck_assert_int_eq(first.number, 300);
	ck_assert_int_eq(second.result, MSGC_OK);
	ck_assert_int_gt(second.number, 0);
	ck_assert_int_eq(third.result, MSGC_OK);
	ck_assert_str_eq(third.text, "unknown vendor");
	ck_assert_uint_eq(ada.problems.count, 0);
}
END_TEST

static void transferred(void *app, struct devices_charge_point_client *client,
        const struct msgc_outcome *outcome, const struct devices_data_transfer_result *answer,
        void *arg)
{
	struct fate *fate = arg;

	(void)app;
	(void)client;
	fate_of(fate, outcome);
	fate->number = answer &&
	        answer->payload.status == DEVICES_DATA_TRANSFER_RESULT_PAYLOAD_STATUS_ACCEPTED;
}

START_TEST(calls_of_the_server_are_answered_with_their_ref)
{
	const struct devices_data_transfer start = {.payload = {.vendor_id = MSGC_STR("test"),
	                                                    .has_data = true,
	                                                    .data = MSGC_STR("start")}};
	struct person ada = {0};
	struct fate fate = {0};

	enter_point(&ada);
	ck_assert_int_eq(devices_charge_point_client_request_data_transfer(
	                         point, &start, NULL, transferred, &fate),
	        MSGC_OK);
	EVENTUALLY(fate.is_known); /* once the server has had its own answer */
	ck_assert_int_eq(fate.result, MSGC_OK);
	ck_assert_int_eq(fate.number, 1);
	ck_assert_str_eq(joined(&ada.heard), "GOOD");
}
END_TEST

START_TEST(arrays_that_break_the_contract_are_not_sent)
{
	const struct devices_authorize tag = {
	        .payload = {.id_tag = MSGC_STR("a tag of more than twenty bytes")}};
	const struct devices_heartbeat beat = {.payload = {0}};
	struct person ada = {0};
	struct fate fate = {0};

	enter_point(&ada);
	ck_assert_int_eq(
	        devices_charge_point_client_send_authorize(point, &tag, NULL), MSGC_ECONTRACT);
	/* What is sent nevertheless is answered in the contract's words, and the connection lives. */
	ck_assert_int_eq(msgc_client_send_text(ada.client,
	                         MSGC_STR("[2,\"x9\",\"Authorize\",{\"idTag\":\"a tag of more than "
	                                  "twenty bytes\"}]")),
	        MSGC_OK);
	EVENTUALLY(ada.heard.count == 1);
	ck_assert_str_eq(joined(&ada.heard), "x9");
	ck_assert_int_eq(
	        devices_charge_point_client_request_heartbeat(point, &beat, NULL, beaten, &fate),
	        MSGC_OK);
	EVENTUALLY(fate.is_known);
	ck_assert_int_eq(fate.result, MSGC_OK);
}
END_TEST

/* --------------------------------------------------------------------- a bot: a greeting and a first frame */

static const char *token;

static void hello(void *app, struct gateway_gateway_socket_client *client,
        const struct gateway_hello *message, const struct msgc_client_frame *frame)
{
	char text[32];

	(void)client;
	(void)frame;
	snprintf(text, sizeof(text), "hello:%u", message->d.heartbeat_interval);
	remember(&((struct person *)app)->heard, text, strlen(text));
}

static void ready(void *app, struct gateway_gateway_socket_client *client,
        const struct gateway_ready *message, const struct msgc_client_frame *frame)
{
	(void)client;
	(void)message;
	(void)frame;
	remember(&((struct person *)app)->heard, "ready", 5);
}

static void heartbeat_ack(void *app, struct gateway_gateway_socket_client *client,
        const struct gateway_heartbeat_ack *message, const struct msgc_client_frame *frame)
{
	(void)client;
	(void)message;
	(void)frame;
	remember(&((struct person *)app)->heard, "ack", 3);
}

static void introduce(void *app, struct msgc_client *client)
{
	const struct gateway_identify identify = {
	        .d = {.token = msgc_str_from(token),
	                .intents = 1,
	                .properties = {MSGC_STR("linux"), MSGC_STR("none"), MSGC_STR("test")},
	                .large_threshold = 50}};

	(void)app;
	ck_assert_ptr_eq(client, gateway_gateway_socket_client_connection(bot));
	ck_assert_int_eq(
	        gateway_gateway_socket_client_send_identify(bot, &identify, NULL), MSGC_OK);
}

static void enter_gateway(struct person *person)
{
	static const struct gateway_gateway_socket_client_handlers handlers = {
	        .hello = hello, .ready = ready, .heartbeat_ack = heartbeat_ack};
	const struct gateway_gateway_socket_params params = {.v = 10};
	struct msgc_client_options options = options_for(person);

	options.token = NULL;
	options.events.introduce = introduce;
	ck_assert_int_eq(
	        gateway_gateway_socket_client_new(&options, &params, &handlers, &bot), MSGC_OK);
	entered(person, gateway_gateway_socket_client_connection(bot));
}

START_TEST(who_it_is_is_said_when_it_has_been_greeted)
{
	const struct gateway_heartbeat beat = {.d_is_null = true};
	struct person ada = {0};

	token = "good";
	enter_gateway(&ada);
	/* Behind the introduction, though it was asked for before there was a connection. */
	ck_assert_int_eq(gateway_gateway_socket_client_send_heartbeat(bot, &beat, NULL), MSGC_OK);
	EVENTUALLY(ada.heard.count == 3);
	ck_assert_str_eq(joined(&ada.heard), "hello:41250 ready ack");
	ck_assert(is_live(&ada));
	ck_assert_uint_eq(ada.problems.count, 0);
}
END_TEST

START_TEST(somebody_else_is_sent_away_and_stays_away)
{
	struct person ada = {0};

	token = "bad";
	enter_gateway(&ada);
	EVENTUALLY(phase_of(&ada) == MSGC_CLIENT_CLOSED);
	ck_assert_uint_eq(msgc_client_state_of(ada.client)->code, 4401);
	ck_assert_str_eq(joined(&ada.heard), "hello:41250");
	ck_assert_uint_eq(ada.states.count, 2 + (strstr(joined(&ada.states), "live") != NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("client: foreign");
	TCase *tests = tcase_create("foreign");

	tcase_add_checked_fixture(tests, setup, leave_all);
	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, calls_are_arrays_whose_answers_are_told_apart_by_ref);
	tcase_add_test(tests, calls_of_the_server_are_answered_with_their_ref);
	tcase_add_test(tests, arrays_that_break_the_contract_are_not_sent);
	tcase_add_test(tests, who_it_is_is_said_when_it_has_been_greeted);
	tcase_add_test(tests, somebody_else_is_sent_away_and_stays_away);
	suite_add_tcase(suite, tests);
	return run_suite(suite);
}
