/* SPDX-License-Identifier: MIT */
/*
 * parser.y - the grammar of contracts.
 *
 * Pure, with locations; no conflicts. What the rules make is made in parse_decl.c and parse_node.c.
 * Lists are collected in vectors on the heap, NULL where there is nothing, and frozen into the arena
 * when their node is made; %destructor frees those that an error leaves behind, all else lives in
 * the arena. Clauses and types that the language has and this compiler does not know yet
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

static const struct ast_name no_name;
static const struct ast_string no_string;

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
	CLOSED "closed" COMPLETION "completion" COMPRESSION "compression" CONSUMER "consumer" CONTRACT "contract"
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
|	CONTRACT name version ';'		{ parse_header(parse, $name, $version, @CONTRACT); }
|	IMPORT STRING ';'			{ parse_import(parse, $STRING, @$); }
|	OPTION name '=' options_values ';'	{ parse_option(parse, $name, $options_values, @$); }
|	declaration				{ parse_declaration(parse, $1, @$); }
|	openness declaration			{ parse_openness(parse, $2, $1, @1); }
|	AUTH message				{ parse_auth_message(parse, $2, @1); }
|	ENVELOPE '{' envelope_items '}'		{ parse_envelope(parse, $envelope_items, @1); }
|	subprotocols ';'			{ vec_push(&parse->subprotocols, $1); }
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_DECLARATION, "declaration", $1,
			parse_declaration_words);
	} skipped_statement			{ parse_take_doc(parse, @1); }
|	error ';'				{ yyerrok; }
|	error '}'				{ yyerrok; }
;

openness:
	CLOSED		{ $$ = AST_OPENNESS_CLOSED; }
|	OPEN		{ $$ = AST_OPENNESS_OPEN; }
;

subprotocols:
	SUBPROTOCOL strings	{ $$ = clause_strings(parse, $strings, @$); }
;

strings:
	STRING			{ $$ = list_of(node_string(parse, $1)); }
|	strings ',' STRING	{ $$ = list_add($1, node_string(parse, $3)); }
;

envelope_items:
	%empty					{ $$ = NULL; }
|	envelope_items ';'
|	envelope_items envelope_item ';'	{ $$ = list_add($1, $2); }
|	envelope_items error ';'
;

envelope_item:
	name wire envelope_type			{ $$ = envelope_named(parse, $name, $wire, $3, @$); }
|	name[what] name[word]			{ $$ = envelope_word(parse, $what, $word, @$); }
|	name AS INT envelope_type		{ $$ = envelope_placed(parse, $name, &$INT, $4, @$); }
;

envelope_type:
	%empty			{ $$ = NULL; }
|	':' qname		{ $$ = $2; }
;

version:
	INT
;

options_values:
	value				{ $$ = list_of($1); }
|	options_values ',' value	{ $$ = list_add($1, $3); }
;

/* ------------------------------------------------------------ declarations */

declaration:
	ENUM name enum_base '{' enum_values '}' {
		$$ = decl_enum(parse, $name, $enum_base, $enum_values);
	}
|	TYPE name '=' type ';' {
		$$ = decl_type(parse, AST_DECL_TYPE, $name, $type);
	}
|	TYPE name '{' members '}' {
		$$ = decl_type(parse, AST_DECL_RECORD, $name, node_record(parse, $members, @$));
	}
|	UNION name BY key '{' arms '}' {
		$$ = decl_union(parse, $name, $key, $arms);
	}
|	message
|	GROUP name params template group_body {
		$$ = decl_served(parse, AST_DECL_GROUP, $name, $params, $group_body);
		$$->text = $template;
	}
|	TOPIC name params template route '{' topic_clauses '}' {
		$$ = decl_served(parse, AST_DECL_TOPIC, $name, $params, $topic_clauses);
		$$->text = $template;
		$$->url = $route;
	}
