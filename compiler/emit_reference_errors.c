/* SPDX-License-Identifier: MIT */
/*
 * emit_reference_errors.c - what can be wrong with a frame, by the names that refusals have: from
 * the types and constraints of a message, all the way down.
 *
 * Names of what the whole protocol has (reasons, close codes) are those of docs/protocol.md.
 */
#include "emit_reference.h"

#include "emit_seen.h"

enum problem {
	PROBLEM_MISSING,
	PROBLEM_EXTRA,
	PROBLEM_OBJECT,
	PROBLEM_MAP,
	PROBLEM_LIST,
	PROBLEM_STRING,
	PROBLEM_STRING_SHORT,
	PROBLEM_STRING_LONG,
	PROBLEM_PATTERN,
	PROBLEM_URL,
	PROBLEM_BYTES,
	PROBLEM_BYTES_SHORT,
	PROBLEM_BYTES_LONG,
	PROBLEM_ENCODING,
	PROBLEM_BOOL,
	PROBLEM_INT,
	PROBLEM_INT_FLOAT,
	PROBLEM_INT_PARSING,
	PROBLEM_FLOAT,
	PROBLEM_DECIMAL,
	PROBLEM_GREATER_EQUAL,
	PROBLEM_LESS_EQUAL,
	PROBLEM_GREATER,
	PROBLEM_LESS,
	PROBLEM_MULTIPLE,
	PROBLEM_DATETIME,
	PROBLEM_DATE,
	PROBLEM_TIME,
	PROBLEM_DURATION,
	PROBLEM_UUID,
	PROBLEM_ENUM,
	PROBLEM_LITERAL,
	PROBLEM_TAG_MISSING,
	PROBLEM_TAG,
	PROBLEM_CHOICE,
	PROBLEM_SHORT,
	PROBLEM_LONG,
	PROBLEM_VALUE,
	N_PROBLEMS,
};

static const struct reference_error problems[N_PROBLEMS] = {
        [PROBLEM_MISSING] = {"missing", "a required member is not there"},
        [PROBLEM_EXTRA] = {"extra_forbidden", "a member that is not known"},
        [PROBLEM_OBJECT] = {"model_type", "no object"},
        [PROBLEM_MAP] = {"dict_type", "no object"},
        [PROBLEM_LIST] = {"list_type", "no array"},
        [PROBLEM_STRING] = {"string_type", "no string"},
        [PROBLEM_STRING_SHORT] = {"string_too_short", "too few characters"},
        [PROBLEM_STRING_LONG] = {"string_too_long", "too many characters"},
        [PROBLEM_PATTERN] = {"string_pattern_mismatch", "does not match its pattern"},
        [PROBLEM_URL] = {"url_parsing", "no URI"},
        [PROBLEM_BYTES] = {"bytes_type", "no string"},
        [PROBLEM_BYTES_SHORT] = {"bytes_too_short", "too few bytes"},
        [PROBLEM_BYTES_LONG] = {"bytes_too_long", "too many bytes"},
        [PROBLEM_ENCODING] = {"bytes_invalid_encoding", "no base64"},
        [PROBLEM_BOOL] = {"bool_type", "neither true nor false"},
        [PROBLEM_INT] = {"int_type", "no integer"},
        [PROBLEM_INT_FLOAT] = {"int_from_float", "a number with a fraction"},
        [PROBLEM_INT_PARSING] = {"int_parsing", "a string that holds no integer"},
        [PROBLEM_FLOAT] = {"float_type", "no number"},
        [PROBLEM_DECIMAL] = {"decimal_parsing", "no decimal"},
        [PROBLEM_GREATER_EQUAL] = {"greater_than_equal", "too small"},
        [PROBLEM_LESS_EQUAL] = {"less_than_equal", "too large"},
        [PROBLEM_GREATER] = {"greater_than", "too small"},
        [PROBLEM_LESS] = {"less_than", "too large"},
        [PROBLEM_MULTIPLE] = {"multiple_of", "between two steps"},
        [PROBLEM_DATETIME] = {"datetime_parsing", "no date and time"},
        [PROBLEM_DATE] = {"date_parsing", "no date"},
        [PROBLEM_TIME] = {"time_parsing", "no time of day"},
        [PROBLEM_DURATION] = {"time_delta_parsing", "no duration"},
        [PROBLEM_UUID] = {"uuid_parsing", "no UUID"},
        [PROBLEM_ENUM] = {"enum", "none of the values"},
        [PROBLEM_LITERAL] = {"literal_error", "another value"},
        [PROBLEM_TAG_MISSING] = {"union_tag_not_found", "nothing says which alternative it is"},
        [PROBLEM_TAG] = {"union_tag_invalid", "none of the alternatives"},
        [PROBLEM_CHOICE] = {"union_type", "none of the alternatives"},
        [PROBLEM_SHORT] = {"too_short", "too few entries"},
        [PROBLEM_LONG] = {"too_long", "too many entries"},
        [PROBLEM_VALUE] = {"value_error", "a rule is broken; msg says which"},
};

