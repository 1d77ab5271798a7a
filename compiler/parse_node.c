/* SPDX-License-Identifier: MIT */
/*
 * parse_node.c - making nodes of the syntax tree, and values of tokens.
 *
 * Bounds how deep nodes nest, so that everybody may walk them recursively. Knows nothing of the
 * grammar's rules.
 */
#include "parse.h"

#include <string.h>

/* ------------------------------------------------------------------ tokens */

struct ast_name parse_name(struct parse *parse, struct place place, const char *text, size_t length)
{
	if (length > PARSE_MAX_NAME) {
		diag_report(parse->diag, DIAG_LONG_NAME, place,
		        "this name is longer than %d characters", PARSE_MAX_NAME);
		length = PARSE_MAX_NAME;
	}
	return (struct ast_name){arena_copy(parse->arena, text, length), place};
}

struct ast_name parse_foreign_name(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	char *ascii = arena_copy(parse->arena, text, length);
	size_t i;

	diag_report(parse->diag, DIAG_STRAY_CHARACTER, place,
	        "a name holds ASCII letters, digits and '_' only");
	diag_hint(parse->diag, "other letters may stand in strings and comments");
	for (i = 0; i < length; i++) {
		if ((unsigned char)ascii[i] >= 0x80)
			ascii[i] = '_';
	}
	return parse_name(parse, place, ascii, length);
}

struct ast_number parse_number(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	struct ast_number number = {.place = place};
	size_t digits = strspn(text, "0123456789");
	size_t end = digits;

	if (text[end] == '.')
		end += 1 + strspn(text + end + 1, "0123456789");
	if ((text[end] == 'e' || text[end] == 'E') &&
	        strspn(text + end + 1, "+-0123456789") == length - end - 1 && end + 1 < length)
		end = length;
	number.is_float = end > digits;
	number.text = arena_copy(parse->arena, text, end);
	number.unit = arena_copy(parse->arena, text + end, length - end);
	if (digits > 1 && text[0] == '0')
		diag_report(parse->diag, DIAG_LEADING_ZERO, place, "numbers do not begin with 0");
	return number;
}

struct ast_number parse_negative(
        struct parse *parse, const struct ast_number *number, struct place place)
{
	struct ast_number negative = *number;

	negative.text = arena_printf(parse->arena, "-%s", number->text);
	negative.place = place;
	return negative;
}

struct ast_string parse_raw_string(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	return (struct ast_string){arena_copy(parse->arena, text, length), length, place};
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *text, size_t rest)
{
	int32_t value = 0;
	int i;

	if (rest < 4)
		return -1;
	for (i = 0; i < 4; i++) {
		int digit = hex_value(text[i]);

		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

static size_t put_utf8(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

/* \uXXXX, or a pair of them: bytes read behind the backslash, 0 if it is none. */
static size_t unescape_unicode(const char *text, size_t rest, char *out, size_t *written)
{
	int32_t high = hex4(text + 1, rest - 1), low;

	if (high < 0 || (high >= 0xDC00 && high <= 0xDFFF))
		return 0;
	if (high < 0xD800 || high > 0xDBFF) {
		*written += put_utf8(out + *written, (uint32_t)high);
		return 5;
	}
	if (rest < 11 || text[5] != '\\' || text[6] != 'u')
		return 0;
	low = hex4(text + 7, rest - 7);
	if (low < 0xDC00 || low > 0xDFFF)
		return 0;
	*written += put_utf8(out + *written,
	        0x10000 + ((uint32_t)(high - 0xD800) << 10) + (uint32_t)(low - 0xDC00));
	return 11;
}

/* One escape; text stands behind the backslash. Bytes read, 0 if it is no escape of JSON's. */
static size_t unescape(const char *text, size_t rest, char *out, size_t *written)
{
	static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	const char *letter;

	if (text[0] == 'u')
		return unescape_unicode(text, rest, out, written);
	letter = memchr(letters, text[0], sizeof(letters) - 1);
	if (letter == NULL)
		return 0;
	out[(*written)++] = values[letter - letters];
	return 1;
}

struct ast_string parse_string(
        struct parse *parse, struct place place, const char *text, size_t length)
{
	/* An escape is never shorter than what it stands for. */
	char *out = arena_alloc(parse->arena, length + 1);
	size_t written = 0, i = 0;

	while (i < length) {
		size_t used;

		if (text[i] != '\\') {
			out[written++] = text[i++];
			continue;
		}
		used = unescape(text + i + 1, length - i - 1, out, &written);
		if (used == 0) {
			uint32_t at = place.start + 1 + (uint32_t)i;

			diag_report(parse->diag, DIAG_BAD_ESCAPE,
			        (struct place){place.source, at, at + 2},
			        "this is no escape of a JSON string");
			diag_hint(parse->diag, "a raw string has none: r\"...\"");
			used = 1;
		}
		i += 1 + used;
	}
	out[written] = '\0';
	return (struct ast_string){out, written, place};
}

/* ------------------------------------------------------------------- nodes */

struct ast_qname *node_qname(
        struct parse *parse, struct ast_name scope, struct ast_name name, struct place place)
{
	struct ast_qname *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_qname){scope, name, place};
	return node;
}

struct ast_name *node_name(struct parse *parse, struct ast_name name)
{
	struct ast_name *node = arena_alloc(parse->arena, sizeof(*node));

	*node = name;
	return node;
}

struct ast_value *node_value(struct parse *parse, enum ast_value_kind kind, struct place place)
{
	struct ast_value *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_value){.kind = kind, .depth = 1, .place = place};
	return node;
}

struct ast_value *node_value_list(
        struct parse *parse, enum ast_value_kind kind, struct place place, struct vec *items)
{
	struct ast_value *node = node_value(parse, kind, place);
	size_t i;

	node->items = vec_freeze(items, parse->arena, &node->n_items);
	for (i = 0; i < node->n_items; i++) {
		if (node->items[i]->value->depth >= node->depth)
			node->depth = node->items[i]->value->depth + 1;
	}
	if (node->depth > AST_MAX_DEPTH) {
		parse_too_deep(parse, place);
		return node_value(parse, AST_VALUE_BROKEN, place);
	}
	return node;
}

struct ast_item *node_item(struct parse *parse, struct ast_string key, struct ast_value *value)
{
	struct ast_item *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_item){key, value};
	return node;
}

