import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { DevicesFile } from './devices-schema.ts';
import { GradingFile } from './grading-schema.ts';
import { MaintenanceFile } from './maintenance-schema.ts';
import { OncallFile } from './oncall-schema.ts';
import { ProfileFile } from './profile-schema.ts';
import { ServiceFile } from './service-schema.ts';

/**
 * Where the committed schemas are: for the files that the program brings along, and beside the
 * example, so that a copy of it completes in an editor wherever it lies.
 */
export const SCHEMA_FOLDERS: readonly string[] = ['./schema/', './example/schema/'].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

const SCHEMAS: Readonly<Record<string, { readonly title: string; readonly schema: TSchema }>> = {
  threenines: { title: 'Threenines: the service', schema: ServiceFile },
  devices: { title: 'Threenines: credentials, sites and devices', schema: DevicesFile },
  oncall: { title: 'Threenines: people, channels and escalation', schema: OncallFile },
  grading: { title: 'Threenines: tiers and grading rules', schema: GradingFile },
  maintenance: { title: 'Threenines: planned work', schema: MaintenanceFile },
  profile: { title: 'Threenines: how a kind of device is read', schema: ProfileFile },
};

/** File name to JSON Schema (2020-12) text of every configuration file; equal every time. */
export function renderSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(SCHEMAS).map(([name, { title, schema }]) => {
      const document = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title,
        ...(forEditors(schema) as object),
      };
      return [`${name}.schema.json`, `${renderJson(document, '')}\n`];
    }),
  );
}

/** Writes the schemas into `folder`, made when it does not exist, and names the files that changed. */
export function writeSchemas(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const changed: string[] = [];
  for (const [file, text] of renderSchemas()) {
    const path = join(folder, file);
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    writeFileSync(path, text);
    changed.push(file);
  }
  return changed;
}

/** A key with a default may be left out, and `discriminator` is no word of JSON Schema. */
function forEditors(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(forEditors);
  if (part === null || typeof part !== 'object') return part;
  const schema: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(part)) {
    if (key !== 'discriminator') schema[key] = key === 'default' ? value : forEditors(value);
  }
  const properties = schema.properties as Record<string, { default?: unknown }> | undefined;
  if (properties !== undefined && Array.isArray(schema.required)) {
    const required = schema.required.filter((key) => properties[key]?.default === undefined);
    if (required.length > 0) schema.required = required;
    else delete schema.required;
  }
  return schema;
}

const LONGEST_LINE = 100;

/** JSON as the formatter of this project writes it: a list of words on one line where it fits. */
function renderJson(value: unknown, indent: string, before = ''): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const deeper = `${indent}  `;
  const open = Array.isArray(value) ? '[' : '{';
  const close = Array.isArray(value) ? ']' : '}';
  const parts = Object.entries(value).map(([key, part]) => {
    const name = Array.isArray(value) ? '' : `${JSON.stringify(key)}: `;
    return name + renderJson(part, deeper, deeper + name);
  });
  if (parts.length === 0) return open + close;
  const isPlain = Object.values(value).every((part) => part === null || typeof part !== 'object');
  const line = `${open}${parts.join(', ')}${close}`;
  // One more for the comma that may follow.
  const fits = before.length + line.length + 1 <= LONGEST_LINE;
  if (Array.isArray(value) && isPlain && fits) return line;
  return `${open}\n${parts.map((part) => deeper + part).join(',\n')}\n${indent}${close}`;
}