const struct reference_error reference_reasons[] = {
        {"handler_failed", "The server failed at it. The detail is always the same."},
        {"refused", "The server says no; the detail is its words."},
        {"rate_limited", "Too many frames: try again after `retry_after` seconds."},
        {"busy", "The server cannot take this now: try again after `retry_after` seconds."},
        {"too_large", "The answer does not fit."},
        {"conflict", "Another message had this `message_id`."},
        {NULL, NULL},
};

const struct reference_error reference_close_codes[] = {
        {"1000", "Done."},
        {"1001", "The server is going away; come back after its hint."},
        {"1003", "A binary frame where none is spoken."},
        {"1007", "Text that is not UTF-8."},
        {"1008", "Policy."},
        {"1009", "A message beyond the limit."},
        {"1011", "The server failed; come back."},
        {"1013", "Try again later."},
        {"4400", "A frame that breaks the contract, where there is no message to say so."},
        {"4401", "Not authenticated; log in first."},
        {"4403", "Forbidden."},
        {"4404", "There is no such object."},
        {"4408", "Too slow: to authenticate, or to read. Come back."},
        {"4409", "A conflict, where there is no message to say so."},
        {"4410", "Credentials expired or were revoked; log in again."},
        {"4429", "Too many frames, or too many bad ones. Come back later."},
        {NULL, NULL},
};

/* What has been found, and which types are known, in the order in which they are looked into. */
struct search {
	bool found[N_PROBLEMS];
	struct emit_seen seen;
	struct vec types;
};

static void look_at_type(struct search *s, const struct model_type *type)
{
	if (emit_seen_add(&s->seen, type))
		vec_push(&s->types, (void *)(uintptr_t)type);
}

static void look_at_bounds(struct search *s, const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;
	bool is_int = model_kind_is_int(type->kind);

	s->found[PROBLEM_GREATER_EQUAL] |= k->min != NULL || (is_int && k->above == NULL);
	s->found[PROBLEM_LESS_EQUAL] |= k->max != NULL || (is_int && k->below == NULL);
	s->found[PROBLEM_GREATER] |= k->above != NULL;
	s->found[PROBLEM_LESS] |= k->below != NULL;
	s->found[PROBLEM_MULTIPLE] |= k->step != NULL;
}

static void look_at_string(struct search *s, const struct model_constraints *k)
{
	bool is_uri = k->format == MODEL_FORMAT_URI || k->format == MODEL_FORMAT_URI_REFERENCE;

	s->found[PROBLEM_STRING] = true;
	s->found[PROBLEM_STRING_SHORT] |= k->len.has_min && k->len.min > 0;
	s->found[PROBLEM_STRING_LONG] |= k->len.has_max;
	s->found[PROBLEM_PATTERN] |= k->n_patterns > 0;
	s->found[PROBLEM_URL] |= is_uri;
	s->found[PROBLEM_UUID] |= k->format == MODEL_FORMAT_UUID;
	s->found[PROBLEM_DATETIME] |= k->format == MODEL_FORMAT_DATE_TIME;
	s->found[PROBLEM_DATE] |= k->format == MODEL_FORMAT_DATE;
	s->found[PROBLEM_TIME] |= k->format == MODEL_FORMAT_TIME;
	s->found[PROBLEM_DURATION] |= k->format == MODEL_FORMAT_DURATION;
	s->found[PROBLEM_VALUE] |= k->not_blank || k->format == MODEL_FORMAT_EMAIL ||
	        k->format == MODEL_FORMAT_HOSTNAME || k->format == MODEL_FORMAT_IPV4 ||
	        k->format == MODEL_FORMAT_IPV6 || k->format == MODEL_FORMAT_JSON_POINTER ||
	        k->format == MODEL_FORMAT_SLUG;
}

static void look_at_number(struct search *s, const struct model_type *type)
{
	bool is_text = type->wire_form == MODEL_WIRE_STRING;

	look_at_bounds(s, type);
	if (type->kind == MODEL_DECIMAL) {
		s->found[PROBLEM_DECIMAL] = true;
	} else if (!model_kind_is_int(type->kind)) {
		s->found[PROBLEM_FLOAT] = true;
	} else if (is_text) {
		s->found[PROBLEM_STRING] = s->found[PROBLEM_INT_PARSING] = true;
	} else {
		s->found[PROBLEM_INT] = s->found[PROBLEM_INT_FLOAT] = true;
	}
}

