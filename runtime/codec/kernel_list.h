/* SPDX-License-Identifier: MIT */
/*
 * Lists by their types' tables: the loop over items is compiled once for each kind of item that is
 * frequent. What does not follow as usual, and room, is looked after aside.
 */
#ifndef MSGC_CODEC_KERNEL_LIST_H
#define MSGC_CODEC_KERNEL_LIST_H

#include "kernel_record.h"

/* Behind an item or the opening bracket: on the next item, or NULL, and the reader behind the list. */
static char *find_item(struct msgc_reader *r, char *p, struct msgc_list *l)
{
	if (MSGC__LIKELY(l->count < l->max)) {
		p = space(r, p);
		if (*p == ']') {
			r->at = p + 1;
			return NULL;
		}
		if (*p == ',' && l->count) {
			char *item = space(r, p + 1);

			if (MSGC__LIKELY(*item != ']')) {
				l->at.index = l->count++;
				return item;
			}
		}
	}
	r->at = p;
	return msgc__read_item(r, l) ? r->at : NULL;
}

/*
 * Item n, where it does not follow at once, or there is no room for it. p: at the bracket or behind
 * an item. NULL: there is none, or no memory; the reader stands where it has to.
 */
static __attribute__((noinline)) char *other_item(struct msgc_reader *r, char *p,
        const struct msgc_type_items *tables, struct msgc__room *to, size_t n)
{
	size_t size = tables->item_size;

	to->items.count = to->l.count = n;
	to->l.min = tables->min;
	to->l.max = tables->max;
	p = find_item(r, n ? p : p + 1, &to->l);
	if (!p) {
		msgc__give_back(r->arena, &to->items, size);
		return NULL;
	}
	if (n == to->items.cap) {
		if (!msgc__items_grow(r, &to->items, size, to->l.max))
			return NULL;
		to->room = to->items.cap < to->l.max ? to->items.cap : to->l.max;
	}
	return p;
}

/* The next two bytes at once. */
ALWAYS uint16_t pair_at(const char *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/*
 * Items of one kind: the loop is compiled once for each. p is at the bracket or behind an item;
 * `opens`: there is a comma, and behind it an item begins. `call` reads it.
 */
#define QUICK_ITEMS(opens, call)                                                                   \
	for (;; n++, item += size) {                                                               \
		if (MSGC__LIKELY((opens) && n < to->room)) {                                       \
			p++;                                                                       \
		} else if (MSGC__LIKELY(*p == ']')) {                                              \
			p++;                                                                       \
			break;                                                                     \
		} else {                                                                           \
			p = other_item(r, p, tables, to, n);                                       \
			if (MSGC__UNLIKELY(!p))                                                    \
				return r->at;                                                      \
			item = to->items.bytes + n * size;                                         \
		}                                                                                  \
		before = ',';                                                                      \
		begins = pair_at(",\"");                                                           \
		end = call;                                                                        \
		if (MSGC__UNLIKELY(!end)) {                                                        \
			to->l.at.index = n;                                                        \
			end = slow_value(r, p, element, item, at);                                 \
		}                                                                                  \
		p = end;                                                                           \
	}
/* The first one stands behind the bracket. */
#define OPENS_STRING (pair_at(p) == begins)
#define OPENS_ANY    (*p == before && (uint8_t)p[1] > ' ' && p[1] != ']')

/* Returns behind the list. */
ALWAYS char *quick_items(
        struct msgc_reader *r, char *p, const struct msgc_type_items *tables, struct msgc__room *to)
{
	const struct msgc_type *element = tables->element;
	struct place at = {&to->l.at, NULL};
	size_t n = 0, size = tables->item_size;
	char *item = to->items.bytes, *end, before = '[';
	uint16_t begins = pair_at("[\"");

	switch ((enum msgc_type_quick)element->quick) {
	case MSGC_QUICK_FLOAT64: QUICK_ITEMS(OPENS_ANY, take_float64(p, (void *)item)); break;
	case MSGC_QUICK_INT: QUICK_ITEMS(OPENS_ANY, quick_int(p, element, item)); break;
	case MSGC_QUICK_LEN:
		QUICK_ITEMS(OPENS_STRING,
		        (to->l.at.index = n, quick_len(r, p, element->text, (void *)item, at)));
		break;
	case MSGC_QUICK_RUN:
		QUICK_ITEMS(OPENS_STRING, quick_shape(r, p, element, false, (void *)item));
		break;
	case MSGC_QUICK_RECORD:
		QUICK_ITEMS(OPENS_ANY,
		        (to->l.at.index = n, clear(item, size), record_at(r, p, element, item)));
		break;
	default:
		QUICK_ITEMS(OPENS_ANY,
		        (to->l.at.index = n, clear(item, size),
		                quick_value(r, p, element, item, at)));
	}
	to->items.count = to->l.count = n;
	msgc__give_back(r->arena, &to->items, size);
	return p;
}

static __attribute__((noinline)) void check_items(struct msgc_reader *r,
        const struct msgc_type *type, size_t n, uint32_t refused, const void *value)
{
	const struct msgc_type_items *tables = type->items;

	if (!r->error)
		msgc_check_count(&r->scope, n, tables->min, tables->max);
	if (type->flags & MSGC_TYPE_UNIQUE && r->scope.refused == refused)
		msgc_check_unique(&r->scope, type, value, r->arena);
}

static char *quick_list(struct msgc_reader *r, char *p, const struct msgc_type *type, void *value)
{
	const struct msgc_type_items *tables = type->items;
	uint32_t refused = r->scope.refused;
	struct msgc__room to;

	if (MSGC__UNLIKELY(!enter(r, &p, '[', &to.l.at)))
		return slow_value(r, p, type, value, (struct place){NULL, NULL});
	to.l.at.key.ptr = NULL;
	to.items.items = NULL;
	to.items.count = to.items.cap = to.l.count = 0;
	if (MSGC__LIKELY(p[1] != ']')) {
		msgc__items_first(r->arena, &to.items, tables->item_size, tables->max);
		to.room = to.items.cap;
		p = quick_items(r, p, tables, &to);
	} else {
		p += 2;
	}
	memcpy(value, &(struct msgc__items){to.items.items, to.items.count},
	        sizeof(struct msgc__items));
	leave(r, &to.l.at);
	if (MSGC__UNLIKELY(to.l.count - tables->min > tables->max - tables->min ||
	            type->flags & MSGC_TYPE_UNIQUE))
		check_items(r, type, to.l.count, refused, value);
	return p;
}

#endif
