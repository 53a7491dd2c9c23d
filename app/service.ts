import { collectDefaultMetrics, Registry } from 'prom-client';
import { acknowledgeKey, type KeyStore } from '../alerting/acknowledge-key.ts';
import { acknowledgeLinks } from '../alerting/acknowledge-link.ts';
import { createInbox, type Inbox } from '../alerting/channels/inbox.ts';
import type { EngineShell } from '../alerting/engine-shell.ts';
import { type DomainEvent, LEASE_INTERVAL_MS } from '../alerting/events.ts';
import { createPageSender, type PageSender } from '../alerting/page-sender.ts';
import { createSenderMetrics } from '../alerting/sender-metrics.ts';
import { topologyOf } from '../alerting/topology-of.ts';
import { createApi } from '../api/create-api.ts';
import type { LabControl, ReloadOutcome } from '../api/deps.ts';
import type { Collector, CollectorDeps } from '../collector/collector.ts';
import type { LearnedStore } from '../collector/learned-store.ts';
import type { RunFping } from '../collector/probes/fping.ts';
import { Prober } from '../collector/probes/prober.ts';
import { createSelfMetrics } from '../collector/self-metrics.ts';
import type { EngineStore } from '../collector/traps/own-engine.ts';
import { TrapReceiver } from '../collector/traps/trap-receiver.ts';
import type { OpenTrapSocket } from '../collector/traps/trap-socket.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/model.ts';
import { formatProblem, type Problem } from '../config/problem.ts';
import type { Clock } from '../lib/clock.ts';
import { Lifecycle } from '../lib/lifecycle.ts';
import type { Logger } from '../lib/logger.ts';
import { SECOND } from '../lib/time.ts';
import type { World } from '../lib/world.ts';
import type { LiveLedger } from '../reports/live-ledger.ts';
import { describeError } from '../storage/journal-problem.ts';
import { startDiskWatch } from './disk-watch.ts';
import { renderAll } from './exposition.ts';
import { type KeptFold, keepFold } from './kept-fold.ts';
import { lateWindowProblems } from './late-windows.ts';
import { openEngine } from './open-engine.ts';
import { openSamples, type Samples } from './open-sampler.ts';
import { openReports, type ReportOffice } from './report-office.ts';
import { notAppliedUntilRestart } from './restart-settings.ts';
import { startSelfWatch } from './self-watch.ts';
import { createServiceMetrics } from './service-metrics.ts';
import { VERSION } from './version.ts';

/** A collector that is not at work is looked at again after this. */
const LOOK_AGAIN_MS = SECOND;
/** All parts together have this long to stop, each at most. */
const STOP_TIMEOUT_MS = 10 * SECOND;

export interface ServiceOptions {
  readonly config: Config;
  readonly configFolder: string;
  /** Settings, by their keys in threenines.yaml, that the command line or the environment decides. */
  readonly overridden: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly world: World<DomainEvent>;
  readonly log: Logger;
  /** Where the collector keeps what it has learned of the devices over a restart. */
  readonly learned: LearnedStore;
  /** Where our own SNMP engine, which receives informs, keeps who it is. */
  readonly engineStore: EngineStore;
  /** Where the key of acknowledge links is kept. */
  readonly keyStore: KeyStore;
  readonly openTrapSocket: OpenTrapSocket;
  /** Sends ICMP where there is fping. */
  readonly runFping: RunFping;
  /** Makes the collector: one that polls in this thread, or in others. */
  readonly openCollector: (deps: CollectorDeps, registry: Registry) => Collector;
  /** The text of a file under /proc; null where there is none. */
  readonly readProc: (path: string) => string | null;
  /** Where the journal lies, for reports and their archive; left out: no reports are made. */
  readonly dataFolder?: string;
  /** What the journal was folded to at an earlier run; left out: it is folded at every start, and nothing is kept. */
  readonly keptFold?: KeptFold;
  /** The demo network's controls, null when real devices are watched. */
  readonly lab: LabControl | null;
  /** As the engine's: nothing is decided or paged any more, and `/readyz` says so, until a service is started from what is on the disk. */
  readonly onFatal: (error: Error) => void;
}

export interface Service extends AsyncDisposable {
  /** `http://host:port` it answers at. */
  readonly url: string;
  reload(): Promise<ReloadOutcome>;
  /** The configuration in force. */
  config(): Config;
  /** Why it records and pages nothing any more; null while it does. */
  failure(): Error | null;
}

