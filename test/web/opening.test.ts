import { describe, expect, it } from 'vitest';
import { SECOND } from '../../lib/time.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { consoleInBrowser, skipWithoutChromium } from './browser.ts';

describe.skipIf(skipWithoutChromium)('the console, opened by the link in a page', () => {
  const { serve, open } = consoleInBrowser();

  it('offers to break the demo network all the same', async () => {
    const { url } = await serve();
    const { page } = await open(`${url}#/incidents/inc-000006`);
    // What happens in the network has everything read again; here nothing is heard of it.
    await page.route('**/api/v1/events*', (route) => route.abort());
    await page.reload();
    await page.waitForSelector('.lab-button', { timeout: 10 * SECOND });
  });

  it('has the right zone in its first times, and says that nothing is there only once it knows', async () => {
    const { service } = fakeConfig();
    const config = { service: { ...service, timeZone: 'Asia/Shanghai' } };
    const { url } = await serve({ config });
    const { page } = await open(url, { isConsole: false });
    await page.addInitScript(`
      window.seen = [];
      addEventListener('DOMContentLoaded', () => new MutationObserver(() => {
        window.seen.push(document.body.innerText);
      }).observe(document.body, { childList: true, subtree: true, characterData: true }));
    `);
    await page.goto(`${url}#/incidents/inc-000006`);
    await page.waitForSelector('.panel .timeline li');
    await page.waitForSelector('.resolved-row');
    const seen: string[] = await page.evaluate('window.seen');
    expect(seen.at(-1)).toContain('Asia/Shanghai (GMT+8)');
    for (const text of seen) expect(text).not.toMatch(/UTC|Nothing has been resolved lately/);
  });
});
