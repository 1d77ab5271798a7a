/* SPDX-License-Identifier: MIT */
/*
 * Literals, open enums, tuples, unions, choices, further members, closed types: each in every
 * position, both ways, with all that is refused and the exact words. It must not know how any of it
 * is read or written.
 */
#include <stdio.h>

#include "harness.h"
#include "kinds.msgc.h"

#define PROBLEM(type, loc, msg) "{\"type\":\"" type "\",\"loc\":" loc ",\"msg\":\"" msg "\"}"
#define PROBLEM_CTX(type, loc, msg, ctx)                                                           \
	"{\"type\":\"" type "\",\"loc\":" loc ",\"msg\":\"" msg "\",\"ctx\":{" ctx "}}"

#define DOC                                                                                        \
	"\"id\":\"abc\",\"maybe\":7,\"any\":[true],\"role\":\"owner\",\"level\":10,\"size\":3,"    \
	"\"sel\":\"on\",\"nul\":5,\"both\":false,\"t\":\"ab\",\"loud\":\"A\",\"must\":true"

#define TEXT(literal) (literal), sizeof(literal) - 1

static void survives(const struct msgc_message *message, const char *text)
{
	check_round_trip(message, text, text);
}

START_TEST(literals_enums_and_choices_survive)
{
	survives(&kinds_docs_message, "{\"action\":\"docs\",\"payload\":{" DOC "}}");
	survives(&kinds_docs_message,
	        "{\"action\":\"docs\",\"payload\":{\"id\":-5,\"maybe\":null,\"any\":\"auto\","
	        "\"role\":\"admin\\n\",\"level\":-9007199254740993,\"size\":\"s\",\"nul\":null,"
	        "\"both\":null,\"t\":\"\xC3\xA9\",\"must\":true}}");
	survives(&kinds_docs_message,
	        "{\"action\":\"docs\",\"payload\":{\"id\":\"x\",\"maybe\":\"y\",\"any\":0.5,"
	        "\"role\":\"GUEST\",\"level\":null,\"size\":true,\"nul\":5,\"t\":\"t\",\"must\":"
	        "true}}");
	survives(&kinds_docs_message,
	        "{\"action\":\"docs\",\"payload\":{\"id\":\"x\",\"maybe\":1,\"any\":{\"street\":"
	        "\"s\",\"city\":\"c\"},\"role\":\"\",\"size\":\"m\",\"nul\":5,\"t\":\"t\",\"must\":"
	        "true}}");
}
END_TEST

START_TEST(lists_and_maps_of_all_kinds_survive)
{
	survives(&kinds_docs_message,
	        "{\"action\":\"docs\",\"payload\":{" DOC
	        "},\"lists\":{\"roles\":[\"owner\",\"x\",\"y\",\"\"],\"levels\":[1,2,3,10],"
	        "\"sizes\":[3,true,\"s\",3],\"onlys\":{\"a\":\"yes\",\"b\":\"no\\\"\"},"
	        "\"points\":[[1.0,2.0],[1.0,2.0,\"r\"],[1.0,2.0,\"r\",\"n\"],[1.0,2.0,\"r\",null]],"
	        "\"pairs\":[[-1,\"bad\"]],\"ids\":[\"1\",1,\"2\",2],\"maybes\":[null,1,\"x\"],"
	        "\"bodies\":[{\"kind\":\"text\",\"text\":\"t\"},{\"kind\":\"audio/"
	        "pcm\",\"rate\":8}],"
	        "\"shapes\":[{\"t\":1,\"r\":0.5},{\"t\":1,\"r\":1.5},{\"t\":3},{\"t\":-2,\"w\":1},"
	        "{\"t\":-2,\"w\":1,\"inner\":{\"t\":3}}],"
	        "\"by\":{\"ab\":[0.0,0.0]},\"roles_by\":{\"xyz\":\"boss\"}}}");
}
END_TEST

#define ANSWERS(statuses, scattered)                                                               \
	"{\"action\":\"answers\",\"statuses\":[" statuses "],\"scattered\":[" scattered "]}"
#define SCATTERED "7, '7', 70, 9007199254740991, -5, 4, 3, 2, 1, 0 or true"

