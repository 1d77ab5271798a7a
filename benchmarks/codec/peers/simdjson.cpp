/* SPDX-License-Identifier: MIT */
/*
 * simdjson, on demand: one parser for all texts, members looked for where the last one ended.
 * It chooses its own vector instructions and writes no JSON.
 */
#include <simdjson.h>

#include "checks.h"

namespace
{

using namespace simdjson;

ondemand::parser parser;

bool get(simdjson_result<ondemand::value> v, msgc_str *ret)
{
	std::string_view s;

	if (v.get_string().get(s))
		return false;
	*ret = str_of(s.data(), s.size());
	return true;
}

/* Calls take(payload). What follows is not looked at: it has no call for that which costs little. */
template <class Take> bool parse(char *text, size_t len, std::string_view action, Take take)
{
	ondemand::document d;
	ondemand::object frame;
	std::string_view a;

	if (parser.iterate(text, len, len + PADDING).get(d) || d.get_object().get(frame))
		return false;
	if (frame["action"].get_string().get(a) || a != action)
		return false;
	return take(frame["payload"]);
}

bool decode_chat(char *text, size_t len, void *ret)
{
	auto *v = static_cast<bench_chat *>(ret);

	return parse(text, len, "chat", [v](simdjson_result<ondemand::value> payload) {
		return get(payload, &v->payload) && check_text(v->payload);
	});
}

bool get_mentions(ondemand::object &o, msgc_str_list *ret)
{
	ondemand::array list;
	size_t n = 0;

	if (o["mentions"].get_array().get(list))
		return false;
	for (auto v : list)
		if (n == MENTIONS_MOST || !get(v, &mentions_room[n++]))
			return false;
	ret->items = mentions_room;
	ret->count = n;
	return true;
}

bool decode_message(char *text, size_t len, void *ret)
{
	auto *v = &static_cast<bench_new_message *>(ret)->payload;

	return parse(text, len, "new_message", [v](simdjson_result<ondemand::value> payload) {
		ondemand::object o;

		if (payload.get_object().get(o))
			return false;
		return get(o["content"], &v->content) && get(o["sender_name"], &v->sender_name) &&
		        !o["raw"].get_bool().get(v->raw) && get(o["timestamp"], &v->timestamp) &&
		        !o["reply_to"].get_int64().get(v->reply_to) &&
		        get_mentions(o, &v->mentions) && check_message(v);
	});
}

bool decode_history(char *text, size_t len, void *ret)
{
	auto *v = &static_cast<bench_history *>(ret)->payload;

	return parse(text, len, "history", [v](simdjson_result<ondemand::value> payload) {
		ondemand::array list;
		size_t n = 0;

		if (payload.get_array().get(list))
			return false;
		for (auto line : list) {
			bench_line *l = &lines_room[n];
			ondemand::object o;

			if (n++ == LINES_MOST || line.get_object().get(o) ||
			        !get(o["username"], &l->username) ||
			        !get(o["message"], &l->message) ||
			        !get(o["timestamp"], &l->timestamp) ||
			        o["id"].get_int64().get(l->id) || !check_line(l))
				return false;
		}
		v->items = lines_room;
		v->count = n;
		return true;
	});
}

bool decode_telemetry(char *text, size_t len, void *ret)
{
	auto *v = &static_cast<bench_telemetry *>(ret)->payload;

	return parse(text, len, "telemetry", [v](simdjson_result<ondemand::value> payload) {
		ondemand::object o;
		ondemand::array list;
		size_t n = 0;

		if (payload.get_object().get(o) || o["values"].get_array().get(list))
			return false;
		for (auto x : list)
			if (n == NUMBERS_MOST || x.get_double().get(values_room[n++]))
				return false;
		v->values.items = values_room;
		v->values.count = n;
		n = 0;
		if (o["ids"].get_array().get(list))
			return false;
		for (auto x : list)
			if (n == NUMBERS_MOST || x.get_int64().get(ids_room[n++]))
				return false;
		v->ids.items = ids_room;
		v->ids.count = n;
		return true;
	});
}

#define TEXT(x)    #x
#define TEXT_OF(x) TEXT(x)

const peer on_demand = {
        "simdjson " TEXT_OF(SIMDJSON_VERSION) " on demand",
        nullptr,
        {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        {},
        nullptr,
};

} // namespace

const peer *const *bench_peers()
{
	static const peer *const peers[] = {&on_demand, nullptr};

	return peers;
}
