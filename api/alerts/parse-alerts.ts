import {
  ALERTMANAGER_TIMEOUT_MS,
  PROMETHEUS_TIMEOUT_MS,
  type ReceivedAlert,
  WEBHOOK_SENDER,
} from '../../alerting/alerts/received-alert.ts';
import type { Config } from '../../config/model.ts';
import { cleanText } from '../../lib/device-text.ts';
import { say } from '../../lib/local-text.ts';
import { type DurationMs, type EpochMs, HOUR } from '../../lib/time.ts';
import { webAddress } from '../../lib/web-address.ts';
import { subjectOfLabels } from './alert-subject.ts';
import { fingerprintOf } from './fingerprint.ts';

/** Alerts in one request. */
export const MOST_ALERTS = 5000;
/** Of each alert: labels that are read, and that are kept. */
const MOST_LABELS = 128;
const MOST_KEPT_LABELS = 32;
const LONGEST_LABEL_NAME = 100;
const LONGEST_LABEL_VALUE = 200;
const LONGEST_NAME = 80;
const LONGEST_SEVERITY = 40;
const LONGEST_TEXT = 300;
/** Annotations of each alert that are kept, and how much of them. */
const MOST_ANNOTATIONS = 16;
const LONGEST_ANNOTATION = 1000;
const LONGEST_ANNOTATIONS = 4000;
/** After a restart an alert has as long again as it had, but not more than this, to be told again. */
const LONGEST_GRACE_MS: DurationMs = HOUR;

export interface ParsedAlerts {
  readonly alerts: readonly ReceivedAlert[];
  /** Where in the body something is wrong, and what was expected; the other alerts are good. */
  readonly errors: readonly { readonly pointer: string; readonly message: string }[];
}

type Fields = Readonly<Record<string, unknown>>;
type Labels = Readonly<Record<string, string>>;

/**
 * What Prometheus posts to `/api/v2/alerts`: labels, annotations, `startsAt`, and an `endsAt` that is
 * past for what is over and says until when the rest is worth something. Without it that is five minutes,
 * as Alertmanager's `resolve_timeout` has it.
 */
export function parsePrometheusAlerts(
  body: readonly unknown[],
  config: Config,
  now: EpochMs,
): ParsedAlerts {
  return collect(
    body,
    '',
    (fields, labels) => {
      const endsAt = instantOf(fields.endsAt);
      const over = endsAt !== null && endsAt <= now ? endsAt : null;
      const life = endsAt === null || over !== null ? lifeUntold(now) : lifeUntil(endsAt, now);
      const alert = alertOf(fields, labels, config, now);
      return { ...alert, ...life, ...senderOf(alert.url), endsAt: over };
    },
    spanProblem,
  );
}

/**
 * Which server it is: `generatorURL` without the expression, which an edit of the rule changes. Servers that
 * send the same alert each have an address of their own, unless one external URL was given to both.
 */
function senderOf(url: string | null): Pick<ReceivedAlert, 'sender'> {
  const address = url === null ? null : URL.parse(url);
  return address === null ? {} : { sender: address.origin + address.pathname };
}

type Life = Pick<ReceivedAlert, 'timeoutMs' | 'endsBy' | 'expiresAt' | 'isExpiryTold'>;

function lifeUntold(now: EpochMs): Life {
  return { timeoutMs: PROMETHEUS_TIMEOUT_MS, expiresAt: now + PROMETHEUS_TIMEOUT_MS };
}

/** A sender that evaluates seldom gives its alerts longer, and needs as long after a restart here. */
function lifeUntil(endsAt: EpochMs, now: EpochMs): Life {
  const timeoutMs = Math.min(Math.max(PROMETHEUS_TIMEOUT_MS, endsAt - now), LONGEST_GRACE_MS);
  const far = endsAt > now + timeoutMs ? { endsBy: endsAt } : {};
  return { timeoutMs, ...far, expiresAt: endsAt, isExpiryTold: true };
}

/**
 * What Alertmanager's webhook posts, version 4, and Grafana's, which says 1. Only what is told as
 * resolved ends; what is missing, or left out of a cut payload (`truncatedAlerts`), ends nothing.
 */
export function parseAlertmanagerAlerts(body: Fields, config: Config, now: EpochMs): ParsedAlerts {
  const list = Array.isArray(body.alerts) ? body.alerts : [];
  return collect(list, '/alerts', (fields, labels) => {
    const isOver = fields.status === 'resolved';
    const life = { timeoutMs: ALERTMANAGER_TIMEOUT_MS, expiresAt: now + ALERTMANAGER_TIMEOUT_MS };
    const alert = alertOf(fields, labels, config, now);
    const { fingerprint } = fields;
    const given = typeof fingerprint === 'string' && /^[0-9a-f]{16}$/.test(fingerprint);
    const key = given ? { fingerprint } : {};
    const endsAt = isOver ? (instantOf(fields.endsAt) ?? now) : null;
    return { ...alert, ...key, ...life, sender: WEBHOOK_SENDER, endsAt };
  });
}