START_TEST(integers_are_found_wherever_they_stand)
{
	struct decoded *d;
	const struct kinds_answers *answers;

	survives(&kinds_answers_message,
	        ANSWERS("200,201,301,302,400,403,410,429,500,-1,-2147483648",
	                "7,\"7\",70,9007199254740991,-5,4,3,2,1,0,true"));
	check_refused(&kinds_answers_message, ANSWERS("", "5,\"70\",71,-6,9007199254740990"),
	        "[" PROBLEM_CTX("enum", "[\"scattered\",0]", "Input should be " SCATTERED,
	                "\"expected\":\"" SCATTERED "\"") "," PROBLEM_CTX("enum",
	                "[\"scattered\",1]", "Input should be " SCATTERED,
	                "\"expected\":\"" SCATTERED "\"") "," PROBLEM_CTX("enum",
	                "[\"scattered\",2]", "Input should be " SCATTERED,
	                "\"expected\":\"" SCATTERED "\"") "," PROBLEM_CTX("enum",
	                "[\"scattered\",3]", "Input should be " SCATTERED,
	                "\"expected\":\"" SCATTERED "\"") "," PROBLEM_CTX("enum",
	                "[\"scattered\",4]", "Input should be " SCATTERED,
	                "\"expected\":\"" SCATTERED "\"") "]");
	d = decode(&kinds_answers_message, TEXT(ANSWERS("-2147483648,429", "0,9007199254740991")));
	answers = d->value;
	ck_assert_int_eq(d->result, 0);
	ck_assert_int_eq(answers->statuses.items[0], KINDS_STATUS_FIRST);
	ck_assert_int_eq(answers->statuses.items[1], 429);
	ck_assert_int_eq(answers->scattered.items[0], 9);
	ck_assert_int_eq(answers->scattered.items[1], 3);
	ck_assert_str_eq(kinds_status_name(KINDS_STATUS_GONE), "gone");
	ck_assert_ptr_null(kinds_status_name((enum kinds_status)411));
	decoded_free(d);
}
END_TEST

START_TEST(defaults_of_all_kinds)
{
	check_round_trip(&kinds_fills_message, "{\"action\":\"fills\",\"payload\":{}}",
	        "{\"action\":\"fills\",\"payload\":{\"role\":\"GUEST\",\"level\":10,\"size\":3,"
	        "\"point\":[1.0,2.0],\"marked\":[1.5,0.0,\"r\",null],\"id\":7,\"word\":\"w\","
	        "\"auto\":\"auto\",\"flags\":[true,false],\"body\":{\"kind\":\"text\",\"text\":"
	        "\"hi\"},\"shape\":{\"t\":-2,\"w\":1,\"inner\":{\"t\":3}},"
	        "\"loose\":{\"n\":1,\"and\\\"\":3,\"more\":2}}}");
}
END_TEST

START_TEST(unions_are_told_by_a_tag_wherever_it_stands)
{
	static const char *const texts[] = {
	        "{\"kind\":\"text\",\"text\":\"t\"}",
	        "{\"kind\":\"image\",\"url\":\"u\",\"kind2\":\"image\",\"tags\":[\"a\"]}",
	        "{\"kind\":\"nested\",\"t\":-2,\"w\":5,\"inner\":{\"t\":1,\"r\":2.5}}",
	        "{\"kind\":\"nested\",\"t\":3}",
	        "{\"kind\":\"video\\u0000\",\"x\":{\"kind\":[1]}}",
	        "{\"kind\":\"\"}",
	};
	char text[512];

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		snprintf(text, sizeof text, "{\"action\":\"bodies\",\"payload\":%s}", texts[i]);
		survives(&kinds_bodies_message, text);
	}
	survives(&kinds_bodies_message,
	        "{\"action\":\"bodies\",\"payload\":{\"kind\":\"text\",\"text\":\"t\"},\"shape\":{"
	        "\"t\":3},\"flag\":{\"is\\\"set\":true,\"value\":1},\"op\":{\"op\":10}}");
	survives(&kinds_bodies_message,
	        "{\"action\":\"bodies\",\"payload\":{\"kind\":\"text\",\"text\":\"t\"},\"flag\":{"
	        "\"is\\\"set\":false},\"op\":{\"x\":1,\"op\":-7}}");
	/* Behind the others, with white space, with escapes, as 1e1. */
	check_round_trip(&kinds_bodies_message,
	        "{ \"payload\" : { \"text\" : \"kind\" , \"k\\u0069nd\" : \"te\\u0078t\" },"
	        "\"shape\":{\"inner\":{\"r\":1,\"t\":1.0},\"w\":2,\"t\":-2e0},"
	        "\"op\":{\"x\":3,\"op\":1e1},\"action\":\"bodies\"}",
	        "{\"action\":\"bodies\",\"payload\":{\"kind\":\"text\",\"text\":\"kind\"},"
	        "\"shape\":"
	        "{\"t\":-2,\"w\":2,\"inner\":{\"t\":1,\"r\":1.0}},\"op\":{\"op\":10,\"x\":3}}");
	/* In each other, and both tags last. */
	check_round_trip(&kinds_bodies_message,
	        "{\"action\":\"bodies\",\"payload\":{\"w\":1,\"t\":-2,\"kind\":\"nested\"}}",
	        "{\"action\":\"bodies\",\"payload\":{\"kind\":\"nested\",\"t\":-2,\"w\":1}}");
}
END_TEST

