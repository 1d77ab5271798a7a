/* SPDX-License-Identifier: MIT */
/*
 * Values that a program makes: what encode and validate refuse, how deep they go, what equality
 * means, what print shows, and what a small arena does. It must not know how any of it is done.
 */
#include <float.h>
#include <math.h>

#include "deep.msgc.h"
#include "everything.msgc.h"
#include "harness.h"
#include "lobby.msgc.h"

static struct msgc_str str(const char *text)
{
	return msgc_str_from(text);
}

/* encode fails, and what stood in the buffer before stays as it was. */
static void check_not_encoded(const struct msgc_message *message, const void *value)
{
	struct msgc_buf out = {0};

	msgc_buf_append_str(&out, "before");
	ck_assert_int_eq(msgc_message_encode(message, value, &out), MSGC_EINVAL);
	ck_assert_str_eq(msgc_buf_c(&out), "before");
	msgc_buf_append_str(&out, " and after");
	ck_assert_str_eq(msgc_buf_c(&out), "before and after");
	msgc_buf_free(&out);
}

static void check_invalid(
        const struct msgc_message *message, const void *value, const char *type, const char *loc)
{
	struct msgc_problems problems;
	struct msgc_buf out = {0};

	ck_assert_int_eq(msgc_message_validate(message, value, &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, type);
	ck_assert_str_eq(problems.items[0].loc, loc);
	ck_assert_int_eq(msgc_message_validate(message, value, NULL), MSGC_ECONTRACT);
	ck_assert_int_eq(msgc_message_encode_checked(message, value, &out), MSGC_ECONTRACT);
	ck_assert_uint_eq(out.len, 0);
	msgc_buf_free(&out);
}

START_TEST(an_invalid_enum_is_refused)
{
	enum everything_color colors[] = {EVERYTHING_COLOR_RED, (enum everything_color)3};
	struct everything_moods moods = {0};
	enum people_mood values[] = {PEOPLE_MOOD_GOOD, (enum people_mood)7};

	ck_assert_str_eq(everything_color_name(colors[0]), "red");
	ck_assert_ptr_null(everything_color_name(colors[1]));
	moods.payload.items = values;
	moods.payload.count = 2;
	check_not_encoded(&everything_moods_message, &moods);
	check_invalid(&everything_moods_message, &moods, "enum", "[\"payload\",1]");
}
END_TEST

START_TEST(enums_have_names)
{
	enum everything_color color = EVERYTHING_COLOR_RED;
	enum everything_step step = EVERYTHING_STEP_STAY;

	ck_assert(everything_color_from_name(str("blue-ish"), &color));
	ck_assert_int_eq(color, EVERYTHING_COLOR_BLUE);
	ck_assert(!everything_color_from_name(str("blue"), &color));
	ck_assert(!everything_color_from_name(str(""), &color));
	ck_assert_int_eq(color, EVERYTHING_COLOR_BLUE);
	ck_assert(everything_step_from_name(str("far"), &step));
	ck_assert_int_eq(step, EVERYTHING_STEP_FAR);
	ck_assert_int_eq((int)step, 2147483647);
	ck_assert_str_eq(everything_step_name(EVERYTHING_STEP_BACK), "back");
}
END_TEST

START_TEST(text_that_is_not_utf8_is_refused)
{
	struct lobby_say say = {.payload = msgc_str_of("a\xff", 2)};

	check_not_encoded(&lobby_say_message, &say);
	check_invalid(&lobby_say_message, &say, "string_unicode", "[\"payload\"]");
}
END_TEST

/* The first member that a validator refuses once one of them has been set wrong. */
static void check_scalar(struct everything_scalars *scalars, const char *type, const char *member)
{
	struct msgc_problems problems;

	ck_assert_int_eq(everything_scalars_validate(scalars, &problems), MSGC_ECONTRACT);
	ck_assert_msg(problems.count == 1, "%s: %u problems", member, problems.count);
	ck_assert_str_eq(problems.items[0].type, type);
	ck_assert_str_eq(problems.items[0].loc, member);
}

static struct everything_scalars good_scalars(void)
{
	struct everything_scalars scalars;

	memset(&scalars, 0, sizeof(scalars));
	scalars.exact = (struct msgc_decimal){"0", 1};
	scalars.any = (struct msgc_json){"null", 4};
	scalars.day = (struct msgc_date){2000, 1, 1};
	return scalars;
}

START_TEST(what_c_lets_through_and_json_does_not_is_refused)
{
	struct everything_scalars good = good_scalars(), bad;

	ck_assert_int_eq(everything_scalars_validate(&good, NULL), 0);

	bad = good;
	bad.i53 = INT64_C(9007199254740992);
	check_scalar(&bad, "less_than_equal", "[\"i53\"]");
	bad = good;
	bad.f64 = NAN;
	check_scalar(&bad, "finite_number", "[\"f64\"]");
	bad = good;
	bad.f32 = INFINITY;
	check_scalar(&bad, "finite_number", "[\"f32\"]");
	bad = good;
	bad.exact = (struct msgc_decimal){"1.", 2};
	check_scalar(&bad, "decimal_parsing", "[\"exact\"]");
	bad = good;
	bad.any = (struct msgc_json){"[1,", 3};
	check_scalar(&bad, "json_invalid", "[\"any\"]");
	bad = good;
	bad.day = (struct msgc_date){2023, 2, 29};
	check_scalar(&bad, "date_parsing", "[\"day\"]");
	bad = good;
	bad.step = (enum everything_step)5;
	check_scalar(&bad, "enum", "[\"step\"]");
}
END_TEST

START_TEST(validate_finds_what_decode_would)
{
	struct lobby_history history = {0};
	struct lobby_entry entries[2] = {{0}};
	struct msgc_str tags[] = {str("a"), str(""), str("a")};
	struct lobby_entry_labels_map_entry labels[] = {{str("x"), 0.25}, {str("x"), -1}};
	struct msgc_problems problems;

	history.payload.entries.items = entries;
	history.payload.entries.count = 2;
	entries[0] = (struct lobby_entry){.id = 1,
	        .author = {.id = 1, .name = str("Ada")},
	        .text = str(" x "),
	        .edited_at_is_null = true};
	entries[1] = entries[0];
	ck_assert_int_eq(lobby_history_validate(&history, &problems), 0);

	entries[1].text = str("  ");
	entries[1].has_reply_to = true;
	entries[1].author.has_home = true;
	entries[1].tags = (struct msgc_str_list){tags, 3};
	entries[1].labels = (struct lobby_entry_labels_map){labels, 2};
	ck_assert_int_eq(lobby_history_validate(&history, &problems), MSGC_ECONTRACT);
	{
		struct msgc_buf text = {0};

		msgc_problems_print(&problems, &text);
		ck_assert_str_eq(msgc_buf_c(&text),
		        "[\"payload\",\"entries\",1,\"author\",\"home\",\"city\"]: String should "
		        "have at "
		        "least 1 character (string_too_short)\n"
		        "[\"payload\",\"entries\",1,\"text\"]: String should have at least 1 "
		        "character "
		        "(string_too_short)\n"
		        "[\"payload\",\"entries\",1,\"reply_to\"]: Input should be greater than or "
		        "equal "
		        "to 1 (greater_than_equal)\n"
		        "[\"payload\",\"entries\",1,\"tags\",1]: String should have at least 1 "
		        "character "
		        "(string_too_short)\n"
		        "[\"payload\",\"entries\",1,\"tags\"]: List must be unique (unique_list)\n"
		        "[\"payload\",\"entries\",1,\"labels\",\"x\"]: Input should be a multiple "
		        "of 0.5 "
		        "(multiple_of)\n"
		        "[\"payload\",\"entries\",1,\"labels\",\"x\",\"[key]\"]: Value error, the "
		        "same key "
		        "comes twice (value_error)\n"
		        "[\"payload\",\"entries\",1,\"labels\",\"x\"]: Input should be greater "
		        "than or "
		        "equal to 0 (greater_than_equal)\n");
		msgc_buf_free(&text);
	}
}
END_TEST

/* The one problem of what a program made, where a pattern is. */
static void check_mismatch(const struct everything_formats *formats, const char *loc)
{
	struct msgc_problems problems;

	ck_assert_int_eq(everything_formats_validate(formats, &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, "string_pattern_mismatch");
	ck_assert_str_eq(problems.items[0].loc, loc);
}

START_TEST(patterns_hold_for_values_that_a_program_makes)
{
	struct msgc_str codes[] = {str("123"), str("AB-12345"), str("12")};
	struct everything_formats_by_code_map_entry entries[] = {{str("k"), str("x")}};
	struct everything_formats formats;

	memset(&formats, 0, sizeof(formats));
	formats.has_code = formats.has_codes = formats.has_version = true;
	formats.has_quoted = formats.has_by_code = true;
	/* Trimmed before it is checked, as in a text that is read. */
	formats.code = str(" 12345 ");
	formats.codes = (struct msgc_str_list){codes, 2};
	formats.version = str("1.2.3");
	formats.quoted_is_null = true;
	formats.by_code = (struct everything_formats_by_code_map){entries, 1};
	ck_assert_int_eq(everything_formats_validate(&formats, NULL), 0);

	formats.codes.count = 3;
	check_mismatch(&formats, "[\"codes\",2]");
	formats.codes.count = 2;
	formats.code = str("123-");
	check_mismatch(&formats, "[\"code\"]");
	formats.code = str("123");
	formats.version = str("");
	check_mismatch(&formats, "[\"version\"]");
	formats.version = str("1.0");
	entries[0].value = str("X");
	check_mismatch(&formats, "[\"by_code\",\"k\"]");
	entries[0].value = str("x");
	formats.quoted_is_null = false;
	formats.quoted = str("\"");
	check_mismatch(&formats, "[\"quoted\"]");
}
END_TEST

/* A chain of so many nodes, in memory of its own. */
static struct deep_node *chain_of(size_t length)
{
	struct deep_node *nodes = calloc(length, sizeof(*nodes));

	ck_assert_ptr_nonnull(nodes);
	for (size_t i = 0; i + 1 < length; i++)
		nodes[i].next = &nodes[i + 1];
	return nodes;
}

START_TEST(depth_is_bounded_for_values_that_a_program_makes)
{
	struct deep_node *shallow = chain_of(1000);
	struct deep_node *deep = chain_of(100000);
	struct msgc_problems problems;
	struct msgc_buf out = {0};

	ck_assert_int_eq(deep_node_validate(shallow, &problems), 0);
	ck_assert_int_eq(deep_node_encode(shallow, &out), 0);
	ck_assert_int_eq(deep_node_print(shallow, &out), 0);

	msgc_buf_reset(&out);
	ck_assert_int_eq(deep_node_validate(deep, &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_int_eq(deep_node_encode(deep, &out), MSGC_EINVAL);
	ck_assert_int_eq(deep_node_print(deep, &out), MSGC_EINVAL);
	ck_assert_uint_eq(out.len, 0);
	/* The error is gone with what caused it. */
	ck_assert_int_eq(deep_node_encode(shallow, &out), 0);
	msgc_buf_free(&out);
	free(shallow);
	free(deep);
}
END_TEST

/* {"action":"plant","payload":{"node":{"value":1,"next":{… so many times …}}}} */
static char *nested(size_t depth)
{
	struct msgc_buf text = {0};
	char *copy;

	msgc_buf_append_str(&text, "{\"action\":\"plant\",\"payload\":{\"node\":{\"value\":1");
	for (size_t i = 1; i < depth; i++)
		msgc_buf_append_str(&text, ",\"next\":{\"value\":1");
	for (size_t i = 0; i < depth + 2; i++)
		msgc_buf_append_char(&text, '}');
	copy = strdup(msgc_buf_c(&text));
	msgc_buf_free(&text);
	return copy;
}

START_TEST(depth_is_bounded_for_texts)
{
	static const struct {
		size_t depth;
		uint32_t max;
		int result;
	} cases[] = {
	        {62, 0, 0},
	        {63, 0, MSGC_ELIMIT},
	        {1022, 1024, 0},
	        {1023, 1024, MSGC_ELIMIT},
	        {2000, 100000, MSGC_ELIMIT},
	        {3, 5, 0},
	        {4, 5, MSGC_ELIMIT},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct msgc_decode_options options = {.max_depth = cases[i].max};
		char *text = nested(cases[i].depth);
		struct decoded *decoded =
		        decode_with(&deep_plant_message, text, strlen(text), &options);

		ck_assert_int_eq(decoded->result, cases[i].result);
		decoded_free(decoded);
		free(text);
	}
}
END_TEST

START_TEST(equality_tells_absent_null_and_values_apart)
{
	struct everything_maybes values[4] = {{0}};

	values[1].has_payload = true;
	values[1].payload_is_null = true;
	values[2].has_payload = true;
	values[3].has_payload = true;
	values[3].payload.has_i32 = true;
	for (size_t i = 0; i < 4; i++) {
		for (size_t j = 0; j < 4; j++)
			ck_assert_int_eq(everything_maybes_equal(&values[i], &values[j]), i == j);
	}
	/* What is not there does not count. */
	values[0].payload.has_i32 = true;
	values[2].payload.i32 = 7;
	ck_assert(everything_maybes_equal(&values[0], &(struct everything_maybes){0}));
	ck_assert(!everything_maybes_equal(&values[2], &values[3]));
}
END_TEST

START_TEST(the_order_of_a_map_does_not_count)
{
	struct lobby_entry_labels_map_entry one[] = {{str("a"), 1}, {str("b"), 2}, {str("c"), 3}};
	struct lobby_entry_labels_map_entry two[] = {{str("c"), 3}, {str("a"), 1}, {str("b"), 2}};
	struct lobby_entry a = {.labels = {one, 3}}, b = {.labels = {two, 3}};

	ck_assert(lobby_entry_equal(&a, &b));
	two[1].value = 1.5;
	ck_assert(!lobby_entry_equal(&a, &b));
	two[1].value = 1;
	two[1].key = str("x");
	ck_assert(!lobby_entry_equal(&a, &b));
	ck_assert(!lobby_entry_equal(&b, &a));
	b.labels.count = 2;
	ck_assert(!lobby_entry_equal(&a, &b));
}
END_TEST

START_TEST(print_is_for_people)
{
	static const char text[] =
	        "{\"action\":\"history\",\"payload\":{\"entries\":[{\"id\":7,\"author\":{\"id\":1,"
	        "\"name\":\"Ada\",\"home\":null},\"text\":\"hi\",\"edited_at\":null,\"labels\":{"
	        "\"x\":1}}],"
	        "\"more\":true}}";
	struct decoded *decoded = decode(&lobby_history_message, text, strlen(text));
	struct msgc_buf out = {0};

	ck_assert_int_eq(decoded->result, 0);
	ck_assert_int_eq(lobby_history_print(decoded->value, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out),
	        "history {\n"
	        "  payload: {\n"
	        "    entries: [\n"
	        "      entry {\n"
	        "        id: 7\n"
	        "        author: person {\n"
	        "          id: 1\n"
	        "          name: \"Ada\"\n"
	        "          home: null\n"
	        "        }\n"
	        "        text: \"hi\"\n"
	        "        edited_at: null\n"
	        "        role: \"member\"\n"
	        "        tags: []\n"
	        "        labels: {\n"
	        "          \"x\": 1.0\n"
	        "        }\n"
	        "      }\n"
	        "    ]\n"
	        "    more: true\n"
	        "  }\n"
	        "}");
	msgc_buf_free(&out);
	decoded_free(decoded);
}
END_TEST

START_TEST(const_text_of_exact_length_is_not_overread)
{
	static const char text[] = "{\"action\":\"say\",\"payload\":\"\\u00e9t\\u00e9\"}";
	size_t len = sizeof(text) - 1;
	char *exact = malloc(len);
	struct msgc_arena arena = {0};
	struct lobby_say say;

	ck_assert_ptr_nonnull(exact);
	memcpy(exact, text, len);
	ck_assert_int_eq(lobby_say_decode(exact, len, NULL, &arena, &say, NULL), 0);
	ck_assert(memcmp(exact, text, len) == 0);
	free(exact);
	ck_assert_str_eq(say.payload.ptr, "\xc3\xa9t\xc3\xa9");
	ck_assert_uint_eq(say.payload.len, 5);

	/* Cut anywhere, it is refused, and nothing is written. */
	for (size_t cut = 0; cut < len; cut++) {
		struct lobby_say none = {.payload = {text, 3}};

		exact = malloc(cut ? cut : 1);
		ck_assert_ptr_nonnull(exact);
		memcpy(exact, text, cut);
		ck_assert_int_eq(
		        lobby_say_decode(exact, cut, NULL, &arena, &none, NULL), MSGC_ECONTRACT);
		ck_assert_ptr_eq(none.payload.ptr, text);
		free(exact);
	}
	msgc_arena_free(&arena);
}
END_TEST

START_TEST(a_full_arena_is_an_error_and_no_harm)
{
	static const char text[] =
	        "{\"action\":\"history\",\"payload\":{\"entries\":[{\"id\":7,\"author\":{\"id\":1,"
	        "\"name\":\"A\\u0064a\",\"home\":null},\"text\":\"h\\ni\",\"edited_at\":null,"
	        "\"tags\":[\"a\","
	        "\"b\"],\"labels\":{\"x\":1,\"y\":2,\"z\":3,\"a\":4,\"b\":5}}],\"unknown\":{\"a\":"
	        "1,\"b\":2},"
	        "\"more\":true}}";
	bool succeeded = false;

	for (size_t size = 0; size < 4096 && !succeeded; size += 8) {
		char *memory = malloc(size + 1);
		struct msgc_arena arena;
		struct lobby_history history;
		int result;

		ck_assert_ptr_nonnull(memory);
		msgc_arena_init_fixed(&arena, memory, size);
		result = lobby_history_decode(text, sizeof(text) - 1, NULL, &arena, &history, NULL);
		ck_assert_int_eq(result, result == 0 ? 0 : MSGC_ENOMEM);
		if (result == 0) {
			succeeded = true;
			ck_assert_uint_eq(history.payload.entries.count, 1);
		}
		msgc_arena_free(&arena);
		free(memory);
	}
	ck_assert(succeeded);
}
END_TEST

START_TEST(a_clone_into_a_full_arena_is_an_error_and_no_harm)
{
	static const char text[] =
	        "{\"action\":\"plant\",\"payload\":{\"tree\":{\"name\":\"a\",\"children\":[{"
	        "\"name\":\"b\","
	        "\"children\":[]}]},\"index\":{\"entries\":{\"x\":{\"entries\":{}}}},\"node\":{"
	        "\"value\":1,"
	        "\"next\":{\"value\":2}},\"bush\":{\"twigs\":[null,{\"twigs\":[]}]}}}";
	struct decoded *decoded = decode(&deep_plant_message, text, strlen(text));
	struct deep_plant untouched;
	bool succeeded = false;

	ck_assert_int_eq(decoded->result, 0);
	memset(&untouched, 0x77, sizeof(untouched));
	for (size_t size = 0; size < 4096 && !succeeded; size += 8) {
		char *memory = malloc(size + 1);
		struct msgc_arena arena;
		struct deep_plant clone;
		int result;

		ck_assert_ptr_nonnull(memory);
		memset(&clone, 0x77, sizeof(clone));
		msgc_arena_init_fixed(&arena, memory, size);
		result = deep_plant_clone(decoded->value, &arena, &clone);
		if (result == 0) {
			succeeded = true;
			ck_assert(deep_plant_equal(decoded->value, &clone));
		} else {
			ck_assert_int_eq(result, MSGC_ENOMEM);
			ck_assert(memcmp(&clone, &untouched, sizeof(clone)) == 0);
		}
		msgc_arena_free(&arena);
		free(memory);
	}
	ck_assert(succeeded);
	decoded_free(decoded);
}
END_TEST

START_TEST(a_full_buffer_is_an_error_and_leaves_what_was_there)
{
	struct lobby_say say = {.payload = str("hello")};
	static const char json[] = "{\"action\":\"say\",\"payload\":\"hello\"}";

	for (size_t size = 0; size < sizeof(json) + 2; size++) {
		char memory[64];
		struct msgc_buf out;
		int result;

		msgc_buf_init_fixed(&out, memory, size);
		result = lobby_say_encode(&say, &out);
		if (result == 0) {
			ck_assert_uint_ge(size, sizeof(json) - 1);
			ck_assert_uint_eq(out.len, sizeof(json) - 1);
		} else {
			ck_assert_int_eq(result, MSGC_ENOMEM);
			ck_assert_uint_eq(out.len, 0);
		}
	}
}
END_TEST

START_TEST(descriptors_say_what_they_describe)
{
	ck_assert_str_eq(lobby_said_message.name, "lobby.said");
	ck_assert_uint_eq(lobby_said_message.name_len, 10);
	ck_assert_uint_eq(lobby_said_message.size, sizeof(struct lobby_said));
	ck_assert_int_eq(lobby_said_message.kind, MSGC_MESSAGE_GROUP);
	ck_assert_int_eq(lobby_say_message.kind, MSGC_MESSAGE_PLAIN);
	ck_assert_int_eq(everything_happened_message.kind, MSGC_MESSAGE_EVENT);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("values");
	TCase *tests = tcase_create("generated");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tests, 60);
	tcase_add_test(tests, an_invalid_enum_is_refused);
	tcase_add_test(tests, enums_have_names);
	tcase_add_test(tests, text_that_is_not_utf8_is_refused);
	tcase_add_test(tests, what_c_lets_through_and_json_does_not_is_refused);
	tcase_add_test(tests, validate_finds_what_decode_would);
	tcase_add_test(tests, patterns_hold_for_values_that_a_program_makes);
	tcase_add_test(tests, depth_is_bounded_for_values_that_a_program_makes);
	tcase_add_test(tests, depth_is_bounded_for_texts);
	tcase_add_test(tests, equality_tells_absent_null_and_values_apart);
	tcase_add_test(tests, the_order_of_a_map_does_not_count);
	tcase_add_test(tests, print_is_for_people);
	tcase_add_test(tests, const_text_of_exact_length_is_not_overread);
	tcase_add_test(tests, a_full_arena_is_an_error_and_no_harm);
	tcase_add_test(tests, a_clone_into_a_full_arena_is_an_error_and_no_harm);
	tcase_add_test(tests, a_full_buffer_is_an_error_and_leaves_what_was_there);
	tcase_add_test(tests, descriptors_say_what_they_describe);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
