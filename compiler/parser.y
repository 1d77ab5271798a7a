/* SPDX-License-Identifier: MIT */
/*
 * parser.y - the grammar of contracts.
 *
 * Pure, with locations; no conflicts. Lists are collected in vectors on the heap and frozen into
 * the arena when their node is made; %destructor frees those that an error leaves behind, all else
 * lives in the arena. Clauses and types that the language has and this compiler does not know yet
 * are read as balanced words and refused by name. Looks no name up.
 */
%require "3.8"
%define api.pure full
%define api.prefix {msgc_parse_}
%define api.token.prefix {T_}
%define api.location.type {struct place}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%parse-param {struct parse *parse}
%lex-param {struct parse *parse}

%code requires {
#include "parse.h"
}

%code {
#include <string.h>

#include "scan.h"

/* Deeper than anything that is within AST_MAX_DEPTH. */
#define YYMAXDEPTH 2000

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
	((current) = (n) != 0 ? place_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n))                     \
			      : (struct place){YYRHSLOC(rhs, 0).source, YYRHSLOC(rhs, 0).end,      \
					YYRHSLOC(rhs, 0).end})

static int msgc_parse_lex(MSGC_PARSE_STYPE *value, struct place *place, struct parse *parse)
{
	return msgc_scan_lex(value, place, parse->scanner);
}

static void msgc_parse_error(const struct place *place, struct parse *parse, const char *message)
{
	(void)message; /* "memory exhausted": the parser's stack is full */
	parse_too_deep(parse, *place);
}
}

%union {
	struct ast_name name;
	struct ast_string string;
	struct ast_number number;
	bool flag;
	struct vec *vec;
	struct ast_qname *qname;
	struct ast_value *value;
	struct ast_item *item;
	struct ast_constraint *constraint;
	struct ast_type *type;
	struct ast_member *member;
	struct ast_enum_value *enum_value;
	struct ast_arm *arm;
	struct ast_expr *expr;
	struct ast_permit *permit;
	struct ast_clause *clause;
	struct ast_decl *decl;
	struct ast_envelope_item *envelope_item;
	enum ast_openness openness;
}

%destructor { vec_free($$); } <vec>

%token END 0 "the end of the file"
%token <name> NAME "a name"
%token <string> STRING "a string"
%token <number> INT "a whole number"
%token <number> FLOAT "a number with a fraction"
%token <number> QUANTITY "a number with a unit"
%token ARROW "->" RANGE ".." ELLIPSIS "..." EQUAL "==" UNEQUAL "!=" LESS_EQUAL "<="
%token AND "and" AS "as" NOT "not" OR "or" NULL "null" TRUE "true" FALSE "false"

%token <name>
	AT "at" AUTH "auth" BROADCAST "broadcast" BURST "burst" BY "by" CHECK "check"
	CLOSED "closed" COMPLETION "completion" CONSUMER "consumer" CONTRACT "contract"
	DEPRECATED "deprecated" DURABLE "durable" ELSE "else" ENUM "enum" ENVELOPE "envelope" ERRORS "error" EVENT "event" FOR "for"
	GREET "greet" GROUP "group" HISTORY "history" IMPORT "import" JOIN "join" KEEP "keep" LIMIT "limit"
	MAP "map" MESSAGE "message"
	MIXIN "mixin" OBJECT "object" OPEN "open" OPTION "option" PER "per" PERMIT "permit"
	PRESENCE "presence" RECEIVE "receive" REQUIRE "require" SEND "send"
	SUBPROTOCOL "subprotocol" TOPIC "topic" TOPICS "topics" TYPE "type" UNION "union" USE "use"

%type <name> name word enum_base
%type <string> wire template deprecated beside key require_message route
%type <number> number bound version
%type <flag> optional
%type <openness> openness
%type <qname> qname envelope_type
%type <value> value default literal literal_operand arm_tag
%type <item> item
%type <constraint> constraint
%type <type> type postfix_type primary_type message_body
%type <member> member element
%type <enum_value> enum_value
%type <arm> arm
%type <expr> expression
%type <permit> permit
%type <envelope_item> envelope_item
%type <clause> group_clause group_clause_known consumer_clause consumer_clause_known topic_clause
%type <clause> limit subprotocols keep
%type <decl> declaration message
%type <vec> options_values values items item_list constraints constraint_list members member_list
%type <vec> enum_values enum_value_list params qnames replies names arguments path strings
%type <vec> elements element_list arms arm_list message_tags message_tag_list envelope_items
%type <vec> group_clauses group_clause_list group_body consumer_clauses consumer_clause_list
%type <vec> topic_clauses topic_clause_list

%left OR
%left AND
%precedence NOT
%nonassoc EQUAL UNEQUAL '<' LESS_EQUAL '>'
%left '+' '-'
%left '*' '/' '%'
%precedence NEGATION

