/* SPDX-License-Identifier: MIT */
/*
 * RapidJSON: in situ, validating UTF-8, full precision, memory from a pool that is used again; its
 * members are walked once. SSE4.2 as its documentation has it.
 */
#define RAPIDJSON_SSE42
#define RAPIDJSON_HAS_STDSTRING 0
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "checks.h"

namespace
{

using Value = rapidjson::Value;
using Pool = rapidjson::MemoryPoolAllocator<>;
using Document = rapidjson::GenericDocument<rapidjson::UTF8<>, Pool, Pool>;
constexpr unsigned parse_flags = rapidjson::kParseInsituFlag |
        rapidjson::kParseValidateEncodingFlag | rapidjson::kParseFullPrecisionFlag;

char value_memory[1 << 18], stack_memory[1 << 16];

template <size_t n> bool is(const Value &v, const char (&literal)[n])
{
	return is_text(str_of(v.GetString(), v.GetStringLength()), literal, n - 1);
}

bool get(const Value &v, msgc_str *ret)
{
	if (!v.IsString())
		return false;
	*ret = str_of(v.GetString(), v.GetStringLength());
	return true;
}

bool get(const Value &v, int64_t *ret)
{
	if (!v.IsInt64())
		return false;
	*ret = v.GetInt64();
	return true;
}

/* Calls take(payload) where the frame is the one that is wanted. */
template <size_t n, class Take> bool parse(char *text, const char (&action)[n], Take take)
{
	Pool values(value_memory, sizeof value_memory), stack(stack_memory, sizeof stack_memory);
	Document d(&values, sizeof stack_memory / 2, &stack);
	const Value *payload = nullptr;
	unsigned seen = 0;

	d.ParseInsitu<parse_flags>(text);
	if (d.HasParseError() || !d.IsObject())
		return false;
	for (const auto &m : d.GetObject()) {
		if (is(m.name, "action")) {
			if (!m.value.IsString() || !is(m.value, action))
				return false;
			seen |= ACTION;
		} else if (is(m.name, "payload")) {
			payload = &m.value;
			seen |= PAYLOAD;
		}
	}
	return seen == FRAME_ALL && take(*payload);
}

bool decode_chat(char *text, size_t, void *ret)
{
	auto *v = static_cast<bench_chat *>(ret);

	return parse(text, "chat", [v](const Value &payload) {
		return get(payload, &v->payload) && check_text(v->payload);
	});
}

bool get_mentions(const Value &list, msgc_str_list *ret)
{
	size_t n = 0;

	if (!list.IsArray() || list.Size() > MENTIONS_MOST)
		return false;
	for (const auto &v : list.GetArray())
		if (!get(v, &mentions_room[n++]))
			return false;
	ret->items = mentions_room;
	ret->count = n;
	return true;
}

bool get_message(const Value &payload, bench_new_message_payload *v)
{
	unsigned seen = 0;

	if (!payload.IsObject())
		return false;
	for (const auto &m : payload.GetObject()) {
		if (is(m.name, "content") && get(m.value, &v->content)) {
			seen |= CONTENT;
		} else if (is(m.name, "sender_name") && get(m.value, &v->sender_name)) {
			seen |= SENDER;
		} else if (is(m.name, "raw") && m.value.IsBool()) {
			v->raw = m.value.GetBool();
			seen |= RAW;
		} else if (is(m.name, "timestamp") && get(m.value, &v->timestamp)) {
			seen |= STAMP;
		} else if (is(m.name, "reply_to") && get(m.value, &v->reply_to)) {
			seen |= REPLY;
		} else if (is(m.name, "mentions") && get_mentions(m.value, &v->mentions)) {
			seen |= MENTIONS;
		}
	}
	return seen == MESSAGE_ALL && check_message(v);
}

bool decode_message(char *text, size_t, void *ret)
{
	auto *v = static_cast<bench_new_message *>(ret);

	return parse(text, "new_message",
	        [v](const Value &payload) { return get_message(payload, &v->payload); });
}

bool get_line(const Value &line, bench_line *l)
{
	unsigned seen = 0;

	if (!line.IsObject())
		return false;
	for (const auto &m : line.GetObject()) {
		if (is(m.name, "username") && get(m.value, &l->username))
			seen |= L_USER;
		else if (is(m.name, "message") && get(m.value, &l->message))
			seen |= L_TEXT;
		else if (is(m.name, "timestamp") && get(m.value, &l->timestamp))
			seen |= L_STAMP;
		else if (is(m.name, "id") && get(m.value, &l->id))
			seen |= L_ID;
	}
	return seen == LINE_ALL && check_line(l);
}

bool decode_history(char *text, size_t, void *ret)
{
	auto *v = static_cast<bench_history *>(ret);

	return parse(text, "history", [v](const Value &payload) {
		size_t n = 0;

		if (!payload.IsArray() || payload.Size() > LINES_MOST)
			return false;
		for (const auto &line : payload.GetArray())
			if (!get_line(line, &lines_room[n++]))
				return false;
		v->payload.items = lines_room;
		v->payload.count = n;
		return true;
	});
}

bool get_values(const Value &list, msgc_float64_list *ret)
{
	size_t n = 0;

	if (!list.IsArray() || list.Size() > NUMBERS_MOST)
		return false;
	for (const auto &v : list.GetArray()) {
		if (!v.IsNumber())
			return false;
		values_room[n++] = v.GetDouble();
	}
	ret->items = values_room;
	ret->count = n;
	return true;
}

bool get_ids(const Value &list, msgc_int64_list *ret)
{
	size_t n = 0;

	if (!list.IsArray() || list.Size() > NUMBERS_MOST)
		return false;
	for (const auto &v : list.GetArray())
		if (!get(v, &ids_room[n++]))
			return false;
	ret->items = ids_room;
	ret->count = n;
	return true;
}

bool decode_telemetry(char *text, size_t, void *ret)
{
	auto *v = &static_cast<bench_telemetry *>(ret)->payload;

	return parse(text, "telemetry", [v](const Value &payload) {
		unsigned seen = 0;

		if (!payload.IsObject())
			return false;
		for (const auto &m : payload.GetObject()) {
			if (is(m.name, "values") && get_values(m.value, &v->values))
				seen |= VALUES;
			else if (is(m.name, "ids") && get_ids(m.value, &v->ids))
				seen |= IDS;
		}
		return seen == TELEMETRY_ALL;
	});
}

/* ---- writing: one buffer for all ---- */

rapidjson::StringBuffer buffer;
using Writer = rapidjson::Writer<rapidjson::StringBuffer, rapidjson::UTF8<>, rapidjson::UTF8<>,
        rapidjson::CrtAllocator, rapidjson::kWriteValidateEncodingFlag>;
Writer writer;

template <size_t n> void put(const char (&literal)[n])
{
	writer.String(literal, n - 1);
}

void put(msgc_str s)
{
	writer.String(s.ptr, static_cast<rapidjson::SizeType>(s.len));
}

template <size_t n> void open_frame(const char (&action)[n])
{
	buffer.Clear();
	writer.Reset(buffer);
	writer.StartObject();
	put("action");
	put(action);
	put("payload");
}

size_t close_frame(const char **ret)
{
	writer.EndObject();
	*ret = buffer.GetString();
	return buffer.GetSize();
}

size_t encode_chat(const void *value, const char **ret)
{
	open_frame("chat");
	put(static_cast<const bench_chat *>(value)->payload);
	return close_frame(ret);
}

size_t encode_message(const void *value, const char **ret)
{
	const auto &v = static_cast<const bench_new_message *>(value)->payload;

	open_frame("new_message");
	writer.StartObject();
	put("content");
	put(v.content);
	put("sender_name");
	put(v.sender_name);
	put("raw");
	writer.Bool(v.raw);
	put("timestamp");
	put(v.timestamp);
	put("reply_to");
	writer.Int64(v.reply_to);
	put("mentions");
	writer.StartArray();
	for (size_t i = 0; i < v.mentions.count; i++)
		put(v.mentions.items[i]);
	writer.EndArray();
	writer.EndObject();
	return close_frame(ret);
}

size_t encode_history(const void *value, const char **ret)
{
	const auto &v = static_cast<const bench_history *>(value)->payload;

	open_frame("history");
	writer.StartArray();
	for (size_t i = 0; i < v.count; i++) {
		writer.StartObject();
		put("username");
		put(v.items[i].username);
		put("message");
		put(v.items[i].message);
		put("timestamp");
		put(v.items[i].timestamp);
		put("id");
		writer.Int64(v.items[i].id);
		writer.EndObject();
	}
	writer.EndArray();
	return close_frame(ret);
}

size_t encode_telemetry(const void *value, const char **ret)
{
	const auto &v = static_cast<const bench_telemetry *>(value)->payload;

	open_frame("telemetry");
	writer.StartObject();
	put("values");
	writer.StartArray();
	for (size_t i = 0; i < v.values.count; i++)
		writer.Double(v.values.items[i]);
	writer.EndArray();
	put("ids");
	writer.StartArray();
	for (size_t i = 0; i < v.ids.count; i++)
		writer.Int64(v.ids.items[i]);
	writer.EndArray();
	writer.EndObject();
	return close_frame(ret);
}

const peer rapid = {
        "RapidJSON " RAPIDJSON_VERSION_STRING " in situ",
        nullptr,
        {decode_chat, decode_message, decode_history, decode_telemetry, decode_message},
        {encode_chat, encode_message, encode_history, encode_telemetry, nullptr},
        nullptr,
};

} // namespace

const peer *const *bench_peers()
{
	static const peer *const peers[] = {&rapid, nullptr};

	return peers;
}
