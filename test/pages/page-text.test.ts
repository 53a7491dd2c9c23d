import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PageFacts, PageKind } from '../../alerting/events.ts';
import type { PageLinks } from '../../alerting/page-content.ts';
import { PAGE_MESSAGES } from '../../alerting/page-messages.ts';
import { formatZoned, inertText, renderPage } from '../../alerting/page-text.ts';
import { NO_SITE } from '../../alerting/subjects.ts';
import { FAULT_KINDS, type Language, TIERS } from '../../config/model.ts';
import { NO_TEXT, say } from '../../lib/local-text.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { facts, OPENED_AT, STARTED_AT } from './page-fixtures.ts';

const LINKS: PageLinks = { incident: 'https://noc.example.org/incidents/INC-7', acknowledge: null };
const PORT_DOWN = say('port Gi0/1 is down', '端口 Gi0/1 已断开');
const LANGUAGES: readonly Language[] = ['en', 'zh-CN'];

function render(
  kind: PageKind,
  changes: Partial<PageFacts> = {},
  {
    language = 'en' as Language,
    now = OPENED_AT + 2 * SECOND,
    queuedAt = OPENED_AT,
    waitingSince = Number.NaN,
    failingSince = Number.NaN,
    replacedCount = 0,
    links = LINKS,
  } = {},
) {
  const since = Number.isNaN(waitingSince) ? queuedAt : waitingSince;
  const failing = Number.isNaN(failingSince) ? {} : { failingSince };
  const waiting = { waitingSince: since, ...failing, replacedCount };
  const page = { kind, queuedAt, ...waiting, facts: facts(changes) };
  return renderPage(page, language, 'Asia/Shanghai', now, links);
}

const EXAMPLES: readonly [PageKind, Partial<PageFacts>, number][] = [
  ['opened', {}, 0],
  [
    'escalated',
    { component: 'port:Gi0/1', faultKind: 'port-down', faultText: PORT_DOWN },
    5 * MINUTE,
  ],
  ['reminder', { reminderRatio: 0.5 }, 7.5 * MINUTE],
  ['repeat', { batteryMinutes: 22.7, faultKind: 'on-battery', faultText: NO_TEXT }, 5 * MINUTE],
  ['breached', { affectedCount: 0, affectedNames: [] }, 15 * MINUTE],
  ['upgraded', { tier: 1, acknowledgedBy: 'Primary on duty' }, 3 * MINUTE],
  ['reopened', { affectedCount: 1, affectedNames: ['acc-1'] }, 0],
  [
    'resolved',
    { resolvedAt: OPENED_AT + 12 * MINUTE, acknowledgedBy: 'Primary on duty' },
    12 * MINUTE,
  ],
];

