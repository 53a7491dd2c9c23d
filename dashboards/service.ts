import { ALERTING_METRICS, ALERTING_SELF_METRICS } from '../alerting/metrics.ts';
import { SENDER_METRICS } from '../alerting/sender-metrics.ts';
import { collectorMetric } from '../collector/self-metrics.ts';
import { trapMetric } from '../collector/traps/trap-metrics.ts';
import type { MetricDef } from '../lib/metric-def.ts';
import { DELIVERY_METRICS } from '../reports/metrics.ts';
import { STORAGE_METRICS } from '../storage/metrics.ts';
import {
  type Board,
  board,
  history,
  labelColumn,
  now,
  type Panel,
  type PanelWords,
  type Question,
  row,
  type Unit,
} from './board.ts';
import { dataAge } from './data-age.ts';
import { API_METRICS, RUNTIME_METRICS, SERVICE_METRICS } from './metrics.ts';
import { BAD, GOOD, NEUTRAL, numberNamings, worseAbove } from './palette.ts';
import { linesPanel, numberPanel, tablePanel } from './panels.ts';
import { bucketsOf, inWords, select } from './query.ts';
import type { Words } from './words/words.ts';

/** Whether Threenines itself is well: it sees, it decides, it pages, it keeps up. */
export function serviceBoard(words: Words): Board {
  const { rows, title, description } = words.serviceBoard;
  return board({
    uid: 'threenines-service',
    title,
    description,
    from: 'now-6h',
    refresh: '30s',
    choices: [],
    rows: [
      row(
        4,
        [version(words), reload(words), observed(words), exposed(words), dataAge(words, 4)],
        rows.now,
      ),
      row(8, [polls(words), lateness(words), requests(words)], rows.collector),
      row(7, [ignored(words), lostInKernel(words), rejected(words)]),
      row(7, [tickTime(words), appendTime(words), entries(words)], rows.engine),
      row(7, [oldestPage(words), pages(words), http(words), consoles(words)], rows.pages),
      row(
        7,
        [notKept(words), toInflux(words), influxBuffer(words), undelivered(words)],
        rows.stores,
      ),
      row(7, [processor(words), memory(words), loopDelay(words)], rows.process),
    ],
  });
}

const rate = (metric: MetricDef) => `rate(${select(metric)}[$__rate_interval])`;

/** Lines over the range, as nearly every panel here is. */
function lines(
  words: Words,
  panelWords: PanelWords,
  unit: Unit,
  questions: readonly Question[],
  parts: { readonly width?: number; readonly noData?: string } = {},
): Panel {
  return linesPanel(words, panelWords, {
    width: parts.width ?? 8,
    questions,
    unit,
    noData: parts.noData ?? words.noData,
    expectData: parts.noData === undefined ? 'always' : 'may-be-empty',
  });
}

/** The value below which 99 of 100 observations of a histogram lay. */
function ninetyNine(metric: MetricDef, label: string | null): string {
  const by = label === null ? 'le' : `${label}, le`;
  return `histogram_quantile(0.99, sum by (${by}) (rate(${bucketsOf(metric)}[$__rate_interval])))`;
}

function version(words: Words): Panel {
  const { columns } = words;
  return tablePanel(words, words.serviceBoard.version, {
    width: 8,
    joinOn: 'version',
    columns: [labelColumn('version', columns.version), labelColumn('node', columns.node)],
    questions: [now(`max by (version, node) (${select(SERVICE_METRICS.buildInfo)})`)],
  });
}

function reload(words: Words): Panel {
  return numberPanel(words, words.serviceBoard.reload, {
    width: 4,
    questions: [now(`min(${select(SERVICE_METRICS.configReloadSuccessful)})`)],
    namings: numberNamings(words.serviceBoard.reloads, { 0: BAD, 1: GOOD }),
  });
}

