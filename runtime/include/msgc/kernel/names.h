/* SPDX-License-Identifier: MIT */
/*
 * The names of what is defined anew for each set of vector instructions, by which several of them fit
 * into one file. The first inclusion gives each name its set's; the next one takes that away, so that
 * no name of a contract can be meant.
 *
 * Internal, as all in this folder.
 */
#if !defined(MSGC__NAMES)
#define MSGC__NAMES
#define mask               MSGC__KERNEL(mask)
#define block              MSGC__KERNEL(block)
#define half               MSGC__KERNEL(half)
#define half_load          MSGC__KERNEL(half_load)
#define half_store         MSGC__KERNEL(half_store)
#define half_odd           MSGC__KERNEL(half_odd)
#define halves_odd         MSGC__KERNEL(halves_odd)
#define block_load         MSGC__KERNEL(block_load)
#define block_store        MSGC__KERNEL(block_store)
#define block_special      MSGC__KERNEL(block_special)
#define block_high         MSGC__KERNEL(block_high)
#define odd_bytes          MSGC__KERNEL(odd_bytes)
#define block_not_space    MSGC__KERNEL(block_not_space)
#define block_not_digit    MSGC__KERNEL(block_not_digit)
#define twice              MSGC__KERNEL(twice)
#define block_quote        MSGC__KERNEL(block_quote)
#define block_not_in       MSGC__KERNEL(block_not_in)
#define block_within       MSGC__KERNEL(block_within)
#define block_same         MSGC__KERNEL(block_same)
#define two_masks          MSGC__KERNEL(two_masks)
#define half_special       MSGC__KERNEL(half_special)
#define half_space         MSGC__KERNEL(half_space)
#define half_digit         MSGC__KERNEL(half_digit)
#define half_not_in        MSGC__KERNEL(half_not_in)
#define half_not_in_ranges MSGC__KERNEL(half_not_in_ranges)
#define mask_of            MSGC__KERNEL(mask_of)
#define zeros              MSGC__KERNEL(zeros)
#define to_right           MSGC__KERNEL(to_right)
#define number_of          MSGC__KERNEL(number_of)
#define sixteen_digits     MSGC__KERNEL(sixteen_digits)
#define mask_first         MSGC__KERNEL(mask_first)
#define mask_below         MSGC__KERNEL(mask_below)
#define alike_wanted       MSGC__KERNEL(alike_wanted)
#define alike              MSGC__KERNEL(alike)
#define alike_all          MSGC__KERNEL(alike_all)
#define two_runs           MSGC__KERNEL(two_runs)
#define fraction_of        MSGC__KERNEL(fraction_of)
#define take_float64       MSGC__KERNEL(take_float64)
#define take_digits        MSGC__KERNEL(take_digits)
#define take_int           MSGC__KERNEL(take_int)
#define find_special       MSGC__KERNEL(find_special)
#define take_string        MSGC__KERNEL(take_string)
#define class_run          MSGC__KERNEL(class_run)
#define run_fits           MSGC__KERNEL(run_fits)
#define places_hold        MSGC__KERNEL(places_hold)
#define put_slice          MSGC__KERNEL(put_slice)
#define take_places        MSGC__KERNEL(take_places)
#define take_run           MSGC__KERNEL(take_run)
#define quick_bool         MSGC__KERNEL(quick_bool)
#define quick_enum         MSGC__KERNEL(quick_enum)
#define few                MSGC__KERNEL(few)
#define few_masks          MSGC__KERNEL(few_masks)
#define few_same           MSGC__KERNEL(few_same)
#define few_other          MSGC__KERNEL(few_other)
#define few_next           MSGC__KERNEL(few_next)
#define few_len            MSGC__KERNEL(few_len)
#define few_fit            MSGC__KERNEL(few_fit)
#define few_put            MSGC__KERNEL(few_put)
#define few_end            MSGC__KERNEL(few_end)
#define take_few           MSGC__KERNEL(take_few)
#define words_at           MSGC__KERNEL(words_at)
#define differences        MSGC__KERNEL(differences)
#define halves_at          MSGC__KERNEL(halves_at)
#define take_short_int     MSGC__KERNEL(take_short_int)
#define literal_at         MSGC__KERNEL(literal_at)
#define straight_str       MSGC__KERNEL(straight_str)
#define straight_text      MSGC__KERNEL(straight_text)
#define straight_run       MSGC__KERNEL(straight_run)
#define straight_places    MSGC__KERNEL(straight_places)
#define straight_bool      MSGC__KERNEL(straight_bool)
#define store_int          MSGC__KERNEL(store_int)
#define straight_int       MSGC__KERNEL(straight_int)
#define straight_float64   MSGC__KERNEL(straight_float64)
#define straight_enum      MSGC__KERNEL(straight_enum)
#define item_follows       MSGC__KERNEL(item_follows)
#define straight_item      MSGC__KERNEL(straight_item)
#define straight_list      MSGC__KERNEL(straight_list)
#define msgc__blocks       MSGC__BLOCKS

/* What the kernels have once. */
#define u8_valid_padded(p, len)   msgc__kernels->aside->utf8_valid(p, len)
#define take_escaped(r, p, ret)   msgc__kernels->aside->take_escaped(r, p, ret)
#define class_run_on(p, n, shape) msgc__kernels->aside->run_on(p, n, shape)
#else
#undef MSGC__NAMES
#undef mask
#undef block
#undef half
#undef half_load
#undef half_store
#undef half_odd
#undef halves_odd
#undef block_load
#undef block_store
#undef block_special
#undef block_high
#undef odd_bytes
#undef block_not_space
#undef block_not_digit
#undef twice
#undef block_quote
#undef block_not_in
#undef block_within
#undef block_same
#undef two_masks
#undef half_special
#undef half_space
#undef half_digit
#undef half_not_in
#undef half_not_in_ranges
#undef mask_of
#undef zeros
#undef to_right
#undef number_of
#undef sixteen_digits
#undef mask_first
#undef mask_below
#undef alike_wanted
#undef alike
#undef alike_all
#undef two_runs
#undef fraction_of
#undef take_float64
#undef take_digits
#undef take_int
#undef find_special
#undef take_string
#undef class_run
#undef run_fits
#undef places_hold
#undef put_slice
#undef take_places
#undef take_run
#undef quick_bool
#undef quick_enum
#undef few
#undef few_masks
#undef few_same
#undef few_other
#undef few_next
#undef few_len
#undef few_fit
#undef few_put
#undef few_end
#undef take_few
#undef words_at
#undef differences
#undef halves_at
#undef take_short_int
#undef literal_at
#undef straight_str
#undef straight_text
#undef straight_run
#undef straight_places
#undef straight_bool
#undef store_int
#undef straight_int
#undef straight_float64
#undef straight_enum
#undef item_follows
#undef straight_item
#undef straight_list
#undef msgc__blocks
#undef u8_valid_padded
#undef take_escaped
#undef class_run_on
#endif
