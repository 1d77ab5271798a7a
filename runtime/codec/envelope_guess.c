/* SPDX-License-Identifier: MIT */
/*
 * The envelope of a frame that will be decoded anyway: where its members begin is found by quotes
 * and brackets alone, and nothing else is looked at. It must not decide what is right: the decoder
 * does, and where that finds a fault, what was guessed here means nothing.
 */
#include "internal.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { BLOCK = 64, NAME_MOST = 64, VALUE_MOST = 512 };

/* Bits of what has been seen: the discriminators come first. */
enum { SEEN_REF = MSGC_TAGS_MAX, SEEN_TOPIC, SEEN_MESSAGE_ID };

/* A bit for each byte of a block. brackets: of all four kinds and of a few letters, which stand in strings alone. */
struct marks {
	uint64_t quotes, backslashes, brackets_and_commas;
};

struct guess {
	const char *end;
	const struct msgc_envelope_names *names;
	struct msgc_envelope *ret;
	struct msgc_str ref, topic, message_id;
	/* A bit for each letter, but for its upper bits, that a name asked for begins with. */
	uint64_t firsts;
	unsigned seen;
	uint64_t in_string; /* all bits: the block before ended within a string */
	uint64_t escaped;   /* 1: with a backslash that the next byte belongs to */
	unsigned depth;
};

/* ---- blocks ---- */

enum { BRACKET_FOLD = 0x26, BRACKET = 0x7F }; /* [ ] { } are the same but for these bits */

#define EACH(c) ((uint64_t)(c)*UINT64_C(0x0101010101010101))

#if defined(__SSE2__)

