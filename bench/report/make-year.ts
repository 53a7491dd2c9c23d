/** A process of its own: makes one report from a journal and says what it cost. */
import { systemClock } from '../../lib/clock.ts';
import { parsePeriod } from '../../reports/period.ts';
import { renderReportJson } from '../../reports/report-json.ts';
import { makeReport, sha256 } from '../../storage/make-report.ts';
import { takeTask, tell } from '../processes.ts';

export interface MakeTask {
  readonly folder: string;
  readonly period: string;
  readonly timeZone: string;
}

export interface MakeResult {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The largest the process ever was. */
  readonly peakMb: number;
  readonly documentMb: number;
  readonly documentHash: string;
  readonly devices: number;
  readonly outages: number;
  readonly incidents: number;
}

const MIB = 1024 ** 2;
const KIB_PER_MIB = 1024;

const task = takeTask<MakeTask>();
const parsed = parsePeriod(task.period, task.timeZone);
if (!parsed.ok) throw new Error(parsed.message);
const { period } = parsed;
const startedMs = systemClock.monotonicMs();
const request = { dataFolder: task.folder, period, siteId: null, now: period.to + 86_400_000 };
const made = await makeReport(request);
if (!made.ok) throw new Error(made.message);
const { report } = made.value;
const json = renderReportJson(report);
const seconds = (systemClock.monotonicMs() - startedMs) / 1000;
const { user, system } = process.cpuUsage();
const result: MakeResult = {
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakMb: process.resourceUsage().maxRSS / KIB_PER_MIB,
  documentMb: Buffer.byteLength(json) / MIB,
  documentHash: sha256(json),
  devices: report.devices.length,
  outages: report.outages.count,
  incidents: report.incidents.records.length,
};
tell(result);
