import { systemClock } from '../../lib/clock.ts';
import { type EpochMs, formatInstant } from '../../lib/time.ts';
import type { LedgerState } from '../../reports/ledger.ts';
import { reportsToFreezeAgain } from '../../storage/missing-amendments.ts';
import { amend, type FrozenReport, readArchive } from '../../storage/report-archive.ts';
import { devicesOutOfService, sayOutOfService } from '../../storage/service-times.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { usageLine } from './synopses.ts';

const REQUIRED = ['devices', 'from', 'to', 'state', 'reason', 'by'] as const;
const LONGEST_TEXT = 1_000;

/**
 * `threenines amend`: writes a correction down. It changes no observation and no frozen report; what
 * is reported from now on counts it, and a frozen report takes it in as its next revision.
 */
export async function amendCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'amend');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { values } = parsed;
  const missing = REQUIRED.filter((key) => String(values[key] ?? '').trim() === '');
  if (missing.length > 0) {
    return misunderstood(line, `an amendment needs ${missing.map((key) => `--${key}`).join(', ')}`);
  }
  const from = instantOf(String(values.from));
  const to = instantOf(String(values.to));
  if (from === null || to === null) {
    return misunderstood(line, '--from and --to are instants such as 2026-11-03T02:00+08:00');
  }
  if (from >= to) return misunderstood(line, '--to is not after --from');
  const now = systemClock.now();
  if (to > now) {
    return misunderstood(line, 'only time that has passed can be corrected; --to is still to come');
  }
  const deviceIds = namesOf(String(values.devices));
  if (deviceIds === null) return misunderstood(line, '--devices has a blank between its commas');
  const [by, reason] = [String(values.by).trim(), String(values.reason).trim()];
  if (by.length > LONGEST_TEXT || reason.length > LONGEST_TEXT) {
    return misunderstood(line, `--by and --reason have at most ${LONGEST_TEXT} characters`);
  }
  const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
  if (config === null) return 1;
  const folder = dataFolder(values.data, line.environment, config);
  const outside = devicesOutOfService(folder, deviceIds, from, to);
  if (!outside.ok || outside.value.length > 0) {
    const why = outside.ok
      ? `no amendment: only time in service can be corrected; ${sayOutOfService(outside.value, from, to)}`
      : outside.message;
    line.complain(`threenines: ${why}`);
    return 1;
  }
  const state = values.state as LedgerState;
  const added = await amend(folder, { at: now, by, reason, deviceIds, from, to, state });
  if (!added.ok) {
    line.complain(`threenines: ${added.message}`);
    return 1;
  }
  const { number } = added.value;
  const archive = readArchive(folder);
  const again = archive.ok ? reportsToFreezeAgain(folder, archive.value, number) : [];
  const frozenReports = again.map(({ period, siteId, revision }) => ({ period, siteId, revision }));
  line.print(
    values.json
      ? JSON.stringify({ ...added.value, frozenReports })
      : `amendment ${number}: ${deviceIds.join(', ')} counted as ${state} from ${formatInstant(from)} to ${formatInstant(to)}`,
  );
  if (!values.json) for (const each of frozenReports) line.print(againLine(each));
  return 0;
}

/** A frozen report stays as it is until somebody makes its next revision. */
function againLine({ period, siteId, revision }: FrozenName): string {
  const site = siteId === null ? '' : ` --site ${siteId}`;
  return `not yet in the frozen report of ${period}${site === '' ? '' : ` of site ${siteId}`} (revision ${revision}); make the next revision: threenines report --period ${period}${site} --freeze`;
}

type FrozenName = Pick<FrozenReport, 'period' | 'siteId' | 'revision'>;

function misunderstood(line: CommandLine, reason: string): number {
  line.complain(`threenines: ${reason}\nusage: ${usageLine('amend')}`);
  return 2;
}

/** Ids between commas, each once; null where there is nothing between two. */
function namesOf(text: string): string[] | null {
  const names = text.split(',').map((name) => name.trim());
  return names.includes('') ? null : [...new Set(names)];
}

/** An instant with its offset; a wall-clock time alone could mean two. Null for anything else. */
function instantOf(text: string): EpochMs | null {
  try {
    return Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null;
  }
}
