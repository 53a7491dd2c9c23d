import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkCommand } from '../../app/commands/check.ts';
import { renderSchemas } from '../../config/write-schemas.ts';
import { BASE, configFolder, ENVIRONMENT } from './config-fixture.ts';

const DEMO = fileURLToPath(new URL('../../config/demo', import.meta.url));

async function check(
  folder: string,
  ...options: string[]
): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const code = await checkCommand({
    args: ['--config', folder, ...options],
    environment: ENVIRONMENT,
    print: (text) => lines.push(text),
    complain: (text) => lines.push(text),
  });
  return { code, lines };
}

describe('threenines check', () => {
  it('warns of times at which nobody is on call', async () => {
    const night = '{ days: [], from: 20:00, to: 08:00 }';
    const schedule = (id: string, rest: string) =>
      `  - { id: ${id}, layers: [{ id: all, startsOn: 2026-01-01, handoff: 08:00, rotation: daily, people: [duty]${rest} }] }`;
    const oncall = `people: [{ id: duty, contacts: [inbox] }]
channels: [{ id: inbox, kind: inbox }]
catchAll: [duty]
escalationPolicies:
  - { id: all, tiers: { 1: [{ after: 0s, people: [duty] }], 2: [{ after: 0s, people: [duty] }], 3: [{ after: 0s, people: [duty] }], 4: [{ after: 0s, people: [duty] }] } }
schedules:
${schedule('always', '')}
${schedule('nights', `, hours: [${night}]`)}
`;
    const { code, lines } = await check(
      configFolder({ ...BASE, 'oncall.yaml': oncall }),
      '--no-schemas',
    );
    expect(code).toBe(0);
    const gaps = lines.filter((each) => each.includes('nobody is on call'));
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toMatch(
      /^oncall\.yaml:8: warning: schedules\[1\]: nobody is on call in the next 30 days from .* and 2[78] times more \(/,
    );
  });

  it('puts fresh schemas beside the configuration, and says so once', async () => {
    const folder = configFolder(BASE);
    const schemas = join(folder, 'schema');
    const ok = `ok: ${folder}: 2 devices at 1 site, 1 person`;
    expect(await check(folder)).toEqual({
      code: 0,
      lines: [`wrote 6 JSON Schemas for editors to ${schemas} (--no-schemas: none)`, ok],
    });
    expect(readdirSync(schemas).sort()).toEqual([...renderSchemas().keys()].sort());
    expect(await check(folder)).toEqual({ code: 0, lines: [ok] });
    writeFileSync(join(schemas, 'devices.schema.json'), '{}');
    expect((await check(folder)).lines[0]).toContain('wrote 1 JSON Schema for editors');
    const fresh = readFileSync(join(schemas, 'devices.schema.json'), 'utf8');
    expect(fresh).toBe(renderSchemas().get('devices.schema.json'));
  });

  it('leaves them with --no-schemas, beside no configuration, and for the demo', async () => {
    const folder = configFolder(BASE);
    await check(folder, '--no-schemas');
    expect(existsSync(join(folder, 'schema'))).toBe(false);
    rmSync(join(folder, 'devices.yaml'));
    expect((await check(folder)).code).toBe(1);
    expect(existsSync(join(folder, 'schema'))).toBe(false);
    await check(DEMO);
    expect(existsSync(join(DEMO, 'schema'))).toBe(false);
  });

  it('does not mind a place where it cannot write them', async () => {
    const folder = configFolder({ ...BASE, schema: 'a file, not a folder' });
    expect((await check(folder)).code).toBe(0);
  });

  it('names the files that it wrote in its JSON', async () => {
    const { lines } = await check(configFolder(BASE), '--json');
    expect(JSON.parse(lines.join('\n'))).toMatchObject({
      ok: true,
      problems: [],
      schemasWritten: [...renderSchemas().keys()],
    });
  });
});