%%

file:
	statements
;

statements:
	%empty
|	statements statement
;

statement:
	';'
|	CONTRACT name version ';' {
		struct ast_header *header = arena_alloc(parse->arena, sizeof(*header));

		*header = (struct ast_header){$name, $version, parse_take_doc(parse, @CONTRACT), @name};
		vec_push(&parse->headers, header);
	}
|	IMPORT STRING ';' {
		struct ast_import *import = arena_alloc(parse->arena, sizeof(*import));

		*import = (struct ast_import){$STRING, @$};
		vec_push(&parse->imports, import);
	}
|	OPTION name '=' options_values ';' {
		struct ast_option *option = arena_alloc(parse->arena, sizeof(*option));

		*option = (struct ast_option){.name = $name, .place = @$};
		option->values = vec_freeze($options_values, parse->arena, &option->n_values);
		vec_push(&parse->options, option);
	}
|	declaration {
		$1->doc = parse_take_doc(parse, @1);
		vec_push(&parse->decls, $1);
	}
|	openness declaration {
		$2->doc = parse_take_doc(parse, @1);
		$2->openness = $openness;
		$2->openness_place = @openness;
		vec_push(&parse->decls, $2);
	}
|	AUTH message {
		$2->doc = parse_take_doc(parse, @1);
		$2->authenticates = true;
		$2->auth_place = @AUTH;
		vec_push(&parse->decls, $2);
	}
|	ENVELOPE '{' envelope_items '}' {
		struct ast_envelope *envelope = arena_alloc(parse->arena, sizeof(*envelope));

		envelope->place = @ENVELOPE;
		envelope->items = vec_freeze($envelope_items, parse->arena, &envelope->n_items);
		vec_push(&parse->envelopes, envelope);
	}
|	subprotocols ';' {
		vec_push(&parse->subprotocols, $1);
	}
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_DECLARATION, "declaration", $1,
			parse_declaration_words);
	} skipped_statement {
		parse_take_doc(parse, @1);
	}
|	error ';' {
		yyerrok;
	}
|	error '}' {
		yyerrok;
	}
;

openness:
	CLOSED {
		$$ = AST_OPENNESS_CLOSED;
	}
|	OPEN {
		$$ = AST_OPENNESS_OPEN;
	}
;

subprotocols:
	SUBPROTOCOL strings {
		$$ = node_clause(parse, AST_CLAUSE_SUBPROTOCOL, @$);
		$$->strings = vec_freeze($strings, parse->arena, &$$->n_strings);
	}
;

strings:
	STRING {
		$$ = vec_push(vec_new(), node_string(parse, $1));
	}
|	strings ',' STRING {
		$$ = vec_push($1, node_string(parse, $3));
	}
;

envelope_items:
	%empty {
		$$ = vec_new();
	}
|	envelope_items ';' {
		$$ = $1;
	}
|	envelope_items envelope_item ';' {
		$$ = vec_push($1, $2);
	}
|	envelope_items error ';' {
		$$ = $1;
	}
;

envelope_item:
	name wire envelope_type {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_envelope_item){
			.name = $name, .wire = $wire, .type = $envelope_type, .place = @$};
	}
|	name[what] name[word] {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_envelope_item){.name = $what, .word = $word, .place = @$};
	}
|	name AS INT envelope_type {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_envelope_item){.name = $name,
			.position = $INT,
			.has_position = true,
			.type = $envelope_type,
			.place = @$};
	}
;

envelope_type:
	%empty {
		$$ = NULL;
	}
|	':' qname {
		$$ = $qname;
	}
;

version:
	INT
;

options_values:
	value {
		$$ = vec_push(vec_new(), $1);
	}
|	options_values ',' value {
		$$ = vec_push($1, $3);
	}
;

/* ------------------------------------------------------------ declarations */

declaration:
	ENUM name enum_base '{' enum_values '}' {
		$$ = node_decl(parse, AST_DECL_ENUM, $name, @name);
		$$->base = $enum_base;
		node_enum_values(parse, $$, $enum_values);
	}
|	TYPE name '=' type ';' {
		$$ = node_decl(parse, AST_DECL_TYPE, $name, @name);
		$$->type = $type;
	}
|	TYPE name '{' members '}' {
		$$ = node_decl(parse, AST_DECL_RECORD, $name, @name);
		$$->type = node_record(parse, $members, @$);
	}
|	UNION name BY key '{' arms '}' {
		$$ = node_decl(parse, AST_DECL_UNION, $name, @name);
		$$->key = $key;
		$$->arms = vec_freeze($arms, parse->arena, &$$->n_arms);
	}
