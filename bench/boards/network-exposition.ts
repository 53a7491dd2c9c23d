/**
 * A process of its own: a large network as the product exports it, minute after minute, for a
 * Prometheus that need not wait for the minutes. Every answer carries the instant it is of.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { Engine } from '../../alerting/engine.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { renderAlerting } from '../../alerting/exposition.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { createSenderMetrics } from '../../alerting/sender-metrics.ts';
import { emptyState } from '../../alerting/state.ts';
import { asksForGzip, gzipped, streamText, type TextPiece } from '../../api/text-stream.ts';
import { createServiceMetrics } from '../../app/service-metrics.ts';
import { renderFamilies, type ShownDevice } from '../../collector/exposition.ts';
import { renderProbes, type Told } from '../../collector/probes/probe-exposition.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Device } from '../../config/model.ts';
import type { JournalEntry } from '../../lib/journal.ts';
import { SECOND } from '../../lib/time.ts';
import { renderAvailability } from '../../reports/exposition.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { ownCpuSeconds, ownPeakMemoryMb } from '../cpu-time.ts';
import { deliverPages, observation } from '../engine/large-network.ts';
import { takeTask } from '../processes.ts';
import {
  type BenchDevice,
  benchDevices,
  benchTopology,
  STEP_MS,
  shownDevices,
} from './synthetic-network.ts';

export interface NetworkTask {
  readonly devices: number;
  /** Minutes that are told, one in each round of scrapes. */
  readonly steps: number;
  readonly shards: number;
  /** Of the first minute. */
  readonly startAt: number;
}

/** What `/progress` answers. */
export interface NetworkProgress {
  readonly step: number;
  readonly series: number;
  readonly cpuSeconds: number;
  readonly memoryMb: number;
}

const LEASE_MS = 10 * SECOND;
/** From half of the time on every fiftieth site is cut off, and one device of each of the first eight is down. */
const CUT_OFF_EVERY = 50;
const DOWN_PLACE = 7;

const task = takeTask<NetworkTask>();
const devices = benchDevices(task.devices);
const engine = new Engine(emptyState());
const ledger = createLiveLedger('UTC');
const registry = new Registry();
const engineMetrics = createEngineMetrics(registry);
createSelfMetrics(registry);
createSenderMetrics(registry);
createServiceMetrics(registry, 'bench');
let step = 0;

function tick(inputs: Parameters<Engine['tick']>[0], now: number): void {
  const { events } = engine.tick(inputs, now);
  for (const event of events) note(event);
}

function note(event: DomainEvent): void {
  engineMetrics.observe(engine.state, event);
  ledger.apply({ event } as JournalEntry<DomainEvent>);
}

function isUp({ siteId, id, role }: BenchDevice): boolean {
  if (step <= task.steps / 2 || role === 'power') return true;
  const site = Number(siteId.slice('site-'.length));
  if (site % CUT_OFF_EVERY === 1) return false;
  return Number(id.slice(siteId.length + 1)) + site !== DOWN_PLACE;
}

/** Lets the engine live through one more minute. */
function live(): void {
  step += 1;
  const until = task.startAt + step * STEP_MS;
  for (let now = until - STEP_MS + LEASE_MS; now <= until; now += LEASE_MS) {
    const inputs = devices.map((device) => ({
      kind: 'observation' as const,
      observation: observation(device.id, isUp(device), now),
    }));
    tick([{ kind: 'lease' }, ...inputs], now);
    for (const event of deliverPages(engine, now)) note(event);
  }
}

const told: Told[] = devices.map((device, place) => [
  device as unknown as Device,
  {
    probe: 'icmp',
    at: 0,
    quality: { lossRatio: place % 500 === 0 ? 0.1 : 0, roundTripMs: 5 + (place % 40), jitterMs: 1 },
    standards: { lossRatio: 0.02, roundTripMs: 200, jitterMs: 50 },
    broken: [],
  },
]);

const nowAt = () => task.startAt + step * STEP_MS;

