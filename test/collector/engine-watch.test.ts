import { describe, expect, it } from 'vitest';
import { EngineWatch, type KnownEngine } from '../../collector/engine-watch.ts';
import type { EngineTimeReset } from '../../collector/snmp-client.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';

/** Looks at one poll after another; instants are minutes. */
function watching(engine: KnownEngine | null = null) {
  const memory = { engine };
  const watch = new EngineWatch(memory);
  const look = (id: string | null, boots: number, minute = 0, reset?: EngineTimeReset) => {
    const engineBoots = id === null ? null : boots;
    const none = { strayCount: 0, lastStray: null, engineTime: null };
    const engineTimeReset = reset ?? null;
    return watch.look({ ...none, engineId: id, engineBoots, engineTimeReset }, minute * MINUTE);
  };
  return { memory, look };
}

const told = (because: string, before: unknown, after: unknown, untoldCount = 0) => ({
  ...{ because, before, after, untoldCount },
});

describe('the engine of a device', () => {
  it('that is the same, restarts, or is not known is nothing to tell', () => {
    const { memory, look } = watching();
    for (const [id, boots] of [
      [null, 0],
      ['01', 3],
      ['01', 3],
      ['01', 4],
      [null, 0],
      ['01', 9],
    ] as const)
      expect(look(id, boots)).toBeNull();
    expect(memory.engine).toEqual({ id: '01', boots: 9 });
  });

  it('is told of when it is another or has lost its starts or its time', () => {
    const { look } = watching();
    const reset = { beforeSeconds: 9_000, afterSeconds: 12 };
    expect(look('01', 6)).toBeNull();
    expect(look('02', 9)).toEqual(told('id-changed', '01', '02'));
    expect(look('02', 1)).toEqual(told('boots-went-back', 9, 1));
    expect(look('02', 1, 0, reset)).toEqual(told('time-went-back', 9_000, 12));
    expect(look('02', 1, 0, reset)).toBeNull();
  });

  it('that is new at the first poll since the program started is told of as well', () => {
    expect(watching({ id: '01', boots: 7 }).look('02', 1)).toEqual(told('id-changed', '01', '02'));
    expect(watching({ id: '01', boots: 7 }).look('01', 2)).toEqual(told('boots-went-back', 7, 2));
    expect(watching({ id: '01', boots: 7 }).look('01', 8)).toBeNull();
  });

  it('that changes at each poll is told of once an hour, with how often', () => {
    const { look } = watching();
    let tellings = 0;
    for (let minute = 0; minute < 3 * (HOUR / MINUTE); minute += 1) {
      const change = look(minute % 2 === 0 ? '01' : '02', 1, minute);
      if (change === null) continue;
      expect(change.untoldCount).toBe(tellings === 0 ? 0 : HOUR / MINUTE - 1);
      tellings += 1;
    }
    expect(tellings).toBe(3);
  });
});
