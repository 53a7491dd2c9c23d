import type { Credential } from '../../config/model.ts';
import type { Clock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import type { Random } from '../../lib/random.ts';
import { type DurationMs, MINUTE, SECOND } from '../../lib/time.ts';
import type { Network } from '../../lib/world.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import type { SnmpClient, SnmpError } from '../snmp-client.ts';
import { createTransport, type Transport } from '../transport/transport.ts';
import { createWireClient } from '../wire-client.ts';
import type { DeviceFacts } from './device-facts.ts';
import { Pacer, pacedClient, pacedNetwork } from './pacer.ts';
import { readFacts } from './read-facts.ts';

export interface DiscoveryOptions {
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
  readonly credentials: readonly Credential[];
  /** Datagrams a second, over all devices: requests, their repetitions, greetings of SNMPv3. */
  readonly requestsPerSecond: number;
  /** Wait for one reply. */
  readonly timeoutMs: DurationMs;
  /** Further tries of an address that stays silent. */
  readonly retries: number;
  readonly signal: AbortSignal;
}

export interface DiscoveryDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly selfMetrics: SelfMetrics;
  readonly readProc?: (path: string) => string | null;
  onProgress(progress: DiscoveryProgress): void;
}

export interface DiscoveryProgress {
  readonly asked: number;
  readonly total: number;
  readonly found: number;
}

/** An agent is there, but lets none of the credentials in. */
export interface LockedAgent {
  readonly address: string;
  readonly port: number;
}

export interface Discovered {
  /** In the order of the addresses. */
  readonly devices: readonly DeviceFacts[];
  readonly locked: readonly LockedAgent[];
  /** Addresses, with each port counted, that said nothing at all. */
  readonly silentCount: number;
}

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
/** Addresses asked side by side; the pacer holds back their requests. */
const MOST_AT_ONCE = 128;
/** Nobody waits longer for the tables of one device. */
const FACTS_WITHIN_MS = 2 * MINUTE;
const RETRIES_OF_KNOWN = 2;
const LONGEST_REPLY_MS = 5 * SECOND;

/**
 * Asks every address and port who is there, with each credential until one is right, and reads what
 * those that answer are. The safest credential that a device takes is used: v3, then v2c, then v1.
 */
export async function findAgents(
  options: DiscoveryOptions,
  deps: DiscoveryDeps,
): Promise<Discovered> {
  const pacer = new Pacer(deps.clock, options.requestsPerSecond);
  const network = pacedNetwork(deps.network, pacer);
  const transport = createTransport({ ...deps, network, log: silentLogger });
  const run = new Run(options, deps, transport, pacer);
  try {
    return await run.all();
  } finally {
    transport.close();
  }
}

interface Target {
  readonly address: string;
  readonly port: number;
}

type Answer =
  | { readonly kind: 'device'; readonly facts: DeviceFacts }
  | { readonly kind: 'locked' }
  | { readonly kind: 'silent' };

class Run {
  readonly #options: DiscoveryOptions;
  readonly #deps: DiscoveryDeps;
  readonly #transport: Transport;
  readonly #pacer: Pacer;
  readonly #hits = new Map<string, number>();

  constructor(options: DiscoveryOptions, deps: DiscoveryDeps, transport: Transport, pacer: Pacer) {
    this.#options = options;
    this.#deps = deps;
    this.#transport = transport;
    this.#pacer = pacer;
  }

  async all(): Promise<Discovered> {
    const { addresses, ports, signal } = this.#options;
    const targets = addresses.flatMap((address) => ports.map((port) => ({ address, port })));
    const answers = new Array<Answer>(targets.length);
    let next = 0;
    let asked = 0;
    let found = 0;
    const worker = async () => {
      while (next < targets.length && !signal.aborted) {
        const place = next;
        next += 1;
        answers[place] = await this.#ask(targets[place]!);
        asked += 1;
        if (answers[place].kind === 'device') found += 1;
        this.#deps.onProgress({ asked, total: targets.length, found });
      }
    };
    await Promise.all(Array.from({ length: Math.min(MOST_AT_ONCE, targets.length) }, worker));
    const devices = answers.flatMap((answer) => (answer?.kind === 'device' ? [answer.facts] : []));
    const locked = targets.filter((_, place) => answers[place]?.kind === 'locked');
    const silentCount = answers.filter((answer) => answer?.kind === 'silent').length;
    return { devices, locked, silentCount };
  }

  async #ask(target: Target): Promise<Answer> {
    let isLocked = false;
    for (const credential of this.#inOrder()) {
      const error = await this.#tryCredential(target, credential);
      if (error === null) {
        this.#hits.set(credential.id, (this.#hits.get(credential.id) ?? 0) + 1);
        return { kind: 'device', facts: await this.#read(target, credential) };
      }
      if (error.failure === 'refused' || error.failure === 'unreachable') break;
      if (error.failure === 'aborted') break;
      isLocked ||= error.failure === 'auth-failed' || error.isAnswering === true;
    }
    return { kind: isLocked ? 'locked' : 'silent' };
  }

  /** By safety, and among equals by how often they were right before. */
  #inOrder(): Credential[] {
    const hits = ({ id }: Credential) => this.#hits.get(id) ?? 0;
    return this.#options.credentials.toSorted(
      (a, b) => b.version.localeCompare(a.version) || hits(b) - hits(a),
    );
  }

  /** null: it is let in. */
  async #tryCredential(target: Target, credential: Credential): Promise<SnmpError | null> {
    const { timeoutMs, signal, retries } = this.#options;
    const client = this.#client(target, credential, { timeoutMs, retries: 0 });
    try {
      for (let tries = 0; ; tries += 1) {
        const deadlineMs = this.#deps.clock.monotonicMs() + FACTS_WITHIN_MS;
        const { error } = await client.get([SYS_UP_TIME], { deadlineMs, signal });
        // Whatever a device says of the object, it has let us in.
        if (error === null || error.failure === 'no-such-name') return null;
        if (error.failure !== 'timeout' || tries >= retries) return error;
      }
    } finally {
      client.close();
    }
  }

  async #read(target: Target, credential: Credential): Promise<DeviceFacts> {
    const { clock, selfMetrics } = this.#deps;
    const timeoutMs = Math.max(this.#options.timeoutMs, LONGEST_REPLY_MS / 2);
    const client = this.#client(target, credential, { timeoutMs, retries: RETRIES_OF_KNOWN });
    try {
      const bounds = {
        deadlineMs: clock.monotonicMs() + FACTS_WITHIN_MS,
        signal: this.#options.signal,
      };
      const at = { ...target, credentialId: credential.id };
      return await readFacts(at, { client, selfMetrics, bounds });
    } finally {
      client.close();
    }
  }

  #client(
    target: Target,
    credential: Credential,
    patience: { readonly timeoutMs: DurationMs; readonly retries: number },
  ): SnmpClient {
    const { address, port } = target;
    const client = createWireClient({
      address,
      port,
      ...patience,
      replyFromAnyAddress: false,
      credential,
      transport: this.#transport,
    });
    return pacedClient(client, this.#pacer);
  }
}
