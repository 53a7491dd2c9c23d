import { fileURLToPath } from 'node:url';
import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/model.ts';
import { assert } from '../../lib/assert.ts';
import { EXAMPLE_ENVIRONMENT } from './config-fixture.ts';

let loaded: Config | null = null;

/** The example configuration, which leaves the shipped grading in force. */
export function exampleConfig(): Config {
  const folder = fileURLToPath(new URL('../../config/example/', import.meta.url));
  loaded ??= loadConfig(folder, EXAMPLE_ENVIRONMENT).config;
  assert(loaded, 'the example configuration is sound');
  return loaded;
}

/** The rules of config/defaults/grading.yaml. */
export function defaultRules() {
  return exampleConfig().gradingRules;
}