struct ast_type *node_type(struct parse *parse, enum ast_type_kind kind, struct place place)
{
	struct ast_type *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_type){.kind = kind, .depth = 1, .place = place};
	return node;
}

/* The node one level above a part of the given depth, or a broken one in its place. */
static struct ast_type *node_above(struct parse *parse, struct ast_type *node, unsigned depth)
{
	if (depth < node->depth)
		return node;
	node->depth = depth + 1;
	if (node->depth <= AST_MAX_DEPTH)
		return node;
	parse_too_deep(parse, node->place);
	return node_type(parse, AST_TYPE_BROKEN, node->place);
}

struct ast_type *node_type_name(
        struct parse *parse, struct ast_qname *name, struct vec *constraints, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_NAME, place);

	node->name = *name;
	node->constraints = vec_freeze(constraints, parse->arena, &node->n_constraints);
	return node;
}

struct ast_type *node_type_of(struct parse *parse, enum ast_type_kind kind,
        struct ast_type *element, struct vec *constraints, struct place place)
{
	struct ast_type *node = node_type(parse, kind, place);

	node->element = element;
	node->constraints = vec_freeze(constraints, parse->arena, &node->n_constraints);
	return node_above(parse, node, element->depth);
}

struct ast_type *node_type_choice(
        struct parse *parse, struct ast_type *left, struct ast_type *right, struct place place)
{
	struct ast_type *node = left;

	if (left->kind != AST_TYPE_CHOICE) {
		node = node_type(parse, AST_TYPE_CHOICE, place);
		node->choices = arena_array(parse->arena, 2, sizeof(left));
		node->choices[node->n_choices++] = left;
		node = node_above(parse, node, left->depth);
		if (node->kind != AST_TYPE_CHOICE)
			return node;
	} else if ((node->n_choices & (node->n_choices - 1)) == 0) {
		/* Room for twice as many whenever the number is a power of two. */
		struct ast_type **more =
		        arena_array(parse->arena, node->n_choices * 2, sizeof(left));

		memcpy(more, node->choices, node->n_choices * sizeof(left));
		node->choices = more;
	}
	node->choices[node->n_choices++] = right;
	node->place = place;
	return node_above(parse, node, right->depth);
}

static unsigned deepest(struct ast_member *const *members, size_t n)
{
	unsigned depth = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (members[i]->type != NULL && members[i]->type->depth > depth)
			depth = members[i]->type->depth;
	}
	return depth;
}

/* Members and what is taken over from other types stay in order; the rest goes into a list of its own. */
struct ast_type *node_record(struct parse *parse, struct vec *members, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_RECORD, place);
	size_t n, i;
	struct ast_member **all = vec_freeze(members, parse->arena, &n);
	unsigned depth = deepest(all, n);

	node->members = arena_array(parse->arena, n, sizeof(*all));
	node->statements = arena_array(parse->arena, n, sizeof(*all));
	for (i = 0; i < n; i++) {
		if (all[i]->kind == AST_MEMBER || all[i]->kind == AST_MEMBER_SPREAD)
			node->members[node->n_members++] = all[i];
		else
			node->statements[node->n_statements++] = all[i];
	}
	return node_above(parse, node, depth);
}