|	message
|	GROUP name params template group_body {
		$$ = node_decl(parse, AST_DECL_GROUP, $name, @name);
		$$->text = $template;
		$$->params = vec_freeze($params, parse->arena, &$$->n_params);
		$$->clauses = vec_freeze($group_body, parse->arena, &$$->n_clauses);
	}
|	TOPIC name params template route '{' topic_clauses '}' {
		$$ = node_decl(parse, AST_DECL_TOPIC, $name, @name);
		$$->text = $template;
		$$->url = $route;
		$$->params = vec_freeze($params, parse->arena, &$$->n_params);
		$$->clauses = vec_freeze($topic_clauses, parse->arena, &$$->n_clauses);
	}
|	MIXIN name '{' consumer_clauses '}' {
		$$ = node_decl(parse, AST_DECL_MIXIN, $name, @name);
		$$->clauses = vec_freeze($consumer_clauses, parse->arena, &$$->n_clauses);
	}
|	CONSUMER name AT STRING params '{' consumer_clauses '}' {
		$$ = node_decl(parse, AST_DECL_CONSUMER, $name, @name);
		$$->text = $STRING;
		$$->params = vec_freeze($params, parse->arena, &$$->n_params);
		$$->clauses = vec_freeze($consumer_clauses, parse->arena, &$$->n_clauses);
	}
;

message:
	MESSAGE name message_tags message_body {
		$$ = node_message(parse, AST_DECL_MESSAGE, $name, $message_tags, $message_body);
	}
|	GROUP MESSAGE name message_tags message_body {
		$$ = node_message(parse, AST_DECL_GROUP_MESSAGE, $name, $message_tags, $message_body);
	}
|	EVENT name message_tags message_body {
		$$ = node_message(parse, AST_DECL_EVENT, $name, $message_tags, $message_body);
	}
;

wire:
	%empty {
		$$ = (struct ast_string){0};
	}
|	AS STRING {
		$$ = $STRING;
	}
;

message_tags:
	%empty {
		$$ = vec_new();
	}
|	AS message_tag_list {
		$$ = $message_tag_list;
	}
|	AS NULL {
		$$ = vec_push(vec_new(), node_value(parse, AST_VALUE_NULL, @2));
	}
;

message_tag_list:
	literal {
		$$ = vec_push(vec_new(), $1);
	}
|	message_tag_list ',' literal {
		$$ = vec_push($1, $3);
	}
;

message_body:
	';' {
		$$ = node_record(parse, NULL, @$);
	}
|	'{' members '}' {
		$$ = node_record(parse, $members, @$);
	}
|	'[' elements ']' ';' {
		$$ = node_tuple(parse, $elements, @$);
	}
;

/* ------------------------------------------------------------------ unions */

key:
	name {
		$$ = (struct ast_string){$name.text, strlen($name.text), @name};
	}
|	STRING
;

arms:
	%empty {
		$$ = vec_new();
	}
|	arm_list
|	arm_list separator
;

arm_list:
	arm {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	arm_list separator arm {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

arm:
	name arm_tag ':' type {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_arm){.name = $name, .tag = $arm_tag, .type = $type, .place = @$};
		$$->doc = parse_take_doc(parse, @1);
	}
|	ELSE type {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_arm){.name = $ELSE, .is_else = true, .type = $type, .place = @$};
		$$->doc = parse_take_doc(parse, @1);
	}
|	error {
		$$ = NULL;
	}
;

arm_tag:
	%empty {
		$$ = NULL;
	}
|	AS literal {
		$$ = $literal;
	}
;

/* ------------------------------------------------------------------- enums */

enum_base:
	%empty {
		$$ = (struct ast_name){0};
	}
|	':' name {
		$$ = $name;
	}
;

enum_values:
	%empty {
		$$ = vec_new();
	}
|	enum_value_list
|	enum_value_list separator
;

enum_value_list:
	enum_value {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	enum_value_list separator enum_value {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

enum_value:
	name wire {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_enum_value){.name = $name, .wire = $wire, .place = @$};
		$$->doc = parse_take_doc(parse, @1);
	}
|	name '=' number {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_enum_value){
			.name = $name, .number = $number, .has_number = true, .place = @$};
		$$->doc = parse_take_doc(parse, @1);
	}
|	ELLIPSIS {
		$$ = arena_alloc(parse->arena, sizeof(*$$));
		*$$ = (struct ast_enum_value){.is_ellipsis = true, .place = @$};
	}
|	error {
		$$ = NULL;
	}
;

/* ----------------------------------------------------------------- members */

separator:
	';'
|	','
;

members:
	%empty {
		$$ = vec_new();
	}
|	member_list
|	member_list separator
;

