import type { DevicePlanView } from '../../api/plan-view.ts';
import type { Language, LocalText } from '../../lib/local-text.ts';
import { DAY, type DurationMs, HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { formatZoned } from '../../reports/format-time.ts';
import { displayWidth, renderTable } from '../../reports/text-table.ts';
import { EXPLAIN_WORDS, type ExplainWords } from './explain-words.ts';

type LearnedPlan = NonNullable<DevicePlanView['plan']>;
type Columns = LearnedPlan['scalars'][number];

/** How an explanation is written. */
interface Writing {
  readonly words: ExplainWords;
  readonly language: Language;
  readonly timeZone: string;
}

const INDENT = '  ';
/** Lists of names are wrapped so that a line fits a terminal. */
const WIDEST_LINE = 100;
const CARE_ORDER = ['always', 'rare', 'still', 'lowHalf', 'nothing'] as const;

/** An explanation as plain text for a terminal, lined up for Latin and Chinese alike. */
export function renderExplanation(
  view: DevicePlanView,
  language: Language,
  timeZone: string,
): string {
  const writing: Writing = { words: EXPLAIN_WORDS[language], language, timeZone };
  const { words } = writing;
  const { plan } = view;
  const sections = [
    renderHead(view, writing),
    renderProfiles(view, writing),
    renderLanes(view, writing),
    renderWire(view, writing),
    ...(plan === null ? [words.noPlan] : renderPlan(view, plan, writing)),
    renderDoubted(view, writing),
    section(
      words.notUnderstood,
      view.notUnderstood.map((text) => text[language]),
    ),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

/** Blank when there is nothing to say. */
function section(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return [title, ...lines.flatMap((line) => line.split('\n')).map((line) => INDENT + line)].join(
    '\n',
  );
}

function renderHead(view: DevicePlanView, writing: Writing): string {
  const { words } = writing;
  const { sysName, sysDescr, sysObjectId } = view;
  const state = words.states[view.confirmed ?? 'unconfirmed'];
  const at = `${words.explained} ${instant(view.explainedAt, writing)}`;
  const named = sysName === null || sysName === view.deviceId ? '' : ` · ${sysName}`;
  const whose = [sysDescr, sysObjectId].filter((text) => text !== null).join(' · ');
  const head = `${view.deviceId}${named} · SNMP ${view.snmpVersion} · ${state}${words.comma}${at}`;
  return whose === '' ? head : `${head}\n${whose}`;
}

function renderProfiles({ profiles }: DevicePlanView, { words, language }: Writing): string {
  const widest = Math.max(0, ...profiles.map(({ id }) => id.length));
  return section(
    words.profiles,
    profiles.map(
      ({ id, title, reason }) =>
        `${id.padEnd(widest)}  ${title}${words.inBrackets(reason[language])}`,
    ),
  );
}

function renderLanes({ lanes, confirming }: DevicePlanView, writing: Writing): string {
  const { words, language } = writing;
  const rows = lanes.map((lane) => [
    words.lanes[lane.lane],
    span(lane.everyMs, words),
    lane.lastAt === null ? '–' : instant(lane.lastAt, writing),
    lane.lastTookMs === null ? '–' : span(lane.lastTookMs, words),
    lane.lastOutcome === null ? '–' : words.outcomes[lane.lastOutcome],
    lane.nextAt === null ? '–' : instant(lane.nextAt, writing),
    lane.pace[language],
  ]);
  const { lane, every, last, took, outcome, next, why } = words;
  const table = renderTable(
    ['left', 'right', 'left', 'right', 'left', 'left', 'left'],
    [lane, every, last, took, outcome, next, why],
    rows,
  );
  const details = lanes
    .filter(({ lastDetail }) => lastDetail[language] !== '')
    .map((one) => `${words.lanes[one.lane]}${words.colon}${one.lastDetail[language]}`);
  const { failures, successes, everyMs } = confirming;
  const confirmed = words.confirming(failures, successes, span(everyMs, words));
  return section(words.when, [table, ...details, confirmed]);
}

function renderWire({ wire }: DevicePlanView, { words }: Writing): string {
  const { roundTrips, timeoutMs, retries, deadlineMs } = wire;
  const smoothedMs = roundTrips?.smoothedMs ?? null;
  return section(words.wire, [
    roundTrips === null || smoothedMs === null
      ? words.neverAnswered
      : words.roundTrip(fineSpan(smoothedMs, words), fineSpan(roundTrips.variationMs, words)),
    ...(roundTrips === null
      ? []
      : [
          words.tries(
            roundTrips.waitsMs.map((ms) => span(ms, words)),
            roundTrips.socketCount,
          ),
        ]),
    words.bounds(span(timeoutMs, words), retries + 1, span(deadlineMs, words)),
  ]);
}

function renderPlan(view: DevicePlanView, plan: LearnedPlan, writing: Writing): string[] {
  const { words, language } = writing;
  const texts = (list: readonly LocalText[]) => list.map((text) => text[language]);
  const learned = texts(plan.learned);
  const hidden = plan.refusedCount - plan.refused.length;
  return [
    renderNextPoll(view, plan, writing),
    renderColumns(plan, writing),
    section(words.learned, learned.length === 0 ? [words.nothingLearned] : learned),
    section(words.refused, [
      ...plan.refused.map(
        ({ oid, name, pollsLeft }) => `${name ?? oid}${words.colon}${words.pollsLeft(pollsLeft)}`,
      ),
      ...(hidden > 0 ? [words.moreRefused(hidden)] : []),
    ]),
    section(words.walkedAgain, [
      ...texts(plan.walkedAgainWhen),
      words.walkedAgainAfter(plan.pollsUntilWalk),
    ]),
  ];
}

function renderDoubted({ doubted }: DevicePlanView, { words, language }: Writing): string {
  const { refused, refusedCount, rescaled } = doubted;
  const hidden = refusedCount - refused.length;
  const line = (one: DevicePlanView['doubted']['refused' | 'rescaled'][number]) =>
    words.doubted(`${one.object} ${one.oid}`.trim(), String(one.raw), one.why[language]);
  const sections = [
    section(words.rescaled, rescaled.map(line)),
    section(words.refusedValues, [
      ...refused.map(line),
      ...(hidden > 0 ? [words.moreRefused(hidden)] : []),
    ]),
  ];
  return sections.filter((text) => text !== '').join('\n\n');
}

function renderNextPoll(
  { lastFullPoll, lastWalk }: DevicePlanView,
  { cost, batch }: LearnedPlan,
  writing: Writing,
): string {
  const { words, language } = writing;
  const out = octets(cost.requestOctets);
  const rows = cost.requests.map((request, place) => [
    String(place + 1),
    String(request.varbinds),
    octets(request.requestOctets),
    octets(request.replyOctets),
    request.objects
      .map(({ table, varbinds }) => `${table ?? words.scalars} ${words.cells(varbinds)}`)
      .join(words.comma),
  ]);
  const hidden = cost.requestCount - cost.requests.length;
  const { objects, request, reply, asksFor } = words;
  const past = [
    lastFullPoll && words.traffic(...trafficOf(lastFullPoll, writing)),
    lastWalk && words.walkTraffic(...trafficOf(lastWalk, writing)),
  ].filter((line) => line !== null);
  return section(words.nextPoll, [
    words.cost(cost.requestCount, cost.varbinds, out, octets(cost.replyOctets)),
    words.walkCost(cost.requestsToWalk),
    ...past,
    words.batch(batch.varbinds, octets(batch.octets)) + words.inBrackets(batch.why[language]),
    '',
    renderTable(
      ['right', 'right', 'right', 'right', 'left'],
      ['#', objects, request, reply, asksFor],
      rows,
    ),
    ...(hidden > 0 ? [words.moreRequests(hidden)] : []),
  ]).replace(/^ +$/gm, '');
}

function trafficOf(
  { at, packetsSent, packetsRetried }: NonNullable<DevicePlanView['lastWalk']>,
  writing: Writing,
): [string, number, number] {
  return [instant(at, writing), packetsSent, packetsRetried];
}

function renderColumns({ scalars, tables }: LearnedPlan, writing: Writing): string {
  const { words, language } = writing;
  const blocks = [
    [words.scalars, ...renderGroups(scalars, writing)],
    ...tables.map((table) => {
      const rows = words.rows(table.rows, instant(table.learnedAt, writing));
      return [
        `${table.name}${words.inBrackets(table.profile)}${words.colon}${rows}`,
        `${INDENT}${words.rowsChange}${words.colon}${table.rowChanges[language]}`,
        ...renderGroups(table.columns, writing),
      ];
    }),
  ];
  return section(words.read, blocks.flat());
}

function renderGroups(groups: readonly Columns[], { words, language }: Writing): string[] {
  const width = Math.max(...Object.values(words.cares).map(displayWidth));
  return CARE_ORDER.flatMap((care) => groups.filter((group) => group.care === care)).flatMap(
    ({ care, names, why }) => {
      const label = words.cares[care];
      const lead = INDENT + label + ' '.repeat(width - displayWidth(label) + INDENT.length);
      const hang = ' '.repeat(displayWidth(lead));
      const lines = wrapped(names, WIDEST_LINE - displayWidth(lead));
      return [
        ...lines.map((line, place) => (place === 0 ? lead : hang) + line),
        hang + why[language],
      ];
    },
  );
}

/** Names with commas, in lines of at most that width. */
function wrapped(names: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last === undefined) lines.push(name);
    else if (last.length + name.length + 2 <= width) lines[lines.length - 1] = `${last}, ${name}`;
    else {
      lines[lines.length - 1] = `${last},`;
      lines.push(name);
    }
  }
  return lines;
}

function instant(at: string, { timeZone }: Writing): string {
  return formatZoned(Date.parse(at), timeZone);
}

/** `1.4 ms` below a hundred milliseconds. */
function fineSpan(ms: DurationMs, words: ExplainWords): string {
  return ms < 100 ? `${ms.toFixed(1)} ms` : span(ms, words);
}

/** Two units at most: `1m 30s`; below a second in milliseconds. */
function span(ms: DurationMs, { units }: ExplainWords): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const [place, size] of [DAY, HOUR, MINUTE].entries()) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${units[place]}`);
  }
  if (rest >= SECOND / 10) parts.push(`${Number((rest / SECOND).toFixed(1))}${units[3]}`);
  return parts.slice(0, 2).join(' ');
}

/** `980 B`, `2.3 kB`. */
function octets(count: number): string {
  return count < 1000 ? `${count} B` : `${(count / 1000).toFixed(1)} kB`;
}
