import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { verifyTimeline } from '../../storage/timeline-export.ts';
import { rule } from '../alerting/network.ts';
import { fakeConfig } from './fake-config.ts';
import { openLiveEngine } from './live-engine.ts';

const START = Date.parse('2026-11-30T00:00:00Z');
const INCIDENT = '/api/v1/incidents/inc-000001';
const REVIEW = {
  by: 'shift-lead',
  rootCause: 'A fan stopped.',
  actions: [{ text: 'Replace the fans', owner: 'duty-second', dueOn: '2026-12-31' }],
};

async function withIncident() {
  const { tiers } = fakeConfig();
  const live = await openLiveEngine(START, {
    gradingRules: [rule('down', 2, { faultKinds: ['device-down'] })],
    tiers: { ...tiers, 2: { ...tiers[2], noticeWithinMs: HOUR } },
  });
  await live.run(MINUTE);
  await live.run(2 * MINUTE, (id) => (id === 'core-1' ? 'timeout' : 'ok'));
  return live;
}

type Stage = { readonly stage: string; readonly at: string | null };

describe('the procedure', () => {
  it('drafts a customer notice at the acknowledgement, and sends none', async () => {
    const { get, post, journal } = await withIncident();
    const before = await get(`${INCIDENT}/procedure`);
    expect(before.body.draft).toBeNull();
    await post(`${INCIDENT}/acknowledgement`, { by: 'shift-lead' });
    const { draft, notices } = (await get(`${INCIDENT}/procedure`)).body;
    expect(notices).toEqual([]);
    expect(draft.text.en).toMatch(/^Since 2026-11-30 .* service has been disrupted at .*\./);
    expect(draft.text['zh-CN']).toMatch(/^自 2026-11-30 .* 起，.*的服务受到影响。/);
    const { items } = (await get(`${INCIDENT}/timeline`)).body;
    const told = items.find(({ type }: { type: string }) => type === 'notice-drafted');
    expect(told.text.en).toBe(
      `A customer notice is drafted, for a person to publish: ${draft.text.en}`,
    );
    expect(told.text['zh-CN']).toContain(draft.text['zh-CN']);
    expect([...journal.read({})].some(({ event }) => event.type === 'notice-published')).toBe(
      false,
    );
    const published = await post(`${INCIDENT}/notices`, { by: 'shift-lead', text: draft.text.en });
    expect(published.body).toMatchObject({ draft: null, notices: [{ text: draft.text.en }] });
  });

  it('goes from detected to closed, each stage with its time and its person', async () => {
    const { get, post, run } = await withIncident();
    const stage = (body: object) => post(`${INCIDENT}/stages`, { by: 'duty-primary', ...body });
    await stage({ stage: 'reported-up', person: 'shift-lead' });
    await stage({ stage: 'contained', text: 'traffic moved' });
    const expectedAt = new Date(START + 2 * HOUR).toISOString();
    const told = await post(`${INCIDENT}/notices`, {
      ...{ by: 'shift-lead', text: 'Half is mended', expectedAt },
    });
    expect(told.status).toBe(200);
    expect(told.body.notices).toMatchObject([{ text: 'Half is mended', expectedAt }]);
    const early = await post(`${INCIDENT}/closure`, { by: 'shift-lead' });
    expect([early.status, early.body.type]).toEqual([409, 'urn:threenines:not-resolved']);
    await run(10 * MINUTE, () => 'ok', 30 * SECOND);
    const unreviewed = await post(`${INCIDENT}/closure`, { by: 'shift-lead' });
    expect(unreviewed.body.type).toBe('urn:threenines:review-missing');
    expect((await post(`${INCIDENT}/review`, REVIEW)).status).toBe(200);
    expect((await post(`${INCIDENT}/closure`, { by: 'shift-lead' })).status).toBe(200);
    const { body } = await get(`${INCIDENT}/procedure`);
    const missing = body.stages.filter(({ at }: Stage) => at === null);
    expect(missing.map(({ stage: name }: Stage) => name)).toEqual(['assigned']);
    expect(body.stages.map(({ stage: name }: Stage) => name)).toEqual([
      ...['detected', 'graded', 'reported-up', 'assigned', 'contained', 'customers-told'],
      ...['restored', 'reviewed', 'closed'],
    ]);
    expect(body).toMatchObject({ needsReview: true, review: { rootCause: 'A fan stopped.' } });
    const timeline = (await get(`${INCIDENT}/timeline`)).body.items;
    const texts = timeline.map(({ text }: { text: { en: string } }) => text.en).join('\n');
    expect(texts).toContain('Reported up → Shift lead (Duty engineer)');
    expect(texts).toContain('Reviewed (Shift lead): A fan stopped.');
  });

  it('refuses what nobody can have meant', async () => {
    const { post } = await withIncident();
    const status = async (noun: string, body: object) =>
      (await post(`${INCIDENT}/${noun}`, { by: 'duty-primary', ...body })).status;
    for (const dueOn of ['2020-13-45', '2026-02-29', 'tomorrow', '2026-1-1']) {
      const actions = [{ ...REVIEW.actions[0], dueOn }];
      expect(await status('review', { rootCause: 'x', actions }), dueOn).toBe(400);
    }
    expect(await status('stages', { stage: 'detected' })).toBe(400);
    expect(await status('stages', { stage: 'assigned', person: 'ghost' })).toBe(422);
    expect(await status('notices', { text: '  ' })).toBe(400);
    expect(await status('notices', { text: 'soon', expectedAt: '2020-01-01T00:00:00Z' })).toBe(422);
    expect(
      (await post('/api/v1/incidents/inc-000077/stages', { by: 'shift-lead', stage: 'assigned' }))
        .status,
    ).toBe(404);
  });
});

