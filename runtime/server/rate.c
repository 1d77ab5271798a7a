/* SPDX-License-Identifier: MIT */
/*
 * The generic cell rate algorithm in whole numbers: a token costs `per_ms` units, and `tokens` units come back per millisecond, so that
 * no rate is ever rounded. It must not know what is being limited.
 */
#include "rate.h"

int64_t msgc__bucket_take(struct msgc__bucket *bucket, const struct msgc_rate *rate, int64_t now_ms)
{
	int64_t tokens = rate->tokens, cost = rate->per_ms;
	int64_t burst = rate->burst > 0 ? rate->burst : rate->tokens;
	int64_t elapsed = now_ms - bucket->at, most;

	if (tokens == 0 || cost <= 0)
		return 0;
	if (elapsed > 0) {
		bucket->at = now_ms;
		bucket->spent =
		        elapsed > bucket->spent / tokens ? 0 : bucket->spent - elapsed * tokens;
	}
	if (__builtin_mul_overflow(burst, cost, &most))
		most = INT64_MAX;
	if (bucket->spent > most - cost) {
		int64_t over = bucket->spent - (most - cost);

		return over / tokens + (over % tokens != 0);
	}
	bucket->spent += cost;
	return 0;
}

int64_t msgc__bucket_look(
        const struct msgc__bucket *bucket, const struct msgc_rate *rate, int64_t now_ms)
{
	struct msgc__bucket copy = *bucket;

	return msgc__bucket_take(&copy, rate, now_ms);
}
