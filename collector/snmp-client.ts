import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs } from '../lib/time.ts';

/** RFC 2578 §7.1 and RFC 3416 §3. The three `noSuch…`/`endOfMibView` kinds are answers, not failures. */
export type VarbindType =
  | 'integer'
  | 'octet-string'
  | 'null'
  | 'oid'
  | 'ip-address'
  | 'counter32'
  | 'gauge32'
  | 'time-ticks'
  | 'opaque'
  | 'counter64'
  | 'no-such-object'
  | 'no-such-instance'
  | 'end-of-mib-view';

/** One object instance and its value: number for 32-bit types, bigint for Counter64, octets for strings, dotted text for OIDs. */
export interface Varbind {
  /** Dotted, without a leading dot. */
  readonly oid: string;
  readonly type: VarbindType;
  readonly value: number | bigint | Uint8Array | string | null;
}

export type SnmpFailure =
  | 'timeout'
  | 'refused'
  | 'unreachable'
  | 'auth-failed'
  | 'too-big'
  | 'no-such-name'
  | 'bad-response'
  | 'not-increasing'
  | 'row-cap'
  | 'deadline'
  | 'aborted';

export interface SnmpError {
  readonly failure: SnmpFailure;
  /** One short sentence for people; holds no secret. */
  readonly detail: LocalText;
  /** With `timeout`: the agent said something while this was asked, so it runs; only we cannot read it. */
  readonly isAnswering?: boolean;
}

/** Varbinds in the order answered. `error` null: complete. With an error, `varbinds` holds what came before it. */
export interface SnmpAnswer {
  readonly varbinds: readonly Varbind[];
  readonly error: SnmpError | null;
  /** Round trip of the last answered request; null when none was. */
  readonly rttMs: DurationMs | null;
  /**
   * Objects of a GET that the device left out of its answer, or could not give, while it gave others:
   * their varbinds are `null`, and say nothing about whether they exist.
   */
  readonly unread?: readonly UnreadObject[];
}

export interface UnreadObject {
  readonly oid: string;
  readonly error: SnmpError;
}

export interface RequestBounds {
  /** Instant of the monotonic clock after which no further request is sent and waiting ends. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/**
 * The port to the wire, for one device. Expected failures are values; it never throws for what a
 * device sent. A reply counts only from the asked address and port, with the pending id, at no
 * lower a security level than asked. Walks end at the first OID that does not increase, at the row
 * cap, or at the deadline, and keep what was read.
 */
export interface SnmpClient {
  get(oids: readonly string[], bounds: RequestBounds): Promise<SnmpAnswer>;
  getBulk(
    oids: readonly string[],
    maxRepetitions: number,
    bounds: RequestBounds,
  ): Promise<SnmpAnswer>;
  walk(rootOid: string, rowCap: number, bounds: RequestBounds): Promise<SnmpAnswer>;
  close(): void;
  /** What was sent to the device since the client was made; a client that does not count has none. */
  traffic?(): RequestTraffic;
  /** null before the device was first asked; a client that does not measure has none. */
  roundTrips?(): RoundTripFacts | null;
  /** What has come of the connection; a client that has none tells nothing. */
  connection?(): ConnectionFacts;
}

export interface ConnectionFacts {
  /** Replies that came from another address or port, and did not count. */
  readonly strayCount: number;
  /** Address and port of the last of them. */
  readonly lastStray: string | null;
  /** Of the SNMPv3 engine that answers, in hexadecimal; null while none has proved itself. */
  readonly engineId: string | null;
  /** RFC 3411 snmpEngineBoots of that engine; null as above. */
  readonly engineBoots: number | null;
  /** Its boots and time as an authentic answer told them last; null while none has. */
  readonly engineTime: ProvenEngineTime | null;
  /** The last time that its clock fell back though its boots had not risen, another object each time; null: never. */
  readonly engineTimeReset: EngineTimeReset | null;
}

/** Of a line over which nothing has come. */
export const NO_CONNECTION: ConnectionFacts = {
  strayCount: 0,
  lastStray: null,
  engineId: null,
  engineBoots: null,
  engineTime: null,
  engineTimeReset: null,
};

/** RFC 3414 §2.2.1 snmpEngineBoots and snmpEngineTime of an engine, proven by an answer to what was asked. */
export interface ProvenEngineTime {
  readonly boots: number;
  readonly timeSeconds: number;
  /** Monotonic instant at which the time was true. */
  readonly provenAtMs: number;
}

/** RFC 3414 §2.2: the time of an engine only grows while its boots stay. */
export interface EngineTimeReset {
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
}

export interface RequestTraffic {
  /** Tries included. */
  readonly packetsSent: number;
  /** Of those, tries after the first. */
  readonly packetsRetried: number;
}

/** How long a device takes to answer, and so how long it is waited for. */
export interface RoundTripFacts {
  /** Smoothed; null before the first reply. */
  readonly smoothedMs: DurationMs | null;
  /** Smoothed difference from it. */
  readonly variationMs: DurationMs;
  /** For each try of a request, before a share that chance adds. */
  readonly waitsMs: readonly DurationMs[];
  /** Sockets that requests to it go through in turn; all devices share them. */
  readonly socketCount: number;
}
