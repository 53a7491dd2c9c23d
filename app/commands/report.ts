import { writeFileSync } from 'node:fs';
import type { Config, Language } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import type { EpochMs } from '../../lib/time.ts';
import { sayAmendments } from '../../reports/amendments.ts';
import type { CsvTable } from '../../reports/documents/render-csv.ts';
import { formatZoned } from '../../reports/format-time.ts';
import { type Period, parsePeriod, periodAt } from '../../reports/period.ts';
import { freezeReport, makeReport, type ReportProgress } from '../../storage/make-report.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { freezeWaitMs } from '../freeze-wait.ts';
import { type ReportFormat, renderReport } from '../render-report.ts';
import { type CommandLine, type ParsedOptions, parseOptions } from './command-line.ts';
import { usageLine } from './synopses.ts';

/** As `--out`, as other tools have it: no file of that name. */
const STANDARD_OUTPUT = '-';

/**
 * `threenines report`: availability and response figures of a period, from the journal alone; the
 * service may be running. A site's report is of periods in its own zone.
 */
export async function reportCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'report');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { values } = parsed;
  const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
  if (config === null) return 1;
  const now = systemClock.now();
  const wanted = wantedPeriod(values, config, now);
  if (!wanted.ok) return misunderstood(line, wanted.message);
  if (now < wanted.period.from) return misunderstood(line, notBegun(wanted.period));
  const format = (values.json ? 'json' : (values.format ?? 'text')) as ReportFormat;
  const out = values.out === undefined ? null : String(values.out);
  if (format === 'pdf' && out === null) {
    return misunderstood(line, 'a PDF goes to a file, --out FILE, or to a pipe, --out -');
  }
  const request = {
    dataFolder: dataFolder(values.data, line.environment, config),
    period: wanted.period,
    siteId: wanted.siteId,
    now,
  };
  const by = line.environment.USER ?? 'command line';
  const progress = showProgress(line);
  const made = values.freeze
    ? await freezeReport(request, { by, waitMs: freezeWaitMs(config) }, progress)
    : await makeReport(request, progress);
  if (!made.ok) {
    line.complain(`threenines: ${made.message}`);
    return 1;
  }
  const { frozen, missingAmendments } = made.value;
  if (frozen !== null && missingAmendments.length > 0) {
    line.complain(
      `threenines: warning: not yet in revision ${frozen.revision} of ${frozen.period}: ${sayAmendments(missingAmendments)}; --freeze makes the next one`,
    );
  }
  const language = (values.language ?? values.lang ?? config.service.language) as Language;
  const table = (values.table ?? 'devices') as CsvTable;
  const document = await renderReport(made.value, { format, language, table });
  return hand(line, document, out);
}

function hand(line: CommandLine, document: string | Uint8Array, out: string | null): number {
  if (out === null || out === STANDARD_OUTPUT) {
    if (typeof document === 'string') line.print(document);
    else line.printBytes?.(document);
    return 0;
  }
  try {
    writeFileSync(out, document);
  } catch (error) {
    line.complain(`threenines: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
  line.print(`wrote ${out}`);
  return 0;
}

type WantedPeriod =
  | { readonly ok: true; readonly period: Period; readonly siteId: string | null }
  | { readonly ok: false; readonly message: string };

/** The running month where none is named. */
function wantedPeriod(values: ParsedOptions['values'], config: Config, now: EpochMs): WantedPeriod {
  const siteId = values.site === undefined ? null : String(values.site);
  const site = config.sites.find(({ id }) => id === siteId);
  if (siteId !== null && site === undefined) {
    return { ok: false, message: `there is no site "${siteId}"` };
  }
  const zone = site?.timeZone ?? config.service.timeZone;
  if (values.period === undefined)
    return { ok: true, period: periodAt('month', now, zone), siteId };
  const parsed = parsePeriod(String(values.period), zone);
  return parsed.ok ? { ...parsed, siteId } : parsed;
}

/** Long jobs say how far they are, to people only: a pipe gets nothing but the report. */
function showProgress(line: CommandLine): ReportProgress {
  let shown = 0;
  return (done, all) => {
    const percent = all === 0 ? 100 : Math.floor((done * 100) / all);
    if (process.stderr.isTTY !== true || percent < shown + 10) return;
    shown = percent;
    line.complain(`threenines: ${percent} % of ${all} entries`);
  };
}

function misunderstood(line: CommandLine, reason: string): number {
  line.complain(`threenines: ${reason}\nusage: ${usageLine('report')}`);
  return 2;
}

function notBegun({ name, from, timeZone }: Period): string {
  return `the period ${name} has not begun; it begins at ${formatZoned(from, timeZone)} (${timeZone})`;
}