member_list:
	member {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	member_list separator member {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

member:
	name wire optional ':' type beside default deprecated {
		$$ = node_member(parse, AST_MEMBER, $name, @$);
		$$->wire = $wire;
		$$->optional = $optional;
		$$->type = $type;
		$$->beside = $beside;
		$$->default_value = $default;
		$$->deprecated = $deprecated;
		$$->doc = parse_take_doc(parse, @1);
	}
|	REQUIRE expression require_message {
		$$ = node_member(parse, AST_MEMBER_REQUIRE, (struct ast_name){0}, @$);
		$$->condition = $expression;
		$$->message = $require_message;
	}
|	CHECK name {
		$$ = node_member(parse, AST_MEMBER_CHECK, $name, @$);
	}
|	ELLIPSIS qname {
		$$ = node_member(parse, AST_MEMBER_SPREAD, (struct ast_name){0}, @$);
		$$->type = node_type_name(parse, $qname, NULL, @qname);
	}
|	ELLIPSIS ':' type {
		$$ = node_member(parse, AST_MEMBER_FURTHER, (struct ast_name){0}, @$);
		$$->type = $type;
	}
|	error {
		$$ = NULL;
	}
;

beside:
	%empty {
		$$ = (struct ast_string){0};
	}
|	BY key {
		$$ = $key;
	}
;

require_message:
	%empty {
		$$ = (struct ast_string){0};
	}
|	':' STRING {
		$$ = $STRING;
	}
;

optional:
	%empty {
		$$ = false;
	}
|	'?' {
		$$ = true;
	}
;

default:
	%empty {
		$$ = NULL;
	}
|	'=' value {
		$$ = $value;
	}
;

deprecated:
	%empty {
		$$ = (struct ast_string){0};
	}
|	DEPRECATED STRING {
		$$ = $STRING;
	}
;

params:
	%empty {
		$$ = vec_new();
	}
|	'(' members ')' {
		$$ = node_params(parse, $members);
	}
;

/* ------------------------------------------------------------------- types */

type:
	postfix_type
|	type '|' postfix_type {
		$$ = node_type_choice(parse, $1, $3, @$);
	}
;

postfix_type:
	primary_type
|	postfix_type '[' ']' constraints {
		$$ = node_type_of(parse, AST_TYPE_LIST, $1, $constraints, @$);
	}
;

primary_type:
	qname constraints {
		$$ = node_type_name(parse, $qname, $constraints, @$);
	}
|	MAP '<' type '>' constraints {
		$$ = node_type_of(parse, AST_TYPE_MAP, $type, $constraints, @$);
	}
|	MAP '<' type[map_key] ',' type[map_value] '>' constraints {
		$$ = node_type_of(parse, AST_TYPE_MAP, $map_value, $constraints, @$);
		$$->key = $map_key;
	}
|	'{' members '}' {
		$$ = node_record(parse, $members, @$);
	}
|	'(' type ')' {
		$$ = $2;
	}
|	'[' elements ']' {
		$$ = node_tuple(parse, $elements, @$);
	}
|	NULL {
		$$ = node_type(parse, AST_TYPE_NULL, @$);
	}
|	literal {
		$$ = node_type(parse, AST_TYPE_LITERAL, @$);
		$$->literal = $literal;
	}
;

elements:
	%empty {
		$$ = vec_new();
	}
|	element_list
|	element_list ','
;

element_list:
	element {
		$$ = vec_push(vec_new(), $1);
	}
|	element_list ',' element {
		$$ = vec_push($1, $3);
	}
;

element:
	type {
		$$ = node_member(parse, AST_MEMBER, (struct ast_name){0}, @$);
		$$->type = $type;
		$$->doc = parse_take_doc(parse, @1);
	}
|	name optional ':' type {
		$$ = node_member(parse, AST_MEMBER, $name, @$);
		$$->optional = $optional;
		$$->type = $type;
		$$->doc = parse_take_doc(parse, @1);
	}
;


/* A string, number or truth value that stands for itself. */
literal:
	STRING {
		$$ = node_value(parse, AST_VALUE_STRING, @$);
		$$->string = $STRING;
	}
|	number {
		$$ = node_value(parse, AST_VALUE_NUMBER, @$);
		$$->number = $number;
	}
|	TRUE {
		$$ = node_value(parse, AST_VALUE_BOOL, @$);
		$$->boolean = true;
	}
|	FALSE {
		$$ = node_value(parse, AST_VALUE_BOOL, @$);
	}
;

constraints:
	%empty {
		$$ = NULL;
	}
|	'(' constraint_list ')' {
		$$ = $constraint_list;
	}
;

constraint_list:
	constraint {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	constraint_list ',' constraint {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

constraint:
	name {
		$$ = node_constraint(parse, AST_CONSTRAINT_FLAG, $name, @$);
	}
|	name bound {
		$$ = node_constraint(parse, AST_CONSTRAINT_NUMBER, $name, @$);
		$$->low = $bound;
	}
|	name bound RANGE bound {
		$$ = node_range(parse, $name, &$2, &$4, @$);
	}
|	name bound RANGE {
		$$ = node_range(parse, $name, &$bound, NULL, @$);
	}
|	name RANGE bound {
		$$ = node_range(parse, $name, NULL, &$bound, @$);
	}
|	name word {
		$$ = node_constraint(parse, AST_CONSTRAINT_WORD, $name, @$);
		$$->word = $word;
	}
|	name STRING {
		$$ = node_constraint(parse, AST_CONSTRAINT_STRING, $name, @$);
		$$->string = $STRING;
	}
|	AS name {
		$$ = node_constraint(parse, AST_CONSTRAINT_AS, (struct ast_name){"as", @1}, @$);
		$$->word = $name;
	}
|	error {
		$$ = NULL;
	}
;

/* `date-time` is three tokens. */
word:
	name
|	word '-' name {
		$$ = (struct ast_name){
			arena_printf(parse->arena, "%s-%s", $1.text, $3.text), @$};
	}
;

number:
	INT
|	FLOAT
|	'-' INT {
		$$ = parse_negative(parse, &$INT, @$);
	}
|	'-' FLOAT {
		$$ = parse_negative(parse, &$FLOAT, @$);
	}
;

bound:
	number
|	QUANTITY
;

/* ------------------------------------------------------------------ values */

value:
	NULL {
		$$ = node_value(parse, AST_VALUE_NULL, @$);
	}
|	literal
|	name {
		$$ = node_value(parse, AST_VALUE_NAME, @$);
		$$->name = $name;
	}
|	'[' values ']' {
		$$ = node_value_list(parse, AST_VALUE_LIST, @$, $values);
	}
|	'{' items '}' {
		$$ = node_value_list(parse, AST_VALUE_RECORD, @$, $items);
	}
;

values:
	%empty {
		$$ = vec_new();
	}
|	value {
		$$ = vec_push(vec_new(), node_item(parse, (struct ast_string){0}, $1));
	}
|	values ',' value {
		$$ = vec_push($1, node_item(parse, (struct ast_string){0}, $3));
	}
;

items:
	%empty {
		$$ = vec_new();
	}
|	item_list
|	item_list separator
;

item_list:
	item {
		$$ = vec_push(vec_new(), $1);
	}
|	item_list separator item {
		$$ = vec_push($1, $3);
	}
;

item:
	name ':' value {
		$$ = node_item(parse,
			(struct ast_string){$name.text, strlen($name.text), @name}, $value);
	}
|	STRING ':' value {
		$$ = node_item(parse, $STRING, $value);
	}
;

/* ------------------------------------------------------------------ groups */

template:
	%empty {
		$$ = (struct ast_string){0};
	}
|	'=' STRING {
		$$ = $STRING;
	}
;

group_body:
	';' {
		$$ = vec_new();
	}
|	'{' group_clauses '}' {
		$$ = $group_clauses;
	}
;

group_clauses:
	%empty {
		$$ = vec_new();
	}
|	group_clause_list
|	group_clause_list ';'
;

group_clause_list:
	group_clause {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	group_clause_list ';' group_clause {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

group_clause:
	group_clause_known
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_CLAUSE, "clause", $1, parse_group_words);
	} skipped {
		$$ = NULL;
	}
|	error {
		$$ = NULL;
	}
;

group_clause_known:
	BROADCAST qnames {
		$$ = node_clause(parse, AST_CLAUSE_BROADCAST, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
	}
|	EVENT qname {
		$$ = node_clause(parse, AST_CLAUSE_EVENT, @$);
		$$->names = vec_freeze(vec_push(vec_new(), $qname), parse->arena, &$$->n_names);
	}
|	EVENT qname ARROW qname {
		$$ = node_clause(parse, AST_CLAUSE_EVENT, @$);
		$$->names = vec_freeze(vec_push(vec_new(), $2), parse->arena, &$$->n_names);
		$$->replies = vec_freeze(vec_push(vec_new(), $4), parse->arena, &$$->n_replies);
	}
|	PRESENCE {
		$$ = node_clause(parse, AST_CLAUSE_PRESENCE, @$);
	}
|	PRESENCE type {
		$$ = node_clause(parse, AST_CLAUSE_PRESENCE, @$);
		$$->type = $type;
	}
|	HISTORY qnames keep {
		$$ = $keep;
		$$->place = @$;
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
	}
|	DURABLE name {
		$$ = node_clause(parse, AST_CLAUSE_DURABLE, @$);
		$$->word = $name;
	}
;

/* What a history is bounded by. */
keep:
	KEEP INT {
		$$ = node_clause(parse, AST_CLAUSE_HISTORY, @$);
		$$->count = $INT;
		$$->has_count = true;
	}
|	FOR bound {
		$$ = node_clause(parse, AST_CLAUSE_HISTORY, @$);
		$$->period = $bound;
		$$->has_period = true;
	}
|	KEEP INT FOR bound {
		$$ = node_clause(parse, AST_CLAUSE_HISTORY, @$);
		$$->count = $INT;
		$$->has_count = true;
		$$->period = $bound;
		$$->has_period = true;
	}
;

/* ------------------------------------------------------------------ topics */

route:
	%empty {
		$$ = (struct ast_string){0};
	}
|	AT STRING {
		$$ = $STRING;
	}
;

topic_clauses:
	%empty {
		$$ = vec_new();
	}
|	topic_clause_list
|	topic_clause_list ';'
;

topic_clause_list:
	topic_clause {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	topic_clause_list ';' topic_clause {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

topic_clause:
	group_clause_known
|	consumer_clause_known
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_CLAUSE, "clause", $1, parse_topic_words);
	} skipped {
		$$ = NULL;
	}
|	error {
		$$ = NULL;
	}
;

/* --------------------------------------------------------------- consumers */

consumer_clauses:
	%empty {
		$$ = vec_new();
	}
|	consumer_clause_list
|	consumer_clause_list ';'
;

consumer_clause_list:
	consumer_clause {
		$$ = vec_new();
		if ($1 != NULL)
			vec_push($$, $1);
	}
|	consumer_clause_list ';' consumer_clause {
		$$ = $1;
		if ($3 != NULL)
			vec_push($$, $3);
	}
;

consumer_clause:
	consumer_clause_known
|	NAME {
		parse_unknown_word(
			parse, DIAG_UNKNOWN_CLAUSE, "clause", $1, parse_consumer_words);
	} skipped {
		$$ = NULL;
	}
|	error {
		$$ = NULL;
	}
;

consumer_clause_known:
	AUTH names {
		$$ = node_clause(parse, AST_CLAUSE_AUTH, @$);
		$$->words = vec_freeze($names, parse->arena, &$$->n_words);
	}
|	PERMIT permit {
		$$ = node_clause(parse, AST_CLAUSE_PERMIT, @$);
		$$->permit = $permit;
	}
|	OBJECT name BY names {
		$$ = node_clause(parse, AST_CLAUSE_OBJECT, @$);
		$$->word = $name;
		$$->words = vec_freeze($names, parse->arena, &$$->n_words);
	}
|	JOIN qname {
		$$ = node_clause(parse, AST_CLAUSE_JOIN, @$);
		$$->names = vec_freeze(vec_push(vec_new(), $qname), parse->arena, &$$->n_names);
	}
|	JOIN qname '(' arguments ')' {
		$$ = node_clause(parse, AST_CLAUSE_JOIN, @$);
		$$->names = vec_freeze(vec_push(vec_new(), $qname), parse->arena, &$$->n_names);
		$$->args = vec_freeze($arguments, parse->arena, &$$->n_args);
		$$->has_args = true;
	}
|	RECEIVE qnames {
		$$ = node_clause(parse, AST_CLAUSE_RECEIVE, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
	}
|	RECEIVE qnames ARROW replies {
		$$ = node_clause(parse, AST_CLAUSE_RECEIVE, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
		$$->replies = vec_freeze($replies, parse->arena, &$$->n_replies);
	}
|	SEND qnames {
		$$ = node_clause(parse, AST_CLAUSE_SEND, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
	}
|	SEND qnames ARROW replies {
		$$ = node_clause(parse, AST_CLAUSE_SEND, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
		$$->replies = vec_freeze($replies, parse->arena, &$$->n_replies);
	}
|	LIMIT limit {
		$$ = $limit;
		$$->place = @$;
	}
|	LIMIT qname limit {
		$$ = $limit;
		$$->place = @$;
		$$->names = vec_freeze(vec_push(vec_new(), $qname), parse->arena, &$$->n_names);
	}
|	COMPLETION {
		$$ = node_clause(parse, AST_CLAUSE_COMPLETION, @$);
	}
|	GREET qname {
		$$ = node_clause(parse, AST_CLAUSE_GREET, @$);
		$$->names = vec_freeze(vec_push(vec_new(), $qname), parse->arena, &$$->n_names);
	}
|	ERRORS qname {
		$$ = node_clause(parse, AST_CLAUSE_ERROR, @$);
		$$->names = vec_freeze(vec_push(vec_new(), $qname), parse->arena, &$$->n_names);
	}
|	TOPICS qnames {
		$$ = node_clause(parse, AST_CLAUSE_TOPICS, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
	}
|	USE qnames {
		$$ = node_clause(parse, AST_CLAUSE_USE, @$);
		$$->names = vec_freeze($qnames, parse->arena, &$$->n_names);
	}
|	subprotocols
;

limit:
	bound {
		$$ = node_clause(parse, AST_CLAUSE_LIMIT, @$);
		$$->count = $1;
	}
|	INT PER bound {
		$$ = node_clause(parse, AST_CLAUSE_LIMIT, @$);
		$$->count = $1;
		$$->period = $3;
		$$->has_period = true;
	}
|	INT PER bound BURST INT {
		$$ = node_clause(parse, AST_CLAUSE_LIMIT, @$);
		$$->count = $1;
		$$->period = $3;
		$$->has_period = true;
		$$->burst = $5;
		$$->has_burst = true;
	}
;

arguments:
	value {
		$$ = vec_push(vec_new(), $1);
	}
|	arguments ',' value {
		$$ = vec_push($1, $3);
	}
;

replies:
	qname {
		$$ = vec_push(vec_new(), $1);
	}
|	replies '|' qname {
		$$ = vec_push($1, $3);
	}
;

permit:
	name {
		$$ = node_permit(parse, AST_PERMIT_TERM, NULL, NULL, @$);
		$$->term = $name;
	}
|	name '(' name ')' {
		$$ = node_permit(parse, AST_PERMIT_TERM, NULL, NULL, @$);
		$$->term = $1;
		$$->argument = $3;
	}
|	'(' permit ')' {
		$$ = $2;
	}
|	NOT permit {
		$$ = node_permit(parse, AST_PERMIT_NOT, $2, NULL, @$);
	}
|	permit AND permit {
		$$ = node_permit(parse, AST_PERMIT_AND, $1, $3, @$);
	}
|	permit OR permit {
		$$ = node_permit(parse, AST_PERMIT_OR, $1, $3, @$);
	}
;

/* ------------------------------------------------------------- expressions */

expression:
	literal_operand {
		$$ = node_expr(parse, AST_EXPR_VALUE, NULL, NULL, @$);
		$$->value = $1;
	}
|	path {
		$$ = node_expr(parse, AST_EXPR_PATH, NULL, NULL, @$);
		$$->names = vec_freeze($path, parse->arena, &$$->n_names);
	}
|	name '(' expression ')' {
		$$ = node_expr(parse, AST_EXPR_CALL, $3, NULL, @$);
		$$->function = $name;
	}
|	'(' expression ')' {
		$$ = $2;
	}
|	NOT expression {
		$$ = node_expr(parse, AST_EXPR_NOT, $2, NULL, @$);
	}
|	'-' expression %prec NEGATION {
		$$ = node_expr(parse, AST_EXPR_NEGATE, $2, NULL, @$);
	}
|	expression AND expression {
		$$ = node_expr(parse, AST_EXPR_AND, $1, $3, @$);
	}
|	expression OR expression {
		$$ = node_expr(parse, AST_EXPR_OR, $1, $3, @$);
	}
|	expression EQUAL expression {
		$$ = node_expr(parse, AST_EXPR_EQUAL, $1, $3, @$);
	}
|	expression UNEQUAL expression {
		$$ = node_expr(parse, AST_EXPR_UNEQUAL, $1, $3, @$);
	}
|	expression '<' expression {
		$$ = node_expr(parse, AST_EXPR_LESS, $1, $3, @$);
	}
|	expression LESS_EQUAL expression {
		$$ = node_expr(parse, AST_EXPR_LESS_EQUAL, $1, $3, @$);
	}
|	expression '>' expression {
		$$ = node_expr(parse, AST_EXPR_GREATER, $1, $3, @$);
	}
	/* Two tokens, for the sake of `map<T>=`. */
|	expression '>' '=' expression %prec '>' {
		$$ = node_expr(parse, AST_EXPR_GREATER_EQUAL, $1, $4, @$);
		parse_one_sign(parse, @2, @3);
	}
|	expression '+' expression {
		$$ = node_expr(parse, AST_EXPR_ADD, $1, $3, @$);
	}
|	expression '-' expression {
		$$ = node_expr(parse, AST_EXPR_SUBTRACT, $1, $3, @$);
	}
|	expression '*' expression {
		$$ = node_expr(parse, AST_EXPR_MULTIPLY, $1, $3, @$);
	}
|	expression '/' expression {
		$$ = node_expr(parse, AST_EXPR_DIVIDE, $1, $3, @$);
	}
|	expression '%' expression {
		$$ = node_expr(parse, AST_EXPR_REMAINDER, $1, $3, @$);
	}
;

literal_operand:
	STRING {
		$$ = node_value(parse, AST_VALUE_STRING, @$);
		$$->string = $STRING;
	}
|	INT {
		$$ = node_value(parse, AST_VALUE_NUMBER, @$);
		$$->number = $INT;
	}
|	FLOAT {
		$$ = node_value(parse, AST_VALUE_NUMBER, @$);
		$$->number = $FLOAT;
	}
|	NULL {
		$$ = node_value(parse, AST_VALUE_NULL, @$);
	}
|	TRUE {
		$$ = node_value(parse, AST_VALUE_BOOL, @$);
		$$->boolean = true;
	}
|	FALSE {
		$$ = node_value(parse, AST_VALUE_BOOL, @$);
	}
;

path:
	name {
		$$ = vec_push(vec_new(), node_name(parse, $1));
	}
|	path '.' name {
		$$ = vec_push($1, node_name(parse, $3));
	}
;

/* ------------------------------------------------------------------- names */

names:
	name {
		$$ = vec_push(vec_new(), node_name(parse, $1));
	}
|	names ',' name {
		$$ = vec_push($1, node_name(parse, $3));
	}
;

qnames:
	qname {
		$$ = vec_push(vec_new(), $1);
	}
|	qnames ',' qname {
		$$ = vec_push($1, $3);
	}
;

qname:
	name {
		$$ = node_qname(parse, (struct ast_name){0}, $1, @$);
	}
|	name '.' name {
		$$ = node_qname(parse, $1, $3, @$);
	}
;

name:
	NAME
|	ERRORS | GREET | AT | AUTH | BROADCAST | BURST | BY | CHECK | CLOSED | COMPLETION | CONSUMER | CONTRACT
|	DEPRECATED | DURABLE | ELSE | ENUM | ENVELOPE | EVENT | FOR | GROUP | HISTORY | IMPORT | JOIN | KEEP
|	LIMIT | MAP | MESSAGE | MIXIN | OBJECT | OPEN | OPTION | PER | PERMIT | PRESENCE | RECEIVE | REQUIRE
|	SEND | SUBPROTOCOL | TOPIC | TOPICS | TYPE | UNION | USE
;

/* ------------------------------------------------- words of what is refused */

skipped_statement:
	skipped ';'
|	skipped_block
;

skipped_block:
	skipped '{' skipped_inside '}'
;

skipped_inside:
	%empty
|	skipped_inside skipped_token
|	skipped_inside ','
|	skipped_inside ';'
|	skipped_inside '{' skipped_inside '}'
;

skipped:
	%empty
|	skipped skipped_token
|	skipped ','
;

skipped_token:
	skipped_word | '(' | ')'
;

skipped_word:
	name | STRING | INT | FLOAT | QUANTITY | ARROW | RANGE | ELLIPSIS
|	AND | AS | NOT | OR | NULL | TRUE | FALSE
|	EQUAL | UNEQUAL | LESS_EQUAL
|	':' | '.' | '?' | '=' | '[' | ']' | '<' | '>' | '|' | '+' | '*' | '/' | '!' | '%' | '&' | '-'
;

%%

/* The expected symbols as words for people; the many names of one thing become that thing. */
static size_t expected_words(const bool *expected, struct parse_expected *report, const char **words)
{
	bool any_name = expected[YYSYMBOL_NAME];
	bool statement = any_name && expected[YYSYMBOL_CONTRACT] && !expected[YYSYMBOL_PERMIT];
	bool clause = any_name && !expected[YYSYMBOL_CONTRACT] &&
		      (expected[YYSYMBOL_PERMIT] || expected[YYSYMBOL_BROADCAST]);
	size_t n = 0;
	int symbol;

	report->name = any_name;
	/* Between declarations ';' may stand, but nobody has missed it. */
	report->semicolon &= !statement;
	if (any_name)
		words[n++] = statement ? "a declaration" : clause ? "a clause" : "a name";
	for (symbol = 0; symbol < YYNTOKENS; symbol++) {
		bool is_keyword = symbol >= YYSYMBOL_AT && symbol <= YYSYMBOL_USE;

		if (!expected[symbol] || symbol == YYSYMBOL_NAME || (any_name && is_keyword) ||
			(statement && symbol == YYSYMBOL_YYEOF))
			continue;
		words[n++] = yysymbol_name((yysymbol_kind_t)symbol);
	}
	return n;
}

static int yyreport_syntax_error(const yypcontext_t *context, struct parse *parse)
{
	yysymbol_kind_t symbols[YYNTOKENS];
	const char *words[YYNTOKENS];
	bool expected[YYNTOKENS] = {false};
	struct parse_expected report = {.names = words};
	int n = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
	int i;

	if (n < 0)
		return n;
	for (i = 0; i < n; i++) {
		expected[symbols[i]] = true;
		report.semicolon |= strcmp(yysymbol_name(symbols[i]), "';'") == 0;
	}
	report.n_names = expected_words(expected, &report, words);
	report.at_end = yypcontext_token(context) == YYSYMBOL_YYEOF;
	parse_syntax_error(parse, *yypcontext_location(context), &report);
	return 0;
}
