import { createRequire } from 'node:module';
import { isIPv6 } from 'node:net';
import type { Credential } from '../config/model.ts';
import type { LocalText } from '../lib/local-text.ts';
import type { DurationMs } from '../lib/time.ts';
import { failureOfCode, type SessionSocket } from './guarded-socket.ts';
import { POLL_DETAILS } from './poll-details.ts';
import type { RequestOperation, SessionRenewalReason } from './self-metrics.ts';
import type { SnmpError, Varbind, VarbindType } from './snmp-client.ts';

/** The parts of the `net-snmp` package that are used; nothing of it is visible outside this file. */
interface Package {
  createSession(address: string, community: string, options: object): PackageSession;
  createV3Session(address: string, user: object, options: object): PackageSession;
  readonly Version1: number;
  readonly Version2c: number;
  readonly Version3: number;
  readonly SecurityLevel: Readonly<Record<string, number>>;
  readonly AuthProtocols: Readonly<Record<string, number>>;
  readonly PrivProtocols: Readonly<Record<string, number>>;
  readonly ResponseInvalidCode: Readonly<Record<string, number>>;
}

interface PackageVarbind {
  readonly oid: string;
  readonly type: number;
  readonly value: unknown;
}

type Done<T> = (error: Error | null, result: T) => void;

interface PackageSession {
  get(oids: string[], done: Done<PackageVarbind[]>): void;
  getNext(oids: string[], done: Done<PackageVarbind[]>): void;
  getBulk(
    oids: string[],
    nonRepeaters: number,
    maxRepetitions: number,
    done: Done<PackageVarbind[][]>,
  ): void;
  on(event: string, listener: () => void): void;
  close(): void;
}

const snmp = createRequire(import.meta.url)('net-snmp') as Package;

const TYPES: Readonly<Record<number, VarbindType>> = {
  2: 'integer',
  4: 'octet-string',
  5: 'null',
  6: 'oid',
  64: 'ip-address',
  65: 'counter32',
  66: 'gauge32',
  67: 'time-ticks',
  68: 'opaque',
  70: 'counter64',
  128: 'no-such-object',
  129: 'no-such-instance',
  130: 'end-of-mib-view',
};

const AUTHENTICATION: Readonly<Record<string, string>> = {
  md5: 'md5',
  sha1: 'sha',
  sha224: 'sha224',
  sha256: 'sha256',
  sha384: 'sha384',
  sha512: 'sha512',
};

/** AES-192 is missing in the package; `aes256b` is the draft's key extension, `aes256r` Reeder's. */
const PRIVACY: Readonly<Record<string, string>> = {
  des: 'des',
  aes128: 'aes',
  aes256: 'aes256b',
  aes256c: 'aes256r',
};

const USELESS: WireReply = { kind: 'useless', undecryptable: false };

/** RFC 3416 §3 error-status. */
const TOO_BIG = 1;
const STATUS_NAMES: readonly string[] =
  'noError tooBig noSuchName badValue readOnly genErr noAccess wrongType wrongLength wrongEncoding wrongValue noCreation inconsistentValue resourceUnavailable commitFailed undoFailed authorizationError notWritable inconsistentName'.split(
    ' ',
  );

/** What a report says about the credential (RFC 3414 §3.2), by the package's text for it. */
const REPORT_DETAILS: Readonly<Record<string, LocalText>> = {
  'Unsupported Security Level': POLL_DETAILS.levelRefused,
  'Unknown User Name': POLL_DETAILS.userUnknown,
  'Wrong Digest (incorrect password, community or key)': POLL_DETAILS.wrongPassword,
  'Decryption Error': POLL_DETAILS.deviceCannotDecrypt,
};

/** What one datagram from the device meant. */
export type WireReply =
  | { readonly kind: 'varbinds'; readonly varbinds: readonly Varbind[] }
  /** RFC 3416 §3 error-status; `oid` is the object it is about, when the device said so. */
  | { readonly kind: 'status'; readonly status: number; readonly oid: string | null }
  | { readonly kind: 'failed'; readonly error: SnmpError }
  /** The device has lost its place: only a new session can talk to it. */
  | { readonly kind: 'renew'; readonly reason: SessionRenewalReason }
  /** Not taken for a reply; the true one may still come. */
  | { readonly kind: 'useless'; readonly undecryptable: boolean };

export interface WireSession {
  /** Sends one request, without tries of its own. `replied` is called late, several times, or never. */
  send(
    operation: RequestOperation,
    oids: readonly string[],
    maxRepetitions: number,
    replied: (reply: WireReply) => void,
  ): void;
  close(): void;
}

export interface WireSessionOptions {
  readonly address: string;
  readonly port: number;
  readonly credential: Credential;
  readonly socket: SessionSocket;
  /** After this the package forgets a request that got no reply. */
  readonly forgetAfterMs: DurationMs;
  /** A datagram that passed the guard but not the package. */
  readonly onRejected: () => void;
}

/** Whether the package knows how to encrypt with the protocol. */
export function isPrivacyAvailable(privacy: string): boolean {
  return PRIVACY[privacy] !== undefined;
}

