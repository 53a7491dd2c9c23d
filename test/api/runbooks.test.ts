import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { dashboardsCommand } from '../../app/commands/dashboards.ts';
import { openApi } from './open-api.ts';

function runbookUrls(file: string): Map<string, string> {
  const path = fileURLToPath(new URL(`../../dashboards/out/${file}`, import.meta.url));
  const { groups } = parse(readFileSync(path, 'utf8'));
  const rules = groups.flatMap((group: { rules: object[] }) => group.rules);
  return new Map(
    rules.flatMap((rule: { alert?: string; annotations: { runbook_url: string } }) =>
      rule.alert === undefined ? [] : [[rule.alert, rule.annotations.runbook_url]],
    ),
  );
}

test('the runbook that a shipped alert names is served by the service', async () => {
  const { app } = await openApi();
  const urls = [...runbookUrls('rules.yml'), ...runbookUrls('fault-rules.yml')];
  expect(urls.length).toBeGreaterThan(18);
  for (const [alert, address] of urls) {
    const { origin, pathname } = new URL(address);
    expect(origin).toBe('http://127.0.0.1:9909');
    const answer = await app.inject({ url: pathname });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'text/plain; charset=utf-8',
    ]);
    expect(answer.body).toMatch(new RegExp(`^## ${alert}\n\n.{20}`, 's'));
    expect(answer.body.match(/^## /gm)).toHaveLength(1);
  }
  const all = await app.inject({ url: '/runbooks' });
  expect(all.body).toMatch(/^# Runbooks/);
  expect((await app.inject({ url: '/runbooks/nothing' })).statusCode).toBe(404);
});

test('rules are written with the address of the console that is given', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-rules-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const said: string[] = [];
  const run = (...args: string[]) =>
    dashboardsCommand({
      args,
      environment: {},
      print: (text) => said.push(text),
      complain: (text) => said.push(text),
    });
  expect(await run('--out', folder, '--console', 'https://noc.example.com/')).toBe(0);
  const rules = readFileSync(join(folder, 'rules.yml'), 'utf8');
  expect(rules).toContain('runbook_url: https://noc.example.com/runbooks/watchdog\n');
  expect(await run('--out', folder, '--console', 'noc')).toBe(2);
  expect(await run('--console', 'https://noc.example.com')).toBe(2);
  expect(said.at(-1)).toMatch(/--console expects the address of the console/);
});
