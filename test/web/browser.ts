import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { createApi } from '../../api/create-api.ts';
import type { ApiDeps } from '../../api/deps.ts';
import type { Config } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { playScene } from '../api/fake-scene.ts';
import { createFakeService, type FakeService } from '../api/fake-service.ts';

const WEB = fileURLToPath(new URL('../../web', import.meta.url));

const CHROMIUM_PATHS = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const chromiumPath = CHROMIUM_PATHS.find((path) => path !== '' && existsSync(path)) ?? null;

/** True on a machine of a user without Chromium; continuous integration must have it. */
export const skipWithoutChromium = chromiumPath === null && process.env.CI !== 'true';
if (skipWithoutChromium)
  console.warn('console tests are skipped: no Chromium found (set CHROMIUM to its path)');

const FLAGS = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
];

async function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('Chromium is needed here: set CHROMIUM to its path');
  return chromium.launch({ executablePath: chromiumPath, args: FLAGS });
}

export interface ConsoleInBrowser {
  /** The folder of the built console. */
  folder(): string;
  serve(options?: ServeOptions): Promise<ServedConsole>;
  open(url: string, options?: PageOptions): Promise<OpenedPage>;
}

/** One browser and one build of this checkout's console, for all tests of the `describe` that asks. */
export function consoleInBrowser(): ConsoleInBrowser {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'threenines-console-'));
    await build({ root: WEB, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
    browser = await launchChromium();
  });

  afterAll(async () => {
    await browser?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  return {
    folder: () => folder,
    serve: (options) => serveConsole(folder, options),
    open: (url, options) => openPage(browser, url, options),
  };
}

export interface ServedConsole {
  readonly url: string;
  readonly service: FakeService;
  /** Takes the service off the network, connections included. */
  stop(): Promise<void>;
  /** Puts it back at the same address. */
  restart(): Promise<void>;
}

export interface ServeOptions {
  readonly config?: Partial<Config>;
  readonly deps?: Partial<ApiDeps>;
  /** What has happened when the page is opened; the scene of all incidents unless told otherwise. */
  readonly prepare?: (service: FakeService) => Promise<void>;
}

/** Serves the console over a fake service on the real clock, until the test ends. */
async function serveConsole(
  consoleFolder: string,
  { prepare = playScene, ...overrides }: ServeOptions = {},
): Promise<ServedConsole> {
  const deps = { ...overrides.deps, consoleFolder };
  const service = await createFakeService(systemClock, { ...overrides, deps });
  await prepare(service);
  let app = createApi(service.deps);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  onTestFinished(() => app.close());
  return {
    url: `http://127.0.0.1:${port}/`,
    service,
    stop: () => app.close(),
    async restart() {
      app = createApi(service.deps);
      await app.listen({ host: '127.0.0.1', port });
    },
  };
}

export interface PageOptions {
  readonly width?: number;
  readonly theme?: 'light' | 'dark';
  readonly language?: 'en-US' | 'zh-CN';
  /** False for an empty page, to be sent to the console by the test. */
  readonly isConsole?: boolean;
  /** The page's timers move only when told to. */
  readonly clock?: boolean;
}

export interface OpenedPage {
  readonly page: Page;
  /** Everything a browser complains about or a hostile text could cause. */
  readonly complaints: string[];
}

/** A fresh browser profile on the console, closed when the test ends. */
async function openPage(
  browser: Browser,
  url: string,
  {
    width = 1280,
    theme = 'light',
    language = 'en-US',
    clock = false,
    isConsole = true,
  }: PageOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: language,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  if (clock) await page.clock.install();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`asked ${request.url()}`);
  });
  await page.addInitScript(
    'addEventListener("securitypolicyviolation", (event) => console.error("CSP", event.violatedDirective, event.blockedURI));',
  );
  if (!isConsole) return { page, complaints };
  await page.goto(url);
  await page.waitForSelector('.counters');
  return { page, complaints };
}

/** Whether anything sticks out to the right, and what. */
export async function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .filter((element) => element.closest('.unseen, .table-frame') === null)
    .map((element) => element.tagName + '.' + element.getAttribute('class'))`);
}

/** The text as a person sees it: hidden parts left out, letter case as shown. */
export function visibleText(locator: Locator): Promise<string> {
  return locator.evaluate((element) => Reflect.get(element, 'innerText'));
}
