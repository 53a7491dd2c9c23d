// Makes `npm start` and `npm test` the only commands a fresh clone needs: installs from the lock
// file when it changed since the last install, and builds the console and reads the shipped profiles
// when their sources changed.
// Runs on the machine's own Node (20 or later), before the pinned Node exists, so it is plain JavaScript.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const isWindows = process.platform === 'win32';
const pinnedNode = join(root, 'node_modules/.bin', isWindows ? 'node.cmd' : 'node');

function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths)
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function filesBelow(folder) {
  return readdirSync(join(root, folder))
    .filter((name) => name !== 'dist' && name !== 'node_modules')
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(join(root, path)).isDirectory() ? filesBelow(path) : [path]))
    .sort();
}

function runOrExit(command, args, what) {
  console.log(`threenines: ${what}`);
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows,
  });
  if (result.status === 0) return;
  console.error(`threenines: failed to finish: ${what} (${command} ${args.join(' ')})`);
  process.exit(result.status ?? 1);
}

function runNpm(args, what) {
  const npm = process.env.npm_execpath;
  const quietly = [...args, '--ignore-scripts', '--loglevel=error'];
  if (npm) runOrExit(process.execPath, [npm, ...quietly], what);
  else runOrExit('npm', quietly, what);
}

/** The packages that brought a Node for this machine. */
function nodePackages() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(optionalDependencies).filter((name) =>
    existsSync(join(root, 'node_modules', name)),
  );
}

/**
 * Says what is missing when the pinned Node does not run on this machine. It is taken away then, so
 * that the next attempt begins with the machine's own Node and says so again.
 */
function exitUnlessNodeRuns() {
  const { status, stderr, error } = spawnSync(pinnedNode, ['--version'], { shell: isWindows });
  if (status === 0) return;
  rmSync(pinnedNode, { force: true });
  const complaint = String(error ?? stderr).trim();
  console.error(`threenines: the pinned Node does not run on this machine: ${complaint}`);
  if (complaint.includes('libatomic'))
    console.error('threenines: on Debian and Ubuntu: apt-get install libatomic1');
  process.exit(1);
}

/** Runs `step` unless the stamp beside its result already names the digest of its inputs. */
function whenChanged(stampPath, digest, step) {
  const stamp = join(root, stampPath);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  step();
  writeFileSync(stamp, digest);
}

whenChanged(
  'node_modules/.threenines-installed',
  digestOf(['package.json', 'package-lock.json']),
  () => {
    const install = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
    runNpm(install, 'installing dependencies from the lock file');
    // npm 9 installs the pinned Node but does not always put it where commands are.
    if (!existsSync(pinnedNode)) runNpm(['rebuild', ...nodePackages()], 'linking the pinned Node');
    exitUnlessNodeRuns();
  },
);

if (existsSync(join(root, 'web/vite.config.ts'))) {
  whenChanged(
    'web/dist/.threenines-built',
    digestOf(['package-lock.json', ...filesBelow('web')]),
    () => {
      runOrExit(
        pinnedNode,
        ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'warn'],
        'building the console',
      );
    },
  );
}

whenChanged(
  'node_modules/.threenines-profiles-kept',
  digestOf(['package-lock.json', ...filesBelow('config'), ...filesBelow('lib')]),
  () => runOrExit(pinnedNode, ['scripts/keep-profiles.mjs'], 'reading the shipped profiles'),
);
