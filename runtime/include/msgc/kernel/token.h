/* SPDX-License-Identifier: MIT */
/*
 * Tokens as they usually come, at a place in a reader's text: strings, strings of a shape, true and
 * false. Each returns what is behind the token, or NULL where it is not as usual; then nothing has
 * happened. Compiled into the kernels and into generated readers alike, once for each set of
 * instructions: whoever includes it says what take_escaped, u8_valid_padded and class_run_on are.
 *
 * Internal, as all in this folder.
 */
#ifndef MSGC_KERNEL_TOKEN_H
#define MSGC_KERNEL_TOKEN_H

#include <msgc/kernel/number.h>

/*
 * The first special byte from p on, and whether one above 0x7F stands before it. Wide registers look
 * at as much as the padding allows before they ask whether there is one: where a string ends
 * cannot be foreseen.
 */
ALWAYS char *find_special(char *p, bool *ret_high)
{
	mask high = 0;

#if KERNEL_ISA == ISA_AVX2
	block v = block_load(p), w = block_load(p + BLOCK);
	uint64_t both = block_special(v) | (uint64_t)block_special(w) << BLOCK;

	high = block_high(_mm256_or_si256(v, w));
	if (MSGC__LIKELY(both)) {
		/* Mostly neither the string nor what follows it has any. */
		*ret_high = MSGC__UNLIKELY(high) &&
		        (block_high(v) | (uint64_t)block_high(w) << BLOCK) & (both ^ (both - 1));
		return p + msgc__trailing_zeros(both);
	}
	p += 2 * BLOCK;
#endif
	for (;; p += BLOCK) {
		block x = block_load(p);
		mask m = block_special(x);

		if (MSGC__LIKELY(m)) {
			unsigned k = mask_first(m);

			*ret_high = high | (block_high(x) & mask_below(k));
			return p + k;
		}
		high |= block_high(x);
	}
}

/* p is behind the opening quote of a string. Returns behind the closing one; NULL: as take_escaped. */
ALWAYS char *take_string(struct msgc_reader *r, char *p, struct msgc_str *ret, bool *ret_high)
{
	char *quote = find_special(p, ret_high);

	if (MSGC__UNLIKELY(*quote != '"')) {
		*ret_high = true;
		return take_escaped(r, p, ret);
	}
	if (MSGC__UNLIKELY(*ret_high) && !u8_valid_padded(p, (size_t)(quote - p)))
		return NULL;
	ret->ptr = p;
	ret->len = (size_t)(quote - p);
	if (!r->keep_text)
		*quote = '\0';
	return quote + 1;
}

/* ---- strings of a shape ---- */

/*
 * Where the quote behind so many bytes of the class is; more than there may be: there is none. The
 * quote alone says where what follows is; that nothing before it is of another class can be known later.
 */
ALWAYS size_t class_run(const char *p, const struct msgc_shape *shape)
{
#if KERNEL_SHUFFLES
	block v = block_load(p);
	mask quote = block_quote(v), other = block_not_in(v, shape->from, shape->span);

	if (MSGC__UNLIKELY(!quote))
		return class_run_on(p, 0, shape);
	return MSGC__LIKELY(!(other & (quote - 1) & ~quote)) ? mask_first(quote) : SIZE_MAX;
#elif KERNEL_X86
	__m128i v = _mm_loadu_si128((const __m128i *)p);
	unsigned quote = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(v, half_of(quote)));
	unsigned other;

	if (MSGC__UNLIKELY(!quote || !shape->has_ranges))
		return class_run_on(p, 0, shape);
	other = half_not_in_ranges(v, shape) & ~quote & (quote - 1);
	return MSGC__LIKELY(!other) ? msgc__trailing_zeros(quote) : SIZE_MAX;
#else
	return class_run_on(p, 0, shape);
#endif
}

/* May so many bytes come? SIZE_MAX, which stands for none, is too many also where a limit is as far. */
ALWAYS bool run_fits(size_t n, size_t least, size_t most)
{
	if (most == SIZE_MAX)
		most--;
	return n - least <= most - least;
}

/* Do the places hold what they may, and then a quote? */
ALWAYS bool places_hold(const char *p, const struct msgc_shape *shape)
{
#if BLOCK == 32
	return block_within(block_load(p), shape->from, shape->span);
#elif BLOCK == 16
	return block_within(block_load(p), shape->from, shape->span) &&
	        block_within(block_load(p + 16), shape->from + 16, shape->span + 16);
#else
	unsigned good = 1;

	for (size_t i = 0; i <= shape->most; i++)
		good &= (uint8_t)((uint8_t)p[i] - shape->from[i]) <= shape->span[i];
	return good;
#endif
}

ALWAYS char *put_slice(struct msgc_reader *r, char *p, size_t n, struct msgc_str *ret)
{
	ret->ptr = p;
	ret->len = n;
	if (!r->keep_text)
		p[n] = '\0';
	return p + n + 1;
}

/* p is behind the opening quote. Returns behind the closing one; NULL: it is no string of the shape. */
ALWAYS char *take_places(
        struct msgc_reader *r, char *p, const struct msgc_shape *shape, struct msgc_str *ret)
{
	/* The length is known beforehand: what follows does not wait for the look. */
	if (MSGC__UNLIKELY(!places_hold(p, shape)))
		return NULL;
	return put_slice(r, p, shape->most, ret);
}

/* The same; NULL also for long ones. */
ALWAYS char *take_run(
        struct msgc_reader *r, char *p, const struct msgc_shape *shape, struct msgc_str *ret)
{
	size_t n = class_run(p, shape);

	if (MSGC__UNLIKELY(!run_fits(n, shape->least, shape->most)))
		return NULL;
	return put_slice(r, p, n, ret);
}

/*
 * Which of the two it is cannot be foreseen: no branch. Compilers make one of "this or that", so what
 * is asked is a product: 0 where one of the differences is.
 */
ALWAYS char *quick_bool(char *p, bool *value)
{
	uint32_t four, word_true, word_fals, not_true, not_false;

	memcpy(&four, p, 4);
	memcpy(&word_true, "true", 4);
	memcpy(&word_fals, "fals", 4);
	not_true = four ^ word_true;
	not_false = (four ^ word_fals) | (uint8_t)(p[4] ^ 'e');
	if (MSGC__UNLIKELY((uint64_t)not_true * not_false != 0))
		return NULL;
	*value = !not_true;
	return p + 5 - !not_true;
}

/* A word without escapes. */
ALWAYS char *quick_enum(char *p, const struct msgc_type *type, void *value)
{
	mask m = block_special(block_load(p + 1));
	size_t k = m ? mask_first(m) : 0, index;

	if (MSGC__UNLIKELY(*p != '"' || !m || p[1 + k] != '"'))
		return NULL;
	index = msgc_find_value(type->values, (struct msgc_str){p + 1, k});
	if (MSGC__UNLIKELY(index == SIZE_MAX))
		return NULL;
	memcpy(value, &type->values->values[index].number, sizeof(int32_t));
	return p + k + 2;
}

#endif
