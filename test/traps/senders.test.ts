import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { device } from '../collector/collector-fixtures.ts';
import { runClient, userOptions } from '../snmp/debian-programs.ts';
import { USER_NAME } from '../snmp/v3-peers.ts';
import { packageSession, sendWithPackage } from './package-sender.ts';
import { COMMUNITY, SWITCH, startRig, type TrapRig, trapConfig } from './trap-rig.ts';

const LINK_DOWN = '1.3.6.1.6.3.1.1.5.3';
const UPS_ON_BATTERY = '1.3.6.1.2.1.33.2.0.1';

/** Both at this machine's address, told apart by how they prove who they are. */
const DEVICES = [SWITCH, device('router-1', { port: 162, credentialId: 'v3' })];
const rigForSenders = () => startRig(trapConfig(DEVICES));
const v3Options = userOptions(USER_NAME, 'sha256', 'aes128');
const target = (rig: TrapRig) => `udp:127.0.0.1:${rig.port}`;

const isMissing = !existsSync('/usr/bin/snmptrap') || !existsSync('/usr/bin/snmpinform');
const withoutDebian = isMissing && process.env.CI !== 'true';
if (withoutDebian) console.warn('snmptrap is not installed: tests with it are left out');

describe.skipIf(withoutDebian)("Debian's snmptrap and snmpinform", () => {
  test('v1', async () => {
    await using rig = await rigForSenders();
    const options = ['-v1', '-c', COMMUNITY, target(rig)];
    await runClient('snmptrap', ...options, '1.3.6.1.2.1.33.2', '192.0.2.5', '6', '1', '9');
    await runClient('snmptrap', ...options, '1.3.6.1.4.1.8072.3.2.10', '192.0.2.5', '2', '0', '9');
    await rig.arrived(2);
    expect(rig.recorded).toMatchObject([
      { deviceId: 'switch-1', kind: 'upsTrapOnBattery', oid: UPS_ON_BATTERY },
      { deviceId: 'switch-1', kind: 'linkDown', oid: LINK_DOWN, reportedAddress: '192.0.2.5' },
    ]);
  });

  test('v2c', async () => {
    await using rig = await rigForSenders();
    const name = ['1.3.6.1.2.1.31.1.1.1.1.3', 's', 'Gi0/3'];
    const options = ['-v2c', '-c', COMMUNITY];
    await runClient('snmptrap', ...options, target(rig), '7', LINK_DOWN, ...name);
    await runClient('snmpinform', ...options, '-r', '0', target(rig), '7', LINK_DOWN, ...name);
    const values = [{ oid: '1.3.6.1.2.1.31.1.1.1.1.3', value: 'Gi0/3' }];
    expect(rig.recorded).toMatchObject([
      { deviceId: 'switch-1', kind: 'linkDown', isInform: false, values },
      { deviceId: 'switch-1', kind: 'linkDown', isInform: true, values },
    ]);
  });

  test('v3 authPriv', async () => {
    await using rig = await rigForSenders();
    const engine = ['-e', '0x80001f880473656e646572'];
    await runClient('snmptrap', ...v3Options, ...engine, target(rig), '7', LINK_DOWN);
    await runClient('snmpinform', ...v3Options, '-r', '0', target(rig), '7', LINK_DOWN);
    expect(rig.recorded).toMatchObject([
      { deviceId: 'router-1', kind: 'linkDown', isInform: false },
      { deviceId: 'router-1', kind: 'linkDown', isInform: true },
    ]);
  });

  test('a wrong community and a wrong password count for nothing', async () => {
    await using rig = await rigForSenders();
    const wrong = v3Options.with(8, 'another passphrase');
    const engine = ['-e', '0x80001f880473656e646572'];
    await runClient('snmptrap', '-v2c', '-c', 'public', target(rig), '7', LINK_DOWN);
    await runClient('snmptrap', ...wrong, ...engine, target(rig), '7', LINK_DOWN);
    await rig.arrived(2);
    expect(await rig.verdicts()).toEqual({ 'wrong-community': 1, 'wrong-digest': 1 });
    expect(rig.recorded).toEqual([]);
  });

  test.each([
    ['v2c', ['-v2c', '-c', COMMUNITY], 1],
    ['v3', v3Options, 2],
  ])('a %s inform that had to come again is answered and counted once', async (_, who, before) => {
    await using rig = await rigForSenders();
    rig.storage = 'holds';
    const options = [...who, '-r', '5', '-t', '0.2', target(rig), '7', LINK_DOWN];
    const answered = runClient('snmpinform', ...options);
    await rig.arrived(before + 2);
    rig.release();
    await answered;
    const { accepted, 'repeated-inform': repeated } = await rig.verdicts();
    expect(accepted).toBe(1);
    expect(repeated).toBeGreaterThanOrEqual(1);
    expect(rig.recorded).toHaveLength(1);
  });
});

describe('the npm package', () => {
  test.each(['v1', 'v2c', 'v3'] as const)('a %s trap', async (version) => {
    await using rig = await rigForSenders();
    const session = packageSession(version, rig.port, COMMUNITY);
    const oid = version === 'v1' ? '1.3.6.1.2.1.33.2.1' : '1.3.6.1.2.1.33.2.1';
    await sendWithPackage(session, 'trap', oid);
    await rig.arrived(1);
    session.close();
    const deviceId = version === 'v3' ? 'router-1' : 'switch-1';
    expect(rig.recorded).toMatchObject([{ deviceId, isInform: false }]);
  });

  test.each(['v2c', 'v3'] as const)('a %s inform', async (version) => {
    await using rig = await rigForSenders();
    const session = packageSession(version, rig.port, COMMUNITY);
    await sendWithPackage(session, 'inform', LINK_DOWN);
    session.close();
    const deviceId = version === 'v3' ? 'router-1' : 'switch-1';
    expect(rig.recorded).toMatchObject([{ deviceId, kind: 'linkDown', isInform: true }]);
  });
});
