import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { textFile } from '../../storage/text-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threenines-text-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was saved last is loaded, and nothing else is left in the folder', () => {
  const file = textFile(join(folder, 'learned.json'));
  expect(file.load()).toBeNull();
  file.save('one');
  file.save('中文 two');
  expect(textFile(join(folder, 'learned.json')).load()).toBe('中文 two');
  expect(readdirSync(folder)).toEqual(['learned.json']);
});

test('a half-written text of a crash does not replace the whole one', () => {
  const file = textFile(join(folder, 'learned.json'));
  file.save('whole');
  writeFileSync(join(folder, 'learned.json.new'), 'ha');
  expect(file.load()).toBe('whole');
});

test('a folder that is gone is an error to the caller, not a silent loss', () => {
  const file = textFile(join(folder, 'gone', 'learned.json'));
  expect(() => file.save('text')).toThrow();
});
