import { expect, test } from 'vitest';
import { applyPageEvent } from '../../alerting/apply-page.ts';
import { createInbox } from '../../alerting/channels/inbox.ts';
import { consoleLinks } from '../../alerting/page-content.ts';
import { deliverPage } from '../../alerting/page-delivery.ts';
import { emptyState } from '../../alerting/state.ts';
import type { Config } from '../../config/model.ts';
import type { HttpFailure } from '../../lib/http-client.ts';
import { type LocalText, say } from '../../lib/local-text.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import { expectBothLanguages } from '../collector/chinese.ts';
import { configWith, OPENED_AT, person, queuedPage, webhookChannel } from './page-fixtures.ts';

const URL = 'https://hook.example.org/';
/** Words that are the same in every language. */
const NAMES = ['webhook', 'URL', 'TLS', 'https', 'http'];

async function reasonWith(
  config: Config,
  failure: HttpFailure = 'failed',
  detail = '',
): Promise<LocalText> {
  const http = { send: async () => ({ kind: 'failed', failure, detail }) as const };
  const parts = { http, mail: systemMailClient, inbox: createInbox(), linksFor: consoleLinks };
  const outcome = await deliverPage(queuedPage(), config, parts, OPENED_AT);
  return outcome.result === 'failed' ? outcome.reason : expect.fail('the page was sent');
}

test.each<HttpFailure>(['timeout', 'refused', 'name-not-found', 'tls', 'too-large', 'failed'])(
  'a webhook that fails by %s says why in both languages, and keeps the code',
  async (failure) => {
    const config = configWith([webhookChannel('hook', URL)]);
    expectBothLanguages(await reasonWith(config, failure), NAMES);
    if (failure !== 'tls' && failure !== 'failed') return;
    const { en, 'zh-CN': zh } = await reasonWith(config, failure, 'ECODE');
    expect(en).toMatch(/ \(ECODE\)$/);
    expect(zh).toMatch(/（ECODE）$/);
  },
);

test.each(['not a url', 'ftp://hook.example.org/', 'https://user:word@hook.example.org/'])(
  'the address "%s" is refused in both languages',
  async (url) => {
    expectBothLanguages(await reasonWith(configWith([webhookChannel('hook', url)])), NAMES);
  },
);

test.each([
  ['the person', configWith([webhookChannel('hook', URL)], [])],
  ['the channel', configWith([])],
  ['the contact', configWith([webhookChannel('hook', URL)], [person({ contacts: [] })])],
])('%s that is gone is named in both languages', async (_, config) => {
  const reason = await reasonWith(config);
  expectBothLanguages(reason, ['duty-primary', 'hook']);
});

test('a reason that an older journal holds in English is kept for both languages', () => {
  const state = emptyState();
  const page = queuedPage();
  state.pages.set(page.id, page);
  const about = { at: OPENED_AT, pageId: page.id, incidentId: page.incidentId };
  const attempt = { attempt: 1, reason: 'connection refused', nextAttemptAt: OPENED_AT };
  applyPageEvent(state, { type: 'page-attempt-failed', ...about, ...attempt });
  expect(page.lastFailure).toEqual(say('connection refused', 'connection refused'));
  applyPageEvent(state, { type: 'page-abandoned', ...about, reason: 'HTTP 410' });
  expect(page.lastFailure).toEqual(say('HTTP 410', 'HTTP 410'));
});
