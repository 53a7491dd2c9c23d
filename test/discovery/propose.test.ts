import { describe, expect, test } from 'vitest';
import type { DeviceFacts } from '../../collector/discovery/device-facts.ts';
import {
  type Configured,
  NOTHING_CONFIGURED,
  type ProposedDevice,
  proposeDevices,
} from '../../collector/discovery/propose.ts';
import type { Device } from '../../config/model.ts';
import { site } from '../api/fake-config.ts';
import { facts, neighbour, ports } from './facts.ts';

function propose(devices: readonly DeviceFacts[], configured: Configured = NOTHING_CONFIGURED) {
  return proposeDevices({ devices, locked: [], silentCount: 0 }, configured);
}

function byId(devices: readonly ProposedDevice[], id: string): ProposedDevice {
  const device = devices.find((each) => each.id === id);
  if (device === undefined) throw new Error(`${id} is not among ${devices.map((each) => each.id)}`);
  return device;
}

function configuredDevice(id: string, more: Partial<Device> = {}): Device {
  return {
    id,
    name: id,
    address: '192.0.2.200',
    port: 161,
    role: 'core',
    parents: [],
    powerFeeds: [],
    ...more,
  } as Device;
}

describe('one device with many addresses', () => {
  const engineId = '80001f8880aabb';

  test('is known again by its engine id', () => {
    const { devices } = propose([
      facts('core-1', { address: '192.0.2.1', engineId }),
      facts('core-1', { address: '198.51.100.1', engineId }),
    ]);
    expect(devices).toHaveLength(1);
    expect(devices[0]!.comments.join()).toContain(
      'also answers at 198.51.100.1 (same SNMP engine id and name)',
    );
  });

  test('is known again by its addresses, and asked at the one no port can take down', () => {
    const own = { ownAddresses: ['192.0.2.1', '10.0.0.1'], loopbackAddresses: ['10.0.0.1'] };
    const { devices } = propose([
      facts('core-1', { address: '192.0.2.1', ...own }),
      facts('core-1', { address: '10.0.0.1', ...own }),
    ]);
    expect(devices.map(({ address }) => address)).toEqual(['10.0.0.1']);
  });

  test('keeps the address that is configured', () => {
    const own = { ownAddresses: ['192.0.2.1', '10.0.0.1'], loopbackAddresses: ['10.0.0.1'] };
    const { devices } = propose(
      [
        facts('core-1', { address: '192.0.2.1', ...own }),
        facts('core-1', { address: '10.0.0.1', ...own }),
      ],
      { ...NOTHING_CONFIGURED, devices: [configuredDevice('c1', { address: '192.0.2.1' })] },
    );
    expect(devices).toEqual([]);
  });

  test('clones that share an engine id stay apart, and are told of', () => {
    const { devices, notes } = propose([
      facts('srv-1', { address: '192.0.2.1', engineId }),
      facts('srv-2', { address: '192.0.2.2', engineId }),
    ]);
    expect(devices.map(({ id }) => id)).toEqual(['srv-1', 'srv-2']);
    expect(notes.join()).toContain(`share the SNMPv3 engine id ${engineId}`);
  });

  test('two of one name and kind, with nothing in common, are two', () => {
    const { devices } = propose([
      facts('Switch', { address: '192.0.2.1', ownAddresses: ['192.0.2.1'] }),
      facts('Switch', { address: '192.0.2.2', ownAddresses: ['192.0.2.2'] }),
    ]);
    expect(devices.map(({ id }) => id)).toEqual(['device-192-0-2-1', 'device-192-0-2-2']);
  });
});

/** What both ends of a cable say of each other. */
function cable(a: string, aPort: string, b: string, bPort: string) {
  return [
    [a, neighbour({ localPort: aPort, sysName: b, remotePort: bPort })],
    [b, neighbour({ localPort: bPort, sysName: a, remotePort: aPort })],
  ] as const;
}

function network(names: readonly string[], cables: readonly ReturnType<typeof cable>[]) {
  return names.map((name, place) =>
    facts(name, {
      address: `192.0.2.${place + 1}`,
      ports: ports('Gi0/1', 'Gi0/2', 'Gi0/3'),
      neighbours: cables.flat().flatMap(([id, seen]) => (id === name ? [seen] : [])),
    }),
  );
}

