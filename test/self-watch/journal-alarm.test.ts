import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tellOfJournal } from '../../app/journal-alarm.ts';
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
    const mails: unknown[] = [];
    const send = (mail: unknown) => {
      mails.push(mail);
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
    const parts = { clock, http, mail: { send } as never, log: silentLogger, config };
    let ends = 0;
    const tell = async () => {
      const telling = tellOfJournal({ ...parts, dataFolder: folder, noteFolders }, 'disk full');
      void telling.then(() => {
        ends += 1;
      });
      for (let turn = 0; turn < 5; turn += 1) await settled();
    };
    const pass = async (ms: number) => {
      clock.advance(ms);
      await settled();
    };
    return { mails, tell, pass, ends: () => ends };
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
});