/** A session of the package behind our own types. */
export function openWireSession(options: WireSessionOptions): WireSession {
  const { address, port, credential, socket, forgetAfterMs } = options;
  const sessionOptions = {
    port,
    version: versionOf(credential),
    transport: isIPv6(address) ? 'udp6' : 'udp4',
    // Tries and time-outs are ours; the package's own timer only clears away what nobody waits for.
    retries: 0,
    timeout: forgetAfterMs,
    context: credential.version === 'v3' ? credential.contextName : '',
    dgramModule: { createSocket: () => socket },
  };
  const session =
    credential.version === 'v3'
      ? snmp.createV3Session(address, userOf(credential), sessionOptions)
      : snmp.createSession(address, credential.community.reveal(), sessionOptions);
  // Without a listener a malformed datagram would end the process.
  session.on('error', options.onRejected);
  return {
    send(operation, oids, maxRepetitions, replied) {
      const done = (error: Error | null, varbinds: PackageVarbind[]) =>
        replied(interpret(error, varbinds));
      if (operation === 'get') session.get([...oids], done);
      else if (operation === 'get-next') session.getNext([...oids], done);
      else {
        session.getBulk([...oids], 0, maxRepetitions, (error, columns) =>
          done(error, error === null ? rowMajor(columns) : []),
        );
      }
    },
    close: () => session.close(),
  };
}

function versionOf(credential: Credential): number {
  if (credential.version === 'v3') return snmp.Version3;
  return credential.version === 'v1' ? snmp.Version1 : snmp.Version2c;
}

function userOf(credential: Credential & { version: 'v3' }): object {
  return {
    name: credential.user,
    level: snmp.SecurityLevel[credential.level],
    authProtocol: snmp.AuthProtocols[AUTHENTICATION[credential.authentication ?? ''] ?? 'none'],
    authKey: credential.authenticationPassword?.reveal(),
    privProtocol: snmp.PrivProtocols[PRIVACY[credential.privacy ?? ''] ?? 'none'],
    privKey: credential.privacyPassword?.reveal(),
  };
}

function interpret(error: Error | null, varbinds: PackageVarbind[]): WireReply {
  if (error === null) return { kind: 'varbinds', varbinds: varbinds.map(toVarbind) };
  if ('status' in error && typeof error.status === 'number') {
    return { kind: 'status', status: error.status, oid: error.message.split(': ')[1] ?? null };
  }
  const code = 'code' in error ? error.code : null;
  const named = snmp.ResponseInvalidCode;
  if (error.name === 'ResponseInvalidError') {
    if (code === named.ENotInTimeWindow || error.message === 'Not In Time Window') {
      return { kind: 'renew', reason: 'time-window' };
    }
    if (error.message === 'Unknown Engine ID') return { kind: 'renew', reason: 'unknown-engine' };
    if (code === named.ECouldNotDecrypt) return { kind: 'useless', undecryptable: true };
    const detail = REPORT_DETAILS[error.message];
    if (detail !== undefined) return failedReply('auth-failed', detail);
    // A digest that does not fit is a forged or damaged reply: the true one may still come.
    if (code === named.EAuthFailure) return USELESS;
    return failedReply('bad-response', POLL_DETAILS.unfitReply);
  }
  const unreachable = failureOfCode(code);
  if (unreachable !== null) return failedReply(unreachable, POLL_DETAILS.noRoute);
  if (code === 'EMSGSIZE') return failedReply('too-big', POLL_DETAILS.requestTooBig);
  if (code === 'ERR_OSSL_EVP_UNSUPPORTED') {
    return failedReply('auth-failed', POLL_DETAILS.privacyUnsupported);
  }
  return USELESS;
}

function toVarbind({ oid, type, value }: PackageVarbind): Varbind {
  const name = TYPES[type];
  if (name === undefined) return { oid, type: 'null', value: null };
  if (!(value instanceof Uint8Array)) {
    return { oid, type: name, value: value as Varbind['value'] };
  }
  if (name === 'counter64') {
    const hex = Buffer.from(value).toString('hex');
    return { oid, type: name, value: BigInt.asUintN(64, BigInt(`0x${hex === '' ? '0' : hex}`)) };
  }
  // A view would keep the whole datagram alive for as long as the value is kept.
  return { oid, type: name, value: Uint8Array.from(value) };
}

/** The package groups a GETBULK by column; the wire has it by row. */
function rowMajor(columns: PackageVarbind[][]): PackageVarbind[] {
  const longest = Math.max(0, ...columns.map((column) => column.length));
  const rows: PackageVarbind[] = [];
  for (let row = 0; row < longest; row += 1) {
    for (const column of columns) {
      const varbind = column[row];
      if (varbind !== undefined) rows.push(varbind);
    }
  }
  return rows;
}

function failedReply(failure: SnmpError['failure'], detail: LocalText): WireReply {
  return { kind: 'failed', error: { failure, detail } };
}

/** The failure that a reply without values stands for. */
export function errorOfReply(reply: WireReply): SnmpError {
  if (reply.kind === 'failed') return reply.error;
  if (reply.kind !== 'status')
    return { failure: 'bad-response', detail: POLL_DETAILS.unusableReply };
  if (reply.status === TOO_BIG) {
    return { failure: 'too-big', detail: POLL_DETAILS.answerTooBig };
  }
  const name = STATUS_NAMES[reply.status];
  if (name === 'authorizationError') {
    return { failure: 'auth-failed', detail: POLL_DETAILS.accessRefused };
  }
  const failure = name === 'noSuchName' ? 'no-such-name' : 'bad-response';
  const { status, unnamedStatus } = POLL_DETAILS;
  return { failure, detail: name === undefined ? unnamedStatus(reply.status) : status(name) };
}
