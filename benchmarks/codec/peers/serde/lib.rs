// SPDX-License-Identifier: MIT
//! serde_json as its documentation recommends for speed: from a slice, strings borrowed where they
//! have no escapes, derived code for each message; written into one buffer that is used again.
//! serde.c makes the checks that bench.msg demands and says what these structs look like in C.

use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::cell::UnsafeCell;

// ---- what C sees

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Slice<T> {
    items: *const T,
    count: usize,
}

type Str = Slice<u8>;

#[repr(C)]
pub struct Line {
    username: Str,
    message: Str,
    timestamp: Str,
    id: i64,
}

#[repr(C)]
pub struct Message {
    content: Str,
    sender_name: Str,
    raw: bool,
    timestamp: Str,
    reply_to: i64,
    mentions: Slice<Str>,
}

#[repr(C)]
pub struct Telemetry {
    values: Slice<f64>,
    ids: Slice<i64>,
}

impl<T> Slice<T> {
    fn of(items: &[T]) -> Self {
        Slice { items: items.as_ptr(), count: items.len() }
    }

    /// C's lists are NULL where they are empty.
    unsafe fn get<'a>(&self) -> &'a [T] {
        if self.count == 0 { &[] } else { std::slice::from_raw_parts(self.items, self.count) }
    }
}

// ---- what is read, as somebody would write it in Rust

/// Borrowed where it can be; serde borrows a Cow in a list only inside a type of its own.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Text<'_> {
    fn slice(&self) -> Str {
        Slice::of(self.0.as_bytes())
    }
}

#[derive(Deserialize)]
struct Frame<'a, T> {
    #[serde(borrow)]
    action: Cow<'a, str>,
    payload: T,
}

#[derive(Deserialize)]
struct ReadMessage<'a> {
    #[serde(borrow)]
    content: Text<'a>,
    #[serde(borrow)]
    sender_name: Text<'a>,
    raw: bool,
    #[serde(borrow)]
    timestamp: Text<'a>,
    reply_to: i64,
    #[serde(borrow)]
    mentions: Vec<Text<'a>>,
}

#[derive(Deserialize)]
struct ReadLine<'a> {
    #[serde(borrow)]
    username: Text<'a>,
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(borrow)]
    timestamp: Text<'a>,
    id: i64,
}

#[derive(Deserialize)]
struct ReadTelemetry {
    values: Vec<f64>,
    ids: Vec<i64>,
}

/// What the structs of C point into, until the next call or `serde_release`.
#[allow(dead_code)]
enum Held {
    Nothing,
    Chat(Text<'static>),
    Message(ReadMessage<'static>, Vec<Str>),
    History(Vec<ReadLine<'static>>, Vec<Line>),
    Telemetry(ReadTelemetry),
}

/// The benchmark has one thread.
struct Single<T>(UnsafeCell<T>);
unsafe impl<T> Sync for Single<T> {}

static HELD: Single<Held> = Single(UnsafeCell::new(Held::Nothing));
static OUT: Single<Vec<u8>> = Single(UnsafeCell::new(Vec::new()));

unsafe fn hold(what: Held) {
    *HELD.0.get() = what;
}

unsafe fn frame<T: Deserialize<'static>>(text: *const u8, len: usize, action: &str) -> Option<T> {
    let text: &'static [u8] = std::slice::from_raw_parts(text, len);
    let frame: Frame<T> = serde_json::from_slice(text).ok()?;
    (frame.action == action).then_some(frame.payload)
}

#[no_mangle]
pub unsafe extern "C" fn serde_release() {
    hold(Held::Nothing);
}

#[no_mangle]
pub unsafe extern "C" fn serde_read_chat(text: *const u8, len: usize, ret: &mut Str) -> bool {
    let Some(v) = frame::<Text>(text, len, "chat") else { return false };
    *ret = v.slice();
    hold(Held::Chat(v));
    true
}

#[no_mangle]
pub unsafe extern "C" fn serde_read_message(text: *const u8, len: usize, ret: &mut Message) -> bool {
    let Some(v) = frame::<ReadMessage>(text, len, "new_message") else { return false };
    let mentions: Vec<Str> = v.mentions.iter().map(Text::slice).collect();
    *ret = Message {
        content: v.content.slice(),
        sender_name: v.sender_name.slice(),
        raw: v.raw,
        timestamp: v.timestamp.slice(),
        reply_to: v.reply_to,
        mentions: Slice::of(&mentions),
    };
    hold(Held::Message(v, mentions));
    true
}

#[no_mangle]
pub unsafe extern "C" fn serde_read_history(text: *const u8, len: usize, ret: &mut Slice<Line>) -> bool {
    let Some(v) = frame::<Vec<ReadLine>>(text, len, "history") else { return false };
    let line = |l: &ReadLine| Line {
        username: l.username.slice(),
        message: l.message.slice(),
        timestamp: l.timestamp.slice(),
        id: l.id,
    };
    let lines: Vec<Line> = v.iter().map(line).collect();
    *ret = Slice::of(&lines);
    hold(Held::History(v, lines));
    true
}

#[no_mangle]
pub unsafe extern "C" fn serde_read_telemetry(text: *const u8, len: usize, ret: &mut Telemetry) -> bool {
    let Some(v) = frame::<ReadTelemetry>(text, len, "telemetry") else { return false };
    *ret = Telemetry { values: Slice::of(&v.values), ids: Slice::of(&v.ids) };
    hold(Held::Telemetry(v));
    true
}

// ---- what is written, straight from the structs of C

/// A text of C, which is UTF-8 in this benchmark.
struct WriteText<'a>(&'a Str);

impl Serialize for WriteText<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(unsafe { std::str::from_utf8_unchecked(self.0.get()) })
    }
}

