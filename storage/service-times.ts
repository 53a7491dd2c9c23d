import type { DomainEvent } from '../alerting/events.ts';
import { type EpochMs, formatInstant } from '../lib/time.ts';
import { Ledger } from '../reports/ledger.ts';
import { SegmentStore } from '../reports/segments.ts';
import { readJournal } from './read-journal.ts';
import type { ArchiveResult } from './report-archive.ts';

/** A device, and its time out of service in a stretch; null: it never was in a configuration by then. */
export interface OutOfService {
  readonly deviceId: string;
  readonly spans: readonly { readonly from: EpochMs; readonly to: EpochMs }[] | null;
}

/**
 * Those of `deviceIds` that were not in service for all of `[from, to)`, by the configurations in the
 * journal: not in them yet or any more, before their commissioning or after their retirement, each as
 * the ledger counts it.
 */
export function devicesOutOfService(
  dataFolder: string,
  deviceIds: readonly string[],
  from: EpochMs,
  to: EpochMs,
): ArchiveResult<readonly OutOfService[]> {
  const opened = readJournal<DomainEvent>(dataFolder);
  if (opened === null) return { ok: false, message: `no journal in ${dataFolder} yet` };
  if (!opened.ok) return { ok: false, message: opened.problem.message };
  using reader = opened.reader;
  const segments = new SegmentStore(from, to);
  const ledger = new Ledger((...interval) => segments.add(...interval));
  // Of what decides about service nothing else is in the journal.
  for (const event of reader.eventsOfType('topology-loaded', to)) ledger.apply(event);
  ledger.readOpen(to, (...interval) => segments.add(...interval));
  const found = deviceIds.map((deviceId): OutOfService => {
    if (!segments.has(deviceId)) return { deviceId, spans: null };
    const spans = Array.from(segments.notUp(deviceId, from, to));
    return { deviceId, spans: spans.filter(({ state }) => state === 'out-of-service') };
  });
  return { ok: true, value: found.filter(({ spans }) => spans === null || spans.length > 0) };
}

/** `not in service in that time: b; a was out of service from 2026-11-03T00:00:00.000Z to …`: for a line. */
export function sayOutOfService(
  devices: readonly OutOfService[],
  from: EpochMs,
  to: EpochMs,
): string {
  const isNever = ({ spans }: OutOfService) =>
    spans === null || spans.some((span) => span.from === from && span.to === to);
  const never = devices.filter(isNever).map(({ deviceId }) => deviceId);
  const partly = devices
    .filter((each) => !isNever(each))
    .map(({ deviceId, spans }) => {
      const told = spans!.map(
        (span) => `from ${formatInstant(span.from)} to ${formatInstant(span.to)}`,
      );
      return `${deviceId} was out of service ${told.join(' and ')}`;
    });
  return [
    ...(never.length === 0 ? [] : [`not in service in that time: ${never.join(', ')}`]),
    ...partly,
  ].join('; ');
}
