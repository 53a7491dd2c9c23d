import { describe, expect, it } from 'vitest';
import type { ArchivedReport, ReportDesk, ReportJob, ReportOrder } from '../../api/report-desk.ts';
import { say } from '../../lib/local-text.ts';
import { HOUR } from '../../lib/time.ts';
import type { Amendment } from '../../reports/amendments.ts';
import { consoleInBrowser, type PageOptions, skipWithoutChromium, sticksOut } from './browser.ts';

const AT = Date.UTC(2026, 11, 1);
const FROZEN = {
  ...{ period: '2026-11', timeZone: 'Asia/Shanghai', siteId: null, revision: 0 },
  ...{ frozenAt: AT, inputsHash: 'ab'.repeat(32), documentHash: 'cd'.repeat(32), by: 'schedule' },
  ...{ sentAt: null, recipients: [], earlierCopies: [], missingAmendments: [] },
} satisfies ArchivedReport;
const SITE: ArchivedReport = { ...FROZEN, siteId: 'station' };
const MAILED: ArchivedReport = {
  ...{ ...FROZEN, revision: 1, sentAt: AT + HOUR, missingAmendments: [3] },
  earlierCopies: [{ revision: 0, personId: 'shift-lead', at: AT - HOUR }],
  recipients: [
    {
      ...{ personId: 'shift-lead', state: 'accepted', revision: 1, tries: 1 },
      lastTryAt: AT + HOUR,
      ...{ nextTryAt: null, detail: null },
    },
    {
      ...{ personId: 'duty-primary', state: 'waiting', revision: 1, tries: 2 },
      lastTryAt: AT + 2 * HOUR,
      ...{
        nextTryAt: AT + 3 * HOUR,
        detail: say('SMTP 451 at RCPT TO', 'SMTP 451（RCPT TO 阶段）'),
      },
    },
    {
      ...{ personId: 'gone', state: 'failed', revision: 0, tries: 1 },
      ...{ lastTryAt: AT + HOUR, nextTryAt: null },
      detail: say('SMTP 550 at RCPT TO', 'SMTP 550（RCPT TO 阶段）'),
    },
  ],
};

const AMENDMENT: Amendment = {
  ...{ number: 3, at: AT, by: 'duty manager', reason: '<b>by telephone</b>', deviceIds: ['acc-7'] },
  ...{ from: AT - 2 * HOUR, to: AT - HOUR, state: 'maintenance' },
};

/** A desk that keeps what it is asked for. */
function fakeDesk() {
  const orders: ReportOrder[] = [];
  const resent: string[] = [];
  const jobs: ReportJob[] = [];
  const desk: ReportDesk = {
    order(order) {
      orders.push(order);
      const job: ReportJob = {
        ...{ id: `r-${orders.length}`, order, state: 'done', progressRatio: 1 },
        ...{ failure: null, orderedAt: AT },
      };
      jobs.unshift(job);
      return job;
    },
    jobs: () => jobs,
    job: (id) => jobs.find((each) => each.id === id) ?? null,
    document: () => null,
    archive: () => [MAILED, SITE],
    amendments: () => [AMENDMENT],
    resend(period) {
      resent.push(period);
      return null;
    },
  };
  return { desk, orders, resent };
}

const SHAPES: readonly Required<Pick<PageOptions, 'width' | 'language'>>[] = [
  { width: 1280, language: 'en-US' },
  { width: 1280, language: 'zh-CN' },
  { width: 390, language: 'en-US' },
  { width: 390, language: 'zh-CN' },
];
const WORDS = {
  'en-US': {
    accepted: 'Shift lead: accepted by the mail server',
    waiting: /Duty engineer: not delivered yet, SMTP 451 at RCPT TO, next try /,
    failed: 'gone: revision 0, not delivered, SMTP 550 at RCPT TO',
    sendAgain: 'Send again',
    onItsWay: 'On its way.',
    mailed: 'mailed',
    notes: ['amendment 3 not yet in this revision', 'Shift lead got revision 0, '],
    amended: 'No. 3: counted as maintenance by duty manager',
  },
  'zh-CN': {
    accepted: 'Shift lead：邮件服务器已接受',
    waiting: /Duty engineer：尚未送达，SMTP 451（RCPT TO 阶段），下次尝试/,
    failed: 'gone：第 0 版，未送达，SMTP 550（RCPT TO 阶段）',
    sendAgain: '重新发送',
    onItsWay: '正在发送。',
    mailed: '发出邮件',
    notes: ['本版尚未计入第 3 号更正', 'Shift lead 已于', '收到第 0 版'],
    amended: '第 3 号：计为维护 由 duty manager 于',
  },
};

describe.skipIf(skipWithoutChromium)('the reports page', () => {
  const { serve, open } = consoleInBrowser();

  it.each(SHAPES)('tells of every copy, and fits, at $width in $language', async (shape) => {
    const { desk, resent } = fakeDesk();
    const { url } = await serve({ deps: { reports: desk } });
    const { page, complaints } = await open(url, shape);
    await page.goto(`${url}#/reports`);
    const words = WORDS[shape.language];
    const rows = page.locator('.reports > li');
    const mailed = rows.filter({ hasText: 'SHA-256' }).first();
    await mailed.waitFor();
    const copies = mailed.locator('ul').first().locator('li');
    await expect.poll(() => copies.count()).toBe(3);
    const told = await copies.allInnerTexts();
    expect(told[0]).toBe(words.accepted);
    expect(told[1]).toMatch(words.waiting);
    expect(told[2]).toBe(words.failed);
    const whole = await mailed.innerText();
    for (const note of words.notes) expect(whole).toContain(note);
    const ofSite = rows.filter({ hasText: 'Station road' });
    expect(await ofSite.innerText()).not.toContain(words.mailed);
    expect(await ofSite.locator('button').count()).toBe(1);
    const amended = await rows.filter({ hasText: 'duty manager' }).innerText();
    expect(amended).toContain(words.amended);
    expect(amended).toMatch(/<b>by telephone<\/b>\s+acc-7 · /);
    expect(await sticksOut(page)).toEqual([]);
    await mailed.getByRole('button', { name: words.sendAgain }).click();
    await page.locator('[role=status]', { hasText: words.onItsWay }).waitFor();
    expect(resent).toEqual(['2026-11']);
    expect(complaints).toEqual([]);
  });

  it('orders the PDF of the site whose report was frozen, and says which one it is', async () => {
    const { desk, orders } = fakeDesk();
    const { url } = await serve({ deps: { reports: desk } });
    const { page, complaints } = await open(url);
    await page.goto(`${url}#/reports`);
    const ofSite = page.locator('.reports > li', { hasText: '2026-11 · Station road' });
    await ofSite.getByRole('button', { name: 'PDF' }).click();
    await page.locator('.reports > li', { hasText: '2026-11 · Station road PDF' }).waitFor();
    expect(orders).toMatchObject([{ period: '2026-11', siteId: 'station', format: 'pdf' }]);
    await page.locator('.report-order input').fill('2026-Q4');
    await page.locator('.report-order').getByRole('button', { name: 'CSV' }).click();
    await expect.poll(() => orders.at(-1)).toMatchObject({ period: '2026-Q4', siteId: null });
    expect(complaints).toEqual([]);
  });
});
