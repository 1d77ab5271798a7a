/* SPDX-License-Identifier: MIT */
/*
 * diff_scalar.c - types that are one value: kinds that read each other, ranges, lengths, formats.
 *
 * Two tables say which texts and numbers are which; the rest are comparisons of sets.
 */
#include <inttypes.h>
#include <string.h>

#include "diff_parts.h"
#include "number.h"

/* What travels, as far as readers tell it apart. */
enum class {
	CLASS_NULL,
	CLASS_BOOL,
	CLASS_INT,
	CLASS_REAL,
	CLASS_UNIX,
	CLASS_UNIX_MS,
	CLASS_INT_TEXT,
	CLASS_REAL_TEXT,
	CLASS_TEXT,
	CLASS_BASE64,
	CLASS_DATETIME,
	CLASS_DATE,
	CLASS_TIME,
	CLASS_DURATION,
	CLASS_UUID,
	CLASS_JSON,
};

static enum class class_of(const struct model_type *type) {
	bool is_text = type->wire_form == MODEL_WIRE_STRING;

	if (model_kind_is_int(type->kind)) return is_text ? CLASS_INT_TEXT : CLASS_INT;
	switch (type->kind){
		case MODEL_NULL : return CLASS_NULL; case MODEL_BOOL : return CLASS_BOOL;
		case MODEL_DECIMAL : return is_text ? CLASS_REAL_TEXT : CLASS_REAL;
		case MODEL_FLOAT32 : case MODEL_FLOAT64 : return is_text ? CLASS_REAL_TEXT
		                                                         : CLASS_REAL;
		case MODEL_BYTES : return CLASS_BASE64;
		case MODEL_DATETIME : return type->wire_form == MODEL_WIRE_UNIX ? CLASS_UNIX
		        : type->wire_form == MODEL_WIRE_UNIX_MS                 ? CLASS_UNIX_MS
		                                                                : CLASS_DATETIME;
		case MODEL_DATE : return CLASS_DATE;
		case MODEL_TIME : return CLASS_TIME;
		case MODEL_DURATION : return CLASS_DURATION;
		case MODEL_UUID : return CLASS_UUID;
		case MODEL_JSON : return CLASS_JSON;
		default : return CLASS_TEXT;
	}
}

const char *diff_type_words(struct diff *d, const struct model_type *type)
{
	static const char *const forms[] = {[MODEL_WIRE_STRING] = " as string",
	        [MODEL_WIRE_UNIX] = " as unix",
	        [MODEL_WIRE_UNIX_MS] = " as unix_ms"};
	const char *form = "";

	if ((size_t)type->wire_form < sizeof(forms) / sizeof(forms[0]) &&
	        forms[type->wire_form] != NULL && type->kind != MODEL_DECIMAL)
		form = forms[type->wire_form];
	else if (type->kind == MODEL_DECIMAL && type->wire_form == MODEL_WIRE_NUMBER)
		form = " as number";
	return arena_printf(d->arena, "%s%s", model_kind_name(type->kind), form);
}

/* Both ends of a constraint, seen from writer and reader. */
struct ends {
	const struct diff_path *path;
	struct diff_types types;
	const struct model_type *writer;
	const struct model_type *reader;
};

/* ----------------------------------------------------------------- numbers */

/* A bound of a set of numbers. */
struct bound {
	const struct model_number *number; /* NULL: none */
	bool is_open;                      /* not itself a member */
};

static const struct model_number *whole(struct diff *d, bool negative, uint64_t magnitude)
{
	return number_read(
	        d->arena, arena_printf(d->arena, "%s%" PRIu64, negative ? "-" : "", magnitude));
}

/* The tighter one of two bounds; direction: 1 for lower ones, -1 for upper ones. */
static struct bound tighter(struct bound a, struct bound b, int direction)
{
	int order;

	if (a.number == NULL || b.number == NULL)
		return a.number == NULL ? b : a;
	order = number_compare(a.number, b.number) * direction;
	if (order == 0)
		return a.is_open ? a : b;
	return order > 0 ? a : b;
}

