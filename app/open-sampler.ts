import { join } from 'node:path';
import type { DomainEvent } from '../alerting/events.ts';
import type { CollectorView } from '../collector/device-detail.ts';
import type { Config } from '../config/model.ts';
import type { Logger } from '../lib/logger.ts';
import type { World } from '../lib/world.ts';
import { InfluxSink } from '../storage/influx-sink.ts';
import { SampleHistory } from '../storage/sample-history.ts';
import { Sampler } from './sampler.ts';

export interface Samples {
  readonly sampler: Sampler;
  readonly history: SampleHistory | null;
  readonly influx: InfluxSink | null;
  stop(): Promise<void>;
}

export interface SamplesOptions {
  readonly dataFolder?: string;
  readonly world: World<DomainEvent>;
  readonly log: Logger;
  readonly config: Config;
}

/** History and InfluxDB as the configuration at the start has them; null where there is no folder for them. */
export function openSamples(
  { dataFolder, world, log, config }: SamplesOptions,
  getConfig: () => Config,
  view: () => CollectorView,
): Samples | null {
  if (dataFolder === undefined) return null;
  const { clock } = world;
  const history = openHistory(dataFolder, log);
  const influx = openInflux(dataFolder, config, world, log);
  const tagsOf = tagsByDevice(getConfig);
  const sampler = new Sampler({ clock, log, view, history, influx, tagsOf });
  return {
    ...{ sampler, history, influx },
    async stop() {
      sampler.stop();
      await influx?.stop();
      history?.[Symbol.dispose]();
    },
  };
}

/** Pictures are no reason not to start. */
function openHistory(folder: string, log: Logger): SampleHistory | null {
  try {
    return new SampleHistory(folder);
  } catch (error) {
    log.error({ error: String(error) }, 'there will be no history: its file cannot be opened');
    return null;
  }
}

/** A neighbouring server is no reason either, nor is what an earlier run left for it. */
function openInflux(
  folder: string,
  { influx: target }: Config,
  { clock, random }: World<DomainEvent>,
  log: Logger,
): InfluxSink | null {
  if (!target) return null;
  try {
    return new InfluxSink(
      join(folder, 'influx-buffer'),
      { ...target, password: target.password?.reveal() ?? null },
      { clock, random, log },
    );
  } catch (error) {
    log.error({ error: String(error) }, 'nothing goes to InfluxDB: its buffer cannot be used');
    return null;
  }
}

/** Site and role by device id; made anew after every reload. */
function tagsByDevice(getConfig: () => Config) {
  let known: { config: Config; tags: Map<string, Record<string, string>> } | null = null;
  return (deviceId: string): Readonly<Record<string, string>> => {
    const config = getConfig();
    if (known?.config !== config) {
      const tags = config.devices.map(
        ({ id, siteId, role }) => [id, { site: siteId, role }] as const,
      );
      known = { config, tags: new Map(tags) };
    }
    return known.tags.get(deviceId) ?? {};
  };
}
