import { spawn } from 'node:child_process';
import type { RunFping } from '../collector/probes/fping.ts';

const MOST_OUTPUT_BYTES = 4 * 1024 * 1024;

/** Debian's fping, found on PATH. Its exit code says only that some address did not answer. */
export const systemFping: RunFping = (args, signal) =>
  new Promise((resolve) => {
    const child = spawn('fping', [...args], { stdio: ['ignore', 'ignore', 'pipe'], signal });
    let text = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (chunk: string) => {
      if (text.length < MOST_OUTPUT_BYTES) text += chunk;
    });
    child.once('error', () => resolve(null));
    child.once('close', () => resolve(text));
  });
