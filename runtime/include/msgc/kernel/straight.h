/* SPDX-License-Identifier: MIT */
/*
 * What a generated reader is made of, for one set of vector instructions: text that must follow to
 * the letter, and values as they usually come, with the contract's limits as constants. What is not
 * as usual is left to the kernels (struct msgc__aside), which know all the words. It knows no type's
 * table but by handing it over.
 *
 * Internal, as all in this folder.
 */
#ifndef MSGC_KERNEL_STRAIGHT_H
#define MSGC_KERNEL_STRAIGHT_H

#include <msgc/kernel/few.h>

/* ---- text that is known ---- */

/* Up to 16 bytes, n of them; both ends are compared, which may overlap. */
ALWAYS bool words_at(const char *p, const char *text, size_t n)
{
	uint32_t a, b, c, d;

	if (n >= 8)
		return !((msgc__load8(p) ^ msgc__load8(text)) |
		        (msgc__load8(p + n - 8) ^ msgc__load8(text + n - 8)));
	if (n < 4)
		return memcmp(p, text, n) == 0;
	memcpy(&a, p, 4);
	memcpy(&b, text, 4);
	memcpy(&c, p + n - 4, 4);
	memcpy(&d, text + n - 4, 4);
	return !((a ^ b) | (c ^ d));
}

#if KERNEL_X86
/* Ones where 16 bytes differ. */
ALWAYS __m128i differences(const char *p, const char *text)
{
	return _mm_xor_si128(_mm_loadu_si128((const __m128i *)(const void *)p),
	        _mm_loadu_si128((const __m128i *)(const void *)text));
}

/* 16 to 32 bytes, as words_at() has it. */
ALWAYS bool halves_at(const char *p, const char *text, size_t n)
{
	__m128i other = _mm_or_si128(differences(p, text), differences(p + n - 16, text + n - 16));

#if KERNEL_ISA == ISA_AVX2
	return _mm_testz_si128(other, other);
#else
	return _mm_movemask_epi8(_mm_cmpeq_epi8(other, _mm_setzero_si128())) == 0xFFFF;
#endif
}
#endif

/* n is a constant, at most MSGC_PADDING - 1. */
ALWAYS bool literal_at(const char *p, const char *text, size_t n)
{
	if (n <= 16)
		return words_at(p, text, n);
#if KERNEL_ISA == ISA_AVX2
	if (n > 32) {
		block first = _mm256_xor_si256(block_load(p), block_load(text));
		block last = _mm256_xor_si256(block_load(p + n - 32), block_load(text + n - 32));
		block other = _mm256_or_si256(first, last);

		return _mm256_testz_si256(other, other);
	}
	return halves_at(p, text, n);
#elif KERNEL_X86
	/* Without a branch. */
	return n <= 32 ? halves_at(p, text, n)
	               : ((unsigned)halves_at(p, text, 32) &
	                         (unsigned)halves_at(p + n - 32, text + n - 32, 32)) != 0;
#else
	if (n <= 32)
		return words_at(p, text, 16) && words_at(p + n - 16, text + n - 16, 16);
	return literal_at(p, text, 32) && literal_at(p + n - 32, text + n - 32, 32);
#endif
}

/* ---- values of members: at p, strings behind their opening quote ---- */

/*
 * All return what is behind the value. `type` is the record, `index` the member's, `value` the
 * record's struct, `to` the member's place in it.
 */
#define MSGC__MEMBER_OF                                                                            \
	struct msgc_reader *r, char *p, const struct msgc_type *type, size_t index, void *value
ALWAYS char *straight_str(MSGC__MEMBER_OF, struct msgc_str *to)
{
	bool high;
	char *end = take_string(r, p, to, &high);

	return MSGC__LIKELY(end != NULL)
	        ? end
	        : msgc__kernels->aside->value(r, p - 1, type, index, value);
}

ALWAYS char *straight_text(MSGC__MEMBER_OF, struct msgc_str *to, size_t len_min, size_t len_max)
{
	bool high;
	char *end = take_string(r, p, to, &high);

	if (MSGC__UNLIKELY(!end))
		return msgc__kernels->aside->value(r, p - 1, type, index, value);
	if (MSGC__UNLIKELY(high || to->len - len_min > len_max - len_min))
		msgc__kernels->aside->len(r, type, index, value);
	return end;
}

ALWAYS char *straight_run(MSGC__MEMBER_OF, struct msgc_str *to, const struct msgc_shape *shape,
        size_t least, size_t most)
{
	size_t n = class_run(p, shape);

	if (MSGC__UNLIKELY(!run_fits(n, least, most)))
		return msgc__kernels->aside->value(r, p - 1, type, index, value);
	return put_slice(r, p, n, to);
}

ALWAYS char *straight_places(
        MSGC__MEMBER_OF, struct msgc_str *to, const struct msgc_shape *shape, size_t len)
{
	if (MSGC__UNLIKELY(!places_hold(p, shape)))
		return msgc__kernels->aside->value(r, p - 1, type, index, value);
	return put_slice(r, p, len, to);
}

ALWAYS char *straight_bool(MSGC__MEMBER_OF, bool *to)
{
	char *end = quick_bool(p, to);

	return MSGC__LIKELY(end != NULL) ? end
	                                 : msgc__kernels->aside->value(r, p, type, index, value);
}

/* The C type is signed or not, and of this size: the number fits. */
ALWAYS void store_int(void *to, size_t size, int64_t v)
{
	int32_t four = (int32_t)v;
	int16_t two = (int16_t)v;
	int8_t one = (int8_t)v;

	switch (size) {
	case 8: memcpy(to, &v, 8); break;
	case 4: memcpy(to, &four, 4); break;
	case 2: memcpy(to, &two, 2); break;
	default: memcpy(to, &one, 1);
	}
}

