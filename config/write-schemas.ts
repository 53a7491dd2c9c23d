import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TSchema } from 'typebox';
import { DevicesFile } from './devices-schema.ts';
import { GradingFile } from './grading-schema.ts';
import { MaintenanceFile } from './maintenance-schema.ts';
import { OncallFile } from './oncall-schema.ts';
import { ServiceFile } from './service-schema.ts';

/** Where the committed schemas are; configuration files name them for editors. */
export const SCHEMA_FOLDER = fileURLToPath(new URL('./schema/', import.meta.url));

const SCHEMAS: Readonly<Record<string, { readonly title: string; readonly schema: TSchema }>> = {
  threenines: { title: 'Threenines: the service', schema: ServiceFile },
  devices: { title: 'Threenines: credentials, sites and devices', schema: DevicesFile },
  oncall: { title: 'Threenines: people, channels and escalation', schema: OncallFile },
  grading: { title: 'Threenines: tiers and grading rules', schema: GradingFile },
  maintenance: { title: 'Threenines: planned work', schema: MaintenanceFile },
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
      return [`${name}.schema.json`, `${JSON.stringify(document, null, 2)}\n`];
    }),
  );
}

/** Writes the schemas into `folder`, which is made when it does not exist. */
export function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of renderSchemas()) writeFileSync(join(folder, file), text);
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
