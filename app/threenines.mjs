#!/usr/bin/env node
// The `threenines` command. It only makes sure that the pinned Node runs the program: the machine's
// own Node may be older than the one the lock file names, and could not read TypeScript.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const [major] = process.versions.node.split('.').map(Number);

if (major >= 26) {
  await import('./main.ts');
} else {
  const pinned = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  if (!existsSync(pinned)) {
    console.error(
      `threenines: needs Node 26, this is ${process.version}; run "npm start" once to install it`,
    );
    process.exit(1);
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