describe('a page in words', () => {
  for (const language of LANGUAGES) {
    for (const [kind, changes, afterMs] of EXAMPLES) {
      test(`${kind} in ${language}`, () => {
        const queuedAt = OPENED_AT + afterMs;
        const now = queuedAt + 2 * SECOND;
        const { subject, text, short } = render(kind, changes, { language, now, queuedAt });
        expect(`${subject}\n---\n${text}\n---\n${short}`).toMatchSnapshot();
      });
    }
  }

  test('names the site of the device first, then those that are affected besides', () => {
    const changes = { siteName: 'Hub', otherSiteNames: ['North', 'South', 'East'] };
    const english = render('opened', changes);
    expect(english.subject).toContain(', Hub (also affects North and 2 more) (');
    expect(english.text).toContain('Site: Hub (also affects North, South, East)');
    const chinese = render('opened', changes, { language: 'zh-CN' });
    expect(chinese.subject).toContain('，Hub（另影响 North，另有 2 个站点）');
    expect(chinese.text).toContain('站点：Hub（另影响 North、South、East）');
  });

  test('names no site where there is none', () => {
    for (const language of LANGUAGES) {
      const { subject, text, short } = render('opened', { siteName: NO_SITE }, { language });
      expect(`${subject} ${short}`).not.toMatch(/[,，] ?–/);
      expect(text).not.toMatch(/^(Site|站点)/m);
    }
  });

  test.each(LANGUAGES)(
    'a page that reads as HTML says the same and carries both links, in %s',
    (language) => {
      const links = { ...LINKS, acknowledge: 'https://noc.example.org/a/abc?x=1&y=2' };
      expect(render('opened', {}, { links, language }).html).toMatchSnapshot();
    },
  );

  test('says what is wrong in the language of its reader alone', () => {
    const changes = {
      component: 'port:Gi0/1',
      faultKind: 'port-down',
      faultText: PORT_DOWN,
    } as const;
    const [english, chinese] = LANGUAGES.map((language) => render('opened', changes, { language }));
    for (const part of ['text', 'html'] as const) {
      expect(english![part]).toContain(PORT_DOWN.en);
      expect(english![part]).not.toContain(PORT_DOWN['zh-CN']);
      expect(chinese![part]).toContain(PORT_DOWN['zh-CN']);
      expect(chinese![part]).not.toContain(PORT_DOWN.en);
    }
    expect(chinese!.text).not.toContain('port');
  });

  test('about an incident that opened again counts this time, and says when it opened first', () => {
    const again = { startedAt: OPENED_AT + 10 * MINUTE, reopenedAt: OPENED_AT + 11 * MINUTE };
    const running = render('reopened', again, { now: OPENED_AT + 12 * MINUTE });
    expect(running.text).toMatch(/^Since: .*19:23:35 GMT\+8 \(2m ago\)$/m);
    expect(running.text).toMatch(/^First opened: .*19:13:35 GMT\+8$/m);
    const over = { ...again, restoredAt: OPENED_AT + 15 * MINUTE, resolvedAt: OPENED_AT + HOUR };
    expect(render('resolved', over).text).toMatch(/^Lasted: 5m, from .*23:35.* to .*28:35/m);
    expect(render('resolved', over).short).toContain('Lasted 5m');
    expect(render('resolved', over, { language: 'zh-CN' }).text).toMatch(/^首次开启：.*19:13:35/m);
  });

  test('what is resolved is told as what it was', () => {
    const over = { restoredAt: OPENED_AT + MINUTE, resolvedAt: OPENED_AT + 2 * MINUTE };
    const english = render('resolved', over).text;
    expect(english).toMatch(/^Fault \(over\): agg-3: not answering/m);
    expect(english).toMatch(/^Tier: .*, because at that time: aggregation agg-3/m);
    const chinese = render('resolved', over, { language: 'zh-CN' }).text;
    expect(chinese).toMatch(/^故障（已消除）：agg-3/m);
    expect(chinese).toMatch(/^级别：.*，当时原因：汇聚设备/m);
    // A person may resolve what still fails: that is over on paper only.
    const onPaper = { restoredAt: OPENED_AT + MINUTE, resolvedAt: OPENED_AT + MINUTE };
    expect(render('resolved', onPaper).text).toMatch(/^Fault: agg-3/m);
    expect(render('opened').text).toMatch(/^Fault: .*\n.*\nTier: .*, because aggregation/m);
  });

  test('a length is that between the clock times beside it', () => {
    const [startedAt, end] = [STARTED_AT + 723, STARTED_AT + 134 * SECOND + SECOND + 100];
    const over = { startedAt, restoredAt: end, resolvedAt: end + MINUTE };
    const { text, short } = render('resolved', over);
    expect(text).toMatch(/^Lasted: 2m 15s, from .*19:13:05.* to .*19:15:20/m);
    expect(short).toContain('Lasted 2m 15s');
  });

  test('resolved without acknowledgement says so', () => {
    const resolved = { resolvedAt: OPENED_AT + MINUTE };
    expect(render('resolved', resolved).text).toContain('Acknowledged by: nobody');
    expect(render('resolved', resolved, { language: 'zh-CN' }).text).toContain('确认人：无人确认');
  });

  test('a page that stands for older ones says for how many, and since when nothing came', () => {
    const later = OPENED_AT + 20 * MINUTE;
    const at = { queuedAt: later, waitingSince: 0, failingSince: OPENED_AT, now: later };
    const one = render('repeat', {}, { ...at, replacedCount: 1 });
    expect(one.text).toMatch(
      /^Delayed: nothing .* for 20m, since .*13:35 GMT\+8; this page stands for an older one$/m,
    );
    const four = { ...at, replacedCount: 4 };
    expect(render('repeat', {}, four).text).toContain('; this page stands for 4 older ones');
    expect(render('repeat', {}, { ...four, language: 'zh-CN' }).text).toMatch(
      /^延迟：自 .*19:13:35 GMT\+8 起 20 分钟内未能送达；本通知代替此前 4 条通知$/m,
    );
  });

  test('a page that comes late says by how much, and counts from the instant it is sent', () => {
    const failingSince = OPENED_AT;
    const { text } = render('opened', {}, { now: OPENED_AT + 4 * MINUTE, failingSince });
    expect(text).toMatch(/^Delayed: nothing could be delivered for 4m, since .*19:13:35 GMT\+8$/m);
    expect(text).toContain('(11m left)');
    expect(render('opened', {}, { now: OPENED_AT + 20 * MINUTE }).text).toContain(
      '(missed 5m ago)',
    );
  });

  test('a page that no try of has failed was only waited for', () => {
    const at = { now: OPENED_AT + 4 * MINUTE };
    const { text } = render('opened', {}, at);
    expect(text).toMatch(/^Delayed: waited for 4m, since .*19:13:35 GMT\+8$/m);
    expect(render('opened', {}, { ...at, language: 'zh-CN' }).text).toMatch(
      /^延迟：自 .*19:13:35 GMT\+8 起已等待 4 分钟$/m,
    );
  });

  test('a clock that was set back never shows a negative duration', () => {
    expect(render('opened', {}, { now: OPENED_AT - MINUTE }).text).toContain('(0s ago)');
  });

  test('every kind of fault has words of its own in both languages', () => {
    for (const language of LANGUAGES) {
      const words = FAULT_KINDS.map((kind) => PAGE_MESSAGES[language][kind]);
      expect(new Set(words).size).toBe(FAULT_KINDS.length);
    }
  });

  test('Chinese is complete: no sentence is left in English', () => {
    for (const [key, english] of Object.entries(PAGE_MESSAGES.en)) {
      const chinese = PAGE_MESSAGES['zh-CN'][key as keyof typeof PAGE_MESSAGES.en];
      if (typeof chinese === 'string' && key !== 'nameSeparator') {
        expect(chinese, key).not.toBe(english);
        expect(chinese.replace(NAMES, ''), key).not.toMatch(/[a-z]/i);
      }
    }
  });
});

