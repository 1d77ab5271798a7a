/* SPDX-License-Identifier: MIT */
/*
 * Lists of a few short strings, all of them in one look and without a branch: how many there are
 * and how long each is cannot be foreseen, and whoever asks waits for all that stands before the list.
 * What is longer, or not as usual, is left as it was for those who go from item to item.
 *
 * Internal, as all in this folder.
 */
#ifndef MSGC_KERNEL_FEW_H
#define MSGC_KERNEL_FEW_H

#include <msgc/kernel/readers.h>
#include <msgc/kernel/token.h>

#if KERNEL_ISA == ISA_AVX2
#define FEW      4  /* strings */
#define FEW_LOOK 64 /* bytes, with the bracket behind them */

ALWAYS uint64_t few_masks(mask first, mask second)
{
	return first | (uint64_t)second << BLOCK;
}

/* A bit for each byte that is this one. */
ALWAYS uint64_t few_same(const char *p, const uint8_t *c)
{
	return few_masks(block_same(block_load(p), block_load(c)),
	        block_same(block_load(p + BLOCK), block_load(c)));
}

/* For each that no string may hold, or that could be the end of all. */
ALWAYS uint64_t few_other(const char *p, const struct msgc_shape *shape)
{
	block v = block_load(p), w = block_load(p + BLOCK);

	if (shape)
		return few_masks(block_not_in(v, shape->from, shape->span),
		        block_not_in(w, shape->from, shape->span));
	return few_masks(block_special(v) | block_high(v), block_special(w) | block_high(w)) |
	        few_same(p, msgc__blocks.bracket);
}

/* Strings: a bit for the quote that opens each, and one for the quote that closes it. */
struct few {
	uint64_t open, close;
};

ALWAYS void few_next(struct few *at)
{
	at->open &= at->open - 1;
	at->close &= at->close - 1;
}

/* The length of the first one. */
ALWAYS size_t few_len(struct few at)
{
	return (size_t)_tzcnt_u64(at.close) - (size_t)_tzcnt_u64(at.open) - 1;
}

/* Do all of them keep to these limits? */
ALWAYS bool few_fit(struct few at, size_t least, size_t most)
{
	bool good = true;

	for (unsigned i = 0; i < FEW; i++, few_next(&at))
		good &= (at.open == 0) | (few_len(at) - least <= most - least);
	return good;
}

/* The first one of them, if there is any; and on to the next. */
ALWAYS void few_put(char *p, struct few *at, struct msgc_str *to)
{
	to->ptr = p + _tzcnt_u64(at->open) + 1;
	to->len = few_len(*at);
	few_next(at);
}

/* A NUL where the first one ends, or at `last`; and on to the next. */
ALWAYS void few_end(char *p, uint64_t *close, uint64_t last)
{
	p[_tzcnt_u64(*close | last)] = '\0';
	*close &= *close - 1;
}

/*
 * Up to FEW strings of ASCII without escapes, p behind the bracket of their list. Returns behind the
 * other one; NULL: it is none of these, and nothing has happened.
 *
 * Quotes stand behind the bracket, on both sides of commas, and before the other bracket, each of
 * them for one of these; all else is what strings may hold.
 */
ALWAYS char *take_few(
        struct msgc_reader *r, char *p, struct msgc__items_of of, struct msgc__items *ret)
{
	const size_t limit = of.max < FEW ? of.max : FEW, least = of.least;
	const size_t most = of.what == MSGC__ITEMS_STRS ? SIZE_MAX : of.most;
	/* Where others would find room at once, so that memory runs short at the same text. */
	const size_t first = msgc__items_room(sizeof(struct msgc_str), of.max);
	const size_t room = first > FEW ? first : FEW;
	uint64_t quotes = few_same(p, msgc__blocks.quote), commas, other, below, last;
	char *at = r->arena->at, *bracket;
	size_t n, pad = (size_t)(-(uintptr_t)at & (_Alignof(max_align_t) - 1)), any;
	struct msgc_str *items;
	struct few all, rest;

	commas = few_same(p, msgc__blocks.comma) & quotes << 1 & quotes >> 1;
	other = few_other(p, of.shape) & ~(quotes | commas);
	bracket = p + _tzcnt_u64(other);
	below = other ^ (other - 1);
	all.open = (commas & below) << 1 | (~other & 1);
	all.close = ((commas | other) & below) >> 1;
	n = (size_t)__builtin_popcountll(all.open);
	if (MSGC__UNLIKELY(!other || *bracket != ']' || n > limit ||
	            (all.open & all.close) | ((all.open | all.close) ^ (quotes & below)) ||
	            (size_t)(r->arena->end - at) < pad + room * sizeof *items))
		return NULL;
	if (least == 1 && most >= FEW_LOOK - 2) {
		if (MSGC__UNLIKELY(all.open << 1 & all.close))
			return NULL;
	} else if (MSGC__UNLIKELY((least || most < FEW_LOOK - 2) && !few_fit(all, least, most))) {
		return NULL;
	}
	items = (struct msgc_str *)(void *)(at + pad);
	rest = all;
	few_put(p, &rest, items);
	few_put(p, &rest, items + 1);
	few_put(p, &rest, items + 2);
	few_put(p, &rest, items + 3);
	if (!r->keep_text) {
		/* Behind the last one it is the bracket, which nobody looks at again. */
		last = other & below;
		few_end(p, &all.close, last);
		few_end(p, &all.close, last);
		few_end(p, &all.close, last);
		few_end(p, &all.close, last);
	}
	/* No branch, either. */
	any = (size_t)0 - (n != 0);
	ret->items = (const void *)((uintptr_t)items & any);
	ret->count = n;
	r->arena->at = at + ((pad + n * sizeof *items) & any);
	return bracket + 1;
}
#endif

#endif
