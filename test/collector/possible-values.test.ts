import { describe, expect, it } from 'vitest';
import { doubtedValues, whyRefused } from '../../collector/doubted-values.ts';
import { readVarbind } from '../../collector/reading.ts';
import type { ReadingClass } from '../../config/reading-class.ts';
import { builtInProfiles } from './collector-fixtures.ts';
import { pollOf } from './full-poll-fixtures.ts';
import type { Plain } from './mib-client.ts';

const SENSOR = '1.3.6.1.2.1.99.1.1.1';
const UPS = '1.3.6.1.2.1.33.1';
/** RFC 3433 EntitySensorDataType and EntitySensorDataScale. */
const TYPE = {
  volts: 3,
  amperes: 5,
  watts: 6,
  hertz: 7,
  celsius: 8,
  humidity: 9,
  rpm: 10,
  cmm: 11,
};
const SCALE = { milli: 8, units: 9, kilo: 10 };
const [LEAST_32, MOST_32, ALL_32] = [-(2 ** 31), 2 ** 31 - 1, 2 ** 32 - 1];

interface Sent {
  readonly type: number;
  readonly value: number;
  readonly scale?: number;
  readonly precision?: number;
}

/** What is shown of one sensor of ENTITY-SENSOR-MIB, and what is said of it where it is not. */
async function sensorOf({ type, value, scale = SCALE.units, precision = 0 }: Sent) {
  const { evaluation } = await pollOf({
    [`${SENSOR}.1.1`]: type,
    [`${SENSOR}.2.1`]: scale,
    [`${SENSOR}.3.1`]: precision,
    [`${SENSOR}.4.1`]: value,
    [`${SENSOR}.5.1`]: 1,
  }).poll();
  const shown = evaluation!.readings.filter(({ component }) => component.startsWith('sensor:'));
  return { shown: shown.map((one) => one.value), refused: evaluation!.refusals };
}

describe('a sensor that no profile sets bounds for', () => {
  it.each<[string, Sent, string]>([
    ['millivolts told as volts', { type: TYPE.volts, value: 232_500 }, 'out-of-range'],
    ['tenths of volts told as volts', { type: TYPE.volts, value: 2325 }, 'out-of-range'],
    ['2^32-1 W', { type: TYPE.watts, value: ALL_32 }, 'absent'],
    ['2^31-1 W', { type: TYPE.watts, value: MOST_32 }, 'absent'],
    ['0x7fffffff with digits', { type: TYPE.watts, value: MOST_32, precision: 3 }, 'absent'],
    ['the least of 32 bits', { type: TYPE.amperes, value: LEAST_32, precision: 6 }, 'absent'],
    ['all of 16 bits as W', { type: TYPE.watts, value: 65_535 }, 'absent'],
    ['all of 16 bits as mA', { type: TYPE.amperes, value: 65_535, scale: SCALE.milli }, 'absent'],
    ['the most of 16 bits in tenths', { type: TYPE.volts, value: 32_767, precision: 1 }, 'absent'],
    [
      'the least of 16 bits in tenths',
      { type: TYPE.celsius, value: -32_768, precision: 1 },
      'absent',
    ],
    ['all of 16 bits as rpm', { type: TYPE.rpm, value: 65_535 }, 'absent'],
    [
      'kilowatts of a power station',
      { type: TYPE.watts, value: 900_000, scale: SCALE.kilo },
      'out-of-range',
    ],
    ['-1 rpm', { type: TYPE.rpm, value: -1 }, 'out-of-range'],
    ['-1 %', { type: TYPE.humidity, value: -1 }, 'out-of-range'],
    ['255 %', { type: TYPE.humidity, value: 255 }, 'out-of-range'],
    ['-1 Hz', { type: TYPE.hertz, value: -1 }, 'out-of-range'],
    ['5 Hz', { type: TYPE.hertz, value: 5 }, 'out-of-range'],
    ['tenths of hertz', { type: TYPE.hertz, value: 500 }, 'out-of-range'],
    ['255 °C', { type: TYPE.celsius, value: 255 }, 'out-of-range'],
    ['127 °C, the most of 8 bits', { type: TYPE.celsius, value: 127 }, 'out-of-range'],
    ['0 K as °C', { type: TYPE.celsius, value: -273 }, 'out-of-range'],
    ['kelvin told as °C', { type: TYPE.celsius, value: 296 }, 'out-of-range'],
    ['tenths of °C', { type: TYPE.celsius, value: 235 }, 'out-of-range'],
    ['air of a wind tunnel', { type: TYPE.cmm, value: 500_000 }, 'out-of-range'],
  ])('shows nothing of %s, and says why', async (_, sent, reason) => {
    const { shown, refused } = await sensorOf(sent);
    expect(shown).toEqual([]);
    expect(refused.map((one) => [one.raw, one.reason])).toEqual([[sent.value, reason]]);
  });

  it.each<[string, Sent, number]>([
    ['mains', { type: TYPE.volts, value: 2325, precision: 1 }, 232.5],
    ['a string of batteries', { type: TYPE.volts, value: 810 }, 810],
    ['a plant of minus 48 V', { type: TYPE.volts, value: -535, precision: 1 }, -53.5],
    ['no current', { type: TYPE.amperes, value: 0 }, 0],
    ['a battery that is charged', { type: TYPE.amperes, value: -125, precision: 1 }, -12.5],
    ['power that is fed back', { type: TYPE.watts, value: -3400 }, -3400],
    ['a plant of megawatts', { type: TYPE.watts, value: 2400, scale: SCALE.kilo }, 2_400_000],
    ['an input without mains', { type: TYPE.hertz, value: 0 }, 0],
    ['mains of 60 Hz', { type: TYPE.hertz, value: 599, precision: 1 }, 59.9],
    ['frost', { type: TYPE.celsius, value: -1 }, -1],
    ['a winter night far north', { type: TYPE.celsius, value: -52 }, -52],
    ['a hot chip', { type: TYPE.celsius, value: 125 }, 125],
    ['a fan that stands', { type: TYPE.rpm, value: 0 }, 0],
  ])('shows %s', async (_, sent, value) => {
    expect(await sensorOf(sent)).toEqual({ shown: [value], refused: [] });
  });

  it('keeps what was sent, how it was scaled, what that makes and what is possible', async () => {
    const { refused } = await sensorOf({ type: TYPE.volts, value: 232_500 });
    expect(refused).toMatchObject([
      {
        oid: `${SENSOR}.4.1`,
        object: 'entPhySensorValue',
        class: 'voltage',
        raw: 232_500,
        reason: 'out-of-range',
        scale: 1,
        value: 232_500,
        unit: 'volts',
        possible: [{ atLeast: -2000, atMost: 2000 }],
      },
    ]);
    const scaled = await sensorOf({ type: TYPE.celsius, value: 9999, precision: 1 });
    expect(scaled.refused).toMatchObject([{ raw: 9999, scale: 0.1, value: 999.9 }]);
  });
});