/* `above 4` is `min 5` for whole numbers. */
static struct bound closed(struct diff *d, struct bound bound, int direction)
{
	const struct model_number *number = bound.number;
	int64_t value;

	if (number == NULL || !bound.is_open || !number->is_int || number->as_int64 == INT64_MAX ||
	        number->as_int64 == INT64_MIN ||
	        (!number->is_negative && number->as_uint64 > INT64_MAX))
		return bound;
	value = number->as_int64 + direction;
	bound.number = whole(d, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
	bound.is_open = false;
	return bound;
}

static struct bound bound_of(struct diff *d, const struct model_type *type, int direction)
{
	const struct model_constraints *k = &type->constraints;
	struct bound bound = tighter((struct bound){direction > 0 ? k->min : k->max, false},
	        (struct bound){direction > 0 ? k->above : k->below, true}, direction);
	int64_t min;
	uint64_t max;

	if (!model_int_bounds(type->kind, &min, &max))
		return bound;
	return tighter(closed(d, bound, direction),
	        (struct bound){
	                direction > 0 ? whole(d, min < 0, 0 - (uint64_t)min) : whole(d, false, max),
	                false},
	        direction);
}

/* "3", "above 3", "without bound". */
static const char *bound_words(struct diff *d, struct bound bound, int direction)
{
	if (bound.number == NULL)
		return "without bound";
	if (!bound.is_open)
		return bound.number->text;
	return arena_printf(
	        d->arena, "%s %s", direction > 0 ? "above" : "below", bound.number->text);
}

static void flow_bound(struct diff *d, const struct ends *ends, int direction)
{
	struct bound writer = bound_of(d, ends->writer, direction);
	struct bound reader = bound_of(d, ends->reader, direction);
	struct bound before = d->side == DIFF_TO_SERVER ? writer : reader;
	struct bound after = d->side == DIFF_TO_SERVER ? reader : writer;
	struct bound tight = tighter(writer, reader, direction);

	if (reader.number == NULL ||
	        (writer.number != NULL && tight.is_open == writer.is_open &&
	                number_compare(tight.number, writer.number) == 0))
		return;
	diff_found(d, DIFF_NUMBER_RANGE, ends->path, ends->types.places,
	        "the %s value was %s and is %s", direction > 0 ? "smallest" : "largest",
	        bound_words(d, before, direction), bound_words(d, after, direction));
}

static void flow_numbers(struct diff *d, const struct ends *ends)
{
	const struct model_number *writer = ends->writer->constraints.step;
	const struct model_number *reader = ends->reader->constraints.step;

	flow_bound(d, ends, 1);
	flow_bound(d, ends, -1);
	if (ends->reader->kind == MODEL_FLOAT32 && ends->writer->kind != MODEL_FLOAT32 &&
	        !model_kind_is_int(ends->writer->kind))
		diff_found(d, DIFF_NUMBER_RANGE, ends->path, ends->types.places, "was %s and is %s",
		        diff_type_words(d, ends->types.before),
		        diff_type_words(d, ends->types.after));
	if (reader == NULL)
		return;
	if (writer == NULL && model_kind_is_int(ends->writer->kind))
		writer = whole(d, false, 1);
	if (writer == NULL || !number_is_multiple(writer, reader))
		diff_found(d, DIFF_NUMBER_STEP, ends->path, ends->types.places,
		        "numbers are multiples of %s%s",
		        d->side == DIFF_TO_SERVER ? reader->text
		                : ends->writer->constraints.step != NULL
		                ? ends->writer->constraints.step->text
		                : "anything",
		        d->side == DIFF_TO_SERVER ? " now" : " now, not of the old step");
}

/* ------------------------------------------------------------------- texts */

/* `1..20`, `4`, "any" */
static const char *range_words(struct diff *d, const struct model_range *range)
{
	const char *min = range->has_min ? arena_printf(d->arena, "%" PRIu64, range->min) : "";

	if (!range->has_min && !range->has_max)
		return "any";
	if (!range->has_max)
		return arena_printf(d->arena, "%s..", min);
	if (range->has_min && range->min == range->max)
		return min;
	return arena_printf(d->arena, "%s..%" PRIu64, min, range->max);
}

static bool range_within(const struct model_range *writer, const struct model_range *reader)
{
	if (reader->has_min && reader->min > 0 && (!writer->has_min || writer->min < reader->min))
		return false;
	return !reader->has_max || (writer->has_max && writer->max <= reader->max);
}

/* Where rule is about numbers of something: said as it is written in the contract. */
static void flow_range(struct diff *d, const struct ends *ends, enum diff_rule rule,
        const char *word, const struct model_range *before, const struct model_range *after,
        const struct model_range *known)
{
	const struct model_range *reader = d->side == DIFF_TO_SERVER ? after : before;

	if (!range_within(known, reader))
		diff_found(d, rule, ends->path, ends->types.places, "'%s' was %s and is %s", word,
		        range_words(d, before), range_words(d, after));
}

static uint64_t times_four(uint64_t n)
{
	return n > UINT64_MAX / 4 ? UINT64_MAX : n * 4;
}

/* A code point has one to four bytes: a bound of one is a bound of the other. */
static struct model_range code_points_of(const struct model_constraints *k)
{
	struct model_range range = k->len;