START_TEST(tags_beside_their_values)
{
	static const char *const right[] = {
	        "\"t\":\"small\",\"d\":-1",
	        "\"t\":\"w\",\"d\":[\"a\\n\",\"b\"]",
	        "\"t\":\"person\",\"d\":{\"id\":1,\"name\":\"n\"}",
	        "\"t\":\"nothing\",\"d\":null",
	        "\"t\":\"one\",\"d\":1",
	        "\"t\":\"again\",\"d\":{\"next\":{\"t\":\"nothing\",\"d\":null,\"after\":0}}",
	        "\"t\":\"other\",\"d\":[{}]",
	};
	char text[512];

	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		snprintf(text, sizeof text,
		        "{\"action\":\"frames\",\"payload\":[{\"before\":1,%s,\"after\":2},"
		        "{%s,\"after\":2,\"c\":1,\"code\":null},"
		        "{%s,\"after\":2,\"c\":99,\"code\":\"x\"}]}",
		        right[i], right[i], right[i]);
		survives(&kinds_frames_message, text);
	}
	/* The value before its tag, and far from it. */
	check_round_trip(&kinds_frames_message,
	        "{\"action\":\"frames\",\"payload\":[{\"code\":{\"n\":3},\"d\": [\"a\\u0041\", "
	        "\"b\" ],"
	        "\"after\":2 ,\"t\": \"w\" , \"before\":1,\"c\":2}]}",
	        "{\"action\":\"frames\",\"payload\":[{\"before\":1,\"t\":\"w\",\"d\":[\"aA\",\"b\"]"
	        ","
	        "\"after\":2,\"c\":2,\"code\":{\"n\":3}}]}");
	survives(&kinds_extra_message,
	        "{\"action\":\"extra\",\"imported\":{\"what\":\"named\",\"what_happened\":\"n\"}}");
	survives(&kinds_extra_message,
	        "{\"action\":\"extra\",\"imported\":{\"what\":\"both\",\"what_happened\":{\"home\":"
	        "{"
	        "\"street\":\"s\",\"city\":\"c\"}},\"mood\":\"bad\"}}");
}
END_TEST

START_TEST(further_members_are_kept)
{
	survives(&kinds_extra_message,
	        "{\"action\":\"extra\",\"loose\":{\"n\":1,\"m\":2,\"\\u0000\":3},\"deeper\":{"
	        "\"n\":2,\"x\":[null,\"good\"],\"\":[]},\"strict\":{\"n\":1,\"own\":\"x\"}}");
	check_round_trip(&kinds_extra_message,
	        "{\"action\":\"extra\",\"loose\":{\"a\":5,\"n\":1,\"b\\n\":1}}",
	        "{\"action\":\"extra\",\"loose\":{\"n\":1,\"a\":5,\"b\\n\":1}}");
}
END_TEST

/* ---- refusals ---- */

#define NO_TAG(loc, by)                                                                            \
	PROBLEM_CTX("union_tag_not_found", loc,                                                    \
	        "Unable to extract tag using discriminator '" by "'",                              \
	        "\"discriminator\":\"'" by "'\"")
#define BAD_TAG(loc, by, tags)                                                                     \
	PROBLEM_CTX("union_tag_invalid", loc,                                                      \
	        "Input tag found using '" by "' does not match any of the expected tags: " tags,   \
	        "\"discriminator\":\"'" by "'\",\"expected_tags\":\"" tags "\"")
#define BROKEN(what, byte)                                                                         \
	PROBLEM_CTX("json_invalid", "[]", "Invalid JSON: " what " at byte " byte,                  \
	        "\"error\":\"" what " at byte " byte "\",\"byte\":" byte)
#define MISSING(loc) PROBLEM("missing", loc, "Field required")

