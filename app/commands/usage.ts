import { LAB_USAGE } from '../../lab/command.ts';

/** The commands, one line each. */
export function usage(): string {
  return `Threenines: network health, graded incidents, response clocks, pages, proven uptime.

usage: threenines COMMAND [options]

  serve       [--config DIR] [--data DIR]         run the service; without a configuration, on the built-in demo network
  check       [--config DIR] [--no-schemas] [--json]
                                                  check a configuration folder and say everything that is wrong with it;
                                                  puts JSON Schemas beside it, for editors
  explain     DEVICE [--url URL] [--config DIR] [--lang en|zh-CN] [--json]
                                                  how a device is polled: its lanes, the learned plan and what it costs, and why
  report      --period P [--config DIR] [--lang en|zh-CN] [--json]
                                                  availability and response figures of 2026-11, 2026-Q4, 2026, 2026-W47 or 2026-11-22
  dashboards  [--out DIR] [--lang en|zh-CN] [--check]
                                                  write the Grafana boards and Prometheus rules
  ${LAB_USAGE.replace(/^lab /, 'lab         ')}
                                                  break and mend devices of a running demo network

DIR is also taken from THREENINES_CONFIG.`;
}
