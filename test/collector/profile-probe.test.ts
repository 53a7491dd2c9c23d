import { expect, test } from 'vitest';
import { probeProfiles } from '../../collector/profile-choice.ts';
import type { SnmpClient, Varbind } from '../../collector/snmp-client.ts';
import type { Profile } from '../../config/profile.ts';

const ROOT = '1.3.6.1.2.1.33.1';
const IDENTITY = { sysObjectId: null, sysDescr: null, sysName: null };
const bounds = { deadlineMs: Number.POSITIVE_INFINITY, signal: new AbortController().signal };

const profile = {
  id: 'ups-mib',
  match: {
    sysObjectIdPrefixes: [],
    sysDescrContains: [],
    sysDescrExcept: [],
    probeOids: [ROOT],
    always: false,
  },
} as unknown as Profile;

/** A device that answers every GETBULK with this one varbind. */
function answering(varbind: Varbind): SnmpClient {
  const answer = async () => ({ varbinds: [varbind], error: null, rttMs: 1 });
  return { get: answer, getBulk: answer, walk: answer, close() {} };
}

test.each<[string, Varbind, boolean]>([
  [
    'an instance below',
    { oid: `${ROOT}.1.1.0`, type: 'octet-string', value: new Uint8Array(1) },
    true,
  ],
  ['the question sent back', { oid: ROOT, type: 'null', value: null }, false],
  ['an instance without a value', { oid: `${ROOT}.1.1.0`, type: 'null', value: null }, false],
  ['an instance elsewhere', { oid: '1.3.6.1.2.1.34.1.0', type: 'integer', value: 1 }, false],
  ['the end of everything', { oid: `${ROOT}.1.1.0`, type: 'end-of-mib-view', value: null }, false],
])('a probe answered with %s', async (_, varbind, isThere) => {
  const found = await probeProfiles([profile], IDENTITY, answering(varbind), bounds);
  expect(found?.profileIds.has('ups-mib')).toBe(isThere);
});