struct WriteList<'a, T>(&'a Slice<T>);

impl<T: Copy + Serialize> Serialize for WriteList<'_, T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(unsafe { self.0.get() })
    }
}

struct WriteTexts<'a>(&'a Slice<Str>);

impl Serialize for WriteTexts<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(unsafe { self.0.get() }.iter().map(WriteText))
    }
}

struct WriteLines<'a>(&'a Slice<Line>);

impl Serialize for WriteLines<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(unsafe { self.0.get() }.iter().map(|l| WriteLine {
            username: WriteText(&l.username),
            message: WriteText(&l.message),
            timestamp: WriteText(&l.timestamp),
            id: l.id,
        }))
    }
}

#[derive(Serialize)]
struct WriteLine<'a> {
    username: WriteText<'a>,
    message: WriteText<'a>,
    timestamp: WriteText<'a>,
    id: i64,
}

#[derive(Serialize)]
struct WriteMessage<'a> {
    content: WriteText<'a>,
    sender_name: WriteText<'a>,
    raw: bool,
    timestamp: WriteText<'a>,
    reply_to: i64,
    mentions: WriteTexts<'a>,
}

#[derive(Serialize)]
struct WriteTelemetry<'a> {
    values: WriteList<'a, f64>,
    ids: WriteList<'a, i64>,
}

#[derive(Serialize)]
struct WriteFrame<T> {
    action: &'static str,
    payload: T,
}

unsafe fn write<T: Serialize>(action: &'static str, payload: T, ret: &mut *const u8) -> usize {
    let out = &mut *OUT.0.get();

    out.clear();
    if serde_json::to_writer(&mut *out, &WriteFrame { action, payload }).is_err() {
        return 0;
    }
    *ret = out.as_ptr();
    out.len()
}

#[no_mangle]
pub unsafe extern "C" fn serde_write_chat(v: &Str, ret: &mut *const u8) -> usize {
    write("chat", WriteText(v), ret)
}

#[no_mangle]
pub unsafe extern "C" fn serde_write_message(v: &Message, ret: &mut *const u8) -> usize {
    let payload = WriteMessage {
        content: WriteText(&v.content),
        sender_name: WriteText(&v.sender_name),
        raw: v.raw,
        timestamp: WriteText(&v.timestamp),
        reply_to: v.reply_to,
        mentions: WriteTexts(&v.mentions),
    };
    write("new_message", payload, ret)
}

#[no_mangle]
pub unsafe extern "C" fn serde_write_history(v: &Slice<Line>, ret: &mut *const u8) -> usize {
    write("history", WriteLines(v), ret)
}

#[no_mangle]
pub unsafe extern "C" fn serde_write_telemetry(v: &Telemetry, ret: &mut *const u8) -> usize {
    let payload = WriteTelemetry { values: WriteList(&v.values), ids: WriteList(&v.ids) };
    write("telemetry", payload, ret)
}