|	MIXIN name '{' consumer_clauses '}' {
		$$ = decl_served(parse, AST_DECL_MIXIN, $name, NULL, $consumer_clauses);
	}
|	CONSUMER name AT STRING params '{' consumer_clauses '}' {
		$$ = decl_served(parse, AST_DECL_CONSUMER, $name, $params, $consumer_clauses);
		$$->text = $STRING;
	}
;

message:
	MESSAGE name message_tags deprecated message_body {
		$$ = decl_message(parse, AST_DECL_MESSAGE, $name, $message_tags, $message_body);
		$$->deprecated = $deprecated;
	}
|	GROUP MESSAGE name message_tags deprecated message_body {
		$$ = decl_message(parse, AST_DECL_GROUP_MESSAGE, $name, $message_tags, $message_body);
		$$->deprecated = $deprecated;
	}
|	EVENT name message_tags deprecated message_body {
		$$ = decl_message(parse, AST_DECL_EVENT, $name, $message_tags, $message_body);
		$$->deprecated = $deprecated;
	}
;

wire:
	%empty		{ $$ = no_string; }
|	AS STRING	{ $$ = $2; }
;

message_tags:
	%empty			{ $$ = NULL; }
|	AS message_tag_list	{ $$ = $2; }
|	AS NULL			{ $$ = list_of(node_value(parse, AST_VALUE_NULL, @2)); }
;

message_tag_list:
	literal				{ $$ = list_of($1); }
|	message_tag_list ',' literal	{ $$ = list_add($1, $3); }
;

message_body:
	';'			{ $$ = node_record(parse, NULL, @$); }
|	'{' members '}'		{ $$ = node_record(parse, $members, @$); }
|	'[' elements ']' ';'	{ $$ = node_tuple(parse, $elements, @$); }
;

/* ------------------------------------------------------------------ unions */

key:
	name		{ $$ = (struct ast_string){$name.text, strlen($name.text), @name}; }
|	STRING
;

arms:
	%empty			{ $$ = NULL; }
|	arm_list
|	arm_list separator
;

arm_list:
	arm			{ $$ = list_of($1); }
|	arm_list separator arm	{ $$ = list_add($1, $3); }
;

arm:
	name arm_tag ':' type	{ $$ = node_arm(parse, $name, $arm_tag, $type, @$); }
|	ELSE type		{ $$ = node_else(parse, $ELSE, $type, @$); }
|	error			{ $$ = NULL; }
;

arm_tag:
	%empty		{ $$ = NULL; }
|	AS literal	{ $$ = $2; }
;

/* ------------------------------------------------------------------- enums */

enum_base:
	%empty		{ $$ = no_name; }
|	':' name	{ $$ = $2; }
;

enum_values:
	%empty				{ $$ = NULL; }
|	enum_value_list
|	enum_value_list separator
;

enum_value_list:
	enum_value				{ $$ = list_of($1); }
|	enum_value_list separator enum_value	{ $$ = list_add($1, $3); }
;

enum_value:
	name wire		{ $$ = node_enum_word(parse, $name, $wire, @$); }
|	name '=' number		{ $$ = node_enum_number(parse, $name, &$number, @$); }
|	ELLIPSIS		{ $$ = node_enum_rest(parse, @$); }
|	error			{ $$ = NULL; }
;

/* ----------------------------------------------------------------- members */

separator:
	';'
|	','
;

members:
	%empty				{ $$ = NULL; }
|	member_list
|	member_list separator
;

member_list:
	member				{ $$ = list_of($1); }
|	member_list separator member	{ $$ = list_add($1, $3); }
;

member:
	name wire optional ':' type beside default deprecated {
		$$ = node_member(parse, AST_MEMBER, $name, $type, @$);
		$$->wire = $wire;
		$$->optional = $optional;
		$$->beside = $beside;
		$$->default_value = $default;
		$$->deprecated = $deprecated;
		$$->doc = parse_take_doc(parse, @1);
	}
