/* SPDX-License-Identifier: MIT */
/*
 * Static files: found by their path, never outside of their directory, with type and ETag.
 */
#define _GNU_SOURCE 1 /* O_PATH */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "server/http_internal.h"
#include "suites.h"

static char root[64];
static struct msgc__static directory;
static struct msgc_arena arena;

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
}

static void link_to(const char *target, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	ck_assert_int_eq(symlink(target, path), 0);
}

static void make_directory(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void setup(void)
{
	char path[128];

	msgc_arena_init(&arena, 0);
	strcpy(root, "/tmp/msgc-static-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	make_directory("www");
	make_directory("www/docs");
	make_directory("www/bare");
	make_directory("www-secret");
	write_file("www/index.html", "<h1>");
	write_file("www/app.js", "1");
	write_file("www/docs/index.html", "docs");
	write_file("www/docs/a b.txt", "blank");
	write_file("www/.hidden", "secret");
	write_file("secret.txt", "secret");
	write_file("www-secret/x.txt", "secret");
	link_to("../secret.txt", "www/out.txt");
	link_to("/etc/passwd", "www/absolute.txt");
	link_to("..", "www/up");
	link_to("app.js", "www/alias.js");
	link_to("loop", "www/loop");
	snprintf(path, sizeof(path), "%s/www", root);
	directory.directory = realpath(path, NULL);
	directory.fd = open(path, O_PATH | O_DIRECTORY);
	ck_assert_int_ge(directory.fd, 0);
	snprintf(path, sizeof(path), "%s/www/fifo", root);
	ck_assert_int_eq(mkfifo(path, 0644), 0);
}

static void teardown(void)
{
	char command[128];

	close(directory.fd);
	free(directory.directory);
	msgc_arena_free(&arena);
	snprintf(command, sizeof(command), "rm -r %s", root);
	ck_assert_int_eq(system(command), 0);
}

/* The content of what a path gives, or the name of the code. */
static const char *served(const char *path)
{
	static char text[64];
	struct msgc__path split;
	struct msgc__file file;
	ssize_t n;
	int result;

	ck_assert_int_eq(msgc__path_split(msgc_str_from(path), &arena, &split), 0);
	result = msgc__static_open(&directory, split.segments, split.count, split.slash, &file);
	if (result == MSGC_LATER)
		return "redirect";
	if (result)
		return msgc_error_name(result);
	n = read(file.fd, text, sizeof(text) - 1);
	ck_assert_int_eq(n, file.size);
	text[n] = '\0';
	close(file.fd);
	return text;
}

START_TEST(files_are_found)
{
	ck_assert_str_eq(served("/"), "<h1>");
	ck_assert_str_eq(served("/index.html"), "<h1>");
	ck_assert_str_eq(served("/app.js"), "1");
	ck_assert_str_eq(served("/docs/"), "docs");
	ck_assert_str_eq(served("/docs"), "redirect");
	ck_assert_str_eq(served("/docs/a%20b.txt"), "blank");
	ck_assert_str_eq(served("/alias.js"), "1"); /* a link that stays inside */
}
END_TEST

START_TEST(what_is_not_to_be_seen_is_not_found)
{
	static const char *const paths[] = {"/none", "/app.js/", "/app.js/x", "/bare", "/bare/",
	        "/.hidden", "/docs/none", "/fifo", "/loop", "//app.js", "/docs//index.html",
	        "/INDEX.HTML"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ck_assert_msg(strcmp(served(paths[i]), "MSGC_ENOTFOUND") == 0, "%s", paths[i]);
}
END_TEST

START_TEST(nothing_outside_of_the_directory_is_served)
{
	static const char *const paths[] = {"/../secret.txt", "/docs/../../secret.txt",
	        "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt",
	        "/docs/..%2f..%2fsecret.txt", "/out.txt", "/absolute.txt", "/up/secret.txt",
	        "/up/www-secret/x.txt", "/../www-secret/x.txt", "/%2Fetc%2Fpasswd", "//etc/passwd",
	        "/proc/self/environ", "/./app.js"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		ck_assert_msg(strcmp(served(paths[i]), "MSGC_ENOTFOUND") == 0, "%s", paths[i]);
}
END_TEST

START_TEST(long_names_are_not_found)
{
	char path[MSGC__PATH_MAX];

	path[0] = '/';
	memset(path + 1, 'a', 300);
	path[301] = '\0';
	ck_assert_str_eq(served(path), "MSGC_ENOTFOUND");
}
END_TEST

START_TEST(types_go_by_extension)
{
	ck_assert_str_eq(msgc__mime_type("a.html"), "text/html; charset=utf-8");
	ck_assert_str_eq(msgc__mime_type("a.min.JS"), "text/javascript; charset=utf-8");
	ck_assert_str_eq(msgc__mime_type("a.webp"), "image/webp");
	ck_assert_str_eq(msgc__mime_type("a"), "application/octet-stream");
	ck_assert_str_eq(msgc__mime_type("a.unknown"), "application/octet-stream");
}
END_TEST

START_TEST(the_etag_changes_with_the_file)
{
	struct msgc_str name = MSGC_STR("app.js");
	struct msgc__file before, after;

	ck_assert_int_eq(msgc__static_open(&directory, &name, 1, false, &before), 0);
	write_file("www/app.js", "22");
	ck_assert_int_eq(msgc__static_open(&directory, &name, 1, false, &after), 0);
	ck_assert_str_ne(before.etag, after.etag);
	ck_assert_int_eq(before.etag[0], '"');
	close(before.fd);
	close(after.fd);
}
END_TEST

START_TEST(if_none_match)
{
	ck_assert(msgc__etag_matches(MSGC_STR("\"a\""), "\"a\""));
	ck_assert(msgc__etag_matches(MSGC_STR("W/\"a\""), "\"a\""));
	ck_assert(msgc__etag_matches(MSGC_STR("\"b\" , \"a\""), "\"a\""));
	ck_assert(msgc__etag_matches(MSGC_STR("*"), "\"a\""));
	ck_assert(!msgc__etag_matches(MSGC_STR("\"ab\""), "\"a\""));
	ck_assert(!msgc__etag_matches(MSGC_STR("a"), "\"a\""));
	ck_assert(!msgc__etag_matches(MSGC_STR(""), "\"a\""));
	ck_assert(!msgc__etag_matches(MSGC_STR(",,"), "\"a\""));
}
END_TEST

Suite *static_suite(void)
{
	Suite *suite = suite_create("static");
	TCase *tcase = tcase_create("static");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, files_are_found);
	tcase_add_test(tcase, what_is_not_to_be_seen_is_not_found);
	tcase_add_test(tcase, nothing_outside_of_the_directory_is_served);
	tcase_add_test(tcase, long_names_are_not_found);
	tcase_add_test(tcase, types_go_by_extension);
	tcase_add_test(tcase, the_etag_changes_with_the_file);
	tcase_add_test(tcase, if_none_match);
	suite_add_tcase(suite, tcase);
	return suite;
}
