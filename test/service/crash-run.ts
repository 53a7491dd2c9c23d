import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { messageId } from '../../alerting/channels/email.ts';
import type { DomainEvent } from '../../alerting/events.ts';
import { systemClock } from '../../lib/clock.ts';
import { type Random, seededRandom } from '../../lib/random.ts';
import { HOUR, MINUTE, SECOND } from '../../lib/time.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { verifyChain } from '../../storage/verify-chain.ts';
import { MailServerRig } from '../pages/mail-server.ts';
import { WebhookReceiver } from '../pages/webhook-receiver.ts';
import { type ConfigFiles, writeConfig } from './service-process.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SIGNING_KEY = 'signing-key-of-some-length';
const MAIL_DOMAIN = 'example.org';
/** A life ends a little after so many requests or mails, whatever the machine can do. */
const MOST_MESSAGES = 12;
const LONGEST_LIFE_MS = 10 * SECOND;
const LONGEST_AFTER_MS = 60;
const SHORTEST_START_MS = 150;
const REST_WITHIN_MS = 2 * MINUTE;

type PageQueued = Extract<DomainEvent, { type: 'page-queued' }>;

/** What a run of kills came to; `problems` is empty when nothing was lost or doubled. */
export interface CrashResult {
  readonly kills: number;
  /** Kills before the service said that it runs. */
  readonly killsAtStart: number;
  readonly alertsTaken: number;
  readonly incidents: number;
  readonly pages: number;
  readonly pagesSent: number;
  /** Requests that the webhook receiver knew by their key. */
  readonly repeatedRequests: number;
  /** Copies of mails that were delivered before; mail has no key that a server would honour. */
  readonly repeatedMails: number;
  readonly problems: readonly string[];
}

/**
 * The running service under `kill -9` at random instants, while alerts come and go, people
 * acknowledge, and pages go out to a webhook that honours the idempotency key and to a mail server.
 * At the end it is left alone, everything is resolved, and the journal is held against what arrived.
 */
export async function runCrashes(
  folder: string,
  kills: number,
  seed: number,
  progress: (text: string) => void = () => {},
): Promise<CrashResult> {
  await using webhook = await WebhookReceiver.start(SIGNING_KEY);
  await using mail = await MailServerRig.start();
  writeConfig(folder, configFor(webhook.url(), mail.port));
  await using run = new CrashRun(folder, seededRandom(seed), { webhook, mail });
  for (let count = 0; count < kills; count++) {
    await run.liveAndDie();
    if (count % 100 === 99) progress(`${count + 1} kills`);
  }
  await run.comeToRest();
  return judge({ folder, run, webhook, mail, kills });
}

function configFor(webhookUrl: string, mailPort: number): ConfigFiles {
  const steps = '[{ after: 0s, people: [duty] }, { after: 2s, people: [lead] }]';
  return {
    'threenines.yaml': 'listen: 127.0.0.1:0\ndataFolder: data\ntimeZone: UTC\n',
    // Nobody answers there, and no rule makes an incident of it.
    'devices.yaml': `
credentials: [{ id: none, version: v2c, community: plain:public }]
sites: [{ id: lab, name: Laboratory }]
devices:
  - { id: switch-1, name: Switch one, address: 127.0.0.1, port: 9, site: lab, role: access,
      credential: none }
`,
    'oncall.yaml': `
people:
  - { id: duty, name: Duty, contacts: [hook, mail duty@example.org] }
  - { id: lead, name: Lead, contacts: [hook, mail lead@example.org] }
channels:
  - { id: hook, kind: webhook, url: "plain:${webhookUrl}", signingKey: "plain:${SIGNING_KEY}" }
  - { id: mail, kind: email, host: 127.0.0.1, port: ${mailPort}, security: none,
      from: threenines@${MAIL_DOMAIN} }
delivery: { mostPages: 10000 }
escalationPolicies:
  - id: standard
    tiers: { 1: ${steps}, 2: ${steps}, 3: ${steps}, 4: ${steps} }
`,
    'grading.yaml': 'rules: [{ id: any-alert, tier: 2, when: { faultKinds: [alert] }, for: 0s }]\n',
  };
}

interface Receivers {
  readonly webhook: WebhookReceiver;
  readonly mail: MailServerRig;
}

class CrashRun implements AsyncDisposable {
  /** Names of alerts that the service has answered 200 for. */
  readonly taken: string[] = [];
  killsAtStart = 0;
  readonly #receivers: Receivers;
  readonly #folder: string;
  readonly #random: Random;
  readonly #asked: string[] = [];
  #firing: string[] = [];
  #child: ChildProcess | null = null;
  #url = '';