/**
 * Wires the stages together, left to right, and starts them: collector → engine → pages, with the
 * ledger and the API reading what is durable. Whatever fails on the way takes down what had been
 * started. Rejects when the address cannot be listened on.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { world, log } = options;
  const lifecycle = new Lifecycle(world.clock, log, STOP_TIMEOUT_MS);
  try {
    return await wire(options, lifecycle);
  } catch (error) {
    await lifecycle[Symbol.asyncDispose]();
    throw error;
  }
}

interface Stages {
  readonly registry: Registry;
  readonly ledger: LiveLedger;
  readonly engine: EngineShell;
  readonly collector: Collector;
  readonly prober: Prober;
  readonly traps: TrapReceiver;
  readonly inbox: Inbox;
  readonly sender: PageSender;
  readonly reports: ReportOffice | null;
  readonly samples: Samples | null;
  /** Begins to watch the service itself; gives how to stop. */
  readonly watchSelf: () => () => void;
  readonly acknowledgeKey: string;
}

async function wire(options: ServiceOptions, lifecycle: Lifecycle): Promise<Service> {
  const current = { config: options.config };
  const stages = createStages(options, () => current.config);
  const serviceMetrics = createServiceMetrics(stages.registry, VERSION);
  const reload = async (): Promise<ReloadOutcome> => {
    const { configFolder, environment, world } = options;
    const loaded = loadConfig(configFolder, environment);
    serviceMetrics.configReloadSuccessful.set(loaded.config === null ? 0 : 1);
    if (loaded.config === null) {
      return reloadOutcome(false, loaded.problems, options, current.config);
    }
    current.config = loaded.config;
    stages.collector.reconfigure(loaded.config);
    stages.prober.reconfigure(loaded.config);
    const topology = topologyOf(loaded.config);
    const late = lateWindowProblems(topology, stages.ledger, world.clock.now());
    stages.engine.submit({ kind: 'topology', topology });
    await stages.traps.reconfigure(loaded.config);
    const outcome = reloadOutcome(true, [...loaded.problems, ...late], options, loaded.config);
    const settings = outcome.notAppliedUntilRestart;
    if (settings.length > 0) options.log.warn({ settings }, 'not applied until restart');
    return outcome;
  };
  const api = createServiceApi(options, stages, () => current.config, reload);
  await startStages(options, stages, lifecycle);
  const { listenHost: host, listenPort: port } = options.config.service;
  lifecycle.onStop('http', () => api.close());
  const url = await api.listen({ host, port });
  return {
    ...{ url, reload, config: () => current.config, failure: () => stages.engine.failure },
    [Symbol.asyncDispose]: () => lifecycle[Symbol.asyncDispose](),
  };
}

function createStages(options: ServiceOptions, getConfig: () => Config): Stages {
  const { world, log, config, learned, readProc, openCollector, onFatal } = options;
  const { clock, random, network, http, mail, journal } = world;
  const registry = createRegistry();
  const { engine, ledger } = openEngine({
    ...{ journal, clock, random, log, registry },
    // Nothing is sent of which the outcome cannot be recorded: it would be sent again.
    onFatal: (error) => {
      void sender.stop();
      onFatal(error);
    },
    timeZone: config.service.timeZone,
    snapshot: options.keptFold?.snapshot ?? null,
    onProbe: (deviceIds) => {
      for (const deviceId of deviceIds) collector.pollNow(deviceId);
    },
  });
  engine.subscribe((entries) => {
    for (const entry of entries) ledger.apply(entry);
    samples?.sampler.tell(entries);
  });
  const prober = new Prober({ clock, log, runFping: options.runFping, config });
  const collector: Collector = openCollector(
    {
      ...{ clock, random, network, config, log, learned, readProc },
      profiles: config.profiles,
      selfMetrics: createSelfMetrics(registry),
      onObservation: (observation) => {
        const amended = prober.amend(observation);
        engine.submit({ kind: 'observation', observation: amended });
        samples?.sampler.observe(amended);
      },
    },
    registry,
  );
  const traps = createTraps(options, registry, engine, collector);
  const inbox = createInbox();
  const metrics = createSenderMetrics(registry);
  const parts = { clock, random, http, mail, inbox, log, metrics };
  const key = acknowledgeKey(options.keyStore, random);
  const linksFor = acknowledgeLinks(key);
  const sender: PageSender = createPageSender({ ...parts, host: engine, getConfig, linksFor });
  const reports = openReports(options, { getConfig, registry });
  const samples = openSamples(options, getConfig, () => collector.view);
  const ways = { http, mail, inbox, linksFor };
  const watchSelf = () => {
    const stopSelf = startSelfWatch({ engine, clock, http, log, getConfig, delivery: ways });
    const stopDisk = startDiskWatch({ folder: options.dataFolder, engine, clock });
    return () => {
      stopSelf();
      stopDisk();
    };
  };
  const delivery = { inbox, sender, acknowledgeKey: key };
  const polling = { collector, prober, traps };
  return { registry, ledger, engine, ...polling, reports, samples, watchSelf, ...delivery };
}

