import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { rule } from '../alerting/network.ts';
import { openLiveEngine } from './live-engine.ts';

const START = Date.parse('2026-11-30T00:00:00Z');
const iso = (at: number) => new Date(at).toISOString();

const open = () =>
  openLiveEngine(START, { gradingRules: [rule('down', 1, { faultKinds: ['device-down'] })] });

const body = {
  by: 'duty-primary',
  reason: 'fibre\u202e splicing',
  matchers: [{ name: 'device', values: ['core-1'] }],
  endsAt: iso(START + HOUR),
};

describe('silences', () => {
  it('are made, shown with what they match, confirmed by a second person, extended and ended', async () => {
    const { get, post, run } = await open();
    await run(MINUTE);
    await run(2 * MINUTE, (id) => (id === 'core-1' ? 'timeout' : 'ok'));
    expect(await post('/api/v1/silences', body)).toEqual({
      status: 200,
      body: { ids: ['sil-000001'] },
    });
    const read = async () => (await get('/api/v1/silences')).body.items[0];
    expect(await read()).toMatchObject({
      ...{ id: 'sil-000001', status: 'active', reason: 'fibre splicing', confirmedBy: null },
      owner: { id: 'duty-primary', name: 'Duty engineer' },
      matchers: [{ name: 'device', values: ['core-1'], isEqual: true }],
      matchingIncidents: [{ id: 'inc-000001', isHidden: false }],
    });
    const confirm = (by: string) => post('/api/v1/silences/sil-000001/confirmation', { by });
    expect((await confirm('duty-primary')).body.type).toBe('urn:threenines:same-person');
    expect((await confirm('shift-lead')).status).toBe(200);
    expect((await read()).matchingIncidents).toEqual([{ id: 'inc-000001', isHidden: true }]);
    const endsAt = iso(START + 2 * HOUR);
    await post('/api/v1/silences/sil-000001/extension', { by: 'duty-primary', endsAt });
    expect(await read()).toMatchObject({ endsAt, confirmedBy: null });
    expect((await post('/api/v1/silences/sil-000001/end', { by: 'shift-lead' })).status).toBe(200);
    expect(await read()).toMatchObject({ status: 'expired' });
    expect((await confirm('shift-lead')).status).toBe(409);
  });

  it('are refused without a reason, an end, a matcher, or a person', async () => {
    const { post } = await open();
    const status = async (change: object) =>
      (await post('/api/v1/silences', { ...body, ...change })).status;
    expect(await status({ reason: ' ' })).toBe(400);
    expect(await status({ endsAt: undefined })).toBe(400);
    expect(await status({ endsAt: 'tomorrow' })).toBe(400);
    expect(await status({ matchers: [] })).toBe(400);
    expect(await status({ by: 'ghost' })).toBe(422);
    expect(await status({ endsAt: iso(START + 200 * HOUR) })).toBe(422);
    expect((await post('/api/v1/silences/sil-000009/end', { by: 'shift-lead' })).status).toBe(404);
  });
});