/** What is called the same in every language. */
const NAMES = /CPU|Threenines/;

describe('times', () => {
  test('carry their zone', () => {
    const at = Date.UTC(2026, 10, 22, 11, 13, 5);
    expect(formatZoned(at, 'Asia/Shanghai')).toBe('2026-11-22 19:13:05 GMT+8');
    expect(formatZoned(at, 'Asia/Kolkata')).toBe('2026-11-22 16:43:05 GMT+5:30');
    expect(formatZoned(at, 'UTC')).toBe('2026-11-22 11:13:05 GMT+0');
  });

  test('are told apart in the hour that comes twice', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30);
    expect(formatZoned(first, 'Europe/Berlin')).toBe('2026-10-25 02:30:00 GMT+2');
    expect(formatZoned(first + 60 * MINUTE, 'Europe/Berlin')).toBe('2026-10-25 02:30:00 GMT+1');
  });

  test('midnight is hour 00', () => {
    expect(formatZoned(Date.UTC(2026, 0, 1), 'UTC')).toBe('2026-01-01 00:00:00 GMT+0');
  });
});

const HOSTILE: readonly (readonly [string, string])[] = [
  ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
  ['attribute', 'x"\' onmouseover="alert(1)'],
  ['header injection', 'core\r\nBcc: everyone@example.org\r\n\r\nbody'],
  ['line breaks', 'line\u2028two\u0085three\vfour'],
  ['direction and width', '\u202Egnol\u202C \u2066iso\u2069 \u200Bzero\uFEFF'],
  ['mentions', '@all @here @everyone <!channel> <@U123> <at id="all"></at> </at>'],
  ['links', '[click](https://evil.example/x) javascript://evil https://evil.example'],
  ['control characters', '\u0000\u0007\u001b[31mred\ud800'],
  ['long Chinese', '设备'.repeat(500)],
  ['long astral', '😀'.repeat(500)],
];