describe('the network', () => {
  test('hangs on the core, by every path', () => {
    const { devices } = propose(
      network(
        ['core-1', 'core-2', 'x', 'y'],
        [
          cable('core-1', 'Gi0/1', 'core-2', 'Gi0/1'),
          cable('core-1', 'Gi0/2', 'x', 'Gi0/1'),
          cable('core-2', 'Gi0/2', 'x', 'Gi0/2'),
          cable('x', 'Gi0/3', 'y', 'Gi0/1'),
        ],
      ),
    );
    expect(byId(devices, 'core-1').parents).toEqual([]);
    expect(byId(devices, 'x')).toMatchObject({
      role: 'aggregation',
      parents: ['core-1 Gi0/2', 'core-2 Gi0/2'],
    });
    expect(byId(devices, 'y')).toMatchObject({ role: 'access', parents: ['x Gi0/3'] });
  });

  test('without a named core begins at the device with the most neighbours, and says so', () => {
    const { devices } = propose(
      network(
        ['a', 'b', 'hub'],
        [cable('hub', 'Gi0/1', 'a', 'Gi0/1'), cable('hub', 'Gi0/2', 'b', 'Gi0/1')],
      ),
    );
    expect(byId(devices, 'hub').role).toBe('core');
    expect(byId(devices, 'hub').comments.join()).toContain('the most here, please check');
    expect(byId(devices, 'a').parents).toEqual(['hub Gi0/1']);
  });

  test('one end that speaks is enough; its words for a port become the names that the port has', () => {
    const [first, second] = network(['core-1', 'acc-1'], []);
    const { devices } = propose([
      first!,
      {
        ...second!,
        neighbours: [
          neighbour({
            protocol: 'cdp',
            localPort: 'Gi0/1',
            sysName: 'core-1.example.net',
            remotePort: 'GigabitEthernet0/3',
          }),
        ],
      },
    ]);
    expect(byId(devices, 'acc-1').parents).toEqual(['core-1 Gi0/3']);
  });

  test('a neighbour that is not among the devices is told of', () => {
    const [one] = network(['core-1'], []);
    const seen = neighbour({ localPort: 'Gi0/2', sysName: 'hidden', addresses: ['203.0.113.9'] });
    expect(propose([{ ...one!, neighbours: [seen] }]).notes).toEqual([
      'seen as neighbours, but not among the devices: hidden 203.0.113.9 at core-1 Gi0/2',
    ]);
  });

  test('what is configured is joined by name, and no circle comes of it', () => {
    const [a] = network(['a'], [cable('a', 'Gi0/1', 'up', 'Te1/1')]);
    const device = configuredDevice('up', { parents: [{ deviceId: 'a', port: null }] });
    const one = propose([a!], { ...NOTHING_CONFIGURED, devices: [configuredDevice('up')] });
    expect(byId(one.devices, 'a').parents).toEqual(['up Te1/1']);
    const two = propose([a!], { ...NOTHING_CONFIGURED, devices: [device] });
    expect(byId(two.devices, 'a').parents).toEqual([]);
  });

  test('parents that a person wrote stay; a contradiction is told', () => {
    const found = network(
      ['core-1', 'core-2', 'x'],
      [cable('core-1', 'Gi0/2', 'x', 'Gi0/1'), cable('core-2', 'Gi0/2', 'x', 'Gi0/2')],
    );
    const x = configuredDevice('x', {
      address: '192.0.2.3',
      role: 'aggregation',
      parents: [{ deviceId: 'core-1', port: null }],
    });
    const cores = [1, 2].map((n) => configuredDevice(`core-${n}`, { address: `192.0.2.${n}` }));
    const written = propose(found, {
      ...NOTHING_CONFIGURED,
      devices: [...cores, x],
      isWritten: (id, key) => id === 'x' && key === 'parents',
    });
    expect(written.additions).toEqual([]);
    expect(written.notes.join()).toContain(
      'x: its neighbours say that it also hangs on core-2 Gi0/2; the file says core-1',
    );
    const silent = propose(found, {
      ...NOTHING_CONFIGURED,
      devices: [...cores, x],
    });
    expect(silent.additions).toEqual([
      { id: 'x', parents: ['core-1 Gi0/2', 'core-2 Gi0/2'], feeds: [] },
    ]);
  });
});

