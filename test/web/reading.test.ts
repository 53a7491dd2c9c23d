import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { POLL_DETAILS } from '../../collector/poll-details.ts';
import { english } from '../../web/messages-en.ts';
import { fakeCollector } from '../api/fake-collector.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { consoleInBrowser, skipWithoutChromium, visibleText } from './browser.ts';

/**
 * WCAG 2.2 §1.4.3 for every text on the page: `contrast text` of those below 4.5 (3 for large text).
 * The ground is the nearest opaque background above it.
 */
const FAINT_TEXTS = `(() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => [r, g, b]
    .map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, index) => sum + each * [0.2126, 0.7152, 0.0722][index], 0);
  const groundOf = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = channels(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (element.closest('svg, .unseen, :disabled, option')) continue;
    const style = getComputedStyle(element);
    const [light, dark] = [channels(style.color), groundOf(element)].map(luminance).sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    const isLarge = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (contrast < (isLarge ? 3 : 4.5)) faint.add(contrast.toFixed(2) + ' ' + walker.currentNode.data.trim());
  }
  return [...faint];
})()`;

/** Controls that a keyboard or screen reader cannot tell apart, and focus that cannot be seen. */
const NAMELESS_CONTROLS = `[...document.querySelectorAll('button, a, input, select, textarea, summary')]
  .filter((control) => !(control.textContent.trim() || control.getAttribute('aria-label') || control.labels?.length))
  .map((control) => control.outerHTML)`;

/** English texts without parts, long enough not to be a name or a unit. */
const ENGLISH_TEXTS = Object.values(english)
  .flatMap((text) => (typeof text === 'object' ? Object.values(text) : [text]))
  .filter((text): text is string => typeof text === 'string' && text.length > 3);

async function openEverything(page: Page, url: string): Promise<string> {
  let text = await visibleText(page.locator('body'));
  for (const hash of ['#/incidents/inc-000006', '#/incidents/inc-000001', '#/devices/ups-hill']) {
    await page.goto(url + hash);
    await page.waitForSelector(`.panel-body:has-text("${hash.split('/')[2]}")`);
    text += `\n${await visibleText(page.locator('body'))}`;
  }
  return text;
}

describe.skipIf(skipWithoutChromium)('reading the console', () => {
  const { serve, open } = consoleInBrowser();

  it('follows the language of the browser and keeps the choice of the person', async () => {
    const { url } = await serve();
    const { page } = await open(url, { language: 'zh-CN' });
    await page.waitForSelector('h2:has-text("未恢复事件")');
    expect(await page.getAttribute('html', 'lang')).toBe('zh-CN');
    await page.locator('.switch button', { hasText: 'English' }).click();
    await page.waitForSelector('h2:has-text("Open incidents")');
    await page.reload();
    await page.waitForSelector('h2:has-text("Open incidents")');
    expect(await page.getAttribute('html', 'lang')).toBe('en');
  });

  it('leaves nothing in English when Chinese is chosen', async () => {
    const { url } = await serve();
    const { page, complaints } = await open(url, { language: 'zh-CN' });
    await page.waitForSelector('.device-row');
    const lines = new Set(
      (await openEverything(page, url)).split(/\n|\t/).map((line) => line.trim()),
    );
    expect(ENGLISH_TEXTS.filter((text) => lines.has(text))).toEqual([]);
    expect(lines).toContain('通知');
    expect([...lines].some((line) => line.includes('新事件，定级为 1 级（特别重大）'))).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('says what is wrong in the language of its reader', async () => {
    const detail = POLL_DETAILS.cannotDecrypt;
    const collector = fakeCollector(fakeConfig, 0, { lastDetail: detail });
    const { url } = await serve({ deps: { collector } });
    const { page } = await open(url, { language: 'zh-CN' });
    await page.goto(`${url}#/incidents/inc-000006`);
    await page.waitForSelector('.panel .facts:has-text("3 次轮询无应答")');
    await page.goto(`${url}#/devices/core-1`);
    await page.waitForSelector(`.panel .facts:has-text("${detail['zh-CN']}")`);
    await page.waitForSelector('.panel .facts:has-text("所有设备")');
    expect(await page.locator('.panel', { hasText: detail.en }).count()).toBe(0);
    await page.locator('.switch button', { hasText: 'English' }).click();
    await page.waitForSelector(`.panel .facts:has-text("${detail.en}")`);
  });

  it('says what is odd about how a device is reached, and about what it says of itself', async () => {
    const collector = fakeCollector(fakeConfig, 0, {
      replyFromAnyAddress: true,
      strayReplies: { count: 12, lastFrom: '192.0.2.9:5161' },
      snmpEngine: { id: '80007ed904', sharedWith: ['core-2', 'edge-1'] },
      undeclared: 99,
    });
    const { url } = await serve({ deps: { collector } });
    const { page } = await open(`${url}#/devices/ups-hill`);
    await page.waitForSelector('.panel-body:has-text("ups-hill")');
    const inEnglish = await visibleText(page.locator('.panel'));
    for (const said of [
      'accepted from any address',
      '12 replies came from elsewhere, the last from 192.0.2.9:5161, and were ignored',
      '80007ed904',
      'also that of core-2, edge-1',
    ]) {
      expect(inEnglish).toContain(said);
    }
    expect(inEnglish.match(/unknown \(99\)/g)).toHaveLength(2);
    await page.locator('.switch button', { hasText: '中文' }).click();
    await page.waitForSelector('.panel .facts:has-text("异源应答")');
    const inChinese = await visibleText(page.locator('.panel'));
    for (const said of ['12 个应答来自其他地址', '与 core-2、edge-1 相同']) {
      expect(inChinese).toContain(said);
    }
    expect(inChinese.match(/未知（99）/g)).toHaveLength(2);
  });

  it.each(['light', 'dark'] as const)(
    'has enough contrast everywhere in the %s theme',
    async (theme) => {
      const { url } = await serve();
      const { page } = await open(url, { theme });
      await page.waitForSelector('.device-row');
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
      for (const hash of ['#/incidents/inc-000006', '#/devices/ups-hill']) {
        await page.goto(url + hash);
        await page.waitForSelector('.panel-body');
        expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
      }
      await page.locator('.card .button-main').first().click();
      await page.waitForSelector('dialog');
      expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
    },
  );

  it('keeps enough contrast when the data is old', async () => {
    const { url, service } = await serve();
    service.state.leaseAt = service.deps.clock.now() - 300_000;
    const { page } = await open(url);
    await page.waitForSelector('.banner-warning');
    await page.waitForSelector('.device-row');
    expect(await page.evaluate(FAINT_TEXTS)).toEqual([]);
  });

  it('names every control and shows where the focus is', async () => {
    const { url } = await serve();
    const { page } = await open(`${url}#/incidents/inc-000006`);
    await page.waitForSelector('.panel-body');
    expect(await page.evaluate(NAMELESS_CONTROLS)).toEqual([]);
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab');
      const outline = await page.evaluate(
        `getComputedStyle(document.activeElement).outlineStyle + ' ' + document.activeElement.tagName`,
      );
      expect(outline).toMatch(/^(solid|auto) /);
    }
  });

  it('can be switched between the themes and remembers', async () => {
    const { url } = await serve();
    const { page } = await open(url, { theme: 'light' });
    await page.locator('.theme-switch').click();
    await page.reload();
    await page.waitForSelector('.counters');
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  });
});
