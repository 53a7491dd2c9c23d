import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportCommand } from '../../app/commands/report.ts';
import { systemClock } from '../../lib/clock.ts';
import { DAY } from '../../lib/time.ts';
import { topology } from '../reports/story.ts';
import { append } from '../storage/report-story.ts';

const DEVICES = `
credentials: [{ id: c, version: v2c, community: "plain:public" }]
sites: [{ id: hq, name: HQ }]
devices: [{ id: a, address: 127.0.0.1, site: hq, role: core, credential: c }]
`;

let folder = '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'threenines-out-'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'devices.yaml'), DEVICES);
  const at = systemClock.now() - DAY;
  const roster = { ...topology(0, ['a']), at };
  await append(join(folder, 'data'), [{ type: 'service-started', at, version: '1' }, roster]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The report as it went to standard output, and the files that are in the folder afterwards. */
async function report(...args: string[]) {
  const texts: string[] = [];
  const bytes: Uint8Array[] = [];
  const complaints: string[] = [];
  const where = ['--config', folder, '--data', join(folder, 'data')];
  const code = await reportCommand({
    ...{ args: [...args, ...where], environment: {} },
    print: (text) => void texts.push(text),
    printBytes: (each) => void bytes.push(each),
    complain: (text) => void complaints.push(text),
  });
  return { code, texts, bytes, complaints };
}

describe('threenines report --out -', () => {
  test('writes to standard output, and no file of that name', async () => {
    const before = readdirSync('.');
    const piped = await report('--json', '--out', '-');
    expect(piped).toMatchObject({ code: 0, bytes: [] });
    expect(JSON.parse(piped.texts.join('\n'))).toMatchObject({ devices: [{ id: 'a' }] });
    expect(readdirSync('.')).toEqual(before);
  });

  test('writes a PDF as it is', async () => {
    const { code, texts, bytes } = await report('--format', 'pdf', '--out', '-');
    expect({ code, texts }).toEqual({ code: 0, texts: [] });
    expect(Buffer.concat(bytes).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('is asked for where a PDF would go to a terminal', async () => {
    const { code, complaints } = await report('--format', 'pdf');
    expect(code).toBe(2);
    expect(complaints.join()).toContain('a PDF goes to a file, --out FILE, or to a pipe, --out -');
  });
});
