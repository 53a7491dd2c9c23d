import type { RemoteInfo, Socket } from 'node:dgram';
import { createRequire } from 'node:module';

/**
 * The part of the npm package `net-snmp` that the lab uses. The package carries no types and is
 * CommonJS; this is the one place where its shapes are written down.
 */
export interface NetSnmp {
  createAgent(options: AgentOptions, callback: (error: Error | null) => void): PackageAgent;
  createSession(address: string, community: string, options: object): PackageSession;
  createV3Session(address: string, user: PackageUser, options: object): PackageSession;
  readonly Version1: number;
  readonly Version2c: number;
  readonly Version3: number;
  readonly SecurityLevel: Readonly<Record<'noAuthNoPriv' | 'authNoPriv' | 'authPriv', number>>;
  readonly AuthProtocols: Readonly<Record<string, number>>;
  readonly PrivProtocols: Readonly<Record<string, number>>;
  readonly ResponseInvalidCode: Readonly<Record<string, number>>;
}

export interface AgentOptions {
  readonly address: string;
  readonly port: number;
  readonly transport: 'udp4' | 'udp6';
  readonly engineID: Buffer;
  readonly dgramModule: { createSocket(): unknown };
}

export interface PackageUser {
  readonly name: string;
  readonly level: number;
  readonly authProtocol?: number;
  readonly authKey?: string;
  readonly privProtocol?: number;
  readonly privKey?: string;
}

export interface PackageVarbind {
  oid: string;
  type: number;
  value: number | string | Buffer | null;
}

export interface PackagePdu {
  id: number;
  readonly type: number;
  varbinds: PackageVarbind[];
  nonRepeaters: number;
  maxRepetitions: number;
  errorStatus?: number;
  errorIndex?: number;
  getResponsePduForRequest(): PackagePdu;
}

export interface PackageMessage {
  readonly version: number;
  readonly pdu: PackagePdu;
  readonly msgGlobalData: { msgMaxSize: number; msgFlags: number };
  readonly msgSecurityParameters: {
    msgAuthoritativeEngineBoots: number;
    msgAuthoritativeEngineTime: number;
  };
  hasAuthentication(): unknown;
  createResponseForRequest(pdu: PackagePdu): PackageMessage;
  createReportResponseMessage(
    engine: PackageEngine,
    context: string,
    errorType: number,
  ): PackageMessage;
}

export interface PackageEngine {
  engineBoots: number;
  engineTime: number;
}

type RequestHandler = (socket: unknown, message: PackageMessage, remote: RemoteInfo) => void;

export interface PackageAgent {
  readonly engine: PackageEngine;
  readonly listener: PackageListener;
  getAuthorizer(): { addCommunity(community: string): void; addUser(user: PackageUser): void };
  getRequest: RequestHandler;
  getNextRequest: RequestHandler;
  getBulkRequest: RequestHandler;
  setRequest: RequestHandler;
}

export interface PackageListener {
  send(message: PackageMessage, remote: RemoteInfo, socket: unknown): void;
  readonly constructor: ListenerConstructor;
}

/** What `processIncoming` gives: a message, or the original and the wish for a report, or nothing. */
type Incoming = PackageMessage | { readonly report: true; readonly original: PackageMessage };

export interface ListenerConstructor {
  processIncoming(
    datagram: Buffer,
    authorizer: object,
    callback: (error: Error | null) => void,
  ): Incoming | undefined;
}

export interface PackageSession {
  get(oids: string[], callback: (error: Error | null, varbinds: PackageVarbind[]) => void): void;
  subtree(
    oid: string,
    maxRepetitions: number,
    feed: (varbinds: PackageVarbind[]) => void,
    done: (error: Error | null) => void,
  ): void;
  on(event: 'error', listener: (error: Error) => void): void;
  readonly dgram: Socket;
  close(): void;
}

export const netSnmp = createRequire(import.meta.url)('net-snmp') as NetSnmp;

/** Tags of SNMP values on the wire: RFC 2578 §7.1, RFC 3416 §3. */
export const VALUE_TYPE = {
  integer: 2,
  octetString: 4,
  null: 5,
  oid: 6,
  counter32: 65,
  gauge32: 66,
  timeTicks: 67,
  counter64: 70,
  noSuchObject: 128,
  noSuchInstance: 129,
  endOfMibView: 130,
} as const;
