/* SPDX-License-Identifier: MIT */
/*
 * Values survive: what is decoded can be validated, encoded, decoded again, cloned, compared and
 * printed, for every kind of value in every position. It must not know how any of it is done.
 */
#include "deep.msgc.h"
#include "everything.msgc.h"
#include "harness.h"
#include "lobby.msgc.h"
#include "wide.msgc.h"
#include "words.msgc.h"

#define SCALARS                                                                                    \
	"{\"truth\":true,\"i8\":-128,\"i16\":32767,\"i32\":-2147483648,\"i53\":9007199254740991,"  \
	"\"i64\":-9223372036854775808,\"u8\":255,\"u16\":65535,\"u32\":4294967295,"                \
	"\"u64\":18446744073709551615,\"f32\":0.1,\"f64\":-1.7976931348623157e308,"                \
	"\"exact\":\"0.100000000000000000000000001\",\"text\":\"\\u0000\\\"\\\\/"                  \
	"é\",\"raw\":\"AAEC/w==\","                                                               \
	"\"at\":\"2024-02-29T12:00:00.123456789+05:30\",\"day\":\"0000-01-01\","                   \
	"\"clock\":\"23:59:60Z\",\"length\":\"P1Y2M3DT4H5M6S\","                                   \
	"\"key\":\"00112233-4455-6677-8899-aabbccddeeff\",\"any\":{\"a\":[1,2.50,null]},"          \
	"\"nothing\":null,\"color\":\"GREEN\",\"step\":-1}"
#define FORMS                                                                                      \
	"{\"i8\":\"-1\",\"i16\":\"0\",\"i32\":\"2147483647\",\"i53\":\"-9007199254740991\","       \
	"\"i64\":\"9223372036854775807\",\"u8\":\"0\",\"u16\":\"1\",\"u32\":\"2\","                \
	"\"u64\":\"18446744073709551615\",\"exact\":1e400}"
#define LISTS                                                                                      \
	"{\"truths\":[true,false],\"i8s\":[1],\"i64s\":[\"1\",\"-2\"],\"u32s\":[],\"f32s\":[1.5]," \
	"\"exacts\":[\"1.0\",\"1.00\"],\"texts\":[\"\",\"abcd\"],\"raws\":[\"\"],"                 \
	"\"times\":[\"1970-01-01T00:00:00Z\"],\"days\":[\"9999-12-31\"],"                          \
	"\"keys\":[\"00000000-0000-0000-0000-000000000000\"],\"anys\":[null,[],{\"x\":{}}],"       \
	"\"colors\":[\"red\",\"blue-ish\"],\"steps\":[2147483647,0],"                              \
	"\"people\":[{\"id\":1,\"name\":\"Ada\"},{\"id\":2,\"name\":\"Bo\",\"home\":null}],"       \
	"\"points\":[{\"x\":1},{\"x\":2,\"y\":3}],\"holes\":[null,5,null],"                        \
	"\"gaps\":[null,{\"id\":9,\"name\":\"C\",\"home\":{\"street\":\"s\",\"city\":\"c\","       \
	"\"zip\":\"12\"}}],"                                                                       \
	"\"grid\":[[1.0,2.5]],\"deep\":[[[1,2],[]],[]],\"maps\":[{},{\"a\":1}],\"labels\":[\"x\"]" \
	"}"
#define MAPS                                                                                       \
	"{\"ints\":{\"\":0,\"a\\\"b\":7},\"texts\":{\"t\":\"label\"},\"colors\":{\"c\":\"red\"},"  \
	"\"people\":{\"p\":{\"id\":1,\"name\":\"Ada\"}},\"points\":{\"o\":{\"x\":0}},"             \
	"\"lists\":{\"l\":[1,2],\"e\":[]},\"maps\":{\"m\":{\"n\":true},\"k\":{}},"                 \
	"\"maybes\":{\"y\":\"\",\"n\":null},\"any\":{\"a\":1e5,\"b\":null},"                       \
	"\"places\":{\"here\":{\"street\":\"s\",\"city\":\"c\"}},\"nicks\":[\"abc\",\"a-c_\"],"    \
	"\"spots\":[{\"x\":1.0,\"y\":-2.0}]}"

START_TEST(every_kind_of_value_survives)
{
	const char *text = "{\"action\":\"all\",\"payload\":{\"scalars\":" SCALARS
	                   ",\"forms\":" FORMS ",\"lists\":" LISTS ",\"maps\":" MAPS "}}";

	check_round_trip(&everything_all_message, text, text);
}
END_TEST

