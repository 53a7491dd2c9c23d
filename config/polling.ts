import { type DurationMs, HOUR, MINUTE, SECOND } from '../lib/time.ts';
import { type Findings, inWords, readDuration } from './findings.ts';
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

/** The polling section of threenines.yaml. */
export function readPolling(
  findings: Findings,
  path: Path,
  section: ServiceFile['polling'],
): PollingConfig {
  const read = (key: keyof typeof BOUNDS): DurationMs =>
    readDuration(findings, [...path, key], section[key], BOUNDS[key]);
  const polling: PollingConfig = {
    heartbeatMs: read('heartbeat'),
    fullPollMs: read('fullPoll'),
    timeoutMs: read('timeout'),
    retries: section.retries,
    failuresToConfirm: section.failuresToConfirm,
    successesToClear: section.successesToClear,
    confirmMs: read('confirm'),
    deadlineMs: read('deadline'),
    concurrency: section.concurrency,
  };
  checkPolling(findings, path, polling);
  return polling;
}

/** The polling of one device: the common one, with what the device sets itself. */
export function overridePolling(
  findings: Findings,
  path: Path,
  override: PollingOverride,
  common: PollingConfig,
): PollingConfig {
  const read = (key: keyof typeof BOUNDS, otherwise: DurationMs): DurationMs => {
    const text = override[key];
    return text === undefined
      ? otherwise
      : readDuration(findings, [...path, key], text, BOUNDS[key]);
  };
  const polling: PollingConfig = {
    heartbeatMs: read('heartbeat', common.heartbeatMs),
    fullPollMs: read('fullPoll', common.fullPollMs),
    timeoutMs: read('timeout', common.timeoutMs),
    retries: override.retries ?? common.retries,
    failuresToConfirm: override.failuresToConfirm ?? common.failuresToConfirm,
    successesToClear: override.successesToClear ?? common.successesToClear,
    confirmMs: read('confirm', common.confirmMs),
    deadlineMs: read('deadline', common.deadlineMs),
    concurrency: common.concurrency,
  };
  checkPolling(findings, path, polling);
  return polling;
}

/** Finds values that cannot work together. */
function checkPolling(findings: Findings, path: Path, polling: PollingConfig): void {
  const { heartbeatMs, fullPollMs, timeoutMs, retries, deadlineMs } = polling;
  if (heartbeatMs > fullPollMs) {
    const least = inWords(heartbeatMs);
    findings.error(path, `fullPoll (${inWords(fullPollMs)}) is shorter than heartbeat (${least})`);
  }
  if (deadlineMs > fullPollMs) {
    const most = inWords(fullPollMs);
    findings.error(path, `deadline (${inWords(deadlineMs)}) is longer than fullPoll (${most})`);
  }
  const patienceMs = timeoutMs * (retries + 1);
  if (patienceMs > deadlineMs) {
    const parts = `${retries + 1} × ${inWords(timeoutMs)}`;
    findings.error(
      path,
      `one request may take ${parts} (timeout, retries), longer than deadline (${inWords(deadlineMs)})`,
    );
  }
}
