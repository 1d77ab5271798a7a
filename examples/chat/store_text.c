/* SPDX-License-Identifier: MIT */
/*
 * What text may be stored: valid UTF-8 of bounded length, names and slugs from their own small
 * alphabets. The contract has checked most of it before; the store does not rely on that, for not
 * all that it is given comes from there.
 */
#include "store_db.h"

#include <string.h>

/*
 * Length in bytes of the code point at `p`, 0 where it is not valid UTF-8 (RFC 3629: shortest form,
 * no surrogates).
 */
static size_t point_at(const unsigned char *p, size_t left, uint32_t *ret_point)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len = p[0] < 0x80 ? 1
	        : p[0] < 0xc0    ? 0
	        : p[0] < 0xe0    ? 2
	        : p[0] < 0xf0    ? 3
	        : p[0] < 0xf8    ? 4
	                         : 0;
	uint32_t point;
	size_t i;

	if (!len || len > left)
		return 0;
	point = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		point = point << 6 | (p[i] & 0x3fu);
	}
	if (point < least[len] || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
		return 0;
	*ret_point = point;
	return len;
}

bool store__text_fits(struct store_text text, size_t min, size_t max, bool plain)
{
	const unsigned char *p = (const unsigned char *)text.ptr;
	size_t left = text.len;
	size_t points = 0;

	if (text.len > max * 4)
		return false;
	while (left) {
		uint32_t point;
		size_t len = point_at(p, left, &point);

		if (!len || (plain && (point < 0x20 || (point >= 0x7f && point < 0xa0))))
			return false;
		p += len;
		left -= len;
		points++;
	}
	return points >= min && points <= max;
}

static bool is_lower_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool store__name_fits(struct store_text name)
{
	size_t i;

	if (name.len < STORE_NAME_MIN || name.len > STORE_NAME_MAX)
		return false;
	for (i = 0; i < name.len; i++)
		if (!is_lower_or_digit(name.ptr[i]) && name.ptr[i] != '_')
			return false;
	return true;
}

void store__slug(struct store_text title, size_t room_for, char ret_slug[STORE_SLUG_MAX + 1])
{
	size_t len = 0;
	size_t i;

	for (i = 0; i < title.len && len < STORE_SLUG_MAX - room_for; i++) {
		char c = title.ptr[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (is_lower_or_digit(c))
			ret_slug[len++] = c;
		else if (len && ret_slug[len - 1] != '-')
			ret_slug[len++] = '-';
	}
	while (len && ret_slug[len - 1] == '-')
		len--;
	ret_slug[len] = '\0';
	/* A title without ASCII letters: the number that follows tells such rooms apart. */
	if (!len)
		memcpy(ret_slug, "room", sizeof "room");
}
