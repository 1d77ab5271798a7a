/* SPDX-License-Identifier: MIT */
/*
 * test_kinds.c - URL parameters of every kind, another discriminator, and names that want escaping: kinds.msg over
 * the server that only writes down (fake_server.h).
 */
#define _DEFAULT_SOURCE /* strsep */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "fake_server.h"
#include "kinds.msgc.h"

static struct msgc_server server;
static struct msgc_connection connection = {.id = 1};
static struct msgc_arena arena;
static struct msgc_problems problems;
static struct msgc_reply reply;
static const struct msgc_consumer *table;
static struct kinds_all *all;
static int chosen;

static int on_int(
        struct kinds_all *self, const struct kinds_int *in, struct kinds_all_int__reply *out)
{
	ck_assert_ptr_eq(self, all);
	if (chosen == 1) {
		out->kind = KINDS_ALL_INT__REPLY_INT_;
		out->int_.payload = in->payload + 1;
	} else {
		out->kind = KINDS_ALL_INT__REPLY_HELLO;
	}
	return MSGC_OK;
}

static const struct kinds_all_handlers handlers = {.int_ = on_int};

static void setup(void)
{
	struct msgc_context context = {.connection = &connection, .server = &server};

	fake_clear();
	ck_assert_int_eq(kinds_all_serve(&server, &handlers, NULL), MSGC_OK);
	table = server.consumer;
	all = calloc(1, table->self_size);
	ck_assert_ptr_nonnull(all);
	table->bind(all, &context);
}

static void teardown(void)
{
	free(all);
	msgc_arena_free(&arena);
}

enum { A, B, C, D, E, F, G, H, I, J, K, L, M, COUNT };

static const char *const good[COUNT] = {"true", "-128", "300", "2147483647", "-5", "255", "65535",
        "4294967295", "18446744073709551614", "a-b_1", "00112233-4455-6677-8899-aabbccddeeff",
        "guest", "-5"};

/* The good values with one exchanged; COUNT: none. */
static int read_with(int index, const char *value)
{
	struct msgc_str values[COUNT];

	for (int i = 0; i < COUNT; i++)
		values[i] = msgc_str_from(i == index ? value : good[i]);
	msgc_problems_clear(&problems);
	return table->read_params(all, values, &arena, &problems);
}

START_TEST(every_kind_is_read)
{
	ck_assert_int_eq(read_with(COUNT, NULL), MSGC_OK);
	ck_assert(all->params.a);
	ck_assert_int_eq(all->params.b, -128);
	ck_assert_int_eq(all->params.c, 300);
	ck_assert_int_eq(all->params.d, INT32_MAX);
	ck_assert_int_eq(all->params.e, -5);
	ck_assert_uint_eq(all->params.f, 255);
	ck_assert_uint_eq(all->params.g, 65535);
	ck_assert_uint_eq(all->params.h, UINT32_MAX);
	ck_assert_uint_eq(all->params.i, UINT64_MAX - 1);
	ck_assert_str_eq(msgc_str_c(all->params.j), "a-b_1");
	ck_assert_uint_eq(all->params.k.bytes[15], 0xff);
	ck_assert_int_eq(all->params.l, PPL_ROLE_GUEST);
	ck_assert_int_eq(all->params.m, PPL_LEVEL_HIGH);
}
END_TEST

START_TEST(what_a_kind_refuses_is_refused)
{
	static const struct {
		int index;
		const char *value;
		const char *type;
	} bad[] = {
	        {A, "1", NULL},
	        {B, "128", "less_than_equal"},
	        {C, "1", "greater_than_equal"},
	        {C, "301", "less_than_equal"},
	        {D, "0", "greater_than"},
	        {D, "2147483648", "less_than_equal"},
	        {E, "7", "multiple_of"},
	        {F, "-1", NULL},
	        {F, "256", "less_than_equal"},
	        {I, "18446744073709551615", "less_than"},
	        {I, "18446744073709551616", NULL},
	        {J, "a b", NULL},
	        {J, "abcdefghijk", "string_too_long"},
	        {K, "00112233", NULL},
	        {L, "Guest", "enum"},
	        {M, "2", "enum"},
	        {M, "x", NULL},
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char loc[32];

		snprintf(loc, sizeof(loc), "[\"path\",\"%c\"]", 'a' + bad[i].index);
		ck_assert_int_eq(read_with(bad[i].index, bad[i].value), MSGC_ECONTRACT);
		ck_assert_uint_eq(problems.count, 1);
		ck_assert_str_eq(problems.items[0].loc, loc);
		if (bad[i].type)
			ck_assert_str_eq(problems.items[0].type, bad[i].type);
	}
}
END_TEST

