import { loadConfig } from '../../config/load.ts';
import type { Config } from '../../config/model.ts';
import { formatProblem } from '../../config/problem.ts';
import { type LabCommand, parseLabCommand } from '../../lab/command.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { SECOND } from '../../lib/time.ts';
import { configFolder } from '../config-folder.ts';
import { serviceUrl } from '../service-url.ts';
import { type CommandLine, parseOptions } from './command-line.ts';

/** `threenines lab …`: asks the running demo to break or mend something, by its HTTP API. */
export async function labCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'lab');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  const { config, problems } = loadConfig(
    configFolder(parsed.values.config, line.environment),
    line.environment,
  );
  if (config === null) {
    for (const problem of problems) line.complain(formatProblem(problem));
    return 1;
  }
  const command = parseLabCommand(parsed.words, config.devices);
  if (!command.ok) {
    line.complain(`threenines: ${command.problem}`);
    return 2;
  }
  return askService(line, config, command.command, parsed.values.json === true);
}

async function askService(
  line: CommandLine,
  config: Config,
  command: LabCommand,
  asJson: boolean,
): Promise<number> {
  const base = serviceUrl(config);
  const outcome = await systemHttpClient.send({
    ...requestOf(command),
    url: `${base}/api/v1/lab${pathOf(command)}`,
    headers: { 'content-type': 'application/json' },
    timeoutMs: 10 * SECOND,
  });
  if (outcome.kind === 'failed') {
    line.complain(`threenines: no service answers at ${base} (${outcome.failure}); start it first`);
    return 1;
  }
  const answer = JSON.parse(outcome.body) as { detail?: string; items?: LabItem[] };
  if (outcome.status >= 400) {
    line.complain(`threenines: ${answer.detail ?? `the service answered ${outcome.status}`}`);
    return 1;
  }
  line.print(asJson ? JSON.stringify(answer, null, 2) : describe(command, answer.items ?? []));
  return 0;
}

interface LabItem {
  readonly deviceId: string;
  readonly part: string | null;
  readonly active: boolean;
}

function requestOf(command: LabCommand): {
  readonly method: 'GET' | 'POST';
  readonly body: string;
} {
  if (command.kind === 'status') return { method: 'GET', body: '' };
  if (command.kind === 'story') return { method: 'POST', body: '{}' };
  const { deviceId, part } = command.action;
  return {
    method: 'POST',
    body: JSON.stringify({ device: deviceId, ...(part === null ? {} : { part }) }),
  };
}

function pathOf(command: LabCommand): string {
  if (command.kind === 'status') return '';
  if (command.kind === 'story') return '/story';
  return command.action.verb === 'fail' ? '/failures' : '/restorations';
}

function describe(command: LabCommand, items: readonly LabItem[]): string {
  if (command.kind === 'story') return 'the story begins again';
  const nameOf = ({ deviceId, part }: { deviceId: string; part: string | null }) =>
    part === null ? deviceId : `${deviceId} ${part}`;
  if (command.kind === 'act') {
    return `${command.action.verb === 'fail' ? 'failed' : 'restored'}: ${nameOf(command.action)}`;
  }
  const broken = items.filter((item) => item.active).map(nameOf);
  return broken.length === 0 ? 'everything works' : `failed: ${broken.join(', ')}`;
}
