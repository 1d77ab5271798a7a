/* SPDX-License-Identifier: MIT */
/*
 * A token's text: its three parts, and the JSON of header and claims read with the codec, which refuses duplicate members and anything
 * that is not strict JSON. It must not know keys; nothing read here is believed before the signature is.
 */
#include "jwt_internal.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include <msgc/codec_gen.h>

static const struct msgc_decode_options json_options = {
        .max_depth = 16, .max_size = MSGC__JWT_TOKEN_MAX};

/* One part as JSON text with the codec's padding behind it; NULL: no base64url, or no memory. */
static char *decode_part(struct msgc_str part, struct msgc_arena *arena, size_t *ret_len)
{
	size_t size = msgc__base64url_size(part.len);
	char *text = msgc_arena_alloc(arena, size + MSGC_PADDING, 16);

	if (!text || msgc__base64url_decode(part.ptr, part.len, (uint8_t *)text))
		return NULL;
	memset(text + size, 0, MSGC_PADDING);
	*ret_len = size;
	return text;
}

/* Exactly three parts, none of them empty. */
static bool split(struct msgc_str text, struct msgc_str parts[3])
{
	const char *at = text.ptr, *end = text.ptr + text.len;

	for (int i = 0; i < 3; i++) {
		const char *dot = memchr(at, '.', (size_t)(end - at));

		if ((i < 2) != (dot != NULL))
			return false;
		parts[i] = msgc_str_of(at, (size_t)((dot ? dot : end) - at));
		if (parts[i].len == 0)
			return false;
		at = dot ? dot + 1 : end;
	}
	return true;
}

/* ---- header */

struct header {
	struct msgc_str alg, kid, typ;
	bool has_alg, has_kid, has_typ, has_crit;
};

static void read_header_member(
        struct msgc_reader *r, struct msgc_object *o, uint64_t *seen, struct header *header)
{
	if (msgc_key_is(o->at.key, "alg")) {
		msgc_read_once(r, o, seen, 0);
		header->has_alg = msgc_read_str(r, &header->alg);
	} else if (msgc_key_is(o->at.key, "kid")) {
		msgc_read_once(r, o, seen, 1);
		header->has_kid = msgc_read_str(r, &header->kid);
	} else if (msgc_key_is(o->at.key, "typ")) {
		msgc_read_once(r, o, seen, 2);
		header->has_typ = msgc_read_str(r, &header->typ);
	} else if (msgc_key_is(o->at.key, "crit") || msgc_key_is(o->at.key, "b64")) {
		msgc_read_once(r, o, seen, o->at.key.ptr[0] == 'c' ? 3 : 4);
		header->has_crit = true;
		msgc_read_skip(r);
	} else {
		msgc_read_unknown(r, o, false); /* jwk, jku, x5c …: keys do not come from tokens */
	}
}

static bool read_header(char *text, size_t len, struct msgc_arena *arena, struct header *header)
{
	struct msgc_reader r;
	struct msgc_object o;
	uint64_t seen = 0;

	if (msgc_reader_open(&r, text, len, &json_options, arena, NULL) &&
	        msgc_read_object(&r, &o)) {
		while (msgc_read_member(&r, &o))
			read_header_member(&r, &o, &seen, header);
		msgc_read_object_end(&r, &o);
	}
	return msgc_reader_close(&r) == MSGC_OK;
}

static bool read_algorithm(struct msgc_str name, enum msgc_jwt_algorithm *ret)
{
	static const char *const names[] = {"HS256", "RS256", "ES256", "EdDSA"};
	static const enum msgc_jwt_algorithm algorithms[] = {
	        MSGC_JWT_HS256, MSGC_JWT_RS256, MSGC_JWT_ES256, MSGC_JWT_EDDSA};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (msgc_str_equal(name, msgc_str_from(names[i]))) {
			*ret = algorithms[i];
			return true;
		}
	}
	return false;
}

/* Tokens made for another purpose say so in `typ` (RFC 8725 section 3.11): those are no log-ins. */
static bool is_access_token(struct msgc_str typ)
{
	static const char prefix[] = "application/";
	const size_t prefix_len = sizeof(prefix) - 1;

	if (typ.len > prefix_len && strncasecmp(typ.ptr, prefix, prefix_len) == 0)
		typ = msgc_str_of(typ.ptr + prefix_len, typ.len - prefix_len);
	return (typ.len == 3 && strncasecmp(typ.ptr, "JWT", 3) == 0) ||
	        (typ.len == 6 && strncasecmp(typ.ptr, "at+jwt", 6) == 0);
}

