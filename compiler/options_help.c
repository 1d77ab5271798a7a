/* SPDX-License-Identifier: MIT */
/*
 * options_help.c - what --help says. docs/tools.md says more.
 */
#include "emit.h"
#include "options.h"

static void list_emitters(FILE *stream)
{
	size_t i;

	for (i = 0; i < n_emitters; i++)
		fprintf(stream, "                        %-21s%s\n", emitters[i].name,
		        emitters[i].summary);
}

static void list_warnings(FILE *stream)
{
	const char *name;
	bool is_usual;
	size_t i;

	fputs("\nWarnings (those with a star are given only where -W NAME asks for them):\n",
	        stream);
	for (i = 0; (name = diag_policy_name(i, &is_usual)) != NULL; i++)
		fprintf(stream, "  %s%s\n", name, is_usual ? "" : " *");
}

static const char common[] =
        "  -I DIR              look for imports in DIR too; may be given several times\n"
        "  -W NAME             warn of this, too; -W all: of everything\n"
        "  -W no-NAME          do not warn of this\n"
        "  -W error            warnings are errors; -W error=NAME: this one is\n"
        "  --message-format F  text (default), json (one object a line) or github\n"
        "  --diagnostic-ids    write the id of what is wrong behind it, for -W and tests\n"
        "  --help              this text\n";

static void help_compile(FILE *stream)
{
	fputs("Usage: msgc [OPTION]... FILE.msg...\n"
	      "       msgc COMMAND [OPTION]... ARGUMENT...\n"
	      "\n"
	      "Compiles contracts. Without --emit, writes C: FILE.msgc.h and FILE.msgc.c.\n"
	      "\n"
	      "Commands (msgc help COMMAND says more):\n"
	      "  check     say what is wrong with contracts, and what a careful reader would ask\n"
	      "  fmt       lay contracts out in the one canonical way\n"
	      "  diff      say what a new version of a contract breaks, and for whom\n"
	      "  init      begin a project\n"
	      "  publish   give a running server a message for one of its groups\n"
	      "  call      speak to a running server in the terminal\n"
	      "  help      this text, or that of a command\n"
	      "\n"
	      "Options:\n"
	      "  -o DIR              write outputs to DIR (default: the present folder)\n"
	      "  --emit NAME,...     what to write:\n",
	        stream);
	list_emitters(stream);
	fputs("  --stubs             write FILE_handlers.c as well, unless it exists\n"
	      "  --optimize speed    C: readers for every record, beside its table\n"
	      "  --optimize size     C: none; the codec reads by the tables, slower and smaller\n"
	      "  --optimize auto     readers for what messages begin with (default)\n"
	      "  -M                  write what the outputs depend on, as a make rule, and nothing "
	      "else\n"
	      "  -MD                 write that rule beside the outputs, to FILE.d\n"
	      "  -MF FILE            write it to FILE; implies -MD\n"
	      "  -MT TARGET          the rule's target instead of the outputs; may be given "
	      "several times\n"
	      "  -MP                 add an empty rule for each import\n",
	        stream);
	fputs(common, stream);
	fputs("  --version           msgc's version\n"
	      "\n"
	      "Exit status: 0 if all is well, 1 for a contract with errors, 2 for a wrong command "
	      "line or\n"
	      "a file that cannot be read or written.\n",
	        stream);
}

static void help_check(FILE *stream)
{
	fputs("Usage: msgc check [OPTION]... FILE.msg...\n"
	      "\n"
	      "Checks contracts and writes nothing. Beside what the compiler says anyway, warns of "
	      "what a\n"
	      "careful reader would ask about.\n"
	      "\n",
	        stream);
	fputs(common, stream);
	list_warnings(stream);
	fputs("\nExit status: 0 if there are no errors, 1 if there are, 2 for a wrong command line "
	      "or a file\n"
	      "that cannot be read.\n",
	        stream);
}

static void help_fmt(FILE *stream)
{
	fputs("Usage: msgc fmt [OPTION]... FILE.msg...\n"
	      "       msgc fmt [OPTION]... -\n"
	      "\n"
	      "Lays contracts out in the one canonical way: white space changes, nothing else "
	      "does. Files are\n"
	      "rewritten in place, whole or not at all; '-' reads the standard input and writes "
	      "the "
	      "standard\n"
	      "output. A file with errors of syntax stays as it is.\n"
	      "\n"
	      "  --check             write nothing; name the files that would change\n"
	      "  --diff              write nothing; show what would change\n"
	      "  --message-format F  text (default), json (one object a line) or github\n"
	      "  --diagnostic-ids    write the id of what is wrong behind it, for -W and tests\n"
	      "  --help              this text\n"
	      "\n"
	      "Exit status: 0 if all is well, 1 for errors of syntax, or with --check or --diff "
	      "for "
	      "a file that\n"
	      "would change; 2 for a wrong command line or a file that cannot be read or "
	      "written.\n",
	        stream);
}

static void help_diff(FILE *stream)
{
	fputs("Usage: msgc diff [OPTION]... OLD.msg NEW.msg\n"
	      "\n"
	      "Says what the new version of a contract breaks: for old clients that send to a new "
	      "server, for\n"
	      "old clients that read what a new server sends, and for C programs written for the "
	      "old one.\n"
	      "\n",
	        stream);
	fputs(common, stream);
	fputs("\n"
	      "Exit status: 0 if nothing breaks, 1 if something does, 2 for a wrong command line, "
	      "a "
	      "file that\n"
	      "cannot be read, or a contract with errors.\n",
	        stream);
}

static void help_init(FILE *stream)
{
	fputs("Usage: msgc init [OPTION]... NAME\n"
	      "\n"
	      "Begins a project in the folder NAME: the contract NAME.msg, a first NAME_handlers.c "
	      "that serves\n"
	      "it, and a CMakeLists.txt that builds the server. Overwrites nothing.\n"
	      "\n"
	      "  -o DIR              write to DIR instead of the folder NAME\n"
	      "  --help              this text\n"
	      "\n"
	      "Exit status: 0 if all is well, 2 for a wrong command line or a file that exists or "
	      "cannot be\n"
	      "written.\n",
	        stream);
}

static void help_publish(FILE *stream)
{
	fputs("Usage: msgc publish [OPTION]... GROUP [MESSAGE]\n"
	      "\n"
	      "Sends MESSAGE (JSON; without it, or as -, what the standard input says) to the "
	      "members of\n"
	      "GROUP (\"chat_room_7\") on a running server, which checks it by its contract.\n"
	      "\n"
	      "  --url URL           the administrative listener (default: http://127.0.0.1:9000)\n"
	      "  --key-file FILE     the server's publish-key (default: MSGC_PUBLISH_KEY in the "
	      "environment)\n"
	      "  --help              this text\n"
	      "\n"
	      "Exit status: 0 if it has been published, 1 if the server refused it and said why, 2 "
	      "for a wrong\n"
	      "command line or a server that does not answer.\n",
	        stream);
}

void options_help(FILE *stream, enum options_command command)
{
	switch (command) {
	case COMMAND_COMPILE: help_compile(stream); break;
	case COMMAND_CHECK: help_check(stream); break;
	case COMMAND_FMT: help_fmt(stream); break;
	case COMMAND_DIFF: help_diff(stream); break;
	case COMMAND_INIT: help_init(stream); break;
	case COMMAND_PUBLISH: help_publish(stream); break;
	}
}
