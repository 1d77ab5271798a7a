/* SPDX-License-Identifier: MIT */
/*
 * emit_jsonschema_scalar.c - kinds, forms and constraints of scalars as keywords of JSON Schema.
 *
 * Where a keyword cannot say what the parser checks (the bounds of a decimal in a string, bytes of
 * UTF-8), a $comment does: validators ignore it, people read it. Knows nothing of records.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "emit_jsonschema.h"
#include "writer.h"

/* What is nearer to the largest float32 than to anything beyond it is accepted and rounded. */
#define FLOAT32_MAX "3.4028235677973366e38"

/*
 * Validators take more than the RFCs have, some of it often sent: a blank for the T, an offset without
 * its minutes or its colon, a name's dot at the end, labels of any length, ports that are no numbers,
 * a path that begins like a scheme. A pattern beside the format refuses that.
 */
#define OFFSET_PATTERN    "(?:[Zz]|[+-][0-9]{2}:[0-9]{2})$"
#define DATE_TIME_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+" OFFSET_PATTERN
#define HOSTNAME_PATTERN  "[^.]$"
#define EMAIL_PATTERN     "^.{1,64}@(?:[^.@]{1,63}\\.)*[^.@]{1,63}$"
#define SLUG_PATTERN      "^[-a-zA-Z0-9_]+$"

/* A URI's rest: an authority and what follows it; or a path with one slash; or no path. */
#define SCHEME        "[A-Za-z][-+.A-Za-z0-9]*:"
#define OTHERS        "[^\"\\[]*"
#define HOST          "(?:\\[[^/?#\"]*\\]|[^/?#@:\\[\"]*)"
#define AUTHORITY     "//(?:[^/?#@\"]*@)?" HOST "(?::[0-9]*)?(?:[/?#]" OTHERS ")?"
#define ABSOLUTE_PATH "/(?:[^/\"\\[]" OTHERS ")?"
#define NO_PATH       "(?:[?#]" OTHERS ")?"
#define REST          "(?:" AUTHORITY "|" ABSOLUTE_PATH "|" NO_PATH ")"

#define URI_PATTERN "^" SCHEME "(?:" REST "|[^/?#\"\\[]" OTHERS ")$"
#define URI_REFERENCE_PATTERN                                                                      \
	"^(?:(?:" SCHEME ")?" REST "|" SCHEME "[^/?#\"\\[]" OTHERS "|[^:/?#\"\\[]+(?:[/?#]" OTHERS \
	")?)$"

/* RFC 5321's limit of a path; a UUID without "urn:uuid:". */
#define EMAIL_MAX 254
#define UUID_MAX  36

/* Instants that RFC 3339 can write: the years 0 to 9999. */
#define UNIX_MIN "-62167219200"
#define UNIX_MAX "253402300799"

static void put_number(
        struct json_object *schema, const char *key, const struct model_number *number)
{
	if (number != NULL)
		schema_put_raw(schema, key, number->text);
}

/* The contract's bounds; the kind's own where it sets none. min, max: JSON, or NULL. */
static void put_bounds(struct json_object *schema, const struct model_constraints *c,
        const char *min, const char *max)
{
	if (c->min != NULL || c->above == NULL) {
		if (c->min != NULL || min != NULL)
			schema_put_raw(schema, "minimum", c->min ? c->min->text : min);
	}
	put_number(schema, "exclusiveMinimum", c->above);
	if (c->max != NULL || c->below == NULL) {
		if (c->max != NULL || max != NULL)
			schema_put_raw(schema, "maximum", c->max ? c->max->text : max);
	}
	put_number(schema, "exclusiveMaximum", c->below);
	put_number(schema, "multipleOf", c->step);
}

/* What a number in a string must keep to cannot be said by a keyword. */
static void note_bounds(struct json_object *schema, const struct model_constraints *c,
        const char *min, const char *max)
{
	const char *low = c->min != NULL ? c->min->text : c->above == NULL ? min : NULL;
	const char *high = c->max != NULL ? c->max->text : c->below == NULL ? max : NULL;
	struct writer *w = schema_text_begin();

	writer_add(w, "a number in a string");
	if (low != NULL)
		writer_add(w, ", at least %s", low);
	if (c->above != NULL)
		writer_add(w, ", more than %s", c->above->text);
	if (high != NULL)
		writer_add(w, ", at most %s", high);
	if (c->below != NULL)
		writer_add(w, ", less than %s", c->below->text);
	if (c->step != NULL)
		writer_add(w, ", a multiple of %s", c->step->text);
	schema_note(schema, "%s", schema_text_result(w));
	writer_free(w);
}