const char *msgc__jwt_token_read(
        struct msgc_str text, struct msgc_arena *arena, struct msgc__jwt_token *ret)
{
	struct msgc__jwt_token token = {.has_kid = false};
	struct header header = {.has_alg = false};
	struct msgc_str parts[3];
	uint8_t *signature;
	char *json;
	size_t len;

	if (text.len > MSGC__JWT_TOKEN_MAX)
		return "larger than a token may be";
	if (text.len == 0 || !split(text, parts))
		return "not three parts";
	json = decode_part(parts[0], arena, &len);
	if (!json || !read_header(json, len, arena, &header))
		return "the header is not good JSON in base64url";
	if (header.has_crit)
		return "the header demands an extension";
	if (!header.has_alg || !read_algorithm(header.alg, &token.algorithm))
		return "the algorithm is none that is spoken here";
	if (header.has_typ && !is_access_token(header.typ))
		return "the type is none of an access token";
	token.signature_len = msgc__base64url_size(parts[2].len);
	signature = msgc_arena_alloc(arena, token.signature_len + 1, 1);
	if (!signature || msgc__base64url_decode(parts[2].ptr, parts[2].len, signature))
		return "the signature is not base64url";
	token.signature = signature;
	token.has_kid = header.has_kid;
	token.kid = header.kid;
	token.claims = parts[1];
	token.signed_part = msgc_str_of(text.ptr, parts[0].len + 1 + parts[1].len);
	*ret = token;
	return NULL;
}

/* ---- claims */

static void read_audience(struct msgc_reader *r, struct msgc_str wanted, bool *found)
{
	struct msgc_list list;
	struct msgc_str one;

	if (*r->at == '"') {
		if (msgc_read_str(r, &one))
			*found = msgc_str_equal(one, wanted);
		return;
	}
	if (!msgc_read_list(r, &list, 0, MSGC_NO_MAX))
		return;
	while (msgc_read_item(r, &list)) {
		if (msgc_read_str(r, &one) && msgc_str_equal(one, wanted))
			*found = true;
	}
	msgc_read_list_end(r, &list);
}

struct wanted {
	struct msgc_str audience, name_claim;
};

static void read_claim(struct msgc_reader *r, struct msgc_object *o, uint64_t *seen,
        const struct wanted *wanted, struct msgc__jwt_claims *claims)
{
	if (msgc_key_is(o->at.key, "exp")) {
		msgc_read_once(r, o, seen, 0);
		claims->has_exp = msgc_read_float64(r, &claims->exp);
	} else if (msgc_key_is(o->at.key, "nbf")) {
		msgc_read_once(r, o, seen, 1);
		claims->has_nbf = msgc_read_float64(r, &claims->nbf);
	} else if (msgc_key_is(o->at.key, "iat")) {
		msgc_read_once(r, o, seen, 6);
		claims->has_iat = msgc_read_float64(r, &claims->iat);
	} else if (msgc_key_is(o->at.key, "iss")) {
		msgc_read_once(r, o, seen, 2);
		claims->has_iss = msgc_read_str(r, &claims->iss);
	} else if (msgc_key_is(o->at.key, "sub")) {
		msgc_read_once(r, o, seen, 3);
		claims->has_sub = msgc_read_str(r, &claims->sub);
	} else if (msgc_key_is(o->at.key, "aud")) {
		msgc_read_once(r, o, seen, 4);
		claims->has_aud = true;
		read_audience(r, wanted->audience, &claims->audience_found);
	} else if (msgc_str_equal(o->at.key, wanted->name_claim) && *r->at == '"') {
		msgc_read_once(r, o, seen, 5);
		msgc_read_str(r, &claims->name);
	} else {
		msgc_read_unknown(r, o, false);
	}
}

const char *msgc__jwt_claims_read(struct msgc_str part, const char *audience,
        const char *name_claim, struct msgc_arena *arena, struct msgc__jwt_claims *ret)
{
	const struct wanted wanted = {
	        msgc_str_from(audience), msgc_str_from(name_claim ? name_claim : "name")};
	struct msgc__jwt_claims claims = {.has_exp = false};
	struct msgc_reader r;
	struct msgc_object o;
	uint64_t seen = 0;
	size_t len = 0;
	char *text = decode_part(part, arena, &len);

	if (!text)
		return "the claims are not base64url";
	if (msgc_reader_open(&r, text, len, &json_options, arena, NULL) &&
	        msgc_read_object(&r, &o)) {
		while (msgc_read_member(&r, &o))
			read_claim(&r, &o, &seen, &wanted, &claims);
		msgc_read_object_end(&r, &o);
	}
	if (msgc_reader_close(&r))
		return "the claims are not good JSON of the right types";
	if (msgc_str_equal(wanted.name_claim, MSGC_STR("sub")))
		claims.name = claims.sub;
	*ret = claims;
	return NULL;
}
