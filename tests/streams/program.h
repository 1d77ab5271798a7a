/* SPDX-License-Identifier: MIT */
/*
 * A program that keeps histories, for tests over the kit.
 */
#ifndef STREAMS_PROGRAM_H
#define STREAMS_PROGRAM_H

#include <pthread.h>

#include <msgc/sqlite.h>
#include <msgc/test.h>

#include "streams.msgc.h"

/* What it has of its own: a table `notes` in the server's file, for `note`. Zeroed: it has none. */
struct streams_app {
	pthread_mutex_t lock; /* of db */
	sqlite3 *db;
	int sabotage; /* 1: the row is refused; 2: the program changes its mind; 3: twice into one transaction */
};

/* Cookie "sid": who one is. `app` may be NULL. */
struct msgc_server *streams_make(int argc, char **argv, void *app);

/* Before the server starts: opens the file and makes the table. */
void streams_app_open(struct streams_app *app, const char *file);
void streams_app_close(struct streams_app *app);
int streams_app_count(struct streams_app *app, const char *sql); /* the number that it gives */

/* A file in a folder of its own, made when it is first asked for, and the key that names it. */
const char *streams_file(void);
const char *streams_file_key(void); /* "--sqlite-file=…" */
void streams_file_clear(void);      /* as if it had never been there */
void streams_file_remove(void);

#endif