|	REQUIRE expression require_message {
		$$ = node_require(parse, $expression, $require_message, @$);
	}
|	CHECK name {
		$$ = node_member(parse, AST_MEMBER_CHECK, $name, NULL, @$);
	}
|	ELLIPSIS qname {
		$$ = node_member(parse, AST_MEMBER_SPREAD, no_name,
			node_type_name(parse, $qname, NULL, @qname), @$);
	}
|	ELLIPSIS ':' type {
		$$ = node_member(parse, AST_MEMBER_FURTHER, no_name, $type, @$);
	}
|	error {
		$$ = NULL;
	}
;

beside:
	%empty			{ $$ = no_string; }
|	BY key			{ $$ = $2; }
;

require_message:
	%empty			{ $$ = no_string; }
|	':' STRING		{ $$ = $2; }
;

optional:
	%empty			{ $$ = false; }
|	'?'			{ $$ = true; }
;

default:
	%empty			{ $$ = NULL; }
|	'=' value		{ $$ = $2; }
;

deprecated:
	%empty			{ $$ = no_string; }
|	DEPRECATED STRING	{ $$ = $2; }
;

params:
	%empty			{ $$ = NULL; }
|	'(' members ')'		{ $$ = node_params(parse, $2); }
;

/* ------------------------------------------------------------------- types */

type:
	postfix_type
|	type '|' postfix_type	{ $$ = node_type_choice(parse, $1, $3, @$); }
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
|	'{' members '}'		{ $$ = node_record(parse, $members, @$); }
|	'(' type ')'		{ $$ = $2; }
|	'[' elements ']'	{ $$ = node_tuple(parse, $elements, @$); }
|	NULL			{ $$ = node_type(parse, AST_TYPE_NULL, @$); }
|	literal			{ $$ = node_type_literal(parse, $literal, @$); }
;

elements:
	%empty				{ $$ = NULL; }
|	element_list
|	element_list ','
;

element_list:
	element				{ $$ = list_of($1); }
|	element_list ',' element	{ $$ = list_add($1, $3); }
;

element:
	type				{ $$ = node_element(parse, no_name, false, $type, @$); }
|	name optional ':' type		{ $$ = node_element(parse, $name, $optional, $type, @$); }
;

/* A string, number or truth value that stands for itself. */
literal:
	STRING		{ $$ = node_text(parse, $STRING, @$); }
|	number		{ $$ = node_number(parse, &$number, @$); }
|	TRUE		{ $$ = node_bool(parse, true, @$); }
|	FALSE		{ $$ = node_bool(parse, false, @$); }
;

constraints:
	%empty				{ $$ = NULL; }
|	'(' constraint_list ')'		{ $$ = $2; }
;

constraint_list:
	constraint				{ $$ = list_of($1); }
|	constraint_list ',' constraint		{ $$ = list_add($1, $3); }
;

constraint:
	name			{ $$ = node_constraint(parse, AST_CONSTRAINT_FLAG, $name, @$); }
|	name bound		{ $$ = node_constraint_number(parse, $name, &$bound, @$); }
|	name bound RANGE bound	{ $$ = node_range(parse, $name, &$2, &$4, @$); }
|	name bound RANGE	{ $$ = node_range(parse, $name, &$bound, NULL, @$); }
|	name RANGE bound	{ $$ = node_range(parse, $name, NULL, &$bound, @$); }
|	name word		{ $$ = node_constraint_word(parse, $name, $word, @$); }
|	name STRING		{ $$ = node_constraint_string(parse, $name, $STRING, @$); }
|	AS name			{ $$ = node_constraint_as(parse, $name, @1, @$); }
|	error			{ $$ = NULL; }
;

/* `date-time` is three tokens. */
word:
	name
|	word '-' name		{ $$ = node_dashed(parse, $1, $3, @$); }
;

number:
	INT
