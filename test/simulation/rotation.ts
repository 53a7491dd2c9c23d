import type { DomainEvent } from '../../alerting/events.ts';

type QueuedPage = Extract<DomainEvent, { type: 'page-queued' }>;

/** Of tier 1, repetitions go from channel to channel of a person. */

/** `first pager` → `first` */
export function peopleOf(recipients: Iterable<string> = []): ReadonlySet<string> {
  return new Set(Array.from(recipients, (recipient) => recipient.split(' ')[0]!));
}

/** The channel of the repetition before this step; undefined: this is the first. */
export function lastRepeatOn(
  pages: Iterable<QueuedPage>,
  about: Pick<QueuedPage, 'incidentId' | 'episode' | 'personId' | 'step'>,
): string | undefined {
  const repeats = [...pages].filter(
    (page) =>
      page.incidentId === about.incidentId &&
      page.episode === about.episode &&
      page.personId === about.personId &&
      page.kind === 'repeat' &&
      page.step !== about.step,
  );
  const lastStep = repeats.at(-1)?.step;
  return repeats.find((page) => page.step === lastStep)?.channelId;
}

/** Whether what a person is told by now is another channel than the last, where there is another. */
export function isRotated(
  channels: readonly string[],
  now: readonly string[],
  last: string | undefined,
): boolean {
  if (channels.length === 0) return true;
  return now.length > 0 && (channels.length === 1 || now.some((id) => id !== last));
}