START_TEST(absent_and_null_are_told_apart)
{
	static const char *const texts[] = {
	        "{\"action\":\"maybes\"}",
	        "{\"action\":\"maybes\",\"payload\":null}",
	        "{\"action\":\"maybes\",\"payload\":{},\"note\":\"\"}",
	        "{\"action\":\"maybes\",\"payload\":{\"truth\":null,\"i32\":null,\"u64\":null,"
	        "\"f64\":null,"
	        "\"exact\":null,\"text\":null,\"raw\":null,\"at\":null,\"day\":null,\"clock\":null,"
	        "\"length\":null,\"key\":null,\"any\":null,\"color\":null,\"step\":null,\"list\":"
	        "null,"
	        "\"map\":null,\"person\":null,\"here\":null,\"maybe\":null,\"nobody\":null}}",
	        "{\"action\":\"maybes\",\"payload\":{\"truth\":false,\"i32\":1,\"u64\":2,\"f64\":3."
	        "0,"
	        "\"exact\":\"4\",\"text\":\"5\",\"raw\":\"Ng==\",\"at\":\"2007-07-07T07:07:07Z\","
	        "\"day\":\"2008-08-08\",\"clock\":\"09:09:09Z\",\"length\":\"P10D\","
	        "\"key\":\"0000000b-0000-4000-8000-000000000000\",\"any\":12,\"color\":\"red\","
	        "\"step\":1,"
	        "\"list\":[],\"map\":{\"a\":1},\"person\":{\"id\":1,\"name\":\"Ada\"},\"here\":{"
	        "\"x\":1},"
	        "\"maybe\":\"label\",\"nobody\":{\"id\":2,\"name\":\"Bo\",\"home\":null}}}",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_round_trip(&everything_maybes_message, texts[i], texts[i]);
}
END_TEST

#define DEFAULTS(step, none, maybe, list, empty, spot)                                             \
	"{\"action\":\"filled\",\"payload\":{\"truth\":true,\"i8\":-5,"                            \
	"\"i64\":-9223372036854775808,\"u64\":18446744073709551615,\"big\":\"9007199254740993\","  \
	"\"f32\":0.5,\"f64\":-2.0,\"exact\":\"10.25\",\"text\":\"tab\\tquote\\\"nul\\u0000end\","  \
	"\"label\":\"none\",\"code\":\"AB-12345\",\"key\":\"00112233-4455-6677-8899-"              \
	"aabbccddeeff\","                                                                          \
	"\"at\":\"2024-02-29T23:59:59.500+01:30\",\"day\":\"1969-12-31\",\"clock\":\"12:30:00Z\"," \
	"\"length\":\"P1Y2M3DT4H5M6S\",\"color\":\"GREEN\",\"step\":" step ",\"none\":" none       \
	",\"maybe\":" maybe ",\"list\":" list ",\"empty\":" empty                                  \
	",\"mood\":\"bad\",\"raw\":\"AAEC/w==\",\"any\":{\"a\":[1,null],\"b\":\"x\\u0000y\"},"     \
	"\"map\":{\"k\":1,\"l\\\"\":2},\"maps\":{\"a\":{\"b\":\"c\"}},\"spot\":" spot              \
	",\"holes\":[1,null],\"homes\":[{\"street\":\"s\",\"city\":\"c\",\"zip\":\"z\"},"          \
	"{\"street\":\"t\",\"city\":\"d\"}],\"colors\":[\"blue-ish\",\"red\"],"                    \
	"\"times\":[\"1969-12-31T23:59:59Z\"],\"exacts\":[\"1.5\",\"2\"],\"f32s\":[0.1]}}"

START_TEST(defaults_are_filled_in)
{
	check_round_trip(&everything_filled_message, "{\"action\":\"filled\",\"payload\":{}}",
	        DEFAULTS("-1", "null", "3", "[\"a\",\"b\"]", "[]",
	                "{\"x\":1,\"y\":7,\"z\":2,\"w\":null}"));
}
END_TEST

/* Nothing of a default is left where a value came. */
START_TEST(a_value_given_wins_over_its_default)
{
	check_round_trip(&everything_filled_message,
	        "{\"payload\":{\"spot\":{\"w\":4,\"x\":5},\"none\":\"some\",\"maybe\":null,"
	        "\"list\":[],"
	        "\"empty\":[1],\"step\":0},\"action\":\"filled\"}",
	        DEFAULTS("0", "\"some\"", "null", "[]", "[1]", "{\"x\":5,\"y\":7,\"w\":4}"));
}
END_TEST

START_TEST(order_space_and_unknown_members_make_no_difference)
{
	check_round_trip(&lobby_history_message,
	        " {\r\n\t\"payload\" : { \"more\" : false , \"x\" : [ { } ] , \"entries\" : [ "
	        "{\"labels\":{\"b\":0.5,\"a\":1e1},\"tags\":[\"t\"],\"role\":\"GUEST\",\"edited_"
	        "at\":null,"
	        "\"te\\u0078t\":\" \\n hi "
	        "\\t\",\"author\":{\"name\":\"A\",\"more\":1,\"id\":1.0},\"id\":1e2} "
	        "] } , \"zzz\" : null , \"action\" : \"history\" } ",
	        "{\"action\":\"history\",\"payload\":{\"entries\":[{\"id\":100,\"author\":{\"id\":"
	        "1,"
	        "\"name\":\"A\"},\"text\":\"hi\",\"edited_at\":null,\"role\":\"GUEST\",\"tags\":["
	        "\"t\"],"
	        "\"labels\":{\"b\":0.5,\"a\":10.0}}],\"more\":false}}");
}
END_TEST

START_TEST(the_envelope_may_stand_beside_a_message)
{
	check_round_trip(&lobby_say_message,
	        "{\"ref\":\"7\",\"topic\":\"t\",\"message_id\":\"m\",\"seq\":1,\"epoch\":\"e\","
	        "\"version\":1,"
	        "\"is_mine\":true,\"is_current\":false,\"action\":\"say\",\"payload\":\"hello\"}",
	        "{\"action\":\"say\",\"payload\":\"hello\"}");
}
END_TEST

START_TEST(a_message_without_members_accepts_null_for_its_payload)
{
	check_round_trip(&lobby_knock_message, "{\"action\":\"knock\"}", "{\"action\":\"knock\"}");
	check_round_trip(&lobby_knock_message, "{\"payload\":null,\"action\":\"knock\"}",
	        "{\"action\":\"knock\"}");
	/* Unknown members are ignored, so a later version may give it one. */
	check_round_trip(&lobby_knock_message, "{\"action\":\"knock\",\"payload\":{\"new\":1}}",
	        "{\"action\":\"knock\"}");
}
END_TEST

START_TEST(messages_travel_by_their_wire_names)
{
	check_round_trip(&everything_checked_message,
	        "{\"action\":\"limits.check\",\"limits\":{\"small\":0,\"low\":-3,\"high\":3,"
	        "\"above\":0,"
	        "\"below\":0,\"fives\":-5,\"count\":999,\"money\":\"0.01\",\"ratio\":0,\"halves\":"
	        "9.5,"
	        "\"quarters\":0.25,\"exact\":\"0.2\",\"label\":\"l\",\"short\":\"\",\"long\":"
	        "\"abc\","
	        "\"just\":\"four\",\"utf8\":\"é\",\"blank\":\"x\",\"blob\":\"AA==\",\"any_blob\":"
	        "\"AAAA\","
	        "\"few\":[1],\"some\":[true,true],\"pairs\":{\"a\":1}},\"formats\":{},\"uniques\":{"
	        "}}",
	        NULL);
}
END_TEST

START_TEST(types_may_contain_themselves)
{
	check_round_trip(&deep_plant_message,
	        "{\"action\":\"plant\",\"payload\":{"
	        "\"node\":{\"value\":1,\"next\":{\"value\":2,\"next\":{\"value\":3}}},"
	        "\"chain\":{\"next\":{\"next\":null}},"
	        "\"either\":{\"next\":{\"next\":null}},"
	        "\"tree\":{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]},"
	        "\"index\":{\"entries\":{\"x\":{\"entries\":{}}}},"
	        "\"left\":{\"right\":{\"lefts\":[{}],\"here\":{\"back\":{}}}},"
	        "\"forest\":[{\"name\":\"a\",\"children\":[]},{\"name\":\"b\",\"children\":[]}],"
	        "\"bush\":{\"twigs\":[null,{\"twigs\":[]}],\"by_name\":{\"b\":[{\"twigs\":[]}]}}}}",
	        NULL);
}
END_TEST

START_TEST(any_name_may_travel)
{
	check_round_trip(&words_union_message,
	        "{\"action\":\"what?\?/*/"
	        "\\\"\\\\\",\"enum\":{\"int\":1,\"has_float\":true,\"float\":1.5,"
	        "\"for\":null,\"for_is_null\":false,\"class.new\":\"cl\\\"ass\\\\\","
	        "\"\\\"quoted\\\"\":\"q\","
	        "\"back\\\\slash\":{\"k\":-2147483648},\"new//"
	        "line\":true,\"größe\":\"ßßß\",\"-\":null,"
	        "\"v\":1,\"r\":2,\"o\":3,\"s\":4,\"out\":5,\"seen\":6,\"value\":7,\"ret\":8,"
	        "\"arena\":9,"
	        "\"items\":10,\"count\":11,\"key\":12,\"copy\":13,\"first\":14,\"level\":15,\"i\":"
	        "16,\"j\":17,"
	        "\"a\":18,\"b\":19,\"h\":20,\"l\":21}}",
	        NULL);
	check_round_trip(&words_void_message,
	        "{\"action\":\"void\",\"payload\":{\"static\":{\"typedef\":[\"default\",\"%s%n\","
	        "\"*/\","
	        "\"?\?/\"]}}}",
	        NULL);
}
END_TEST

/* {"m000":0,"m003":3,…}: what is required of the wide record, and step more of the rest. */
static char *wide_text(int step)
{
	struct msgc_buf text = {0};
	char *copy;

	msgc_buf_append_str(&text, "{\"action\":\"send\",\"payload\":{\"wide\":{");
	for (int i = 129; i >= 0; i--) {
		if (i % 3 == 0 || i % step == 0)
			msgc_buf_printf(&text, "\"m%03d\":%d,", i, i + 1);
	}
	text.len--;
	msgc_buf_append_str(&text, "},\"mixed\":{},\"many\":[\"xxx\",\"zzzz\",\"xxzyx\"]}}");
	copy = strdup(msgc_buf_c(&text));
	msgc_buf_free(&text);
	return copy;
}

START_TEST(records_may_have_any_number_of_members)
{
	for (int step = 1; step < 7; step++) {
		char *text = wide_text(step);

		check_round_trip(&wide_send_message, text, NULL);
		free(text);
	}
}
END_TEST

/* Forty names of six letters: each alone sets its own member and no other. */
START_TEST(every_name_is_told_from_its_neighbours)
{
	struct wide_mixed mixed;
	struct msgc_arena arena = {0};
	struct msgc_buf text = {0};
	const char *all;

	memset(&mixed, 0, sizeof(mixed));
	ck_assert_int_eq(wide_mixed_encode(&mixed, &text), 0);
	ck_assert_str_eq(msgc_buf_c(&text), "{}");
	/* Every flag on: the struct is nothing but has_ and value, all bool. */
	memset(&mixed, 1, sizeof(mixed));
	msgc_buf_reset(&text);
	ck_assert_int_eq(wide_mixed_encode(&mixed, &text), 0);
	all = msgc_buf_c(&text);

	for (const char *at = strchr(all, '"'); at != NULL; at = strchr(at, '"')) {
		struct wide_mixed one;
		struct msgc_buf once = {0}, again = {0};
		const char *end = strchr(at + 1, '"');

		msgc_buf_printf(&once, "{%.*s\":true}", (int)(end - at), at);
		ck_assert_int_eq(
		        wide_mixed_decode(once.data, once.len, NULL, &arena, &one, NULL), 0);
		ck_assert_int_eq(wide_mixed_encode(&one, &again), 0);
		ck_assert_str_eq(msgc_buf_c(&once), msgc_buf_c(&again));
		msgc_buf_free(&once);
		msgc_buf_free(&again);
		at = end + 1;
	}
	msgc_buf_free(&text);
	msgc_arena_free(&arena);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("round_trip");
	TCase *tests = tcase_create("generated");
	SRunner *runner;
	int failed;

	tcase_add_test(tests, every_kind_of_value_survives);
	tcase_add_test(tests, absent_and_null_are_told_apart);
	tcase_add_test(tests, defaults_are_filled_in);
	tcase_add_test(tests, a_value_given_wins_over_its_default);
	tcase_add_test(tests, order_space_and_unknown_members_make_no_difference);
	tcase_add_test(tests, the_envelope_may_stand_beside_a_message);
	tcase_add_test(tests, a_message_without_members_accepts_null_for_its_payload);
	tcase_add_test(tests, messages_travel_by_their_wire_names);
	tcase_add_test(tests, types_may_contain_themselves);
	tcase_add_test(tests, any_name_may_travel);
	tcase_add_test(tests, records_may_have_any_number_of_members);
	tcase_add_test(tests, every_name_is_told_from_its_neighbours);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
