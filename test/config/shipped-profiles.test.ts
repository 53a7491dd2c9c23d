import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadProfiles } from '../../config/profile-file.ts';
import { digestOfFiles, keepShippedProfiles, readKept } from '../../config/shipped-profiles.ts';

const PROFILES = fileURLToPath(new URL('../../config/profiles/', import.meta.url));

describe('shipped profiles kept between starts', () => {
  let folder: string;
  let file: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'threenines-profiles-'));
    file = join(folder, 'kept');
    keepShippedProfiles(file);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('say exactly what their files say', () => {
    const kept = readKept(file, digestOfFiles());
    expect(kept?.profiles.length).toBeGreaterThan(90);
    expect(kept).toStrictEqual(loadProfiles(PROFILES));
  });

  it('are not taken for files that have changed', () => {
    expect(readKept(file, digestOfFiles().replace(/^./, 'x'))).toBeNull();
  });

  it('are not taken when what was kept is cut short or is missing', () => {
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    expect(readKept(file, digestOfFiles())).toBeNull();
    expect(readKept(join(folder, 'none'), digestOfFiles())).toBeNull();
  });
});
