import { groupSubjectId, NO_SITE, subjectWithoutDevice } from '../alerting/subjects.ts';
import type { Config, Device, Person, Site } from '../config/model.ts';

/** Look-ups by id over one configuration, built once for each. */
export interface Names {
  readonly devices: ReadonlyMap<string, Device>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly people: ReadonlyMap<string, Person>;
  /** The name of a device; of one that is no longer configured the last that it had, or its id where that is not known. */
  device(id: string): string;
  site(id: string): string;
  person(id: string): string;
}

/** Names that devices had which a configuration has no longer, by id. */
const formerByConfig = new WeakMap<Config, ReadonlyMap<string, string>>();

const namesByConfig = new WeakMap<Config, Names>();

/** The configuration; its look-ups know these names of devices that it has no longer. */
export function withFormerNames(config: Config, former: ReadonlyMap<string, string>): Config {
  formerByConfig.set(config, former);
  return config;
}

/** The look-ups of a configuration; the same object each time for the same configuration. */
export function namesOf(config: Config): Names {
  const known = namesByConfig.get(config);
  if (known) return known;
  const names = buildNames(config);
  namesByConfig.set(config, names);
  return names;
}

function buildNames(config: Config): Names {
  const devices = new Map(config.devices.map((device) => [device.id, device]));
  const sites = new Map(config.sites.map((site) => [site.id, site]));
  const siteNames = new Map(config.sites.map(({ id, name }) => [id, name]));
  const groupNames = new Map(
    config.redundancyGroups.map(({ id, name }) => [groupSubjectId(id), name]),
  );
  const people = new Map(config.people.map((person) => [person.id, person]));
  return {
    devices,
    sites,
    people,
    device: (id) =>
      devices.get(id)?.name ??
      groupNames.get(id) ??
      subjectWithoutDevice(id, siteNames)?.name ??
      formerByConfig.get(config)?.get(id) ??
      id,
    site: (id) => siteNames.get(id) ?? (id === '' ? NO_SITE : id),
    person: (id) => people.get(id)?.name ?? id,
  };
}