static const struct {
	const struct msgc_message *message;
	const char *text;
	const char *problems;
} refusals[] = {
        /* Tags. */
        {&kinds_bodies_message, "{\"action\":\"bodies\",\"payload\":{\"text\":\"t\"}}",
                NO_TAG("[\"payload\"]", "kind")},
        {&kinds_bodies_message, "{\"action\":\"bodies\",\"payload\":{}}",
                NO_TAG("[\"payload\"]", "kind")},
        {&kinds_bodies_message, "{\"action\":\"bodies\",\"payload\":[\"kind\"]}",
                PROBLEM("model_type", "[\"payload\"]", "Input should be an object")},
        {&kinds_bodies_message, "{\"action\":\"bodies\",\"payload\":{\"kind\":1}}",
                BAD_TAG("[\"payload\"]", "kind", "'text', 'image', 'audio/pcm', 'nested'")},
        {&kinds_bodies_message,
                "{\"action\":\"bodies\",\"payload\":{\"kind\":\"nested\",\"w\":1},"
                "\"shape\":{\"t\":"
                "4},"
                "\"flag\":{\"is\\\"set\":null},\"op\":{\"op\":\"10\"}}",
                NO_TAG("[\"payload\"]", "t") "," BAD_TAG(
                        "[\"shape\"]", "t", "1, -2, 3") "," BAD_TAG("[\"flag\"]", "is\\\"set",
                        "true, false") "," BAD_TAG("[\"op\"]", "op", "10")},
        {&kinds_bodies_message,
                "{\"action\":\"bodies\",\"payload\":{\"kind\":\"text\"},\"shape\":{"
                "\"r\":0,\"t\":1}"
                "}",
                MISSING("[\"payload\",\"text\"]") "," PROBLEM_CTX("greater_than",
                        "[\"shape\",\"r\"]", "Input should be greater than 0", "\"gt\":0")},
        {&kinds_bodies_message,
                "{\"action\":\"bodies\",\"payload\":{\"kind\":\"audio/"
                "pcm\",\"rate\":1,\"text\":1}}",
                PROBLEM("extra_forbidden", "[\"payload\",\"text\"]",
                        "Extra inputs are not permitted")},
        {&kinds_bodies_message,
                "{\"action\":\"bodies\",\"payload\":{\"kind\":\"text\",\"text\":"
                "\"t\",\"kind\":"
                "\"text\"}}",
                BROKEN("duplicate member name", "55")},
        {&kinds_bodies_message, "{\"action\":\"bodies\",\"payload\":{\"a\":1,\"a\":2,]",
                BROKEN("duplicate member name", "36")},
        {&kinds_bodies_message, "{\"action\":\"bodies\",\"payload\":{\"kind\":tru,\"a\":1}}",
                BROKEN("expected value", "37")},
        /* Beside. */
        {&kinds_frames_message, "{\"action\":\"frames\",\"payload\":[{\"d\":1,\"after\":1}]}",
                NO_TAG("[\"payload\",0,\"d\"]", "t")},
        {&kinds_frames_message, "{\"action\":\"frames\",\"payload\":[{\"t\":\"w\",\"after\":1}]}",
                MISSING("[\"payload\",0,\"d\"]")},
        {&kinds_frames_message, "{\"action\":\"frames\",\"payload\":[{\"after\":1}]}",
                MISSING("[\"payload\",0,\"d\"]")},
        {&kinds_frames_message,
                "{\"action\":\"frames\",\"payload\":[{\"d\":1,\"t\":3,\"after\":1,"
                "\"c\":1},"
                "{\"t\":true,\"d\":{\"x\":[]},\"after\":\"\",\"code\":1}]}",
                BAD_TAG("[\"payload\",0,\"d\"]", "t", "'small', 'w', 'person', 'nothing', 'one', 'again'") "," MISSING(
                        "[\"payload\",0,\"code\"]") "," BAD_TAG("[\"payload\",1,"
                                                                "\"d\"]",
                        "t",
                        "'small', 'w', 'person', 'nothing', 'one', 'again'") "," PROBLEM("int_type",
                        "[\"payload\",1,\"after\"]",
                        "Input should be a valid integer") "," NO_TAG("[\"payload\""
                                                                      ",1,"
                                                                      "\"code\"]",
                        "c")},
        {&kinds_frames_message,
                "{\"action\":\"frames\",\"payload\":[{\"d\":[1,\"x\"],\"t\":\"w\","
                "\"after\":true}]}",
                PROBLEM("string_type", "[\"payload\",0,\"d\",0]",
                        "Input should be a valid string") "," PROBLEM("int_type",
                        "[\"payload\",0,\"after\"]", "Input should be a valid integer")},
        {&kinds_frames_message,
                "{\"action\":\"frames\",\"payload\":[{\"t\":\"one\",\"d\":2,"
                "\"after\":1},"
                "{\"t\":\"nothing\",\"d\":0,\"after\":1}]}",
                PROBLEM_CTX("literal_error", "[\"payload\",0,\"d\"]", "Input should be 1",
                        "\"expected\":\"1\"") "," PROBLEM("none_required", "[\"payload\",1,\"d\"]",
                        "Input should be null")},
        {&kinds_frames_message,
                "{\"action\":\"frames\",\"payload\":[{\"d\":{\"a\":1,\"a\":1},"
                "\"t\":\"w\"}]}",
                BROKEN("duplicate member name", "42")},
        /* Choices, literals, enums. */
        {&kinds_docs_message,
                "{\"action\":\"docs\",\"payload\":{\"id\":null,\"maybe\":true,"
                "\"any\":null,"
                "\"role\":1,\"level\":\"1\",\"size\":\"l\",\"sel\":\"off\",\"nul\":"
                "6,\"both\":true,"
                "\"t\":\" \",\"must\":false}}",
                PROBLEM_CTX("union_type", "[\"payload\",\"id\"]",
                        "Input should be a valid string or integer",
                        "\"expected\":\"string or integer\"") "," PROBLEM_CTX("unio"
                                                                              "n_"
                                                                              "typ"
                                                                              "e",
                        "[\"payload\",\"maybe\"]", "Input should be a valid string or integer",
                        "\"expected\":\"string or integer\"") "," PROBLEM_CTX("unio"
                                                                              "n_"
                                                                              "typ"
                                                                              "e",
                        "[\"payload\",\"any\"]",
                        "Input should be a valid string, number, array or object",
                        "\"expected\":\"string, number, array or object\"") "," PROBLEM_CTX("enum",
                        "[\"payload\",\"role\"]", "Input should be 'owner', 'member' or 'GUEST'",
                        "\"expected\":\"'owner', 'member' or 'GUEST'\"") "," PROBLEM_CTX("enum",
                        "[\"payload\",\"level\"]", "Input should be 1 or 10",
                        "\"expected\":\"1 or 10\"") "," PROBLEM_CTX("enum",
                        "[\"payload\",\"size\"]", "Input should be 's', 'm', 3 or true",
                        "\"expected\":\"'s', 'm', 3 or true\"") "," PROBLEM_CTX("li"
                                                                                "te"
                                                                                "ra"
                                                                                "l_"
                                                                                "er"
                                                                                "ro"
                                                                                "r",
                        "[\"payload\",\"sel\"]", "Input should be 'on'",
                        "\"expected\":\"'on'\"") "," PROBLEM_CTX("literal_error",
                        "[\"payload\",\"nul\"]", "Input should be 5",
                        "\"expected\":\"5\"") "," PROBLEM_CTX("literal_error",
                        "[\"payload\",\"both\"]", "Input should be false",
                        "\"expected\":\"false\"") "," PROBLEM_CTX("string_too_"
                                                                  "short",
                        "[\"payload\",\"t\"]", "String should have at least 1 character",
                        "\"min_length\":1") "," PROBLEM_CTX("literal_error",
                        "[\"payload\",\"must\"]", "Input should be true", "\"expected\":\"true\"")},
        {&kinds_docs_message,
                "{\"action\":\"docs\",\"payload\":{\"id\":\"toolong\",\"maybe\":1."
                "5,\"any\":"
                "\"manual\","
                "\"size\":4,\"nul\":5,\"t\":\"t\",\"must\":true}}",
                PROBLEM_CTX("string_too_long", "[\"payload\",\"id\"]",
                        "String should have at most 5 characters",
                        "\"max_length\":5") "," PROBLEM("int_from_float", "[\"payload\",\"maybe\"]",
                        "Input should be a valid integer, got a number with a "
                        "fractional part") "," PROBLEM_CTX("literal_error", "[\"payload\",\"any\"]",
                        "Input should be 'auto'", "\"expected\":\"'auto'\"") "," PROBLEM_CTX("enum",
                        "[\"payload\",\"size\"]", "Input should be 's', 'm', 3 or true",
                        "\"expected\":\"'s', 'm', 3 or true\"")},
        /* Tuples, keys, duplicates. */
        {&kinds_docs_message,
                "{\"action\":\"docs\",\"payload\":{" DOC
                "},\"lists\":{\"roles\":[\"x\",\"x\"],\"levels\":[2,2],\"sizes\":[]"
                ",\"onlys\":{},"
                "\"points\":[[],[1,-1,\"x\",0,5,6],{}],\"pairs\":[[1]],\"ids\":[1,"
                "\"1\",1],"
                "\"maybes\":[],\"bodies\":[],\"shapes\":[{\"t\":3},{\"t\":3}],"
                "\"by\":{\"a\":[1,2],\"abcd\":[]},\"roles_by\":{}}}",
                PROBLEM("unique_list", "[\"lists\",\"roles\"]", "List must be unique") "," PROBLEM(
                        "unique_list", "[\"lists\",\"levels\"]",
                        "List must be unique") "," MISSING("[\"lists\",\"points\","
                                                           "0,0]") "," MISSING("[\""
                                                                               "lis"
                                                                               "ts"
                                                                               "\","
                                                                               "\"p"
                                                                               "oin"
                                                                               "ts"
                                                                               "\","
                                                                               "0,"
                                                                               "1]") "," PROBLEM_CTX("greater_than_equal",
                        "[\"lists\",\"points\",1,1]", "Input should be greater than or equal to 0",
                        "\"ge\":0") "," PROBLEM_CTX("literal_error", "[\"lists\",\"points\",1,2]",
                        "Input should be 'r'", "\"expected\":\"'r'\"") "," PROBLEM("string_type",
                        "[\"lists\",\"points\",1,3]",
                        "Input should be a valid string") "," PROBLEM_CTX("too_"
                                                                          "long",
                        "[\"lists\",\"points\",1]",
                        "Tuple should have at most 4 items after validation, not 6",
                        "\"field_type\":\"Tuple\",\"max_length\":4,\"actual_"
                        "length\":6") "," PROBLEM("list_type", "[\"lists\",\"points\",2]",
                        "Input should be a valid array") "," MISSING("[\"lists\","
                                                                     "\"pairs\",0,"
                                                                     "1]") "," PROBLEM("unique_"
                                                                                       "list",
                        "[\"lists\",\"ids\"]",
                        "List must be unique") "," PROBLEM("unique_list", "[\"lists\",\"shapes\"]",
                        "List must be unique") "," PROBLEM_CTX("string_too_short",
                        "[\"lists\",\"by\",\"a\",\"[key]\"]",
                        "String should have at least 2 characters",
                        "\"min_length\":2") "," PROBLEM_CTX("string_too_long",
                        "[\"lists\",\"by\",\"abcd\",\"[key]\"]",
                        "String should have at most 3 characters",
                        "\"max_length\":3") "," MISSING("[\"lists\",\"by\","
                                                        "\"abcd\",0]") "," MISSING("[\"lists\","
                                                                                   "\"by\","
                                                                                   "\"abcd\",1]")},
        /* Further members, closed types. */
        {&kinds_extra_message,
                "{\"action\":\"extra\",\"loose\":{\"n\":1,\"x\":-1,\"y\":\"\"},"
                "\"deeper\":{\"a\":"
                "[1,null,null],\"n\":\"\"},\"strict\":{\"n\":1,\"x\":1}}",
                PROBLEM_CTX("greater_than_equal", "[\"loose\",\"x\"]",
                        "Input should be greater than or equal to 0",
                        "\"ge\":0") "," PROBLEM("int_type", "[\"loose\",\"y\"]",
                        "Input should be a valid integer") "," PROBLEM_CTX("enum",
                        "[\"deeper\",\"a\",0]", "Input should be 'good' or 'bad'",
                        "\"expected\":\"'good' or 'bad'\"") "," PROBLEM_CTX("too_"
                                                                            "long",
                        "[\"deeper\",\"a\"]",
                        "List should have at most 2 items after validation, not 3",
                        "\"field_type\":\"List\",\"max_length\":2,\"actual_"
                        "length\":3") "," PROBLEM("int_type", "[\"deeper\",\"n\"]",
                        "Input should be a valid integer") "," PROBLEM("extra_"
                                                                       "forbidden",
                        "[\"strict\",\"x\"]", "Extra inputs are not permitted")},
        {&kinds_extra_message, "{\"action\":\"extra\",\"loose\":{\"n\":1,\"x\":1,\"x\":2}}",
                BROKEN("duplicate member name", "39")},
        {&kinds_tight_message, "{\"action\":\"tight\",\"n\":1,\"ref\":\"r\",\"other\":1}",
                PROBLEM("extra_forbidden", "[\"other\"]", "Extra inputs are not permitted")},
};

