/* SPDX-License-Identifier: MIT */
/*
 * Tokens made by an independent implementation: the good ones are accepted with what they say, every attack is refused for its own
 * reason. fixtures.h is made by make_fixtures.py.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "fixtures.h"
#include "jwt/jwt_internal.h"

#define NOW FIXTURE_NOW

static struct msgc_arena arena;
static struct msgc_jwt_keys *keys;
static struct msgc_jwt_options options;
static struct msgc_user user;

static void setup(void)
{
	msgc_arena_init(&arena, 256 * 1024);
	keys = msgc_jwt_keys_new();
	options = (struct msgc_jwt_options){.leeway_seconds = 0};
}

static void teardown(void)
{
	msgc_jwt_keys_free(keys);
	msgc_arena_free(&arena);
}

static const char *find(const struct fixture *items, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(items[i].name, name) == 0)
			return items[i].text;
	}
	ck_abort_msg("no fixture %s", name);
	return NULL;
}

static const char *token(const char *name)
{
	return find(fixture_tokens, sizeof(fixture_tokens) / sizeof(fixture_tokens[0]), name);
}

static const char *key(const char *name)
{
	return find(fixture_keys, sizeof(fixture_keys) / sizeof(fixture_keys[0]), name);
}

static void add(enum msgc_jwt_algorithm algorithm, const char *kid, const char *text)
{
	const char *reason = "";

	ck_assert_msg(msgc_jwt_keys_add(keys, algorithm, kid, msgc_str_from(text), &reason) == 0,
	        "%s", reason);
}

/* NULL: accepted. */
static const char *verdict_at(struct msgc_str text, int64_t now)
{
	const char *reason = "no reason";
	int result;

	msgc_arena_reset(&arena);
	memset(&user, 0, sizeof(user));
	result = msgc_jwt_verify(keys, &options, text, now, &arena, &user, &reason);
	if (result == 0)
		return NULL;
	ck_assert_int_eq(result, MSGC_EUNAUTHENTICATED);
	ck_assert_ptr_null(user.id.ptr); /* written on success only */
	return reason;
}

static const char *verdict(const char *name)
{
	return verdict_at(msgc_str_from(token(name)), NOW);
}

static void accepted(const char *name)
{
	const char *reason = verdict(name);

	ck_assert_msg(reason == NULL, "%s: %s", name, reason);
}

static void refused(const char *name, const char *wanted)
{
	const char *reason = verdict(name);

	ck_assert_msg(reason != NULL, "%s was accepted", name);
	ck_assert_msg(strcmp(reason, wanted) == 0, "%s: %s, not: %s", name, reason, wanted);
}

static const char not_json[] = "the claims are not good JSON of the right types";
static const char bad_header[] = "the header is not good JSON in base64url";
static const char no_algorithm[] = "the algorithm is none that is spoken here";
static const char wrong_signature[] = "the signature is wrong";
static const char other_algorithm[] = "the key is for another algorithm";

/* ---- what is accepted */

START_TEST(each_algorithm_is_verified)
{
	static const struct {
		enum msgc_jwt_algorithm algorithm;
		const char *key;
		const char *token;
	} cases[] = {{MSGC_JWT_HS256, NULL, "hs256"}, {MSGC_JWT_RS256, "rsa", "rs256"},
	        {MSGC_JWT_ES256, "p256", "es256"}, {MSGC_JWT_EDDSA, "ed25519", "eddsa"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		msgc_jwt_keys_free(keys);
		keys = msgc_jwt_keys_new();
		add(cases[i].algorithm, NULL, cases[i].key ? key(cases[i].key) : FIXTURE_SECRET);
		accepted(cases[i].token);
		ck_assert_str_eq(user.id.ptr, "ada");
		ck_assert_str_eq(user.name.ptr, "Ada Lovelace");
		ck_assert_str_eq(user.realm.ptr, "jwt");
		ck_assert_int_eq(user.expires_at, NOW + 3600);
		for (size_t j = 0; j < sizeof(cases) / sizeof(cases[0]); j++) {
			if (j != i)
				refused(cases[j].token, other_algorithm);
		}
	}
}
END_TEST

START_TEST(claims_become_the_user)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	options.realm = "id.example";
	options.name_claim = "nick";
	accepted("nick");
	ck_assert_str_eq(user.realm.ptr, "id.example");
	ck_assert_str_eq(user.name.ptr, "countess");
	options.name_claim = "sub";
	accepted("nick");
	ck_assert_str_eq(user.name.ptr, "ada");
	options.name_claim = NULL;
	accepted("name_null");
	ck_assert_uint_eq(user.name.len, 0);
	accepted("sub_nul");
	ck_assert_uint_eq(user.id.len, 3);
	ck_assert_int_eq(memcmp(user.id.ptr, "a\0b", 3), 0);
	accepted("spaces");
	accepted("typ_at");
	accepted("typ_application");
	accepted("typ_none");
	accepted("large_8192");
}
END_TEST

