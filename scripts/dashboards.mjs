// Writes the generated boards and rules to dashboards/out, or with --check says which are out of date.
// Needs the pinned Node (node_modules/.bin/node), as everything that imports TypeScript does.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderBoards } from '../dashboards/render-boards.ts';
import { renderRules } from '../dashboards/rules.ts';

const out = fileURLToPath(new URL('../dashboards/out', import.meta.url));

const wanted = new Map([['rules.yml', renderRules()]]);
for (const language of ['en', 'zh-CN']) {
  for (const [name, text] of renderBoards(language)) wanted.set(join(language, name), text);
}

const present = existsSync(out)
  ? readdirSync(out, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
  : [];
const extra = present.filter((name) => !wanted.has(name));
const changed = [...wanted].filter(
  ([name, text]) => !present.includes(name) || readFileSync(join(out, name), 'utf8') !== text,
);

if (process.argv.includes('--check')) {
  const stale = [...changed.map(([name]) => name), ...extra].sort();
  if (stale.length > 0) {
    console.error(
      `dashboards/out is out of date: ${stale.join(', ')}; run node scripts/dashboards.mjs`,
    );
    process.exit(1);
  }
  console.log(`dashboards/out is up to date (${wanted.size} files)`);
} else {
  for (const name of extra) rmSync(join(out, name));
  for (const [name, text] of changed) {
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), text);
  }
  console.log(`dashboards/out: ${changed.length} written, ${extra.length} removed`);
}
