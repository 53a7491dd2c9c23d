import { signal } from '@preact/signals';
import { after, everySecond, monotonicMs, syncClock } from './browser-clock.ts';
import { observe, type Part, refresh, refreshNow, summary } from './live-data.ts';

/** Whether changes arrive as they happen. */
export const connection = signal<'connecting' | 'live' | 'reconnecting'>('connecting');

/** The server says something every 15 s; after this long a silent connection is taken for dead. */
const SILENCE_MS = 40_000;
const FIRST_RETRY_MS = 2000;
const LONGEST_RETRY_MS = 30_000;
/** A full read now and then, in case a change was missed for any reason. */
const FULL_REFRESH_MS = 60_000;

const EVERYTHING: readonly Part[] = [
  'summary',
  'incidents',
  'devices',
  'people',
  'inbox',
  'lab',
  'detail',
];

let source: EventSource | null = null;
let lastSequence = 0;
let heardAt = 0;
let readAt = 0;
let retryMs = FIRST_RETRY_MS;
let cancelRetry = () => {};

/** Reads everything, then follows what happens from there on. Called once. */
export async function followEvents(): Promise<void> {
  await refreshNow('summary');
  readAt = monotonicMs();
  lastSequence = summary.value?.sequence ?? 0;
  await refreshNow(...EVERYTHING);
  connect();
  document.addEventListener('visibilitychange', onVisibility);
  everySecond(() => {
    if (source !== null && monotonicMs() - heardAt > SILENCE_MS) retryLater();
    if (monotonicMs() - readAt < FULL_REFRESH_MS) return;
    readAt = monotonicMs();
    refresh(...EVERYTHING);
  });
}

/** A browser opens few connections to one address, so a tab that nobody sees gives its own back. */
const HIDDEN_GRACE_MS = 30_000;
let cancelGrace = () => {};

/** A hidden tab goes on with the full read now and then; a tab that is shown again is brought up to date. */
function onVisibility(): void {
  cancelGrace();
  if (document.visibilityState === 'hidden') {
    cancelGrace = after(HIDDEN_GRACE_MS, () => {
      disconnect();
      connection.value = 'connecting';
    });
  } else if (source === null) {
    refresh(...EVERYTHING);
    cancelRetry();
    connect();
  }
}

function disconnect(): void {
  cancelRetry();
  source?.close();
  source = null;
}

function connect(): void {
  heardAt = monotonicMs();
  // Without a known place the stream begins now: the whole journal is nothing a console needs.
  source = new EventSource(
    lastSequence > 0 ? `/api/v1/events?after=${lastSequence}` : '/api/v1/events',
  );
  source.addEventListener('open', () => {
    connection.value = 'live';
    retryMs = FIRST_RETRY_MS;
    heardAt = monotonicMs();
  });
  source.addEventListener('error', () => {
    connection.value = 'reconnecting';
    // The browser retries by itself after a cut, but gives up after an error answer.
    if (source?.readyState === EventSource.CLOSED) retryLater();
  });
  source.addEventListener('time', (event) => hear(event, onTime));
  source.addEventListener('entry', (event) => hear(event, onEntry));
  source.addEventListener('reset', (event) => hear(event, () => refresh(...EVERYTHING)));
}

function retryLater(): void {
  connection.value = 'reconnecting';
  disconnect();
  cancelRetry = after(retryMs, connect);
  retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
}

function hear(event: MessageEvent<string>, use: (data: Record<string, unknown>) => void): void {
  heardAt = monotonicMs();
  if (event.lastEventId !== '') lastSequence = Number(event.lastEventId);
  use(JSON.parse(event.data));
}

function onTime(data: Record<string, unknown>): void {
  syncClock(String(data.now));
  if (typeof data.dataAt === 'string') observe(data.dataAt);
}

function onEntry(data: Record<string, unknown>): void {
  const type = String(data.type);
  if (type === 'lease-renewed') observe(String(data.at));
  else refresh(...partsTouchedBy(type));
}

/** What must be read again after an event of that type. */
function partsTouchedBy(type: string): readonly Part[] {
  if (type.startsWith('page-')) return ['incidents', 'inbox', 'detail'];
  if (/^(incident|member|response|clock)-/.test(type)) return ['summary', 'incidents', 'detail'];
  if (/^(health|fault|flapping)-/.test(type)) return ['summary', 'devices', 'lab', 'detail'];
  return EVERYTHING;
}
