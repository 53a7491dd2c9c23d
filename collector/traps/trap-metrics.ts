import { Counter, Gauge, type Registry } from 'prom-client';
import type { MetricDef } from '../../lib/metric-def.ts';
import { METRIC_PREFIX } from '../metrics.ts';
import { OTHER_KIND, TRAP_KINDS } from './known-traps.ts';
import { TRAP_REFUSALS, type TrapVerdict } from './trap-verdict.ts';

function self(
  type: MetricDef['type'],
  name: string,
  help: string,
  labels: readonly string[] = [],
): MetricDef {
  return { name: METRIC_PREFIX + name, type, help, labels };
}

const DATAGRAMS = self(
  'counter',
  'trap_datagrams_total',
  'Datagrams that arrived at the trap listener.',
);
const TRAPS = self(
  'counter',
  'traps_total',
  'Datagrams at the trap listener by the kind of their trap and what became of them: accepted, summarised, or why not; the sum is that of all datagrams.',
  ['kind', 'verdict'],
);
const DROPS = self(
  'counter',
  'trap_kernel_drops_total',
  'Datagrams that the kernel dropped before the trap listener could read them (Linux).',
);
const ANSWERS = self(
  'counter',
  'trap_answers_total',
  'What the trap listener sent back: responses to informs that are stored, and reports of v3.',
  ['answer'],
);
const POLLS = self(
  'counter',
  'trap_verification_polls_total',
  'Polls that traps have led to, to see what is true.',
);
const SUMMARIES = self(
  'gauge',
  'trap_storm_entries',
  'Kinds of traps of which budgets and summaries are held, over all sources; bounded.',
);
const LISTENING = self('gauge', 'trap_listening', 'Whether traps are received: 1 yes, 0 no.');
const BUFFER = self(
  'gauge',
  'trap_receive_buffer_bytes',
  'Receive buffer of the trap listener as the system granted it.',
);

/** Every metric about traps; none is exported before traps are configured. */
export const TRAP_METRICS: readonly MetricDef[] = [
  DATAGRAMS,
  TRAPS,
  DROPS,
  ANSWERS,
  POLLS,
  SUMMARIES,
  LISTENING,
  BUFFER,
];

/** The one of them with this name, without its prefix: for names written in the program, an unknown one is a bug. */
export function trapMetric(shortName: string): MetricDef {
  const metric = TRAP_METRICS.find(({ name }) => name === METRIC_PREFIX + shortName);
  if (metric === undefined) throw new Error(`no metric named ${METRIC_PREFIX}${shortName}`);
  return metric;
}

export type TrapAnswer = 'response' | 'report';
const ANSWER_KINDS: readonly TrapAnswer[] = ['response', 'report'];

/** What the trap receiver counts about its work. Every label comes from a closed set. */
export interface TrapMetrics {
  received(): void;
  /** Of what is refused the kind is `other`: what it says of itself is not believed. */
  judged(kind: string, verdict: TrapVerdict): void;
  /** So many were received and dropped unread. */
  overflowed(count: number): void;
  kernelDropped(count: number): void;
  answered(answer: TrapAnswer): void;
  polled(): void;
  listening(isListening: boolean, bufferBytes: number): void;
}

export interface TrapGauges {
  readonly stormEntries: () => number;
  /** Called at every scrape, so that the drops are of that instant. */
  readonly readDrops: () => void;
}

function options(metric: MetricDef, registers: Registry[]) {
  return { name: metric.name, help: metric.help, labelNames: [...metric.labels], registers };
}

/** Declares the metrics in `registry` and starts every counter at 0, so that the first event is an increase. */
export function createTrapMetrics(registry: Registry, gauges: TrapGauges): TrapMetrics {
  const to = [registry];
  const datagrams = new Counter(options(DATAGRAMS, to));
  const traps = new Counter(options(TRAPS, to));
  const drops = new Counter({ ...options(DROPS, to), collect: gauges.readDrops });
  const answers = new Counter(options(ANSWERS, to));
  const polls = new Counter(options(POLLS, to));
  const listening = new Gauge(options(LISTENING, to));
  const buffer = new Gauge(options(BUFFER, to));
  new Gauge({
    ...options(SUMMARIES, to),
    collect() {
      this.set(gauges.stormEntries());
    },
  });
  for (const kind of TRAP_KINDS) {
    traps.inc({ kind, verdict: 'accepted' }, 0);
    traps.inc({ kind, verdict: 'summarised' }, 0);
  }
  for (const verdict of TRAP_REFUSALS) traps.inc({ kind: OTHER_KIND, verdict }, 0);
  for (const answer of ANSWER_KINDS) answers.inc({ answer }, 0);
  listening.set(0);
  return {
    received: () => datagrams.inc(),
    judged: (kind, verdict) => traps.inc({ kind, verdict }),
    overflowed(count) {
      datagrams.inc(count);
      traps.inc({ kind: OTHER_KIND, verdict: 'too-many-at-once' satisfies TrapVerdict }, count);
    },
    kernelDropped: (count) => drops.inc(count),
    answered: (answer) => answers.inc({ answer }),
    polled: () => polls.inc(),
    listening(isListening, bufferBytes) {
      listening.set(isListening ? 1 : 0);
      buffer.set(bufferBytes);
    },
  };
}
