import dgram from 'node:dgram';
import type { Credential, Secret } from '../../config/model.ts';
import { labCredentials } from '../../lab/credential.ts';
import type { LabDevice } from '../../lab/devices/catalog.ts';
import { type Lab, type LabOptions, startLab } from '../../lab/lab.ts';
import type { LabAction } from '../../lab/model.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import type { VirtualClock } from '../../lib/virtual-clock.ts';

export const COMMUNITY = 'demo';
export const USER = 'monitor';
export const AUTH_PASSWORD = 'demo-auth-pass';
export const PRIV_PASSWORD = 'demo-priv-pass';

type Wiring = readonly [parentId: string, port: string];

function device(
  id: string,
  role: LabDevice['role'],
  parents: readonly Wiring[],
  more: Partial<LabDevice> = {},
): LabDevice {
  return {
    id,
    address: '127.0.0.1',
    port: 0,
    role,
    parents: parents.map(([deviceId, port]) => ({ deviceId, port })),
    powerFeeds: [],
    credentialId: 'community',
    ...more,
  };
}

const v3 = { credentialId: 'v3' } as const;

/** The demo network on free ports. The cores hang on the headquarters UPS, so that its end is seen widely. */
export const DEVICES: readonly LabDevice[] = [
  device('core-1', 'core', [], v3),
  device('core-2', 'core', [], v3),
  device('agg-north', 'aggregation', [['core-1', 'Te1/3']]),
  device('agg-south', 'aggregation', [
    ['core-1', 'Te1/4'],
    ['core-2', 'Te1/4'],
  ]),
  device('acc-north-1', 'access', [['agg-north', 'Gi0/1']]),
  device('acc-north-2', 'access', [['agg-north', 'Gi0/2']]),
  device('acc-north-3', 'access', [['agg-north', 'Gi0/3']]),
  device('acc-south-1', 'access', [['agg-south', 'Gi0/1']]),
  device('acc-south-2', 'access', [['agg-south', 'Gi0/2']]),
  device('ups-hq', 'power', [['core-2', 'Gi1/10']], v3),
  device('ups-north', 'power', [['agg-north', 'Gi0/10']]),
  device('pdu-hq', 'power', [['core-2', 'Gi1/11']], { powerFeeds: ['ups-hq'] }),
  device('srv-hq', 'server', [['core-2', 'Gi1/12']], { powerFeeds: ['pdu-hq'] }),
];

function secret(value: string): Secret {
  return { source: 'plain:<secret>', reveal: () => value };
}

export const CREDENTIALS: ReadonlyMap<string, Credential> = new Map<string, Credential>([
  ['community', { id: 'community', version: 'v2c', community: secret(COMMUNITY) }],
  [
    'v3',
    {
      id: 'v3',
      version: 'v3',
      user: USER,
      level: 'authPriv',
      authentication: 'sha256',
      authenticationPassword: secret(AUTH_PASSWORD),
      privacy: 'aes128',
      privacyPassword: secret(PRIV_PASSWORD),
      contextName: '',
    },
  ],
]);

export const START = Date.UTC(2026, 9, 14, 9, 30);

export function labOptions(
  clock: VirtualClock,
  devices: readonly LabDevice[],
  onAction: (action: LabAction) => void = () => {},
): LabOptions {
  return {
    devices,
    credentials: labCredentials(CREDENTIALS),
    clock,
    random: seededRandom(7),
    network: dgram,
    log: silentLogger,
    onAction,
  };
}

export async function startDemoLab(
  clock: VirtualClock,
  onAction?: (action: LabAction) => void,
): Promise<Lab> {
  const started = await startLab(labOptions(clock, DEVICES, onAction));
  if (!started.ok) throw new Error(started.problem.text);
  return started.lab;
}