static void put_int(struct json_object *schema, const struct model_type *type)
{
	char low[24];
	char high[24];
	int64_t min;
	uint64_t max;

	if (!model_int_bounds(type->kind, &min, &max))
		return;
	snprintf(low, sizeof(low), "%" PRId64, min);
	snprintf(high, sizeof(high), "%" PRIu64, max);
	if (type->wire_form == MODEL_WIRE_STRING) {
		schema_put_text(schema, "type", "string");
		schema_put_text(schema, "pattern",
		        min < 0 ? "^-?(?:0|[1-9][0-9]*)$" : "^(?:-?0|[1-9][0-9]*)$");
		note_bounds(schema, &type->constraints, low, high);
		return;
	}
	schema_put_text(schema, "type", "integer");
	put_bounds(schema, &type->constraints, low, high);
}

static void put_decimal(struct json_object *schema, const struct model_type *type)
{
	if (type->wire_form == MODEL_WIRE_NUMBER) {
		schema_put_text(schema, "type", "number");
		put_bounds(schema, &type->constraints, NULL, NULL);
		schema_note(schema, "exact, with all its digits");
		return;
	}
	schema_put_text(schema, "type", "string");
	schema_put_text(
	        schema, "pattern", "^-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$");
	note_bounds(schema, &type->constraints, NULL, NULL);
}

/* A schema has one pattern; more of them stand in parts that must all be met. */
static void put_pattern(struct json_object *schema, const char *text)
{
	struct json_object *part, *all;

	if (!json_object_object_get_ex(schema, "pattern", NULL)) {
		schema_put_text(schema, "pattern", text);
		return;
	}
	if (!json_object_object_get_ex(schema, "allOf", &all)) {
		all = schema_array();
		schema_put(schema, "allOf", all);
	}
	part = schema_object();
	schema_put_text(part, "pattern", text);
	schema_append(all, part);
}

/* The format, and what validators do not check of it. slug is this language's own. */
static void put_format(struct json_object *schema, enum model_format format)
{
	static const char *const patterns[] = {
	        [MODEL_FORMAT_EMAIL] = EMAIL_PATTERN,
	        [MODEL_FORMAT_URI] = URI_PATTERN,
	        [MODEL_FORMAT_URI_REFERENCE] = URI_REFERENCE_PATTERN,
	        [MODEL_FORMAT_HOSTNAME] = HOSTNAME_PATTERN,
	        [MODEL_FORMAT_DATE_TIME] = DATE_TIME_PATTERN,
	        [MODEL_FORMAT_TIME] = OFFSET_PATTERN,
	        [MODEL_FORMAT_SLUG] = SLUG_PATTERN,
	};

	if (format != MODEL_FORMAT_NONE && format != MODEL_FORMAT_SLUG)
		schema_put_text(schema, "format", model_format_name(format));
	if (patterns[format] != NULL)
		schema_put_text(schema, "pattern", patterns[format]);
}

/* Limits of the length, the contract's and the format's. */
static struct model_range length_of(const struct model_constraints *c)
{
	struct model_range range = c->len;
	uint64_t most = c->format == MODEL_FORMAT_EMAIL ? EMAIL_MAX
	        : c->format == MODEL_FORMAT_UUID        ? UUID_MAX
	                                                : UINT64_MAX;

	if (most != UINT64_MAX && (!range.has_max || range.max > most)) {
		range.has_max = true;
		range.max = most;
	}
	return range;
}

/* Formats that an empty text has. */
static bool may_be_blank(enum model_format format)
{
	return format == MODEL_FORMAT_NONE || format == MODEL_FORMAT_URI_REFERENCE ||
	        format == MODEL_FORMAT_JSON_POINTER;
}

/* What no keyword says, or only to validators that go by it. */
static void note_string(struct json_object *schema, const struct model_constraints *c)
{
	const struct model_range *bytes = &c->bytes;

	if (c->trim)
		schema_note(
		        schema, "white space at both ends is cut off before anything is checked");
	if (c->lower)
		schema_note(schema, "made lower case before anything is checked");
	if (c->upper)
		schema_note(schema, "made upper case before anything is checked");
	if (bytes->has_min && bytes->has_max)
		schema_note(schema, "%" PRIu64 " to %" PRIu64 " bytes of UTF-8", bytes->min,
		        bytes->max);
	else if (bytes->has_min)
		schema_note(schema, "at least %" PRIu64 " bytes of UTF-8", bytes->min);
	else if (bytes->has_max)
		schema_note(schema, "at most %" PRIu64 " bytes of UTF-8", bytes->max);
}