START_TEST(refused_with_these_words)
{
	char problems[4096];

	snprintf(problems, sizeof problems, "[%s]", refusals[_i].problems);
	check_refused(refusals[_i].message, refusals[_i].text, problems);
}
END_TEST

/* ---- values that programs make ---- */

static void check_invalid(
        const struct msgc_message *message, const void *value, const char *type, const char *loc)
{
	struct msgc_problems problems;
	struct msgc_buf out = {0};

	ck_assert_int_eq(msgc_message_validate(message, value, &problems), MSGC_ECONTRACT);
	ck_assert_uint_eq(problems.count, 1);
	ck_assert_str_eq(problems.items[0].type, type);
	ck_assert_str_eq(problems.items[0].loc, loc);
	ck_assert_int_eq(msgc_message_encode(message, value, &out), MSGC_EINVAL);
	ck_assert_uint_eq(out.len, 0);
	ck_assert_int_eq(msgc_message_encode_checked(message, value, &out), MSGC_ECONTRACT);
	ck_assert_uint_eq(out.len, 0);
	msgc_buf_free(&out);
}

START_TEST(arms_that_nobody_has_set_are_refused)
{
	struct kinds_bodies bodies = {0};
	struct kinds_frames frames = {0};
	struct kinds_event_ events[1] = {{0}};

	check_invalid(&kinds_bodies_message, &bodies, "union_tag_not_found", "[\"payload\"]");
	bodies.payload.kind = (enum kinds_body_kind)77;
	check_invalid(&kinds_bodies_message, &bodies, "union_tag_invalid", "[\"payload\"]");
	frames.payload.items = events;
	frames.payload.count = 1;
	check_invalid(
	        &kinds_frames_message, &frames, "union_tag_not_found", "[\"payload\",0,\"d\"]");
	events[0].d.kind = KINDS_DISPATCH_ELSE;
	events[0].d.tag = msgc_str_from("new");
	events[0].d.other = (struct msgc_json){"[1", 2};
	check_invalid(&kinds_frames_message, &frames, "json_invalid", "[\"payload\",0,\"d\"]");
}
END_TEST

