// `npm run verify`: everything that must hold before a change is taken, cheapest first. One line for
// each stage; stops at the first that fails and shows what it said.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tools = join(root, 'node_modules/.bin');
const has = (path) => existsSync(join(root, path));

/** The example takes its secrets from the environment; any will do to check the rest of it. */
const EXAMPLE_SECRETS = {
  SNMP_AUTH_PASSWORD: 'not-a-real-password',
  SNMP_PRIV_PASSWORD: 'not-a-real-password',
  SNMP_COMMUNITY: 'not-a-real-community',
  PAGER_URL: 'https://pager.example.org/hook',
  PAGER_SIGNING_KEY: 'not-a-real-signing-key-of-32-octets',
  SMTP_PASSWORD: 'not-a-real-password',
};

/** Name, command, and whether there is anything to do it to. */
const STAGES = [
  ['format and lint', ['biome', 'check', '--error-on-warnings']],
  ['types', ['tsc', '-p', '.']],
  ['types of the console', ['tsc', '-p', 'web'], has('web/tsconfig.json')],
  ['layout', ['vitest', 'run', 'test/layout']],
  ['config: example', ['node', 'app/threenines.mjs', 'check', '--config', 'config/example']],
  ['config: demo', ['node', 'app/threenines.mjs', 'check', '--config', 'config/demo']],
  ['boards are fresh', ['node', 'app/threenines.mjs', 'dashboards', '--check']],
  ['tests', ['vitest', 'run']],
];

const WIDTH = Math.max(...STAGES.map(([name]) => name.length)) + 2;

for (const [name, [command, ...args], isThere = true] of STAGES) {
  if (!isThere) continue;
  process.stdout.write(`${name.padEnd(WIDTH, ' ')}`);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { ...EXAMPLE_SECRETS, ...process.env, PATH: tools + delimiter + process.env.PATH },
    shell: process.platform === 'win32',
  });
  if (status === 0) {
    console.log('ok');
    continue;
  }
  console.log('FAILED');
  console.error(`\n${error?.message ?? stdout + stderr}`);
  console.error(`verify: ${name} failed: ${[command, ...args].join(' ')}`);
  process.exit(1);
}
console.log('verify: all good');