	if (k->bytes.has_max && (!range.has_max || range.max > k->bytes.max))
		range = (struct model_range){range.has_min, true, range.min, k->bytes.max};
	if (k->bytes.has_min && (!range.has_min || range.min < (k->bytes.min + 3) / 4))
		range = (struct model_range){
		        true, range.has_max, k->bytes.min / 4 + (k->bytes.min % 4 != 0), range.max};
	return range;
}

static struct model_range bytes_of(const struct model_constraints *k)
{
	struct model_range range = k->bytes;

	if (k->len.has_max && (!range.has_max || range.max > times_four(k->len.max)))
		range = (struct model_range){
		        range.has_min, true, range.min, times_four(k->len.max)};
	if (k->len.has_min && (!range.has_min || range.min < k->len.min))
		range = (struct model_range){true, range.has_max, k->len.min, range.max};
	return range;
}

static void flow_lengths(struct diff *d, const struct ends *ends)
{
	const struct model_constraints *writer = &ends->writer->constraints;
	const struct model_constraints *before = &ends->types.before->constraints;
	const struct model_constraints *after = &ends->types.after->constraints;
	struct model_range points = code_points_of(writer), bytes = bytes_of(writer);

	flow_range(d, ends, DIFF_LENGTH, "len", &before->len, &after->len, &points);
	flow_range(d, ends, DIFF_LENGTH, "bytes", &before->bytes, &after->bytes, &bytes);
}

static bool has_pattern(const struct model_constraints *writer, const struct model_pattern *pattern)
{
	size_t i;

	for (i = 0; i < writer->n_patterns; i++) {
		if (strcmp(writer->patterns[i]->text, pattern->text) == 0 ||
		        diff_pattern_within(writer->patterns[i], pattern))
			return true;
	}
	return false;
}

static void flow_patterns(struct diff *d, const struct ends *ends)
{
	const struct model_constraints *writer = &ends->writer->constraints;
	const struct model_constraints *reader = &ends->reader->constraints;
	size_t i;

	for (i = 0; i < reader->n_patterns; i++) {
		if (!has_pattern(writer, reader->patterns[i]))
			diff_found(d, DIFF_PATTERN, ends->path, ends->types.places,
			        d->side == DIFF_TO_SERVER ? "all texts must match \"%s\" now"
			                                  : "not all texts match \"%s\" now",
			        reader->patterns[i]->text);
	}
}

/* Every text of format a is one of format b. */
static bool format_within(enum model_format a, enum model_format b)
{
	return b == MODEL_FORMAT_NONE || a == b ||
	        (a == MODEL_FORMAT_URI && b == MODEL_FORMAT_URI_REFERENCE) ||
	        (a == MODEL_FORMAT_UUID && b == MODEL_FORMAT_SLUG) ||
	        (a == MODEL_FORMAT_DATE && b == MODEL_FORMAT_SLUG);
}

static const char *format_words(enum model_format format)
{
	return format == MODEL_FORMAT_NONE ? "none" : model_format_name(format);
}

/* What the server makes of a text before it looks at it. */
static void flow_normalized(struct diff *d, const struct ends *ends)
{
	const struct model_constraints *before = &ends->types.before->constraints;
	const struct model_constraints *after = &ends->types.after->constraints;
	const struct {
		const char *word;
		bool was;
		bool is;
	} words[] = {{"trim", before->trim, after->trim}, {"lower", before->lower, after->lower},
	        {"upper", before->upper, after->upper}};
	size_t i;

	for (i = 0; d->side == DIFF_TO_SERVER && i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].was && !words[i].is)
			diff_found(d, DIFF_NORMALIZED, ends->path, ends->types.places,
			        "'%s' is gone", words[i].word);
	}
}

