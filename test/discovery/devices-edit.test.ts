import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type DevicesEdit, editDevicesFile, type NewEntry } from '../../config/devices-edit.ts';
import { repositoryRoot } from '../layout/source-files.ts';

function entry(id: string): NewEntry {
  return {
    comments: ['said of it'],
    fields: [
      ['id', id],
      ['name', 'a, b: [c] # d'],
      ['parents', ['core-1 Te1/3', 'core-2']],
    ],
  };
}

const EDIT: DevicesEdit = {
  entries: {
    credentials: [entry('c-new')],
    sites: [entry('s-new')],
    devices: [entry('d-1'), entry('d-2')],
    links: [],
  },
  keys: [{ deviceId: 'core-1', key: 'parents', value: ['edge-1 Gi0/1'] }],
};

const SHIPPED = ['config/demo/devices.yaml', 'config/example/devices.yaml'];

const WRITTEN: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    SHIPPED.map((file) => [file, readFileSync(join(repositoryRoot, file), 'utf8')]),
  ),
  'empty lists': 'devices: [] # none yet\nsites:\ncredentials: []\n# end',
  'flow lists':
    'sites: [{ id: lab }]\ndevices:\n  - { id: core-1, address: 127.0.0.1,\n      site: lab }   # keep\n  # tail\n',
  'odd indents':
    'devices:\n- id: core-1\n  # inside\n  tags: [x]\n\n# between\nsites:\n    - id: lab\n',
  'windows ends': 'sites:\n  - { id: lab }\ndevices:\n  - id: core-1\n    site: lab\n\n\n\n',
  'only comments': '# nothing here yet\n',
};

describe.each(Object.entries(WRITTEN))('editing %s', (_name, text) => {
  const edited = editDevicesFile(text, EDIT);

  test('keeps every line that a person wrote, in its order', () => {
    const lines = edited.split('\n');
    let from = 0;
    for (const line of text.split('\n')) {
      // An empty list gives way to its first entry, and a flow list or map is longer than it was.
      const kept = line.replace(/ ?\[\](?= |$)/, '').replace(/ *[\]}].*$/, '');
      const at = lines.findIndex((each, index) => index >= from && each.startsWith(kept));
      expect(at, line).not.toBe(-1);
      from = at + 1;
    }
    for (const comment of text.match(/#.*/g) ?? []) expect(edited).toContain(comment);
  });

  test('adds what is new, and changes nothing else', () => {
    const before = parse(text) ?? {};
    const after = parse(edited);
    const added = { id: 'd-1', name: 'a, b: [c] # d', parents: ['core-1 Te1/3', 'core-2'] };
    expect(after.devices.slice((before.devices ?? []).length)).toEqual([
      added,
      { ...added, id: 'd-2' },
    ]);
    expect(after.sites.at(-1)).toEqual({ ...added, id: 's-new' });
    expect(after.credentials.at(-1)).toEqual({ ...added, id: 'c-new' });
    for (const [index, device] of (before.devices ?? []).entries()) {
      const more = device.id === 'core-1' ? { parents: ['edge-1 Gi0/1'] } : {};
      expect(after.devices[index]).toEqual({ ...device, ...more });
    }
    expect(after.redundancyGroups).toEqual(before.redundancyGroups);
  });
});

test('a new file begins with its schema and has the sections in order', () => {
  const text = editDevicesFile('', EDIT);
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=schema/devices.schema.json');
  expect(Object.keys(parse(text))).toEqual(['credentials', 'sites', 'devices']);
});

describe('links', () => {
  const edit: DevicesEdit = {
    entries: {
      ...{ credentials: [], sites: [], devices: [] },
      links: [
        {
          comments: [],
          fields: [
            ['id', 'core-1-agg-1'],
            ['ends', ['core-1 Te1/3', 'agg-1 Te0/1']],
          ],
        },
      ],
    },
    keys: [],
  };
  const written = '  - { id: core-1-agg-1, ends: [core-1 Te1/3, agg-1 Te0/1] }\n';

  test('go behind those that are there, or into a section of their own', () => {
    const before = 'links:\n  - { id: ring, ends: [a 1, b 1] }\n';
    expect(editDevicesFile(before, edit)).toBe(before + written);
    expect(editDevicesFile('devices: []\n', edit)).toBe(`devices: []\n\nlinks:\n${written}`);
  });
});
