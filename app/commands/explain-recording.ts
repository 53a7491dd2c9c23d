import { readFileSync, statSync } from 'node:fs';
import { Registry } from 'prom-client';
import { whyRefused } from '../../collector/doubted-values.ts';
import {
  explainRecording,
  type PoolView,
  type ReadingView,
  type RecordingExplanation,
} from '../../collector/recording/explain-recording.ts';
import { MOST_RECORDING_OCTETS, parseRecording } from '../../collector/recording/snmprec.ts';
import { createSelfMetrics } from '../../collector/self-metrics.ts';
import type { Profile } from '../../config/profile.ts';
import { systemClock } from '../../lib/clock.ts';
import type { CommandLine } from './command-line.ts';
import { RECORDING_WORDS, type RecordingWords } from './recording-words.ts';

/**
 * `threenines explain --recording FILE`: what is understood of a recorded device. Exit code 1 when the
 * file cannot be read or holds no object.
 */
export async function explainRecordingCommand(
  line: CommandLine,
  file: string,
  profiles: readonly Profile[],
  options: { readonly asJson: boolean; readonly language: 'en' | 'zh-CN' },
): Promise<number> {
  const text = readText(line, file);
  if (text === null) return 1;
  const recording = parseRecording(text);
  if (recording.varbinds.length === 0) {
    line.complain(`threenines: ${file} holds no line of the form OID|TAG|VALUE`);
    return 1;
  }
  const explanation = await explainRecording(
    { clock: systemClock, selfMetrics: createSelfMetrics(new Registry()), profiles },
    recording,
  );
  line.print(
    options.asJson
      ? JSON.stringify(explanation, null, 2)
      : render(explanation, RECORDING_WORDS[options.language], options.language),
  );
  return 0;
}

function readText(line: CommandLine, file: string): string | null {
  try {
    if (statSync(file).size > MOST_RECORDING_OCTETS) {
      line.complain(`threenines: ${file} is larger than ${MOST_RECORDING_OCTETS} octets`);
      return null;
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    line.complain(`threenines: ${file} cannot be read (${code})`);
    return null;
  }
}

const MOST_LINES = 60;

function render(
  told: RecordingExplanation,
  words: RecordingWords,
  language: 'en' | 'zh-CN',
): string {
  const { counts } = told;
  const named = [told.vendor, told.model, told.os].filter((part) => part !== '').join(' · ');
  const parts = [
    `${told.sysName ?? words.noName} — ${told.profile}${named === '' ? '' : ` (${named})`}`,
    words.understood(counts.understood, counts.objects),
    ...(counts.unreadableLines === 0 ? [] : [words.unreadable(counts.unreadableLines)]),
    ...(counts.linesLeftOut === 0 ? [] : [words.leftOut(counts.linesLeftOut)]),
    ...told.cut.map(({ table, rows, rowsRead }) => words.cut(table, rows, rowsRead)),
    section(
      words.profiles,
      told.profiles.map(({ id, reason }) => `${id}: ${reason[language]}`),
      words,
    ),
    section(
      words.ports(told.ports.length),
      told.ports.map((port) => `${port.name}  ${port.adminStatus}/${port.operStatus}`),
      words,
    ),
    section(words.processors, told.processors.map(readingLine), words),
    section(words.memory, told.memory.map(poolLine), words),
    section(words.storage, told.storage.map(poolLine), words),
    section(words.readings(told.readings.length), told.readings.map(readingLine), words),
    section(
      words.faults,
      told.faults.map(({ component, level, text }) => `${component} ${level}: ${text[language]}`),
      words,
    ),
    section(
      words.refused(told.refused.length),
      told.refused.map((one) => words.refusedOne(one, whyRefused(one)[language])),
      words,
    ),
    section(
      words.unknown,
      told.unknown.map(({ oid, count }) => words.answered(count, oid)),
      words,
    ),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function section(title: string, lines: readonly string[], words: RecordingWords): string {
  if (lines.length === 0) return '';
  const shown = lines.slice(0, MOST_LINES).map((line) => `  ${line}`);
  const left = lines.length - shown.length;
  return ['', title, ...shown, ...(left > 0 ? [`  ${words.more(left)}`] : [])].join('\n');
}

const GRADE_WORDS = ['ok', 'warning', 'critical', 'unknown'];

function readingLine(reading: ReadingView): string {
  const { title, name, value, unit, state, stateText, class: readingClass } = reading;
  const judged = state === null ? '' : ` [${GRADE_WORDS[state]}]`;
  const shown =
    readingClass === 'state' ? (stateText ?? String(value)) : `${round(value)} ${unit ?? ''}`;
  const scale = reading.scaleApplied === null ? '' : ` ×${reading.scaleApplied}`;
  return `${title}: ${shown}${judged}  (${readingClass}, ${name}${scale})`;
}

function poolLine({ name, value, usedBytes, sizeBytes }: PoolView): string {
  const share = value === null ? '?' : `${Math.round(value * 100)} %`;
  return sizeBytes === null
    ? `${name}: ${share}`
    : `${name}: ${share} (${usedBytes} / ${sizeBytes} B)`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(6)));
}