START_TEST(wire_names_are_escaped_and_told_apart)
{
	static const char *const wires[] = {
	        "say \"hello\"", "abcd", "abce", "abcf", "abcg", "xbcd", "int", "self", "room"};

	ck_assert_uint_eq(table->action_count, 9);
	for (size_t i = 0; i < 9; i++)
		ck_assert_int_eq(table->find_action(wires[i], strlen(wires[i])), (int)i);
	ck_assert_int_eq(table->find_action("abch", 4), -1);
	ck_assert_int_eq(table->find_action("say 'hello'x", 12), -1);
	ck_assert_str_eq(table->envelope.keys[0], "type");
	ck_assert_str_eq(table->path[14].literal, "x-y");
}
END_TEST

START_TEST(a_message_may_be_its_own_reply)
{
	struct kinds_int in = {.payload = 4};
	int index = table->find_action("int", 3);

	chosen = 1;
	ck_assert_int_eq(table->actions[index].handle(&handlers, all, &in, &reply), MSGC_OK);
	chosen = 2;
	ck_assert_int_eq(table->actions[index].handle(&handlers, all, &in, &reply), MSGC_OK);
	ck_assert_str_eq(fake_log,
	        "reply {\"type\":\"int\",\"payload\":5}\n"
	        "reply {\"type\":\"say \\\"hello\\\"\"}\n");
}
END_TEST

START_TEST(arguments_named_like_ours_keep_apart)
{
	struct kinds_hello hello;

	memset(&hello, 0, sizeof(hello));
	ck_assert_int_eq(kinds_server_broadcast_hello(
	                         &server, -1, MSGC_STR("m"), UINT64_MAX, NULL, &hello, 0),
	        MSGC_OK);
	ck_assert_int_eq(kinds_all_join_server(all, 2, MSGC_STR("n"), 3), MSGC_OK);
	ck_assert_str_eq(fake_log,
	        "publish s_%2D1_m_18446744073709551615 {\"type\":\"say \\\"hello\\\"\"}\n"
	        "join 1 s_2_n_3\n");
}
END_TEST

START_TEST(literal_arguments_of_join_are_values)
{
	struct kinds_message *connected;

	ck_assert_int_eq(
	        kinds_message_serve(&server, &(struct kinds_message_handlers){0}, NULL), MSGC_OK);
	connected = calloc(1, server.consumer->self_size);
	ck_assert_ptr_nonnull(connected);
	server.consumer->bind(connected, &(struct msgc_context){.connection = &connection});
	ck_assert_int_eq(server.consumer->joins(connected), MSGC_OK);
	ck_assert_str_eq(fake_log,
	        "join 1 "
	        "s_1_a%20%22quoted%22%2C%20%2F%2A%20long%20%2A%2F%20text%20%28with%2C%20commas%2C"
	        "%20and%2C%20parentheses%29%3A%20it%20must%20not%20be%2C%20broken%2C%20%5C%22%2C%"
	        "20%28_"
	        "18446744073709551615\n");
	free(connected);
}
END_TEST

/* may_see and may_enter(user) or not (may_hear or is_authenticated) */
START_TEST(permit_keeps_precedence)
{
	static const struct msgc_permit_op ops[] = {
	        {MSGC_PERMIT_TERM, 0},
	        {MSGC_PERMIT_TERM, 1},
	        {MSGC_PERMIT_AND, 0},
	        {MSGC_PERMIT_TERM, 2},
	        {MSGC_PERMIT_TERM, -1},
	        {MSGC_PERMIT_OR, 0},
	        {MSGC_PERMIT_NOT, 0},
	        {MSGC_PERMIT_OR, 0},
	};

	kinds_message_serve(&server, &(struct kinds_message_handlers){0}, NULL);
	table = server.consumer;
	ck_assert_uint_eq(table->permit_count, sizeof(ops) / sizeof(ops[0]));
	for (size_t i = 0; i < table->permit_count; i++) {
		ck_assert_int_eq(table->permit[i].kind, ops[i].kind);
		if (ops[i].kind == MSGC_PERMIT_TERM)
			ck_assert_int_eq(table->permit[i].term, ops[i].term);
	}
	ck_assert(table->terms[0].needs_object);
	ck_assert(!table->terms[1].needs_object);
	ck_assert(table->terms[2].needs_object);
}
END_TEST

