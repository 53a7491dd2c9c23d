import { describe, expect, it } from 'vitest';
import type { DomainEvent } from '../../alerting/events.ts';
import { ResponseFold } from '../../reports/response-compliance.ts';
import { incident } from './incident-story.ts';
import { second } from './story.ts';

/** The fold over an hour, [0, 3600), read at `now`. Targets: 15, 15, 30, 60 minutes. */
function fold(now: number, ...events: readonly DomainEvent[]) {
  const responses = new ResponseFold(second(0), second(3600));
  for (const event of events) responses.apply(event);
  return responses.read(second(now));
}

const one = incident('i-1');
const two = incident('i-2');
const nobody = {
  acknowledgedInTime: 0,
  breached: 0,
  resolvedFirst: 0,
  neverAcknowledged: 0,
  running: 0,
  compliancePpm: null,
  medianAcknowledgeMs: null,
  p90AcknowledgeMs: null,
};

describe('response compliance', () => {
  it('has every tier, also with nothing in it', () => {
    expect(fold(3600)).toEqual({
      incidentCount: 0,
      tiers: [1, 2, 3, 4].map((tier) => ({ tier, ...nobody })),
    });
  });

  it('counts an acknowledgement at the very deadline as in time, a millisecond later as a breach', () => {
    const late = one.acknowledged(1000);
    const { tiers, incidentCount } = fold(
      3600,
      one.opened(100, 1),
      { ...late, at: second(1000) + 1 } as DomainEvent,
      two.opened(100, 1),
      two.acknowledged(1000),
    );
    expect(incidentCount).toBe(2);
    expect(tiers[0]).toEqual({
      tier: 1,
      ...nobody,
      acknowledgedInTime: 1,
      breached: 1,
      compliancePpm: 500_000,
      medianAcknowledgeMs: 900_000,
      p90AcknowledgeMs: 900_001,
    });
  });

  it('tells running, breached without acknowledgement, and resolved unacknowledged apart', () => {
    const three = incident('i-3');
    const { tiers } = fold(
      1900,
      one.opened(1000, 1),
      two.opened(100, 1),
      three.opened(100, 1),
      three.resolved(200),
      // An acknowledgement of what is resolved already changes nothing.
      three.acknowledged(300),
    );
    expect(tiers[0]).toEqual({
      tier: 1,
      ...nobody,
      running: 1,
      breached: 1,
      resolvedFirst: 1,
      neverAcknowledged: 1,
      compliancePpm: 0,
    });
    // The clock of i-1 ends at 1900: that instant itself is still in time.
    expect(fold(1901, one.opened(1000, 1)).tiers[0]).toMatchObject({ running: 0, breached: 1 });
  });

  it('counts an incident resolved after its deadline as breached', () => {
    expect(fold(3600, one.opened(0, 2), one.resolved(901)).tiers[1]).toMatchObject({
      breached: 1,
      resolvedFirst: 0,
      neverAcknowledged: 1,
    });
  });

  it('counts a breach under the tier whose clock ran out, whatever is graded later', () => {
    // Tier 2 is due at 900; graded 4 at 1200, acknowledged at 2400, well within the hour of tier 4.
    const told = [one.opened(0, 2), one.breached(900), one.graded(1200, 2, 4, false, 0)];
    const { tiers } = fold(3600, ...told, one.acknowledged(2400));
    expect(tiers[1]).toMatchObject({ breached: 1, medianAcknowledgeMs: 2_400_000 });
    expect(tiers[3]).toEqual({ tier: 4, ...nobody });
    // The same while it is open, when it is resolved, and when the breach was never written down.
    expect(fold(3600, ...told).tiers[1]).toMatchObject({ breached: 1 });
    expect(fold(3600, ...told, one.resolved(2400)).tiers[1]).toMatchObject({ breached: 1 });
    const unwritten = [told[0]!, told[2]!, one.acknowledged(2400)];
    expect(fold(3600, ...unwritten).tiers[1]).toMatchObject({ breached: 1 });
  });

  it('believes a recorded breach', () => {
    const { tiers } = fold(3600, one.opened(0, 2), one.breached(900), one.acknowledged(900));
    expect(tiers[1]).toMatchObject({
      breached: 1,
      acknowledgedInTime: 0,
      medianAcknowledgeMs: 900_000,
    });
  });

  it('books an upgrade before the acknowledgement under the new tier and deadline', () => {
    // Tier 4 from 0 (due 3600), upgraded to 2 at 600: due at 1500. Acknowledged at 1600.
    const { tiers } = fold(
      3600,
      one.opened(0, 4),
      one.graded(600, 4, 2, false),
      one.acknowledged(1600),
    );
    expect(tiers[1]).toMatchObject({ breached: 1, medianAcknowledgeMs: 1_600_000 });
    expect(tiers[3]).toEqual({ tier: 4, ...nobody });
  });

  it('starts a clock of its own for an upgrade that needs a fresh acknowledgement', () => {
    const { tiers, incidentCount } = fold(
      3600,
      one.opened(0, 4),
      one.acknowledged(60),
      one.graded(600, 4, 1, true),
      one.acknowledged(700),
    );
    expect(incidentCount).toBe(1);
    expect(tiers[3]).toMatchObject({ acknowledgedInTime: 1, medianAcknowledgeMs: 60_000 });
    expect(tiers[0]).toMatchObject({ acknowledgedInTime: 1, medianAcknowledgeMs: 100_000 });
  });

  it('starts a clock of its own for a re-opened incident', () => {
    const { tiers, incidentCount } = fold(
      3600,
      one.opened(0, 3),
      one.acknowledged(60),
      one.resolved(100),
      one.reopened(200, 3),
      one.acknowledged(2001),
    );
    expect(incidentCount).toBe(1);
    // Due 200 + 1800 = 2000.
    expect(tiers[2]).toMatchObject({ acknowledgedInTime: 1, breached: 1, compliancePpm: 500_000 });
  });

  it('counts a clock in the period in which it started', () => {
    const { tiers, incidentCount } = fold(
      9000,
      one.opened(-10, 1),
      one.acknowledged(10),
      two.opened(3599, 1),
      two.acknowledged(4000),
      incident('i-3').opened(3600, 1),
    );
    expect(incidentCount).toBe(1);
    expect(tiers[0]).toMatchObject({ acknowledgedInTime: 1, running: 0, breached: 0 });
    expect(tiers[0]!.medianAcknowledgeMs).toBe(401_000);
  });

  it('takes median and 90th percentile by nearest rank', () => {
    const events = Array.from({ length: 10 }, (_, index) => {
      const each = incident(`i-${index}`);
      return [each.opened(0, 4), each.acknowledged((index + 1) * 10)];
    }).flat();
    expect(fold(3600, ...events).tiers[3]).toMatchObject({
      medianAcknowledgeMs: 50_000,
      p90AcknowledgeMs: 90_000,
    });
  });

  it('rounds compliance down', () => {
    const events = Array.from({ length: 3 }, (_, index) => {
      const each = incident(`i-${index}`);
      return [each.opened(0, 1), each.acknowledged(index === 0 ? 901 : 100)];
    }).flat();
    expect(fold(3600, ...events).tiers[0]!.compliancePpm).toBe(666_666);
  });
});