START_TEST(times_are_checked_with_leeway)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("expired", "expired");
	refused("expired_now", "expired");
	refused("expired_30s_ago", "expired");
	refused("nbf_later", "not valid yet");
	refused("nbf_in_30s", "not valid yet");
	accepted("nbf_now");
	accepted("exp_fraction");
	refused("no_exp", "exp is missing");
	options.leeway_seconds = 60;
	accepted("expired_30s_ago");
	ck_assert_int_eq(user.expires_at, NOW + 30);
	accepted("nbf_in_30s");
	refused("expired_61s_ago", "expired");
	options.leeway_seconds = 100000; /* never more than 60 */
	refused("expired_61s_ago", "expired");
	options.leeway_seconds = -5;
	refused("expired_now", "expired");
	options.allow_no_expiry = true;
	accepted("no_exp");
	ck_assert_int_eq(user.expires_at, 0);
	accepted("exp_huge");
	ck_assert_int_eq(user.expires_at, 253402300799);
	refused("expired", "expired"); /* allowed to be absent, not to be over */
	ck_assert_ptr_null(verdict_at(msgc_str_from(token("hs256")), NOW + 3599));
	ck_assert_str_eq(verdict_at(msgc_str_from(token("hs256")), NOW + 3600), "expired");
}
END_TEST

START_TEST(issuer_and_audience_are_exact)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("iss_aud", "another audience"); /* none of ours was asked for */
	options.issuer = "https://id.example";
	options.audience = "chat";
	accepted("iss_aud");
	refused("iss_other", "another issuer");
	refused("hs256", "another issuer");
	refused("aud_other", "another audience");
	options.issuer = NULL;
	accepted("aud_list");
	refused("aud_others", "another audience");
	refused("aud_empty_list", "another audience");
	refused("hs256", "another audience");
	refused("aud_number", not_json);
	refused("aud_mixed", not_json);
	options.audience = "cha";
	refused("aud_list", "another audience");
}
END_TEST

/* ---- keys */

START_TEST(kid_chooses_the_key)
{
	add(MSGC_JWT_RS256, "a", key("rsa"));
	add(MSGC_JWT_ES256, "b", key("p256"));
	accepted("rs256_kid_a");
	accepted("es256_kid_b");
	refused("rs256", "no key has this kid");
	refused("hs256_kid_x", "no key has this kid");
	refused("rs256_b_kid_a", wrong_signature);
	add(MSGC_JWT_RS256, "a", key("rsa_b")); /* rotation: both are good */
	accepted("rs256_kid_a");
	accepted("rs256_b_kid_a");
	add(MSGC_JWT_RS256, NULL, key("rsa"));
	accepted("rs256");
	refused("hs256_kid_x", "no key has this kid");
}
END_TEST

START_TEST(an_only_key_without_kid_takes_any)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	accepted("hs256_kid_x");
	refused("kid_path", wrong_signature);
	refused("kid_number", bad_header);
}
END_TEST

