/* SPDX-License-Identifier: MIT */
/*
 * require and check: what holds and what does not, with absent and null, at int64_t's ends, and that
 * rules are asked only of what is right otherwise. It must not know how rules become C.
 */
#include <stdio.h>

#include "harness.h"
#include "rules.h"

static const struct {
	const char *members;
	const char *problem; /* NULL: none; else its message */
	const char *loc;
} cases[] = {
        {"\"low\":1,\"high\":1", NULL, NULL},
        {"\"low\":1,\"high\":1,\"to\":null", NULL, NULL},
        {"\"low\":1,\"high\":1,\"to\":\"2024-01-01\"", NULL, NULL},
        {"\"low\":1,\"high\":1,\"to\":\"2023-12-31\"", "to is before from", "[\"payload\"]"},
        {"\"low\":2,\"high\":1", "low is above high", "[\"payload\"]"},
        {"\"low\":9223372036854775807,\"high\":1", "low is above high", "[\"payload\"]"},
        {"\"low\":1,\"high\":4611686018427387904", "low is above high", "[\"payload\"]"},
        {"\"low\":-9223372036854775808,\"high\":-4611686018427387903", NULL, NULL},
        {"\"low\":1,\"high\":1,\"price\":\"1.50\",\"max\":\"1.5\"", NULL, NULL},
        {"\"low\":1,\"high\":1,\"price\":\"1.50\",\"max\":\"1.49\"", "price <= max or not has(max)",
                "[\"payload\"]"},
        {"\"low\":1,\"high\":1,\"mode\":\"b\"", "mode", "[\"payload\"]"},
        {"\"low\":1,\"high\":1,\"name\":\"n\",\"tags\":[\"a\"]", "mode", "[\"payload\"]"},
        {"\"low\":1,\"high\":1,\"flag\":true", "flagged", "[\"payload\"]"},
        {"\"low\":1,\"high\":1,\"flag\":true,\"inner\":{\"n\":4}", NULL, NULL},
        {"\"low\":1,\"high\":1,\"flag\":true,\"inner\":{\"n\":null}", "flagged", "[\"payload\"]"},
        {"\"low\":1,\"high\":1,\"flag\":true,\"inner\":{\"u\":2}", NULL, NULL},
        {"\"low\":1,\"high\":1,\"flag\":true,\"inner\":{\"u\":18446744073709551614}", "flagged",
                "[\"payload\"]"},
        {"\"low\":1,\"high\":1,\"name\":\"bad\"", "a bad name", "[\"payload\",\"name\"]"},
        {"\"low\":1,\"high\":1,\"iban\":\"X1\"", "no such country", "[\"payload\",\"iban\"]"},
        {"\"low\":77,\"high\":77", "seventy-seven", "[\"payload\"]"},
};

START_TEST(rules_hold_or_say_why)
{
	char text[512], problems[512];

	snprintf(text, sizeof text,
	        "{\"action\":\"place\",\"payload\":{\"from\":\"2024-01-01\",%s}}",
	        cases[_i].members);
	if (cases[_i].problem == NULL) {
		check_round_trip(&rules_place_message, text, NULL);
		return;
	}
	snprintf(problems, sizeof problems,
	        "[{\"type\":\"value_error\",\"loc\":%s,\"msg\":\"Value error, %s\",\"ctx\":{"
	        "\"error\":\"%s\"}}]",
	        cases[_i].loc, cases[_i].problem, cases[_i].problem);
	check_refused(&rules_place_message, text, problems);
}
END_TEST

START_TEST(rules_are_asked_of_what_is_right_only)
{
	rules_asked = 0;
	check_refused(&rules_place_message,
	        "{\"action\":\"place\",\"payload\":{\"from\":\"2024-01-01\",\"low\":5,\"high\":"
	        "\"\"}}",
	        "[{\"type\":\"int_type\",\"loc\":[\"payload\",\"high\"],\"msg\":\"Input should be "
	        "a "
	        "valid integer\"}]");
	ck_assert_int_eq(rules_asked, 0);
}
END_TEST

START_TEST(elements_are_checked_too)
{
	struct msgc_str items[] = {MSGC_STR("DE1"), MSGC_STR("XX1")};
	struct rules_place place = {.has_more = true, .more = {items, 2}};
	struct msgc_problems problems;

	place.payload.from = place.payload.to = (struct msgc_date){2024, 1, 1};
	place.payload.high = 5;
	place.payload.price = (struct msgc_decimal){"1", 1};
	place.payload.name = msgc_str_from("good");
	ck_assert_int_eq(rules_place_validate(&place, &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].loc, "[\"more\",1]");
	ck_assert_str_eq(problems.items[0].msg, "Value error, no such country");
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("rules");
	Suite *suite = suite_create("rules");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tcase, rules_hold_or_say_why, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(tcase, rules_are_asked_of_what_is_right_only);
	tcase_add_test(tcase, elements_are_checked_too);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
