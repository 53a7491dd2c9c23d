import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { delay, systemClock } from '../../lib/clock.ts';
import { SECOND } from '../../lib/time.ts';
import type { Bench, BenchContext } from '../bench.ts';
import { cpuSecondsOf } from '../cpu-time.ts';
import { startServer } from '../processes.ts';
import { findProgram, OTHER_CORE } from '../programs.ts';
import type { BenchReport, Figure, Table } from '../report.ts';
import { median, ratio } from '../statistics.ts';
import type { NetworkProgress, NetworkTask } from './network-exposition.ts';
import { type PrometheusServer, startPrometheus } from './prometheus.ts';
import { type BoardQuestion, boardQuestions, ruleQuestions } from './questions.ts';
import { STEP_MS } from './synthetic-network.ts';

const SIZES = [1_000, 10_000] as const;
/** An hour, scraped each minute. */
const STEPS = 60;
const SHARDS = 20;
/** So many devices are told each second of a round of scrapes. */
const DEVICES_A_SECOND = 1_000;
const SCRAPES = 3;
const LOAD_MS = 3600 * SECOND;
const LOOK_MS = 500;
const MEMORY_OPTION = '--max-old-space-size=8192';
const STEP_SECONDS = STEP_MS / SECOND;
const DAY_SECONDS = 86_400;

/** What a scrape costs, and what every query of every board costs a Prometheus that holds an hour of it. */
export const boardsBench: Bench = {
  name: 'boards',
  title: 'scrapes of 10,000 devices, and every query of every board',
  isLong: true,
  scaleAmongAll: 0.1,
  async run(context) {
    const prometheus = findProgram('prometheus');
    if (!prometheus.ok) return { tables: [], figures: [], notes: [prometheus.why] };
    const runs: Measured[] = [];
    for (const size of SIZES) {
      runs.push(await measure(context, prometheus.path, Math.round(size * context.scale)));
    }
    return reportOf(runs);
  },
};

interface Asked {
  readonly question: BoardQuestion;
  readonly cpuMs: number;
  readonly elapsedMs: number;
  readonly samples: number;
  readonly series: number;
}

interface Scrapes {
  readonly plain: ScrapeCost;
  readonly gzip: ScrapeCost;
  /** Of Prometheus, for a scrape of the same series. */
  readonly prometheusCpuSeconds: number;
  readonly series: number;
}

interface Measured {
  readonly devices: number;
  readonly scrapes: Scrapes;
  readonly asked: readonly Asked[];
}

async function measure(
  { folder, rounds, progress }: BenchContext,
  program: string,
  devices: number,
): Promise<Measured> {
  const startAt = systemClock.now() - STEPS * STEP_MS;
  const task: NetworkTask = { devices, steps: STEPS, shards: SHARDS, startAt };
  const file = new URL('./network-exposition.ts', import.meta.url).pathname;
  await using network = await startServer(
    process.execPath,
    [MEMORY_OPTION, file, JSON.stringify(task)],
    /^ready on (\d+)$/,
    { core: OTHER_CORE, timeoutMs: LOAD_MS },
  );
  const port = Number(network.ready[1]);
  progress(`boards: scrapes of ${devices.toLocaleString('en-US')} devices`);
  const plain = await scrape(network.pid, port, 'identity');
  const gzip = await scrape(network.pid, port, 'gzip');
  const intervalSeconds = Math.max(1, Math.ceil(devices / DEVICES_A_SECOND));
  await using server = await startPrometheus(folder, program, {
    port,
    shards: SHARDS,
    intervalSeconds,
  });
  progress(`boards: an hour of them into Prometheus`);
  const cpuBefore = server.cpuSeconds();
  const series = await load(port);
  const prometheusCpuSeconds = (server.cpuSeconds() - cpuBefore) / STEPS;
  await server.stopScraping();
  const asked: Asked[] = [];
  progress('boards: every query of every board');
  for (const question of [...boardQuestions(), ...ruleQuestions()]) {
    asked.push(await askAgain(server, question, startAt, rounds));
  }
  return { devices, scrapes: { plain, gzip, prometheusCpuSeconds, series }, asked };
}

