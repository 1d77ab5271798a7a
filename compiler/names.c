/* SPDX-License-Identifier: MIT */
/*
 * names.c - identifiers: keywords escaped, clashes told apart.
 *
 * Names of a contract hold only letters, digits and underscores already. Knows nothing of what is
 * named.
 */
#define _GNU_SOURCE
#include "names.h"

#include <ctype.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"

#define NAMES_MAX_PREFIX 32

/* Sorted. C23 and C++20 keywords; macros of the standard headers and of gcc in its GNU modes. */
static const char *const reserved[] = {"BUFSIZ", "CHAR_BIT", "CHAR_MAX", "CHAR_MIN", "EDOM",
        "EILSEQ", "EOF", "ERANGE", "EXIT_FAILURE", "EXIT_SUCCESS", "FILE", "HUGE_VAL", "I",
        "INFINITY", "INT16_MAX", "INT16_MIN", "INT32_MAX", "INT32_MIN", "INT64_MAX", "INT64_MIN",
        "INT8_MAX", "INT8_MIN", "INT_MAX", "INT_MIN", "LONG_MAX", "LONG_MIN", "NAN", "NULL",
        "RAND_MAX", "SEEK_CUR", "SEEK_END", "SEEK_SET", "SIZE_MAX", "UINT16_MAX", "UINT32_MAX",
        "UINT64_MAX", "UINT8_MAX", "UINT_MAX", "ULONG_MAX", "_Alignas", "_Alignof", "_Atomic",
        "_Bool", "_Complex", "_Generic", "_Imaginary", "_Noreturn", "_Pragma", "_Static_assert",
        "_Thread_local", "__func__", "alignas", "alignof", "and", "and_eq", "asm", "assert", "auto",
        "bitand", "bitor", "bool", "break", "case", "catch", "char", "char16_t", "char32_t",
        "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "complex", "concept",
        "const", "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype",
        "default", "delete", "do", "double", "dynamic_cast", "else", "enum", "errno", "explicit",
        "export", "extern", "false", "float", "for", "friend", "goto", "i386", "if", "imaginary",
        "inline", "int", "linux", "long", "math_errhandling", "mutable", "namespace", "new",
        "noexcept", "noreturn", "not", "not_eq", "nullptr", "offsetof", "operator", "or", "or_eq",
        "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict",
        "return", "setjmp", "short", "signed", "sizeof", "static", "static_assert", "static_cast",
        "stderr", "stdin", "stdout", "struct", "switch", "template", "this", "thread_local",
        "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "typeof_unqual", "union",
        "unix", "unsigned", "using", "va_arg", "va_copy", "va_end", "va_start", "virtual", "void",
        "volatile", "wchar_t", "while", "xor", "xor_eq"};

