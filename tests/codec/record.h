/* SPDX-License-Identifier: MIT */
/*
 * A record written by hand the way generated code reads, one member of each kind, holding itself in
 * a list; so that the codec can be tested, and fuzzed, without the compiler.
 *
 *	type record {
 *		id: int53(min 1, step 5);
 *		text: string(len 1..5, trim);
 *		role: role = member;                    // enum role { owner, member }
 *		score?: float64(below 100, step 0.25);
 *		at: datetime | null;
 *		tags: string(len 1..20)[](count ..3, unique) = [];
 *		marks?: map<int8>(count ..2);           // keys: string(len ..4)
 *		data?: bytes(len ..4);
 *		price?: decimal(min 0.5);
 *		extra?: json;
 *		children: record[](count ..40) = [];
 *	}
 */
#ifndef RECORD_H
#define RECORD_H

#include <msgc/codec_gen.h>

enum role { ROLE_OWNER, ROLE_MEMBER };

struct mark {
	struct msgc_str key;
	int8_t value;
};

struct marks {
	const struct mark *items;
	size_t count;
};

struct record_list {
	const struct record *items;
	size_t count;
};

struct record {
	int64_t id;
	struct msgc_str text;
	enum role role;
	bool has_score;
	double score;
	bool at_is_null;
	struct msgc_datetime at;
	struct msgc_str_list tags;
	bool has_marks;
	struct marks marks;
	bool has_data;
	struct msgc_bytes data;
	bool has_price;
	struct msgc_decimal price;
	bool has_extra;
	struct msgc_json extra;
	struct record_list children;
};

int record_decode(const char *text, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct record *ret, struct msgc_problems *problems);
int record_decode_in_place(char *text, size_t len, const struct msgc_decode_options *options,
        struct msgc_arena *arena, struct record *ret, struct msgc_problems *problems);
int record_encode(const struct record *v, struct msgc_buf *out);
int record_validate(const struct record *v, struct msgc_problems *problems);
int record_clone(const struct record *v, struct msgc_arena *arena, struct record *ret);
bool record_equal(const struct record *a, const struct record *b);

#endif