describe('an object that its profile gives a class and no bounds', () => {
  const template = builtInProfiles.flatMap(({ scalars }) => scalars)[0]!;
  const read = (readingClass: ReadingClass, value: Plain, parts: { scale?: number } = {}) => {
    const def = { ...template, name: 'it', text: false, absent: [], states: {}, pattern: null };
    const bare = { ...def, atLeast: null, atMost: null, orScales: [], convert: null, times: null };
    const told = { oid: '1.3.6.1.4.1.99999.1.0', type: 'integer' as const, value: value as number };
    return readVarbind({ ...bare, class: readingClass, scale: parts.scale ?? 1, offset: 0 }, told);
  };

  it.each<[ReadingClass, number, number]>([
    ['voltage', 232_500, 1],
    ['voltage', 2325, 1],
    ['voltage', 65_535, 0.001],
    ['current', 32_767, 0.01],
    ['power', ALL_32, 1],
    ['power', MOST_32, 0.1],
    ['power', 400_000_000, 1],
    ['apparent-power', -1, 1],
    ['apparent-power', ALL_32, 1],
    ['energy', ALL_32, 3600],
    ['energy', -1, 3_600_000],
    // Guessed at, each of these would be mains.
    ['frequency', 65_535, 0.01],
    ['frequency', 32_767, 0.0147],
    ['runtime', 65_535, 60],
    ['runtime', ALL_32, 1],
    ['charge', 255, 0.01],
    ['load', 255, 0.01],
    ['load', 65_535, 0.001],
    ['fanspeed', 65_535, 1],
    ['airflow', -1, 1],
    ['pressure', MOST_32, 1],
    ['duration', ALL_32, 1],
    ['percent', 65_535, 0.0001],
  ])('is no %s when it sends %i at ×%d', (readingClass, value, scale) => {
    expect(read(readingClass, value, { scale })).toMatchObject({ kind: 'rejected' });
  });

  it.each<[ReadingClass, number, number, number]>([
    ['power', -1500, 1, -1500],
    ['current', -7, 0.1, -0.7],
    ['frequency', 0, 0.1, 0],
    ['voltage', 0, 1, 0],
    ['energy', 123_456_789, 3600, 444_444_440_400],
    ['pressure', 101_325, 1, 101_325],
    ['load', 110, 0.01, 1.1],
    ['count', 65_535, 1, 65_535],
    ['energy', 65_535, 3600, 235_926_000],
  ])('is a %s when it sends %i at ×%d', (readingClass, value, scale, expected) => {
    expect(read(readingClass, value, { scale })).toEqual({ kind: 'value', value: expected });
  });
});

