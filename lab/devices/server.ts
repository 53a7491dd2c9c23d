import { type DeviceShape, ethernetPort } from './shape.ts';

const GIBIBYTE = 2 ** 30;

/** What the net-snmp agent on Linux answers as sysObjectID; the rest of it is made up. */
const LINUX_OBJECT_ID = '1.3.6.1.4.1.8072.3.2.10';

export const linuxServer: DeviceShape = {
  description: 'Threenines demo Linux server, 4 processors, 32 GiB',
  objectId: LINUX_OBJECT_ID,
  location: 'Headquarters, equipment room, rack 2',
  services: 72,
  model: 'TN-SRV-4',
  ports: [
    {
      ...ethernetPort('lo', 10, { mtu: 65_536, receiveRatio: 0.002, transmitRatio: 0.002 }),
      kind: 'loopback',
    },
    ethernetPort('eth0', 1000, { receiveRatio: 0.07, transmitRatio: 0.19 }),
  ],
  uplinks: ['eth0'],
  sensors: [],
  processors: [0.34, 0.29, 0.31, 0.36],
  storages: [
    {
      name: 'Physical memory',
      kind: 'ram',
      sizeBytes: 32 * GIBIBYTE,
      unitBytes: 1024,
      usedRatio: 0.57,
    },
    {
      name: 'Swap space',
      kind: 'virtual-memory',
      sizeBytes: 8 * GIBIBYTE,
      unitBytes: 1024,
      usedRatio: 0.04,
    },
    { name: '/', kind: 'fixed-disk', sizeBytes: 100 * GIBIBYTE, unitBytes: 4096, usedRatio: 0.41 },
    {
      name: '/var',
      kind: 'fixed-disk',
      sizeBytes: 500 * GIBIBYTE,
      unitBytes: 4096,
      usedRatio: 0.62,
    },
  ],
  ups: null,
};
