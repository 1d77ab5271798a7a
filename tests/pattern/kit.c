/* SPDX-License-Identifier: MIT */
/*
 * kit.c - see kit.h. Makes of the model what generated code holds.
 */
#include "kit.h"

#include "arena.h"
#include "pattern_shape.h"

static void fill_shape(struct compiled *compiled)
{
	struct pattern_shape found;

	compiled->has_shape = pattern_shape(&compiled->model, &found);
	if (!compiled->has_shape)
		return;
	compiled->shape = (struct msgc_shape){.least = found.least,
	        .most = found.most,
	        .is_fixed = found.is_fixed,
	        .has_ranges = found.has_ranges,
	        .fold = found.fold};
	memcpy(compiled->shape.from, found.from, sizeof(found.from));
	memcpy(compiled->shape.span, found.span, sizeof(found.span));
	compiled->shaped = (struct msgc_pattern){.text = compiled->model.text};
}

static void fill(struct compiled *compiled)
{
	const struct model_pattern *model = &compiled->model;
	size_t n = (size_t)model->n_states * model->n_classes, at = 0, i;
	uint8_t *narrow = arena_array(compiled->arena, n, 1);

	compiled->table = (struct msgc_pattern){
	        .text = model->text,
	        .ranges = model->ranges,
	        .wide = model->next,
	        .n_ranges = (uint32_t)model->n_ranges,
	        .n_classes = (uint16_t)model->n_classes,
	        .start = (uint16_t)model->start,
	        .first_final = (uint16_t)model->first_final,
	};
	for (i = 0; i < 128; i++) {
		while (at + 1 < model->n_ranges && model->ranges[at + 1] >> 8 <= i)
			at++;
		compiled->table.ascii[i] = (uint8_t)model->ranges[at];
	}
	if (model->n_states > 256)
		return;
	for (i = 0; i < n; i++)
		narrow[i] = (uint8_t)model->next[i];
	compiled->table.narrow = narrow;
	compiled->table.wide = NULL;
}

void compiled_init(struct compiled *compiled, const char *text, size_t length, uint64_t work)
{
	uint64_t left = work;

	*compiled = (struct compiled){.arena = arena_new()};
	compiled->result = pattern_compile(
	        compiled->arena, text, length, &left, &compiled->model, &compiled->error);
	compiled->work = work - left;
	if (compiled->result == PATTERN_OK) {
		fill(compiled);
		fill_shape(compiled);
	}
}

void compiled_free(struct compiled *compiled)
{
	arena_free(compiled->arena);
}

int compiled_matches(const struct compiled *compiled, const char *text, size_t length)
{
	bool one = pattern_matches(&compiled->model, text, length);
	bool other = msgc_pattern_matches(&compiled->table, msgc_str_of(text, length));
	struct msgc_pattern shaped = compiled->shaped;

	shaped.shape = &compiled->shape;
	if (compiled->has_shape && msgc_pattern_matches(&shaped, msgc_str_of(text, length)) != one)
		return -1;
	return one == other ? one : -1;
}