static void put_string(struct json_object *schema, const struct model_constraints *c)
{
	struct model_range length = length_of(c);

	schema_put_text(schema, "type", "string");
	schema_put_range(schema, &length, "minLength", "maxLength");
	put_format(schema, c->format);
	for (size_t i = 0; i < c->n_patterns; i++)
		put_pattern(schema, c->patterns[i]->text);
	if (c->not_blank && may_be_blank(c->format))
		put_pattern(schema, "\\S");
	note_string(schema, c);
}

/*
 * Padded base64 of a bounded number of bytes, exactly: whole groups of three, and at the end one of
 * none, one or two bytes, each with its own bounds of how many groups stand before it.
 */
static void put_base64_pattern(struct json_object *schema, const struct model_range *range)
{
	static const char *const tails[] = {
	        "", "[A-Za-z0-9+/][AQgw]==", "[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]="};
	uint64_t min = range->has_min ? range->min : 0;
	struct writer *w = schema_text_begin();
	bool any = false;

	writer_add(w, "^(?:");
	for (uint64_t tail = 0; tail < 3; tail++) {
		uint64_t fewest = min > tail ? (min - tail) / 3 + ((min - tail) % 3 != 0) : 0;

		if (range->has_max && (range->max < tail || (range->max - tail) / 3 < fewest))
			continue;
		writer_add(w, "%s(?:[A-Za-z0-9+/]{4}){%" PRIu64 ",", any ? "|" : "", fewest);
		if (range->has_max)
			writer_add(w, "%" PRIu64, (range->max - tail) / 3);
		writer_add(w, "}%s", tails[tail]);
		any = true;
	}
	writer_add(w, ")$");
	schema_put_text(schema, "pattern", schema_text_result(w));
	writer_free(w);
}

static void put_formatted(struct json_object *schema, enum model_format format)
{
	const struct model_constraints constraints = {.format = format};

	put_string(schema, &constraints);
}

static void put_datetime(struct json_object *schema, const struct model_type *type)
{
	switch (type->wire_form) {
	case MODEL_WIRE_UNIX:
		schema_put_text(schema, "type", "integer");
		put_bounds(schema, &type->constraints, UNIX_MIN, UNIX_MAX);
		break;
	case MODEL_WIRE_UNIX_MS:
		schema_put_text(schema, "type", "integer");
		put_bounds(schema, &type->constraints, UNIX_MIN "000", UNIX_MAX "999");
		break;
	default: put_formatted(schema, MODEL_FORMAT_DATE_TIME); break;
	}
}

void schema_put_scalar(struct json_object *schema, const struct model_type *type)
{
	const struct model_constraints *c = &type->constraints;

	switch (type->kind) {
	case MODEL_BOOL: schema_put_text(schema, "type", "boolean"); break;
	case MODEL_FLOAT32:
		schema_put_text(schema, "type", "number");
		put_bounds(schema, c, "-" FLOAT32_MAX, FLOAT32_MAX);
		schema_note(schema, "a 32-bit float");
		break;
	case MODEL_FLOAT64:
		schema_put_text(schema, "type", "number");
		put_bounds(schema, c, NULL, NULL);
		break;
	case MODEL_DECIMAL: put_decimal(schema, type); break;
	case MODEL_STRING: put_string(schema, c); break;
	case MODEL_BYTES:
		schema_put_text(schema, "type", "string");
		schema_put_text(schema, "contentEncoding", "base64");
		put_base64_pattern(schema, &c->bytes);
		break;
	case MODEL_DATETIME: put_datetime(schema, type); break;
	case MODEL_DATE: put_formatted(schema, MODEL_FORMAT_DATE); break;
	case MODEL_TIME: put_formatted(schema, MODEL_FORMAT_TIME); break;
	case MODEL_DURATION: put_formatted(schema, MODEL_FORMAT_DURATION); break;
	case MODEL_UUID: put_formatted(schema, MODEL_FORMAT_UUID); break;
	case MODEL_NULL: schema_put_text(schema, "type", "null"); break;
	case MODEL_JSON: break; /* anything: the empty schema */
	default: put_int(schema, type); break;
	}
}
