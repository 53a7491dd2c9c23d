import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderSchemas, SCHEMA_FOLDER, writeSchemas } from '../../config/write-schemas.ts';
import { configFolder } from './config-fixture.ts';

const CONFIG_FOLDER = fileURLToPath(new URL('../../config/', import.meta.url));
const schemas = [...renderSchemas()];

describe.each(schemas)('%s', (file, text) => {
  it('is committed as the code renders it', () => {
    const committed = readFileSync(join(SCHEMA_FOLDER, file), 'utf8');
    expect(
      committed,
      'run: node -e "import(\'./config/write-schemas.ts\').then(m => m.writeSchemas(m.SCHEMA_FOLDER))"',
    ).toBe(text);
  });

  it('is itself a valid schema', () => {
    expect(new Ajv2020({ strict: false }).validateSchema(JSON.parse(text))).toBe(true);
  });

  it('describes every property', () => {
    const undescribed: string[] = [];
    const visit = (part: unknown, path: string) => {
      if (part === null || typeof part !== 'object') return;
      const { properties } = part as { properties?: Record<string, { description?: string }> };
      for (const [key, property] of Object.entries(properties ?? {})) {
        if (!property.description) undescribed.push(`${path}.${key}`);
      }
      for (const [key, item] of Object.entries(part)) visit(item, `${path}.${key}`);
    };
    visit(JSON.parse(text), '');
    expect(undescribed).toEqual([]);
  });
});

describe('the schemas', () => {
  it('are the same in any folder', () => {
    const folder = configFolder({});
    writeSchemas(join(folder, 'deep', 'schema'));
    for (const [file, text] of schemas) {
      expect(readFileSync(join(folder, 'deep', 'schema', file), 'utf8')).toBe(text);
    }
    expect(
      readdirSync(SCHEMA_FOLDER)
        .filter((file) => /^(threenines|devices|oncall|grading|maintenance)\./.test(file))
        .sort(),
    ).toEqual(schemas.map(([file]) => file).sort());
  });

  it.each(['demo', 'example', 'defaults'])(
    'accept every file of config/%s, as an editor would',
    (name) => {
      const folder = join(CONFIG_FOLDER, name);
      for (const file of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
        const text = readFileSync(join(folder, file), 'utf8');
        const schema = file.replace('.yaml', '.schema.json');
        expect(text.split('\n')[0]).toBe(`# yaml-language-server: $schema=../schema/${schema}`);
        const validate = new Ajv2020({ strict: false }).compile(
          JSON.parse(renderSchemas().get(schema)!),
        );
        validate(parse(text));
        expect(validate.errors, file).toBeNull();
      }
    },
  );
});
