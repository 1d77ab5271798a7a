/* SPDX-License-Identifier: MIT */
/*
 * The files of the playground, as embed_assets.cmake writes them from clients/playground. What they do there is written.
 */
#ifndef MSGC__PLAYGROUND_H
#define MSGC__PLAYGROUND_H

#include <stddef.h>

struct msgc__asset {
	const char *name; /* "playground.js" */
	const char *bytes;
	size_t len;
};

extern const struct msgc__asset msgc__playground_assets[];
extern const size_t msgc__playground_asset_count;

#endif
