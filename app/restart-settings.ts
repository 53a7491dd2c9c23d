import type { Config, InfluxConfig } from '../config/model.ts';

/**
 * Names the settings, by their keys in threenines.yaml, in which a configuration that was loaded
 * differs from the one the service was started with and which it takes over only at a restart. Those
 * that the command line or the environment decides, `overridden`, wait for nothing.
 */
export function notAppliedUntilRestart(
  started: Config,
  loaded: Config,
  overridden: readonly string[],
): string[] {
  const [before, after] = [started.service, loaded.service];
  const isNew = {
    listen: after.listenHost !== before.listenHost || after.listenPort !== before.listenPort,
    dataFolder: after.dataFolder !== before.dataFolder,
    // Times are shown in the new zone at once; the figures of running months are kept by the old one.
    timeZone: after.timeZone !== before.timeZone,
    demo: after.demo !== before.demo,
    influx: influxKey(loaded.influx) !== influxKey(started.influx),
    'polling.threads': loaded.polling.threads !== started.polling.threads,
  };
  return Object.entries(isNew).flatMap(([name, differs]) =>
    differs && !overridden.includes(name) ? [name] : [],
  );
}

/** The section with its secret told apart by value; two are equal exactly when these are. */
function influxKey(influx: InfluxConfig | null | undefined): string {
  if (!influx) return '';
  return JSON.stringify({ ...influx, password: influx.password?.reveal() ?? null });
}
