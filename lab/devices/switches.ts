import { type DeviceShape, ethernetPort, type PortShape, portNames } from './shape.ts';

/** Kept by the net-snmp enterprise for experiments: nobody's product answers with it. */
const DEMO_OBJECT_ID = '1.3.6.1.4.1.8072.9999.9999';
const GIGABIT = 1000;
const TEN_GIGABIT = 10_000;
/** Bridging and routing. */
const SWITCH_SERVICES = 6;

/** Ports of the core that serve something outside the monitored network; a cabled link needs no entry. */
const CORE_ALIASES: Readonly<Record<string, string>> = {
  'Te1/2': 'upstream provider line',
  'Gi1/1': 'name servers',
  'Gi1/2': 'mail servers',
  'Gi1/3': 'backup storage',
};
const AGGREGATION_ALIASES: Readonly<Record<string, string>> = {
  'Gi0/8': 'business line 08',
  'Gi0/9': 'business line 09',
};

export const coreSwitch: DeviceShape = {
  description: 'Threenines demo core switch, 6 x 10G and 12 x 1G, release 4.2',
  objectId: `${DEMO_OBJECT_ID}.1`,
  location: 'Headquarters, equipment room, rack 1',
  services: SWITCH_SERVICES,
  model: 'TN-CORE-18',
  ports: [
    ...portNames('Te1/', 6).map((name) =>
      ethernetPort(name, TEN_GIGABIT, { mtu: 9216, ...usedAs(CORE_ALIASES[name]) }),
    ),
    ...portNames('Gi1/', 12).map((name) => ethernetPort(name, GIGABIT, usedAs(CORE_ALIASES[name]))),
  ],
  uplinks: ['Te1/1'],
  sensors: [
    { name: 'Inlet', kind: 'celsius', digits: 1, mean: 24, swing: 0.08 },
    { name: 'Switching chip', kind: 'celsius', digits: 1, mean: 47, swing: 0.1 },
    { name: 'Fan 1', kind: 'rpm', digits: 0, mean: 5400, swing: 0.06 },
    { name: 'Fan 2', kind: 'rpm', digits: 0, mean: 5380, swing: 0.06 },
  ],
  processors: [0.18, 0.14],
  storages: [memory(4, 0.44)],
  ups: null,
};

export const aggregationSwitch: DeviceShape = {
  description: 'Threenines demo aggregation switch, 2 x 10G and 12 x 1G, release 4.2',
  objectId: `${DEMO_OBJECT_ID}.2`,
  location: 'Distribution cabinet',
  services: SWITCH_SERVICES,
  model: 'TN-AGG-14',
  ports: [
    ...portNames('Te0/', 2).map((name) =>
      ethernetPort(name, TEN_GIGABIT, {
        mtu: 9216,
        connected: false,
        receiveRatio: 0.09,
        transmitRatio: 0.03,
      }),
    ),
    ...portNames('Gi0/', 12).map((name) =>
      ethernetPort(name, GIGABIT, usedAs(AGGREGATION_ALIASES[name])),
    ),
  ],
  uplinks: ['Te0/1', 'Te0/2'],
  sensors: [
    { name: 'Inlet', kind: 'celsius', digits: 1, mean: 27, swing: 0.1 },
    { name: 'Switching chip', kind: 'celsius', digits: 1, mean: 51, swing: 0.1 },
    { name: 'Fan 1', kind: 'rpm', digits: 0, mean: 4800, swing: 0.06 },
  ],
  processors: [0.22],
  storages: [memory(2, 0.51)],
  ups: null,
};

export const accessSwitch: DeviceShape = {
  description: 'Threenines demo access switch, 26 x 1G, release 4.1',
  objectId: `${DEMO_OBJECT_ID}.3`,
  location: 'Floor cabinet',
  services: 2,
  model: 'TN-ACC-26',
  ports: [...portNames('Gi0/', 24).map(customerPort), ...['Gi0/25', 'Gi0/26'].map(accessUplink)],
  uplinks: ['Gi0/25', 'Gi0/26'],
  sensors: [{ name: 'Inlet', kind: 'celsius', digits: 1, mean: 31, swing: 0.12 }],
  processors: [0.26],
  storages: [memory(1, 0.58)],
  ups: null,
};

/** The last four lines are free: two not plugged in, two switched off. */
function customerPort(name: string): PortShape {
  const line = Number(name.slice('Gi0/'.length));
  if (line > 22) return ethernetPort(name, GIGABIT, { adminUp: false, connected: false });
  if (line > 20) return ethernetPort(name, GIGABIT, { connected: false });
  const alias = `customer line ${String(line).padStart(2, '0')}`;
  return ethernetPort(name, GIGABIT, { alias, receiveRatio: 0.004, transmitRatio: 0.012 });
}

function accessUplink(name: string): PortShape {
  return ethernetPort(name, GIGABIT, {
    connected: false,
    receiveRatio: 0.24,
    transmitRatio: 0.08,
  });
}

function usedAs(alias: string | undefined) {
  return alias === undefined ? { connected: false } : { alias };
}

function memory(gibibytes: number, usedRatio: number) {
  const sizeBytes = gibibytes * 2 ** 30;
  return { name: 'Physical memory', kind: 'ram', sizeBytes, unitBytes: 1024, usedRatio } as const;
}
