/**
 * Leaves out what Node says about its own experimental parts: the Node that runs this program is
 * pinned with them, and a notice that nobody can act on hides the ones that matter. Everything else
 * is printed as Node does. For the first lines of a program or thread.
 */
export function leaveOutExperimentalWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    process.stderr.write(`(node:${process.pid}) ${warning.stack ?? String(warning)}\n`);
  });
}
