/* SPDX-License-Identifier: MIT */
/*
 * The order of verification: parts and header, the keys that the kid names, signature, and only then the claims.
 */
#include "jwt_internal.h"

#include <string.h>

/* Which keys a token may be signed with: kid decides, and of these only keys for the algorithm that the header names. */
static bool is_candidate(const struct msgc_jwt_keys *keys, const struct msgc__jwt_key *key,
        const struct msgc__jwt_token *token)
{
	if (!token->has_kid)
		return !key->kid;
	if (key->kid)
		return msgc_str_equal(token->kid, msgc_str_from(key->kid));
	return keys->count == 1;
}

static const char *find_signer(
        const struct msgc_jwt_keys *keys, const struct msgc__jwt_token *token)
{
	const char *reason = "no key has this kid";

	for (size_t i = 0; i < keys->count; i++) {
		const struct msgc__jwt_key *key = &keys->items[i];

		if (!is_candidate(keys, key, token))
			continue;
		if (key->algorithm != token->algorithm) {
			reason = "the key is for another algorithm";
			continue;
		}
		if (msgc__jwt_signature_good(key, token))
			return NULL;
		reason = "the signature is wrong";
	}
	return reason;
}

static double leeway_of(const struct msgc_jwt_options *options)
{
	if (options->leeway_seconds < 0)
		return 0;
	return options->leeway_seconds < MSGC__JWT_LEEWAY_MAX ? options->leeway_seconds
	                                                      : MSGC__JWT_LEEWAY_MAX;
}

static const char *check_times(
        const struct msgc_jwt_options *options, const struct msgc__jwt_claims *claims, int64_t now)
{
	double leeway = leeway_of(options), at = (double)now;

	if (!claims->has_exp && !options->allow_no_expiry)
		return "exp is missing";
	if (claims->has_exp && at >= claims->exp + leeway)
		return "expired";
	if (claims->has_nbf && at < claims->nbf - leeway)
		return "not valid yet";
	return NULL;
}

static const char *check_claims(
        const struct msgc_jwt_options *options, const struct msgc__jwt_claims *claims, int64_t now)
{
	const char *wrong = check_times(options, claims, now);

	if (wrong)
		return wrong;
	if (options->issuer &&
	        (!claims->has_iss || !msgc_str_equal(claims->iss, msgc_str_from(options->issuer))))
		return "another issuer";
	if (options->audience ? !claims->audience_found : claims->has_aud)
		return "another audience";
	if (!claims->has_sub || claims->sub.len == 0)
		return "sub is missing";
	return NULL;
}

/* The end of the log-in: leeway included, else a token within it would end at once. */
static int64_t expiry(const struct msgc_jwt_options *options, const struct msgc__jwt_claims *claims)
{
	const double year_9999 = 253402300799.0;
	double end = claims->exp + leeway_of(options);

	if (!claims->has_exp)
		return 0;
	return (int64_t)(end < year_9999 ? end : year_9999);
}

/* Unix seconds; 0: not said, or not to be believed. */
static int64_t issued(const struct msgc__jwt_claims *claims)
{
	return claims->has_iat && claims->iat >= 1 && claims->iat < 253402300799.0
	        ? (int64_t)claims->iat
	        : 0;
}

static int fill_user(const struct msgc_jwt_options *options, const struct msgc__jwt_claims *claims,
        struct msgc_arena *arena, struct msgc_user *ret)
{
	struct msgc_user user = {.expires_at = expiry(options, claims),
	        .issued_at = issued(claims),
	        .id = claims->sub,
	        .name = claims->name};
	int result = msgc_arena_copy(
	        arena, msgc_str_from(options->realm ? options->realm : "jwt"), &user.realm);

	if (!result)
		*ret = user;
	return result;
}

int msgc_jwt_verify(const struct msgc_jwt_keys *keys, const struct msgc_jwt_options *options,
        struct msgc_str text, int64_t now, struct msgc_arena *arena, struct msgc_user *ret_user,
        const char **ret_reason)
{
	static const struct msgc_jwt_options defaults;
	struct msgc__jwt_claims claims;
	struct msgc__jwt_token token;
	const char *wrong;

	if (!options)
		options = &defaults;
	wrong = msgc__jwt_token_read(text, arena, &token);
	if (!wrong)
		wrong = find_signer(keys, &token);
	if (!wrong)
		wrong = msgc__jwt_claims_read(
		        token.claims, options->audience, options->name_claim, arena, &claims);
	if (!wrong)
		wrong = check_claims(options, &claims, now);
	if (!wrong)
		return fill_user(options, &claims, arena, ret_user);
	if (ret_reason)
		*ret_reason = wrong;
	return MSGC_EUNAUTHENTICATED;
}
