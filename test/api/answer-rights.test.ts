import { expect, it } from 'vitest';
import { MINUTE } from '../../lib/time.ts';
import { rule } from '../alerting/network.ts';
import { fakeConfig } from './fake-config.ts';
import { openLiveEngine } from './live-engine.ts';

const START = Date.parse('2026-11-30T00:00:00Z');
const INCIDENT = '/api/v1/incidents/inc-000001';
const ACKNOWLEDGE = `${INCIDENT}/acknowledgement`;

async function withIncident() {
  const { people } = fakeConfig();
  const other = (id: string, name: string) => ({ ...people[0]!, id, name });
  const live = await openLiveEngine(START, {
    people: [
      ...people,
      other('planner', 'Planner'),
      { ...other('head', 'Head'), answersAll: true },
    ],
    gradingRules: [rule('down', 1, { faultKinds: ['device-down'] })],
  });
  await live.run(MINUTE);
  await live.run(2 * MINUTE, (id) => (id === 'core-1' ? 'timeout' : 'ok'));
  return { ...live, texts: () => live.timelineTexts(INCIDENT) };
}

it('refuses somebody whom the escalation does not lead to, and the timeline says so once', async () => {
  const { get, post, texts } = await withIncident();
  for (let time = 0; time < 2; time += 1) {
    const refused = await post(ACKNOWLEDGE, { by: 'planner' });
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:threenines:not-on-chain']);
    expect(refused.body.detail).toContain('takes it over');
  }
  expect((await get(INCIDENT)).body.status).toBe('open');
  const said = (await texts()).split('\n').filter((line: string) => line.startsWith('Planner'));
  expect(said).toEqual([
    'Planner tried to acknowledge and is not of its escalation: refused (api) | Planner 试图确认，但不在该事件的升级链中：已拒绝（api）',
  ]);
});

it('lets them take it over, which the timeline says', async () => {
  const { post, texts } = await withIncident();
  const taken = await post(ACKNOWLEDGE, { by: 'planner', takeOver: true });
  expect(taken.status).toBe(200);
  expect(taken.body).toMatchObject({ status: 'acknowledged', acknowledgedBy: { id: 'planner' } });
  expect(await texts()).toContain(
    'Planner took it over, joins its escalation, and acknowledged (api) | Planner 主动接手并加入升级链，已确认（api）',
  );
});

it('lets somebody answer who may for every incident, which the timeline says', async () => {
  const { post, texts } = await withIncident();
  expect((await post(ACKNOWLEDGE, { by: 'head' })).status).toBe(200);
  expect(await texts()).toContain('Head acknowledged, entitled to answer for every incident (api)');
});

it('refuses an answer for an outbreak that is not the present one', async () => {
  const { get, post } = await withIncident();
  expect((await get(INCIDENT)).body.episode).toBe(1);
  const other = await post(ACKNOWLEDGE, { by: 'shift-lead', episode: 2 });
  expect([other.status, other.body.type]).toEqual([409, 'urn:threenines:other-episode']);
  expect((await post(ACKNOWLEDGE, { by: 'shift-lead', episode: 1 })).status).toBe(200);
});
