import { describe, expect, test } from 'vitest';
import type { Topology } from '../../alerting/topology.ts';
import type { ReviewRule } from '../../config/review-rule.ts';
import { dueInWorkingDays } from '../../config/schedule/working-days.ts';
import { DAY, HOUR, MINUTE } from '../../lib/time.ts';
import { Network, RULES, START, topology } from './network.ts';

const INCIDENT = 'inc-000001';
const RULE: ReviewRule = {
  ...{ always: true, ifBreached: false, ifLongerThanMs: null, ifRepeatedWithinMs: null },
  ...{ withinWorkingDays: 5, needsApproval: false },
};
const SOMETIMES: ReviewRule = {
  ...{ ...RULE, always: false, ifBreached: true },
  ...{ ifLongerThanMs: 2 * HOUR, ifRepeatedWithinMs: 30 * DAY },
};

function withRule(review: ReviewRule, rest: Partial<Topology> = {}): Topology {
  // Nothing gets worse for lasting long.
  const gradingRules = RULES.filter(({ id }) => id !== 'two-not-restored');
  const base = topology({ gradingRules, ...rest });
  const targets = (tier: 1 | 2 | 3 | 4) => ({ ...base.tiers[tier], review });
  return { ...base, tiers: { 1: targets(1), 2: targets(2), 3: targets(3), 4: targets(4) } };
}

/** Of tier 2 as it is `core-1`; over after `lasts` at an instant near `START`, a Sunday. */
function over(topo: Topology, lasts = 2 * MINUTE, isAcknowledged = true): Network {
  const network = new Network(topo);
  network.run(MINUTE);
  network.silence('core-1');
  network.run(2 * MINUTE);
  if (isAcknowledged) network.acknowledge(INCIDENT, 'first');
  network.run(lasts);
  network.restore('core-1');
  network.run(5 * MINUTE);
  return network;
}

/** Time passes, and the engine looks now and then. */
function until(network: Network, at: number): void {
  while (network.now < at) {
    network.now = Math.min(at, network.now + 30 * MINUTE);
    network.pollAll();
  }
}

const review = (network: Network, by = 'first') =>
  network.command({
    ...{ type: 'write-review', incidentId: INCIDENT, by },
    review: {
      rootCause: 'a fan',
      actions: [{ text: 'fans', ownerId: 'lead', dueOn: '2026-12-31' }],
    },
  });
const command = (network: Network, type: 'approve-review' | 'close', by: string) =>
  network.command({ type, incidentId: INCIDENT, by });
const duties = (network: Network) =>
  network
    .pages()
    .filter(({ kind }) => kind.startsWith('duty'))
    .map(({ personId, kind }) => `${personId} ${kind}`);

const china = { timeZone: 'Asia/Shanghai', holidays: [] as string[], workdays: [] as string[] };
const at = (text: string) => Date.parse(text);

describe('working days', () => {
  test.each([
    // Ended on a Wednesday: five days after it are Thursday, Friday, Monday, Tuesday, Wednesday.
    ['2026-11-04T10:00+08:00', 5, {}, '2026-11-11'],
    ['2026-11-06T23:59+08:00', 1, {}, '2026-11-09'],
    // In UTC it is still the day before.
    ['2026-11-07T00:30+08:00', 1, {}, '2026-11-09'],
    [
      '2026-09-30T10:00+08:00',
      5,
      {
        holidays: ['01', '02', '05', '06', '07'].map((day) => `2026-10-${day}`),
        workdays: ['2026-10-10'],
      },
      '2026-10-13',
    ],
  ])('%s and %i of them end on %s', (ended, days, change, dueOn) => {
    const due = dueInWorkingDays(at(ended), days, { ...china, ...change });
    expect(due.dueOn).toBe(dueOn);
    expect(due.dueAt).toBe(at(`${dueOn}T00:00+08:00`) + DAY);
  });

  test('a reminder comes in the morning of the working day before, the alarm on the one after', () => {
    const due = dueInWorkingDays(at('2026-10-30T12:00+01:00'), 5, {
      ...{ timeZone: 'Europe/Berlin', holidays: ['2026-11-09'], workdays: [] },
    });
    expect(due).toEqual({
      dueOn: '2026-11-06',
      dueAt: at('2026-11-07T00:00+01:00'),
      remindAt: at('2026-11-05T09:00+01:00'),
      tellAt: at('2026-11-10T09:00+01:00'),
    });
  });
});

