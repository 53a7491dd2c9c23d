import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { renderSchemas, SCHEMA_FOLDERS, writeSchemas } from '../../config/write-schemas.ts';
import { configFolder } from './config-fixture.ts';

const CONFIG_FOLDER = fileURLToPath(new URL('../../config/', import.meta.url));
const schemas = [...renderSchemas()];

const validators = new Map<string, ValidateFunction>();

/** Compiled once for all files of a kind. */
function validatorOf(schema: string): ValidateFunction {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = new Ajv2020({ strict: false }).compile(JSON.parse(renderSchemas().get(schema)!));
  validators.set(schema, made);
  return made;
}

describe.each(schemas)('%s', (file, text) => {
  it('is committed as the code renders it', () => {
    for (const folder of SCHEMA_FOLDERS) {
      const committed = readFileSync(join(folder, file), 'utf8');
      expect(
        committed,
        'run: node -e "import(\'./config/write-schemas.ts\').then(m => m.SCHEMA_FOLDERS.forEach(m.writeSchemas))"',
      ).toBe(text);
    }
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
    const folder = join(configFolder({}), 'deep', 'schema');
    const names = schemas.map(([file]) => file);
    expect(writeSchemas(folder)).toEqual(names);
    for (const [file, text] of schemas) {
      expect(readFileSync(join(folder, file), 'utf8')).toBe(text);
    }
    for (const each of [folder, ...SCHEMA_FOLDERS]) {
      expect(readdirSync(each).sort()).toEqual(names.toSorted());
    }
  });

  it('are written again only where they differ', () => {
    const folder = configFolder({});
    writeSchemas(folder);
    writeFileSync(join(folder, 'oncall.schema.json'), '{}');
    expect(writeSchemas(folder)).toEqual(['oncall.schema.json']);
    expect(writeSchemas(folder)).toEqual([]);
  });

  it.each([
    ['demo', '../schema/'],
    ['example', 'schema/'],
    ['defaults', '../schema/'],
    ['profiles', '../schema/'],
  ])(
    'accept every file of config/%s, as an editor would that finds them in %s',
    (name, schemaFolder) => {
      const folder = join(CONFIG_FOLDER, name);
      for (const file of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
        const text = readFileSync(join(folder, file), 'utf8');
        const kind = name === 'profiles' ? 'profile' : file.replace('.yaml', '');
        const schema = `${kind}.schema.json`;
        const line = `# yaml-language-server: $schema=${schemaFolder}${schema}`;
        expect(text.split('\n')[0], file).toBe(line);
        expect(existsSync(join(folder, schemaFolder, schema))).toBe(true);
        const validate = validatorOf(schema);
        validate(parse(text));
        expect(validate.errors, file).toBeNull();
      }
    },
  );
});