START_TEST(an_else_arm_holds_its_tag)
{
	struct kinds_bodies bodies = {.payload = {.kind = KINDS_BODY_ELSE}};
	static const char right[] = "{\"a\":[{\"kind\":1}],\"k\\u0069nd\":\"n\\u0065w\"}";
	struct msgc_problems problems;

	bodies.payload.tag = msgc_str_from("new");
	bodies.payload.other = (struct msgc_json){right, sizeof right - 1};
	ck_assert_int_eq(kinds_bodies_validate(&bodies, &problems), 0);
	bodies.payload.tag = msgc_str_from("text");
	ck_assert_int_eq(kinds_bodies_validate(&bodies, &problems), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].msg, "Value error, the tag is the one of another arm");
	bodies.payload.tag = msgc_str_from("old");
	ck_assert_int_eq(kinds_bodies_validate(&bodies, &problems), MSGC_ECONTRACT);
	ck_assert_str_eq(problems.items[0].msg, "Value error, the text does not hold the tag");
	bodies.payload.other = (struct msgc_json){"[]", 2};
	ck_assert_int_eq(kinds_bodies_validate(&bodies, &problems), MSGC_ECONTRACT);
}
END_TEST

START_TEST(further_keys_are_no_declared_names)
{
	struct kinds_loose_further_map_entry entries[] = {{MSGC_STR("x"), 1}, {MSGC_STR("n"), 2}};
	struct kinds_extra extra = {.has_loose = true, .loose = {.further = {entries, 1}}};
	struct msgc_buf out = {0};

	ck_assert_int_eq(kinds_extra_encode(&extra, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out), "{\"action\":\"extra\",\"loose\":{\"n\":0,\"x\":1}}");
	msgc_buf_free(&out);
	extra.loose.further.count = 2;
	check_invalid(&kinds_extra_message, &extra, "value_error", "[\"loose\",\"n\"]");
}
END_TEST

