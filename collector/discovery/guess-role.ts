import type { Role } from '../../config/model.ts';
import type { DeviceFacts } from './device-facts.ts';

export interface Guess<Value> {
  readonly value: Value;
  /** What it is guessed from, for people; it stands in the file beside the guess. */
  readonly reason: string;
}

/** Words in names by which people mark what a device is for; whole parts of the name, digits behind them aside. */
const ROLE_WORDS: readonly (readonly [Role, readonly string[]])[] = [
  ['power', ['ups', 'pdu', 'rpdu', 'ats', 'rectifier', 'battery']],
  ['core', ['core', 'cr', 'spine', 'bb', 'backbone']],
  ['aggregation', ['agg', 'aggr', 'aggregation', 'dist', 'distribution', 'dsw', 'pe', 'bras']],
  ['access', ['acc', 'access', 'asw', 'edge', 'tor', 'leaf', 'olt', 'dslam', 'ap']],
  ['server', ['srv', 'server', 'host', 'vm', 'esx', 'esxi', 'hv', 'nas', 'db', 'web']],
  ['cpe', ['cpe', 'ont', 'onu', 'modem']],
];

const SERVER_SYSTEMS = /\b(linux|windows|freebsd|openbsd|netbsd|vmware|esxi|sunos|aix|darwin)\b/i;
/** RFC 3418 sysServices: layers 2 (bridge) and 3 (router). */
const BRIDGE = 2;
const ROUTER = 4;

/** What a device is for as far as it tells itself; null when only its place in the network can tell. */
export function guessRoleOf(facts: DeviceFacts): Guess<Role> | null {
  if (facts.power !== null) return { value: 'power', reason: facts.power };
  const parts = facts.sysName
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((part) => part.replace(/\d+$/, ''));
  for (const [role, words] of ROLE_WORDS) {
    const word = words.find((each) => parts.includes(each));
    if (word !== undefined) return { value: role, reason: `"${word}" in its name` };
  }
  return isServer(facts) ? { value: 'server', reason: 'a host that forwards nothing' } : null;
}

function isServer({ sysDescr, sysServices, isForwarding, bridgePorts }: DeviceFacts): boolean {
  const bridges = sysServices !== null && (sysServices & (BRIDGE | ROUTER)) !== 0;
  return SERVER_SYSTEMS.test(sysDescr) && !bridges && isForwarding !== true && bridgePorts === 0;
}