describe('what is owed', () => {
  async function owing() {
    const { tiers } = fakeConfig();
    const review = {
      ...{ always: true, ifBreached: false, ifLongerThanMs: null, ifRepeatedWithinMs: null },
      ...{ withinWorkingDays: 5, needsApproval: true },
    };
    const live = await openLiveEngine(START, {
      gradingRules: [rule('down', 1, { faultKinds: ['device-down'] })],
      tiers: { ...tiers, 1: { ...tiers[1], review } },
      authorities: [
        {
          ...{ id: 'written', name: '书面报告', from: 'graded', reminderRatios: [0.5] },
          withinMs: { 1: HOUR, 2: null, 3: null, 4: null },
        },
      ],
    });
    await live.run(MINUTE);
    await live.run(2 * MINUTE, (id) => (id === 'core-1' ? 'timeout' : 'ok'));
    return { ...live, texts: () => live.timelineTexts(INCIDENT) };
  }

  it('a review by working days, approved by a second person before the end', async () => {
    const { get, post, run, texts } = await owing();
    expect((await get(`${INCIDENT}/procedure`)).body.reviewDuty).toBeNull();
    await run(10 * MINUTE, () => 'ok', 30 * SECOND);
    const { reviewDuty } = (await get(`${INCIDENT}/procedure`)).body;
    expect(reviewDuty).toMatchObject({
      ...{ reasons: ['tier'], dueOn: '2026-12-07', status: 'running', needsApproval: true },
      ...{ approvedBy: null },
    });
    expect(await texts()).toMatch(
      /A review is due by the end of 2026-12-07 \(.*\): its tier \| 须于/,
    );
    await post(`${INCIDENT}/review`, REVIEW);
    const early = await post(`${INCIDENT}/closure`, { by: 'shift-lead' });
    expect([early.status, early.body.type]).toEqual([409, 'urn:threenines:approval-missing']);
    const own = await post(`${INCIDENT}/review-approval`, { by: 'shift-lead' });
    expect([own.status, own.body.type]).toEqual([422, 'urn:threenines:same-person']);
    const approved = await post(`${INCIDENT}/review-approval`, { by: 'duty-second' });
    expect(approved.body.reviewDuty).toMatchObject({
      ...{ status: 'met', approvedBy: { id: 'duty-second', name: 'Second on call' } },
    });
    expect((await post(`${INCIDENT}/closure`, { by: 'shift-lead' })).status).toBe(200);
    expect(await texts()).toContain(
      'Second on call approved the review | Second on call 已批准总结',
    );
  });

  it('authorities to be told: by when, and what was told when and under which name', async () => {
    const { get, post, run, texts } = await owing();
    const read = async () => (await get(`${INCIDENT}/procedure`)).body.authorities[0];
    expect(await read()).toMatchObject({
      name: '书面报告',
      tier: 1,
      status: 'running',
      told: null,
    });
    const path = `${INCIDENT}/authority-reports`;
    const other = await post(path, { by: 'shift-lead', authority: 'none' });
    expect([other.status, other.body.type]).toEqual([404, 'urn:threenines:no-such-authority']);
    await run(HOUR, () => 'ok', 30 * SECOND);
    expect((await read()).status).toBe('overdue');
    const toldAt = new Date(START + 5 * MINUTE).toISOString();
    const told = await post(path, {
      ...{ by: 'shift-lead', authority: 'written', toldAt, reference: 'MIIT-77', text: 'by fax' },
    });
    expect(told.body.authorities[0]).toMatchObject({
      status: 'met',
      told: { at: toldAt, by: { id: 'shift-lead' }, reference: 'MIIT-77', text: 'by fax' },
    });
    const said = await texts();
    expect(said).toMatch(/To be told by .*: 书面报告 \| 须于 .* 前报告：书面报告/);
    expect(said).toMatch(/Not told by .*: 书面报告 \| 截至 .* 未报告：书面报告/);
    expect(said).toMatch(/Told at .* \(Shift lead\): 书面报告; MIIT-77; by fax \| 已于/);
  });
});