function createTraps(
  { world, log, config, engineStore, openTrapSocket: openSocket, readProc }: ServiceOptions,
  registry: Registry,
  engine: EngineShell,
  collector: Collector,
): TrapReceiver {
  const { clock, random } = world;
  return new TrapReceiver({
    ...{ clock, random, log, config, registry, engineStore, openSocket, readProc },
    pollNow: (deviceId) => collector.pollNow(deviceId),
    engineIdOf: (deviceId) => collector.engineIdOf(deviceId),
    engineTimeOf: (deviceId) => collector.engineTimeOf(deviceId),
    record: (notification) => engine.record({ kind: 'notification', notification }),
  });
}

function createServiceApi(
  { world, log, lab }: ServiceOptions,
  stages: Stages,
  getConfig: () => Config,
  reload: () => Promise<ReloadOutcome>,
) {
  const { engine, collector, inbox } = stages;
  const { clock, journal } = world;
  return createApi({
    host: engine,
    collector: collector.view,
    inbox,
    acknowledgeKey: stages.acknowledgeKey,
    http: world.http,
    journal,
    getConfig,
    clock,
    log,
    readiness: () => readiness(engine, clock),
    reload,
    renderMetrics: (options) => renderAll({ ...stages, clock }, options),
    reports: stages.reports?.desk ?? null,
    history: stages.samples?.history ?? null,
    probes: stages.prober,
    lab,
  });
}

/** Node's own metrics, but for three gauges whose names end as only counters may. */
function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const kind of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  return registry;
}

/** Stopped in reverse: the last traps are stored, no more polls, the engine records its stop, the last pages go out. */
async function startStages(
  options: ServiceOptions,
  stages: Stages,
  lifecycle: Lifecycle,
): Promise<void> {
  const { world, config, log } = options;
  const { sender, engine, collector, prober, traps, ledger, reports, samples } = stages;
  const topology = topologyOf(config);
  for (const problem of lateWindowProblems(topology, ledger, world.clock.now())) {
    log.warn({ problem: formatProblem(problem) }, 'configuration warning');
  }
  if (samples !== null) lifecycle.onStop('samples', () => samples.stop());
  if (reports !== null) {
    reports.start(engine);
    lifecycle.onStop('reports', () => reports.stop());
  }
  engine.submit({ kind: 'topology', topology });
  engine.start();
  lifecycle.onStop('engine', () => engine.stop(sender.unreportedPageIds()));
  lifecycle.onStop('kept fold', keepFold(options, engine));
  collector.start();
  lifecycle.onStop('self-watch', stages.watchSelf());
  lifecycle.onStop('lease', renewLeases(engine, collector, world.clock));
  lifecycle.onStop('collector', () => collector.stop());
  prober.start();
  lifecycle.onStop('probes', () => prober.stop());
  lifecycle.onStop('traps', () => traps.stop());
  sender.start();
  // Stops first, so that how its last tries ended is on record before the engine stops.
  lifecycle.onStop('page sender', () => sender.stop());
  await traps.start();
}

/** Says at the engine's door, again and again, that the collector is at work: for as long as it proves to be. */
function renewLeases(engine: EngineShell, collector: Collector, clock: Clock): () => void {
  let cancel = () => {};
  const renew = () => {
    const isAtWork = collector.isAtWork();
    if (isAtWork) engine.submit({ kind: 'lease' });
    cancel = clock.after(isAtWork ? LEASE_INTERVAL_MS : LOOK_AGAIN_MS, renew);
  };
  renew();
  return () => cancel();
}

/** Ready: the journal is replayed and takes entries, and the engine ticks. */
function readiness(engine: EngineShell, clock: Clock) {
  if (engine.failure !== null) return { ready: false, reasons: [failureReason(engine.failure)] };
  const sinceTickMs = clock.now() - engine.lastTickAt;
  const stalled = engine.lastTickAt === 0 || sinceTickMs > 10 * SECOND;
  return { ready: !stalled, reasons: stalled ? ['the engine has not decided lately'] : [] };
}

/** Without the path of the folder, which is nobody's business outside. */
function failureReason(failure: Error): string {
  const cause = describeError(rootCause(failure));
  return `the journal takes nothing, so nothing is recorded or paged until it does: ${cause}`;
}

function rootCause(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootCause(error.cause) : error;
}

function reloadOutcome(
  ok: boolean,
  problems: readonly Problem[],
  { config: started, overridden }: ServiceOptions,
  inForce: Config,
): ReloadOutcome {
  const deviceCount = inForce.devices.length;
  return {
    ...{ ok, problems, deviceCount },
    notAppliedUntilRestart: notAppliedUntilRestart(started, inForce, overridden),
  };
}
