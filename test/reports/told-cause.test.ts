import { expect, test } from 'vitest';
import type { DomainEvent, GradingInputs } from '../../alerting/events.ts';
import { IncidentRecords } from '../../reports/incident-records.ts';
import { incident } from './incident-story.ts';
import { second } from './story.ts';

const story = incident('INC-1');

/** The incident is graded anew in its tier, for what is so now. */
function graded(at: number, sentence: string, inputs: Partial<GradingInputs>): DomainEvent {
  const event = story.graded(at, 2, 2, false);
  if (event.type !== 'incident-graded') throw new Error('not a grade');
  const { evidence } = event;
  return {
    ...event,
    evidence: {
      ...evidence,
      inputs: { ...evidence.inputs, ...inputs },
      sentence: { en: sentence, 'zh-CN': sentence },
    },
  };
}

test('the record of an incident names what it was about at its worst, as its reason does', () => {
  const records = new IncidentRecords(second(0), second(1000));
  for (const event of [
    story.opened(10, 2),
    graded(30, 'core-2 is down', { rootDeviceId: 'core-2', customers: 200, devicesDown: 3 }),
    graded(50, 'a port is down', { faultKind: 'port-down', customers: 10 }),
    story.resolved(60),
  ])
    records.apply(event);
  expect(records.read().records).toMatchObject([
    { deviceId: 'core-2', faultKind: 'device-down', because: { en: 'core-2 is down' } },
  ]);
});
