import type { AuditFinding } from '../alerting/auditor.ts';
import type { Config, Language } from '../config/model.ts';
import { say } from '../lib/local-text.ts';
import { DAY, type DurationMs, type EpochMs, HOUR, MINUTE } from '../lib/time.ts';
import { type Period, periodAt } from '../reports/period.ts';
import type { RecipientRecord, ReportDispatchRecord } from '../storage/report-dispatches.ts';

/** A service that was away does not send reports of long ago: */
const LONGEST_DELAY_MS: DurationMs = 100 * DAY;
/** nor more than so many of a kind. */
const MOST_BEHIND = 3;
/** After a first failure; each one after it waits twice as long, up to the longest. */
const FIRST_RETRY_MS: DurationMs = 10 * MINUTE;
const LONGEST_RETRY_MS: DurationMs = 12 * HOUR;
/** A report that a mail server did not take for so long is left to a person. */
const GIVE_UP_AFTER_MS: DurationMs = 7 * DAY;
/** So long a mail server may be away before it is said that nobody got the report. */
const SAY_NOBODY_AFTER_MS: DurationMs = HOUR;
const MOST_FINDINGS = 20;

/**
 * The periods whose report is due at `now` and was not dispatched yet, in the order in which they
 * ended: over for long enough, not too long ago, and ended after the first entry of the journal. A
 * new installation knows nothing of the months before it, and sends no report of them.
 */
export function duePeriods(
  { reports, service }: Config,
  dispatched: ReadonlyMap<string, unknown>,
  firstEntryAt: EpochMs | null,
  now: EpochMs,
): readonly Period[] {
  if (!reports || firstEntryAt === null) return [];
  const due = reports.every.flatMap((kind) => {
    const over: Period[] = [];
    let { from } = periodAt(kind, now - reports.afterMs, service.timeZone);
    while (over.length < MOST_BEHIND) {
      const period = periodAt(kind, from - 1, service.timeZone);
      if (period.to <= firstEntryAt || now - period.to >= LONGEST_DELAY_MS) break;
      over.push(period);
      from = period.from;
    }
    return over;
  });
  return due
    .filter(({ name }) => !dispatched.has(name))
    .sort((a, b) => a.to - b.to || b.from - a.from);
}

/** When it is sent to this person next; null when it is not: they have it, or it is left to a person. */
export function nextTryAt(
  { at }: ReportDispatchRecord,
  { result, tries, lastTryAt }: RecipientRecord,
): EpochMs | null {
  if (result === 'accepted' || result === 'permanent') return null;
  if (lastTryAt === null) return at;
  const next = lastTryAt + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
  return next - at > GIVE_UP_AFTER_MS ? null : next;
}

/** Who has to be sent a report now: people who are still recipients, of dispatches not too old. */
export function dueRecipients(
  dispatch: ReportDispatchRecord,
  recipients: ReadonlySet<string>,
  now: EpochMs,
): readonly string[] {
  return dispatch.recipients.flatMap((each) => {
    const next = nextTryAt(dispatch, each);
    return next !== null && next <= now && recipients.has(each.personId) ? [each.personId] : [];
  });
}

/** Recipients of newest dispatches whom the report does not reach without a person's help. */
export interface Undelivered {
  readonly count: number;
  /** One for each report, as faults of the service. */
  readonly findings: readonly AuditFinding[];
}

/**
 * Reports that did not reach somebody for good, or nobody at all for an hour. One who is no recipient
 * any more misses nothing. `names`: of the recipients there are, by their ids.
 */
export function findUndelivered(
  dispatches: Iterable<ReportDispatchRecord>,
  names: ReadonlyMap<string, string>,
  now: EpochMs,
): Undelivered {
  let count = 0;
  const findings: AuditFinding[] = [];
  for (const dispatch of dispatches) {
    if (now - dispatch.at >= LONGEST_DELAY_MS) continue;
    const isNobodys =
      now - dispatch.at >= SAY_NOBODY_AFTER_MS &&
      dispatch.recipients.every(({ result }) => result !== 'accepted');
    const missing = dispatch.recipients.filter(
      (each) =>
        names.has(each.personId) &&
        each.result !== 'accepted' &&
        (isNobodys || nextTryAt(dispatch, each) === null),
    );
    if (missing.length === 0) continue;
    count += missing.length;
    findings.push({
      subject: `report:${dispatch.period}`,
      text: say(
        `the report of ${dispatch.period} did not reach ${listed(missing, names, 'en')}`,
        `${dispatch.period} 的报告未送达 ${listed(missing, names, 'zh-CN')}`,
      ),
    });
  }
  return { count, findings: findings.slice(-MOST_FINDINGS) };
}

function listed(
  missing: readonly RecipientRecord[],
  names: ReadonlyMap<string, string>,
  language: Language,
): string {
  const [comma, open, close] = language === 'en' ? [', ', ' (', ')'] : ['、', '（', '）'];
  return missing
    .map(({ personId, detail }) => {
      const name = names.get(personId) ?? personId;
      return detail === null ? name : `${name}${open}${detail[language]}${close}`;
    })
    .join(comma);
}