interface ScrapeCost {
  /** Of the service. */
  readonly cpuSeconds: number;
  readonly elapsedSeconds: number;
  readonly octets: number;
}

/** The whole text once, the cheapest of several scrapes. */
async function scrape(pid: number, port: number, coding: 'identity' | 'gzip'): Promise<ScrapeCost> {
  const costs: ScrapeCost[] = [];
  for (let count = 0; count < SCRAPES; count += 1) {
    const cpuBefore = cpuSecondsOf(pid);
    const startedMs = systemClock.monotonicMs();
    const octets = await readOctets(port, coding);
    const elapsedSeconds = (systemClock.monotonicMs() - startedMs) / SECOND;
    costs.push({ cpuSeconds: cpuSecondsOf(pid) - cpuBefore, elapsedSeconds, octets });
  }
  return costs.toSorted((a, b) => a.cpuSeconds - b.cpuSeconds)[0]!;
}

/** Octets on the wire: `fetch` would count them unpacked. */
async function readOctets(port: number, coding: string): Promise<number> {
  const headers = { 'accept-encoding': coding };
  const sent = get({ host: '127.0.0.1', port, path: '/metrics', headers });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let octets = 0;
  for await (const piece of answer) octets += (piece as Buffer).length;
  return octets;
}

/** Lets Prometheus take in every minute; gives the series of a scrape. */
async function load(port: number): Promise<number> {
  await fetch(`http://127.0.0.1:${port}/begin`);
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/progress`);
    const { step, series } = (await answer.json()) as NetworkProgress;
    if (step >= STEPS) return series;
    await delay(systemClock, LOOK_MS);
  }
}

/** The median of several rounds. */
async function askAgain(
  server: PrometheusServer,
  question: BoardQuestion,
  startAt: number,
  rounds: number,
): Promise<Asked> {
  const endAt = startAt + STEPS * STEP_MS;
  const stepSeconds = question.step === '1d' ? DAY_SECONDS : STEP_SECONDS;
  const range = { startAt: startAt + STEP_MS, endAt, stepSeconds };
  const costs = [];
  for (let round = 0; round < rounds; round += 1) {
    costs.push(await server.ask(question.query, question.over === 'now' ? endAt : range));
  }
  const [{ samples, series }] = costs as [(typeof costs)[number]];
  return {
    question,
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs))!,
    elapsedMs: median(costs.map(({ elapsedMs }) => elapsedMs))!,
    samples,
    series,
  };
}

function reportOf(runs: readonly Measured[]): BenchReport {
  const [small, large] = runs as [Measured, Measured];
  return {
    tables: [scrapeTable(runs), boardTable(small, large), slowestTable(large)],
    figures: figuresOf(small, large),
    notes: [
      'a network: sites of 100 devices, an aggregation with 48 ports, five switches with 24, 93 with 2, a UPS; from half of the hour on every fiftieth site is cut off and eight more devices are down',
      'the hour is of 60 scrapes, with the product’s own exposition code and engine; the minutes are told one after the other, each with its instant, and all of it stays in the head of Prometheus',
      'PortFull: one port in twenty is full here, and each is an alert; a real network has few',
      'CPU of Prometheus for one refresh of a board, the last hour in steps of a minute, garbage collection included; samples are those that had to be read and are the same on every machine',
    ],
  };
}

function scrapeTable(runs: readonly Measured[]): Table {
  return {
    columns: [
      'devices',
      'series',
      'MB',
      'CPU s',
      's',
      'gzip: MB',
      'CPU s',
      's',
      'Prometheus, CPU s',
    ],
    rows: runs.map(({ devices, scrapes: { plain, gzip, series, prometheusCpuSeconds } }) => [
      devices,
      series,
      plain.octets / 1e6,
      plain.cpuSeconds,
      plain.elapsedSeconds,
      gzip.octets / 1e6,
      gzip.cpuSeconds,
      gzip.elapsedSeconds,
      prometheusCpuSeconds,
    ]),
  };
}

const sumOf = (asked: readonly Asked[], read: (each: Asked) => number) =>
  asked.reduce((sum, each) => sum + read(each), 0);

const ofBoard = ({ asked }: Measured, board: string) =>
  asked.filter(({ question }) => question.board === board);

const slowestOf = (asked: readonly Asked[]) => asked.toSorted((a, b) => b.cpuMs - a.cpuMs)[0]!;

function boardTable(small: Measured, large: Measured): Table {
  const boards = [...new Set(large.asked.map(({ question }) => question.board))];
  return {
    columns: [
      'board',
      'queries',
      `CPU ms, ${small.devices} devices`,
      `CPU ms, ${large.devices}`,
      'ratio',
      `samples, ${large.devices}`,
      'slowest, ms',
      'of panel or rule',
    ],
    rows: boards.map((board) => {
      const [few, many] = [ofBoard(small, board), ofBoard(large, board)];
      const cpuMs = [sumOf(few, (each) => each.cpuMs), sumOf(many, (each) => each.cpuMs)] as const;
      const slowest = slowestOf(many);
      return [
        board,
        many.length,
        cpuMs[0],
        cpuMs[1],
        ratio(cpuMs[1], cpuMs[0]),
        sumOf(many, ({ samples }) => samples),
        slowest.elapsedMs,
        slowest.question.panel,
      ];
    }),
  };
}

const MOST_SLOW = 15;

function slowestTable({ asked }: Measured): Table {
  return {
    columns: ['slowest queries', 'panel or rule', 'CPU ms', 'ms', 'samples', 'series'],
    rows: asked
      .toSorted((a, b) => b.cpuMs - a.cpuMs)
      .slice(0, MOST_SLOW)
      .map(({ question, cpuMs, elapsedMs, samples, series }) => [
        question.board,
        question.panel,
        cpuMs,
        elapsedMs,
        samples,
        series,
      ]),
  };
}

function figuresOf(small: Measured, large: Measured): Figure[] {
  const total = ({ asked }: Measured) =>
    sumOf(
      asked.filter(({ question }) => !question.board.endsWith('.yml')),
      ({ cpuMs }) => cpuMs,
    );
  const devices = `${large.devices.toLocaleString('en-US')} devices`;
  const noc = sumOf(ofBoard(large, 'noc'), ({ cpuMs }) => cpuMs);
  return [
    {
      key: 'boards_scrape_cpu_s',
      what: `CPU of the service for one scrape of ${devices}`,
      value: large.scrapes.plain.cpuSeconds,
      goal: null,
    },
    {
      key: 'boards_prometheus_scrape_to_service',
      what: 'CPU of Prometheus to take it in, to that of the service to make it',
      value: ratio(large.scrapes.prometheusCpuSeconds, large.scrapes.plain.cpuSeconds),
      goal: null,
    },
    {
      key: 'boards_noc_cpu_ms',
      what: `one refresh of the wall board, ${devices}`,
      value: noc,
      goal: { atMost: 1_000, unit: 'ms' },
    },
    {
      key: 'boards_slowest_query_ms',
      what: `the slowest query of all boards, ${devices}`,
      value: Math.max(
        ...large.asked
          .filter(({ question }) => !question.board.endsWith('.yml'))
          .map(({ elapsedMs }) => elapsedMs),
      ),
      goal: { atMost: 1_000, unit: 'ms' },
    },
    {
      key: 'boards_large_to_small',
      what: `CPU of all boards, ${devices} to a tenth of them`,
      value: ratio(total(large), total(small)),
      goal: { atMost: 10, unit: '×' },
    },
  ];
}