|	FLOAT
|	'-' INT			{ $$ = parse_negative(parse, &$INT, @$); }
|	'-' FLOAT		{ $$ = parse_negative(parse, &$FLOAT, @$); }
;

bound:
	number
|	QUANTITY
;

/* ------------------------------------------------------------------ values */

value:
	NULL			{ $$ = node_value(parse, AST_VALUE_NULL, @$); }
|	literal
|	name			{ $$ = node_value_name(parse, $name, @$); }
|	'[' values ']'		{ $$ = node_value_list(parse, AST_VALUE_LIST, @$, $values); }
|	'{' items '}'		{ $$ = node_value_list(parse, AST_VALUE_RECORD, @$, $items); }
;

values:
	%empty			{ $$ = NULL; }
|	value			{ $$ = list_of(node_item(parse, no_string, $1)); }
|	values ',' value	{ $$ = list_add($1, node_item(parse, no_string, $3)); }
;

items:
	%empty				{ $$ = NULL; }
|	item_list
|	item_list separator
;

item_list:
	item				{ $$ = list_of($1); }
|	item_list separator item	{ $$ = list_add($1, $3); }
;

item:
	key ':' value			{ $$ = node_item(parse, $key, $value); }
;

/* ------------------------------------------------------------------ groups */

template:
	%empty			{ $$ = no_string; }
|	'=' STRING		{ $$ = $2; }
;

group_body:
	';'			{ $$ = NULL; }
|	'{' group_clauses '}'	{ $$ = $2; }
;

group_clauses:
	%empty				{ $$ = NULL; }
|	group_clause_list
|	group_clause_list ';'
;

group_clause_list:
	group_clause				{ $$ = list_of($1); }
|	group_clause_list ';' group_clause	{ $$ = list_add($1, $3); }
;

group_clause:
	group_clause_known
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_CLAUSE, "clause", $1, parse_group_words);
	} skipped		{ $$ = NULL; }
|	error			{ $$ = NULL; }
;

group_clause_known:
	BROADCAST qnames	{ $$ = clause_names(parse, AST_CLAUSE_BROADCAST, $2, NULL, @$); }
|	EVENT qname		{ $$ = clause_names(parse, AST_CLAUSE_EVENT, list_of($2), NULL, @$); }
|	EVENT qname ARROW qname {
		$$ = clause_names(parse, AST_CLAUSE_EVENT, list_of($2), list_of($4), @$);
	}
|	PRESENCE		{ $$ = clause_presence(parse, NULL, @$); }
|	PRESENCE type		{ $$ = clause_presence(parse, $type, @$); }
|	HISTORY qnames keep	{ $$ = clause_of(parse, $keep, $qnames, @$); }
|	DURABLE name		{ $$ = clause_words(parse, AST_CLAUSE_DURABLE, $name, NULL, @$); }
;

/* What a history is bounded by. */
keep:
	KEEP INT		{ $$ = clause_keep(parse, &$INT, NULL, @$); }
|	FOR bound		{ $$ = clause_keep(parse, NULL, &$bound, @$); }
|	KEEP INT FOR bound	{ $$ = clause_keep(parse, &$INT, &$bound, @$); }
;

/* ------------------------------------------------------------------ topics */

route:
	%empty			{ $$ = no_string; }
|	AT STRING		{ $$ = $2; }
;

topic_clauses:
	%empty				{ $$ = NULL; }
|	topic_clause_list
|	topic_clause_list ';'
;

topic_clause_list:
	topic_clause				{ $$ = list_of($1); }
|	topic_clause_list ';' topic_clause	{ $$ = list_add($1, $3); }
;

topic_clause:
	group_clause_known
|	consumer_clause_known
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_CLAUSE, "clause", $1, parse_topic_words);
	} skipped		{ $$ = NULL; }
|	error			{ $$ = NULL; }
;

/* --------------------------------------------------------------- consumers */

consumer_clauses:
	%empty				{ $$ = NULL; }
