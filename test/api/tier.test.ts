import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { rule } from '../alerting/network.ts';
import { openLiveEngine } from './live-engine.ts';

const START = Date.parse('2026-11-30T00:00:00Z');
const INCIDENT = '/api/v1/incidents/inc-000001';

async function withIncident(tier: 1 | 2) {
  const live = await openLiveEngine(START, {
    gradingRules: [rule('down', tier, { faultKinds: ['device-down'] })],
  });
  await live.run(MINUTE);
  await live.run(2 * MINUTE, (id) => (id === 'core-1' ? 'timeout' : 'ok'));
  return { ...live, texts: () => live.timelineTexts(INCIDENT) };
}

describe('the tier that a person sets', () => {
  it('is shown with who, why and what the rules said, and is in the timeline', async () => {
    const { get, post, run, texts } = await withIncident(2);
    const unfounded = await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 3, reason: ' ' });
    expect([unfounded.status, unfounded.body.type]).toEqual([422, 'urn:threenines:reason-missing']);
    const set = await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 3, reason: 'a drill' });
    expect(set.status).toBe(200);
    expect(set.body).toMatchObject({
      tier: 3,
      setTier: { by: { name: 'Shift lead' }, rulesTier: 2, reason: 'a drill', confirmedBy: null },
    });
    expect(set.body.because.en).toMatch(/^Shift lead set it: a drill \(/);
    expect(await texts()).toContain(
      'Shift lead lowered it from tier 2 major to tier 3 significant: a drill | Shift lead 将其由 2 级（重大） 下调为 3 级（较大）：a drill',
    );
    const released = await post(`${INCIDENT}/tier-release`, { by: 'duty-primary' });
    expect(released.body).toMatchObject({ tier: 2, setTier: null });
    expect(await texts()).toContain('Duty engineer leaves the tier to the rules again');
    await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 1 });
    await run(10 * MINUTE, () => 'ok', 30 * SECOND);
    const over = await get(INCIDENT);
    expect(over.body).toMatchObject({ status: 'resolved', tier: 1, setTier: { tier: 1 } });
    const late = await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 1 });
    expect([late.status, late.body.type]).toEqual([409, 'urn:threenines:already-resolved']);
  });

  it('below tier 1 waits for a second person', async () => {
    const { post, texts } = await withIncident(1);
    const none = await post(`${INCIDENT}/tier-confirmation`, { by: 'shift-lead' });
    expect(none.body.type).toBe('urn:threenines:nothing-proposed');
    const wanted = await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 2, reason: 'known' });
    expect(wanted.body).toMatchObject({ tier: 1, proposedTier: { tier: 2, reason: 'known' } });
    const alone = await post(`${INCIDENT}/tier-confirmation`, { by: 'shift-lead' });
    expect([alone.status, alone.body.type]).toEqual([422, 'urn:threenines:same-person']);
    const both = await post(`${INCIDENT}/tier-confirmation`, { by: 'duty-second' });
    expect(both.body).toMatchObject({
      ...{ tier: 2, proposedTier: null },
      setTier: { by: { id: 'shift-lead' }, confirmedBy: { id: 'duty-second' } },
    });
    expect(await texts()).toMatch(/Shift lead and .* lowered it from tier 1 critical to tier 2/);
  });

  it('is not milder than what customers were told', async () => {
    const { post } = await withIncident(2);
    await post(`${INCIDENT}/notices`, { by: 'shift-lead', text: 'We are working on it' });
    const milder = await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 3, reason: 'half up' });
    expect([milder.status, milder.body.type]).toEqual([409, 'urn:threenines:customers-told']);
    expect((await post(`${INCIDENT}/tier`, { by: 'ghost', tier: 1 })).status).toBe(422);
    expect((await post(`${INCIDENT}/tier`, { by: 'shift-lead', tier: 5 })).status).toBe(400);
  });
});