struct ast_type *node_tuple(struct parse *parse, struct vec *elements, struct place place)
{
	struct ast_type *node = node_type(parse, AST_TYPE_TUPLE, place);

	node->members = vec_freeze(elements, parse->arena, &node->n_members);
	return node_above(parse, node, deepest(node->members, node->n_members));
}

struct ast_member *node_member(
        struct parse *parse, enum ast_member_kind kind, struct ast_name name, struct place place)
{
	struct ast_member *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_member){.kind = kind, .name = name, .place = place};
	return node;
}

struct vec *node_params(struct parse *parse, struct vec *members)
{
	size_t kept = 0, i;

	for (i = 0; i < members->n; i++) {
		struct ast_member *member = members->items[i];

		if (member->kind == AST_MEMBER)
			members->items[kept++] = member;
		else
			diag_report(parse->diag, DIAG_PARAM_STATEMENT, member->place,
			        "only parameters stand in these parentheses");
	}
	members->n = kept;
	return members;
}

static unsigned depth_above(unsigned left, unsigned right)
{
	return (left > right ? left : right) + 1;
}

struct ast_expr *node_expr(struct parse *parse, enum ast_expr_kind kind, struct ast_expr *left,
        struct ast_expr *right, struct place place)
{
	struct ast_expr *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_expr){.kind = kind, .left = left, .right = right, .place = place};
	node->depth = depth_above(left != NULL ? left->depth : 0, right != NULL ? right->depth : 0);
	if (node->depth > AST_MAX_DEPTH) {
		parse_too_deep(parse, place);
		*node = (struct ast_expr){.kind = AST_EXPR_BROKEN, .depth = 1, .place = place};
	}
	return node;
}

struct ast_string *node_string(struct parse *parse, struct ast_string string)
{
	struct ast_string *node = arena_alloc(parse->arena, sizeof(*node));

	*node = string;
	return node;
}

struct ast_constraint *node_constraint(struct parse *parse, enum ast_constraint_kind kind,
        struct ast_name name, struct place place)
{
	struct ast_constraint *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_constraint){.kind = kind, .name = name, .place = place};
	return node;
}

struct ast_constraint *node_range(struct parse *parse, struct ast_name name,
        const struct ast_number *low, const struct ast_number *high, struct place place)
{
	struct ast_constraint *node = node_constraint(parse, AST_CONSTRAINT_RANGE, name, place);

	if (low != NULL) {
		node->has_low = true;
		node->low = *low;
	}
	if (high != NULL) {
		node->has_high = true;
		node->high = *high;
	}
	return node;
}

struct ast_permit *node_permit(struct parse *parse, enum ast_permit_kind kind,
        struct ast_permit *left, struct ast_permit *right, struct place place)
{
	struct ast_permit *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_permit){.kind = kind, .left = left, .right = right, .place = place};
	node->depth = depth_above(left != NULL ? left->depth : 0, right != NULL ? right->depth : 0);
	if (node->depth > AST_MAX_DEPTH) {
		parse_too_deep(parse, place);
		*node = (struct ast_permit){.kind = AST_PERMIT_BROKEN, .depth = 1, .place = place};
	}
	return node;
}

struct ast_decl *node_decl(
        struct parse *parse, enum ast_decl_kind kind, struct ast_name name, struct place place)
{
	struct ast_decl *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_decl){.kind = kind, .name = name, .place = place};
	return node;
}

struct ast_decl *node_message(struct parse *parse, enum ast_decl_kind kind, struct ast_name name,
        struct vec *tags, struct ast_type *members)
{
	struct ast_decl *node = node_decl(parse, kind, name, name.place);

	node->tags = vec_freeze(tags, parse->arena, &node->n_tags);
	node->type = members;
	return node;
}

/* Values, and apart from them the first `...`, and the second. */
void node_enum_values(struct parse *parse, struct ast_decl *decl, struct vec *values)
{
	size_t n, i;
	struct ast_enum_value **all = vec_freeze(values, parse->arena, &n);

	decl->values = all;
	for (i = 0; i < n; i++) {
		if (!all[i]->is_ellipsis) {
			decl->values[decl->n_values++] = all[i];
		} else if (decl->ellipsis == NULL) {
			decl->ellipsis = all[i];
			decl->before_ellipsis = decl->n_values;
		} else if (decl->second_ellipsis == NULL) {
			decl->second_ellipsis = all[i];
		}
	}
}

struct ast_clause *node_clause(struct parse *parse, enum ast_clause_kind kind, struct place place)
{
	struct ast_clause *node = arena_alloc(parse->arena, sizeof(*node));

	*node = (struct ast_clause){.kind = kind, .place = place};
	return node;
}