/* What the envelope may bring is none of them. */
START_TEST(further_members_of_messages_are_not_the_envelopes)
{
	struct kinds_open_end_further_map_entry entries[] = {{MSGC_STR("seq"), true}};
	struct kinds_open_end value = {.further = {entries, 1}};

	check_round_trip(&kinds_open_end_message,
	        "{\"action\":\"open_end\",\"ref\":\"r\",\"x\":true,\"seq\":1,\"a\":2}",
	        "{\"action\":\"open_end\",\"a\":2,\"x\":true}");
	check_invalid(&kinds_open_end_message, &value, "value_error", "[\"seq\"]");
	survives(&kinds_meet_message,
	        "{\"action\":\"meet\",\"cousin\":{\"id\":1,\"name\":\"n\",\"since\":\"2024-01-01\"}"
	        "}");
}
END_TEST

START_TEST(tuples_have_no_gaps)
{
	struct kinds_point points[] = {
	        {.x = 1, .y = 2, .has_note = true, .note = MSGC_STR_INIT("n")}};
	struct kinds_docs docs = {.has_lists = true};
	struct kinds_lists_roles_by_map_entry by[] = {
	        {MSGC_STR("ab"), {.value = KINDS_ROLE_OWNER}}};

	docs.payload.id.kind = KINDS_ID_INT53;
	docs.payload.maybe_is_null = true;
	docs.payload.t = msgc_str_from("t");
	docs.lists.roles_by.items = by;
	docs.lists.roles_by.count = 1;
	docs.lists.points.items = points;
	docs.lists.points.count = 1;
	check_invalid(&kinds_docs_message, &docs, "value_error", "[\"lists\",\"points\",0,3]");
	points[0].has_mark = true;
	ck_assert_int_eq(kinds_docs_validate(&docs, NULL), 0);
	docs.payload.role.value = (enum kinds_role)9;
	check_invalid(&kinds_docs_message, &docs, "enum", "[\"payload\",\"role\"]");
	docs.payload.role.value = KINDS_ROLE_UNKNOWN;
	docs.payload.role.unknown = msgc_str_of("\xFF", 1);
	check_invalid(&kinds_docs_message, &docs, "string_unicode", "[\"payload\",\"role\"]");
}
END_TEST

START_TEST(equal_tells_arms_and_tags_apart)
{
	struct kinds_body one = {.kind = KINDS_BODY_TEXT, .text = {MSGC_STR("a")}}, two = one;

	ck_assert(kinds_body_equal(&one, &two));
	two.text.text = msgc_str_from("b");
	ck_assert(!kinds_body_equal(&one, &two));
	two.kind = KINDS_BODY_IMAGE;
	ck_assert(!kinds_body_equal(&one, &two));
	one = two = (struct kinds_body){
	        .kind = KINDS_BODY_ELSE, .tag = MSGC_STR("t"), .other = {"{}", 2}};
	ck_assert(kinds_body_equal(&one, &two));
	two.tag = msgc_str_from("u");
	ck_assert(!kinds_body_equal(&one, &two));
}
END_TEST

