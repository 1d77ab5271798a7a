/* SPDX-License-Identifier: MIT */
/*
 * check_constraints.c - what may be said in the parentheses behind a type.
 *
 * One row per constraint: which kinds it applies to, what it is followed by, where it goes. A type
 * that is made from a named one starts with that one's constraints; more may narrow it, never widen.
 */
#include "checks.h"

#include <float.h>
#include <string.h>

#include "number.h"

enum form {
	FORM_BOUND, /* min 5 */
	FORM_STEP,
	FORM_RANGE, /* len 1..20, len 26 */
	FORM_FLAG,  /* unique */
	FORM_FORMAT,
	FORM_PATTERN,
	FORM_AS,
	FORM_CHECK,
};

enum {
	ON_INT = 1,
	ON_FLOAT = 2,
	ON_DECIMAL = 4,
	ON_STRING = 8,
	ON_BYTES = 16,
	ON_DATETIME = 32,
	ON_LIST = 64,
	ON_MAP = 128,
	ON_OTHER = 256, /* no constraints but `check` */
	ON_NUMBER = ON_INT | ON_FLOAT | ON_DECIMAL,
	ON_ANY = 511
};

struct row {
	const char *name;
	unsigned kinds;
	enum form form;
	size_t offset; /* in struct model_constraints */
};

#define AT(member) offsetof(struct model_constraints, member)

static const struct row rows[] = {
        {"min", ON_NUMBER, FORM_BOUND, AT(min)},
        {"max", ON_NUMBER, FORM_BOUND, AT(max)},
        {"above", ON_NUMBER, FORM_BOUND, AT(above)},
        {"below", ON_NUMBER, FORM_BOUND, AT(below)},
        {"step", ON_NUMBER, FORM_STEP, AT(step)},
        {"len", ON_STRING, FORM_RANGE, AT(len)},
        {"bytes", ON_STRING | ON_BYTES, FORM_RANGE, AT(bytes)},
        {"count", ON_LIST | ON_MAP, FORM_RANGE, AT(count)},
        {"unique", ON_LIST, FORM_FLAG, AT(unique)},
        {"trim", ON_STRING, FORM_FLAG, AT(trim)},
        {"lower", ON_STRING, FORM_FLAG, AT(lower)},
        {"upper", ON_STRING, FORM_FLAG, AT(upper)},
        {"not_blank", ON_STRING, FORM_FLAG, AT(not_blank)},
        {"format", ON_STRING, FORM_FORMAT, AT(format)},
        {"pattern", ON_STRING, FORM_PATTERN, 0},
        {"as", ON_INT | ON_DECIMAL | ON_DATETIME, FORM_AS, 0},
        {"check", ON_ANY, FORM_CHECK, 0},
};

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static unsigned kind_bit(enum model_kind kind)
{
	if (model_kind_is_int(kind))
		return ON_INT;
	switch (kind) {
	case MODEL_FLOAT32:
	case MODEL_FLOAT64: return ON_FLOAT;
	case MODEL_DECIMAL: return ON_DECIMAL;
	case MODEL_STRING: return ON_STRING;
	case MODEL_BYTES: return ON_BYTES;
	case MODEL_DATETIME: return ON_DATETIME;
	case MODEL_LIST: return ON_LIST;
	case MODEL_MAP: return ON_MAP;
	default: return ON_OTHER;
	}
}

/* "min, max and step" */
static const char *applicable(struct check *c, enum model_kind kind)
{
	const char *text = "", *last = NULL;
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		if ((rows[i].kinds & kind_bit(kind)) == 0)
			continue;
		if (last != NULL)
			text = arena_printf(
			        c->arena, "%s%s%s", text, *text != '\0' ? ", " : "", last);
		last = rows[i].name;
	}
	if (last == NULL)
		return NULL;
	return *text != '\0' ? arena_printf(c->arena, "%s and %s", text, last) : last;
}

static const struct row *find_row(
        struct check *c, const struct model_type *type, const struct ast_constraint *ast)
{
	struct suggestion suggestion = suggestion_for(ast->name.text);
	const char *instead;
	size_t i;

