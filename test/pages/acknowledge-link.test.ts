import { describe, expect, it } from 'vitest';
import { acknowledgeKey } from '../../alerting/acknowledge-key.ts';
import {
  acknowledgeLinks,
  readAcknowledgement,
  signAcknowledgement,
} from '../../alerting/acknowledge-link.ts';
import { seededRandom } from '../../lib/random.ts';
import { DAY, HOUR } from '../../lib/time.ts';
import { configWith, facts, OPENED_AT, queuedPage } from './page-fixtures.ts';

const CLAIM = {
  ...{ incidentId: 'inc-000198', openedAt: OPENED_AT, episode: 3, personId: 'duty-primary' },
  expiresAt: OPENED_AT + DAY,
};

describe('acknowledge links', () => {
  it('read back what was signed, until they expire', () => {
    const token = signAcknowledgement('key', CLAIM);
    expect(readAcknowledgement('key', token, OPENED_AT)).toEqual({ ok: true, claim: CLAIM });
    const late = readAcknowledgement('key', token, CLAIM.expiresAt);
    expect(late).toMatchObject({ ok: false, reason: 'expired' });
  });

  it('believe nothing that was changed, character by character', () => {
    const token = signAcknowledgement('key', CLAIM);
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === '1' ? '2' : '1';
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      const read = readAcknowledgement('key', changed, OPENED_AT);
      expect(read, changed).toEqual({ ok: false, reason: 'forged', claim: null });
    }
  });

  it('are the same at every try of a page, under the address that phones reach', () => {
    const config = configWith([]);
    const page = queuedPage();
    const linksFor = acknowledgeLinks('key');
    const { acknowledge, incident } = linksFor(page, config);
    expect(acknowledge).toMatch(/^https:\/\/noc\.example\.org\/a\/INC-7~/);
    expect(linksFor(page, config).acknowledge).toBe(acknowledge);
    const publicUrl = 'https://pager.example.org/noc';
    const outside = { ...config, service: { ...config.service, publicUrl } };
    expect(linksFor(page, outside)).toMatchObject({ incident });
    expect(linksFor(page, outside).acknowledge).toMatch(/^https:\/\/pager\.example\.org\/noc\/a\//);
  });

  it('hold for a day, and as long as the page is tried', () => {
    const lifeOf = (page: ReturnType<typeof queuedPage>) => {
      const token = acknowledgeLinks('key')(page, configWith([])).acknowledge!.split('/a/')[1]!;
      const read = readAcknowledgement('key', token, page.queuedAt);
      return read.claim!.expiresAt - page.queuedAt;
    };
    expect(lifeOf(queuedPage())).toBe(DAY);
    expect(lifeOf(queuedPage({ giveUpAt: OPENED_AT + 30 * HOUR }))).toBe(30 * HOUR);
  });

  it('are in no page that needs no answer', () => {
    const linksFor = acknowledgeLinks('key');
    const told = [
      queuedPage({ kind: 'resolved' }),
      queuedPage({ facts: facts({ acknowledgedBy: 'duty-secondary' }) }),
    ];
    for (const page of told) expect(linksFor(page, configWith([])).acknowledge).toBeNull();
  });
});

describe('the key of acknowledge links', () => {
  it('is made once and kept', () => {
    let kept: string | null = null;
    const save = (text: string) => {
      kept = text;
    };
    const store = { load: () => kept, save };
    const key = acknowledgeKey(store, seededRandom(1));
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(acknowledgeKey(store, seededRandom(2))).toBe(key);
    kept = 'torn';
    expect(acknowledgeKey(store, seededRandom(2))).not.toBe(key);
  });
});