  constructor(folder: string, random: Random, receivers: Receivers) {
    this.#receivers = receivers;
    this.#folder = folder;
    this.#random = random;
  }

  async liveAndDie(): Promise<void> {
    const isShort = this.#random.next() < 0.1;
    const started = this.#start();
    if (isShort) {
      await Promise.race([started, pause(SHORTEST_START_MS + this.#random.next() * 500)]);
      if (this.#url === '') this.killsAtStart += 1;
    } else {
      await started;
      const work = this.#work();
      await this.#untilItMatters();
      await this.#kill();
      await work;
      return;
    }
    await this.#kill();
    await started.catch(() => {});
  }

  /** The last life: everything ends, and all that is to be sent is sent. */
  async comeToRest(): Promise<void> {
    await this.#start();
    // An alert whose answer was cut off may be there or not: it is over either way.
    await this.#post(this.#asked, true);
    const until = systemClock.monotonicMs() + REST_WITHIN_MS;
    while (!this.#isAtRest()) {
      if (systemClock.monotonicMs() > until) return;
      await pause(250);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }

  /** A random instant while it is busy: just after some message of its has arrived. */
  async #untilItMatters(): Promise<void> {
    const messages = 1 + Math.floor(this.#random.next() * MOST_MESSAGES);
    const { webhook, mail } = this.#receivers;
    const arrived =
      this.#random.next() < 0.5
        ? webhook.received(webhook.requests.length + messages)
        : mail.connected(mail.connections + messages);
    await Promise.race([arrived, pause(LONGEST_LIFE_MS)]);
    await pause(this.#random.next() * LONGEST_AFTER_MS);
  }

  #isAtRest(): boolean {
    const { open, queued } = standing(eventsIn(this.#folder));
    return open.size === 0 && queued.size === 0;
  }

  async #start(): Promise<void> {
    this.#url = '';
    const child = spawn(process.execPath, ['app/main.ts', 'serve', '--config', this.#folder], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A start costs half of what it does otherwise.
      env: { ...process.env, NODE_COMPILE_CACHE: join(this.#folder, 'compiled') },
    });
    this.#child = child;
    const said: string[] = [];
    child.stderr.on('data', (chunk) => said.push(String(chunk)));
    const closed = once(child, 'close');
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line);
      const found = /^Threenines is running: (http\S+)$/.exec(line);
      if (found === null) continue;
      this.#url = found[1]!;
      child.stdout.resume();
      return;
    }
    await closed;
    if (child.signalCode !== 'SIGKILL') throw new Error(`it ended:\n${said.join('\n')}`);
  }

  async #kill(): Promise<void> {
    const child = this.#child!;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await exited;
  }

  /** Some alerts come, some go, someone acknowledges; what the kill cuts off is not counted. */
  async #work(): Promise<void> {
    try {
      for (let turn = 0; turn < MOST_MESSAGES; turn++) {
        const name = `alert-${this.#asked.length + 1}`;
        this.#asked.push(name);
        await this.#post([name], false);
        this.taken.push(name);
        this.#firing.push(name);
        if (this.#random.next() < 0.5) await this.#acknowledgeOne();
        const over = this.#firing.filter(() => this.#random.next() < 0.3);
        if (over.length === 0) continue;
        await this.#post(over, true);
        this.#firing = this.#firing.filter((each) => !over.includes(each));
      }
    } catch {
      // Killed in the middle.
    }
  }

  async #acknowledgeOne(): Promise<void> {
    const answer = await fetch(`${this.#url}/api/v1/incidents?status=open`);
    const { items } = (await answer.json()) as { items: { id: string }[] };
    const one = items[Math.floor(this.#random.next() * items.length)];
    if (one === undefined) return;
    await fetch(`${this.#url}/api/v1/incidents/${one.id}/acknowledgement`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ by: 'duty' }),
    });
  }

  async #post(names: readonly string[], isOver: boolean): Promise<void> {
    const now = systemClock.now();
    const alerts = names.map((name) => ({
      labels: { alertname: name, severity: 'critical' },
      annotations: { summary: name },
      startsAt: new Date(now - SECOND).toISOString(),
      endsAt: new Date(isOver ? now : now + 10 * HOUR).toISOString(),
    }));
    for (let from = 0; from < alerts.length; from += 100) {
      const response = await fetch(`${this.#url}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts.slice(from, from + 100)),
      });
      if (response.status !== 200) throw new Error(`alerts were refused: ${response.status}`);
    }
  }
}

function eventsIn(folder: string): readonly DomainEvent[] {
  const opened = readJournal<DomainEvent>(join(folder, 'data'));
  if (!opened?.ok) throw new Error(`no journal in ${folder}`);
  using reader = opened.reader;
  return Array.from(reader.entries(), ({ event }) => event);
}

/** What is open and waiting after all that. */
function standing(events: readonly DomainEvent[]) {
  const open = new Set<string>();
  const queued = new Map<string, PageQueued>();
  for (const event of events) {
    if (event.type === 'incident-opened' || event.type === 'incident-reopened')
      open.add(event.incidentId);
    if (event.type === 'incident-resolved') open.delete(event.incidentId);
    if (event.type === 'page-queued') queued.set(event.pageId, event);
    const isOver = event.type === 'page-sent' || event.type === 'page-cancelled';
    if (isOver || event.type === 'page-abandoned') queued.delete(event.pageId);
  }
  return { open, queued };
}

interface Evidence extends Receivers {
  readonly folder: string;
  readonly run: CrashRun;
  readonly kills: number;
}

function judge({ folder, run, webhook, mail, kills }: Evidence): CrashResult {
  const events = eventsIn(folder);
  const problems: string[] = [];
  const pages = new Map<string, PageQueued>();
  const sent = new Set<string>();
  const incidentOf = new Set<string>();
  for (const event of events) {
    if (event.type === 'page-queued') pages.set(event.pageId, event);
    if (event.type === 'page-sent') sent.add(event.pageId);
    if (event.type === 'page-abandoned') problems.push(`given up: ${event.pageId}`);
    if (event.type === 'fault-raised' && event.kind === 'alert') incidentOf.add(event.text.en);
  }
  const { open, queued } = standing(events);
  for (const id of open) problems.push(`still open at the end: ${id}`);
  for (const id of queued.keys()) problems.push(`still waiting at the end: ${id}`);
  for (const name of run.taken)
    if (!incidentOf.has(name)) problems.push(`an alert was taken and is lost: ${name}`);
  const mails = countMails(mail);
  for (const id of sent) {
    const page = pages.get(id)!;
    const arrived =
      page.channelId === 'hook'
        ? webhook.taken.has(id)
        : mailIdsOf(page).some((each) => mails.has(each));
    if (!arrived) problems.push(`counts as sent and never arrived: ${id}`);
  }
  problems.push(...doubled(webhook), ...notToldOfTheEnd(pages, sent));
  if (webhook.badSignatures > 0) problems.push('a request was not signed as it should');
  if (!verifyChain(join(folder, 'data')).ok) problems.push('the chain is broken');
  return {
    ...{ kills, killsAtStart: run.killsAtStart, alertsTaken: run.taken.length },
    incidents: events.filter(({ type }) => type === 'incident-opened').length,
    ...{ pages: pages.size, pagesSent: sent.size },
    repeatedRequests: webhook.requests.length - webhook.taken.size,
    repeatedMails: mail.received.length - mails.size,
    problems,
  };
}

/** Whoever has a page about an incident has one about its end. */
function notToldOfTheEnd(
  pages: ReadonlyMap<string, PageQueued>,
  sent: ReadonlySet<string>,
): readonly string[] {
  const last = new Map<string, PageQueued>();
  for (const [id, page] of pages)
    if (sent.has(id)) last.set(`${page.incidentId} ${page.personId} ${page.channelId}`, page);
  return [...last].flatMap(([who, { kind }]) =>
    kind === 'resolved' ? [] : [`never told of the end: ${who}`],
  );
}

/** The same page under two keys; the first part of a key is the run of the service. */
function doubled(webhook: WebhookReceiver): readonly string[] {
  const runs = new Map<string, string>();
  return [...webhook.taken.keys()].flatMap((key) => {
    const rest = key.slice(key.indexOf('/') + 1);
    const other = runs.get(rest);
    runs.set(rest, key);
    return other === undefined ? [] : [`the same page under two keys: ${other} and ${key}`];
  });
}

/** Of the page by itself, and of a summary that it came in as the first. */
function mailIdsOf({ pageId, at }: PageQueued): readonly string[] {
  return ['page', 'summary'].map((what) => messageId(`${what}/${pageId}/${at}`, MAIL_DOMAIN));
}

function countMails(mail: MailServerRig): ReadonlyMap<string, number> {
  const copies = new Map<string, number>();
  for (const { raw } of mail.received) {
    const [, id = ''] = /^Message-ID: (<[^>]+>)/im.exec(raw) ?? [];
    copies.set(id, (copies.get(id) ?? 0) + 1);
  }
  return copies;
}