static inline __m128i load(const char *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

static inline uint64_t gather(__m128i a, __m128i b, __m128i c, __m128i d)
{
	uint32_t low = (uint32_t)_mm_movemask_epi8(a) | (uint32_t)_mm_movemask_epi8(b) << 16;
	uint32_t high = (uint32_t)_mm_movemask_epi8(c) | (uint32_t)_mm_movemask_epi8(d) << 16;

	return (uint64_t)high << 32 | low;
}

static inline uint64_t same(__m128i a, __m128i b, __m128i c, __m128i d, char as)
{
	const __m128i v = _mm_set1_epi8(as);

	return gather(_mm_cmpeq_epi8(a, v), _mm_cmpeq_epi8(b, v), _mm_cmpeq_epi8(c, v),
	        _mm_cmpeq_epi8(d, v));
}

static inline __m128i separators(__m128i v)
{
	__m128i folded = _mm_or_si128(v, _mm_set1_epi8(BRACKET_FOLD));

	return _mm_or_si128(_mm_cmpeq_epi8(folded, _mm_set1_epi8(BRACKET)),
	        _mm_cmpeq_epi8(v, _mm_set1_epi8(',')));
}

static inline void mark(const char *text, struct marks *ret)
{
	const __m128i a = load(text), b = load(text + 16), c = load(text + 32), d = load(text + 48);

	ret->quotes = same(a, b, c, d, '"');
	ret->backslashes = same(a, b, c, d, '\\');
	ret->brackets_and_commas =
	        gather(separators(a), separators(b), separators(c), separators(d));
}

#else

/* A bit for each of the eight bytes that is c. */
static uint64_t same(uint64_t eight, unsigned c)
{
	const uint64_t low = EACH(0x7F);
	uint64_t other = eight ^ EACH(c);

	/* The uppermost bit where they are the same. */
	other = ~(((other & low) + low) | other | low);
	return ((other >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

static void mark(const char *text, struct marks *ret)
{
	*ret = (struct marks){0};
	for (unsigned i = 0; i < BLOCK; i += 8) {
		uint64_t eight = msgc__load8(text + i);

		ret->quotes |= same(eight, '"') << i;
		ret->backslashes |= same(eight, '\\') << i;
		ret->brackets_and_commas |=
		        (same(eight | EACH(BRACKET_FOLD), BRACKET) | same(eight, ',')) << i;
	}
}

#endif

/* Each bit says how many there are up to it, odd or even. */
static inline uint64_t running_parity(uint64_t bits)
{
	bits ^= bits << 1;
	bits ^= bits << 2;
	bits ^= bits << 4;
	bits ^= bits << 8;
	bits ^= bits << 16;
	return bits ^ bits << 32;
}

/* Characters behind a backslash that is none itself. */
static uint64_t find_escaped(uint64_t backslash, uint64_t *carried)
{
	uint64_t escaped = *carried, bit;

	for (*carried = 0; backslash; backslash &= backslash - 1) {
		bit = backslash & -backslash;
		if (escaped & bit)
			continue;
		if (bit >> 63)
			*carried = 1;
		escaped |= bit << 1;
	}
	return escaped;
}

/* ---- members ---- */

static const char *behind_space(const char *p)
{
	while (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')
		p++;
	return p;
}

/* How far the first quote or backslash of these eight is, in bits; 64: there is none. */
static inline unsigned first_mark(uint64_t eight)
{
	uint64_t quote = eight ^ EACH('"'), backslash = eight ^ EACH('\\');
	uint64_t marks = ((quote - EACH(1)) & ~quote) | ((backslash - EACH(1)) & ~backslash);

	marks &= EACH(0x80);
	return marks ? msgc__trailing_zeros(marks) : BLOCK;
}

/* The string that begins at p, if it is short and has no escapes; behind it. NULL: it is another. */
static const char *read_plain(
        const struct guess *g, const char *p, size_t most, struct msgc_str *ret)
{
	const char *begin = p + 1, *end;
	unsigned mark;

	if (*p != '"')
		return NULL;
	end = (size_t)(g->end - begin) < most ? g->end : begin + most;
	for (p = begin; p < end; p += 8) {
		mark = first_mark(msgc__load8(p));
		if (mark == BLOCK)
			continue;
		p += mark / 8;
		*ret = msgc_str_of(begin, (size_t)(p - begin));
		return *p == '"' ? p + 1 : NULL;
	}
	return NULL;
}

static bool is_name(struct msgc_str key, const char *name)
{
	size_t i = 0;

	if (!name || *name != *key.ptr)
		return false;
	while (i < key.len && name[i] && name[i] == key.ptr[i])
		i++;
	return i == key.len && !name[i];
}

/* Where what this member says is put; NULL: nobody asks here. */
static struct msgc_str *place_of(struct guess *g, struct msgc_str key, unsigned *ret_member)
{
	const struct msgc_envelope_names *names = g->names;

	for (unsigned i = 0; i < names->key_count; i++) {
		if (is_name(key, names->keys[i])) {
			*ret_member = i;
			return &g->ret->tags[i].text;
		}
	}
	if (is_name(key, names->ref)) {
		*ret_member = SEEN_REF;
		return &g->ref;
	}
	if (is_name(key, names->topic)) {
		*ret_member = SEEN_TOPIC;
		return &g->topic;
	}
	*ret_member = SEEN_MESSAGE_ID;
	return is_name(key, names->message_id) ? &g->message_id : NULL;
}

static uint64_t first_of(const char *name)
{
	return name ? UINT64_C(1) << (*name & 63) : 0;
}

static void note_firsts(struct guess *g)
{
	const struct msgc_envelope_names *names = g->names;

	g->firsts = first_of(names->ref) | first_of(names->topic) | first_of(names->message_id) |
	        first_of("\\");
	for (size_t i = 0; i < names->key_count; i++)
		g->firsts |= first_of(names->keys[i]);
}

/* A member of the outermost object begins behind this place. False: it is unusual. */
static bool read_member(struct guess *g, const char *p)
{
	struct msgc_str key, *place;
	unsigned member;

	p = behind_space(p);
	if (*p == '}')
		return true; /* there is none */
	if (*p == '"' && !(g->firsts >> (p[1] & 63) & 1))
		return true;
	p = read_plain(g, p, NAME_MOST, &key);
	if (!p)
		return false;
	place = place_of(g, key, &member);
	if (!place)
		return true;
	p = behind_space(p);
	if (*p != ':' || g->seen & 1u << member)
		return false;
	g->seen |= 1u << member;
	return read_plain(g, behind_space(p + 1), VALUE_MOST, place) != NULL;
}

/* The brackets and commas of one block that are in no string. */
static inline bool follow(struct guess *g, const char *block, uint64_t marks)
{
	for (; marks; marks &= marks - 1) {
		const char *p = block + msgc__trailing_zeros(marks);

		if (*p == ',') {
			if (g->depth == 1 && !read_member(g, p + 1))
				return false;
		} else if (*p == '{' || *p == '[') {
			if (g->depth++ == 0 && (*p != '{' || !read_member(g, p + 1)))
				return false;
		} else if ((*p != '}' && *p != ']') || g->depth-- == 0) {
			return false;
		}
	}
	return true;
}

static bool look_at(struct guess *g, const char *block)
{
	struct marks marks;
	uint64_t strings;

	mark(block, &marks);
	if (marks.backslashes | g->escaped)
		marks.quotes &= ~find_escaped(marks.backslashes, &g->escaped);
	strings = running_parity(marks.quotes) ^ g->in_string;
	g->in_string = 0 - (strings >> 63);
	return follow(g, block, marks.brackets_and_commas & ~strings);
}

/* ---- frames ---- */

/* Who keeps one expects a NUL behind it. */
static bool keep(
        struct msgc_arena *arena, struct msgc_str found, bool *ret_has, struct msgc_str *ret)
{
	*ret_has = found.ptr != NULL;
	return !found.ptr || msgc_arena_copy(arena, found, ret) == 0;
}

bool msgc_envelope_guess(const char *text, size_t len, const struct msgc_envelope_names *names,
        struct msgc_arena *arena, struct msgc_envelope *ret)
{
	struct guess g = {.end = text + len, .names = names, .ret = ret};
	size_t i;

	if (!names->keys || names->key_count == 0 || names->ref_type)
		return false;
	for (i = 0; i < names->key_count; i++)
		ret->tags[i].kind = MSGC_TAG_ABSENT;
	note_firsts(&g);
	for (i = 0; i < len; i += BLOCK)
		if (!look_at(&g, text + i))
			return false;
	if (g.depth > 0 || g.in_string || !(g.seen & 1u))
		return false;
	for (i = 0; i < names->key_count; i++)
		if (g.seen & 1u << i)
			ret->tags[i].kind = MSGC_TAG_STRING;
	ret->tag_count = names->key_count;
	return keep(arena, g.ref, &ret->has_ref, &ret->ref) &&
	        keep(arena, g.topic, &ret->has_topic, &ret->topic) &&
	        keep(arena, g.message_id, &ret->has_message_id, &ret->message_id);
}
