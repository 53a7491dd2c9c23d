import { decodeMessage } from '../../collector/snmp/decode-message.ts';
import { AUTHENTICATED, ENCRYPTED, newMessageView } from '../../collector/snmp/message-view.ts';
import type { Pdu } from '../../collector/snmp/pdu-object.ts';
import { openPayload } from '../../collector/snmp/usm/open-payload.ts';
import { type UsmReportKind, usmReport } from '../../collector/snmp/usm/reports.ts';
import { NO_KEYS, seal, store, USER_NAME, userWith } from '../snmp/v3-peers.ts';
import { type HostileAgent, type Request, startHostileAgent } from './hostile-agent.ts';
import { UPTIME } from './uptime-agent.ts';

/** An SNMPv3 engine on loopback with the user `monitor` (SHA-256, AES-128), as the test wants it to be. */
export interface V3Engine {
  engineId: Uint8Array;
  boots: number;
  timeSeconds: number;
  /** What it does with a request that carries its id and the level of the user. */
  onQuestion: 'answer' | 'ignore' | 'not-in-time-window' | 'unknown-engine-id';
  isDead: boolean;
  /** Called before each message that comes. */
  before: () => void;
}

const user = userWith('sha256', 'aes128');
const view = newMessageView();
const NOBODY = new Uint8Array(0);

export const ENGINE_ID = Buffer.from('80000000046f6e65', 'hex');
export const OTHER_ENGINE_ID = Buffer.from('8000000004747766', 'hex');

/** Starts an engine that answers 4711 ticks to whatever it is asked. */
export async function startV3Agent(): Promise<HostileAgent & { readonly engine: V3Engine }> {
  const engine: V3Engine = {
    engineId: ENGINE_ID,
    boots: 7,
    timeSeconds: 1_000,
    onQuestion: 'answer',
    isDead: false,
    before: () => {},
  };
  const agent = await startHostileAgent((request, self) => {
    engine.before();
    const reply = replyOf(request, engine);
    if (reply !== null) self.reply(request, reply);
  });
  return Object.assign(agent, { engine });
}

function replyOf(request: Request, engine: V3Engine): Buffer | null {
  if (engine.isDead || decodeMessage(view, request.octets) !== null) return null;
  const { messageId, engineIdStart, engineIdEnd } = view;
  const asked = view.octets.subarray(engineIdStart, engineIdEnd);
  const isKnown = Buffer.compare(asked, engine.engineId) === 0;
  if (!isKnown) return report('unknown-engine-id', messageId, 0, engine);
  if (engine.onQuestion === 'ignore') return null;
  if (engine.onQuestion === 'unknown-engine-id') {
    return report('unknown-engine-id', messageId, 0, engine);
  }
  const isLate =
    view.engineBoots !== engine.boots ||
    Math.abs(view.engineTimeSeconds - engine.timeSeconds) > 150;
  if (isLate || engine.onQuestion === 'not-in-time-window') {
    return report('not-in-time-window', messageId, AUTHENTICATED, engine);
  }
  if (openPayload(view, store.keys(user, engine.engineId)) !== null) return null;
  const { requestId } = view.pdu;
  const varbinds = [{ oid: UPTIME, type: 'time-ticks', value: 4711 }] as const;
  const pdu: Pdu = { type: 'response', requestId, errorStatus: 0, errorIndex: 0, varbinds };
  return sealed(pdu, messageId, AUTHENTICATED | ENCRYPTED, engine);
}

function report(kind: UsmReportKind, messageId: number, flags: number, engine: V3Engine): Buffer {
  return sealed(usmReport(kind, 0, 1), messageId, flags, engine);
}

function sealed(pdu: Pdu, messageId: number, flags: number, engine: V3Engine): Buffer {
  const { engineId, boots, timeSeconds } = engine;
  return seal(pdu, {
    messageId,
    flags,
    engineId,
    time: { boots, timeSeconds },
    userName: flags === 0 ? NOBODY : Buffer.from(USER_NAME),
    keys: flags === 0 ? NO_KEYS : store.keys(user, engineId),
  });
}