describe('the review that is owed', () => {
  test('is due after five working days; reminded once, overdue once, told in the morning', () => {
    const network = over(withRule(RULE));
    const [required] = network.eventsOf('review-required');
    expect(required!.duty).toMatchObject({
      reasons: ['tier'],
      dueOn: '2026-11-06',
      timeZone: 'UTC',
    });
    until(network, START + 4 * DAY + 9 * HOUR - MINUTE);
    expect(duties(network)).toEqual([]);
    until(network, START + 4 * DAY + 9 * HOUR);
    expect(duties(network)).toEqual(['first duty-due']);
    until(network, START + 6 * DAY);
    expect(network.eventsOf('review-overdue')).toMatchObject([{ dueAt: START + 6 * DAY }]);
    expect(duties(network)).toHaveLength(1);
    until(network, START + 8 * DAY + 10 * HOUR);
    expect(duties(network).slice(1)).toEqual(['first duty-overdue', 'lead duty-overdue']);
    until(network, START + 20 * DAY);
    expect(duties(network)).toHaveLength(3);
    expect(network.eventsOf('review-overdue')).toHaveLength(1);
    const told = network.pages().filter(({ kind }) => kind === 'resolved');
    expect(told.map(({ personId }) => personId)).toEqual(['first']);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is done when it is written, and then nothing is said', () => {
    const network = over(withRule(RULE));
    expect(review(network)).toEqual({ accepted: true });
    until(network, START + 12 * DAY);
    expect(duties(network)).toEqual([]);
    expect(network.eventsOf('review-overdue')).toEqual([]);
  });

  test('survives restarts: what fell due meanwhile is told once', () => {
    const topo = withRule(RULE);
    const network = over(topo);
    network.now = START + 9 * DAY;
    network.restart(topo);
    network.run(MINUTE);
    expect(duties(network)).toEqual(['first duty-overdue', 'lead duty-overdue']);
    network.restart(topo);
    network.run(MINUTE);
    expect(duties(network)).toHaveLength(2);
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is void when the incident opens again, and counts from its new end', () => {
    const network = over(withRule(RULE));
    network.silence('core-1');
    network.run(5 * MINUTE);
    expect(network.incidents()[0]!.reviewDuty).toBeNull();
    network.restore('core-1');
    network.run(5 * MINUTE);
    expect(network.eventsOf('review-required')).toHaveLength(2);
  });

  test('goes by the holidays of the zone of the site', () => {
    const base = topology();
    const network = over(
      withRule(RULE, {
        sites: base.sites.map((site) => ({ ...site, timeZone: 'Asia/Shanghai' })),
        workCalendars: [
          { timeZone: 'UTC', holidays: [], workdays: [] },
          { ...china, holidays: ['2026-11-02', '2026-11-03'], workdays: ['2026-11-07'] },
        ],
      }),
    );
    expect(network.eventsOf('review-required')).toMatchObject([
      { duty: { dueOn: '2026-11-09', timeZone: 'Asia/Shanghai' } },
    ]);
  });

  test.each([
    ['short and answered', 2 * MINUTE, true, []],
    ['nobody answered in time', 20 * MINUTE, false, ['breached']],
    ['longer than two hours', 3 * HOUR, true, ['long']],
  ])('by conditions: %s', (_, lasts, isAcknowledged, reasons) => {
    const network = over(withRule(SOMETIMES), lasts, isAcknowledged);
    const given = network.eventsOf('review-required').map(({ duty }) => duty.reasons);
    expect(given).toEqual(reasons.length === 0 ? [] : [reasons]);
  });

  test('by conditions: the same fault within thirty days', () => {
    const network = over(withRule(SOMETIMES));
    network.run(HOUR);
    network.silence('core-1');
    network.run(3 * MINUTE);
    network.acknowledge('inc-000002');
    network.restore('core-1');
    network.run(5 * MINUTE);
    expect(network.eventsOf('review-required')).toMatchObject([
      { incidentId: 'inc-000002', duty: { reasons: ['repeated'] } },
    ]);
  });
});

test('a page about a review waits no longer once it is written', () => {
  const network = over(withRule(RULE));
  network.delivers = false;
  until(network, network.incidents()[0]!.reviewDuty!.tellAt + HOUR);
  const statuses = () =>
    network
      .pages()
      .filter(({ kind }) => kind.startsWith('duty'))
      .map(({ status }) => status);
  expect(new Set(statuses())).toEqual(new Set(['queued']));
  expect(review(network)).toMatchObject({ accepted: true });
  network.run(MINUTE);
  expect(new Set(statuses())).toEqual(new Set(['cancelled']));
  expect(network.replayedText()).toBe(network.liveText());
});

describe('the approval of a review', () => {
  const APPROVED = { ...RULE, needsApproval: true };

  test('is by somebody else than its author, before the incident is closed', () => {
    const network = over(withRule(APPROVED));
    expect(command(network, 'approve-review', 'lead')).toMatchObject({ reason: 'review-missing' });
    review(network, 'first');
    expect(command(network, 'close', 'first')).toMatchObject({ reason: 'approval-missing' });
    expect(command(network, 'approve-review', 'first')).toMatchObject({ reason: 'same-person' });
    expect(command(network, 'approve-review', 'lead')).toEqual({ accepted: true });
    expect(command(network, 'approve-review', 'lead')).toMatchObject({ reason: 'already-over' });
    expect(command(network, 'close', 'first')).toEqual({ accepted: true });
    expect(network.replayedText()).toBe(network.liveText());
  });

  test('is by those who approve reviews, where there are any; a new review needs a new one', () => {
    const base = topology();
    const people = base.people.map((each) =>
      each.id === 'lead' ? { ...each, approvesReviews: true as const } : each,
    );
    const network = over(withRule(APPROVED, { people }));
    review(network, 'first');
    expect(command(network, 'approve-review', 'second')).toMatchObject({ reason: 'not-entitled' });
    expect(command(network, 'approve-review', 'lead')).toEqual({ accepted: true });
    review(network, 'first');
    expect(command(network, 'close', 'first')).toMatchObject({ reason: 'approval-missing' });
  });
});
