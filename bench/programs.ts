import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, delimiter, join } from 'node:path';

/** A program that is there, or the sentence that says what is missing. */
export type Found =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly why: string };

/** Which Debian package brings a program that the benches ask for. */
const PACKAGES: Readonly<Record<string, string>> = {
  gcc: 'gcc',
  taskset: 'util-linux',
  wrk: 'wrk',
  prometheus: 'prometheus',
  snmpbulkwalk: 'snmp',
  'prometheus-snmp-exporter': 'prometheus-snmp-exporter',
};

const COMPILE_TIMEOUT_MS = 60_000;

/** Looks a program up as a shell does. */
export function findProgram(name: string): Found {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return { ok: true, path };
    } catch {
      // Not in this folder.
    }
  }
  const hint = PACKAGES[name] === undefined ? '' : ` (Debian package ${PACKAGES[name]})`;
  return { ok: false, why: `${name} is not installed${hint}` };
}

/**
 * Compiles one C file with `gcc -O2` into `folder`. What is missing comes back as a sentence: no
 * gcc, no header of a library, or a system that is not Linux.
 */
export function compileC(source: string, folder: string, libraries: readonly string[] = []): Found {
  if (process.platform !== 'linux') return { ok: false, why: `${basename(source)} needs Linux` };
  const gcc = findProgram('gcc');
  if (!gcc.ok) return gcc;
  const path = join(folder, basename(source, '.c'));
  const options = ['-O2', '-Wall', '-o', path, source, ...libraries.map((name) => `-l${name}`)];
  const { status, stderr } = spawnSync(gcc.path, options, {
    encoding: 'utf8',
    timeout: COMPILE_TIMEOUT_MS,
  });
  if (status === 0) return { ok: true, path };
  const reason = /fatal error: .*|undefined reference .*|cannot find .*|error: .*/.exec(stderr);
  const hint = libraries.includes('netsnmp') ? ' (Debian package libsnmp-dev)' : '';
  return {
    ok: false,
    why: `${basename(source)} does not compile: ${reason?.[0] ?? status}${hint}`,
  };
}

/** The core that what is measured runs on, and the one for all it talks to. */
export const MEASURED_CORE = 1;
export const OTHER_CORE = 0;

/** Whether programs can be kept to one core each. */
export const canPin = availableParallelism() >= 2 && findProgram('taskset').ok;

/** A command kept to one core where that is possible, else as it is. */
export function pinned(core: number | null, command: string, args: readonly string[]): string[] {
  return core === null || !canPin
    ? [command, ...args]
    : ['taskset', '-c', String(core), command, ...args];
}
