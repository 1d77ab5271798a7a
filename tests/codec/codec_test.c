/* SPDX-License-Identifier: MIT */
/*
 * See codec_test.h.
 */
#include "codec_test.h"

#include <locale.h>
#include <stdio.h>

#include <sys/mman.h>
#include <unistd.h>

#include "codec/kernels.h"

#define CODEC_TEST_SKIPPED 77

int codec_test_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	const char *path = getenv("MSGC_TEST_KERNELS"), *comma = getenv("MSGC_TEST_COMMA");
	int failed;

	if (comma && (!setlocale(LC_ALL, comma) || strcmp(localeconv()->decimal_point, ",") != 0)) {
		printf("%s is no locale with a decimal comma\n", comma);
		srunner_free(runner);
		return EXIT_FAILURE;
	}
	if (path && !msgc__kernels_use(path)) {
		printf("this machine has no %s\n", path);
		srunner_free(runner);
		return CODEC_TEST_SKIPPED;
	}
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	if (srunner_ntests_run(runner) == 0)
		failed = 1;
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

TCase *codec_test_loops(Suite *suite, const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 60);
	suite_add_tcase(suite, tcase);
	return tcase;
}

void codec_test_case(Suite *suite, const char *name, const TTest *const *tests)
{
	TCase *tcase = codec_test_loops(suite, name);

	for (; *tests; tests++)
		tcase_add_test(tcase, *tests);
}

int codec_test_validate(const char *text, size_t len, struct msgc_problems *problems)
{
	struct msgc_arena arena = {0};
	int result = msgc_json_validate(text, len, NULL, &arena, problems);

	msgc_arena_free(&arena);
	return result;
}

struct guarded guarded_new(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = (size + page - 1) / page * page;
	struct guarded g = {.map_size = pages + page};

	g.map = mmap(NULL, g.map_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(g.map, MAP_FAILED);
	ck_assert_int_eq(mprotect((char *)g.map + pages, page, PROT_NONE), 0);
	g.data = (char *)g.map + pages - size;
	return g;
}

void guarded_free(struct guarded *g)
{
	munmap(g->map, g->map_size);
}

struct field field_new(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), size = 8 * page;
	char *map = mmap(
	        NULL, size + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct field f = {map + page, map + page + size};

	ck_assert_ptr_ne(map, MAP_FAILED);
	ck_assert_int_eq(mprotect(map, page, PROT_NONE), 0);
	ck_assert_int_eq(mprotect(f.end, page, PROT_NONE), 0);
	return f;
}

void sow(char *at, size_t n, unsigned seed)
{
	static const char hostile[] = "\"}]0,:1e\\ .\x80\xBF-{[";

	for (size_t i = 0; i < n; i++)
		at[i] = hostile[(i + seed) % (sizeof hostile - 1)];
}

void bench_open(struct bench *b, const char *text)
{
	size_t len = strlen(text);

	memset(&b->arena, 0, sizeof b->arena);
	b->text = malloc(len + MSGC_PADDING);
	ck_assert_ptr_nonnull(b->text);
	memcpy(b->text, text, len);
	ck_assert(msgc_reader_open(&b->r, b->text, len, NULL, &b->arena, &b->problems));
}

int bench_close(struct bench *b)
{
	int result = msgc_reader_close(&b->r);

	msgc_arena_free(&b->arena);
	free(b->text);
	return result;
}