START_TEST(unusable_keys_are_refused_with_a_reason)
{
	static const struct {
		enum msgc_jwt_algorithm algorithm;
		const char *key;
		const char *reason;
	} cases[] = {
	        {MSGC_JWT_RS256, "p256", "RS256 needs an RSA public key"},
	        {MSGC_JWT_RS256, "rsa_1024", "RSA keys must have at least 2048 bits"},
	        {MSGC_JWT_ES256, "rsa", "ES256 needs a public key on the curve P-256"},
	        {MSGC_JWT_ES256, "p384", "ES256 needs a public key on the curve P-256"},
	        {MSGC_JWT_ES256, "ed25519", "ES256 needs a public key on the curve P-256"},
	        {MSGC_JWT_EDDSA, "p256", "EdDSA needs an Ed25519 public key"},
	        {MSGC_JWT_HS256, "rsa", "a PEM key is no secret for HS256"},
	        {MSGC_JWT_ES256, "p256_private",
	                "the key is no PEM with one public key (BEGIN PUBLIC KEY)"},
	};
	const char *reason = NULL;
	char large[5000];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		ck_assert_int_eq(msgc_jwt_keys_add(keys, cases[i].algorithm, NULL,
		                         msgc_str_from(key(cases[i].key)), &reason),
		        MSGC_EINVAL);
		ck_assert_str_eq(reason, cases[i].reason);
	}
	memset(large, 's', sizeof(large));
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_HS256, NULL, msgc_str_of(large, 31), &reason),
	        MSGC_EINVAL);
	ck_assert_str_eq(reason, "a secret must have at least 32 bytes");
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_HS256, NULL, msgc_str_of(large, 4097), NULL),
	        MSGC_EINVAL);
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_HS256, NULL, msgc_str_of(large, 32), &reason), 0);
	snprintf(large, sizeof(large), "%s%s", key("p256"), key("p256"));
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_ES256, NULL, msgc_str_from(large), &reason),
	        MSGC_EINVAL);
	snprintf(large, sizeof(large), "%s\n \n", key("p256"));
	ck_assert_int_eq(
	        msgc_jwt_keys_add(keys, MSGC_JWT_ES256, NULL, msgc_str_from(large), &reason), 0);
}
END_TEST

START_TEST(without_keys_nothing_is_accepted)
{
	refused("hs256", "no key has this kid");
	refused("hs256_kid_x", "no key has this kid");
	msgc_jwt_keys_free(NULL);
}
END_TEST

/* ---- attacks on the header */

START_TEST(none_is_no_algorithm)
{
	static const char *const names[] = {"none", "None", "NONE", "nOnE"};
	char name[32];

	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "alg_%s", names[i]);
		refused(name, "not three parts");
		snprintf(name, sizeof(name), "alg_%s_signed", names[i]);
		refused(name, no_algorithm);
	}
}
END_TEST

START_TEST(a_public_key_is_never_a_secret)
{
	add(MSGC_JWT_RS256, NULL, key("rsa"));
	refused("confusion_rsa", other_algorithm);
	refused("confusion_kid", other_algorithm);
	add(MSGC_JWT_ES256, NULL, key("p256"));
	refused("confusion_p256", other_algorithm);
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("confusion_rsa", wrong_signature);
	refused("confusion_p256", wrong_signature);
}
END_TEST

START_TEST(only_the_four_algorithms_are_spoken)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	add(MSGC_JWT_RS256, NULL, key("rsa"));
	refused("hs512", no_algorithm);
	refused("rs512", no_algorithm);
	refused("ps256", no_algorithm);
	refused("es384", no_algorithm);
	refused("alg_lower", no_algorithm);
	refused("no_alg", no_algorithm);
	refused("alg_number", bad_header);
	refused("rs256_says_es256", other_algorithm);
}
END_TEST

START_TEST(keys_do_not_come_from_tokens)
{
	add(MSGC_JWT_ES256, NULL, key("p256"));
	refused("own_jwk", wrong_signature);
	refused("other_ec", wrong_signature);
	msgc_jwt_keys_free(keys);
	keys = msgc_jwt_keys_new();
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("other_secret", wrong_signature);
}
END_TEST

