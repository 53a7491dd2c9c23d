import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { repositoryRoot } from '../layout/source-files.ts';

/** Of ten: systemd calls 4 and less "OK", and an unconfined service has 9.6. */
const MOST_EXPOSURE = 2;
const INSTALLED_AT = '/opt/threenines';

const unit = readFileSync(join(repositoryRoot, 'deploy/systemd/threenines.service'), 'utf8');

function hasSystemdAnalyze(): boolean {
  if (spawnSync('systemd-analyze', ['--version']).status === 0) return true;
  const remedy = 'systemd-analyze is not installed (Debian: apt-get install systemd)';
  if (process.env.CI === 'true') throw new Error(remedy);
  console.warn(`skipped: ${remedy}`);
  return false;
}

test('the unit starts what is there, with the folders that the guide makes', () => {
  const [, node, entry] = /^ExecStart=(\S+) (\S+) serve /m.exec(unit) ?? [];
  expect(node).toBe(`${INSTALLED_AT}/node_modules/.bin/node`);
  expect(existsSync(join(repositoryRoot, entry ?? ''))).toBe(true);
  expect(unit).toContain('--config /etc/threenines --data /var/lib/threenines');
  expect(unit).toContain('\nStateDirectory=threenines\n');
});

describe.skipIf(!hasSystemdAnalyze())('systemd', () => {
  const folder = mkdtempSync(join(tmpdir(), 'threenines-systemd-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The unit as it would be were the product installed where this checkout is. */
  function written(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text.replaceAll(INSTALLED_AT, repositoryRoot.replace(/\/$/, '')));
    return path;
  }

  const verify = (path: string) => {
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    return stderr.split('\n').filter((line) => line.includes('threenines'));
  };

  test('finds nothing wrong with the unit', () => {
    expect(verify(written('threenines.service', unit))).toEqual([]);
  });

  test('finds a slip of the pen, so that the check above means something', () => {
    const wrong = written('threenines-wrong.service', unit.replace('PrivateTmp=', 'PrivatTmp='));
    expect(verify(wrong).join('\n')).toContain('PrivatTmp');
  });

  test('finds it well confined', () => {
    const path = written('threenines-confined.service', unit);
    const { stdout, stderr, status } = spawnSync(
      'systemd-analyze',
      ['security', '--offline=true', `--threshold=${MOST_EXPOSURE * 10}`, path],
      { encoding: 'utf8' },
    );
    expect(status, stdout + stderr).toBe(0);
  });
});
