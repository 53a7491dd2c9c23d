import type { RemoteInfo } from 'node:dgram';
import type { Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/logger.ts';
import type { Network } from '../lib/world.ts';
import { AgentSocket, bindSocket } from './agent-socket.ts';
import type { LabCredential } from './credential.ts';
import type { MibView } from './mib-view.ts';
import { netSnmp, type PackageAgent, type PackageMessage } from './net-snmp.ts';
import {
  type Answer,
  answerGet,
  answerGetBulk,
  answerGetNext,
  LARGEST_VARBIND_LIST_OCTETS,
  type Question,
  refuseSet,
} from './responder.ts';

/** One real SNMP agent on one UDP port. */
export interface Agent {
  readonly port: number;
  /** A silent agent reads nothing and answers nothing, like a device without power. */
  setSilent(isSilent: boolean): void;
  stop(): Promise<void>;
}

export interface AgentOptions {
  readonly deviceId: string;
  readonly address: string;
  readonly port: number;
  readonly credential: LabCredential;
  readonly engineId: Buffer;
  readonly engineBoots: () => number;
  readonly engineTimeSeconds: () => number;
  readonly view: MibView;
  readonly clock: Clock;
  readonly network: Network;
  readonly log: Logger;
}

export type StartedAgent =
  | { readonly ok: true; readonly agent: Agent }
  | { readonly ok: false; readonly code: string };

/** RFC 3414 §5 usmStats: the object named in a report. */
const REPORT = {
  notInTimeWindow: 2,
  unknownEngineId: 4,
  wrongDigest: 5,
  decryptionError: 6,
} as const;
const TIME_WINDOW_SECONDS = 150;
/** Around the varbinds of an SNMPv3 message: header, security parameters, scoped PDU. */
const V3_FRAME_OCTETS = 256;
const PRIVACY_FLAG = 2;

/** Binds the port and answers on it until stopped; `code` is the operating system's reason when the port cannot be had. */
export async function startAgent(options: AgentOptions): Promise<StartedAgent> {
  const bound = await bindSocket(options.network, options.address, options.port);
  if (!bound.ok) return bound;
  const { socket, port } = bound;
  const facade = new AgentSocket(socket);
  const exchange: Exchange = { options, facade, current: null };
  const agent = createPackageAgent(exchange, port);
  let isSilent = false;
  socket.on('message', (datagram, remote) => {
    if (isSilent) return;
    exchange.current = { datagram, remote };
    agent.engine.engineBoots = options.engineBoots();
    agent.engine.engineTime = options.engineTimeSeconds();
    // The package throws on much of what a port scanner sends. To the network that is a lost datagram.
    try {
      if (isForOtherEngine(datagram, options.engineId)) {
        reportUnread(exchange, agent, REPORT.unknownEngineId);
      } else facade.deliver(datagram, remote);
    } catch (error) {
      options.log.debug({ device: options.deviceId, error: String(error) }, 'datagram dropped');
    }
  });
  socket.on('error', (error) => {
    options.log.warn({ device: options.deviceId, error: error.message }, 'agent socket failed');
  });
  return {
    ok: true,
    agent: {
      port,
      setSilent(value) {
        isSilent = value;
      },
      stop: () => new Promise((resolve) => socket.close(() => resolve())),
    },
  };
}

/** What is being answered; the package's callbacks do not carry it. */
interface Exchange {
  readonly options: AgentOptions;
  readonly facade: AgentSocket;
  current: { readonly datagram: Buffer; readonly remote: RemoteInfo } | null;
}

/** The package reads, authenticates and writes messages; the lab finds the values. */
function createPackageAgent(exchange: Exchange, port: number): PackageAgent {
  const { address, credential, engineId, view, clock } = exchange.options;
  const agent = netSnmp.createAgent(
    {
      address,
      port,
      transport: address.includes(':') ? 'udp6' : 'udp4',
      engineID: engineId,
      dgramModule: { createSocket: () => exchange.facade },
    },
    (error) => reportRefusal(exchange, agent, error),
  );
  if (credential.version === 'v3') agent.getAuthorizer().addUser(credential.user);
  else agent.getAuthorizer().addCommunity(credential.community);
  const answerWith =
    (find: (question: Question, message: PackageMessage) => Answer): PackageAgent['getRequest'] =>
    (_, message, remote) => {
      if (isOutsideTimeWindow(agent, message)) {
        reportTimeWindow(exchange, agent, message, remote);
        return;
      }
      const answer = find(questionOf(message, clock.monotonicMs()), message);
      const pdu = message.pdu.getResponsePduForRequest();
      Object.assign(pdu, answer);
      send(exchange, agent, message.createResponseForRequest(pdu), remote);
    };
  agent.getRequest = answerWith((question) => answerGet(view, question));
  agent.getNextRequest = answerWith((question) => answerGetNext(view, question));
  agent.setRequest = answerWith(refuseSet);
  agent.getBulkRequest = answerWith((question, { pdu }) =>
    answerGetBulk(view, question, pdu.nonRepeaters, pdu.maxRepetitions),
  );
  return agent;
}

function questionOf(message: PackageMessage, nowMs: number): Question {
  const { version, pdu } = message;
  const largestOctets =
    version === netSnmp.Version3
      ? message.msgGlobalData.msgMaxSize - V3_FRAME_OCTETS
      : LARGEST_VARBIND_LIST_OCTETS;
  return { version, varbinds: pdu.varbinds, largestOctets, nowMs };
}

/** The package echoes the asker's idea of this engine's clock; the answer must carry the real one. */
function send(
  { facade }: Exchange,
  agent: PackageAgent,
  message: PackageMessage,
  remote: RemoteInfo,
): void {
  if (message.version === netSnmp.Version3) {
    message.msgSecurityParameters.msgAuthoritativeEngineBoots = agent.engine.engineBoots;
    message.msgSecurityParameters.msgAuthoritativeEngineTime = agent.engine.engineTime;
  }
  agent.listener.send(message, remote, facade);
}

/** RFC 3414 §3.2 step 7a. The package does not look, and a device that restarted must say so. */
function isOutsideTimeWindow(agent: PackageAgent, message: PackageMessage): boolean {
  if (message.version !== netSnmp.Version3 || !message.hasAuthentication()) return false;
  const { msgAuthoritativeEngineBoots: boots, msgAuthoritativeEngineTime: time } =
    message.msgSecurityParameters;
  const { engineBoots, engineTime } = agent.engine;
  return boots !== engineBoots || Math.abs(time - engineTime) > TIME_WINDOW_SECONDS;
}

/** This report is authenticated but not encrypted: RFC 3414 §3.2 step 7a. */
function reportTimeWindow(
  exchange: Exchange,
  agent: PackageAgent,
  message: PackageMessage,
  remote: RemoteInfo,
): void {
  const { pdu } = message.createReportResponseMessage(agent.engine, '', REPORT.notInTimeWindow);
  pdu.id = message.pdu.id;
  const report = message.createResponseForRequest(pdu);
  report.msgGlobalData.msgFlags &= ~PRIVACY_FLAG;
  send(exchange, agent, report, remote);
}

/** A wrong key gets a report, as from any device; a wrong community gets silence: RFC 3414 §3.2, RFC 1157 §4.1. */
function reportRefusal(exchange: Exchange, agent: PackageAgent, error: Error | null): void {
  const code = (error as { readonly code?: number } | null)?.code;
  const { EAuthFailure, ECouldNotDecrypt } = netSnmp.ResponseInvalidCode;
  if (code === undefined) return;
  if (code === EAuthFailure) reportUnread(exchange, agent, REPORT.wrongDigest);
  if (code === ECouldNotDecrypt) reportUnread(exchange, agent, REPORT.decryptionError);
}

/** Reports on a message whose content was not accepted: only its header is read. */
function reportUnread(exchange: Exchange, agent: PackageAgent, reason: number): void {
  if (exchange.current === null) return;
  const { datagram, remote } = exchange.current;
  const nobody = { users: [], communities: [], disableAuthorization: true };
  const incoming = agent.listener.constructor.processIncoming(datagram, nobody, () => {});
  if (incoming === undefined) return;
  const message = 'report' in incoming ? incoming.original : incoming;
  const report = message.createReportResponseMessage(agent.engine, '', reason);
  agent.listener.send(report, remote, exchange.facade);
}

/**
 * Whether this is an SNMPv3 message that does not name this engine: the start of discovery, or a
 * message to another device. It must not reach the package, which would derive and keep a key for
 * every engine id that anybody makes up.
 */
function isForOtherEngine(datagram: Buffer, engineId: Buffer): boolean {
  const lengthOctet = datagram[1] ?? 0;
  const versionAt = 2 + (lengthOctet >= 0x80 ? lengthOctet - 0x80 : 0);
  const isV3 = datagram[versionAt] === 2 && datagram[versionAt + 2] === 3;
  return isV3 && !datagram.includes(engineId);
}
