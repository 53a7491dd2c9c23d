import { LAB_USAGE } from '../../lab/command.ts';
import { CSV_TABLES } from '../../reports/documents/render-csv.ts';
import { LEDGER_STATES } from '../../reports/ledger.ts';

/** A value by its placeholder, one of a few words, or nothing but the option itself (`null`). */
export type OptionValue = string | readonly string[] | { readonly repeatable: string } | null;

export interface Synopsis {
  /** Command and words before the options, as in the usage line. */
  readonly words: string;
  /** In the order in which they are shown. */
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly about: string;
}

const CONFIG = { config: 'DIR' };
const DATA = { data: 'DIR' };
const LANG = { lang: ['en', 'zh-CN'] };
const JSON_ANSWER = { json: null };

/** Every command with all its options: what is accepted, and what the help says, come from here. */
export const SYNOPSES = {
  serve: {
    words: 'serve',
    options: { ...CONFIG, ...DATA, log: ['debug', 'info', 'warn', 'error'] },
    about: 'run the service; without a configuration, on the built-in demo network',
  },
  check: {
    words: 'check',
    options: { ...CONFIG, 'no-schemas': null, ...JSON_ANSWER },
    about:
      'check a configuration folder and say everything that is wrong with it; puts JSON Schemas beside it, for editors',
  },
  explain: {
    words: 'explain DEVICE',
    options: { url: 'URL', recording: 'FILE', ...CONFIG, ...LANG, ...JSON_ANSWER },
    about:
      'how a device is polled: its lanes, the learned plan and what it costs, and why; or what is understood of a recorded device',
  },
  discover: {
    words: 'discover RANGE…',
    options: {
      ...CONFIG,
      credential: { repeatable: 'C' },
      port: 'P',
      rate: 'N',
      timeout: 'T',
      write: null,
      ...JSON_ANSWER,
    },
    about:
      'find devices in ranges such as 192.0.2.0/24 and show what would go into devices.yaml; --write writes it',
  },
  walk: {
    words: 'walk DEVICE|ADDRESS',
    options: { ...CONFIG, credential: { repeatable: 'C' }, port: 'P', oid: 'ROOT', out: 'FILE' },
    about:
      'read everything a device answers and write it as a recording (OID|TAG|VALUE), for explain',
  },
  report: {
    words: 'report',
    options: {
      period: 'P',
      format: ['text', 'html', 'pdf', 'csv', 'json'],
      out: 'FILE',
      site: 'SITE',
      table: CSV_TABLES,
      freeze: null,
      language: ['en', 'zh-CN'],
      ...CONFIG,
      ...DATA,
      ...LANG,
      ...JSON_ANSWER,
    },
    about:
      'availability and response figures; P is 2026-11, 2026-Q4, 2026, 2026-W47 or 2026-11-22, in the zone of the configuration; left out, the month that runs there. --freeze: for good, once the period is over',
  },
  amend: {
    words: 'amend',
    options: {
      devices: 'ID,ID',
      from: 'INSTANT',
      to: 'INSTANT',
      state: LEDGER_STATES,
      reason: 'TEXT',
      by: 'PERSON',
      ...CONFIG,
      ...DATA,
      ...JSON_ANSWER,
    },
    about:
      'correct what reports count, as a numbered amendment; a frozen report takes it in when it is frozen again',
  },
  verify: {
    words: 'verify',
    options: { ...CONFIG, ...DATA, ...JSON_ANSWER },
    about:
      'prove journal, report archive and frozen reports by their hashes; says at which entry a chain breaks',
  },
  backup: {
    words: 'backup DEST',
    options: { ...CONFIG, ...DATA, ...JSON_ANSWER },
    about:
      'copy journal and report archive to a new folder while the service runs, and prove the copy',
  },
  restore: {
    words: 'restore SOURCE',
    options: { ...CONFIG, ...DATA, ...JSON_ANSWER },
    about:
      'put a backup in place in an empty data folder: the chain is verified and everything folded again',
  },
  page: {
    words: 'page who | page plan DEVICE|INCIDENT | page test PERSON CHANNEL',
    options: { at: 'INSTANT', url: 'URL', ...CONFIG, ...LANG, ...JSON_ANSWER },
    about:
      'who is on call now or at an instant; who would be paged for a device or an incident, in what order, after how many minutes; test: sends one test page and says what became of it',
  },
  timeline: {
    words: 'timeline export INCIDENT | timeline verify FILE',
    options: { out: 'FILE', url: 'URL', ...CONFIG, ...DATA, ...JSON_ANSWER },
    about:
      'write everything that happened in an incident, hash-chained, from the running service; prove that such a file is whole, with --data also against the journal',
  },
  replay: {
    words: 'replay',
    options: {
      'what-if': 'DIR',
      from: 'INSTANT',
      to: 'INSTANT',
      ...CONFIG,
      ...DATA,
      ...LANG,
      ...JSON_ANSWER,
    },
    about:
      'decide anew over the facts of the journal, which the service may be writing: what would have been graded and paged, by the rules of the time or by another configuration folder (--what-if)',
  },
  dashboards: {
    words: 'dashboards',
    options: { out: 'DIR', ...LANG, check: null, push: 'URL', console: 'URL' },
    about:
      'write the Grafana boards (both languages unless one is named) and the Prometheus rules; --push puts the boards into a running Grafana, with a token from GRAFANA_TOKEN; --console says where the runbooks of the rules are read, with --out',
  },
  lab: {
    words: LAB_USAGE,
    options: { ...CONFIG, ...JSON_ANSWER },
    about: 'break and mend devices of a running demo network',
  },
} as const satisfies Readonly<Record<string, Synopsis>>;

export type CommandName = keyof typeof SYNOPSES;

/** `threenines check [--config DIR] [--no-schemas] [--json]` */
export function usageLine(name: CommandName): string {
  const { words, options }: Synopsis = SYNOPSES[name];
  const shown = Object.entries(options).map(([option, value]) => {
    const text = value === null ? `--${option}` : `--${option} ${placeholder(value)}`;
    return `[${text}]${isRepeatable(value) ? '…' : ''}`;
  });
  return ['threenines', words, ...shown].join(' ');
}

function placeholder(value: Exclude<OptionValue, null>): string {
  if (typeof value === 'string') return value;
  return 'repeatable' in value ? value.repeatable : value.join('|');
}

/** Whether an option may be given several times. */
export function isRepeatable(value: OptionValue): boolean {
  return value !== null && typeof value === 'object' && 'repeatable' in value;
}
