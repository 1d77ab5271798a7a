/* SPDX-License-Identifier: MIT */
/*
 * check_group_clash.c - that no two groups, imported ones included, can be given the same name.
 *
 * The run time writes a parameter's value with letters, digits and '%' only. So any other
 * character of a name is the template's: these cut name and template into fields. Two templates
 * have a name in common just where they are cut alike and each pair of fields has a text in
 * common. Within a field a template has one parameter at most (template-ambiguous). Knows nothing
 * of what is sent to groups.
 */
#include "checks.h"

#include <string.h>

/* What the run time's msgc_group_name_str() leaves as it is, and what it encodes with. */
#define VALUE_CHARACTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%"

/* Text, or text around a parameter. */
struct field {
	const char *before;
	size_t n_before;
	const struct model_param *param; /* NULL: none, and nothing stands after it */
	const char *after;
	size_t n_after;
};

struct pattern {
	const struct model_group *group;
	size_t import; /* the first that leads to it; SIZE_MAX: a group of this contract */
	struct field *fields;
	char *cuts; /* one less than there are fields */
	size_t n_fields;
};

size_t check_value_span(const char *text)
{
	return strspn(text, VALUE_CHARACTERS);
}

/* ------------------------------------------------------------------- fields */

static bool is_written_as_int(const struct model_type *type)
{
	return model_kind_is_int(type->kind) || (type->kind == MODEL_ENUM && type->is_int_enum);
}

/* Integers have digits, and "%2D" where they may be negative. Of others all is believed. */
static bool may_hold(const struct model_param *param, char byte)
{
	const struct model_type *type = param->member.use.type;
	int64_t min = INT32_MIN;
	uint64_t max;

	if (!is_written_as_int(type) || (byte >= '0' && byte <= '9'))
		return byte != '\0' && strchr(VALUE_CHARACTERS, byte) != NULL;
	model_int_bounds(type->kind, &min, &max);
	return min < 0 && (byte == '%' || byte == 'D');
}

/* Only texts can be empty; constraints do not bind the program, which may name any group. */
static size_t shortest(const struct model_param *param)
{
	const struct model_type *type = param->member.use.type;

	if (type->kind == MODEL_STRING || (type->kind == MODEL_ENUM && !type->is_int_enum))
		return 0;
	return 1;
}

static bool can_be(const struct field *field, const char *text, size_t n)
{
	size_t i;

	if (field->param == NULL)
		return n == field->n_before && memcmp(text, field->before, n) == 0;
	if (n < field->n_before + shortest(field->param) + field->n_after ||
	        memcmp(text, field->before, field->n_before) != 0 ||
	        memcmp(text + n - field->n_after, field->after, field->n_after) != 0)
		return false;
	for (i = field->n_before; i < n - field->n_after; i++) {
		if (!may_hold(field->param, text[i]))
			return false;
	}
	return true;
}

/*
 * Whether field, with a value that begins (at_end: ends) a run of n bytes, is a text of the other.
 */
static bool any_value_meets(const struct field *field, const char *run, size_t n, bool at_end,
        const struct field *other)
{
	char text[3 * CHECK_MAX_TEMPLATE];
	size_t length;

	for (length = shortest(field->param); length <= n; length++) {
		memcpy(text, field->before, field->n_before);
		memcpy(text + field->n_before, at_end ? run + n - length : run, length);
		memcpy(text + field->n_before + length, field->after, field->n_after);
		if (can_be(other, text, field->n_before + length + field->n_after))
			return true;
	}
	return false;
}

/*
 * Both have a parameter, and what is before and after it agrees as far as the shorter goes. Where
 * the shorter one's value can hold what the longer has more of, at both ends, digits in between
 * make a name of both. Where it cannot, its value ends before what it cannot hold.
 */