static struct kinds_rest *rest;

/* The parameters of consumer rest, separated by blanks. */
static int read_rest(const char *texts)
{
	struct msgc_str values[9];
	char copy[256], *at = copy;

	snprintf(copy, sizeof(copy), "%s", texts);
	for (size_t i = 0; i < 9; i++)
		values[i] = msgc_str_from(strsep(&at, " "));
	msgc_problems_clear(&problems);
	return table->read_params(rest, values, &arena, &problems);
}

START_TEST(numbers_and_times_are_read)
{
	static const struct kinds_rest_handlers none;

	ck_assert_int_eq(kinds_rest_serve(&server, &none, NULL), MSGC_OK);
	table = server.consumer;
	rest = calloc(1, table->self_size);
	ck_assert_ptr_nonnull(rest);
	ck_assert_int_eq(read_rest("0.5 -1e3 9.50 2024-02-29T12:00:00.5+02:00 2024-02-29 23:59:59Z "
	                           "P1DT2H -5 -1"),
	        MSGC_OK);
	ck_assert_float_eq(rest->params.a, 0.5F);
	ck_assert_double_eq(rest->params.b, -1000);
	ck_assert_uint_eq(rest->params.c.len, 4);
	ck_assert_int_eq(rest->params.d.seconds, 1709200800);
	ck_assert_int_eq(rest->params.d.offset_minutes, 120);
	ck_assert_int_eq(rest->params.e.day, 29);
	ck_assert_int_eq(rest->params.f.hour, 23);
	ck_assert_int_eq(rest->params.g.seconds, 7200);
	ck_assert_int_eq(rest->params.h.seconds, -5);
	ck_assert_int_eq(rest->params.i.seconds, -1);
	ck_assert_int_eq(rest->params.i.nanoseconds, 999000000);
	ck_assert_int_eq(read_rest("-1 x 9.6 2024-02-30T12:00:00Z 2023-02-29 24:00:00Z P 1.5 x"),
	        MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 9);
	free(rest);
}
END_TEST

static struct kinds_finder *finder;

/* Parameters in their order; NULL: absent. */
static int find(const char *const texts[12])
{
	struct msgc_str values[12] = {{0}};

	for (size_t i = 0; i < 12; i++) {
		if (texts[i])
			values[i] = msgc_str_from(texts[i]);
	}
	msgc_problems_clear(&problems);
	memset(&finder->params, 0, sizeof(finder->params));
	return table->read_params(finder, values, &arena, &problems);
}

START_TEST(query_parameters_may_be_absent)
{
	static const struct kinds_finder_handlers none;
	static const char *const least[12] = {"x", "here", [5] = "2024-02-29"};
	static const char *const most[12] = {"x", "here", "7", "owner", "2024-02-29T12:00:00Z",
	        "2024-02-29", "21", "-0.25", "true", " ab ", "",
	        "00112233-4455-6677-8899-aabbccddeeff"};
	const struct kinds_finder_params *params;

	kinds_finder_serve(&server, &none, NULL);
	table = server.consumer;
	ck_assert_str_eq(table->params[6], "page-size");
	finder = calloc(1, table->self_size);
	ck_assert_ptr_nonnull(finder);
	params = &finder->params;

	ck_assert_int_eq(find(least), MSGC_OK);
	ck_assert_str_eq(params->q.ptr, "x");
	ck_assert_str_eq(params->where.ptr, "here");
	ck_assert(!params->has_page && !params->has_since && !params->has_name && !params->has_id);
	ck_assert_int_eq(params->role, PPL_ROLE_GUEST);
	ck_assert_int_eq(params->until.day, 29);
	ck_assert_uint_eq(params->limit, 20);
	ck_assert_str_eq(params->ratio.ptr, "1.5");
	ck_assert(!params->all);
	ck_assert_str_eq(params->word.ptr, "a\"b");

	ck_assert_int_eq(find(most), MSGC_OK);
	ck_assert(params->has_page && params->has_since && params->has_name && params->has_id);
	ck_assert_int_eq(params->page, 7);
	ck_assert_int_eq(params->role, PPL_ROLE_OWNER);
	ck_assert_int_eq(params->since.seconds, 1709208000);
	ck_assert_uint_eq(params->limit, 21);
	ck_assert(params->all);
	ck_assert_uint_eq(params->name.len, 2);
	ck_assert_uint_eq(params->word.len, 0);
	ck_assert_uint_eq(params->id.bytes[15], 0xff);
	free(finder);
}
END_TEST

