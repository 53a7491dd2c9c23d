import { computed, signal } from '@preact/signals';
import { read } from './api-client.ts';
import type {
  DeviceDetail,
  DeviceList,
  DevicePlan,
  InboxMessage,
  Incident,
  IncidentDetail,
  LabFailure,
  List,
  PersonRef,
  Summary,
  TimelineEntry,
} from './api-types.ts';
import { after, monotonicMs, now, syncClock } from './browser-clock.ts';
import { route } from './route.ts';

/** What the console shows, as last read from the API. null: not read yet. */
export const summary = signal<Summary | null>(null);
export const incidents = signal<readonly Incident[] | null>(null);
export const devices = signal<DeviceList | null>(null);
export const people = signal<readonly PersonRef[]>([]);
export const inbox = signal<readonly InboxMessage[] | null>(null);
export const lab = signal<readonly LabFailure[]>([]);

/** The incident or device in the panel; `missing` when there is none of that id. */
export type Detail =
  | { readonly view: 'incident'; readonly incident: IncidentDetail; readonly timeline: Timeline }
  | { readonly view: 'device'; readonly device: DeviceDetail; readonly plan: DevicePlan | null }
  | { readonly view: 'missing'; readonly id: string };
export type Timeline = readonly TimelineEntry[];
export const detail = signal<Detail | null>(null);

export const deviceQuery = signal<{ readonly text: string; readonly health: string }>({
  text: '',
  health: '',
});

/** Until when the service was observing the network. */
export const dataAt = signal<number | null>(null);
/** Whether the last request was answered. */
export const isAnswering = signal(true);

export type Part = 'summary' | 'incidents' | 'devices' | 'people' | 'inbox' | 'lab' | 'detail';

const MOST_DEVICES = 1000;
const MOST_INCIDENTS = 100;
/** Changes that come close together are read once. */
const GATHER_MS = 250;
/** At most one round of reading in this time, however fast the network changes. */
const SHORTEST_ROUND_MS = 1500;
const RETRY_MS = 3000;

const stale = new Set<Part>();
/** The round of reading that is under way. */
let round: Promise<void> | null = null;
let lastRoundAt = Number.NEGATIVE_INFINITY;
let cancelRound: (() => void) | null = null;

/** Marks parts to be read again soon. */
export function refresh(...parts: readonly Part[]): void {
  for (const part of parts) stale.add(part);
  plan(GATHER_MS);
}

function plan(delayMs: number): void {
  if (round !== null || cancelRound !== null || stale.size === 0) return;
  const sinceLast = monotonicMs() - lastRoundAt;
  cancelRound = after(Math.max(delayMs, SHORTEST_ROUND_MS - sinceLast), () => {
    cancelRound = null;
    void readStale();
  });
}

/** Reads now what is marked, and has read it when it resolves; for what a person has just asked for. */
export async function refreshNow(...parts: readonly Part[]): Promise<void> {
  for (const part of parts) stale.add(part);
  // A round that is under way may have asked too early for what is wanted now.
  await round;
  cancelRound?.();
  cancelRound = null;
  await readStale();
}

async function readStale(): Promise<void> {
  if (stale.size === 0) return;
  round ??= readRound();
  await round;
}

async function readRound(): Promise<void> {
  lastRoundAt = monotonicMs();
  const parts = [...stale];
  stale.clear();
  const succeeded = await readParts(parts);
  round = null;
  parts.forEach((part, index) => {
    if (!succeeded[index]) stale.add(part);
  });
  isAnswering.value = succeeded.every(Boolean);
  plan(isAnswering.value ? GATHER_MS : RETRY_MS);
}

/** Tells of each part whether it was answered. The zone of all times is in the summary, so that comes before anything. */
async function readParts(parts: readonly Part[]): Promise<readonly boolean[]> {
  const isFirst = summary.value === null;
  if (isFirst && !(await READERS.summary())) return parts.map(() => false);
  const isRead = (part: Part) => isFirst && part === 'summary';
  return Promise.all(parts.map((part) => isRead(part) || READERS[part]()));
}

