import { groupSubjectId, NO_SITE, subjectWithoutDevice } from '../alerting/subjects.ts';
import type { Config, Device, Person, Site } from '../config/model.ts';

/** Look-ups by id over one configuration, built once for each. */
export interface Names {
  readonly devices: ReadonlyMap<string, Device>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly people: ReadonlyMap<string, Person>;
  /** The name of a device, or its id when it is no longer configured. */
  device(id: string): string;
  site(id: string): string;
  person(id: string): string;
}

const namesByConfig = new WeakMap<Config, Names>();

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
      id,
    site: (id) => siteNames.get(id) ?? (id === '' ? NO_SITE : id),
    person: (id) => people.get(id)?.name ?? id,
  };
}
