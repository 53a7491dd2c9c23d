import type { DomainEvent } from '../../alerting/events.ts';
import type { Language } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { type Period, parsePeriod } from '../../reports/period.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { formatZoned, renderReportText } from '../../reports/report-text.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { usageLine } from './synopses.ts';

/** `threenines report`: availability and response figures of a period, from the journal alone; the service may be running. */
export async function reportCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'report');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const config = loadForCommand(line, configFolder(parsed.values.config, line.environment));
  if (config === null) return 1;
  const period = parsePeriod(String(parsed.values.period ?? ''), config.service.timeZone);
  if (!period.ok) return misunderstood(line, period.message);
  const now = systemClock.now();
  if (now < period.period.from) return misunderstood(line, notBegun(period.period));
  const language = (parsed.values.lang as Language | undefined) ?? config.service.language;
  const folder = dataFolder(parsed.values.data, line.environment, config);
  const opened = readJournal<DomainEvent>(folder);
  if (opened === null || !opened.ok) {
    const reason = opened === null ? `no journal in ${folder} yet` : opened.problem.message;
    line.complain(`threenines: ${reason}`);
    return 1;
  }
  using reader = opened.reader;
  const report = buildAvailabilityReport(reader.entries(), period.period, now);
  line.print(parsed.values.json ? renderReportJson(report) : renderReportText(report, language));
  return 0;
}

function misunderstood(line: CommandLine, reason: string): number {
  line.complain(`threenines: ${reason}\nusage: ${usageLine('report')}`);
  return 2;
}

function notBegun({ name, from, timeZone }: Period): string {
  return `the period ${name} has not begun; it begins at ${formatZoned(from, timeZone)} (${timeZone})`;
}
