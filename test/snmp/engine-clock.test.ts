import { describe, expect, test } from 'vitest';
import {
  type EngineClock,
  EXHAUSTED_BOOTS,
  engineTimeAt,
  hearOfEngine,
  isWithinOwnWindow,
  judgeEngineTime,
} from '../../collector/snmp/usm/engine-clock.ts';

const ENGINE_ID = Uint8Array.of(0x80, 0, 0, 1, 5);
const START = 1_000_000;
const at = (boots: number, timeSeconds: number) => ({ boots, timeSeconds });

/** Synchronised at START with boots 5 and time 1,000 s. */
function synchronised(): EngineClock {
  const heard = hearOfEngine(ENGINE_ID, at(99, 99), START);
  const { verdict, engine } = judgeEngineTime(heard, at(5, 1_000), START);
  expect(verdict).toBe('in-window');
  return engine;
}

describe('what we believe about an engine', () => {
  test('time that nothing proves is sent on, but never believed', () => {
    const heard = hearOfEngine(ENGINE_ID, at(9, 5_000), START);
    expect(heard.isSynchronised).toBe(false);
    expect(engineTimeAt(heard, START + 2_500)).toEqual(at(9, 5_002));
    // An authentic message with far lower boots is the first truth, not a step back.
    expect(judgeEngineTime(heard, at(1, 3), START)).toMatchObject({
      verdict: 'in-window',
      engine: { isSynchronised: true, boots: 1, timeSeconds: 3 },
    });
  });

  test('its time runs on with ours and stops at its end', () => {
    const engine = synchronised();
    expect(engineTimeAt(engine, START + 60_999)).toEqual(at(5, 1_060));
    expect(engineTimeAt(engine, START - 1)).toEqual(at(5, 1_000));
    expect(engineTimeAt(engine, START + 3e12).timeSeconds).toBe(2_147_483_647);
  });

  test.each([
    ['the same instant', at(5, 1_000), 'in-window'],
    ['150 seconds behind', at(5, 850), 'in-window'],
    ['151 seconds behind', at(5, 849), 'time-went-back'],
    ['far ahead', at(5, 900_000), 'in-window'],
    ['after a restart', at(6, 0), 'in-window'],
    ['from before the restart', at(4, 900_000), 'boots-went-back'],
    ['with its boots exhausted', at(EXHAUSTED_BOOTS, 1), 'boots-exhausted'],
  ])('a message %s', (_, time, verdict) => {
    const engine = synchronised();
    const judged = judgeEngineTime(engine, time, START);
    expect(judged.verdict).toBe(verdict);
    if (verdict !== 'in-window') expect(judged.engine).toBe(engine);
  });

  test('an older message in the window does not hold its time back', () => {
    const engine = synchronised();
    const older = judgeEngineTime(engine, at(5, 900), START + 10_000);
    expect(older).toMatchObject({ verdict: 'in-window' });
    expect(engineTimeAt(older.engine, START + 10_000)).toEqual(at(5, 1_010));
    const newer = judgeEngineTime(engine, at(5, 1_100), START + 10_000);
    expect(engineTimeAt(newer.engine, START + 11_000)).toEqual(at(5, 1_101));
  });

  test('nothing that went before makes it deaf to a restarted engine', () => {
    const ahead = judgeEngineTime(synchronised(), at(5, 2_000_000_000), START).engine;
    expect(judgeEngineTime(ahead, at(6, 1), START)).toMatchObject({
      verdict: 'in-window',
      engine: { boots: 6, timeSeconds: 1, latestTimeSeconds: 1 },
    });
  });
});

describe('a message to us as the authoritative engine', () => {
  const own = at(4, 5_000);
  test.each([
    [at(4, 5_000), true],
    [at(4, 5_150), true],
    [at(4, 4_850), true],
    [at(4, 5_151), false],
    [at(4, 4_849), false],
    [at(3, 5_000), false],
    [at(5, 5_000), false],
  ])('at %j is in our window: %s', (received, isWithin) => {
    expect(isWithinOwnWindow(own, received)).toBe(isWithin);
  });

  test('is never in the window once our boots are exhausted', () => {
    const exhausted = at(EXHAUSTED_BOOTS, 5);
    expect(isWithinOwnWindow(exhausted, exhausted)).toBe(false);
  });
});
