import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PageKind } from '../../alerting/events.ts';
import { systemClock } from '../../lib/clock.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { VirtualClock } from '../../lib/virtual-clock.ts';
import { configWith, person, queuedPage, webhookChannel } from './page-fixtures.ts';
import { createRig, type Rig } from './sender-rig.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const KEY = 'signing-key-of-a-test';
const DOCS = readFileSync(fileURLToPath(new URL('../../docs/webhook.md', import.meta.url)), 'utf8');

const EVENTS: Readonly<Record<PageKind, true>> = {
  ...{ opened: true, escalated: true, reminder: true, repeat: true },
  ...{ breached: true, upgraded: true, reopened: true, lapsed: true, 'update-due': true },
  ...{ 'notice-due': true, forecast: true, 'duty-due': true, 'duty-overdue': true },
  ...{ acknowledged: true, resolved: true },
};

/** Names in the first column of the table under a heading. */
function documentedFields(): readonly string[] {
  const table = DOCS.slice(DOCS.indexOf('## The body'));
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return rows.flatMap((row) => Array.from(row.split('|')[1]!.matchAll(/`(\w+)`/g), ([, n]) => n!));
}

/** A sender on the real clock of the moment, to a webhook at that address. */
function sendTo(url: string, key = KEY): Rig {
  const contacts = [{ channelId: 'hook', address: '+00 555 0100' }];
  const config = configWith([webhookChannel('hook', url, key)], [person({ contacts })]);
  const now = systemClock.now();
  const rig = createRig(() => config, { clock: new VirtualClock(now) });
  rig.sender.start();
  const page = { queuedAt: now, waitingSince: now, nextAttemptAt: now, giveUpAt: now + HOUR };
  rig.host.queue(queuedPage(page));
  return rig;
}

describe('the receiver of docs/webhook.md', () => {
  let folder: string;
  let lines: Interface;
  let url: string;
  let stop: () => Promise<void>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-receiver-'));
    const [, code] = /```js\n([\s\S]*?)```/.exec(DOCS)!;
    writeFileSync(join(folder, 'receiver.mjs'), code!);
    const child = spawn(process.execPath, ['receiver.mjs'], {
      cwd: folder,
      env: { PAGER_SIGNING_KEY: KEY, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    stop = async () => {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    };
    lines = createInterface({ input: child.stdout });
    const [port] = await once(lines, 'line');
    url = `http://127.0.0.1:${port}/pages`;
  });

  afterEach(async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('takes a real page, and gives its receipt', async () => {
    const printed = once(lines, 'line');
    const rig = sendTo(url);
    await rig.host.delivered(1);
    expect(rig.host.deliveries).toMatchObject([{ result: 'sent', receipt: 'taken' }]);
    expect(String(await printed)).toMatch(/^to \+00 555 0100: \[2 major 重大\] /);
    await rig.sender.stop();
  });

  test('refuses a page that is signed with another key', async () => {
    const rig = sendTo(url, 'another-key-altogether');
    await rig.host.delivered(1);
    expect(rig.host.deliveries).toMatchObject([{ result: 'failed', reason: { en: 'HTTP 401' } }]);
    await rig.sender.stop();
  });

  test('refuses what was altered or recorded, and takes one page once', async () => {
    const body = JSON.stringify({ pageId: 'p-1', recipient: { address: null }, short: 'first' });
    const post = async (sentMs: number, sent = body, signature?: string) => {
      const timestamp = String(Math.floor(sentMs / SECOND));
      const hmac = createHmac('sha256', KEY).update(`${timestamp}.${body}`);
      const headers = {
        'X-Threenines-Timestamp': timestamp,
        'X-Threenines-Signature': signature ?? `sha256=${hmac.digest('hex')}`,
      };
      return (await fetch(url, { method: 'POST', headers, body: sent })).status;
    };
    const said: string[] = [];
    lines.on('line', (line) => said.push(line));
    const now = systemClock.now();
    expect(await post(now, body.replace('first', 'worse'))).toBe(401);
    expect(await post(now, body, 'sha256=00')).toBe(401);
    expect(await post(now, body, '')).toBe(401);
    expect(await post(now - 6 * MINUTE)).toBe(401);
    expect(await post(now + 6 * MINUTE)).toBe(401);
    expect(await post(now)).toBe(200);
    expect(await post(now)).toBe(200);
    await stop();
    expect(said).toEqual(['to null: first']);
  });
});

describe('docs/webhook.md', () => {
  test('names every field of the body, and no other', async () => {
    await using receiver = await WebhookReceiver.start(KEY);
    const rig = sendTo(receiver.url());
    await rig.host.delivered(1);
    const [payload] = receiver.taken.values();
    expect(documentedFields().toSorted()).toEqual(Object.keys(payload!).toSorted());
    await rig.sender.stop();
  });

  test('names every event', () => {
    const row = DOCS.split('\n').find((line) => line.startsWith('| `event`'))!;
    const named = Array.from(row.matchAll(/`([\w-]+)`/g), ([, name]) => name).slice(1);
    expect(named).toEqual(Object.keys(EVENTS));
  });
});