function collect(
  list: readonly unknown[],
  place: string,
  read: (fields: Fields, labels: Labels) => ReceivedAlert,
  check: (fields: Fields) => Problem | null = () => null,
): ParsedAlerts {
  const alerts: ReceivedAlert[] = [];
  const errors: { pointer: string; message: string }[] = [];
  for (const [index, entry] of list.entries()) {
    const problem = problemOf(entry) ?? check(entry as Fields);
    if (problem === null) alerts.push(read(entry as Fields, labelsOf(entry as Fields)));
    else errors.push({ pointer: `${place}/${index}${problem.at}`, message: problem.message });
  }
  return { alerts, errors };
}

interface Problem {
  readonly at: string;
  readonly message: string;
}

/** As Alertmanager has it of what is posted to it. */
function spanProblem({ startsAt, endsAt }: Fields): Problem | null {
  const [from, to] = [instantOf(startsAt), instantOf(endsAt)];
  if (from === null || to === null || to >= from) return null;
  return { at: '/endsAt', message: 'expected an instant that is not before startsAt' };
}

function problemOf(entry: unknown): Problem | null {
  if (!isObject(entry)) return { at: '', message: 'expected an alert, an object' };
  const { labels, startsAt, endsAt } = entry;
  if (!isObject(labels)) return { at: '/labels', message: 'expected an object of texts' };
  const values = Object.values(labels);
  if (values.length === 0) return { at: '/labels', message: 'expected at least one label' };
  if (values.length > MOST_LABELS) {
    return { at: '/labels', message: `expected at most ${MOST_LABELS} labels` };
  }
  if (!values.every((value) => typeof value === 'string')) {
    return { at: '/labels', message: 'expected an object of texts' };
  }
  for (const [name, value] of Object.entries({ startsAt, endsAt })) {
    if (value === undefined || value === null || value === '') continue;
    if (typeof value === 'string' && !Number.isNaN(Date.parse(value))) continue;
    return { at: `/${name}`, message: 'expected an instant as RFC 3339 writes it' };
  }
  return null;
}

/** Labels without a value are none, as Prometheus has it. */
function labelsOf({ labels }: Fields): Labels {
  const given = Object.entries(labels as Labels).filter(([, value]) => value !== '');
  return Object.fromEntries(given);
}

function alertOf(
  fields: Fields,
  labels: Labels,
  config: Config,
  now: EpochMs,
): Omit<ReceivedAlert, 'endsAt' | keyof Life | 'sender'> {
  const own = (name: string) => (Object.hasOwn(labels, name) ? labels[name]! : '');
  const name = cleanText(own('alertname'), LONGEST_NAME) || 'alert';
  const said = summaryOf(fields.annotations) || name;
  return {
    fingerprint: fingerprintOf(labels),
    subjectId: subjectOfLabels(labels, config),
    name,
    severity: cleanText(own('severity') || own('priority'), LONGEST_SEVERITY).toLowerCase(),
    labels: keptLabels(labels),
    annotations: keptAnnotations(fields.annotations),
    url: webAddress(fields.generatorURL),
    text: say(said, said),
    startsAt: instantOf(fields.startsAt) ?? now,
  };
}

function summaryOf(annotations: unknown): string {
  if (!isObject(annotations)) return '';
  for (const name of ['summary', 'description', 'message']) {
    const text = Object.hasOwn(annotations, name) ? annotations[name] : null;
    if (typeof text === 'string' && text.trim() !== '') return cleanText(text, LONGEST_TEXT);
  }
  return '';
}

function keptLabels(labels: Labels): Labels {
  const kept = Object.entries(labels)
    .slice(0, MOST_KEPT_LABELS)
    .map(([name, value]) => [
      cleanText(name, LONGEST_LABEL_NAME),
      cleanText(value, LONGEST_LABEL_VALUE),
    ]);
  return Object.fromEntries(kept);
}

/** Cleaned and cut, all together as well: the journal keeps them as long as the alert lasts. */
function keptAnnotations(given: unknown): Labels {
  if (!isObject(given)) return {};
  const kept: [string, string][] = [];
  let left = LONGEST_ANNOTATIONS;
  for (const [name, value] of Object.entries(given)) {
    if (kept.length >= MOST_ANNOTATIONS) break;
    if (typeof value !== 'string' || value.trim() === '') continue;
    const text = cleanText(value, Math.min(LONGEST_ANNOTATION, left));
    if (text === '' || text.length > left) continue;
    left -= text.length;
    kept.push([cleanText(name, LONGEST_LABEL_NAME), text]);
  }
  return Object.fromEntries(kept);
}

/** Go's zero time, 0001-01-01, is no instant. */
function instantOf(text: unknown): EpochMs | null {
  const at = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) || at <= 0 ? null : at;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