START_TEST(extensions_and_other_types_are_refused)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("crit", "the header demands an extension");
	refused("crit_empty", "the header demands an extension");
	refused("b64_false", "the header demands an extension");
	refused("typ_dpop", "the type is none of an access token");
	refused("typ_logout", "the type is none of an access token");
}
END_TEST

START_TEST(the_header_is_strict_json)
{
	static const char *const names[] = {"header_twice", "header_twice_unknown",
	        "header_twice_escaped", "header_list", "header_trailing", "header_nul"};

	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refused(names[i], bad_header);
}
END_TEST

/* ---- attacks on the claims: all of these are rightly signed */

START_TEST(the_claims_are_strict_json_of_the_right_types)
{
	static const char *const names[] = {"claims_twice", "claims_twice_exp",
	        "claims_twice_unknown", "claims_twice_deep", "claims_list", "claims_not_json",
	        "claims_comment", "claims_not_utf8", "claims_trailing", "claims_deep", "exp_text",
	        "exp_null", "exp_overflow", "nbf_text", "sub_number"};

	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refused(names[i], not_json);
	refused("exp_negative", "expired");
}
END_TEST

START_TEST(somebody_must_be_meant)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("sub_missing", "sub is missing");
	refused("sub_empty", "sub is missing");
}
END_TEST

/* ---- attacks on the signature and the text */

START_TEST(signatures_have_one_length)
{
	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("hs256_31", wrong_signature);
	refused("hs256_33", wrong_signature);
	refused("hs256_empty", "not three parts");
	add(MSGC_JWT_RS256, NULL, key("rsa"));
	refused("rs256_257", wrong_signature);
	refused("rs256_255", wrong_signature);
}
END_TEST

START_TEST(ecdsa_signatures_are_two_numbers_in_range)
{
	add(MSGC_JWT_ES256, NULL, key("p256"));
	accepted("es256");
	refused("es256_der", wrong_signature);
	refused("es256_65", wrong_signature);
	refused("es256_66", wrong_signature);
	refused("es256_zero", wrong_signature);
	refused("es256_n", wrong_signature);
	refused("es256_r_plus_n", wrong_signature);
}
END_TEST

START_TEST(ed25519_signatures_have_one_form)
{
	add(MSGC_JWT_EDDSA, NULL, key("ed25519"));
	accepted("eddsa");
	refused("eddsa_s_plus_l", wrong_signature);
	refused("eddsa_65", wrong_signature);
}
END_TEST

/* Whatever single character is changed, dropped or added: the token is no longer good. */
START_TEST(every_character_counts)
{
	static const char *const names[] = {"hs256", "es256", "eddsa"};
	static const char others[] = "Aw-_.=+/ \n\xc3";
	char text[1024];

	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	add(MSGC_JWT_ES256, NULL, key("p256"));
	add(MSGC_JWT_EDDSA, NULL, key("ed25519"));
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		const char *good = token(names[n]);
		size_t len = strlen(good);

		accepted(names[n]);
		for (size_t i = 0; i < len; i++) {
			ck_assert_ptr_nonnull(verdict_at(msgc_str_of(good, i), NOW));
			memcpy(text, good, len);
			for (size_t j = 0; j < sizeof(others); j++) { /* the NUL too */
				if (others[j] == good[i])
					continue;
				text[i] = others[j];
				ck_assert_ptr_nonnull(verdict_at(msgc_str_of(text, len), NOW));
			}
		}
		for (size_t i = 0; i < sizeof(others); i++) {
			memcpy(text, good, len);
			text[len] = others[i];
			ck_assert_ptr_nonnull(verdict_at(msgc_str_of(text, len + 1), NOW));
			memcpy(text + 1, good, len);
			text[0] = others[i];
			ck_assert_ptr_nonnull(verdict_at(msgc_str_of(text, len + 1), NOW));
		}
	}
}
END_TEST