describe('what customers report', () => {
  it('joins the incident and shows its clocks', async () => {
    const { get, post } = await withIncident();
    const made = await post('/api/v1/customer-reports', {
      ...{ by: 'duty-primary', customer: 'Hospital', text: 'no line', device: 'core-1' },
    });
    expect(made).toEqual({ status: 200, body: { ids: ['rep-000001'] } });
    const read = async () => (await get('/api/v1/customer-reports')).body.items[0];
    expect(await read()).toMatchObject({
      ...{ incidentId: 'inc-000001', respondedAt: null, answeredAt: null },
      respondBy: new Date(START + 3 * MINUTE + HOUR).toISOString(),
      answerBy: new Date(START + 3 * MINUTE + 24 * HOUR).toISOString(),
    });
    const body = { by: 'duty-second', text: 'a technician is on the way' };
    expect((await post('/api/v1/customer-reports/rep-000001/response', body)).status).toBe(200);
    expect((await post('/api/v1/customer-reports/rep-000001/response', body)).status).toBe(409);
    expect((await post('/api/v1/customer-reports/rep-000001/answer', body)).status).toBe(200);
    expect(await read()).toMatchObject({ breached: [], answeredAt: expect.any(String) });
    expect((await get(`${INCIDENT}/procedure`)).body.reports).toHaveLength(1);
    expect(
      (await post('/api/v1/customer-reports', { customer: 'x', text: 'y', device: 'z' })).status,
    ).toBe(422);
  });
});

describe('the export of a timeline', () => {
  it('is proven whole, and shows every change', async () => {
    const { get, journal } = await withIncident();
    const { status, body } = await get(`${INCIDENT}/export`);
    expect(status).toBe(200);
    const hashes = new Map([...journal.read()].map(({ sequence, hash }) => [sequence, hash]));
    const journalHashOf = (sequence: number) => hashes.get(sequence) ?? null;
    expect(verifyTimeline(body, journalHashOf)).toEqual({
      ...{ ok: true, entries: body.entries.length, hash: body.hash },
    });
    const changed = (change: (entries: typeof body.entries) => unknown) => {
      const copy = structuredClone(body);
      change(copy.entries);
      return verifyTimeline(copy).ok;
    };
    expect(body.entries.length).toBeGreaterThan(2);
    expect(changed(([first]) => Object.assign(first.event, { tier: 4 }))).toBe(false);
    expect(changed(([, second]) => Object.assign(second, { at: second.at + 1 }))).toBe(false);
    expect(changed((entries) => void entries.splice(1, 1))).toBe(false);
    expect(changed((entries) => void entries.pop())).toBe(false);
    expect(changed((entries) => void entries.reverse())).toBe(false);
    expect(verifyTimeline({ ...body, incidentId: 'inc-000002' }).ok).toBe(false);
    expect(verifyTimeline(body, () => 'another journal').ok).toBe(false);
    expect(verifyTimeline(null).ok).toBe(false);
    expect((await get('/api/v1/incidents/inc-000099/export')).status).toBe(404);
  });
});