function observed(words: Words): Panel {
  return numberPanel(words, words.serviceBoard.observed, {
    width: 4,
    paint: 'text',
    questions: [now(`sum(${select(collectorMetric('observed_devices'))})`)],
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function exposed(words: Words): Panel {
  return numberPanel(words, words.serviceBoard.series, {
    width: 4,
    paint: 'text',
    questions: [now(`sum(${select(collectorMetric('exposed_series'))})`)],
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function polls(words: Words): Panel {
  const ended = rate(collectorMetric('polls_total'));
  const { pollKinds, outcomes } = words.legends;
  return lines(words, words.serviceBoard.polls, 'per-second', [
    history(
      inWords(
        inWords(`sum by (kind, result) (${ended}) > 0`, 'kind', pollKinds),
        'result',
        outcomes,
      ),
      '{{kind}} {{result}}',
    ),
  ]);
}

function lateness(words: Words): Panel {
  return lines(words, words.serviceBoard.lateness, 'seconds', [
    history(
      inWords(
        ninetyNine(collectorMetric('poll_lateness_seconds'), 'kind'),
        'kind',
        words.legends.pollKinds,
      ),
      '{{kind}}',
    ),
  ]);
}

function requests(words: Words): Panel {
  const { sent, retries } = words.serviceBoard;
  return lines(words, words.serviceBoard.requests, 'per-second', [
    history(`sum(${rate(collectorMetric('snmp_requests_total'))})`, sent),
    history(`sum(${rate(collectorMetric('snmp_retries_total'))})`, retries),
  ]);
}

function ignored(words: Words): Panel {
  const datagrams = rate(collectorMetric('snmp_ignored_replies_total'));
  return lines(
    words,
    words.serviceBoard.ignored,
    'per-second',
    [
      history(
        inWords(`sum by (reason) (${datagrams}) > 0`, 'reason', words.legends.ignoredReplies),
        '{{reason}}',
      ),
    ],
    { noData: words.serviceBoard.nothingIgnored },
  );
}

function lostInKernel(words: Words): Panel {
  const { dropsOfPolls } = words.serviceBoard;
  const ofTraps = rate(trapMetric('trap_kernel_drops_total'));
  return lines(
    words,
    words.serviceBoard.drops,
    'per-second',
    [
      history(`sum(${rate(collectorMetric('kernel_drops_total'))})`, dropsOfPolls),
      history(`sum(${ofTraps})`, words.serviceBoard.ofTraps),
    ],
    { noData: words.serviceBoard.nothingIgnored },
  );
}

function rejected(words: Words): Panel {
  const values = rate(collectorMetric('poll_values_rejected_total'));
  return lines(
    words,
    words.serviceBoard.rejected,
    'per-second',
    [
      history(
        inWords(`sum by (reason) (${values}) > 0`, 'reason', words.legends.rejectedValues),
        '{{reason}}',
      ),
    ],
    { noData: words.serviceBoard.nothingIgnored },
  );
}

function tickTime(words: Words): Panel {
  return lines(words, words.serviceBoard.tick, 'seconds', [
    history(ninetyNine(ALERTING_SELF_METRICS.engineTickDuration, null), '99 %'),
  ]);
}

function appendTime(words: Words): Panel {
  return lines(words, words.serviceBoard.append, 'seconds', [
    history(ninetyNine(ALERTING_SELF_METRICS.journalAppendDuration, null), '99 %'),
  ]);
}

function entries(words: Words): Panel {
  const { appended, dropped } = words.serviceBoard;
  return lines(words, words.serviceBoard.entries, 'per-second', [
    history(`sum(${rate(ALERTING_SELF_METRICS.journalEntries)})`, appended),
    history(`sum(${rate(ALERTING_SELF_METRICS.inputsDropped)})`, dropped),
  ]);
}

function oldestPage(words: Words): Panel {
  return numberPanel(words, words.serviceBoard.outbox, {
    width: 4,
    questions: [now(`max(${select(ALERTING_METRICS.outboxOldestAge)})`)],
    unit: 'duration',
    levels: worseAbove(15, 60),
  });
}

function pages(words: Words): Panel {
  const tries = rate(SENDER_METRICS.pages);
  return lines(
    words,
    words.serviceBoard.pages,
    'per-second',
    [
      history(
        inWords(`sum by (channel, result) (${tries})`, 'result', words.legends.pageResults),
        '{{channel}} {{result}}',
      ),
    ],
    { noData: words.serviceBoard.nothingSent },
  );
}

function http(words: Words): Panel {
  return lines(words, words.serviceBoard.http, 'per-second', [
    history(`sum by (status) (${rate(API_METRICS.requests)})`, '{{status}}'),
  ]);
}

function consoles(words: Words): Panel {
  return numberPanel(words, words.serviceBoard.consoles, {
    width: 4,
    paint: 'text',
    questions: [now(`sum(${select(API_METRICS.streamClients)})`)],
    levels: [{ from: null, colour: NEUTRAL }],
  });
}

function notKept(words: Words): Panel {
  const { samples, polls: ofPolls } = words.serviceBoard.leftOut;
  return lines(
    words,
    words.serviceBoard.notKept,
    'per-second',
    [
      history(`sum(${rate(STORAGE_METRICS.historySamplesLeftOut)})`, samples),
      history(`sum(${rate(STORAGE_METRICS.historyPollsLeftOut)})`, ofPolls),
    ],
    { noData: words.serviceBoard.notUsed },
  );
}

function toInflux(words: Words): Panel {
  const damaged = `sum(${rate(STORAGE_METRICS.influxBatchesDamaged)})`;
  return lines(
    words,
    words.serviceBoard.influx,
    'per-second',
    [
      history(
        inWords(
          `sum by (result) (${rate(STORAGE_METRICS.influxPoints)})`,
          'result',
          words.legends.pointResults,
        ),
        '{{result}}',
      ),
      history(damaged, words.serviceBoard.damaged),
    ],
    { noData: words.serviceBoard.notUsed },
  );
}

function influxBuffer(words: Words): Panel {
  return lines(
    words,
    words.serviceBoard.buffer,
    'bytes',
    [history(`sum(${select(STORAGE_METRICS.influxBufferBytes)})`, words.serviceBoard.waiting)],
    { width: 4, noData: words.serviceBoard.notUsed },
  );
}

function undelivered(words: Words): Panel {
  return numberPanel(words, words.serviceBoard.undelivered, {
    width: 4,
    questions: [now(`max(${select(DELIVERY_METRICS.undelivered)})`)],
    levels: worseAbove(1, 1_000),
  });
}

function processor(words: Words): Panel {
  return lines(words, words.serviceBoard.cpu, 'count', [
    history(`sum(${rate(RUNTIME_METRICS.cpu)} and ${OURS})`, words.columns.cpu),
  ]);
}

function memory(words: Words): Panel {
  return lines(words, words.serviceBoard.memory, 'bytes', [
    history(`sum(${select(RUNTIME_METRICS.memory)} and ${OURS})`, words.columns.memory),
  ]);
}

function loopDelay(words: Words): Panel {
  return lines(words, words.serviceBoard.loop, 'seconds', [
    history(`max(${select(RUNTIME_METRICS.loopDelay)} and ${OURS})`, '99 %'),
  ]);
}

/** Every Node program and exporter has these names: only the process that is Threenines counts. */
const OURS = `on (instance, job) ${select(SERVICE_METRICS.buildInfo)}`;