	for (i = 0; i < N_ROWS; i++) {
		suggestion_offer(&suggestion, rows[i].name);
		if (strcmp(rows[i].name, ast->name.text) != 0)
			continue;
		if ((rows[i].kinds & kind_bit(type->kind)) != 0)
			return &rows[i];
		instead = applicable(c, type->kind);
		diag_report(c->diag, DIAG_INAPPLICABLE, ast->place, "'%s' does not apply to %s",
		        ast->name.text, model_kind_name(type->kind));
		if (instead != NULL)
			diag_hint(c->diag, "what applies to %s: %s", model_kind_name(type->kind),
			        instead);
		return NULL;
	}
	diag_report(c->diag, DIAG_UNKNOWN_CONSTRAINT, ast->name.place, "unknown constraint '%s'",
	        ast->name.text);
	diag_suggest(c->diag, &suggestion);
	return NULL;
}

/* ------------------------------------------------------------------- forms */

static void report_form(struct check *c, const struct ast_constraint *ast, const char *example)
{
	diag_report(c->diag, DIAG_CONSTRAINT_FORM, ast->place, "'%s' is written like this: %s",
	        ast->name.text, example);
}

/* A number that a value of this kind could be. NULL: reported. */
static const struct model_number *bound_of(
        struct check *c, const struct model_type *type, const struct ast_constraint *ast)
{
	const struct model_number *number;

	if (ast->kind != AST_CONSTRAINT_NUMBER || ast->low.unit[0] != '\0') {
		report_form(c, ast, arena_printf(c->arena, "%s 5", ast->name.text));
		return NULL;
	}
	number = number_read(c->arena, ast->low.text);
	if (number == NULL) {
		diag_report(c->diag, DIAG_LONG_NUMBER, ast->low.place,
		        "more than %d digits before or behind the point", NUMBER_MAX_DIGITS);
		return NULL;
	}
	if (!check_number_kind(c, type->kind, number, ast->low.place))
		return NULL;
	return number;
}

static bool widens(
        const struct row *row, const struct model_number *old, const struct model_number *new)
{
	bool is_lower = strcmp(row->name, "min") == 0 || strcmp(row->name, "above") == 0;
	int order = number_compare(new, old);

	return is_lower ? order < 0 : order > 0;
}

static void report_wider(struct check *c, const struct ast_constraint *ast, const char *old)
{
	diag_report(c->diag, DIAG_WIDER, ast->place,
	        "the named type has '%s %s' already, and may be narrowed only", ast->name.text,
	        old);
}

static void set_bound(struct check *c, struct model_type *type, const struct row *row,
        const struct ast_constraint *ast)
{
	const struct model_number **field =
	        (const struct model_number **)(void *)((char *)&type->constraints + row->offset);
	const struct model_number *number = bound_of(c, type, ast);

	if (number == NULL)
		return;
	if (*field != NULL && widens(row, *field, number))
		report_wider(c, ast, (*field)->text);
	*field = number;
}

static void set_step(struct check *c, struct model_type *type, const struct ast_constraint *ast)
{
	const struct model_number *number = bound_of(c, type, ast);

	if (number == NULL)
		return;
	if (number->is_negative || strcmp(number->text, "0") == 0) {
		diag_report(c->diag, DIAG_STEP_ZERO, ast->low.place, "a step is greater than 0");
		return;
	}
	if (type->constraints.step != NULL && !number_is_multiple(number, type->constraints.step))
		report_wider(c, ast, type->constraints.step->text);
	type->constraints.step = number;
}

static bool range_end(
        struct check *c, const struct row *row, const struct ast_number *ast, uint64_t *ret_end)
{
	if (strcmp(row->name, "bytes") == 0)
		return check_size(c, ast, ret_end);
	return check_count(c, ast, 0, UINT32_MAX, ret_end);
}

static bool range_of(struct check *c, const struct row *row, const struct ast_constraint *ast,
        struct model_range *ret_range)
{
	struct model_range range = {.has_min = ast->has_low, .has_max = ast->has_high};

	if (ast->kind != AST_CONSTRAINT_NUMBER && ast->kind != AST_CONSTRAINT_RANGE) {
		report_form(c, ast,
		        arena_printf(c->arena, "%s 1..20, %s ..20, %s 1.. or %s 20", row->name,
		                row->name, row->name, row->name));
		return false;
	}
	if (ast->kind == AST_CONSTRAINT_NUMBER) {
		range.has_min = range.has_max = true;
		if (!range_end(c, row, &ast->low, &range.min))
			return false;
		range.max = range.min;
	} else if ((range.has_min && !range_end(c, row, &ast->low, &range.min)) ||
	        (range.has_max && !range_end(c, row, &ast->high, &range.max))) {
		return false;
	}
	if (range.has_min && range.has_max && range.min > range.max) {
		diag_report(
		        c->diag, DIAG_EMPTY_RANGE, ast->place, "no number is within this range");
		return false;
	}
	*ret_range = range;
	return true;
}