describe('what is not believed is told to people', () => {
  it('with what was sent, what it would be, and what is possible', async () => {
    const words = async (sent: Sent) => {
      const { refused } = await sensorOf(sent);
      return refused.map((one) => whyRefused(one));
    };
    expect(await words({ type: TYPE.volts, value: 232_500 })).toEqual([
      {
        en: 'would be 232500 V, which is not possible; possible is -2000 V to 2000 V',
        'zh-CN': '换算为 232500 V，不可能出现；可能的范围：-2000 V 至 2000 V',
      },
    ]);
    expect((await words({ type: TYPE.celsius, value: 9999, precision: 1 }))[0]?.en).toBe(
      'would be 999.9 °C (× 0.1), which is not possible; possible is -60 °C to 126.9 °C or 127.1 °C to 150 °C',
    );
    expect((await words({ type: TYPE.hertz, value: 5 }))[0]?.en).toBe(
      'would be 5 Hz, which is not possible; possible is 0 Hz or 40 Hz to 70 Hz or 380 Hz to 420 Hz',
    );
    expect((await words({ type: TYPE.watts, value: ALL_32 }))[0]?.en).toBe('stands for "no value"');
  });

  it('what is impossible before what stands for none, and guesses beside them', async () => {
    const { evaluation } = await pollOf({
      [`${UPS}.1.1.0`]: 'Maker',
      [`${UPS}.4.4.1.2.1`]: 2325,
      [`${UPS}.4.4.1.5.1`]: -1,
      [`${UPS}.4.2.0`]: 9,
    }).poll();
    const { refused, refusedCount, rescaled } = doubtedValues(
      evaluation!.refusals,
      evaluation!.readings,
    );
    expect(refused.map(({ object, reason }) => [object, reason])).toEqual([
      ['upsOutputFrequency', 'out-of-range'],
      ['upsOutputPercentLoad', 'absent'],
    ]);
    expect(refusedCount).toBe(2);
    expect(rescaled).toMatchObject([{ object: 'upsOutputVoltage', raw: 2325, scale: 0.1 }]);
    expect(rescaled[0]?.why.en).toContain('with the factor 0.1 it is 232.5 V');
  });
});

describe('a guess at the scale', () => {
  const line = (volts: number, watts: number): Record<string, Plain> => ({
    [`${UPS}.1.1.0`]: 'Maker',
    [`${UPS}.4.1.0`]: 3,
    [`${UPS}.4.4.1.2.1`]: volts,
    [`${UPS}.4.4.1.3.1`]: 72,
    [`${UPS}.4.4.1.4.1`]: watts,
  });
  const told = async (volts: number, watts: number) => {
    const { evaluation } = await pollOf(line(volts, watts)).poll();
    const at = (column: number) =>
      evaluation!.readings.find(({ source }) => source?.oid === `${UPS}.4.4.1.${column}.1`);
    return { volts: at(2), watts: at(4), refused: evaluation!.refusals };
  };

  it('says that it is one: tenths of volts, and kilowatts told as watts', async () => {
    const { volts, watts } = await told(2325, 1);
    expect([volts?.value, volts?.source?.raw, volts?.source?.otherScale]).toEqual([
      232.5, 2325, 0.1,
    ]);
    expect([watts?.value, watts?.source?.raw, watts?.source?.otherScale]).toEqual([1000, 1, 1000]);
  });

  it('says of watts that fit no volts and amperes what would', async () => {
    const { watts, refused } = await told(230, 4);
    expect(watts).toBeUndefined();
    expect(refused.map((one) => whyRefused(one).en)).toContain(
      'would be 4 W, which is not possible; possible is 496 W to 1905 W',
    );
  });

  it.each([6553, 65_534])('leaves volts that no factor makes mains of alone: %i', async (volts) => {
    const { volts: shown, refused } = await told(volts, 0);
    expect(shown).toBeUndefined();
    expect(refused).toContainEqual(
      expect.objectContaining({ raw: volts, reason: 'out-of-range', class: 'voltage' }),
    );
  });

  it.each([65_535, 32_767, MOST_32, ALL_32, -32_768])('makes nothing of %i', async (code) => {
    const { volts, watts } = await told(code, code);
    expect([volts, watts]).toEqual([undefined, undefined]);
  });
});

it('a value that is computed of possible ones can be impossible', async () => {
  const share = { how: 'ratio', of: 'a', per: 'b' } as const;
  const oids = ['1.3.6.1.4.1.99999.1.0', '1.3.6.1.4.1.99999.2.0'];
  const [upsMib] = builtInProfiles.filter(({ id }) => id === 'ups-mib');
  const scalar = upsMib!.scalars.find(({ name }) => name === 'minutesTold')!;
  const profile = {
    ...upsMib!,
    match: { ...upsMib!.match, always: true },
    scalars: ['a', 'b'].map((name, place) => ({ ...scalar, name, oid: oids[place]! })),
    tables: [],
    conditions: [],
    values: [
      { name: 'share', metric: 'power_load_ratio', labels: { line: 'total' }, compute: share },
    ],
  };
  const poll = await pollOf({ [oids[0]!]: 9000, [oids[1]!]: 3 }, { profiles: [profile] }).poll();
  expect(poll.evaluation!.readings).toEqual([]);
  expect(poll.evaluation!.refusals).toMatchObject([
    { object: 'power_load_ratio', raw: null, value: 3000, reason: 'out-of-range', class: 'load' },
  ]);
});
