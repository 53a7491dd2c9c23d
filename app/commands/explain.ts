import { type DevicePlanView, viewPlan } from '../../api/plan-view.ts';
import type { Config, Device, Language } from '../../config/model.ts';
import type { Profile } from '../../config/profile.ts';
import { shippedProfiles } from '../../config/shipped-profiles.ts';
import { type HttpOutcome, systemHttpClient } from '../../lib/http-client.ts';
import { SECOND } from '../../lib/time.ts';
import { configFolder, loadForCommand } from '../config-folder.ts';
import { explainByPolling } from '../explain-by-polling.ts';
import { nearMatches } from '../near-matches.ts';
import { serviceUrl } from '../service-url.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { explainRecordingCommand } from './explain-recording.ts';
import { renderExplanation } from './explain-text.ts';
import { usageLine } from './synopses.ts';

const ANSWER_WITHIN_MS = 10 * SECOND;
const MOST_DEVICES_TO_COMPARE = 150;

/** Where a problem is the reader's, what was asked is not understood. */
const NOT_UNDERSTOOD = 2;

interface Asked {
  readonly word: string;
  readonly asJson: boolean;
  readonly language: Language | null;
}

/**
 * `threenines explain DEVICE`: how a device is polled and why, as the running service knows it.
 * Where none runs, the device is polled from here. Exit code 1 when nobody can tell, 2 for an unknown
 * device.
 */
export async function explainCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'explain');
  if (parsed === null || parsed === 'help') return parsed === null ? NOT_UNDERSTOOD : 0;
  const { url, lang, json, recording } = parsed.values;
  const [word, ...more] = parsed.words;
  if (typeof recording === 'string' && word === undefined) {
    return explainRecordingCommand(line, recording, profilesFor(line, parsed.values.config), {
      asJson: json === true,
      language: (lang as Language) ?? 'en',
    });
  }
  if (word === undefined || more.length > 0) {
    line.complain(`threenines: name one device\nusage: ${usageLine('explain')}`);
    return NOT_UNDERSTOOD;
  }
  const asked: Asked = { word, asJson: json === true, language: (lang as Language) ?? null };
  if (typeof url === 'string') return askAt(line, url.replace(/\/+$/, ''), asked);
  const config = loadForCommand(line, configFolder(parsed.values.config, line.environment));
  return config === null ? 1 : explainConfigured(line, config, asked);
}

/** The shipped profiles, and those of the configuration where one is named. */
function profilesFor(line: CommandLine, folder: string | boolean | undefined): readonly Profile[] {
  if (typeof folder !== 'string') return shippedProfiles();
  return loadForCommand(line, folder)?.profiles ?? shippedProfiles();
}

/** A device of the configuration, by the service that runs with it, else by polling. */
async function explainConfigured(line: CommandLine, config: Config, asked: Asked): Promise<number> {
  const device = deviceOf(config, asked.word);
  if (device === null) {
    return unknown(
      line,
      asked.word,
      config.devices.map(({ id }) => id),
    );
  }
  const show = (view: DevicePlanView) => print(line, view, asked, config.service);
  const base = serviceUrl(config);
  const outcome = await get(`${base}/api/v1/devices/${device.id}/plan`);
  if (outcome.kind === 'response') {
    const answer = parseJson(outcome.body);
    if (outcome.status === 200 && answer !== null) return show(answer as DevicePlanView);
    line.complain(`threenines: ${base}: ${problemOf(answer, outcome.status)}`);
    return 1;
  }
  const note = `No service answers at ${base} (${outcome.failure}): the device was polled from here, first by walking it, then along what that taught.`;
  const explanation = await explainByPolling(config, device);
  if (asked.asJson) line.complain(note);
  else line.print(`${note}\n`);
  show(viewPlan(explanation));
  return explanation.plan === null ? 1 : 0;
}

/** By its id, or by a name or an address that only one has. */
function deviceOf({ devices }: Config, word: string): Device | null {
  const byId = devices.find(({ id }) => id === word);
  if (byId !== undefined) return byId;
  const named = devices.filter(({ name, address }) => name === word || address === word);
  return named.length === 1 ? named[0]! : null;
}

/** A device of the service at that address, whatever configuration it has. */
async function askAt(line: CommandLine, base: string, asked: Asked): Promise<number> {
  const [outcome, summary] = await Promise.all([
    get(`${base}/api/v1/devices/${encodeURIComponent(asked.word)}/plan`),
    get(`${base}/api/v1/summary`),
  ]);
  if (outcome.kind === 'failed') {
    line.complain(`threenines: no service answers at ${base} (${outcome.failure})`);
    return 1;
  }
  const answer = parseJson(outcome.body);
  if (outcome.status === 200 && answer !== null) {
    return print(line, answer as DevicePlanView, asked, {
      timeZone: zoneOf(summary),
      language: 'en',
    });
  }
  if (answer !== null && (outcome.status === 404 || outcome.status === 400)) {
    return unknown(line, asked.word, await idsAt(base));
  }
  line.complain(`threenines: ${base}: ${problemOf(answer, outcome.status)}`);
  return 1;
}

function print(
  line: CommandLine,
  view: DevicePlanView,
  { asJson, language }: Asked,
  standard: { readonly timeZone: string; readonly language: Language },
): number {
  line.print(
    asJson
      ? JSON.stringify(view, null, 2)
      : renderExplanation(view, language ?? standard.language, standard.timeZone),
  );
  return 0;
}

function unknown(line: CommandLine, word: string, ids: readonly string[]): number {
  const near = nearMatches(word, ids);
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(', ')}?`;
  line.complain(`threenines: there is no device "${word}"${hint}`);
  return NOT_UNDERSTOOD;
}

function get(url: string): Promise<HttpOutcome> {
  return systemHttpClient.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    body: '',
    timeoutMs: ANSWER_WITHIN_MS,
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function problemOf(answer: unknown, status: number): string {
  const detail = (answer as { detail?: unknown } | null)?.detail;
  return typeof detail === 'string' ? detail : `it answers ${status}, which is no explanation`;
}

function zoneOf(summary: HttpOutcome): string {
  const answer = summary.kind === 'response' ? parseJson(summary.body) : null;
  const zone = (answer as { timeZone?: unknown } | null)?.timeZone;
  return typeof zone === 'string' ? zone : 'UTC';
}

async function idsAt(base: string): Promise<string[]> {
  const outcome = await get(`${base}/api/v1/devices?limit=${MOST_DEVICES_TO_COMPARE}`);
  const answer = outcome.kind === 'response' ? parseJson(outcome.body) : null;
  const { items } = (answer ?? {}) as { items?: readonly { readonly id: string }[] };
  return (items ?? []).map(({ id }) => id);
}
