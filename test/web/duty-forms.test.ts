import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { consoleInBrowser, skipWithoutChromium } from './browser.ts';

const SOON = { timeout: 20 * SECOND };

/** What the page asks the service to do, oldest first; each is answered as if it had been done. */
async function listen(page: Page): Promise<{ path: string; body: Record<string, unknown> }[]> {
  const asked: { path: string; body: Record<string, unknown> }[] = [];
  await page.route('**/api/v1/**', (route) => {
    const request = route.request();
    if (request.method() !== 'POST') return route.fallback();
    asked.push({ path: new URL(request.url()).pathname, body: request.postDataJSON() });
    return route.fulfill({ status: 200, json: {} });
  });
  return asked;
}

describe.skipIf(skipWithoutChromium)('the forms of the console', () => {
  const { serve, open } = consoleInBrowser();

  async function openForms(hash: string) {
    const { url } = await serve();
    const { page } = await open(url + hash);
    const asked = await listen(page);
    const chooseSelf = () => page.locator('dialog .choice').first().click();
    return { page, asked, chooseSelf };
  }

  it('set a tier: with a reason when it is a milder one', async () => {
    const { page, asked, chooseSelf } = await openForms('#/incidents/inc-000006');
    const form = page.locator('form', { has: page.getByRole('button', { name: 'Set tier' }) });
    await form.locator('select').selectOption('4');
    await form.getByRole('button').click();
    expect(asked).toEqual([]);
    await form.locator('input').fill('a drill');
    await form.getByRole('button').click();
    await chooseSelf();
    await expect
      .poll(() => asked, SOON)
      .toEqual([
        {
          path: '/api/v1/incidents/inc-000006/tier',
          body: { by: expect.any(String), tier: 4, reason: 'a drill' },
        },
      ]);
  });

  it('silence what fits several conditions, also by what it is not', async () => {
    const { page, asked, chooseSelf } = await openForms('#/on-call');
    await page.getByText('Silence something').click();
    await page.getByText('And another condition').click();
    const form = page.locator('form', { hasText: 'And another condition' });
    const values = form.getByLabel('Values, with commas');
    await values.nth(0).fill('core-1, core-2');
    await form.getByLabel('By').nth(1).selectOption('fault');
    await form.getByLabel('How').nth(1).selectOption('not');
    await values.nth(1).fill('port-down');
    await form.getByLabel('Reason').fill('new line cards');
    await form.getByRole('button', { name: 'Save' }).click();
    await chooseSelf();
    await expect
      .poll(() => asked[0]?.body.matchers, SOON)
      .toEqual([
        { name: 'device', isEqual: true, values: ['core-1', 'core-2'] },
        { name: 'fault', isEqual: false, values: ['port-down'] },
      ]);
  });

  it('publish the draft of a notice, and record what an authority was told', async () => {
    const { url, service } = await serve();
    const at = service.deps.clock.now();
    const [incidentId, zh] = ['inc-000006', '自今日起，北站的服务受到影响。'];
    const clock = {
      authorityId: 'w',
      name: 'Written',
      tier: 1,
      startedAt: at,
      dueAt: at + 1,
    } as const;
    await service.record(
      {
        type: 'notice-drafted',
        at,
        incidentId,
        episode: 1,
        text: { en: 'Since today', 'zh-CN': zh },
      },
      { type: 'authority-clock-started', at, incidentId, clock: { ...clock, reminderRatios: [] } },
    );
    const { page } = await open(`${url}#/incidents/${incidentId}`);
    const asked = await listen(page);
    await page.getByRole('button', { name: 'Use the Chinese draft' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.locator('dialog .choice').first().click();
    await page.getByLabel('Reference there').fill('MIIT-77');
    await page.getByRole('button', { name: 'Record as told' }).click();
    await expect
      .poll(() => asked.map(({ body: { by, ...rest } }) => rest), SOON)
      .toEqual([{ text: zh }, { authority: 'w', reference: 'MIIT-77' }]);
  });

  it('offers to take over what the escalation does not lead to', async () => {
    const { url, service } = await serve();
    const { page } = await open(url);
    await page.route('**/acknowledgement', (route) =>
      route.fulfill({
        ...{ status: 403 },
        json: { type: 'urn:threenines:not-on-chain', title: 'No', status: 403 },
      }),
    );
    await page.locator('.card.tier-1 .button-main').click();
    await page.locator('dialog .choice', { hasText: 'Second on call' }).click();
    const offer = page.locator('.card.tier-1 .button-plain', { hasText: 'Take it over' });
    await offer.waitFor();
    await page.unroute('**/acknowledgement');
    await offer.click();
    await page.waitForSelector('.card.tier-1.is-acknowledged');
    expect(service.commands).toMatchObject([{ by: 'duty-second', takesOver: true, episode: 1 }]);
  });
});
