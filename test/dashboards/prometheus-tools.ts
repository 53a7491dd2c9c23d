import { spawnSync } from 'node:child_process';

/** Debian's packages `prometheus` and `prometheus-alertmanager` carry them. */
export type Tool = 'prometheus' | 'promtool' | 'amtool' | 'prometheus-alertmanager';

/** Whether the program is there. Under CI it must be: a test that silently does nothing proves nothing. */
export function hasTool(tool: Tool): boolean {
  const isThere = spawnSync(tool, ['--version']).status === 0;
  if (isThere) return true;
  const remedy = `${tool} is not installed (Debian: apt-get install prometheus prometheus-alertmanager)`;
  if (process.env.CI === 'true') throw new Error(remedy);
  console.warn(`skipped: ${remedy}`);
  return false;
}

/** Runs promtool to its end; `output` is what it said on both streams. */
export function promtool(
  args: readonly string[],
  input = '',
): { readonly isOk: boolean; readonly output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', input });
  return { isOk: status === 0, output: stdout + stderr };
}
