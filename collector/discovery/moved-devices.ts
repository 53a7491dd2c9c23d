import { canonicalAddress } from '../../config/address.ts';
import type { Device } from '../../config/model.ts';
import type { DeviceFacts } from './device-facts.ts';
import type { Discovered } from './find-agents.ts';
import type { FoundDevice } from './merge-duplicates.ts';
import { isFactoryName, shortName, slugOf } from './name-devices.ts';

/** A configured device that is silent where it is configured, and seems to answer elsewhere. */
export interface MovedDevice {
  readonly device: Device;
  readonly found: FoundDevice;
  /** How it was known again. */
  readonly by: 'engine-id' | 'name';
}

/** What is known of the configured devices beside the file. */
export interface KnownBefore {
  /** Whether this run has asked the place. */
  wasAsked(address: string, port: number): boolean;
  /** The SNMPv3 engine id that the device had when it was polled last, in hexadecimal; null: none is known. */
  engineIdOf(deviceId: string): string | null;
}

/**
 * Configured devices that were asked and said nothing, while one that is not configured has their
 * engine id, or their name and no other engine id. What several could be is left alone.
 */
export function findMoved(
  found: readonly FoundDevice[],
  configured: readonly Device[],
  before: KnownBefore,
  { devices: answers, locked }: Pick<Discovered, 'devices' | 'locked'>,
): MovedDevice[] {
  const heard = new Set([...answers, ...locked].map(placeOf));
  const silent = configured.filter(
    (device) => before.wasAsked(device.address, device.port) && !heard.has(placeOf(device)),
  );
  const places = new Set(configured.map(placeOf));
  const strange = found.filter(
    ({ facts, alsoAt }) => ![facts, ...alsoAt].some((each) => places.has(placeOf(each))),
  );
  const byEngine = pairs(silent, strange, (device, facts) => {
    const engineId = before.engineIdOf(device.id);
    return engineId !== null && facts.engineId === engineId;
  });
  const taken = new Set(byEngine.flatMap(({ device, found: one }) => [device, one]));
  const byName = pairs(
    silent.filter((device) => !taken.has(device)),
    strange.filter((one) => !taken.has(one)),
    (device, facts) => {
      const engineId = before.engineIdOf(device.id);
      const isOther = engineId !== null && facts.engineId !== null && facts.engineId !== engineId;
      return !isOther && hasName(device, facts);
    },
  );
  return [
    ...byEngine.map((pair) => ({ ...pair, by: 'engine-id' as const })),
    ...byName.map((pair) => ({ ...pair, by: 'name' as const })),
  ];
}

function placeOf({ address, port }: { readonly address: string; readonly port: number }): string {
  return `${canonicalAddress(address)} ${port}`;
}

function hasName({ id, name }: Device, { sysName }: DeviceFacts): boolean {
  const own = slugOf(shortName(sysName));
  if (own === '' || isFactoryName(own)) return false;
  return [id, name].some((each) => slugOf(shortName(each)) === own);
}

/** Those that fit each other and nobody else. */
function pairs(
  devices: readonly Device[],
  found: readonly FoundDevice[],
  fits: (device: Device, facts: DeviceFacts) => boolean,
): { readonly device: Device; readonly found: FoundDevice }[] {
  return devices.flatMap((device) => {
    const fitting = found.filter(({ facts }) => fits(device, facts));
    const [only] = fitting;
    if (only === undefined || fitting.length > 1) return [];
    const rivals = devices.filter((other) => fits(other, only.facts));
    return rivals.length === 1 ? [{ device, found: only }] : [];
  });
}
