import { describe, expect, test } from 'vitest';
import { createInbox } from '../../alerting/channels/inbox.ts';
import type { Input } from '../../alerting/inputs.ts';
import { emptyState, type Fault } from '../../alerting/state.ts';
import { startSelfWatch } from '../../app/self-watch.ts';
import type { Config } from '../../config/model.ts';
import { createSecret } from '../../config/secret.ts';
import { silentLogger } from '../../lib/logger.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { fakeConfig } from '../api/fake-config.ts';

const NO_LINKS = { incident: 'https://noc.example.org/', acknowledge: null };
const START = Date.UTC(2026, 10, 30);

function watch(change: Partial<Config> = {}) {
  const clock = new VirtualClock(START);
  const asked: string[] = [];
  const inputs: Input[] = [];
  const engine = {
    state: emptyState(),
    lastTickAt: START,
    isRunning: true,
    appendedCount: 0,
    submit(input: Input) {
      inputs.push(input);
      if (input.kind !== 'audit') return;
      engine.state.faults.clear();
      for (const { subject } of input.findings)
        engine.state.faults.set(subject, { kind: 'paging-stuck' } as Fault);
    },
  };
  const inbox = createInbox();
  const http = {
    send: async ({ url }: { url: string }) => {
      asked.push(url);
      return { kind: 'response' as const, status: 200, body: '' };
    },
  };
  const config = fakeConfig({
    beat: { url: createSecret('env:BEAT', 'https://beat.example.org/x'), everyMs: 30 * SECOND },
    catchAll: ['shift-lead'],
    ...change,
  });
  const mail = { send: async () => ({ result: 'failed' }) } as never;
  const stop = startSelfWatch({
    ...{ engine: engine as never, clock, http, log: silentLogger, getConfig: () => config },
    delivery: { http, mail, inbox, linksFor: () => NO_LINKS },
  });
  const run = async (durationMs: number, isEngineAlive: boolean, isJournalAlive = true) => {
    for (const until = clock.now() + durationMs; clock.now() < until; ) {
      clock.advance(SECOND);
      if (isEngineAlive) engine.lastTickAt = clock.now();
      if (isEngineAlive && isJournalAlive) engine.appendedCount += 1;
      await Promise.resolve();
    }
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { asked, inputs, inbox, run, stop, engine };
}

describe('what the auditor found in an earlier run', () => {
  test('is over at the first look that finds nothing', async () => {
    const { engine, inputs, run } = watch();
    const finding = { kind: 'paging-stuck', deviceId: '_service' } as Fault;
    engine.state.faults.set('_service/page:mail/paging-stuck', finding);
    await run(15 * SECOND, true);
    expect(inputs).toEqual([{ kind: 'audit', findings: [] }]);
    await run(MINUTE, true);
    expect(inputs).toHaveLength(1);
  });
});

describe('the beat', () => {
  test('goes out at its interval while all is well', async () => {
    const { asked, run, inputs } = watch();
    await run(5 * MINUTE, true);
    expect(new Set(asked)).toEqual(new Set(['https://beat.example.org/x']));
    expect(asked.length).toBeGreaterThanOrEqual(9);
    expect(asked.length).toBeLessThanOrEqual(11);
    expect(inputs).toEqual([]);
  });

  test('stops within two minutes of a standing engine, and goes on with it', async () => {
    const { asked, run } = watch();
    await run(MINUTE, true);
    await run(100 * SECOND, false);
    const before = asked.length;
    await run(5 * MINUTE, false);
    expect(asked).toHaveLength(before);
    await run(2 * MINUTE, true);
    expect(asked.length).toBeGreaterThan(before);
  });

  test('needs a journal that has taken something since the last one', async () => {
    const { asked, run } = watch();
    await run(MINUTE, true);
    await run(31 * SECOND, true, false);
    const before = asked.length;
    await run(10 * MINUTE, true, false);
    expect(asked).toHaveLength(before);
    await run(31 * SECOND, true);
    expect(asked.length).toBeGreaterThan(before);
  });

  test('is not given at a start before the journal has taken anything, nor once the engine has stopped', async () => {
    const { asked, engine, run } = watch();
    await run(MINUTE, true, false);
    expect(asked).toEqual([]);
    await run(2 * SECOND, true);
    expect(asked).toHaveLength(1);
    engine.isRunning = false;
    await run(5 * MINUTE, true);
    expect(asked).toHaveLength(1);
  });

  test('is not given when none is wanted, and not after the stop', async () => {
    const none = watch({ beat: null });
    await none.run(5 * MINUTE, true);
    expect(none.asked).toEqual([]);
    const { asked, run, stop } = watch();
    stop();
    const before = asked.length;
    await run(5 * MINUTE, true);
    expect(asked).toHaveLength(before);
  });
});

describe('what the auditor finds', () => {
  test('is handed to the engine, and once more when it is over', async () => {
    const { inputs, run } = watch();
    await run(90 * SECOND, false);
    expect(inputs[0]).toMatchObject({ kind: 'audit', findings: [{ subject: 'engine' }] });
    await run(30 * SECOND, true);
    expect(inputs.at(-1)).toEqual({ kind: 'audit', findings: [] });
  });

  test('is told the catch-all past the engine when it stays', async () => {
    const { inbox, run } = watch();
    await run(2 * MINUTE, false);
    expect(inbox.messages()).toEqual([]);
    await run(3 * MINUTE, false);
    expect(inbox.messages()).toMatchObject([{ personId: 'shift-lead', tier: 2 }]);
    expect(inbox.messages()[0]!.text).toContain('the engine has not decided for a minute');
    await run(10 * MINUTE, false);
    expect(inbox.messages()).toHaveLength(1);
  });

  test('is told to be over to whoever was told of it, once; of an engine that has failed others tell', async () => {
    const { inbox, engine, run } = watch();
    await run(5 * MINUTE, false);
    await run(5 * MINUTE, true);
    const texts = inbox.messages().map(({ text }) => text);
    expect(texts).toHaveLength(2);
    expect(texts.join()).toContain('paging goes on');
    engine.isRunning = false;
    await run(10 * MINUTE, false);
    expect(inbox.messages()).toHaveLength(2);
  });
});