START_TEST(query_parameters_that_are_missing_or_wrong_are_refused_at_their_place)
{
	static const struct kinds_finder_handlers none;
	static const char *const nothing[12] = {[1] = "no slug"};
	static const char *const wrong[12] = {"", "here", "0", "nobody", "now", "2024-02-30", "-1",
	        "1.", "yes", " abcd ", [11] = "0011"};
	static const char *const places[] = {
	        "q", "page", "role", "since", "until", "page-size", "ratio", "all", "name", "id"};

	kinds_finder_serve(&server, &none, NULL);
	table = server.consumer;
	finder = calloc(1, table->self_size);
	ck_assert_ptr_nonnull(finder);
	ck_assert_int_eq(find(nothing), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 3);
	ck_assert_str_eq(problems.items[0].loc, "[\"path\",\"where\"]");
	ck_assert_str_eq(problems.items[1].loc, "[\"query\",\"q\"]");
	ck_assert_str_eq(problems.items[1].type, "missing");
	ck_assert_str_eq(problems.items[2].loc, "[\"query\",\"until\"]");
	ck_assert_str_eq(problems.items[2].type, "missing");

	ck_assert_int_eq(find(wrong), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, sizeof(places) / sizeof(places[0]));
	for (size_t i = 0; i < problems.count; i++) {
		char loc[32];

		snprintf(loc, sizeof(loc), "[\"query\",\"%s\"]", places[i]);
		ck_assert_str_eq(problems.items[i].loc, loc);
		ck_assert_str_ne(problems.items[i].type, "missing");
	}
	free(finder);
}
END_TEST

START_TEST(group_names_hold_every_kind)
{
	struct msgc_datetime d = {1709200800, 500000000, 120};
	struct msgc_date e = {2024, 2, 29};
	struct msgc_time f = {0, 23, 59, 59, 0};
	struct msgc_duration g = {0, 1, 7200};
	struct msgc_decimal c = {"9.50", 4}, bad = {"x", 1};
	struct msgc_uuid h = {{0}};
	struct msgc_group_name name = {0};

	ck_assert_int_eq(
	        kinds_moments_group_name(0.5F, -1000.25, c, d, e, f, g, h, PPL_LEVEL_HIGH, &name),
	        MSGC_OK);
	ck_assert_str_eq(name.text,
	        "0%2E5/%2D1000%2E25/9%2E50/"
	        "2024%2D02%2D29T12%3A00%3A00%2E500%2B02%3A00/2024%2D02%2D29/23%3A59%3A59Z/"
	        "P1DT2H/00000000%2D0000%2D0000%2D0000%2D000000000000/%2D5");
	ck_assert_int_eq(
	        kinds_moments_group_name(0.5F, -1000.25, bad, d, e, f, g, h, PPL_LEVEL_HIGH, &name),
	        MSGC_ELIMIT);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {every_kind_is_read, what_a_kind_refuses_is_refused,
	        wire_names_are_escaped_and_told_apart, a_message_may_be_its_own_reply,
	        arguments_named_like_ours_keep_apart, literal_arguments_of_join_are_values,
	        permit_keeps_precedence, numbers_and_times_are_read, query_parameters_may_be_absent,
	        query_parameters_that_are_missing_or_wrong_are_refused_at_their_place,
	        group_names_hold_every_kind};
	Suite *suite = suite_create("kinds");
	TCase *tcase = tcase_create("kinds");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
