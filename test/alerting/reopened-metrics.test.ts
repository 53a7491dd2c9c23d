import { Registry } from 'prom-client';
import { beforeEach, describe, expect, test } from 'vitest';
import { renderAlerting } from '../../alerting/exposition.ts';
import { createEngineMetrics } from '../../alerting/self-metrics.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { Network } from './network.ts';

/** A core switch that failed, came back for 20 minutes, and has failed again for half a minute. */
function reopened(): Network {
  const network = new Network();
  network.silence('core-1');
  network.run(MINUTE);
  network.restore('core-1');
  network.run(20 * MINUTE);
  network.silence('core-1');
  network.run(MINUTE);
  return network;
}

describe('an incident that opened again', () => {
  let network: Network;
  beforeEach(() => {
    network = reopened();
  });

  const exported = (name: string) => {
    const text = [...renderAlerting(network.state, network.now, network.now)].join('');
    const line = text.split('\n').find((each) => each.startsWith(`threenines_incident_${name}{`));
    return line === undefined ? null : Number(line.split(' ').at(-1)) * SECOND;
  };

  test('has its age and its clock from this time, not from the first', () => {
    const { openedAt, reopenedAt, acknowledgeBy } = network.incidents()[0]!;
    expect(reopenedAt! - openedAt).toBeGreaterThan(20 * MINUTE);
    expect(exported('opened_timestamp_seconds')).toBe(reopenedAt);
    expect(exported('clock_start_timestamp_seconds')).toBe(reopenedAt);
    expect(exported('ack_deadline_timestamp_seconds')).toBe(acknowledgeBy);
    expect(acknowledgeBy - reopenedAt!).toBe(15 * MINUTE);
  });

  test('has no running clock once somebody has taken it', () => {
    network.acknowledge('inc-000001');
    expect(exported('clock_start_timestamp_seconds')).toBeNull();
    expect(exported('ack_deadline_timestamp_seconds')).toBeNull();
    expect(exported('opened_timestamp_seconds')).not.toBeNull();
  });

  test('takes as long to resolve as it was open this time', async () => {
    const registry = new Registry();
    const metrics = createEngineMetrics(registry);
    const { tier, reopenedAt } = network.incidents()[0]!;
    const at = reopenedAt! + HOUR;
    const about = { incidentId: 'inc-000001', by: null, text: '' } as const;
    const resolved = { type: 'incident-resolved', reason: 'recovered', at, ...about } as const;
    metrics.observe(network.state, resolved);
    const text = await registry.metrics();
    expect(text).toContain(`threenines_restore_duration_seconds_sum{tier="${tier}"} 3600\n`);
  });
});
