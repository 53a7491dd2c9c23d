import { type DurationMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import type { Draft } from './draft.ts';
import { checkDuration, durationOf, type Findings, inWords } from './findings.ts';
import type { PollingConfig } from './model.ts';
import type { Path } from './problem-text.ts';
import type { PollingOverride, ServiceFile } from './service-schema.ts';

const BOUNDS = {
  heartbeat: { least: SECOND, most: 10 * MINUTE },
  fullPoll: { least: SECOND, most: HOUR },
  timeout: { least: 50, most: 30 * SECOND },
  confirm: { least: 100, most: MINUTE },
  deadline: { least: 500, most: 10 * MINUTE },
} as const;

/** What must fit together; null where it is not known. */
export interface KnownPolling {
  readonly heartbeat: DurationMs | null;
  readonly fullPoll: DurationMs | null;
  readonly timeout: DurationMs | null;
  readonly retries: number | null;
  readonly deadline: DurationMs | null;
  /** Those that nobody has written. */
  readonly defaults: ReadonlySet<PollingKey>;
}

type PollingKey = 'heartbeat' | 'fullPoll' | 'timeout' | 'retries' | 'deadline';
const POLLING_KEYS: readonly PollingKey[] = [
  ...(['heartbeat', 'fullPoll', 'timeout', 'retries', 'deadline'] as const),
];

/** The polling of a threenines.yaml that cannot be read. */
export const UNKNOWN_POLLING: KnownPolling = {
  heartbeat: null,
  fullPoll: null,
  timeout: null,
  retries: null,
  deadline: null,
  defaults: new Set(),
};

/**
 * Checks a polling section beyond its schema: that of threenines.yaml, or, with the common one, that
 * of a device. Only what a section itself says is found there.
 */
export function checkPolling(
  findings: Findings,
  path: Path,
  section: Draft<ServiceFile['polling'] | PollingOverride>,
  common: KnownPolling = UNKNOWN_POLLING,
): KnownPolling {
  const read = (key: keyof typeof BOUNDS): DurationMs | null =>
    checkDuration(findings, [...path, key], section[key], BOUNDS[key]);
  const own = (key: PollingKey) => section[key] !== undefined;
  const isDefault = (key: PollingKey) =>
    own(key) ? !findings.isWritten([...path, key]) : common.defaults.has(key);
  const fullPoll = own('fullPoll') ? read('fullPoll') : common.fullPoll;
  // What nobody has written gives way to what somebody has.
  const within = (key: 'heartbeat' | 'deadline', value: DurationMs | null) =>
    isDefault(key) && value !== null ? Math.min(value, fullPoll ?? value) : value;
  const known: KnownPolling = {
    heartbeat: within('heartbeat', own('heartbeat') ? read('heartbeat') : common.heartbeat),
    fullPoll,
    timeout: own('timeout') ? read('timeout') : common.timeout,
    retries: section.retries === undefined ? common.retries : section.retries,
    deadline: within('deadline', own('deadline') ? read('deadline') : common.deadline),
    defaults: new Set(POLLING_KEYS.filter(isDefault)),
  };
  read('confirm');
  checkTogether(findings, path, known, own);
  return known;
}

/** Finds values that cannot work together. */
function checkTogether(
  findings: Findings,
  path: Path,
  known: KnownPolling,
  own: (key: PollingKey) => boolean,
): void {
  const { heartbeat, fullPoll, timeout, retries, deadline, defaults } = known;
  const isOwn = (...keys: PollingKey[]) => keys.some(own);
  // Whoever has not written a value looks for it in vain.
  const told = (key: PollingKey, value: string) =>
    `${key} (${value}${defaults.has(key) ? ' by default' : ''})`;
  const isAbove = (value: number | null, limit: number | null) =>
    value !== null && limit !== null && value > limit;
  if (isOwn('heartbeat', 'fullPoll') && isAbove(heartbeat, fullPoll)) {
    const message = `${told('fullPoll', inWords(fullPoll!))} is shorter than ${told('heartbeat', inWords(heartbeat!))}`;
    findings.error(path, message);
  }
  if (isOwn('deadline', 'fullPoll') && isAbove(deadline, fullPoll)) {
    const message = `${told('deadline', inWords(deadline!))} is longer than ${told('fullPoll', inWords(fullPoll!))}`;
    findings.error(path, message);
  }
  const patience = timeout === null || retries === null ? null : timeout * (retries + 1);
  if (isOwn('timeout', 'retries', 'deadline') && isAbove(patience, deadline)) {
    const parts = `${retries! + 1} × ${inWords(timeout!)}`;
    const message = `one request may take ${parts} (timeout, retries), longer than ${told('deadline', inWords(deadline!))}`;
    findings.error(path, message);
  }
}

/** The polling section of a threenines.yaml without errors. */
export function derivePolling(section: ServiceFile['polling']): PollingConfig {
  const fullPollMs = durationOf(section.fullPoll);
  return {
    heartbeatMs: Math.min(durationOf(section.heartbeat), fullPollMs),
    fullPollMs,
    timeoutMs: durationOf(section.timeout),
    retries: section.retries,
    failuresToConfirm: section.failuresToConfirm,
    successesToClear: section.successesToClear,
    confirmMs: durationOf(section.confirm),
    deadlineMs: Math.min(durationOf(section.deadline), fullPollMs),
    concurrency: section.concurrency,
    threads: section.threads ?? null,
  };
}

/** The polling of one device: the common one, with what the device sets itself. */
export function overridePolling(override: PollingOverride, common: PollingConfig): PollingConfig {
  const read = (text: string | undefined, otherwise: DurationMs): DurationMs =>
    text === undefined ? otherwise : durationOf(text);
  const fullPollMs = read(override.fullPoll, common.fullPollMs);
  return {
    heartbeatMs: Math.min(read(override.heartbeat, common.heartbeatMs), fullPollMs),
    fullPollMs,
    timeoutMs: read(override.timeout, common.timeoutMs),
    retries: override.retries ?? common.retries,
    failuresToConfirm: override.failuresToConfirm ?? common.failuresToConfirm,
    successesToClear: override.successesToClear ?? common.successesToClear,
    confirmMs: read(override.confirm, common.confirmMs),
    deadlineMs: Math.min(read(override.deadline, common.deadlineMs), fullPollMs),
    concurrency: common.concurrency,
    threads: common.threads,
  };
}