static void flow_texts(struct diff *d, const struct ends *ends)
{
	const struct model_constraints *writer = &ends->writer->constraints;
	const struct model_constraints *reader = &ends->reader->constraints;

	flow_lengths(d, ends);
	flow_patterns(d, ends);
	if (!format_within(writer->format, reader->format))
		diff_found(d, DIFF_FORMAT, ends->path, ends->types.places,
		        "the format was %s and is %s",
		        format_words(ends->types.before->constraints.format),
		        format_words(ends->types.after->constraints.format));
	if (reader->not_blank && !writer->not_blank && writer->format == MODEL_FORMAT_NONE)
		diff_found(d, DIFF_NOT_BLANK, ends->path, ends->types.places, "'not_blank' is %s",
		        d->side == DIFF_TO_SERVER ? "new" : "gone");
	flow_normalized(d, ends);
}

/* ------------------------------------------------------------------ checks */

static bool has_check(const struct model_constraints *k, const char *name)
{
	size_t i;

	for (i = 0; i < k->n_checks; i++) {
		if (strcmp(k->checks[i].name, name) == 0)
			return true;
	}
	return false;
}

static void flow_checks(struct diff *d, const struct ends *ends)
{
	const struct model_constraints *before = &ends->types.before->constraints;
	const struct model_constraints *after = &ends->types.after->constraints;
	size_t i;

	for (i = 0; d->side == DIFF_TO_SERVER && i < after->n_checks; i++) {
		if (!has_check(before, after->checks[i].name))
			diff_found(d, DIFF_CHECK, ends->path,
			        (struct diff_places){
			                ends->types.places.before, &after->checks[i].place},
			        "'check %s' is new", after->checks[i].name);
	}
}

/* ------------------------------------------------------------------- kinds */

/* A reader of texts without conditions takes every text. */
static bool is_any_text(const struct model_type *type)
{
	const struct model_constraints *k = &type->constraints;

	return k->format == MODEL_FORMAT_NONE && k->n_patterns == 0 && !k->len.has_max &&
	        !k->bytes.has_max && (!k->len.has_min || k->len.min == 0) &&
	        (!k->bytes.has_min || k->bytes.min == 0) && k->n_checks == 0;
}

/* The class that texts of a format belong to. */
static enum class class_of_format(enum model_format format) {
	switch (format){
		case MODEL_FORMAT_UUID : return CLASS_UUID;
		case MODEL_FORMAT_DATE_TIME : return CLASS_DATETIME;
		case MODEL_FORMAT_DATE : return CLASS_DATE;
		case MODEL_FORMAT_TIME : return CLASS_TIME;
		case MODEL_FORMAT_DURATION : return CLASS_DURATION;
		default : return CLASS_TEXT;
	}
}

static bool class_within(const struct ends *ends)
{
	enum class writer = class_of(ends->writer), reader = class_of(ends->reader);

	if (writer == reader || reader == CLASS_JSON)
		return true;
	if (reader == CLASS_REAL)
		return writer == CLASS_INT;
	if (reader == CLASS_REAL_TEXT)
		return writer == CLASS_INT_TEXT;
	if (reader == CLASS_TEXT)
		return writer >= CLASS_INT_TEXT && writer != CLASS_JSON &&
		        (is_any_text(ends->reader) ||
		                (writer == class_of_format(ends->reader->constraints.format) &&
		                        ends->reader->constraints.n_patterns == 0));
	return writer == CLASS_TEXT && class_of_format(ends->writer->constraints.format) == reader;
}