/* clang-format off */
const struct names_made names_made[] = {
	{NAMES_OF_TYPE, "_list", "a list of it"},
	{NAMES_OF_TYPE, "_list_item", "an element of a list of it"},
	{NAMES_OF_TYPE, "_map", "a map of it"},
	{NAMES_OF_TYPE, "_map_entry", "an entry of a map of it"},
	{NAMES_OF_TYPE, "__type", "its description"},
	{NAMES_OF_ENUM, "_open", "a value of it that may be unknown"},
	{NAMES_OF_ENUM, "_name", "the function from a value to its name"},
	{NAMES_OF_ENUM, "_from_name", "the function from a name to its value"},
	{NAMES_OF_UNION, "_kind", "the enum of its arms"},
	{NAMES_OF_RECORD, "_decode", "its decoder"},
	{NAMES_OF_RECORD, "_decode_in_place", "its decoder"},
	{NAMES_OF_RECORD, "_encode", "its encoder"},
	{NAMES_OF_RECORD, "_validate", "the function that checks it"},
	{NAMES_OF_RECORD, "_print", "the function that prints it"},
	{NAMES_OF_RECORD, "_clone", "the function that copies it"},
	{NAMES_OF_RECORD, "_equal", "the function that compares it"},
	{NAMES_OF_MESSAGE, "_message", "its description"},
	{NAMES_OF_GROUP, "_group_name", "the function that makes its name"},
	{NAMES_OF_CONSUMER, "_handlers", "its handlers"},
	{NAMES_OF_CONSUMER, "_params", "its parameters"},
	{NAMES_OF_CONSUMER, "_serve", "the function that serves it"},
	{NAMES_OF_CONSUMER, "_post", "the function that runs a task for one of its connections"},
	{NAMES_OF_CONSUMER, "_connected_later", "a function for its hook 'connected'"},
	{NAMES_OF_CONSUMER, "_connected_defer", "a function for its hook 'connected'"},
	{NAMES_OF_CONSUMER, "_connected_pending", "what its hook 'connected' waits for"},
	{NAMES_OF_CONSUMER, "_client", "its client (--emit c-client)"},
	{NAMES_OF_CONSUMER, "_client_handlers", "its client's handlers"},
	{NAMES_OF_CONSUMER, "_client_new", "the function that makes its client"},
	{NAMES_OF_CONSUMER, "_client_path", "the function that writes its address"},
	{NAMES_OF_TOPIC, "_unsubscribe", "the function that ends a subscription"},
	{NAMES_OF_TOPIC, "_subscribed_later", "a function for its hook 'subscribed'"},
	{NAMES_OF_TOPIC, "_subscribed_defer", "a function for its hook 'subscribed'"},
	{NAMES_OF_TOPIC, "_subscribed_pending", "what its hook 'subscribed' waits for"},
	{NAMES_OF_HANDLER, "_later", "a function for answering later"},
	{NAMES_OF_HANDLER, "_defer", "a function for answering later"},
	{NAMES_OF_HANDLER, "_pending", "an answer that is still due"},
	{NAMES_OF_HANDLER, "_reply", "its answers"},
	{NAMES_OF_QUESTION, "_answer", "what came of it"},
	{NAMES_OF_QUESTION, "_answer_later", "a function for dealing with its answer later"},
	{NAMES_OF_QUESTION, "_answer_defer", "a function for dealing with its answer later"},
	{NAMES_OF_QUESTION, "_answer_pending", "an answer that is being dealt with"},
};
/* clang-format on */
const size_t n_names_made = sizeof(names_made) / sizeof(names_made[0]);

static int compare_word(const void *key, const void *row)
{
	return strcmp(key, *(const char *const *)row);
}

bool names_is_reserved(const char *name)
{
	return bsearch(name, reserved, sizeof(reserved) / sizeof(reserved[0]), sizeof(reserved[0]),
	               compare_word) != NULL;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void keep(void *name)
{
	(void)name; /* lives in the arena */
}

void names_clear(struct names *names)
{
	tdestroy(names->taken, keep);
	names->taken = NULL;
}

bool names_is_taken(const struct names *names, const char *name)
{
	return tfind(name, &names->taken, compare_names) != NULL;
}

const char *names_claim(struct names *names, const char *wanted)
{
	const char *name = wanted;

	if (names_is_reserved(name))
		name = arena_printf(names->arena, "%s_", name);
	while (names_is_taken(names, name))
		name = arena_printf(names->arena, "%s_", name);
	if (tsearch(name, &names->taken, compare_names) == NULL)
		memory_exhausted();
	return name;
}

const char *names_join(struct arena *arena, const char *prefix, const char *name)
{
	return arena_printf(arena, "%s_%s", prefix, name);
}

const char *names_upper(struct arena *arena, const char *name)
{
	char *upper = arena_copy(arena, name, strlen(name));
	char *c;

	for (c = upper; *c != '\0'; c++)
		*c = (char)toupper((unsigned char)*c);
	return upper;
}

const char *names_from_text(struct arena *arena, const char *text)
{
	bool is_negative = text[0] == '-' && isdigit((unsigned char)text[1]);
	char *piece = arena_copy(arena, text, strlen(text));
	size_t length = 0;

	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) || *text == '_')
			piece[length++] = *text;
		else if (length != 0 && piece[length - 1] != '_')
			piece[length++] = '_';
	}
	while (length != 0 && piece[length - 1] == '_')
		length--;
	piece[length] = '\0';
	if (length == 0)
		return "value";
	return is_negative ? arena_printf(arena, "minus_%s", piece) : piece;
}

bool names_is_prefix(const char *text)
{
	size_t length = strlen(text), i;

	if (length == 0 || length > NAMES_MAX_PREFIX || !isalpha((unsigned char)text[0]))
		return false;
	for (i = 1; i < length; i++) {
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	}
	return true;
}
