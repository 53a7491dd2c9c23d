/** Preloaded (`--import`): plants the bug of PLANTED_BUG into its file as it is loaded. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { PLANTED_BUGS } from './planted-bugs.ts';

const planted = PLANTED_BUGS[Number(process.env.PLANTED_BUG)]!;
const url = new URL(`../../${planted.file}`, import.meta.url).href;

registerHooks({
  load(wanted, context, nextLoad) {
    if (wanted !== url) return nextLoad(wanted, context);
    const source = readFileSync(fileURLToPath(url), 'utf8');
    const parts = source.split(planted.from);
    if (parts.length !== 2) {
      process.stderr.write(`the text of the bug is ${parts.length - 1} times in ${planted.file}\n`);
      process.exit(3);
    }
    const mutated = parts.join(planted.to);
    return { format: 'module-typescript', source: mutated, shortCircuit: true };
  },
});
