import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { ReloadOutcome } from '../../api/deps.ts';
import { openThreadedSocket } from '../../collector/traps/threaded-socket.ts';
import type { Config } from '../../config/model.ts';
import { errorsFirst, formatProblem, isError } from '../../config/problem.ts';
import { systemClock } from '../../lib/clock.ts';
import { boundHeapGrowth } from '../../lib/heap-growth.ts';
import { systemHttpClient } from '../../lib/http-client.ts';
import { JournalError } from '../../lib/journal.ts';
import { createLogger, type Logger } from '../../lib/logger.ts';
import { systemMailClient } from '../../lib/mail-client.ts';
import { SECOND } from '../../lib/time.ts';
import { probeDisk } from '../../storage/disk-probe.ts';
import { JOURNAL_FILE } from '../../storage/journal-file.ts';
import { publicProblem } from '../../storage/journal-problem.ts';
import { textFile } from '../../storage/text-file.ts';
import { configFolder, givenDataFolder, loadForCommand } from '../config-folder.ts';
import { openDemo } from '../demo.ts';
import { holdAddress } from '../held-address.ts';
import { JournalAlarm } from '../journal-alarm.ts';
import { keepServing, type Life, type LifeEnd, type Opening } from '../keep-serving.ts';
import { type OpenedFolder, openFolder } from '../kept-fold.ts';
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
  const stopping = Promise.withResolvers<number>();
  const stopped = stopping.promise;
  const serving: Serving = {
    ...{ line, folder, givenData, data, log, stopped, logLevel: logLevel(parsed.values.log) },
    ...{ config, service: null, boundPort: null },
  };
  obeySignals(serving, () => stopping.resolve(0));
  const alarm = new JournalAlarm({
    ...{
      dataFolder: data,
      clock: systemClock,
      http: systemHttpClient,
      mail: systemMailClient,
      log,
    },
    getConfig: () => serving.service?.config() ?? serving.config,
  });
  return await keepServing({
    ...{ clock: systemClock, log, alarm, stopped },
    open: () => openJournalOf(serving),
    probe: () => probeDisk(data),
    serve: (opened, life) => serveOn(serving, opened, life),
    hold: (getReason) => holdFor(serving, getReason),
  });
}

/** One run of the command; `config` and `service` are those of the life that the service has now. */
interface Serving {
  readonly line: CommandLine;
  readonly folder: string;
  readonly givenData: string | null;
  readonly data: string;
  readonly log: Logger;
  readonly logLevel: LogLevel;
  readonly stopped: Promise<number>;
  config: Config;
  service: Service | null;
  /** Which port it was given where the configuration leaves that open: its later lives answer there, too. */
  boundPort: number | null;
}

type OpenFolder = Extract<OpenedFolder, { ok: true }>;

/** Where there was a journal before, a disk that takes nothing may take it again; a first start ends and says why. */
function openJournalOf({ line, data, config, log }: Serving): Opening<OpenFolder> {
  const wasThere = existsSync(join(data, JOURNAL_FILE));
  const opened = openFolder(data, config.service.timeZone, log);
  if (opened.ok) return { ok: true, opened };
  const { reason, message } = opened.problem;
  const mayPass = wasThere && ['disk-full', 'not-writable', 'io-error'].includes(reason);
  line.complain(`threenines: ${message}`);
  // Of another service that runs, or an older program started by hand, nobody need be woken.
  const isNoAlarm = ['in-use', 'newer-version'].includes(reason);
  return { ok: false, message, publicMessage: publicProblem(opened.problem), mayPass, isNoAlarm };
}

async function holdFor(
  { line, config, boundPort }: Serving,
  getReason: () => string,
): Promise<AsyncDisposable | null> {
  const { listenHost: host, listenPort } = config.service;
  const port = listenPort === 0 ? (boundPort ?? 0) : listenPort;
  try {
    const held = await holdAddress({ host, port }, getReason);
    line.complain(`threenines: waiting until it can be opened; ${held.url}/readyz says why`);
    return held;
  } catch (error) {
    line.complain(`threenines: ${startProblem(error, config)}`);
    return null;
  }
}

/** One life of the service, from what the journal says to its end. */
async function serveOn(serving: Serving, opened: OpenFolder, life: Life): Promise<LifeEnd> {
  const { line, folder, log, data, givenData } = serving;
  using journal = opened.journal;
  if (opened.diskReserve === 'spent') log.warn('the disk that holds the journal is nearly full');
  const config = onBoundPort(serving);
  await using stops = new AsyncDisposableStack();
  const world = systemWorld(journal);
  const demo = config.service.demo ? await openDemo(config, world, log) : null;
  if (demo !== null && !demo.ok) {
    line.complain(`threenines: ${demo.problem}`);
    return { code: 1 };
  }
  if (demo !== null) stops.defer(() => demo.lab.stop());
  const ended = Promise.withResolvers<LifeEnd>();
  try {
    serving.service = await startService({
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
        openCollector(deps, {
          ...{ registry, logLevel: serving.logLevel },
          heldTotals: textFile(join(data, 'held-totals.json')),
        }),
      readProc,
      runFping: systemFping,
      lab: demo?.control ?? null,
      onFatal: (error) => void endAfter(error, life).then(ended.resolve),
    });
  } catch (error) {
    const problem = startProblem(error, config);
    line.complain(`threenines: ${problem}`);
    if (!isOfDisk(error)) return { code: 1 };
    await using _held = await holdFor(serving, () => 'the disk of the data folder takes nothing');
    return await endAfter(new JournalError(problem, { cause: error }), life);
  }
  const { service } = serving;
  serving.boundPort = Number(new URL(service.url).port);
  stops.defer(() => {
    serving.config = service.config();
    serving.service = null;
  });
  stops.use(service);
  stops.defer(systemClock.after(KEEP_CODE_AFTER_MS, flushCompileCache));
  stops.use(life.runs(() => service.failure() === null));
  greet(line, config, service);
  return await Promise.race([serving.stopped.then((code) => ({ code })), ended.promise]);
}

function onBoundPort({ config, boundPort }: Serving): Config {
  if (boundPort === null || config.service.listenPort !== 0) return config;
  return { ...config, service: { ...config.service, listenPort: boundPort } };
}

/** A journal that failed may be believed again once it is read from the disk; a bug wants a new process. */
async function endAfter(error: Error, life: Life): Promise<LifeEnd> {
  if (!(error instanceof JournalError)) {
    await life.afterBug(error.message);
    return { code: 1 };
  }
  const code = await life.afterFailure(error.message);
  return code === null ? { journalFailed: error.message } : { code };
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

function obeySignals(serving: Serving, stop: () => void): void {
  const { line, log } = serving;
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.on('SIGHUP', async () => {
    const { service } = serving;
    if (service === null) {
      line.complain('configuration not reloaded: the service does not run now');
      return;
    }
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

type LogLevel = 'debug' | 'info' | 'warn' | 'error';

function logLevel(option: string | boolean | undefined): LogLevel {
  return option === 'debug' || option === 'info' || option === 'error' ? option : 'warn';
}

/** What a disk that is full, failing or read-only answers to any write. */
function isOfDisk(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return ['ENOSPC', 'EDQUOT', 'EROFS', 'EIO'].includes(code);
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