|	consumer_clause_list
|	consumer_clause_list ';'
;

consumer_clause_list:
	consumer_clause				{ $$ = list_of($1); }
|	consumer_clause_list ';' consumer_clause	{ $$ = list_add($1, $3); }
;

consumer_clause:
	consumer_clause_known
|	NAME {
		parse_unknown_word(parse, DIAG_UNKNOWN_CLAUSE, "clause", $1, parse_consumer_words);
	} skipped		{ $$ = NULL; }
|	error			{ $$ = NULL; }
;

consumer_clause_known:
	AUTH names		{ $$ = clause_words(parse, AST_CLAUSE_AUTH, no_name, $names, @$); }
|	PERMIT permit		{ $$ = clause_permit(parse, $permit, @$); }
|	OBJECT name BY names	{ $$ = clause_words(parse, AST_CLAUSE_OBJECT, $name, $names, @$); }
|	JOIN qname		{ $$ = clause_names(parse, AST_CLAUSE_JOIN, list_of($2), NULL, @$); }
|	JOIN qname '(' arguments ')'	{ $$ = clause_join(parse, $qname, $arguments, @$); }
|	RECEIVE qnames		{ $$ = clause_names(parse, AST_CLAUSE_RECEIVE, $2, NULL, @$); }
|	RECEIVE qnames ARROW replies {
		$$ = clause_names(parse, AST_CLAUSE_RECEIVE, $qnames, $replies, @$);
	}
|	SEND qnames		{ $$ = clause_names(parse, AST_CLAUSE_SEND, $2, NULL, @$); }
|	SEND qnames ARROW replies {
		$$ = clause_names(parse, AST_CLAUSE_SEND, $qnames, $replies, @$);
	}
|	LIMIT limit		{ $$ = clause_of(parse, $limit, NULL, @$); }
|	LIMIT qname limit	{ $$ = clause_of(parse, $limit, list_of($qname), @$); }
|	COMPLETION		{ $$ = node_clause(parse, AST_CLAUSE_COMPLETION, @$); }
|	COMPRESSION		{ $$ = node_clause(parse, AST_CLAUSE_COMPRESSION, @$); }
|	GREET qname		{ $$ = clause_names(parse, AST_CLAUSE_GREET, list_of($2), NULL, @$); }
|	ERRORS qname		{ $$ = clause_names(parse, AST_CLAUSE_ERROR, list_of($2), NULL, @$); }
|	TOPICS qnames		{ $$ = clause_names(parse, AST_CLAUSE_TOPICS, $2, NULL, @$); }
|	USE qnames		{ $$ = clause_names(parse, AST_CLAUSE_USE, $2, NULL, @$); }
|	subprotocols
;

limit:
	bound			{ $$ = clause_limit(parse, &$1, NULL, NULL, @$); }
|	INT PER bound		{ $$ = clause_limit(parse, &$1, &$3, NULL, @$); }
|	INT PER bound BURST INT	{ $$ = clause_limit(parse, &$1, &$3, &$5, @$); }
;

arguments:
	value			{ $$ = list_of($1); }
|	arguments ',' value	{ $$ = list_add($1, $3); }
;

replies:
	qname			{ $$ = list_of($1); }
|	replies '|' qname	{ $$ = list_add($1, $3); }
;

permit:
	name			{ $$ = node_permit_term(parse, $name, no_name, @$); }
|	name '(' name ')'	{ $$ = node_permit_term(parse, $1, $3, @$); }
|	'(' permit ')'		{ $$ = $2; }
|	NOT permit		{ $$ = node_permit(parse, AST_PERMIT_NOT, $2, NULL, @$); }
|	permit AND permit	{ $$ = node_permit(parse, AST_PERMIT_AND, $1, $3, @$); }
|	permit OR permit	{ $$ = node_permit(parse, AST_PERMIT_OR, $1, $3, @$); }
;

/* ------------------------------------------------------------- expressions */

