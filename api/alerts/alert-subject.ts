import { isIP } from 'node:net';
import { ALERT_SUBJECT, siteSubject } from '../../alerting/subjects.ts';
import type { Config } from '../../config/model.ts';

/** Labels that may name a device, the first that does wins. */
const DEVICE_LABELS = [
  'device',
  'device_id',
  'instance',
  'target',
  'host',
  'hostname',
  'node',
  'nodename',
];
const SITE_LABEL = 'site';

interface Known {
  /** By id, name and address, in small letters; null where two devices share it. */
  readonly devices: ReadonlyMap<string, string | null>;
  readonly sites: ReadonlyMap<string, string>;
}

const knownByConfig = new WeakMap<Config, Known>();

/**
 * What an alert is about: the device that a label names by id, name or address (`10.0.0.1:9100` too),
 * else the site that a label names, else nothing that we know.
 */
export function subjectOfLabels(labels: Readonly<Record<string, string>>, config: Config): string {
  const known = knownIn(config);
  for (const label of DEVICE_LABELS) {
    const value = labelOf(labels, label);
    const deviceId =
      value === '' ? null : (known.devices.get(value) ?? known.devices.get(hostOf(value)));
    if (deviceId) return deviceId;
  }
  const siteId = known.sites.get(labelOf(labels, SITE_LABEL));
  return siteId === undefined ? ALERT_SUBJECT : siteSubject(siteId);
}

function labelOf(labels: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(labels, name) ? labels[name]!.trim().toLowerCase() : '';
}

/** `10.0.0.1` of `10.0.0.1:9100`, `::1` of `[::1]:161`; the text itself when it is an address or has no port. */
function hostOf(text: string): string {
  if (isIP(text) !== 0) return text;
  return /^\[?(.*?)\]?:\d{1,5}$/.exec(text)?.[1] ?? text;
}

function knownIn(config: Config): Known {
  const held = knownByConfig.get(config);
  if (held !== undefined) return held;
  const devices = new Map<string, string | null>();
  const add = (text: string, id: string) => {
    const key = text.toLowerCase();
    const before = devices.get(key);
    devices.set(key, before === undefined || before === id ? id : null);
  };
  for (const { id, name, address } of config.devices) {
    for (const text of [name, address]) add(text, id);
  }
  // An id is one device's alone, whatever others are called.
  for (const { id } of config.devices) devices.set(id, id);
  const sites = new Map(
    config.sites.flatMap(({ id, name }) => [
      [name.toLowerCase(), id],
      [id, id],
    ]),
  );
  const known: Known = { devices, sites };
  knownByConfig.set(config, known);
  return known;
}
