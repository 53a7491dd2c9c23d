/** Preloaded (`--import`): makes the mistake number PLANTED_BUG in its file as that is loaded. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { CRASH_BUGS } from './planted-bugs.ts';

const planted = CRASH_BUGS[Number(process.env.PLANTED_BUG)]!;
const url = new URL(`../../../${planted.file}`, import.meta.url).href;

registerHooks({
  load(wanted, context, nextLoad) {
    if (wanted !== url) return nextLoad(wanted, context);
    const parts = readFileSync(fileURLToPath(url), 'utf8').split(planted.from);
    if (parts.length !== 2)
      throw new Error(`the text of the bug is ${parts.length - 1} times in ${planted.file}`);
    const source = parts.join(planted.to);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});