/** Each reads one part into its signal and tells whether it was answered. */
const READERS: Readonly<Record<Part, () => Promise<boolean>>> = {
  async summary() {
    const answer = await read<Summary>('/api/v1/summary');
    if (!answer.ok) return false;
    const isLabNews = answer.body.lab && summary.value?.lab !== true;
    summary.value = answer.body;
    if (isLabNews) refresh('lab');
    syncClock(answer.body.now);
    observe(answer.body.dataAt);
    return true;
  },
  incidents: () =>
    readList<Incident>(`/api/v1/incidents?limit=${MOST_INCIDENTS}`, (items) => {
      incidents.value = items;
    }),
  async devices() {
    const { text, health } = deviceQuery.value;
    const query = new URLSearchParams({ limit: String(MOST_DEVICES) });
    if (text !== '') query.set('q', text);
    if (health !== '') query.set('health', health);
    const answer = await read<DeviceList>(`/api/v1/devices?${query}`);
    if (answer.ok) devices.value = answer.body;
    return answer.ok;
  },
  people: () =>
    readList<PersonRef>('/api/v1/people', (items) => {
      people.value = items;
    }),
  inbox: () =>
    readList<InboxMessage>('/api/v1/inbox', (items) => {
      inbox.value = items;
    }),
  async lab() {
    if (summary.value?.lab !== true) return true;
    return readList<LabFailure>('/api/v1/lab', (items) => {
      lab.value = items;
    });
  },
  async detail() {
    const asked = route.value;
    if (asked.view !== 'incident' && asked.view !== 'device') return true;
    const found =
      asked.view === 'incident' ? await readIncident(asked.id) : await readDevice(asked.id);
    if (found === null) return false;
    if (route.value === asked) detail.value = found;
    return true;
  },
};

async function readList<Item>(path: string, keep: (items: readonly Item[]) => void) {
  const answer = await read<List<Item>>(path);
  if (answer.ok) keep(answer.body.items);
  return answer.ok;
}

async function readIncident(id: string): Promise<Detail | null> {
  const [incident, timeline] = await Promise.all([
    read<IncidentDetail>(`/api/v1/incidents/${id}`),
    read<List<TimelineEntry>>(`/api/v1/incidents/${id}/timeline`),
  ]);
  if (incident.ok && timeline.ok)
    return { view: 'incident', incident: incident.body, timeline: timeline.body.items };
  return !incident.ok && incident.problem.status === 404 ? { view: 'missing', id } : null;
}

async function readDevice(id: string): Promise<Detail | null> {
  const [answer, plan] = await Promise.all([
    read<DeviceDetail>(`/api/v1/devices/${id}`),
    read<DevicePlan>(`/api/v1/devices/${id}/plan`),
  ]);
  if (answer.ok) return { view: 'device', device: answer.body, plan: plan.ok ? plan.body : null };
  return answer.problem.status === 404 ? { view: 'missing', id } : null;
}

/** Learns until when the service has been observing. */
export function observe(instant: string | null): void {
  if (instant !== null) dataAt.value = Math.max(dataAt.value ?? 0, Date.parse(instant));
}

/** The lease is renewed every ten seconds; after several missed ones the picture is not the present. */
const STALE_AFTER_MS = 45_000;

/** How old the picture is, when that is too old to be shown as the present; else null. */
export const staleForMs = computed(() => {
  if (dataAt.value === null) return null;
  const age = now.value - dataAt.value;
  return age > STALE_AFTER_MS ? age : null;
});

export const openIncidents = computed(() =>
  (incidents.value ?? [])
    .filter((incident) => incident.status !== 'resolved')
    .toSorted(
      (a, b) =>
        Number(a.status === 'acknowledged') - Number(b.status === 'acknowledged') ||
        a.tier - b.tier ||
        Date.parse(a.clock.acknowledgeBy) - Date.parse(b.clock.acknowledgeBy),
    ),
);

export const resolvedIncidents = computed(() =>
  (incidents.value ?? [])
    .filter((incident) => incident.status === 'resolved')
    .toSorted((a, b) => Date.parse(b.resolvedAt ?? '') - Date.parse(a.resolvedAt ?? '')),
);
