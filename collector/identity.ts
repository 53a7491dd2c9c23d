import { deviceMetric } from './metrics.ts';
import type { ChosenProfile, DeviceIdentity } from './profile-choice.ts';
import type { Value } from './reading.ts';
import type { Sample } from './sample.ts';

export interface VendorModelOs {
  readonly vendor: string;
  readonly model: string;
  readonly os: string;
}

const ENTERPRISES = '1.3.6.1.4.1.';

/** What names the device, from the profile that counts most; empty where nothing does. */
export function vendorModelOs(
  chosen: readonly ChosenProfile[],
  values: ReadonlyMap<string, Value>,
  identity: DeviceIdentity | null,
): VendorModelOs {
  const told = (part: 'vendor' | 'model' | 'os') => {
    for (const { profile } of chosen) {
      const name = profile.identity[part];
      const value = name === null ? undefined : values.get(name);
      if (value !== undefined) return String(value);
    }
    return '';
  };
  return {
    vendor: told('vendor') || vendorOf(chosen, identity?.sysObjectId ?? null),
    model: told('model'),
    os: told('os'),
  };
}

/** RFC 2578 §4: the number below 1.3.6.1.4.1 is the maker's. */
function vendorOf(chosen: readonly ChosenProfile[], sysObjectId: string | null): string {
  if (!sysObjectId?.startsWith(ENTERPRISES)) return '';
  const number = sysObjectId.slice(ENTERPRISES.length).split('.')[0]!;
  for (const { profile } of chosen) {
    const vendor = profile.identity.vendorByEnterprise[number];
    if (vendor !== undefined) return vendor;
  }
  return '';
}

/** The `device_info` series. */
export function deviceInfo(named: VendorModelOs, chosen: readonly ChosenProfile[]): Sample {
  const profiles = chosen.map(({ profile }) => profile.id).join(',');
  return {
    metric: deviceMetric('device_info'),
    labels: [named.vendor, named.model, named.os, profiles],
    value: 1,
  };
}
