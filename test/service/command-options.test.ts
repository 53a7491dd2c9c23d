import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CommandLine, parseOptions } from '../../app/commands/command-line.ts';
import { dashboardsCommand } from '../../app/commands/dashboards.ts';
import { reportCommand } from '../../app/commands/report.ts';
import { type CommandName, SYNOPSES } from '../../app/commands/synopses.ts';
import { usage } from '../../app/commands/usage.ts';

interface Said extends CommandLine {
  readonly out: string[];
  readonly err: string[];
}

function commandLine(...args: string[]): Said {
  const out: string[] = [];
  const err: string[] = [];
  const print = (text: string) => void out.push(text);
  return { args, environment: {}, print, complain: (text) => void err.push(text), out, err };
}

/** Command, option and a value that the help offers for it, as read out of the help. */
function offered(): readonly [CommandName, string, ...string[]][] {
  const lines = usage().split('\n');
  return lines.flatMap((line) => {
    const [, name, rest] = /^ {2}threenines (\w+)(.*)$/.exec(line) ?? [];
    return Array.from((rest ?? '').matchAll(/(--[\w-]+)(?: ([\w|-]+))?/g), ([, option, value]) => {
      const first = value === undefined ? [] : [value.split('|')[0]!];
      return [name as CommandName, option!, ...first] as [CommandName, string, ...string[]];
    });
  });
}

describe('what the help names', () => {
  test('covers every command', () => {
    expect(new Set(offered().map(([name]) => name))).toEqual(new Set(Object.keys(SYNOPSES)));
  });

  test.each(offered())('%s takes %s', (name, ...args) => {
    const line = commandLine(...args);
    expect(parseOptions(line, name)).toMatchObject({ words: [] });
    expect(line.err).toEqual([]);
  });

  test('is checked: a word that an option does not take is refused with those it does', () => {
    const line = commandLine('--lang', 'fr');
    expect(parseOptions(line, 'report')).toBeNull();
    expect(line.err.join()).toContain(
      '--lang is en or zh-CN\nusage: threenines report [--period P]',
    );
  });
});

describe('threenines dashboards', () => {
  test('writes the language that is named, or both', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'threenines-boards-'));
    try {
      expect(await dashboardsCommand(commandLine('--out', folder, '--lang', 'zh-CN'))).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['fault-rules.yml', 'rules.yml', 'zh-CN']);
      expect(await dashboardsCommand(commandLine('--out', folder))).toBe(0);
      expect(readdirSync(folder).sort()).toEqual(['en', 'fault-rules.yml', 'rules.yml', 'zh-CN']);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('threenines report', () => {
  test('says of a period to come when it begins', async () => {
    const line = commandLine('--period', '9000-12');
    expect(await reportCommand(line)).toBe(2);
    expect(line.err.join()).toContain(
      'the period 9000-12 has not begun; it begins at 9000-12-01 00:00:00 +08:00 (Asia/Shanghai)',
    );
    expect(line.out).toEqual([]);
  });

  test('is of the month that runs, in the zone of the configuration, where none is named', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'threenines-report-'));
    try {
      const line = commandLine('--data', folder, '--json');
      // Past the reading of the period: there is no journal in that folder.
      expect(await reportCommand(line)).toBe(1);
      expect(line.err.join()).toContain(`no journal in ${folder} yet`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