expression:
	literal_operand			{ $$ = node_operand(parse, $1, @$); }
|	path				{ $$ = node_path(parse, $path, @$); }
|	name '(' expression ')'		{ $$ = node_call(parse, $name, $3, @$); }
|	'(' expression ')'		{ $$ = $2; }
|	NOT expression			{ $$ = node_expr(parse, AST_EXPR_NOT, $2, NULL, @$); }
|	'-' expression %prec NEGATION	{ $$ = node_expr(parse, AST_EXPR_NEGATE, $2, NULL, @$); }
|	expression AND expression	{ $$ = node_expr(parse, AST_EXPR_AND, $1, $3, @$); }
|	expression OR expression	{ $$ = node_expr(parse, AST_EXPR_OR, $1, $3, @$); }
|	expression EQUAL expression	{ $$ = node_expr(parse, AST_EXPR_EQUAL, $1, $3, @$); }
|	expression UNEQUAL expression	{ $$ = node_expr(parse, AST_EXPR_UNEQUAL, $1, $3, @$); }
|	expression '<' expression	{ $$ = node_expr(parse, AST_EXPR_LESS, $1, $3, @$); }
|	expression LESS_EQUAL expression	{ $$ = node_expr(parse, AST_EXPR_LESS_EQUAL, $1, $3, @$); }
|	expression '>' expression	{ $$ = node_expr(parse, AST_EXPR_GREATER, $1, $3, @$); }
	/* Two tokens, for the sake of `map<T>=`. */
|	expression '>' '=' expression %prec '>' {
		$$ = node_expr(parse, AST_EXPR_GREATER_EQUAL, $1, $4, @$);
		parse_one_sign(parse, @2, @3);
	}
|	expression '+' expression	{ $$ = node_expr(parse, AST_EXPR_ADD, $1, $3, @$); }
|	expression '-' expression	{ $$ = node_expr(parse, AST_EXPR_SUBTRACT, $1, $3, @$); }
|	expression '*' expression	{ $$ = node_expr(parse, AST_EXPR_MULTIPLY, $1, $3, @$); }
|	expression '/' expression	{ $$ = node_expr(parse, AST_EXPR_DIVIDE, $1, $3, @$); }
|	expression '%' expression	{ $$ = node_expr(parse, AST_EXPR_REMAINDER, $1, $3, @$); }
;

literal_operand:
	STRING		{ $$ = node_text(parse, $STRING, @$); }
|	INT		{ $$ = node_number(parse, &$INT, @$); }
|	FLOAT		{ $$ = node_number(parse, &$FLOAT, @$); }
|	NULL		{ $$ = node_value(parse, AST_VALUE_NULL, @$); }
|	TRUE		{ $$ = node_bool(parse, true, @$); }
|	FALSE		{ $$ = node_bool(parse, false, @$); }
;

path:
	name			{ $$ = list_of(node_name(parse, $1)); }
|	path '.' name		{ $$ = list_add($1, node_name(parse, $3)); }
;

/* ------------------------------------------------------------------- names */

names:
	name			{ $$ = list_of(node_name(parse, $1)); }
|	names ',' name		{ $$ = list_add($1, node_name(parse, $3)); }
;

qnames:
	qname			{ $$ = list_of($1); }
|	qnames ',' qname	{ $$ = list_add($1, $3); }
;

qname:
	name			{ $$ = node_qname(parse, no_name, $1, @$); }
|	name '.' name		{ $$ = node_qname(parse, $1, $3, @$); }
;

name:
	NAME
|	ERRORS | GREET | AT | AUTH | BROADCAST | BURST | BY | CHECK | CLOSED | COMPLETION | COMPRESSION | CONSUMER
|	CONTRACT | DEPRECATED | DURABLE | ELSE | ENUM | ENVELOPE | EVENT | FOR | GROUP | HISTORY | IMPORT | JOIN | KEEP
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