START_TEST(print_shows_arms)
{
	struct kinds_bodies bodies = {.payload = {.kind = KINDS_BODY_NESTED}};
	struct msgc_buf out = {0};

	bodies.payload.nested.kind = KINDS_SHAPE_NONE;
	bodies.has_op = true;
	ck_assert_int_eq(kinds_bodies_print(&bodies, &out), 0);
	ck_assert_str_eq(msgc_buf_c(&out), "bodies {\n  payload: nested none {}\n  op: ?\n}");
	msgc_buf_free(&out);
}
END_TEST

/* An arena of any size ends in "no memory" or in the value, never in anything else. */
START_TEST(memory_may_fail_anywhere)
{
	static const char text[] = "{\"action\":\"frames\",\"payload\":[{\"code\":{\"n\":3},\"d\":["
	                           "\"a\\u0041\",\"b\"],"
	                           "\"after\":2,\"t\":\"w\",\"before\":1,\"c\":2},{\"t\":\"again\","
	                           "\"d\":{\"next\":{\"t\":"
	                           "\"o\\u0074her\",\"d\":{\"x\":1},\"after\":0}},\"after\":1}]}";
	struct msgc_arena whole = {0};
	struct kinds_frames expected, value;
	size_t size, failures = 0;
	char memory[8192];
	int result;

	ck_assert_int_eq(
	        kinds_frames_decode(text, sizeof text - 1, NULL, &whole, &expected, NULL), 0);
	for (size = 0;; size++) {
		struct msgc_arena arena;

		ck_assert_uint_lt(size, sizeof memory);
		msgc_arena_init_fixed(&arena, memory, size);
		result = kinds_frames_decode(text, sizeof text - 1, NULL, &arena, &value, NULL);
		if (result == 0)
			break;
		ck_assert_int_eq(result, MSGC_ENOMEM);
		failures++;
	}
	ck_assert(kinds_frames_equal(&expected, &value));
	ck_assert_uint_gt(failures, 100);
	msgc_arena_free(&whole);
}
END_TEST

START_TEST(recursion_ends_at_the_depth_that_was_asked_for)
{
	struct msgc_buf text = {0};
	struct decoded *decoded;

	msgc_buf_append_str(&text, "{\"action\":\"frames\",\"payload\":[");
	for (int i = 0; i < 40; i++)
		msgc_buf_append_str(&text, "{\"after\":1,\"t\":\"again\",\"d\":{\"next\":");
	msgc_buf_append_str(&text, "{\"t\":\"nothing\",\"d\":null,\"after\":1}");
	for (int i = 0; i < 40; i++)
		msgc_buf_append_str(&text, "}}");
	msgc_buf_append_str(&text, "]}");
	decoded = decode(&kinds_frames_message, text.data, text.len);
	ck_assert_int_eq(decoded->result, MSGC_ELIMIT);
	decoded_free(decoded);
	decoded = decode_with(&kinds_frames_message, text.data, text.len,
	        &(struct msgc_decode_options){.max_depth = 200});
	ck_assert_int_eq(decoded->result, 0);
	decoded_free(decoded);
	msgc_buf_free(&text);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("kinds");
	Suite *suite = suite_create("kinds");
	SRunner *runner;
	int failed;

	tcase_add_test(tcase, literals_enums_and_choices_survive);
	tcase_add_test(tcase, lists_and_maps_of_all_kinds_survive);
	tcase_add_test(tcase, integers_are_found_wherever_they_stand);
	tcase_add_test(tcase, defaults_of_all_kinds);
	tcase_add_test(tcase, unions_are_told_by_a_tag_wherever_it_stands);
	tcase_add_test(tcase, tags_beside_their_values);
	tcase_add_test(tcase, further_members_are_kept);
	tcase_add_loop_test(
	        tcase, refused_with_these_words, 0, sizeof refusals / sizeof refusals[0]);
	tcase_add_test(tcase, arms_that_nobody_has_set_are_refused);
	tcase_add_test(tcase, an_else_arm_holds_its_tag);
	tcase_add_test(tcase, further_keys_are_no_declared_names);
	tcase_add_test(tcase, further_members_of_messages_are_not_the_envelopes);
	tcase_add_test(tcase, tuples_have_no_gaps);
	tcase_add_test(tcase, equal_tells_arms_and_tags_apart);
	tcase_add_test(tcase, print_shows_arms);
	tcase_add_test(tcase, memory_may_fail_anywhere);
	tcase_add_test(tcase, recursion_ends_at_the_depth_that_was_asked_for);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