void diff_flow_scalar(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	struct ends ends = {.path = path,
	        .types = types,
	        .writer = diff_writer(d, types.before, types.after),
	        .reader = diff_reader(d, types.before, types.after)};
	enum class reader = class_of(ends.reader);

	if (!class_within(&ends)) {
		diff_found(d, DIFF_TYPE, path, types.places, "was %s and is %s",
		        diff_type_words(d, types.before), diff_type_words(d, types.after));
		return;
	}
	if (model_kind_is_number(ends.reader->kind))
		flow_numbers(d, &ends);
	else if (reader == class_of(ends.writer) && reader == CLASS_TEXT)
		flow_texts(d, &ends);
	else if (reader == class_of(ends.writer) && reader == CLASS_BASE64)
		flow_range(d, &ends, DIFF_LENGTH, "bytes", &types.before->constraints.bytes,
		        &types.after->constraints.bytes, &ends.writer->constraints.bytes);
	flow_checks(d, &ends);
}

void diff_flow_counts(struct diff *d, const struct diff_path *path, struct diff_types types)
{
	struct ends ends = {.path = path,
	        .types = types,
	        .writer = diff_writer(d, types.before, types.after),
	        .reader = diff_reader(d, types.before, types.after)};

	flow_range(d, &ends, DIFF_COUNT, "count", &types.before->constraints.count,
	        &types.after->constraints.count, &ends.writer->constraints.count);
	if (ends.reader->constraints.unique && !ends.writer->constraints.unique)
		diff_found(d, DIFF_UNIQUE, path, types.places, "'unique' is %s",
		        d->side == DIFF_TO_SERVER ? "new" : "gone");
	flow_checks(d, &ends);
}

/* ---------------------------------------------------------------- literals */

static bool takes_number(const struct model_type *reader, int64_t number)
{
	const struct model_constraints *k = &reader->constraints;
	const struct {
		const struct model_number *bound;
		int direction;
		bool is_open;
	} bounds[] = {
	        {k->min, 1, false}, {k->above, 1, true}, {k->max, -1, false}, {k->below, -1, true}};
	int64_t min;
	uint64_t max;
	size_t i;

	if (k->step != NULL || k->n_checks != 0)
		return false;
	if (model_int_bounds(reader->kind, &min, &max) &&
	        (number < min || (number > 0 && (uint64_t)number > max)))
		return false;
	for (i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		double gap;

		if (bounds[i].bound == NULL)
			continue;
		gap = ((double)number - bounds[i].bound->as_double) * bounds[i].direction;
		if (gap < 0 || (gap == 0 && bounds[i].is_open))
			return false;
	}
	return true;
}

static uint64_t count_code_points(const char *text)
{
	uint64_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xC0) != 0x80;
	return n;
}

static bool takes_text(const struct model_type *reader, const char *text)
{
	const struct model_constraints *k = &reader->constraints;
	uint64_t points = count_code_points(text), bytes = strlen(text);
	struct model_range length = {true, true, points, points}, size = {true, true, bytes, bytes};

	return k->format == MODEL_FORMAT_NONE && k->n_patterns == 0 && k->n_checks == 0 &&
	        !k->not_blank && range_within(&length, &k->len) && range_within(&size, &k->bytes);
}

bool diff_takes_literal(const struct model_type *reader, const struct model_literal *literal)
{
	if (!model_kind_is_scalar(reader->kind))
		return false;
	switch (class_of(reader)) {
	case CLASS_JSON: return true;
	case CLASS_BOOL: return literal->kind == MODEL_LITERAL_BOOL;
	case CLASS_INT:
	case CLASS_REAL:
		return literal->kind == MODEL_LITERAL_INT && takes_number(reader, literal->number);
	case CLASS_TEXT:
		return literal->kind == MODEL_LITERAL_STRING && takes_text(reader, literal->text);
	default: return false;
	}
}
