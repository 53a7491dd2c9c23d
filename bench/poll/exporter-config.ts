import { PORT_COLUMNS } from '../network/port-columns.ts';

export const EXPORTER_MODULE = 'ports';

/** As many rows to a request as the agent can answer at best: the fewest requests that it can make. */
const MAX_REPETITIONS = 50;
const IF_INDEX = ['indexes:', '- labelname: ifIndex', '  type: gauge'];
const LABELS = ['ifAlias', 'ifDescr', 'ifName'];

function lookup(label: string): string[] {
  const { oid } = PORT_COLUMNS.find(({ name }) => name === label)!;
  return [
    '- labels:',
    '  - ifIndex',
    `  labelname: ${label}`,
    `  oid: ${oid}`,
    '  type: DisplayString',
  ];
}

/** snmp.yml for Debian's prometheus-snmp-exporter (0.21): the same columns, texts as labels. */
export function exporterConfig(): string {
  const metrics = PORT_COLUMNS.filter(({ kind }) => kind !== 'text').flatMap(
    ({ name, oid, kind }) => [
      `- name: ${name}`,
      `  oid: ${oid}`,
      `  type: ${kind}`,
      `  help: ${name}`,
      ...IF_INDEX.map((line) => `  ${line}`),
      '  lookups:',
      ...LABELS.flatMap(lookup).map((line) => `  ${line}`),
    ],
  );
  return [
    `${EXPORTER_MODULE}:`,
    '  walk:',
    ...PORT_COLUMNS.map(({ oid }) => `  - ${oid}`),
    '  metrics:',
    ...metrics.map((line) => `  ${line}`),
    '  version: 2',
    `  max_repetitions: ${MAX_REPETITIONS}`,
    '  retries: 2',
    '  timeout: 3s',
    '  auth:',
    '    community: public',
    '',
  ].join('\n');
}
