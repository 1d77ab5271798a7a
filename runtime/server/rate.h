/* SPDX-License-Identifier: MIT */
/*
 * Token buckets, exact in milliseconds and without a timer: a bucket is filled when it is looked at.
 */
#ifndef MSGC__RATE_H
#define MSGC__RATE_H

#include <stdint.h>

#include <msgc/consumer.h>

struct msgc__bucket {
	int64_t spent; /* in units of 1 / tokens of `per_ms`; 0: full */
	int64_t at;    /* when that was true */
};

/* Takes one token. 0, or the milliseconds until there is one. A rate of 0 tokens is no limit. */
int64_t msgc__bucket_take(
        struct msgc__bucket *bucket, const struct msgc_rate *rate, int64_t now_ms);

/* The same without taking it. */
int64_t msgc__bucket_look(
        const struct msgc__bucket *bucket, const struct msgc_rate *rate, int64_t now_ms);

#endif
