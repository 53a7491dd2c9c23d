import { describe, expect, test } from 'vitest';
import { type KeepServingOptions, keepServing, type LifeEnd } from '../../app/keep-serving.ts';
import { silentLogger } from '../../lib/logger.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';

const START = Date.UTC(2026, 10, 30);
const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A service of which only the journal is real: it opens, fails, and is full as the test says. */
class Rig {
  readonly clock = new VirtualClock(START);
  readonly said: string[] = [];
  isFull = false;
  isTold = false;
  canOpen = true;
  mayPass = true;
  addressIsTaken = false;
  reason = () => '';
  fail: (problem: string) => void = () => {};
  readonly stopping = Promise.withResolvers<number>();
  code: number | null = null;

  run(): void {
    const options: KeepServingOptions<string> = {
      clock: this.clock,
      log: silentLogger,
      stopped: this.stopping.promise,
      alarm: this.#alarm(),
      open: () => {
        this.said.push('open');
        if (this.canOpen) return { ok: true, opened: 'journal' };
        const { mayPass } = this;
        const message = 'the disk is full';
        return { ok: false, message, publicMessage: 'full', mayPass, isNoAlarm: false };
      },
      probe: () => (this.isFull ? new Error('full') : null),
      serve: (_, life) => this.#serve(life),
      hold: async (getReason) => {
        if (this.addressIsTaken) return null;
        this.reason = getReason;
        this.said.push('hold');
        return { [Symbol.asyncDispose]: async () => void this.said.push('let go') };
      },
    };
    void keepServing(options).then((code) => {
      this.code = code;
    });
  }

  #alarm(): KeepServingOptions<string>['alarm'] {
    const rig = this;
    const tell = async (problem: string) => {
      if (!rig.isTold) rig.said.push(`told: ${problem}`);
      rig.isTold = true;
    };
    return {
      tell,
      tellAndEnd: tell,
      async tellOver() {
        rig.said.push('told: over');
        rig.isTold = false;
      },
      get isTold() {
        return rig.isTold;
      },
    };
  }

  async #serve(life: Parameters<KeepServingOptions<string>['serve']>[1]): Promise<LifeEnd> {
    this.said.push('serve');
    let isRecording = true;
    using _running = life.runs(() => isRecording);
    const failed = new Promise<LifeEnd>((resolve) => {
      this.fail = async (problem) => {
        isRecording = false;
        const code = await life.afterFailure(problem);
        resolve(code === null ? { journalFailed: problem } : { code });
      };
    });
    return await Promise.race([failed, this.stopping.promise.then((code) => ({ code }))]);
  }

  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += SECOND) {
      this.clock.advance(SECOND);
      await turns();
    }
  }
}

async function running(): Promise<Rig> {
  const rig = new Rig();
  rig.run();
  await turns();
  return rig;
}

describe('a service whose disk takes nothing', () => {
  test('lives on until there is room, begins anew from the disk, and says when it is over', async () => {
    const rig = await running();
    rig.isFull = true;
    rig.fail('no space');
    await rig.pass(10 * MINUTE);
    expect(rig.said).toEqual(['open', 'serve', 'told: no space']);
    rig.isFull = false;
    await rig.pass(5 * SECOND);
    expect(rig.said.slice(3)).toEqual(['open', 'serve']);
    await rig.pass(25 * SECOND);
    expect(rig.said.slice(5)).toEqual([]);
    await rig.pass(5 * SECOND);
    expect(rig.said.slice(5)).toEqual(['told: over']);
    await rig.pass(10 * MINUTE);
    expect(rig.said).toHaveLength(6);
    rig.stopping.resolve(0);
    await turns();
    expect(rig.code).toBe(0);
  });

  test('one that fails again at every start is started less and less often, and not called over', async () => {
    const rig = await running();
    for (let passed = 0; passed < 30; passed += 1) {
      rig.fail('i/o error');
      await rig.pass(20 * SECOND);
    }
    const starts = rig.said.filter((each) => each === 'serve').length;
    expect(starts).toBeGreaterThan(5);
    expect(starts).toBeLessThanOrEqual(15);
    expect(rig.said.filter((each) => each.startsWith('told'))).toEqual(['told: i/o error']);
  });

  test('a journal that cannot be opened has its address held until it can', async () => {
    const rig = new Rig();
    rig.canOpen = false;
    rig.isFull = true;
    rig.run();
    await rig.pass(MINUTE);
    expect(rig.said).toEqual(['open', 'hold', 'told: the disk is full']);
    expect(rig.reason()).toBe('full');
    rig.isFull = false;
    await rig.pass(5 * SECOND);
    expect(rig.said.slice(3)).toEqual(['open']);
    rig.canOpen = true;
    await rig.pass(MINUTE);
    expect(rig.said.slice(4)).toEqual(['open', 'let go', 'serve', 'told: over']);
  });

  test('while it waits it ends when it is asked to', async () => {
    const rig = new Rig();
    rig.canOpen = false;
    rig.run();
    await turns();
    rig.stopping.resolve(0);
    await turns();
    expect([rig.code, rig.said.at(-1)]).toEqual([0, 'let go']);
  });

  test.each([
    ['what will not pass', { mayPass: false }],
    ['an address that is taken', { addressIsTaken: true }],
  ])('%s ends it at once', async (_what, change) => {
    const rig = Object.assign(new Rig(), { canOpen: false }, change);
    rig.run();
    await turns();
    expect(rig.code).toBe(1);
  });
});
