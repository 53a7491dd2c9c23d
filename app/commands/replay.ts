import type { DomainEvent } from '../../alerting/events.ts';
import { type Replay, replayJournal } from '../../alerting/replay/replay.ts';
import { topologyOf } from '../../alerting/topology-of.ts';
import type { Config, Language } from '../../config/model.ts';
import type { EpochMs } from '../../lib/time.ts';
import { readJournal } from '../../storage/read-journal.ts';
import { configFolder, dataFolder, loadForCommand } from '../config-folder.ts';
import { type CommandLine, parseOptions } from './command-line.ts';
import { renderReplay } from './replay-text.ts';
import { viewReplay } from './replay-view.ts';
import { usageLine } from './synopses.ts';

const NOT_UNDERSTOOD = 2;

/**
 * `threenines replay`: what would have been graded and paged over the facts of a journal, which is only
 * read. Exit code 1 when it cannot be had, 2 when not understood.
 */
export async function replayCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'replay');
  if (parsed === null || parsed === 'help') return parsed === null ? NOT_UNDERSTOOD : 0;
  const { values, words } = parsed;
  if (words.length > 0) return misunderstood(line, `"${words[0]}" is not understood`);
  const from = instantOf(values.from);
  const to = instantOf(values.to);
  if (from === undefined || to === undefined) {
    return misunderstood(line, '--from and --to are instants such as 2026-11-03T02:00+08:00');
  }
  if (from !== null && to !== null && from >= to) {
    return misunderstood(line, '--to is not after --from');
  }
  const config = loadForCommand(line, configFolder(values.config, line.environment), 'unused');
  if (config === null) return 1;
  const whatIf = values['what-if'];
  const other =
    typeof whatIf === 'string'
      ? loadForCommand(line, configFolder(whatIf, {}), 'unused')
      : undefined;
  if (other === null) return 1;
  const folder = dataFolder(values.data, line.environment, config);
  const replay = replayFolder(folder, { from, to, other: other ?? null });
  if (typeof replay === 'string') {
    line.complain(`threenines: ${replay}`);
    return 1;
  }
  const view = viewReplay(replay, other !== undefined);
  const language = (values.lang ?? config.service.language) as Language;
  const { timeZone } = config.service;
  line.print(values.json ? JSON.stringify(view, null, 2) : renderReplay(view, language, timeZone));
  return 0;
}

interface Wanted {
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly other: Config | null;
}

/** What is there when it begins counts; what a running service writes meanwhile does not. */
function replayFolder(folder: string, { from, to, other }: Wanted): Replay | string {
  const opened = readJournal<DomainEvent>(folder);
  if (opened === null) return `there is no journal in ${folder}`;
  if (!opened.ok) return opened.problem.message;
  using reader = opened.reader;
  const through = reader.lastSequence();
  try {
    const topology = other === null ? null : topologyOf(other);
    const replay = replayJournal((visit) => reader.visitEvents(through, visit), {
      ...{ from, to, topology },
    });
    return replay ?? `the journal in ${folder} has nothing in that time`;
  } catch (error) {
    return `the journal in ${folder} cannot be replayed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** An instant with its offset; null when not given, undefined for anything else. */
function instantOf(text: string | boolean | undefined): EpochMs | null | undefined {
  if (text === undefined) return null;
  try {
    return Temporal.Instant.from(String(text)).epochMilliseconds;
  } catch {
    return undefined;
  }
}

function misunderstood(line: CommandLine, reason: string): number {
  line.complain(`threenines: ${reason}\nusage: ${usageLine('replay')}`);
  return NOT_UNDERSTOOD;
}
