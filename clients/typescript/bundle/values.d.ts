/** One type. Numbers that a JavaScript number might not hold are texts. */
type Shape$ = {
	readonly is: "ref";
	readonly to: string;
} | {
	readonly is: "json" | "bool" | "null";
} | {
	readonly is: "int" | "number" | "decimal";
	/** What programs hold: "bigint" for a 64-bit integer that travels as a number, "digits" for such a decimal. */
	readonly held?: "bigint" | "digits";
	/** A float of 32 bits. */
	readonly single?: true;
	/** It travels in a string. */
	readonly quoted?: true;
	readonly min?: string;
	readonly max?: string;
	readonly above?: string;
	readonly below?: string;
	readonly step?: string;
} | {
	readonly is: "string";
	readonly len?: Range$;
	readonly bytes?: Range$;
	readonly patterns?: readonly string[];
	readonly format?: string;
	readonly notBlank?: true;
	/** What is cut off or changed before anything is checked. */
	readonly trim?: true;
	readonly letters?: "lower" | "upper";
} | {
	readonly is: "bytes";
	readonly bytes?: Range$;
} | {
	readonly is: "enum";
	readonly values: readonly Literal$[];
	readonly open?: "string" | "int";
} | {
	readonly is: "record";
	readonly members: {
		readonly [name: string]: Member$;
	};
	readonly closed?: true;
	/** The members that it does not declare. */
	readonly further?: Use$;
	readonly count?: Range$;
} | {
	readonly is: "list";
	readonly of: Use$;
	readonly count?: Range$;
	readonly unique?: true;
} | {
	readonly is: "map";
	readonly of: Use$;
	readonly key?: Shape$;
	readonly count?: Range$;
} | {
	readonly is: "tuple";
	readonly of: readonly Member$[];
}
/** Told apart by the member `by`. A union without one has it beside itself: see Member. */
 | {
	readonly is: "union";
	readonly by: string;
	readonly arms: readonly Arm$[];
	readonly other?: true;
} | {
	readonly is: "choice";
	readonly arms: readonly Shape$[];
};
type Literal$ = string | number | boolean;
/** Least and most, both included; null: no bound. */
type Range$ = readonly [number | null, number | null];
interface Use$ {
	readonly type: Shape$;
	readonly nullable?: true;
}
interface Member$ extends Use$ {
	readonly optional?: true;
	/** As it would travel. */
	readonly default?: unknown;
	/** The member beside this one that tells the union's arms apart. */
	readonly beside?: string;
}
interface Arm$ {
	readonly tag: Literal$;
	readonly type: Shape$;
	readonly nullable?: true;
}
/** Named types of a contract. */
interface Shapes$ {
	readonly [name: string]: Shape$;
}
/** What a union's else arm holds where the tag stands beside it. */
export interface UnknownValue<Tag = string> {
	tag: Tag;
	value: unknown;
}
/** One thing that is wrong with a frame, in the words of the server. */
export interface Problem {
	/** What kind: "missing", "string_too_long", "enum" … */
	type: string;
	/** Where, from the frame inwards. */
	loc: (string | number)[];
	/** A sentence for people. */
	msg: string;
	/** What was expected: {"max_length": 2000}. */
	ctx?: {
		[name: string]: unknown;
	};
}
/** What the server says, and below the line what the client itself finds out. */
export type ErrorReason = "invalid" | "refused" | "handler_failed" | "rate_limited" | "busy" | "too_large" | "conflict" | "lost" | "unknown_topic" | "unauthorized" | "not_subscribed" | "timeout" | "disconnected" | "closed" | "queue_full" | "aborted" | "unanswered";
/** A request that failed. `reason` says why. */
export declare class RequestError extends Error {
	readonly name: string;
	/** One of ErrorReason, or a word of a server newer than this client. */
	readonly reason: ErrorReason | (string & {});
	/** The ref of the frame, where it had one. */
	readonly ref: string | undefined;
	constructor(reason: ErrorReason | (string & {}), detail: string, ref?: string);
}
/** The frame breaks the contract: every problem with its place. */
export declare class InvalidError extends RequestError {
	readonly problems: readonly Problem[];
	readonly name = "InvalidError";
	constructor(problems: readonly Problem[], ref?: string);
}
/** Too fast (rate_limited), or too much at once (busy): may be tried again after so many seconds. */
export declare class RetryLaterError extends RequestError {
	readonly retryAfter: number;
	readonly name = "RetryLaterError";
	constructor(reason: "rate_limited" | "busy", detail: string, retryAfter: number, ref?: string);
}
/** Refused with a message of the contract (`error problem;`): the frame, as the contract has it. */
export declare class RefusalError extends RequestError {
	readonly refusal: unknown;
	readonly name = "RefusalError";
	constructor(refusal: unknown, ref?: string);
}
/** One message: its tags for the contract's discriminators, and what it looks like without them. */
interface MessageSpec$ {
	readonly tags: readonly Literal$[];
	readonly type: Shape$;
	/** Where its tags stand, if not where those of what the server sends do. */
	readonly keys?: readonly (string | number)[];
}
/** Names of the members of the envelope; those that a contract switches off are not there. */
interface EnvelopeSpec$ {
	readonly ref?: string;
	readonly topic?: string;
	readonly message_id?: string;
	readonly seq?: string;
	readonly epoch?: string;
	readonly version?: string;
	readonly is_mine?: string;
	readonly is_current?: string;
}
interface ParamSpec$ extends Member$ {
	readonly name: string;
	/** Its name in the URL, where that is another one. */
	readonly wire?: string;
}
/** What travels on one connection: of a consumer, or of a topic, which is spoken of on a consumer's. */
interface ConsumerSpec$ {
	readonly name: string;
	/** Pieces of the path: texts and parameters. */
	readonly path: readonly (string | ParamSpec$)[];
	readonly query: readonly ParamSpec$[];
	/** Members that say which message a frame is, or positions where frames are arrays: of the client's, of the server's. */
	readonly sendKeys: readonly (string | number)[];
	readonly keys: readonly (string | number)[];
	readonly envelope: EnvelopeSpec$;
	/** Array frames: where the ref stands. */
	readonly refAt?: number;
	/** Refs are integers. */
	readonly refIsInt?: true;
	/** Standard messages are understood. */
	readonly std?: true;
	readonly heartbeat?: true;
	readonly completion?: true;
	/** A group of it keeps a history. */
	readonly recoverable?: true;
	/** Its URL has to say that the first frame will bring credentials: without any, everybody may come in as nobody. */
	readonly announces?: true;
	readonly subprotocols?: readonly string[];
	/** What clients send, with the names of what answers it. */
	readonly sends: {
		readonly [name: string]: {
			readonly message: MessageSpec$;
			readonly answers?: readonly string[];
		};
	};
	readonly incoming: {
		readonly [name: string]: MessageSpec$;
	};
	/** Answers by name, also those that share tags with others: only a ref tells them apart. */
	readonly answers: {
		readonly [name: string]: MessageSpec$;
	};
	readonly asks: {
		readonly [name: string]: {
			readonly message: MessageSpec$;
			readonly answers: {
				readonly [name: string]: MessageSpec$;
			};
		};
	};
	/** The first frame of all, and what tells of refused ones where there are no standard messages: names of `incoming`. */
	readonly greeting?: string;
	readonly error?: string;
	/** Messages that authenticate, among `sends`. */
	readonly first?: readonly string[];
	readonly topics?: {
		readonly [name: string]: TopicSpec$;
	};
}
interface TopicSpec$ extends ConsumerSpec$ {
	/** Pieces of the group's name. */
	readonly group: readonly (string | ParamSpec$)[];
}
type Frame$ = Record<string, unknown> | unknown[];
/** What stands beside a message's own members. */
interface Envelope$ {
	ref?: string | number;
	topic?: string;
	message_id?: string;
}
/** Writes and reads the frames of one contract. */
declare class Wire$ {
	#private;
	readonly spec: ConsumerSpec$;
	constructor(shapes: Shapes$, spec: ConsumerSpec$);
	/** null: not JSON, or neither an object nor an array. */
	parse(text: string): Frame$ | null;
	/** The message that a frame is: of those that fit the one with the most tags. */
	recognise(frame: Frame$, messages: {
		readonly [name: string]: MessageSpec$;
	}, keys: readonly (string | number)[]): string | undefined;
	/** As the program holds it: the frame, with its discriminators and envelope. */
	read(frame: Frame$, message: MessageSpec$): unknown;
	/** The text of a frame. */
	write(message: MessageSpec$, body: unknown, envelope: Envelope$, keys?: readonly (string | number)[]): string;
	/** Its ref as it came, or undefined. */
	refOf(frame: Frame$): string | number | undefined;
}
/** How a contract's frames are made: as much of a consumer's table as a check needs. */
interface FrameSpec$ {
	readonly keys: readonly (string | number)[];
	readonly envelope: EnvelopeSpec$;
	readonly refAt?: number;
	readonly refIsInt?: true;
}
/**
 * Checks every message that arrives, as the server checks what it receives: hand it to a client as its `validator`. What it does not
 * know are `require` and `check`.
 */
export declare function validator(spec: FrameSpec$, shapes: Shapes$, message: MessageSpec$, frame: Frame$): Problem[];
