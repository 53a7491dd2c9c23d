import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { say } from '../../lib/local-text.ts';
import { SECOND } from '../../lib/time.ts';
import { fakeCollector } from '../api/fake-collector.ts';
import { fakeConfig } from '../api/fake-config.ts';
import { addIncident } from '../api/fake-incidents.ts';
import { consoleInBrowser, skipWithoutChromium, sticksOut, visibleText } from './browser.ts';

/** For what the page does by itself within a second or two: a busy machine may take longer. */
const SOON = { timeout: 20 * SECOND };
const LARGEST_FIRST_LOAD_BYTES = 60 * 1024;

describe.skipIf(skipWithoutChromium)('the console', () => {
  const { folder, serve, open } = consoleInBrowser();

  it('loads within its budget and without a complaint', async () => {
    const { url } = await serve();
    const { page, complaints } = await open(url);
    await page.waitForSelector('.live-state.is-live');
    expect(await page.locator('.card').count()).toBe(4);
    expect(await page.locator('.device-row').count()).toBe(23);
    expect(complaints).toEqual([]);
    // What is drawn with is loaded when the first picture is.
    const first = await readFile(join(folder(), 'index.html'), 'utf8');
    const all = await readdir(join(folder(), 'assets'));
    const assets = all.filter((name) => first.includes(name));
    expect(assets.length).toBeGreaterThan(1);
    const sizes = await Promise.all(
      assets.map(async (name) => gzipSync(await readFile(join(folder(), 'assets', name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(LARGEST_FIRST_LOAD_BYTES);
  });

  it('shows the worst incident first: tier in both languages, why, and a clock that runs', async () => {
    const { url } = await serve();
    const { page } = await open(url);
    const card = page.locator('.card').first();
    await card.waitFor();
    const text = await visibleText(card);
    expect(text).toContain('Critical');
    expect(text).toContain('特别重大');
    expect(text).toContain('because aggregation agg-harbour has no redundant path');
    expect(text).toContain('5 devices without another path');
    expect(text).toContain('Duty engineer, Second on call');
    const words = card.locator('.clock-words strong');
    const before = await visibleText(words);
    expect(before).toMatch(/^[67]:\d\d left to acknowledge$/);
    await expect.poll(() => visibleText(words), SOON).not.toBe(before);
    const overdue = page.locator('.card.tier-4 .clock-words strong');
    expect(await visibleText(overdue)).toMatch(/^Overdue by \d+:\d\d$/);
  });

  it('tells what is over as what it was', async () => {
    const { url } = await serve();
    const { page } = await open(url);
    await page.locator('.resolved-row').first().click();
    const panel = page.locator('.panel');
    await expect.poll(() => visibleText(panel), SOON).toContain('because at that time:');
    expect(await visibleText(panel)).toContain('First seen');
    await page.getByRole('button', { name: '简体中文' }).click();
    await expect.poll(() => visibleText(panel), SOON).toContain('当时原因：');
    expect(await visibleText(panel)).toContain('首次发现');
  });

  it('acknowledges as the person chosen, and remembers who that is', async () => {
    const { url, service } = await serve();
    const { page, complaints } = await open(url);
    const buttons = page.locator('.card .button-main');
    await buttons.first().click();
    await page.locator('dialog .choice', { hasText: 'Second on call' }).click();
    await page.waitForSelector('.card.tier-1.is-acknowledged');
    expect(service.commands).toEqual([
      {
        type: 'acknowledge',
        incidentId: 'inc-000006',
        by: 'duty-second',
        via: 'console',
        episode: 1,
      },
    ]);
    await page.reload();
    await page.locator('.card.tier-2 .button-main').click();
    await page.waitForSelector('.card.tier-2.is-acknowledged');
    expect(service.commands.at(-1)).toMatchObject({ incidentId: 'inc-000005', by: 'duty-second' });
    expect(complaints).toEqual([]);
  });

  it('says who was first when somebody else acknowledged meanwhile', async () => {
    const { url, service } = await serve();
    const { page } = await open(url);
    await page.locator('.card.tier-1 .button-main').click();
    const incident = service.state.incidents.get('inc-000006')!;
    incident.acknowledgedAt = service.deps.clock.now();
    incident.acknowledgedBy = 'shift-lead';
    await page.locator('dialog .choice').first().click();
    const result = page.locator('.card.tier-1 .result-bad');
    await result.waitFor();
    expect(await visibleText(result)).toBe('Shift lead has already acknowledged it');
  });

  it('says why a command was not carried out, in the language of its reader', async () => {
    const { url, stop } = await serve();
    const { page } = await open(url, { language: 'zh-CN' });
    const buttons = page.locator('.card.tier-1 .button-main');
    const result = page.locator('.card.tier-1 .result-bad');
    const refusals = [
      ['urn:threenines:no-such-person', '重新选择身份'],
      ['urn:threenines:still-failing', '起因仍未消除'],
      ['about:blank', '请重试'],
    ] as const;
    await buttons.click();
    await page.locator('dialog .button-plain').click();
    for (const [type, sentence] of refusals) {
      await page.route('**/acknowledgement', (route) =>
        route.fulfill({ status: 422, json: { type, title: 'No', status: 422 } }),
      );
      await buttons.click();
      const question = page.locator('dialog .choice');
      if (type === refusals[0][0]) await question.first().click();
      await expect.poll(() => visibleText(result), SOON).toContain(sentence);
      await page.unroute('**/acknowledgement');
    }
    await stop();
    await buttons.click();
    await expect.poll(() => visibleText(result), SOON).toContain('服务没有应答');
  });

  it('says of an incident that is open but fails no more that it settles', async () => {
    const { url, service } = await serve();
    const incident = service.state.incidents.get('inc-000006')!;
    incident.members.clear();
    incident.restoredAt = service.deps.clock.now() - 65 * SECOND;
    const { page } = await open(url);
    const card = page.locator('.card.tier-1');
    await card.waitFor();
    expect(await visibleText(card)).toContain('works again for 1 min');
  });

  it('follows the network without being asked', async () => {
    const { url, service } = await serve();
    const { page } = await open(url);
    await page.waitForSelector('.live-state.is-live');
    const now = service.deps.clock.now();
    service.setHealth('core-1', 'down', now);
    await service.record({
      ...{ type: 'health-changed', at: now, deviceId: 'core-1', from: 'up', to: 'down' },
      ...{ since: now, reason: 'confirmed-failure' },
    });
    await page.waitForSelector('.device-row.health-down:has-text("core-1")');
    await addIncident(service, {
      ...{
        number: 7,
        tier: 2,
        rootFaultKey: 'core-1/*/device-down',
        text: say('no answer', '无应答'),
      },
      ...{ openedAt: now, because: { en: 'core core-1 is down', 'zh-CN': '核心设备中断' } },
    });
    await page.waitForSelector('.card:has-text("inc-000007")');
    expect(await page.title()).toBe('(4) Threenines');
    await page.waitForSelector(
      '[aria-live]:has-text("New tier 2 incident: core-1: not answering")',
      {
        state: 'attached',
      },
    );
  });

  it('shows nothing in green when its data is old', async () => {
    const { url, service } = await serve();
    service.state.leaseAt = service.deps.clock.now() - 300_000;
    const { page } = await open(url);
    const banner = page.locator('.banner-warning');
    await banner.waitFor();
    expect(await visibleText(banner)).toContain('5 min old');
    await page.waitForSelector('.device-row.health-up');
    const colours: string[] = await page.evaluate(
      `[...document.querySelectorAll('.health-mark .shape')].map((mark) => getComputedStyle(mark).fill)`,
    );
    expect(new Set(colours)).toEqual(new Set(['rgba(0, 0, 0, 0)']));
    expect(await visibleText(page.locator('.live-state').first())).toBe('Out of date');
    service.state.leaseAt = service.deps.clock.now();
    await service.record({ type: 'lease-renewed', at: service.deps.clock.now() });
    await banner.waitFor({ state: 'detached' });
  });

  it('says that it lost the service, comes back by itself and misses nothing', async () => {
    const { url, service, stop, restart } = await serve();
    const { page } = await open(url);
    await page.waitForSelector('.live-state.is-live');
    await stop();
    await page.waitForSelector('.live-state:has-text("Reconnecting")');
    await page.waitForSelector('.frame.is-stale');
    const now = service.deps.clock.now();
    await addIncident(service, {
      ...{
        number: 7,
        tier: 3,
        rootFaultKey: 'core-1/fan:1/fan',
        text: say('fan 1 stopped', '风扇 1 已停转'),
      },
      ...{ openedAt: now, because: { en: 'fan', 'zh-CN': '风扇' } },
    });
    await restart();
    await page.waitForSelector('.live-state.is-live');
    await page.waitForSelector('.card:has-text("inc-000007")');
  });

  it('gives its connection back while nobody sees it, and catches up when it is shown', async () => {
    const { url, service } = await serve();
    const { page } = await open(url, { clock: true });
    await page.waitForSelector('.live-state.is-live');
    const show = (state: string) =>
      page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'))`);
    const clients = async () =>
      /^threenines_sse_clients (\d+)$/m.exec(await (await fetch(`${url}metrics`)).text())![1];
    expect(await clients()).toBe('1');
    await show('hidden');
    await page.clock.runFor(31_000);
    await expect.poll(clients, SOON).toBe('0');
    service.setHealth('core-1', 'down', service.deps.clock.now());
    await show('visible');
    await page.clock.runFor(5000);
    await page.waitForSelector('.live-state.is-live');
    await page.waitForSelector('.device-row.health-down:has-text("core-1")');
    expect(await clients()).toBe('1');
  });

  it('opens an incident and a device beside the overview, by keyboard too', async () => {
    const { url } = await serve();
    const { page, complaints } = await open(url);
    await page.locator('.card.tier-1 h3 a').press('Enter');
    const panel = page.locator('.panel');
    await panel.locator('.timeline').first().waitFor();
    const text = await visibleText(panel);
    expect(text).toContain('Opened as tier 1 critical because');
    expect(text).toContain('Page to Second on call handed over to inbox');
    expect(text).toContain('Times in Asia/Shanghai (GMT+8)');
    expect(page.url()).toContain('#/incidents/inc-000006');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    const focused = () => page.evaluate('document.activeElement.textContent');
    await expect.poll(focused, SOON).toBe('agg-harbour: not answering');
    await page.goto(`${url}#/devices/ups-hill`);
    await panel.locator('table').first().waitFor();
    expect(await visibleText(panel)).toContain('battery charge');
    await page.goto(`${url}#/devices/nobody`);
    await panel.locator('text=There is nothing under this address.').waitFor();
    expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
  });

  it('writes a note into the timeline', async () => {
    const { url } = await serve();
    const { page } = await open(`${url}#/incidents/inc-000003`);
    await page.locator('#note').fill('spare part is on its way');
    await page.locator('.note button[type=submit]').click();
    await page.locator('dialog .choice').first().click();
    await page.waitForSelector('.timeline:has-text("Duty engineer: spare part is on its way")');
    expect(await page.locator('#note').inputValue()).toBe('');
  });

  it('says beside the note why an incident could not be resolved', async () => {
    const { url } = await serve();
    const { page } = await open(`${url}#/incidents/inc-000006`);
    const problem = { type: 'urn:threenines:still-failing', title: 'No', status: 409 };
    await page.route('**/resolution', (route) => route.fulfill({ status: 409, json: problem }));
    await page.locator('.note textarea').fill('Splice done');
    await page.locator('.note button', { hasText: 'Resolve' }).click();
    await page.locator('dialog .choice').first().click();
    const result = page.locator('.note .result-bad');
    await result.waitFor();
    expect(await visibleText(result)).toContain('still failing');
    expect(await page.locator('.result-bad').count()).toBe(1);
  });

  it('filters devices by state and text', async () => {
    const { url } = await serve();
    const { page } = await open(url);
    const rows = page.locator('.device-row');
    await page.locator('.filter select').selectOption('not-up');
    await expect.poll(() => rows.count(), SOON).toBe(10);
    await page.keyboard.press('Escape');
    await page.locator('body').press('/');
    await page.keyboard.type('dns');
    await expect.poll(() => rows.count(), SOON).toBe(1);
  });

  it('breaks and mends the demo network', async () => {
    const { url, service } = await serve();
    const { page } = await open(url);
    await page.locator('.lab-button', { hasText: 'Cut the mains of ups-hill' }).click();
    await page.locator('.lab-button.is-broken').click();
    await expect
      .poll(() => service.labLog)
      .toEqual(['fail ups-hill mains', 'restore ups-hill mains']);
  });

  it('shows neither the demo banner nor its buttons for a real network', async () => {
    const service = { ...fakeConfig().service, demo: false };
    const { url } = await serve({ config: { service }, deps: { lab: null } });
    const { page, complaints } = await open(url);
    await page.waitForSelector('.card');
    expect(await page.locator('.banner').count()).toBe(0);
    expect(await page.locator('.lab').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('is calm when nothing is wrong, and plain when nothing was observed yet', async () => {
    const { url } = await serve({ prepare: async () => {} });
    const { page, complaints } = await open(url);
    await page.waitForSelector('text=No open incidents.');
    expect(await visibleText(page.locator('.banner').first())).toContain(
      'Nothing has been observed yet',
    );
    expect(complaints).toEqual([]);
  });

  it('shows hostile names as the text they are', async () => {
    const evil = '<img src=x onerror=alert(1)>"\'><script>alert(2)</script>';
    const config = fakeConfig();
    const devices = config.devices.map((device) =>
      device.id === 'agg-harbour' ? { ...device, name: evil } : device,
    );
    const people = config.people.map((person) => ({ ...person, name: `${evil} ${person.id}` }));
    const sites = config.sites.map((site) => ({ ...site, name: `${evil} ${site.id}` }));
    const texts = { sysName: evil, sysDescr: 'javascript:alert(3)', portAlias: evil };
    const collector = fakeCollector(() => config, Date.UTC(2026, 0, 1), texts);
    const { url, service } = await serve({
      config: { devices, people, sites },
      deps: { collector },
    });
    await service.record({
      ...{ type: 'incident-noted', at: service.deps.clock.now(), incidentId: 'inc-000006' },
      ...{ by: 'shift-lead', text: evil },
    });
    service.inbox[0] = { ...service.inbox[0]!, subject: evil, text: evil };
    const { page, complaints } = await open(url);
    await page.waitForSelector(`.card h3 a:text-is(${JSON.stringify(`${evil}: not answering`)})`);
    await page.locator('.inbox summary').first().click();
    await page.goto(`${url}#/devices/agg-harbour`);
    await page.waitForSelector('.panel table');
    await page.goto(`${url}#/incidents/inc-000006`);
    await page.waitForSelector('.panel .timeline');
    await page.locator('.card .button-main').first().click();
    await page.waitForSelector('dialog');
    expect(await page.locator('img, body script, iframe').count()).toBe(0);
    expect(await page.locator('a[href^="javascript:"]').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['en-US', ['How it is polled', '2 requests for 50 objects', '2 read in every poll']],
    ['zh-CN', ['如何轮询', '2 个请求，50 个对象', '2 列每次读取']],
  ] as const)('shows how a device is polled, on a phone too, in %s', async (language, words) => {
    const { url } = await serve();
    const { page } = await open(`${url}#/devices/core-1`, { width: 390, language });
    const plan = page.locator('.poll-plan');
    await plan.waitFor();
    const part = await visibleText(page.locator('.panel-part', { has: plan }));
    for (const word of words) expect(part).toContain(word);
    expect(part).not.toContain('ifHCInOctets');
    await plan.locator('summary').first().click();
    expect(await visibleText(plan)).toContain('ifHCInOctets');
    expect(await sticksOut(page)).toEqual([]);
  });

  it.each([
    ['en-US', ['232500: would be 232500 V, which is not possible', '2325: with the factor 0.1']],
    ['zh-CN', ['232500：换算为 232500 V，不可能出现', '2325：按系数 0.1 为 232.5 V']],
  ] as const)('shows what was not believed as it was sent, in %s', async (language, words) => {
    const { url } = await serve();
    const { page } = await open(`${url}#/devices/core-1`, { width: 390, language });
    const doubted = page.locator('.doubted-values');
    await doubted.waitFor();
    const text = await visibleText(doubted);
    for (const word of words) expect(text).toContain(word);
    expect(await sticksOut(page)).toEqual([]);
  });

  it.each(['en-US', 'zh-CN'] as const)('fits a phone of 360 px in %s', async (language) => {
    const { url } = await serve();
    const { page } = await open(url, { width: 360, language });
    await page.waitForSelector('.device-row');
    expect(await sticksOut(page)).toEqual([]);
    const box = await page.locator('.card .button-main').first().boundingBox();
    expect(box!.height).toBeGreaterThanOrEqual(48);
    expect(box!.width).toBeGreaterThan(250);
    for (const hash of ['#/incidents/inc-000006', '#/devices/ups-hill']) {
      await page.goto(url + hash);
      await page.waitForSelector('.panel-body');
      expect(await sticksOut(page)).toEqual([]);
    }
  });
});
