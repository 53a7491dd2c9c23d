import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { readFacts } from '../../collector/discovery/read-facts.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Varbind } from '../../collector/snmp-client.ts';
import { type Instances, instancesOf, mibClient, type Plain } from '../collector/mib-client.ts';

async function read(
  values: Readonly<Record<string, Plain>>,
  octets: Record<string, number[]> = {},
) {
  const instances: Instances = instancesOf(values);
  for (const [oid, value] of Object.entries(octets)) {
    const varbind: Varbind = { oid, type: 'octet-string', value: Uint8Array.from(value) };
    instances.set(oid, varbind);
  }
  return readFacts(
    { address: '192.0.2.1', port: 161, credentialId: 'campus' },
    {
      client: mibClient(instances),
      selfMetrics: createSelfMetrics(new Registry()),
      bounds: { deadlineMs: Number.POSITIVE_INFINITY, signal: new AbortController().signal },
    },
  );
}

const IF_DESCR = '1.3.6.1.2.1.2.2.1.2';
const IF_NAME = '1.3.6.1.2.1.31.1.1.1.1';
const LLDP = '1.0.8802.1.1.2.1';
const CDP = '1.3.6.1.4.1.9.9.23.1.2.1.1';

describe('what a device tells', () => {
  test('of itself: name, engine, addresses of both families without those that tell nothing', async () => {
    const facts = await read(
      {
        '1.3.6.1.2.1.1.5.0': 'core-1',
        '1.3.6.1.2.1.4.1.0': 1,
        '1.3.6.1.2.1.2.2.1.3.7': 24,
        '1.3.6.1.2.1.4.20.1.2.10.0.0.1': 7,
        '1.3.6.1.2.1.4.20.1.2.127.0.0.1': 1,
        '1.3.6.1.2.1.4.34.1.3.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.9': 3,
        '1.3.6.1.2.1.4.34.1.3.2.16.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.9': 3,
      },
      { '1.3.6.1.6.3.10.2.1.1.0': [0x80, 0, 0x1f, 0x88] },
    );
    expect(facts).toMatchObject({
      sysName: 'core-1',
      isForwarding: true,
      engineId: '80001f88',
      ownAddresses: ['10.0.0.1', '2001:db8::9'],
      loopbackAddresses: ['10.0.0.1'],
    });
  });

  test('of its neighbours by LLDP, whose port numbers are not ifIndexes', async () => {
    const row = '0.4.1';
    const facts = await read(
      {
        [`${IF_DESCR}.101`]: 'GigabitEthernet0/1',
        [`${IF_NAME}.101`]: 'Gi0/1',
        [`${IF_DESCR}.4`]: 'GigabitEthernet0/9',
        [`${LLDP}.3.7.1.2.4`]: 5,
        [`${LLDP}.3.7.1.3.4`]: 'Gi0/1',
        [`${LLDP}.4.1.1.4.${row}`]: 4,
        [`${LLDP}.4.1.1.6.${row}`]: 5,
        [`${LLDP}.4.1.1.7.${row}`]: 'Te1/3',
        [`${LLDP}.4.1.1.9.${row}`]: 'core-2',
        [`${LLDP}.4.2.1.3.${row}.1.4.203.0.113.5`]: 2,
      },
      { [`${LLDP}.4.1.1.5.${row}`]: [0, 0x1b, 0x21, 0, 0, 0x0a] },
    );
    expect(facts.neighbours).toEqual([
      {
        protocol: 'lldp',
        localPort: 'Gi0/1',
        chassisId: '00:1b:21:00:00:0a',
        sysName: 'core-2',
        remotePort: 'Te1/3',
        addresses: ['203.0.113.5'],
        description: '',
      },
    ]);
  });

  test('of its neighbours by CDP', async () => {
    const facts = await read(
      {
        [`${IF_NAME}.101`]: 'Gi0/1',
        [`${CDP}.6.101.7`]: 'sw-9(FOX1234ABCD)',
        [`${CDP}.7.101.7`]: 'Ethernet1/2',
      },
      { [`${CDP}.4.101.7`]: [203, 0, 113, 9] },
    );
    expect(facts.neighbours).toMatchObject([
      { protocol: 'cdp', localPort: 'Gi0/1', sysName: 'sw-9', addresses: ['203.0.113.9'] },
    ]);
  });

  test('of its outlets, when it is a power system', async () => {
    const facts = await read({
      '1.3.6.1.4.1.318.1.1.26.2.1.3.1': 'rack 4',
      '1.3.6.1.4.1.318.1.1.26.9.2.3.1.3.1': 'core-1 A',
      '1.3.6.1.2.1.33.1.1.6.0': 'acc-1; acc-2',
    });
    expect(facts.power).toBe('answers as an APC rack PDU');
    expect(facts.outlets).toEqual([
      { outlet: '1', label: 'core-1 A' },
      { outlet: 'output', label: 'acc-1' },
      { outlet: 'output', label: 'acc-2' },
    ]);
  });

  test('of nothing, when it answers nothing', async () => {
    expect(await read({})).toMatchObject({ sysName: '', ports: [], neighbours: [], power: null });
  });
});