describe('a cable that is not where the file says', () => {
  const found = network(
    ['core-1', 'core-2', 'x', 'y'],
    [cable('core-1', 'Gi0/2', 'x', 'Gi0/1'), cable('core-2', 'Gi0/2', 'y', 'Gi0/1')],
  );
  const file = (parents: Device['parents'], link: readonly [string, string] | null): Configured => {
    const devices = ['core-1', 'core-2', 'x', 'y'].map((id, place) =>
      configuredDevice(id, {
        address: `192.0.2.${place + 1}`,
        parents: id === 'x' ? parents : [],
        role: id.startsWith('core') ? 'core' : 'access',
      }),
    );
    const end = (text: string) => {
      const [deviceId, port] = text.split(' ') as [string, string];
      return { deviceId, port };
    };
    const links = link === null ? [] : [{ id: 'l1', ends: [end(link[0]), end(link[1])] as const }];
    return { ...NOTHING_CONFIGURED, devices, links, isWritten: () => true };
  };
  const notes = (configured: Configured) => propose(found, configured).notes;

  test('is told for a link, from both of its ends', () => {
    expect(notes(file([], ['core-1 Gi0/2', 'y Gi0/1']))).toEqual([
      expect.stringContaining('x: its neighbours say'),
      expect.stringContaining('y: its neighbours say'),
      'link l1: core-1 Gi0/2 is seen to lead to x Gi0/1, not to y Gi0/1; the file is left as it is',
      'link l1: y Gi0/1 is seen to lead to core-2 Gi0/2, not to core-1 Gi0/2; the file is left as it is',
    ]);
  });

  test('is told for a parent: by its port, and where neither sees the other', () => {
    const atPort = notes(file([{ deviceId: 'core-2', port: 'Gi0/2' }], null)).join('\n');
    expect(atPort).toContain(
      'x: the file says that it hangs on core-2 Gi0/2, which is seen to lead to y Gi0/1',
    );
    const nowhere = notes(file([{ deviceId: 'core-2', port: null }], null)).join('\n');
    expect(nowhere).toContain(
      'x: the file says that it hangs on core-2, but neither sees the other; it sees core-1 Gi0/2',
    );
  });

  test('is not told of what is so, whatever the port is called, nor of ports without a neighbour', () => {
    const right = file(
      [{ deviceId: 'core-1', port: 'GigabitEthernet0/2' }],
      ['x Gi0/1', 'core-1 Gi0/2'],
    );
    expect(notes(right).join()).not.toContain('seen to lead');
    expect(notes(right).join()).not.toContain('neither sees');
    const unheard = file([{ deviceId: 'core-1', port: null }], ['x Gi0/7', 'y Gi0/7']);
    expect(notes(unheard).join()).not.toContain('seen to lead');
  });
});

describe('a configured device that is silent', () => {
  const engineId = '80001f8880aabb';
  const silent = (more: Partial<Configured> = {}): Configured => ({
    ...NOTHING_CONFIGURED,
    devices: [configuredDevice('acc-7', { address: '192.0.2.7' })],
    wasAsked: () => true,
    ...more,
  });
  const elsewhere = (name: string) => [facts(name, { address: '192.0.2.99', engineId })];

  test('while its name answers elsewhere is told of, and not written a second time', () => {
    const { devices, notes } = propose(elsewhere('ACC-7.example.net'), silent());
    expect(devices).toEqual([]);
    expect(notes).toEqual([
      'acc-7: has fallen silent at 192.0.2.7, but a device of its name (ACC-7.example.net) answers at 192.0.2.99: if it has moved, write that address, if it is another one, give that another name; the file is left as it is',
    ]);
  });

  test('while its engine answers elsewhere, by whatever name, is told of', () => {
    const { devices, notes } = propose(
      elsewhere('renamed'),
      silent({ engineIdOf: () => engineId }),
    );
    expect(devices).toEqual([]);
    expect(notes).toEqual([
      'acc-7: has fallen silent at 192.0.2.7, but the device with its SNMP engine id answers at 192.0.2.99: if it has moved, write that address; the file is left as it is',
    ]);
  });

  test('is another one than its namesake with another engine', () => {
    const { devices, notes } = propose(
      elsewhere('acc-7'),
      silent({ engineIdOf: () => '80001f8880ffff' }),
    );
    expect(devices.map(({ address }) => address)).toEqual(['192.0.2.99']);
    expect(notes).toEqual([]);
  });

  test('is not taken for its namesake while it answers, was not asked, or the name is anyones', () => {
    const there = facts('acc-7', { address: '192.0.2.7' });
    expect(propose([there, ...elsewhere('acc-7')], silent()).devices).toHaveLength(1);
    expect(propose(elsewhere('acc-7'), silent({ wasAsked: () => false })).devices).toHaveLength(1);
    const switches = silent({ devices: [configuredDevice('switch', { address: '192.0.2.7' })] });
    expect(propose(elsewhere('switch'), switches).devices).toHaveLength(1);
    const locked = [{ address: '192.0.2.7', port: 161 }];
    const lockedOut = proposeDevices(
      { devices: elsewhere('acc-7'), locked, silentCount: 0 },
      silent(),
    );
    expect(lockedOut.devices).toHaveLength(1);
  });
});

