import { Registry } from 'prom-client';
import { createCollector } from '../collector/collector.ts';
import type { DevicePlanExplanation } from '../collector/plan-explanation.ts';
import { createSelfMetrics } from '../collector/self-metrics.ts';
import type { Config, Device } from '../config/model.ts';
import { systemClock } from '../lib/clock.ts';
import { say } from '../lib/local-text.ts';
import { silentLogger } from '../lib/logger.ts';
import { systemRandom } from '../lib/random.ts';
import { systemNetwork } from './system-world.ts';

const NOBODY_POLLS = say('no service runs', '服务未运行');

/**
 * Polls one device twice from here, first by walking it and then along what that has taught, and
 * explains. Where the first poll fails there is no second. Nothing is kept.
 */
export async function explainByPolling(
  config: Config,
  device: Device,
): Promise<DevicePlanExplanation> {
  const collector = createCollector({
    clock: systemClock,
    random: systemRandom,
    network: systemNetwork(),
    config: { ...config, devices: [device] },
    profiles: config.profiles,
    log: silentLogger,
    selfMetrics: createSelfMetrics(new Registry()),
    onObservation: () => {},
  });
  collector.start();
  try {
    const first = await collector.pollNow(device.id);
    if (first?.outcome === 'ok') await collector.pollNow(device.id);
    const explanation = collector.view.explain(device.id)!;
    const lanes = explanation.lanes.map((lane) => ({ ...lane, nextAt: null, pace: NOBODY_POLLS }));
    return { ...explanation, lanes };
  } finally {
    collector.stop();
  }
}