static bool parameters_meet(const struct field *a, const struct field *b)
{
	const struct field *front = a->n_before <= b->n_before ? a : b;
	const struct field *back = a->n_after <= b->n_after ? a : b;
	const struct field *front_other = front == a ? b : a, *back_other = back == a ? b : a;
	size_t n = front_other->n_before - front->n_before, fit = 0;
	const char *more = front_other->before + front->n_before;

	while (fit < n && may_hold(front->param, more[fit]))
		fit++;
	if (fit < n)
		return any_value_meets(front, more, fit, false, front_other);
	n = back_other->n_after - back->n_after;
	fit = 0;
	while (fit < n && may_hold(back->param, back_other->after[n - fit - 1]))
		fit++;
	return fit == n ||
	        any_value_meets(back, back_other->after + n - fit, fit, true, back_other);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool fields_meet(const struct field *a, const struct field *b)
{
	size_t front = least(a->n_before, b->n_before), back = least(a->n_after, b->n_after);

	if (a->param == NULL)
		return can_be(b, a->before, a->n_before);
	if (b->param == NULL)
		return can_be(a, b->before, b->n_before);
	return memcmp(a->before, b->before, front) == 0 &&
	        memcmp(a->after + a->n_after - back, b->after + b->n_after - back, back) == 0 &&
	        parameters_meet(a, b);
}

/* ----------------------------------------------------------------- patterns */

static bool patterns_meet(const struct pattern *a, const struct pattern *b)
{
	size_t i;

	if (a->n_fields != b->n_fields || memcmp(a->cuts, b->cuts, a->n_fields - 1) != 0)
		return false;
	for (i = 0; i < a->n_fields; i++) {
		if (!fields_meet(&a->fields[i], &b->fields[i]))
			return false;
	}
	return true;
}

/* The template as the contract may say it; a group without one has one all the same. */
static const char *template_of(struct arena *arena, const struct model_group *group)
{
	const char *text = "";
	size_t i;

	for (i = 0; i < group->n_parts; i++)
		text = group->parts[i].literal != NULL
		        ? arena_printf(arena, "%s%s", text, group->parts[i].literal)
		        : arena_printf(arena, "%s{%s}", text, group->parts[i].param->member.name);
	return text;
}

static void add_literal(struct pattern *pattern, const char *text)
{
	for (;;) {
		struct field *field = &pattern->fields[pattern->n_fields - 1];
		size_t length = check_value_span(text);

		if (field->param != NULL) {
			field->after = text;
			field->n_after = length;
		} else {
			field->before = text;
			field->n_before = length;
		}
		if (text[length] == '\0')
			return;
		pattern->cuts[pattern->n_fields - 1] = text[length];
		pattern->fields[pattern->n_fields++] = (struct field){.before = "", .after = ""};
		text += length + 1;
	}
}

static void add_group(
        struct check *c, struct vec *patterns, const struct model_group *group, size_t import)
{
	struct pattern *pattern;
	size_t most = 1, i;

	if (group->n_parts == 0) /* refused already, as is a parameter without type */
		return;
	for (i = 0; i < group->n_parts; i++) {
		if (group->parts[i].literal != NULL)
			most += strlen(group->parts[i].literal);
		else if (group->parts[i].param->member.use.type == NULL)
			return;
	}
	pattern = arena_alloc(c->arena, sizeof(*pattern));
	*pattern = (struct pattern){.group = group, .import = import, .n_fields = 1};
	pattern->fields = arena_array(c->arena, most, sizeof(*pattern->fields));
	pattern->fields[0] = (struct field){.before = "", .after = ""};
	pattern->cuts = arena_array(c->arena, most, sizeof(*pattern->cuts));
	for (i = 0; i < group->n_parts; i++) {
		if (group->parts[i].param != NULL)
			pattern->fields[pattern->n_fields - 1].param = group->parts[i].param;
		else
			add_literal(pattern, group->parts[i].literal);
	}
	vec_push(patterns, pattern);
}

/* ------------------------------------------------------------------ imports */

static bool has(const struct vec *vec, const struct model_contract *contract)
{
	size_t i;

	for (i = 0; i < vec->n; i++) {
		if (vec->items[i] == contract)
			return true;
	}
	return false;
}

/* Every contract that an import leads to; the vec is its own worklist. */
static void reach(struct vec *reached, struct model_contract *first)
{
	size_t i, j;

	vec_push(reached, first);
	for (i = 0; i < reached->n; i++) {
		const struct model_contract *contract = reached->items[i];

		for (j = 0; j < contract->n_imports; j++) {
			if (!has(reached, contract->imports[j]))
				vec_push(reached, (void *)(uintptr_t)contract->imports[j]);
		}
	}
}

static void add_imported(struct check *c, struct vec *patterns, const struct vec *reached)
{
	struct vec seen = {0};
	size_t i, j, k;

	for (i = 0; i < c->unit->n_imports; i++) {
		for (j = 0; j < reached[i].n; j++) {
			struct model_contract *contract = reached[i].items[j];

			if (has(&seen, contract))
				continue;
			vec_push(&seen, contract);
			for (k = 0; k < contract->n_groups; k++)
				add_group(c, patterns, contract->groups[k], i);
		}
	}
	vec_clear(&seen);
}

/* Both imported by one and the same import, where they have been compared. */
static bool is_said_there(const struct check *c, const struct vec *reached, const struct pattern *a,
        const struct pattern *b)
{
	size_t i;

	if (a->import == SIZE_MAX || b->import == SIZE_MAX)
		return false;
	for (i = 0; i < c->unit->n_imports; i++) {
		if (has(&reached[i], a->group->contract) && has(&reached[i], b->group->contract))
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------ the check */

static const char *spelled(struct check *c, const struct pattern *pattern)
{
	if (pattern->import == SIZE_MAX)
		return pattern->group->name;
	return arena_printf(
	        c->arena, "%s.%s", pattern->group->contract->name, pattern->group->name);
}

/* later is a group of this contract, or both are imported. */
static void report(struct check *c, const struct pattern *later, const struct pattern *other)
{
	const char *name = template_of(c->arena, later->group);
	const char *other_name = template_of(c->arena, other->group);
	bool is_own = later->import == SIZE_MAX;
	struct place place = is_own ? later->group->place : c->unit->imports[later->import].place;

	if (strcmp(name, other_name) == 0)
		diag_report(c->diag, DIAG_SAME_GROUP_NAME, place,
		        "groups '%s' and '%s' have the same name: \"%s\"", spelled(c, later),
		        spelled(c, other), name);
	else
		diag_report(c->diag, DIAG_SAME_GROUP_NAME, place,
		        "groups '%s' and '%s' can have the same name: \"%s\" and \"%s\"",
		        spelled(c, later), spelled(c, other), name, other_name);
	diag_hint(c->diag, "begin one of the names with another word");
	if (!is_own)
		diag_note(c->diag, later->group->place, "the one");
	diag_note(c->diag, other->group->place, "the other one");
}

static void compare(struct check *c, const struct vec *patterns, const struct vec *reached)
{
	size_t i, j;

	for (i = 0; i < patterns->n && !diag_full(c->diag); i++) {
		const struct pattern *later = patterns->items[i];

		for (j = 0; j < i; j++) {
			const struct pattern *other = patterns->items[j];

			if (!patterns_meet(later, other) || is_said_there(c, reached, later, other))
				continue;
			if (other->import == SIZE_MAX && later->import != SIZE_MAX)
				report(c, other, later);
			else
				report(c, later, other);
			break;
		}
	}
}

bool check_same_group_names(struct check *c)
{
	struct vec *reached = arena_array(c->arena, c->unit->n_imports, sizeof(*reached));
	struct vec patterns = {0};
	bool fine;
	size_t i;

	for (i = 0; i < c->unit->n_imports; i++)
		reach(&reached[i], c->unit->imports[i].unit->contract);
	for (i = 0; i < c->groups.n; i++)
		add_group(c, &patterns, c->groups.items[i], SIZE_MAX);
	add_imported(c, &patterns, reached);
	fine = check_parts(
	        c, patterns.n, c->contract->place, "groups, those of imported contracts included");
	if (fine)
		compare(c, &patterns, reached);
	vec_clear(&patterns);
	for (i = 0; i < c->unit->n_imports; i++)
		vec_clear(&reached[i]);
	return fine;
}
