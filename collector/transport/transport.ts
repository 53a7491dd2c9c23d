import type { Credential } from '../../config/model.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import type { Random } from '../../lib/random.ts';
import { SECOND } from '../../lib/time.ts';
import type { Network } from '../../lib/world.ts';
import type { SelfMetrics } from '../self-metrics.ts';
import { newRequestIds } from '../snmp/request-ids.ts';
import { batchedDatagrams } from './batched-datagrams.ts';
import { type DialectMaker, newDialectMaker } from './credential-dialect.ts';
import type { OpenDatagramSocket } from './datagram-socket.ts';
import { DropsCount } from './kernel-drops.ts';
import { Line, type LineDeps, type LineOptions } from './line.ts';
import { ADDRESS_FAMILIES, type AddressFamily } from './peer-address.ts';
import { createRefusalProbe, type RefusalProbe } from './refusal-probe.ts';
import { SharedSocket, WANTED_RECEIVE_BUFFER_BYTES } from './shared-socket.ts';
import { singleDatagrams } from './single-datagrams.ts';
import { TimerWheel } from './timer-wheel.ts';
import { newUnreadableSenders } from './unreadable-senders.ts';

export interface TransportOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly selfMetrics: SelfMetrics;
  readonly log: Logger;
  /** The text of a file under /proc, null where there is none; without it kernel drops are not counted. */
  readonly readProc?: ((path: string) => string | null) | undefined;
  /** Sockets of each address family. */
  readonly socketsPerFamily?: number;
}

/** The wire to all devices: a few sockets, one timer, the engines and keys of SNMPv3. */
export interface Transport {
  /** The way to one device, over sockets that open when it is first asked. The credential must be usable (`whyUnusable`). */
  openLine(options: LineOptions, credential: Credential): Line;
  /** Ends every request as aborted and closes all sockets, for good. */
  close(): void;
}

/** A few, so that what floods one of them leaves the others alone. */
const SOCKETS_PER_FAMILY = 4;
const COUNT_DROPS_EVERY_MS = 10 * SECOND;

/** Opens nothing yet. */
export function createTransport(options: TransportOptions): Transport {
  return new SharedTransport(options);
}

class SharedTransport implements Transport {
  readonly #options: TransportOptions;
  readonly #sockets: Readonly<Record<AddressFamily, (SharedSocket | null)[]>>;
  readonly #lines = new Set<Line>();
  readonly #wheel: TimerWheel;
  readonly #probe: RefusalProbe;
  readonly #openDatagrams: OpenDatagramSocket;
  readonly #lineDeps: LineDeps;
  readonly #dialects: DialectMaker;
  readonly #drops: DropsCount;
  readonly #unreadable = newUnreadableSenders();
  readonly #warned = new Set<string>();
  #linesOpened = 0;
  #cancelCount: CancelTimer | null = null;

  constructor(options: TransportOptions) {
    const {
      clock,
      random,
      selfMetrics,
      network,
      log,
      socketsPerFamily = SOCKETS_PER_FAMILY,
    } = options;
    this.#options = options;
    const none = () => new Array<SharedSocket | null>(socketsPerFamily).fill(null);
    this.#sockets = { IPv4: none(), IPv6: none() };
    this.#dialects = newDialectMaker(random);
    this.#drops = new DropsCount(options.readProc ?? (() => null));
    this.#wheel = new TimerWheel(clock);
    this.#probe = createRefusalProbe(network, clock);
    const native = network.batchedUdp ?? null;
    this.#openDatagrams = native === null ? singleDatagrams(network) : batchedDatagrams(native);
    this.#lineDeps = {
      clock,
      selfMetrics,
      wheel: this.#wheel,
      ids: newRequestIds(random),
      probe: this.#probe,
      socketsPerFamily,
      unreadable: this.#unreadable,
      log,
      socketAt: (family, place) => this.#socketAt(family, place),
      onClose: (line) => this.#lines.delete(line),
    };
  }

  openLine(options: LineOptions, credential: Credential): Line {
    const dialect = this.#dialects.dialectFor(options.address, options.port, credential);
    const line = new Line(options, dialect, this.#lineDeps, this.#linesOpened);
    this.#linesOpened += 1;
    this.#lines.add(line);
    return line;
  }

  close(): void {
    for (const line of [...this.#lines]) line.close();
    this.#probe.close();
    this.#wheel.close();
    this.#cancelCount?.();
    for (const family of ADDRESS_FAMILIES) {
      for (const socket of this.#sockets[family]) socket?.close();
    }
  }

  #socketAt(family: AddressFamily, place: number): SharedSocket {
    const sockets = this.#sockets[family];
    const slot = place % sockets.length;
    const there = sockets[slot];
    if (there && !there.isClosed) return there;
    const { clock, selfMetrics } = this.#options;
    const opened = new SharedSocket({
      family,
      openDatagrams: this.#openDatagrams,
      selfMetrics,
      onOpen: (gotBytes) => this.#noteBuffer(gotBytes),
      onFailure: (code) => {
        selfMetrics.sessionRenewed('socket-error');
        this.#warnOnce(`${family} ${code}`, 'a socket for SNMP failed', { family, code });
      },
      onUnreadable: (sender) => this.#unreadable.note(sender, clock.monotonicMs()),
    });
    sockets[slot] = opened;
    this.#cancelCount ??= this.#countDropsLater();
    return opened;
  }

  #noteBuffer(gotBytes: number): void {
    if (gotBytes >= WANTED_RECEIVE_BUFFER_BYTES) return;
    this.#warnOnce(
      'clipped',
      'the system gives smaller receive buffers than asked for; fewer requests are under way at once (Linux: net.core.rmem_max)',
      { wantedBytes: WANTED_RECEIVE_BUFFER_BYTES, gotBytes },
    );
  }

  #warnOnce(what: string, message: string, fields: object): void {
    if (this.#warned.has(what)) return;
    this.#warned.add(what);
    this.#options.log.warn(fields, message);
  }

  #countDropsLater(): CancelTimer {
    return this.#options.clock.after(COUNT_DROPS_EVERY_MS, () => {
      this.#countDrops();
      this.#cancelCount = this.#countDropsLater();
    });
  }

  #countDrops(): void {
    for (const family of ADDRESS_FAMILIES) {
      const ports = this.#sockets[family].flatMap((socket) => socket?.localPort ?? []);
      const count = this.#drops.fresh(family, ports);
      if (count === 0) continue;
      this.#options.selfMetrics.kernelDropped(count);
      this.#options.log.warn(
        { family, count },
        'the kernel dropped replies: a receive buffer was full',
      );
    }
  }
}
