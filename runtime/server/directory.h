/* SPDX-License-Identifier: MIT */
/*
 * One worker's connections by their numbers, and the program's way to one of them from anywhere. It must not know what is done there.
 */
#ifndef MSGC__DIRECTORY_H
#define MSGC__DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

struct msgc_server;
struct msgc_connection;

struct msgc__directory {
	struct msgc_connection **buckets; /* a power of two */
	size_t bucket_count, count;
};

/* A number that says which worker's the connection is; with one worker they count from 1. */
uint64_t msgc__directory_number(struct msgc_server *server, unsigned worker);

int msgc__directory_init(struct msgc__directory *directory); /* MSGC_ENOMEM */
void msgc__directory_free(struct msgc__directory *directory);
void msgc__directory_add(struct msgc__directory *directory, struct msgc_connection *connection);
void msgc__directory_remove(struct msgc__directory *directory, struct msgc_connection *connection);
/* NULL: there is none, or none any more. */
struct msgc_connection *msgc__directory_find(const struct msgc__directory *directory, uint64_t id);

#endif
