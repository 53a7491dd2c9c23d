import {
  type DeviceShape,
  ethernetPort,
  portNames,
  type SensorShape,
  type UpsShape,
} from './shape.ts';

const DEMO_OBJECT_ID = '1.3.6.1.4.1.8072.9999.9999';
/** Applications: the network card of a power device. */
const CARD_SERVICES = 72;

const card = {
  services: CARD_SERVICES,
  ports: [ethernetPort('eth0', 100, { receiveRatio: 0.0002, transmitRatio: 0.0004 })],
  uplinks: ['eth0'],
  processors: [],
  storages: [],
} as const;

export const headquartersUps: DeviceShape = upsShape('Headquarters, power room', 'TN-UPS-6000', {
  ratedVoltAmperes: 6000,
  ratedWatts: 5400,
  nominalVolts: 230,
  loadRatio: 0.46,
});

export const branchUps: DeviceShape = upsShape('Distribution cabinet', 'TN-UPS-1500', {
  ratedVoltAmperes: 1500,
  ratedWatts: 1350,
  nominalVolts: 230,
  loadRatio: 0.31,
});

const OUTLETS = 8;
const OUTLET_VOLTS = 230;

/** UPS-MIB describes a UPS, not a power strip: the strip tells its currents and powers as sensors. */
export const powerStrip: DeviceShape = {
  ...card,
  description: 'Threenines demo power distribution unit, 8 outlets, release 2.0',
  objectId: `${DEMO_OBJECT_ID}.5`,
  location: 'Headquarters, equipment room, rack 2',
  model: 'TN-PDU-8',
  sensors: [
    { name: 'Input voltage', kind: 'volts-ac', digits: 1, mean: OUTLET_VOLTS, swing: 0.01 },
    { name: 'Input frequency', kind: 'hertz', digits: 2, mean: 50, swing: 0.0005 },
    { name: 'Input current', kind: 'amperes', digits: 2, mean: 6.4, swing: 0.2 },
    { name: 'Rack temperature', kind: 'celsius', digits: 1, mean: 25, swing: 0.08 },
    { name: 'Rack humidity', kind: 'humidity', digits: 0, mean: 44, swing: 0.1 },
    ...portNames('Outlet ', OUTLETS).flatMap(outletSensors),
  ],
  ups: null,
};

function outletSensors(name: string, index: number): SensorShape[] {
  const amperes = 0.4 + 0.1 * index;
  const watts = amperes * OUTLET_VOLTS;
  return [
    { name: `${name} current`, kind: 'amperes', digits: 2, mean: amperes, swing: 0.2 },
    { name: `${name} power`, kind: 'watts', digits: 0, mean: watts, swing: 0.2 },
  ];
}

function upsShape(location: string, model: string, ups: UpsShape): DeviceShape {
  return {
    ...card,
    description: `Threenines demo UPS, ${ups.ratedVoltAmperes} VA, network card release 1.7`,
    objectId: `${DEMO_OBJECT_ID}.4`,
    location,
    model,
    sensors: [],
    ups,
  };
}