static void look_at_scalar(struct search *s, const struct model_type *type)
{
	static const struct {
		enum model_kind kind;
		enum problem problem;
	} parsed[] = {{MODEL_BOOL, PROBLEM_BOOL}, {MODEL_DATETIME, PROBLEM_DATETIME},
	        {MODEL_DATE, PROBLEM_DATE}, {MODEL_TIME, PROBLEM_TIME},
	        {MODEL_DURATION, PROBLEM_DURATION}, {MODEL_UUID, PROBLEM_UUID}};

	for (size_t i = 0; i < sizeof(parsed) / sizeof(parsed[0]); i++)
		s->found[parsed[i].problem] |= type->kind == parsed[i].kind;
	if (model_kind_is_number(type->kind))
		look_at_number(s, type);
	if (type->kind == MODEL_STRING)
		look_at_string(s, &type->constraints);
	if (type->kind == MODEL_BYTES)
		s->found[PROBLEM_BYTES] = s->found[PROBLEM_ENCODING] = true;
}

static void look_at_members(struct search *s, const struct model_type *type)
{
	for (size_t i = 0; i < type->n_members; i++) {
		const struct model_member *member = &type->members[i];

		s->found[PROBLEM_MISSING] |= !member->optional && member->default_value == NULL;
		if (member->beside != NULL)
			s->found[PROBLEM_TAG] = s->found[PROBLEM_TAG_MISSING] = true;
		look_at_type(s, member->use.type);
	}
	s->found[PROBLEM_EXTRA] |= type->is_closed;
	s->found[PROBLEM_VALUE] |= type->n_requires > 0 || type->n_checks > 0;
	if (type->further != NULL)
		look_at_type(s, type->further);
}

static void look_at_arms(struct search *s, const struct model_type *type)
{
	bool is_union = type->kind == MODEL_UNION;

	s->found[PROBLEM_CHOICE] |= !is_union;
	s->found[PROBLEM_TAG] |= is_union;
	s->found[PROBLEM_TAG_MISSING] |= is_union;
	for (size_t i = 0; i < type->n_arms; i++)
		look_at_type(s, type->arms[i].use.type);
}

static void look_at_kind(struct search *s, const struct model_type *type)
{
	switch (type->kind) {
	case MODEL_RECORD:
		s->found[PROBLEM_OBJECT] |= type->message == NULL;
		look_at_members(s, type);
		break;
	case MODEL_TUPLE:
		s->found[PROBLEM_LIST] = s->found[PROBLEM_SHORT] = s->found[PROBLEM_LONG] = true;
		look_at_members(s, type);
		break;
	case MODEL_UNION:
	case MODEL_CHOICE: look_at_arms(s, type); break;
	case MODEL_ENUM:
		s->found[type->is_of_literals || type->is_constant ? PROBLEM_LITERAL
		                                                   : PROBLEM_ENUM] |=
		        !type->is_open;
		break;
	default:
		s->found[PROBLEM_LIST] |= type->kind == MODEL_LIST;
		s->found[PROBLEM_MAP] |= type->kind == MODEL_MAP;
		look_at_scalar(s, type);
		break;
	}
}

static void look_into(struct search *s, const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;

	look_at_kind(s, type);
	s->found[PROBLEM_SHORT] |= k->count.has_min && k->count.min > 0;
	s->found[PROBLEM_LONG] |= k->count.has_max;
	s->found[PROBLEM_BYTES_SHORT] |= k->bytes.has_min && k->bytes.min > 0;
	s->found[PROBLEM_BYTES_LONG] |= k->bytes.has_max;
	s->found[PROBLEM_VALUE] |= k->n_checks > 0 || k->unique;
	if (type->key != NULL)
		look_at_type(s, type->key);
	if (type->element.type != NULL)
		look_at_type(s, type->element.type);
}

void reference_errors(struct reference *r, const struct model_message *message, struct vec *errors)
{
	struct search s = {0};

	(void)r;
	look_at_type(&s, message->record);
	for (size_t next = 0; next < s.types.n; next++)
		look_into(&s, s.types.items[next]);
	for (size_t i = 0; i < N_PROBLEMS; i++) {
		if (s.found[i])
			vec_push(errors, (void *)(uintptr_t)&problems[i]);
	}
	emit_seen_clear(&s.seen);
	vec_clear(&s.types);
}
