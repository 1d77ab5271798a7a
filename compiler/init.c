/* SPDX-License-Identifier: MIT */
/*
 * init.c - the texts of a new project: small, and everything in them works.
 *
 * The contract is what `msgc fmt` would make of it, and `msgc check` has nothing to say about it.
 */
#include "init.h"

#include <string.h>

#include "arena.h"
#include "names.h"

bool init_is_name(const char *name)
{
	return names_is_prefix(name) && strcmp(name, "std") != 0 && strncmp(name, "msgc", 4) != 0;
}

const char *init_contract(struct arena *arena, const char *name)
{
	return arena_printf(arena,
	        "// %s.msg — what clients and the server say to each other.\n"
	        "contract %s 1;\n"
	        "\n"
	        "/// Here I am.\n"
	        "message greet {\n"
	        "    payload: {\n"
	        "        /// What the visitor wants to be called.\n"
	        "        name: string(len 1..40, trim, not_blank);\n"
	        "    };\n"
	        "}\n"
	        "\n"
	        "/// Nice to meet you.\n"
	        "message greeting { payload: string(len 1..60); }\n"
	        "\n"
	        "/// Where visitors come in.\n"
	        "consumer door at \"/ws/\" {\n"
	        "    receive ping -> pong;\n"
	        "    receive greet -> greeting;\n"
	        "    limit   greet 5 per 1s burst 10;\n"
	        "}\n",
	        name, name);
}

/* A target of its own: names such as "test" and "install" are CMake's. */
const char *init_cmake(struct arena *arena, const char *name, const char *version)
{
	return arena_printf(arena,
	        "cmake_minimum_required(VERSION 3.25)\n"
	        "project(%s LANGUAGES C)\n"
	        "\n"
	        "find_package(msgc %s REQUIRED)\n"
	        "\n"
	        "add_executable(%s_server %s_handlers.c)\n"
	        "msgc_generate(TARGET %s_server CONTRACTS %s.msg)\n"
	        "target_link_libraries(%s_server PRIVATE msgc::msgc)\n",
	        name, version, name, name, name, name, name);
}
