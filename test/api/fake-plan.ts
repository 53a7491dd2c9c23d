import type { DevicePlanExplanation } from '../../collector/plan-explanation.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';

type Learned = NonNullable<DevicePlanExplanation['plan']>;

const COST: Learned['cost'] = {
  requests: [
    {
      varbinds: 41,
      requestOctets: 760,
      replyOctets: 1290,
      objects: [
        { table: null, columns: ['1.3.6.1.2.1.1.3.0'], varbinds: 1 },
        { table: 'ifTable', columns: ['ifHCInOctets', 'ifHCOutOctets'], varbinds: 40 },
      ],
    },
    {
      varbinds: 9,
      requestOctets: 190,
      replyOctets: 260,
      objects: [{ table: 'ifTable', columns: ['ifAlias'], varbinds: 9 }],
    },
  ],
  requestCount: 2,
  varbinds: 50,
  requestOctets: 950,
  replyOctets: 1550,
  requestsToWalk: 7,
};

const BATCH: Learned['batch'] = {
  varbinds: 80,
  octets: 1424,
  why: say(
    'as much as fills one Ethernet frame; the device never had to be asked for less',
    '以填满一个以太网帧为限，从未需要减少请求量',
  ),
};

const DOUBTED: DevicePlanExplanation['doubted'] = {
  refused: [
    {
      ...{ oid: '1.3.6.1.2.1.99.1.1.1.4.12', object: 'entPhySensorValue' },
      ...{ profile: 'entity-sensor', class: 'voltage', raw: 232_500, reason: 'out-of-range' },
      ...{ value: 232_500, scale: 1, unit: 'volts' },
      possible: [{ atLeast: -2000, atMost: 2000 }],
      why: say(
        'would be 232500 V, which is not possible; possible is -2000 V to 2000 V',
        '换算为 232500 V，不可能出现；可能的范围：-2000 V 至 2000 V',
      ),
    },
  ],
  refusedCount: 1,
  rescaled: [
    {
      ...{ oid: '1.3.6.1.2.1.33.1.4.4.1.2.1', object: 'upsOutputVoltage', title: 'Line 1' },
      ...{ raw: 2325, scale: 0.1, value: 232.5, unit: 'volts' },
      why: say('with the factor 0.1 it is 232.5 V', '按系数 0.1 为 232.5 V'),
    },
  ],
};

/** How a switch of four ports is polled, a moment after its last full poll. */
export function fakePlan(deviceId: string, at: number): DevicePlanExplanation {
  const last = { lastTookMs: 42, lastOutcome: 'ok' as const, lastDetail: NO_TEXT };
  const pace = say('at its turn', '按固定时刻');
  return {
    deviceId,
    explainedAt: at,
    snmpVersion: 'v2c',
    sysName: deviceId,
    sysDescr: 'Example Networks Router, version 7.2',
    sysObjectId: '1.3.6.1.4.1.99999.1',
    profiles: [
      {
        id: 'if-mib',
        title: 'Interfaces',
        reason: say('applies to every device', '适用于所有设备'),
      },
    ],
    confirmed: 'answering',
    lanes: [
      {
        lane: 'heartbeat',
        everyMs: 15 * SECOND,
        lastAt: at,
        nextAt: at + 15 * SECOND,
        pace,
        ...last,
      },
      { lane: 'full', everyMs: MINUTE, lastAt: at, nextAt: at + MINUTE, pace, ...last },
    ],
    confirming: { everyMs: 2 * SECOND, failures: 3, successes: 2 },
    wire: {
      timeoutMs: 2 * SECOND,
      retries: 1,
      deadlineMs: 30 * SECOND,
      roundTrips: { smoothedMs: 4.2, variationMs: 0.8, waitsMs: [300, 2000], socketCount: 4 },
    },
    lastFullPoll: { at, packetsSent: 2, packetsRetried: 0 },
    lastWalk: { at: at - 3 * MINUTE, packetsSent: 14, packetsRetried: 1 },
    plan: {
      cost: COST,
      batch: BATCH,
      learned: [say('it answers GETNEXT but not GETBULK', '应答 GETNEXT，但不应答 GETBULK')],
      turns: [
        { varbinds: 8, everyPolls: 1, octetsEachPoll: 200 },
        { varbinds: 15, everyPolls: 15, octetsEachPoll: 30 },
      ],
      scalars: [
        {
          care: 'always',
          why: say('read in every poll', '每次轮询都读取'),
          names: ['sysUpTime'],
          cells: 1,
        },
      ],
      tables: [portTable(at)],
      refused: [{ oid: '1.3.6.1.2.1.2.2.1.21.3', name: 'ifOutQLen.3', pollsLeft: 4 }],
      refusedCount: 1,
      pollsSinceWalk: 3,
      pollsUntilWalk: 117,
      walkedAgainWhen: [say('its agent starts anew', 'SNMP 代理重新启动')],
    },
    doubted: DOUBTED,
    notUnderstood: [],
  };
}

function portTable(at: number): Learned['tables'][number] {
  return {
    profile: 'if-mib',
    name: 'ifTable',
    rows: 4,
    learnedAt: at - 3 * MINUTE,
    rowChanges: say('the device tells of every change', '设备会告知每次变化'),
    columns: [
      {
        care: 'always',
        why: say('it changes: read in every poll', '经常变化：每次轮询都读取'),
        names: ['ifHCInOctets', 'ifHCOutOctets'],
        cells: 8,
      },
      {
        care: 'nothing',
        why: say('the device has nothing of it', '设备没有该列'),
        names: ['ifInUnknownProtos'],
        cells: 0,
      },
    ],
  };
}