static void set_range(struct check *c, struct model_type *type, const struct row *row,
        const struct ast_constraint *ast)
{
	struct model_range *field =
	        (struct model_range *)(void *)((char *)&type->constraints + row->offset);
	struct model_range range;

	if (!range_of(c, row, ast, &range))
		return;
	if ((field->has_min && range.has_min && range.min < field->min) ||
	        (field->has_max && range.has_max && range.max > field->max))
		report_wider(c, ast,
		        arena_printf(c->arena, "%s..%s",
		                field->has_min ? arena_printf(c->arena, "%llu",
		                                         (unsigned long long)field->min)
		                               : "",
		                field->has_max ? arena_printf(c->arena, "%llu",
		                                         (unsigned long long)field->max)
		                               : ""));
	if (range.has_min)
		field->has_min = true, field->min = range.min;
	if (range.has_max)
		field->has_max = true, field->max = range.max;
	if (field->has_min && field->has_max && field->min > field->max)
		diag_report(c->diag, DIAG_EMPTY_RANGE, ast->place,
		        "no number is within this range and that of the named type");
}

static void set_flag(struct check *c, struct model_type *type, const struct row *row,
        const struct ast_constraint *ast)
{
	if (ast->kind != AST_CONSTRAINT_FLAG)
		report_form(c, ast, row->name);
	*(bool *)((char *)&type->constraints + row->offset) = true;
}

static void set_format(struct check *c, struct model_type *type, const struct ast_constraint *ast)
{
	struct suggestion suggestion;
	int format;

	if (ast->kind != AST_CONSTRAINT_WORD) {
		report_form(c, ast, "format uri");
		return;
	}
	suggestion = suggestion_for(ast->word.text);
	for (format = MODEL_FORMAT_EMAIL; format <= MODEL_FORMAT_SLUG; format++) {
		const char *name = model_format_name((enum model_format)format);

		suggestion_offer(&suggestion, name);
		if (strcmp(name, ast->word.text) != 0)
			continue;
		if (type->constraints.format != MODEL_FORMAT_NONE &&
		        type->constraints.format != (enum model_format)format)
			report_wider(c, ast, model_format_name(type->constraints.format));
		type->constraints.format = (enum model_format)format;
		return;
	}
	diag_report(c->diag, DIAG_UNKNOWN_FORMAT, ast->word.place, "unknown format '%s'",
	        ast->word.text);
	diag_suggest(c->diag, &suggestion);
}

static void set_pattern(struct check *c, struct model_type *type, const struct ast_constraint *ast)
{
	struct model_constraints *k = &type->constraints;
	const struct model_pattern **patterns;
	const struct model_pattern *pattern;

	if (ast->kind != AST_CONSTRAINT_STRING) {
		report_form(c, ast, "pattern r\"^[a-z]+$\"");
		return;
	}
	pattern = check_pattern(c, &ast->string);
	if (pattern == NULL || !check_pattern_fits(c, k, pattern, ast->place))
		return;
	/* Each contract has tables of its own for its patterns: they are compared by their texts. */
	for (size_t i = 0; i < k->n_patterns; i++) {
		if (strcmp(k->patterns[i]->text, pattern->text) == 0)
			return;
	}
	patterns = arena_array(c->arena, k->n_patterns + 1, sizeof(*patterns));
	if (k->n_patterns != 0)
		memcpy(patterns, k->patterns, k->n_patterns * sizeof(*patterns));
	patterns[k->n_patterns++] = pattern;
	k->patterns = patterns;
}

static void set_form(struct check *c, struct model_type *type, const struct ast_constraint *ast)
{
	bool is_time = type->kind == MODEL_DATETIME;
	const char *word = ast->kind == AST_CONSTRAINT_AS ? ast->word.text : "";

	if (!is_time && strcmp(word, "string") == 0)
		type->wire_form = MODEL_WIRE_STRING;
	else if (!is_time && strcmp(word, "number") == 0)
		type->wire_form = MODEL_WIRE_NUMBER;
	else if (is_time && strcmp(word, "unix") == 0)
		type->wire_form = MODEL_WIRE_UNIX;
	else if (is_time && strcmp(word, "unix_ms") == 0)
		type->wire_form = MODEL_WIRE_UNIX_MS;
	else
		diag_report(c->diag, DIAG_WIRE_FORM, ast->place, "%s is written %s",
		        model_kind_name(type->kind),
		        is_time ? "as unix or as unix_ms" : "as string or as number");
}

