import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import type { MaintenanceWindow } from '../../config/model.ts';
import { createLiveLedger } from '../../reports/live-ledger.ts';
import { inOrder, leases, second, started, stopped, toEntries, topology, window } from './story.ts';

const WINDOW = window('w', 1200, 1800);

/** Ids of the windows that are late when the last topology is loaded at `at`, after the events before it. */
function lateAt(
  at: number,
  before: readonly DomainEvent[],
  windows: readonly MaintenanceWindow[] = [WINDOW],
  devices = ['a'],
): string[] {
  const ledger = createLiveLedger('UTC');
  for (const entry of toEntries(inOrder(started(-600), before))) ledger.apply(entry);
  const loaded = topology(at, devices, windows);
  if (loaded.type !== 'topology-loaded') throw new Error('not a topology');
  return ledger.lateWindows(loaded.topology, second(at)).map(({ id }) => id);
}

const announced = topology(0, ['a'], [WINDOW]);

describe('a running maintenance window', () => {
  it('that was loaded before it began is not late when it is loaded again', () => {
    expect(lateAt(1300, [announced])).toEqual([]);
  });

  it('nor after the service was stopped, or killed, and started again', () => {
    const pause = [announced, ...leases(0, 1250), stopped(1255), started(1290)];
    expect(lateAt(1300, pause)).toEqual([]);
    expect(lateAt(1300, [announced, ...leases(0, 1250), started(1290)])).toEqual([]);
  });

  it('is late when it was not loaded before it began', () => {
    expect(lateAt(1300, [topology(0)])).toEqual(['w']);
    expect(lateAt(1200, [topology(0)])).toEqual(['w']);
  });

  it('stays late however often it is loaded', () => {
    expect(lateAt(1400, [topology(0), topology(1300, ['a'], [WINDOW])])).toEqual(['w']);
  });

  it('is late when it was made longer after it began, not when it was made shorter', () => {
    expect(lateAt(1300, [announced], [window('w', 1200, 1900)])).toEqual(['w']);
    expect(lateAt(1300, [announced], [window('w', 1200, 1700)])).toEqual([]);
  });

  it('is late when it covers a device that it did not cover before', () => {
    const both = window('w', 1200, 1800, { siteIds: ['site-1'] });
    expect(lateAt(1300, [announced], [both], ['a', 'b'])).toEqual(['w']);
  });

  it('is not late for devices that it does not cover', () => {
    expect(lateAt(1300, [announced], [WINDOW], ['a', 'b'])).toEqual([]);
  });
});

describe('a maintenance window that does not run', () => {
  it.each([
    ['is still to come', 1199],
    ['is over', 1800],
  ])('and %s is not late', (_, at) => {
    expect(lateAt(at, [topology(0)])).toEqual([]);
  });
});