ALWAYS char *straight_int(MSGC__MEMBER_OF, void *to, size_t size, int64_t least, int64_t most)
{
	int64_t v;
	char *end = take_short_int(p, &v);

	if (MSGC__UNLIKELY(!end))
		end = take_int(p, least < 0, &v);
	if (MSGC__UNLIKELY(!end || v < least || v > most))
		return msgc__kernels->aside->value(r, p, type, index, value);
	store_int(to, size, v);
	return end;
}

ALWAYS char *straight_float64(MSGC__MEMBER_OF, double *to)
{
	char *end = take_float64(p, to);

	return MSGC__LIKELY(end != NULL) ? end
	                                 : msgc__kernels->aside->value(r, p, type, index, value);
}

ALWAYS char *straight_enum(MSGC__MEMBER_OF, const struct msgc_type *of, void *to)
{
	char *end = quick_enum(p, of, to);

	return MSGC__LIKELY(end != NULL) ? end
	                                 : msgc__kernels->aside->value(r, p, type, index, value);
}

/* ---- lists ---- */

/* Do this and an item follow at once? opener: what all items begin with, or 0. */
ALWAYS bool item_follows(const char *p, char before, char opener)
{
	char both[2] = {before, opener};

	if (opener)
		return memcmp(p, both, 2) == 0;
	return *p == before && (uint8_t)p[1] > ' ' && p[1] != ']';
}

/* One item as it usually comes, or NULL. */
ALWAYS char *straight_item(struct msgc_reader *r, char *p, const struct msgc_type *list,
        struct msgc__items_of of, struct msgc__room *to, size_t n, char *item)
{
	struct msgc_str *str = (struct msgc_str *)(void *)item;
	double *number = (double *)(void *)item;
	int64_t v;
	size_t len;
	bool high;

	if (of.opener == '"' && MSGC__UNLIKELY(*p != '"'))
		return NULL;
	switch (of.what) {
	case MSGC__ITEMS_RECORDS:
		to->l.at.index = n;
		memset(item, 0, of.size);
		return of.read(r, p, item);
	case MSGC__ITEMS_STRS: return take_string(r, p + 1, str, &high);
	case MSGC__ITEMS_TEXTS:
		p = take_string(r, p + 1, str, &high);
		if (p && MSGC__UNLIKELY(high || str->len - of.least > of.most - of.least))
			msgc__kernels->aside->item_len(r, list, to, n, item);
		return p;
	case MSGC__ITEMS_RUNS:
		len = class_run(p + 1, of.shape);
		if (MSGC__UNLIKELY(!run_fits(len, of.least, of.most)))
			return NULL;
		return put_slice(r, p + 1, len, str);
	case MSGC__ITEMS_INTS:
		p = take_int(p, of.int_least < 0, &v);
		if (MSGC__UNLIKELY(!p || v < of.int_least || v > of.int_most))
			return NULL;
		store_int(item, of.size, v);
		return p;
	default: return take_float64(p, number);
	}
}

/* What a list costs beside its items, before them and behind them. */
ALWAYS char *straight_list(struct msgc_reader *r, char *p, const struct msgc_type *type,
        struct msgc__items_of of, void *value)
{
	uint32_t refused = r->scope.refused;
	char *item, *end, before = '[';
	struct msgc__room to;
	size_t n = 0, came;

	if (MSGC__UNLIKELY(*p != '[' || r->depth >= r->max_depth))
		return msgc__kernels->aside->list(r, p, type, value);
#if KERNEL_ISA == ISA_AVX2
	if (of.opener == '"') {
		end = take_few(r, p + 1, of, value);
		if (MSGC__LIKELY(end != NULL)) {
			came = ((const struct msgc__items *)value)->count;
			if (MSGC__UNLIKELY(came < of.min || of.is_unique))
				msgc__kernels->aside->items(r, type, came, refused, value);
			return end;
		}
	}
#endif
	r->depth++;
	to.l.at.up = r->scope.at;
	to.l.at.key.ptr = NULL;
	r->scope.at = &to.l.at;
	to.items.items = NULL;
	to.items.count = to.items.cap = 0;
	if (MSGC__UNLIKELY(p[1] == ']')) {
		p += 2;
		came = 0;
		goto out;
	}
	msgc__items_first(r->arena, &to.items, of.size, of.max);
	to.room = to.items.cap;
	item = to.items.bytes;
	for (;; n++, item += of.size, before = ',') {
		if (MSGC__LIKELY(item_follows(p, before, of.opener) && n < to.room)) {
			p++;
		} else if (MSGC__LIKELY(*p == ']')) {
			p++;
			break;
		} else {
			p = msgc__kernels->aside->item(r, p, type, &to, n);
			if (MSGC__UNLIKELY(!p)) {
				p = r->at;
				came = to.l.count;
				goto out;
			}
			item = to.items.bytes + n * of.size;
		}
		end = straight_item(r, p, type, of, &to, n, item);
		if (MSGC__UNLIKELY(!end))
			end = msgc__kernels->aside->item_value(r, p, type, &to, n, item);
		p = end;
	}
	to.items.count = came = n;
	msgc__give_back(r->arena, &to.items, of.size);
out:
	memcpy(value, &(struct msgc__items){to.items.items, n}, sizeof(struct msgc__items));
	r->scope.at = to.l.at.up;
	r->depth--;
	if (MSGC__UNLIKELY(came - of.min > of.max - of.min || of.is_unique))
		msgc__kernels->aside->items(r, type, came, refused, value);
	return p;
}

#endif