START_TEST(base64url_is_canonical)
{
	static const struct {
		const char *text;
		const char *bytes; /* NULL: refused */
	} cases[] = {{"", ""}, {"Zg", "f"}, {"Zm8", "fo"}, {"Zm9v", "foo"},
	        {"-_-_", "\xfb\xff\xbf"}, {"Zh", NULL}, {"Zm9", NULL}, {"Z", NULL}, {"Zm9vZ", NULL},
	        {"Zg==", NULL}, {"+/+/", NULL}, {"Zm 8", NULL}, {"Zm8\n", NULL}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t len = strlen(cases[i].text), size = msgc__base64url_size(len);
		uint8_t *out =
		        malloc(size ? size : 1); /* of exactly this size: the sanitizer watches */
		int result = msgc__base64url_decode(cases[i].text, len, out);

		ck_assert_int_eq(result, cases[i].bytes ? 0 : MSGC_EINVAL);
		if (cases[i].bytes) {
			ck_assert_uint_eq(size, strlen(cases[i].bytes));
			ck_assert_int_eq(memcmp(out, cases[i].bytes, size), 0);
		}
		free(out);
	}
}
END_TEST

START_TEST(sizes_are_bounded)
{
	static char dots[9000];

	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	refused("large_8193", "larger than a token may be");
	ck_assert_str_eq(verdict_at(msgc_str_from(""), NOW), "not three parts");
	ck_assert_str_eq(verdict_at(msgc_str_of(NULL, 0), NOW), "not three parts");
	ck_assert_str_eq(verdict_at(msgc_str_from(".."), NOW), "not three parts");
	ck_assert_str_eq(verdict_at(msgc_str_from("a.b.c.d"), NOW), "not three parts");
	memset(dots, '.', sizeof(dots));
	ck_assert_str_eq(verdict_at(msgc_str_of(dots, 8192), NOW), "not three parts");
	ck_assert_str_eq(
	        verdict_at(msgc_str_of(dots, sizeof(dots)), NOW), "larger than a token may be");
}
END_TEST

START_TEST(a_short_arena_is_no_crash_and_no_log_in)
{
	char memory[4096];
	const char *good = token("hs256");

	add(MSGC_JWT_HS256, NULL, FIXTURE_SECRET);
	for (size_t size = 0; size < sizeof(memory); size += 8) {
		struct msgc_arena tiny;
		struct msgc_user none = {.expires_at = -1};
		int result;

		msgc_arena_init_fixed(&tiny, memory, size);
		result = msgc_jwt_verify(
		        keys, &options, msgc_str_from(good), NOW, &tiny, &none, NULL);
		if (result)
			ck_assert_int_eq(none.expires_at, -1);
		else
			ck_assert_str_eq(none.id.ptr, "ada");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("jwt");
	TCase *tcase = tcase_create("jwt");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, each_algorithm_is_verified);
	tcase_add_test(tcase, claims_become_the_user);
	tcase_add_test(tcase, times_are_checked_with_leeway);
	tcase_add_test(tcase, issuer_and_audience_are_exact);
	tcase_add_test(tcase, kid_chooses_the_key);
	tcase_add_test(tcase, an_only_key_without_kid_takes_any);
	tcase_add_test(tcase, unusable_keys_are_refused_with_a_reason);
	tcase_add_test(tcase, without_keys_nothing_is_accepted);
	tcase_add_test(tcase, none_is_no_algorithm);
	tcase_add_test(tcase, a_public_key_is_never_a_secret);
	tcase_add_test(tcase, only_the_four_algorithms_are_spoken);
	tcase_add_test(tcase, keys_do_not_come_from_tokens);
	tcase_add_test(tcase, extensions_and_other_types_are_refused);
	tcase_add_test(tcase, the_header_is_strict_json);
	tcase_add_test(tcase, the_claims_are_strict_json_of_the_right_types);
	tcase_add_test(tcase, somebody_must_be_meant);
	tcase_add_test(tcase, signatures_have_one_length);
	tcase_add_test(tcase, ecdsa_signatures_are_two_numbers_in_range);
	tcase_add_test(tcase, ed25519_signatures_have_one_form);
	tcase_add_test(tcase, every_character_counts);
	tcase_add_test(tcase, base64url_is_canonical);
	tcase_add_test(tcase, sizes_are_bounded);
	tcase_add_test(tcase, a_short_arena_is_no_crash_and_no_log_in);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