static void set_constraint(struct check *c, struct model_type *type, const struct row *row,
        const struct ast_constraint *ast)
{
	switch (row->form) {
	case FORM_BOUND: set_bound(c, type, row, ast); break;
	case FORM_STEP: set_step(c, type, ast); break;
	case FORM_RANGE: set_range(c, type, row, ast); break;
	case FORM_FLAG: set_flag(c, type, row, ast); break;
	case FORM_FORMAT: set_format(c, type, ast); break;
	case FORM_PATTERN: set_pattern(c, type, ast); break;
	case FORM_AS: set_form(c, type, ast); break;
	case FORM_CHECK: check_hook_constraint(c, type, ast); break;
	}
}

/* ---------------------------------------------------------- contradictions */

/* The stricter of two bounds on one side, and whether it excludes its own value. */
struct edge {
	const struct model_number *number;
	bool exclusive;
};

static struct edge edge_of(
        const struct model_number *inclusive, const struct model_number *exclusive, int stricter)
{
	int order;

	if (inclusive == NULL || exclusive == NULL)
		return (struct edge){exclusive != NULL ? exclusive : inclusive, exclusive != NULL};
	order = number_compare(inclusive, exclusive) * stricter;
	return order > 0 ? (struct edge){inclusive, false} : (struct edge){exclusive, true};
}

/* Integers: (4, 5) is as empty as [5, 4]. */
static bool no_integer_between(struct edge low, struct edge high)
{
	uint64_t distance = (uint64_t)high.number->as_int64 - (uint64_t)low.number->as_int64;

	if (!high.number->is_negative && !low.number->is_negative)
		distance = high.number->as_uint64 - low.number->as_uint64;
	return distance < (uint64_t)low.exclusive + high.exclusive;
}

static void check_contradiction(struct check *c, const struct model_type *type, struct place place)
{
	const struct model_constraints *k = &type->constraints;
	struct edge low = edge_of(k->min, k->above, 1), high = edge_of(k->max, k->below, -1);
	int order;

	if (low.number == NULL || high.number == NULL)
		return;
	order = number_compare(low.number, high.number);
	if (order > 0 || (order == 0 && (low.exclusive || high.exclusive)) ||
	        (model_kind_is_int(type->kind) && no_integer_between(low, high)))
		diag_report(c->diag, DIAG_CONTRADICTION, place, "no number is %s %s and %s %s",
		        low.exclusive ? "above" : "at least", low.number->text,
		        high.exclusive ? "below" : "at most", high.number->text);
}

/* Several patterns must all match; the same one twice is a slip. */
static const struct ast_constraint *same_pattern(
        struct ast_constraint *const *constraints, size_t i)
{
	const struct ast_constraint *this = constraints[i], *other;
	size_t k;

	for (k = 0; k < i; k++) {
		other = constraints[k];
		if (strcmp(other->name.text, this->name.text) == 0 &&
		        other->kind == AST_CONSTRAINT_STRING && this->kind == other->kind &&
		        strcmp(other->string.bytes, this->string.bytes) == 0)
			return other;
	}
	return NULL;
}

void check_constraints(struct check *c, struct model_type *type,
        struct ast_constraint *const *constraints, size_t n)
{
	const struct ast_constraint *seen[N_ROWS] = {NULL};
	struct place place;
	size_t i;

	if (n != 0 && !check_parts(c, n, constraints[0]->place, "constraints"))
		return;
	for (i = 0; i < n; i++) {
		const struct row *row = find_row(c, type, constraints[i]);

		if (row == NULL)
			continue;
		if (row->form == FORM_PATTERN)
			seen[row - rows] = same_pattern(constraints, i);
		if (row->form == FORM_CHECK) /* compares by itself */
			seen[row - rows] = NULL;
		if (seen[row - rows] != NULL) {
			diag_report(c->diag, DIAG_CONSTRAINT_TWICE, constraints[i]->place,
			        "'%s' is said twice", row->name);
			diag_note(c->diag, seen[row - rows]->place, "first said here");
			continue;
		}
		seen[row - rows] = constraints[i];
		set_constraint(c, type, row, constraints[i]);
	}
	if (n == 0)
		return;
	place = place_join(constraints[0]->place, constraints[n - 1]->place);
	check_contradiction(c, type, place);
	if (type->constraints.lower && type->constraints.upper)
		diag_report(c->diag, DIAG_CONTRADICTION, place,
		        "no text is changed to lower and to upper case");
}
