import type { DurationMs } from '../../lib/time.ts';
import { formatPpm } from '../availability.ts';
import type { AvailabilityReport } from '../availability-report.ts';
import { formatLost, formatSpan } from '../format-time.ts';
import type { TierCompliance } from '../response-compliance.ts';
import { type Block, numberColumn, textColumn } from './content.ts';
import type { DocumentWords } from './words.ts';

/** The figures of the period beside those of the one before it. */
export function trendTable(report: AvailabilityReport, words: DocumentWords): Block {
  const { previous, fleet, responses, incidents } = report;
  if (previous === null) return { kind: 'paragraph', text: words.noTrend };
  const span = (ms: DurationMs | null) => (ms === null ? '–' : formatSpan(ms, words));
  const breached = (tiers: readonly TierCompliance[]) =>
    String(tiers.reduce((sum, tier) => sum + tier.breached, 0));
  const rows = [
    [words.serviceFigure, formatPpm(previous.service.ratioPpm), formatPpm(fleet.service.ratioPpm)],
    [words.deviceFigure, formatPpm(previous.device.ratioPpm), formatPpm(fleet.device.ratioPpm)],
    [words.coverage, formatPpm(previous.service.coveragePpm), formatPpm(fleet.service.coveragePpm)],
    [words.used, ...[previous, fleet].map(({ service }) => formatLost(service.usedMs, words))],
    [words.devices, String(previous.deviceCount), String(fleet.deviceCount)],
    [words.incidentCount, String(previous.incidentCount), String(responses.incidentCount)],
    [words.breached, breached(previous.tiers), breached(responses.tiers)],
    [words.toAcknowledge, span(previous.acknowledge.meanMs), span(incidents.acknowledge.meanMs)],
    [words.toResolve, span(previous.resolve.meanMs), span(incidents.resolve.meanMs)],
    [words.pages, String(previous.pages.queued), String(incidents.pages.queued)],
  ];
  return {
    kind: 'table',
    columns: [textColumn('', 3), numberColumn(previous.name), numberColumn(words.thisPeriod)],
    rows,
  };
}
