import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { ApiDeps } from '../../api/deps.ts';
import { MINUTE } from '../../lib/time.ts';
import { consoleInBrowser, skipWithoutChromium } from './browser.ts';

/** 22:00 in Shanghai, the zone of the service; 14:00 where the browser thinks it is. */
const BEGIN = Date.parse('2026-11-30T14:00:00Z');

function seriesOf(metric: string, labels: string, value: number) {
  const points = Array.from({ length: 40 }, (_, index) => {
    const mean = value * (1 + index / 100);
    return { at: BEGIN + index * MINUTE, min: mean, mean, max: mean };
  });
  return { metric, labels, stepMs: null, points };
}

const history: ApiDeps['history'] = {
  read: () => [
    seriesOf('cpu_utilization_ratio', 'cpu=196608', 0.5),
    seriesOf('cpu_utilization_ratio', 'cpu=196609', 0.4),
    seriesOf('port_receive_bps', 'port=Gi0/3', 1_200_000_000),
    seriesOf('memory_used_bytes', '', 20_810_136_576),
  ],
};

interface DrawnText {
  readonly text: string;
  readonly isWhole: boolean;
}

/** Notes every text that is drawn from now on, and whether all of it lies on its canvas. */
const WATCH_TEXTS = `(() => {
  window.drawnTexts = [];
  const fillText = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y, ...rest) {
    const box = this.measureText(text);
    const at = this.getTransform().transformPoint({ x, y });
    const isWhole = at.x - box.actualBoundingBoxLeft >= 0 && at.y - box.actualBoundingBoxAscent >= 0
      && at.x + box.actualBoundingBoxRight <= this.canvas.width
      && at.y + box.actualBoundingBoxDescent <= this.canvas.height;
    window.drawnTexts.push({ text, isWhole });
    return fillText.call(this, text, x, y, ...rest);
  };
})()`;

async function drawnTexts(page: Page, url: string): Promise<readonly DrawnText[]> {
  await page.evaluate(WATCH_TEXTS);
  await page.goto(`${url}#/devices/core-1`);
  await page.locator('.picture canvas').nth(3).waitFor();
  // A canvas is there before it is drawn upon; the values of the last picture are in bytes.
  const isDrawn = () => page.evaluate('drawnTexts.some(({ text }) => /GiB/.test(text))');
  await expect.poll(isDrawn, { timeout: 10_000 }).toBe(true);
  return page.evaluate<readonly DrawnText[]>('drawnTexts');
}

describe.skipIf(skipWithoutChromium)('the pictures of a device', () => {
  const { serve, open } = consoleInBrowser();

  it.each([1280, 390])(
    'tell time in the zone of the service and nothing is cut off at %d px',
    async (width) => {
      const { url } = await serve({ deps: { history } });
      const { page, complaints } = await open(url, { width, language: 'zh-CN' });
      const drawn = await drawnTexts(page, url);
      expect(drawn.filter(({ isWhole }) => !isWhole)).toEqual([]);
      const texts = drawn.map(({ text }) => text);
      const times = texts.filter((text) => text.includes(':'));
      expect(times).toContain('22:30');
      expect(times.filter((text) => !/^22:\d\d$/.test(text))).toEqual([]);
      expect(texts.filter((text) => text.includes('%')).length).toBeGreaterThan(1);
      expect(texts.some((text) => text.includes('Gbit/s'))).toBe(true);
      expect(texts.some((text) => text.includes('GiB'))).toBe(true);
      await page.waitForSelector('.panel p:has-text("Asia/Shanghai (GMT+8)")');
      expect(complaints).toEqual([]);
    },
  );

  it('are named in the language of the page, their metrics beside', async () => {
    const { url } = await serve({ deps: { history } });
    const { page } = await open(`${url}#/devices/core-1`, { language: 'zh-CN' });
    const titles = async () => {
      await page.waitForSelector('.picture');
      return page
        .locator('.picture [role=img]')
        .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    };
    expect(await titles()).toEqual([
      '处理器 1 使用率',
      '处理器 2 使用率',
      'Gi0/3：接收速率',
      '已用内存',
    ]);
    await page.locator('.switch button', { hasText: 'English' }).click();
    await page.waitForSelector('.picture:has-text("Processor 1")');
    expect(await titles()).toEqual([
      'Processor 1 utilisation',
      'Processor 2 utilisation',
      'Gi0/3: received',
      'Memory in use',
    ]);
    const caption = page.locator('.picture figcaption').first();
    expect(await caption.textContent()).toContain('cpu_utilization_ratio cpu=196608');
  });
});
