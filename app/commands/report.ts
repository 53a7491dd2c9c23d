import type { DomainEvent } from '../../alerting/events.ts';
import type { Language } from '../../config/model.ts';
import { systemClock } from '../../lib/clock.ts';
import { buildAvailabilityReport } from '../../reports/availability-report.ts';
import { parsePeriod } from '../../reports/period.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { renderReportText } from '../../reports/report-text.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';

const USAGE =
  'threenines report --period 2026-11|2026-Q4|2026|2026-W47|2026-11-22 [--config DIR] [--data DIR] [--lang en|zh-CN] [--json]';

/** `threenines report`: availability and response figures of a period, from the journal alone; the service may be running. */
export async function reportCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(
    line,
    {
      period: { type: 'string' },
      config: { type: 'string' },
      data: { type: 'string' },
      lang: { type: 'string' },
      json: { type: 'boolean' },
    },
    USAGE,
  );
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const config = loadForCommand(line, configFolder(parsed.values.config, line.environment));
  if (config === null) return 1;
  const period = parsePeriod(String(parsed.values.period ?? ''), config.service.timeZone);
  const language = languageOf(parsed.values.lang, config.service.language);
  if (!period.ok || language === null) {
    line.complain(`threenines: ${period.ok ? '--lang is en or zh-CN' : period.message}`);
    line.complain(`usage: ${USAGE}`);
    return 2;
  }
  const folder = dataFolder(parsed.values.data, line.environment, config);
  const opened = readJournal<DomainEvent>(folder);
  if (opened === null || !opened.ok) {
    const reason = opened === null ? `no journal in ${folder} yet` : opened.problem.message;
    line.complain(`threenines: ${reason}`);
    return 1;
  }
  using reader = opened.reader;
  const report = buildAvailabilityReport(reader.entries(), period.period, systemClock.now());
  line.print(parsed.values.json ? renderReportJson(report) : renderReportText(report, language));
  return 0;
}

function languageOf(option: string | boolean | undefined, standard: Language): Language | null {
  if (option === undefined) return standard;
  return option === 'en' || option === 'zh-CN' ? option : null;
}
