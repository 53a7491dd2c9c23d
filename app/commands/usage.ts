import { type CommandName, SYNOPSES, usageLine } from './synopses.ts';

/** Every command with its options, and what it does. */
export function usage(): string {
  const names = Object.keys(SYNOPSES) as CommandName[];
  const commands = names.map((name) => `  ${usageLine(name)}\n      ${SYNOPSES[name].about}`);
  return `Threenines: network health, graded incidents, response clocks, pages, proven uptime.

usage: threenines COMMAND [options]

${commands.join('\n')}

  --config, --data: also taken from THREENINES_CONFIG and THREENINES_DATA.`;
}
