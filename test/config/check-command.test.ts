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