/** The pieces of one scrape, in the order of `app/exposition.ts`. */
async function* pieces(shown: readonly ShownDevice[]): AsyncGenerator<TextPiece> {
  yield* renderFamilies(shown, 0);
  yield* rest();
}

async function* rest(): AsyncGenerator<TextPiece> {
  yield* renderProbes(told);
  yield* renderAlerting(engine.state, nowAt(), nowAt());
  yield* renderAvailability(ledger, nowAt());
  yield await registry.metrics();
}

const LINE_FEED = 0x0a;
const HASH = 0x23;

/** The lines with the instant of this minute behind each, without HELP and TYPE. */
async function withInstant(text: AsyncIterable<TextPiece> | Iterable<TextPiece>) {
  const suffix = Buffer.from(` ${nowAt()}\n`);
  const whole = Buffer.concat(await Array.fromAsync(text, (piece) => Buffer.from(piece as Buffer)));
  const out = Buffer.allocUnsafe(whole.length + suffix.length * 2 * countLines(whole));
  let at = 0;
  let lines = 0;
  for (let from = 0; from < whole.length; ) {
    const end = whole.indexOf(LINE_FEED, from);
    if (whole[from] !== HASH && end > from) {
      at += whole.copy(out, at, from, end);
      at += suffix.copy(out, at);
      lines += 1;
    }
    from = end + 1;
  }
  return { text: out.subarray(0, at), lines };
}

function countLines(text: Buffer): number {
  let lines = 0;
  for (let at = text.indexOf(LINE_FEED); at !== -1; at = text.indexOf(LINE_FEED, at + 1))
    lines += 1;
  return lines;
}

interface Minute {
  readonly shards: (Buffer | null)[];
  readonly series: number;
}

/** The texts of one minute: a share of the devices each, and the last one all that is no reading of them. */
async function nextMinute(): Promise<Minute> {
  live();
  const shown = shownDevices(devices, isUp, step);
  const each = Math.ceil(devices.length / task.shards);
  const shards: Buffer[] = [];
  let series = 0;
  for (let shard = 0; shard < task.shards; shard += 1) {
    const own = await withInstant(renderFamilies(shown.slice(shard * each, (shard + 1) * each), 0));
    shards.push(own.text);
    series += own.lines;
  }
  const others = await withInstant(rest());
  return { shards: [...shards, others.text], series: series + others.lines };
}

let minute: Promise<Minute> | null = null;
let series = 0;

/** Sends a share of the running minute, once; the next minute begins when all have theirs. */
async function sendShard(shard: number, response: ServerResponse): Promise<void> {
  const running = await minute;
  const text = running?.shards[shard] ?? null;
  if (running !== null && text !== null) {
    // A scrape that gave up has nothing: the next one gets it.
    response.once('finish', () => {
      running.shards[shard] = null;
      series = running.series;
      if (running.shards.some((each) => each !== null)) return;
      minute = step < task.steps ? nextMinute() : null;
    });
  }
  response.end(text ?? '');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path === '/progress') {
    const isDone = minute === null && step >= task.steps;
    const progress: NetworkProgress = {
      step: isDone ? step : step - 1,
      series,
      cpuSeconds: ownCpuSeconds(),
      memoryMb: ownPeakMemoryMb(),
    };
    response.end(JSON.stringify(progress));
  } else if (path === '/metrics') {
    const text = streamText(pieces(whole));
    if (!asksForGzip(request.headers['accept-encoding'])) text.pipe(response);
    else gzipped(text).pipe(response.setHeader('content-encoding', 'gzip'));
  } else if (path === '/begin') {
    minute ??= nextMinute();
    response.end();
  } else {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    await sendShard(Number(path.slice(1)), response);
  }
}

tick(
  [
    { kind: 'started', version: 'bench', runId: 'bench' },
    { kind: 'topology', topology: benchTopology(devices) },
  ],
  task.startAt,
);
const whole = shownDevices(devices, () => true, 0);
const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.destroy(error));
}).listen(0, '127.0.0.1');
// While a minute is made nobody is heard: a connection must outlast that.
server.keepAliveTimeout = 0;
await once(server, 'listening');
console.log(`ready on ${(server.address() as AddressInfo).port}`);
