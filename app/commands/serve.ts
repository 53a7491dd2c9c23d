import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { ReloadOutcome } from '../../api/deps.ts';
import { openThreadedSocket } from '../../collector/traps/threaded-socket.ts';
import type { Config } from '../../config/model.ts';
import { errorsFirst, formatProblem, isError } from '../../config/problem.ts';
import { systemClock } from '../../lib/clock.ts';
import { boundHeapGrowth } from '../../lib/heap-growth.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { createLogger, type Logger } from '../../lib/logger.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import { SECOND } from '../../lib/time.ts';
import { textFile } from '../../storage/text-file.ts';
import { configFolder, givenDataFolder, loadForCommand } from '../config-folder.ts';
import { openDemo } from '../demo.ts';
import { tellOfJournal } from '../journal-alarm.ts';
import { openFolder } from '../kept-fold.ts';
import { openCollector } from '../open-collector.ts';
import { systemFping } from '../run-fping.ts';
import { type Service, startService } from '../service.ts';
import { readProc, systemWorld } from '../system-world.ts';
import { type CommandLine, parseOptions } from './command-line.ts';

/** Compiled code is kept on disk when a process ends well; one that is killed must start as quickly again. */
const KEEP_CODE_AFTER_MS = 20 * SECOND;

/**
 * `threenines serve`: runs until SIGINT or SIGTERM; SIGHUP reads the configuration again. Exit code
 * 1 when it cannot start, and when the journal fails while it runs: only a restart can tell what is
 * on the disk.
 */
export async function serveCommand(line: CommandLine): Promise<number> {
  const parsed = parseOptions(line, 'serve');
  if (parsed === null || parsed === 'help') return parsed === null ? 2 : 0;
  boundHeapGrowth();
  const folder = configFolder(parsed.values.config, line.environment);
  const config = loadForCommand(line, folder);
  if (config === null) return 1;
  const log = createLogger({
    level: logLevel(parsed.values.log),
    pretty: process.stdout.isTTY === true,
  });
  const givenData = givenDataFolder(parsed.values.data, line.environment);
  const data = givenData ?? config.service.dataFolder;
  const opened = openFolder(data, config.service.timeZone, log);
  if (!opened.ok) {
    line.complain(`threenines: ${opened.problem.message}`);
    // Of another service that runs, or an older program started by hand, nobody need be woken.
    if (!['in-use', 'newer-version'].includes(opened.problem.reason)) {
      const ways = { clock: systemClock, http: systemHttpClient, mail: systemMailClient };
      await tellOfJournal({ config, dataFolder: data, log, ...ways }, opened.problem.message);
    }
    return 1;
  }
  using journal = opened.journal;
  if (opened.diskReserve === 'spent') log.warn('the disk that holds the journal is nearly full');
  await using stops = new AsyncDisposableStack();
  const world = systemWorld(journal);
  const demo = config.service.demo ? await openDemo(config, world, log) : null;
  if (demo !== null && !demo.ok) {
    line.complain(`threenines: ${demo.problem}`);
    return 1;
  }
  if (demo !== null) stops.defer(() => demo.lab.stop());
  const ended = Promise.withResolvers<number>();
  let service: Service;
  try {
    service = await startService({
      config,
      configFolder: folder,
      dataFolder: data,
      keptFold: opened.keptFold,
      overridden: givenData === null ? [] : ['dataFolder'],
      environment: line.environment,
      world,
      log,
      learned: textFile(join(data, 'learned.json')),
      engineStore: textFile(join(data, 'snmp-engine.json')),
      keyStore: textFile(join(data, 'acknowledge.key')),
      openTrapSocket: openThreadedSocket,
      openCollector: (deps, registry) =>
        openCollector(deps, { registry, logLevel: logLevel(parsed.values.log) }),
      readProc,
      runFping: systemFping,
      lab: demo?.control ?? null,
      onFatal: () => ended.resolve(1),
    });
  } catch (error) {
    line.complain(`threenines: ${startProblem(error, config)}`);
    return 1;
  }
  stops.use(service);
  stops.defer(systemClock.after(KEEP_CODE_AFTER_MS, flushCompileCache));
  obeySignals(line, service, log, () => ended.resolve(0));
  greet(line, config, service);
  return await ended.promise;
}

function greet(line: CommandLine, config: Config, service: Service): void {
  const { consoleUrl, demo } = config.service;
  line.print(`Threenines is running: ${service.url}`);
  line.print(`Process ${process.pid}: SIGHUP reads the configuration again, SIGTERM stops.`);
  if (demo) {
    line.print(
      [
        'It watches the built-in demo network: 13 devices on this machine, with a story that begins now.',
        'Within a minute you will see an incident with a response clock, and a page in the inbox.',
        'To watch your own network: copy config/example to a folder of yours, edit it, check it with',
        '  npx threenines check --config DIR',
        'and start with',
        '  npm start -- --config DIR',
      ].join('\n'),
    );
  } else {
    line.print(`Console: ${consoleUrl}; ${config.devices.length} devices configured.`);
  }
}

function obeySignals(line: CommandLine, service: Service, log: Logger, stop: () => void): void {
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.on('SIGHUP', async () => {
    const outcome = await service.reload();
    if (outcome.ok) line.print(`configuration reloaded: ${describeReload(outcome)}`);
    else line.complain('configuration not reloaded: the old one stays in force');
    for (const problem of errorsFirst(outcome.problems)) {
      const words = { problem: formatProblem(problem) };
      if (isError(problem)) log.error(words, 'configuration not taken');
      else log.warn(words, 'configuration warning');
    }
  });
}

/** `1 device; not applied until restart: listen` */
function describeReload({ deviceCount, notAppliedUntilRestart }: ReloadOutcome): string {
  const devices = `${deviceCount} ${deviceCount === 1 ? 'device' : 'devices'}`;
  return notAppliedUntilRestart.length === 0
    ? devices
    : `${devices}; not applied until restart: ${notAppliedUntilRestart.join(', ')}`;
}

function logLevel(option: string | boolean | undefined): 'debug' | 'info' | 'warn' | 'error' {
  return option === 'debug' || option === 'info' || option === 'error' ? option : 'warn';
}

function startProblem(error: unknown, config: Config): string {
  const { listenHost, listenPort } = config.service;
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return `${listenHost}:${listenPort} is in use; stop the other program or set "listen" in threenines.yaml`;
  }
  if (code === 'EADDRNOTAVAIL') return `${listenHost} is not an address of this machine`;
  if (code === 'EACCES') return `not allowed to listen on ${listenHost}:${listenPort}`;
  return error instanceof Error ? error.message : String(error);
}