describe('power', () => {
  const pdu = (outlets: readonly string[]) =>
    facts('pdu-a', {
      address: '192.0.2.50',
      power: 'answers as an APC rack PDU',
      outlets: outlets.map((label, place) => ({ outlet: String(place + 1), label })),
    });

  test('feeds the devices that the outlets name, whole names only', () => {
    const { devices } = propose([
      facts('core-1', { address: '192.0.2.1' }),
      facts('core-10', { address: '192.0.2.2' }),
      facts('acc-1', { address: '192.0.2.3' }),
      pdu(['CORE-10 psu A', 'Outlet 2', 'acc-1.example.net', 'spare']),
    ]);
    expect(byId(devices, 'core-1').feeds).toEqual([]);
    expect(byId(devices, 'core-10').feeds).toEqual(['pdu-a']);
    expect(byId(devices, 'pdu-a').role).toBe('power');
  });

  test('a UPS and a PDU that name each other make no circle', () => {
    const ups = facts('ups-a', {
      address: '192.0.2.51',
      power: 'answers UPS-MIB',
      outlets: [{ outlet: 'output', label: 'pdu-a' }],
    });
    const { devices } = propose([ups, pdu(['ups-a card'])]);
    const feeds = devices.map((device) => device.feeds.length);
    expect(feeds.toSorted()).toEqual([0, 1]);
  });
});

describe('sites', () => {
  test('come from what is configured, the location, a shared word, or stay open', () => {
    const { devices, sites } = propose(
      [
        facts('a-north-1', { address: '192.0.2.1' }),
        facts('b', { address: '192.0.2.2', sysLocation: 'West exchange, rack 2' }),
        facts('bj-sw-1', { address: '192.0.2.3' }),
        facts('bj-sw-2', { address: '192.0.2.4', sysLocation: 'Unknown' }),
        facts('lost', { address: '192.0.2.5', sysLocation: 'Sitting on the Dock of the Bay' }),
      ],
      { ...NOTHING_CONFIGURED, sites: [site('north', 'North')] },
    );
    const siteOf = (id: string) => byId(devices, id).site;
    expect(siteOf('a-north-1')).toBe('north');
    expect(siteOf('b')).toBe('west-exchange');
    expect(siteOf('bj-sw-1')).toBe('bj');
    expect(siteOf('bj-sw-2')).toBe('bj');
    expect(siteOf('lost')).toBe('unplaced');
    expect(sites.map(({ id }) => id)).toEqual(['bj', 'unplaced', 'west-exchange']);
    expect(byId(devices, 'lost').comments.join()).toContain('nothing tells where it stands');
  });
});

test('the same answers give the same proposal, in whatever order they come', () => {
  const found = network(
    ['core-1', 'core-2', 'x', 'y', 'z'],
    [
      cable('core-1', 'Gi0/2', 'x', 'Gi0/1'),
      cable('core-2', 'Gi0/2', 'y', 'Gi0/2'),
      cable('x', 'Gi0/3', 'z', 'Gi0/1'),
      cable('y', 'Gi0/3', 'z', 'Gi0/2'),
    ],
  );
  expect(propose(found.toReversed())).toEqual(propose(found));
});