function hostileFacts(text: string): Partial<PageFacts> {
  return {
    incidentId: text,
    rootDeviceName: text,
    component: `port:${text}`,
    faultText: say(text, text),
    siteName: text,
    because: say(text, text),
    affectedNames: [text, text, text, text, text, text],
    acknowledgedBy: text,
    batteryMinutes: 3,
  };
}

/** What must hold of a page whatever the devices call themselves. */
function expectHarmless(page: ReturnType<typeof render>, lines: number): void {
  const ownLink = LINKS.incident;
  for (const plain of [page.subject, page.text, page.short]) {
    const foreign = plain.replaceAll(ownLink, '');
    expect(foreign).not.toContain('@');
    expect(foreign).not.toContain('://');
    expect(foreign).not.toContain('](');
    expect(foreign).not.toMatch(/<[!@#/a-z]/i);
    expect(foreign).not.toMatch(/[\p{Cf}\p{Cs}\u2028\u2029\u0085]/u);
  }
  expect(page.subject).not.toMatch(/\p{Cc}/u);
  expect(page.short).not.toMatch(/\p{Cc}/u);
  expect(page.text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(page.text.split('\n').length).toBeLessThanOrEqual(lines);
  expect(page.text).toContain(ownLink);
  expect(Buffer.byteLength(page.text)).toBeLessThanOrEqual(2048);
  expect(page.short.length).toBeLessThanOrEqual(140);
  expect(page.subject.length).toBeLessThanOrEqual(200);
  const known = /<(\/?(html|head|body|div|p|span|h1|a|title|meta)\b|!doctype html>|br>)/gi;
  expect(page.html.replace(known, '')).not.toContain('<');
  expect(page.html).not.toMatch(/<[^>]*\son\w+=/i);
}

describe('hostile text from devices', () => {
  const benign = render('opened', { batteryMinutes: 3, acknowledgedBy: 'someone' });
  const lines = benign.text.split('\n').length;

  for (const language of LANGUAGES) {
    test.each(HOSTILE)(`%s stays text in ${language}`, (_name, text) => {
      expectHarmless(render('opened', hostileFacts(text), { language }), lines);
    });
  }

  test('any text stays text', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 600 });
    const mixed = fc.array(fc.oneof(anyText, fc.constantFrom(...HOSTILE.map(([, text]) => text))), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(mixed, fc.constantFrom(...TIERS), fc.boolean(), (parts, tier, owned) => {
        const changes = { ...hostileFacts(parts.join('')), tier };
        const page = render('opened', { ...changes, ...(owned ? {} : { acknowledgedBy: null }) });
        expectHarmless(page, lines);
      }),
    );
  });

  test('is still readable where it is harmless', () => {
    expect(inertText('core-1.example.org (rack 4) <3 µs', 200)).toBe(
      'core-1.example.org (rack 4) <3 µs',
    );
    expect(inertText('ops@example.org', 200)).toBe('ops＠example.org');
  });

  test('is cut between characters, never inside one', () => {
    expect(inertText('设备设备', 9)).toBe('设备…');
    expect(inertText('😀😀😀', 8)).toBe('😀…');
  });

  test('only a web address becomes a link', () => {
    const links = { incident: 'javascript:alert(1)', acknowledge: null };
    expect(render('opened', {}, { links }).html).not.toContain('href');
  });
});
