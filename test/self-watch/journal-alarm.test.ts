import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { JournalAlarm } from '../../app/journal-alarm.ts';
import { silentLogger } from '../../lib/logger.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { fakeConfig } from '../api/fake-config.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the second path of a journal that fails', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-alarm-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function alarm(
    noteFolders: readonly string[],
    answer: 'accepted' | 'failed' | 'never' = 'accepted',
  ) {
    const clock = new VirtualClock(Date.UTC(2026, 10, 30));
    const mails: string[] = [];
    const send = (...mail: readonly unknown[]) => {
      mails.push(JSON.stringify(mail));
      if (answer === 'never') return new Promise(() => {});
      const detail = { en: 'refused', 'zh-CN': '拒绝' };
      return Promise.resolve({ kind: answer, receipt: '250', permanent: false, detail });
    };
    const http = { send: async () => ({ kind: 'response' as const, status: 200, body: '' }) };
    const config = fakeConfig({
      channels: [
        {
          ...{ id: 'mail', kind: 'email', host: 'mail.example.org', port: 25, security: 'none' },
          ...{ from: 'threenines@example.org', login: null },
        } as never,
      ],
      people: [
        {
          ...fakeConfig().people[0]!,
          contacts: [{ channelId: 'mail', address: 'duty@example.org' } as never],
        },
      ],
      catchAll: [],
    });
    const parts = { clock, http, mail: { send } as never, log: silentLogger };
    const settings = { ...parts, getConfig: () => config, dataFolder: folder, noteFolders };
    let ends = 0;
    /** A process that starts, fails and ends. */
    const tell = async () => {
      void new JournalAlarm(settings).tellAndEnd('disk full').then(() => {
        ends += 1;
      });
      for (let turn = 0; turn < 5; turn += 1) await settled();
    };
    const open = () => new JournalAlarm(settings);
    const pass = async (ms: number) => {
      clock.advance(ms);
      await settled();
    };
    return { mails, tell, open, pass, ends: () => ends };
  }

  test('is taken once in a quarter of an hour, however often it starts', async () => {
    const { mails, tell, pass, ends } = alarm([join(folder, 'gone'), folder]);
    await tell();
    await tell();
    expect([mails.length, ends()]).toEqual([1, 2]);
    await pass(15 * MINUTE);
    await tell();
    expect(mails).toHaveLength(2);
  });

  test('keeps the process for a minute where no disk takes a note of it', async () => {
    const { tell, pass, ends } = alarm([join(folder, 'gone')]);
    await tell();
    await pass(MINUTE - SECOND);
    expect(ends()).toBe(0);
    await pass(SECOND);
    expect(ends()).toBe(1);
  });

  test('is tried again at the next start when nobody took it, and waits for no answer for ever', async () => {
    const refused = alarm([folder], 'failed');
    await refused.tell();
    await refused.tell();
    expect([refused.mails.length, refused.ends()]).toEqual([2, 2]);
    const hanging = alarm([folder], 'never');
    await hanging.tell();
    await hanging.pass(19 * SECOND);
    expect(hanging.ends()).toBe(0);
    await hanging.pass(SECOND);
    expect(hanging.ends()).toBe(1);
  });

  test('is told to be over by whichever process sees it, once; then it may be told anew', async () => {
    const { mails, tell, open, pass } = alarm([folder]);
    const alarmOf = open();
    await alarmOf.tellOver();
    expect(mails).toEqual([]);
    await tell();
    expect(alarmOf.isTold).toBe(true);
    await pass(MINUTE);
    await open().tellOver();
    await open().tellOver();
    expect(mails).toEqual([expect.stringContaining('New'), expect.stringContaining('Resolved')]);
    expect(open().isTold).toBe(false);
    await tell();
    expect(mails).toHaveLength(3);
  });

  test('its end is told again until somebody takes it, at most once a minute', async () => {
    const { tell } = alarm([folder]);
    await tell();
    const { mails, open, pass } = alarm([folder], 'failed');
    const alarmOf = open();
    await alarmOf.tellOver();
    await alarmOf.tellOver();
    expect([mails.length, alarmOf.isTold]).toEqual([1, true]);
    await pass(MINUTE);
    await alarmOf.tellOver();
    expect(mails).toHaveLength(2);
  });
});
