import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { asPerson } from './acting-person.ts';
import { read, send } from './api-client.ts';
import type { Instant, List, LocalText, PersonRef, Problem } from './api-types.ts';
import { after } from './browser-clock.ts';
import { dutyMessages } from './language.ts';

/** Answers of the API about who is on call, silences, the procedure and reports of customers. */

export interface Turn {
  readonly from: Instant;
  readonly to: Instant;
  readonly people: readonly PersonRef[];
}

export interface Override {
  readonly id: string;
  readonly person: PersonRef;
  readonly replaces: PersonRef | null;
  readonly from: Instant;
  readonly to: Instant;
  readonly reason: string;
  readonly by: PersonRef | null;
}

export interface ScheduleView {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly now: Turn;
  readonly next: readonly Turn[];
  readonly gaps: readonly { readonly from: Instant; readonly to: Instant }[];
  readonly partial: boolean;
  readonly overrides: readonly Override[];
}

export interface OnCall {
  readonly schedules: readonly ScheduleView[];
  readonly catchAll: readonly PersonRef[];
}

export interface SilenceView {
  readonly id: string;
  readonly status: 'pending' | 'active' | 'expired';
  readonly owner: PersonRef;
  readonly reason: string;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly matchers: readonly {
    readonly name: string;
    readonly values: readonly string[];
    readonly isEqual: boolean;
    readonly isPattern: boolean;
  }[];
  readonly confirmedBy: PersonRef | null;
  readonly hiddenIncidentIds: readonly string[];
  readonly matchingIncidents: readonly { readonly id: string; readonly isHidden: boolean }[];
}

export interface CustomerReport {
  readonly id: string;
  readonly customer: string;
  readonly contact: string;
  readonly text: string;
  readonly incidentId: string | null;
  readonly respondBy: Instant;
  readonly respondedAt: Instant | null;
  readonly answerBy: Instant;
  readonly answeredAt: Instant | null;
}

export type OwedStatus = 'running' | 'met' | 'overdue' | 'late';

export interface Procedure {
  readonly stages: readonly {
    readonly stage: string;
    readonly name: LocalText;
    readonly at: Instant | null;
    readonly by: PersonRef | null;
    readonly person: PersonRef | null;
    readonly text: string;
  }[];
  readonly notices: readonly {
    readonly at: Instant;
    readonly by: PersonRef;
    readonly text: string;
    readonly expectedAt: Instant | null;
  }[];
  readonly draft: { readonly at: Instant; readonly text: LocalText } | null;
  readonly review: {
    readonly rootCause: string;
    readonly actions: readonly {
      readonly text: string;
      readonly owner: PersonRef;
      readonly dueOn: string;
    }[];
  } | null;
  readonly needsReview: boolean;
  readonly reviewDuty: {
    readonly reasonNames: readonly LocalText[];
    readonly dueOn: string;
    readonly timeZone: string;
    readonly status: OwedStatus;
    readonly needsApproval: boolean;
    readonly approvedBy: PersonRef | null;
  } | null;
  readonly authorities: readonly {
    readonly id: string;
    readonly name: string;
    readonly dueAt: Instant;
    readonly status: OwedStatus;
    readonly told: {
      readonly at: Instant;
      readonly by: PersonRef;
      readonly reference: string;
    } | null;
  }[];
  readonly reports: readonly CustomerReport[];
}

export const onCall = signal<OnCall | null>(null);
export const silences = signal<readonly SilenceView[]>([]);
export const reports = signal<readonly CustomerReport[]>([]);
/** Of the incident that is open beside the overview. */
export const procedure = signal<{ readonly id: string; readonly view: Procedure } | null>(null);
/** Why the last command was refused; empty when it was not. */
export const refusal = signal('');

const READ_EVERY_MS = 10_000;

async function readDuty(): Promise<void> {
  const [cover, silent, told] = await Promise.all([
    read<OnCall>('/api/v1/oncall'),
    read<List<SilenceView>>('/api/v1/silences'),
    read<List<CustomerReport>>('/api/v1/customer-reports'),
  ]);
  if (cover.ok) onCall.value = cover.body;
  if (silent.ok) silences.value = silent.body.items;
  if (told.ok) reports.value = told.body.items;
}

/** Reads who is on call, silences and reports for as long as they are shown. */
export function useDuty(): void {
  useEffect(() => keepReading(readDuty), []);
}

/** Reads the procedure of an incident for as long as it is shown. */
export function useProcedure(id: string): Procedure | null {
  useEffect(() => keepReading(() => readProcedure(id)), [id]);
  return procedure.value?.id === id ? procedure.value.view : null;
}

async function readProcedure(id: string): Promise<void> {
  const answer = await read<Procedure>(`/api/v1/incidents/${id}/procedure`);
  if (answer.ok) procedure.value = { id, view: answer.body };
}

function keepReading(readAgain: () => Promise<void>): () => void {
  let cancel = () => {};
  let isShown = true;
  const go = async () => {
    await readAgain();
    if (isShown) cancel = after(READ_EVERY_MS, () => void go());
  };
  void go();
  return () => {
    isShown = false;
    cancel();
  };
}

/** Sends what a person asks for, in that person's name, and reads what it led to. */
export function sendDuty(path: string, body: object, done: () => void = () => {}): void {
  asPerson(async (person) => {
    const answer = await send<unknown>(path, { by: person.id, ...body });
    refusal.value = answer.ok ? '' : explainRefusal(answer.problem);
    if (answer.ok) done();
    await readDuty();
    const shown = procedure.value?.id;
    if (shown !== undefined) await readProcedure(shown);
  });
}

/** Why it was not done, in the reader's language. */
export function explainRefusal({ type }: Problem): string {
  const { refusals, refused } = dutyMessages.value;
  return refusals[type.split(':').at(-1) ?? ''] ?? refused;
}

/** `2026-11-30T08:00` on a clock in `zone`, as an instant; the first of two where it comes twice. */
export function instantIn(local: string, zone: string): string {
  const wall = Date.parse(`${local}Z`);
  let at = wall;
  for (let tries = 0; tries < 2; tries += 1) at = wall - offsetAt(at, zone);
  return new Date(at).toISOString();
}

function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  }).formatToParts(at);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(
    get('year'),
    get('month') - 1,
    get('day'),
    get('hour'),
    get('minute'),
    get('second'),
  );
  return shown - Math.floor(at / 1000) * 1000;
}
