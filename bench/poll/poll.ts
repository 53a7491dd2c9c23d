import type { Bench, BenchContext } from '../bench.ts';
import { type AgentCounters, readAgentCounters } from '../network/agent-counters.ts';
import { writeServiceFolder } from '../network/service-folder.ts';
import { startSimulatedNetwork } from '../network/simulated-network.ts';
import { runWorker } from '../processes.ts';
import { findProgram } from '../programs.ts';
import type { BenchReport, Figure } from '../report.ts';
import { median, noise, ratio } from '../statistics.ts';
import type { CollectorTally, CollectorTask } from './collector-poller.ts';
import { EXPORTER_MODULE } from './exporter-config.ts';
import { type ScrapeTally, type ScrapeTask, scrape } from './scrapes.ts';
import { type HttpServer, startExporter, startOwnService } from './servers.ts';
import { pdusToWalk } from './walk-cost.ts';

/** So many that polls of one device are far enough apart for rates. */
const POLLED_DEVICES = 800;
const DEVICES = 500;
const IN_FLIGHT = 100;
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 1.5;
const PER_THOUSAND = 1_000;

interface Measured {
  readonly collector: CollectorTally[];
  readonly service: ScrapeTally[];
  readonly exporter: ScrapeTally[];
  /** PDUs of one scrape of the exporter, which walks 22 columns. */
  readonly scrapePdus: number | null;
  /** PDUs that walking the columns of a poll takes. */
  walkPdus: number | null;
  readonly notes: string[];
}

/** A complete poll as the service does it, beside Debian's exporter for the same columns. */
export const pollBench: Bench = {
  name: 'poll',
  title: 'complete polls and scrapes, beside prometheus-snmp-exporter',
  async run(context) {
    const network = await startSimulatedNetwork(context.folder);
    const measured: Measured = {
      collector: [],
      service: [],
      exporter: [],
      scrapePdus: null,
      walkPdus: null,
      notes: [],
    };
    if ('why' in network) return reportOf({ ...measured, notes: [network.why] });
    await using _stop = network;
    await pollWithCollector(context, network.port, measured);
    const wrk = findProgram('wrk');
    if (!wrk.ok) {
      measured.notes.push(`scrapes and the exporter are left out: ${wrk.why}`);
      return reportOf(measured);
    }
    const scrapePdus = await scrapeBoth(context, network.port, measured);
    return reportOf({ ...measured, scrapePdus });
  },
};

async function pollWithCollector(
  context: BenchContext,
  snmpPort: number,
  measured: Measured,
): Promise<void> {
  const configFolder = writeServiceFolder(context.folder, {
    devices: POLLED_DEVICES,
    snmpPort,
    httpPort: 1,
    // All polls are asked for; those of the collector's own plan stay out of the way.
    heartbeat: '10m',
    fullPoll: '1h',
    concurrency: 2 * IN_FLIGHT,
  });
  const { seconds } = context;
  const task: CollectorTask = {
    configFolder,
    snmpPort,
    inFlight: IN_FLIGHT,
    warmUpSeconds: WARM_UP_SECONDS,
    seconds,
  };
  for (let round = 1; round <= context.rounds; round += 1) {
    context.progress(`poll: collector, round ${round} of ${context.rounds}`);
    const file = new URL('./collector-poller.ts', import.meta.url);
    measured.collector.push(await runWorker<CollectorTally>(file, task));
  }
  measured.walkPdus = await pdusToWalk(snmpPort);
}

async function scrapeBoth(
  context: BenchContext,
  snmpPort: number,
  measured: Measured,
): Promise<number | null> {
  const common = { snmpPort, devices: DEVICES, module: EXPORTER_MODULE };
  const taskFor = (kind: ScrapeTask['kind'], server: HttpServer): ScrapeTask => ({
    ...common,
    kind,
    httpPort: server.httpPort,
    pid: server.pid,
    connections: CONNECTIONS,
    seconds: Math.max(2, context.seconds),
  });
  const exporter = await startExporter(context.folder);
  if ('why' in exporter) {
    measured.notes.push(`scrapes are left out: ${exporter.why}`);
    return null;
  }
  await using _stopExporter = exporter;
  const scrapePdus = await pdusOfOneScrape(taskFor('exporter', exporter), snmpPort);
  context.progress('poll: the service polls every device once');
  await using service = await startOwnService(context.folder, {
    devices: DEVICES,
    snmpPort,
    heartbeat: '15s',
    fullPoll: '30s',
  });
  await scrape(taskFor('service', service));
  for (let round = 1; round <= context.rounds; round += 1) {
    context.progress(`poll: scrapes, round ${round} of ${context.rounds}`);
    measured.exporter.push(await scrape(taskFor('exporter', exporter)));
    measured.service.push(await scrape(taskFor('service', service)));
  }
  return scrapePdus;
}

async function pdusOfOneScrape(task: ScrapeTask, snmpPort: number): Promise<number> {
  const before = await readAgentCounters(snmpPort);
  const url = `http://127.0.0.1:${task.httpPort}/snmp?target=127.1.0.1:${snmpPort}&module=${task.module}`;
  await (await fetch(url)).text();
  const after: AgentCounters = await readAgentCounters(snmpPort);
  // One of the requests between is the second reading itself.
  return after.requests - before.requests - 1;
}

function reportOf(measured: Measured): BenchReport {
  const { collector, service, exporter, scrapePdus, walkPdus, notes } = measured;
  const pollCpu = collector.map((each) => (each.cpuSeconds / each.polls) * PER_THOUSAND);
  const scrapeCpu = (tallies: readonly ScrapeTally[]) =>
    tallies.map((each) => (each.cpuSeconds / each.scrapes) * PER_THOUSAND);
  const ofScrapes = (tallies: readonly ScrapeTally[], pick: (tally: ScrapeTally) => number) =>
    median(tallies.map(pick));
  const pdus = median(collector.map((each) => each.requests / each.polls));
  const rows = [
    [
      'Threenines: polls',
      median(pollCpu),
      noise(pollCpu),
      median(collector.map((each) => each.polls / each.seconds)),
      pdus,
      null,
      null,
      null,
      median(collector.map((each) => each.memoryMb)),
    ],
    ...(
      [
        ['Threenines: scrapes, polled each 30 s', service, null],
        ['snmp_exporter: scrapes', exporter, scrapePdus],
      ] as const
    ).map(([name, tallies, pdusEach]) => [
      name,
      median(scrapeCpu(tallies)),
      noise(scrapeCpu(tallies)),
      ofScrapes(tallies, (each) => each.scrapes / each.seconds),
      pdusEach,
      ofScrapes(tallies, (each) => each.medianMs),
      ofScrapes(tallies, (each) => each.p99Ms),
      ofScrapes(tallies, (each) => each.octetsEach),
      null,
    ]),
  ];
  const columns = [
    'work',
    'CPU s per 1,000',
    'noise',
    'per second',
    'PDUs each',
    'median ms',
    'p99 ms',
    'octets each',
    'MB',
  ];
  const failures = collector.reduce((sum, each) => sum + each.failures, 0);
  const errors = [...service, ...exporter].reduce((sum, each) => sum + each.errors, 0);
  return {
    tables: [{ columns, rows }],
    figures: figuresOf({
      pollCpu: median(pollCpu),
      serviceCpu: median(scrapeCpu(service)),
      exporterCpu: median(scrapeCpu(exporter)),
      serviceP99: ofScrapes(service, (each) => each.p99Ms),
      exporterP99: ofScrapes(exporter, (each) => each.p99Ms),
      pdus,
      scrapePdus,
      walkPdus,
      fill: median(collector.map((each) => each.fill)),
    }),
    notes: [
      ...notes,
      `a poll of ours reads ${collector[0]?.series ?? 0} series of a device, rates among them; ${failures} polls failed, ${errors} scrapes failed`,
      `the exporter polls at each scrape; the service serves from its last poll and polls all ${DEVICES} devices each 30 s meanwhile`,
    ],
  };
}

interface Medians {
  readonly pollCpu: number | null;
  readonly serviceCpu: number | null;
  readonly exporterCpu: number | null;
  readonly serviceP99: number | null;
  readonly exporterP99: number | null;
  readonly pdus: number | null;
  readonly scrapePdus: number | null;
  readonly walkPdus: number | null;
  readonly fill: number | null;
}

function figuresOf(medians: Medians): Figure[] {
  const { pollCpu, serviceCpu, exporterCpu } = medians;
  const both = pollCpu === null || serviceCpu === null ? null : pollCpu + serviceCpu;
  return [
    {
      key: 'poll_exporter_to_own',
      what: 'CPU of a scrape of snmp_exporter to a complete poll of ours',
      value: ratio(exporterCpu, pollCpu),
      goal: { atLeast: 25, unit: '×' },
    },
    {
      key: 'poll_exporter_to_own_with_scrape',
      what: 'the same to a poll and a scrape of ours',
      value: ratio(exporterCpu, both),
      goal: null,
    },
    {
      key: 'poll_scrape_p99_to_exporter',
      what: 'p99 of 50 concurrent scrapes to the exporter’s',
      value: ratio(medians.serviceP99, medians.exporterP99),
      goal: { atMost: 0.1, unit: '×' },
    },
    {
      key: 'poll_pdus_to_fewest',
      what: 'PDUs of a poll to the fewest that carry its octets in full frames',
      value: ratio(1, medians.fill),
      goal: { atMost: 1.1, unit: '×' },
    },
    {
      key: 'poll_pdus_to_walk',
      what: 'PDUs of a poll to what walking its columns takes, 50 rows at once',
      value: ratio(medians.pdus, medians.walkPdus),
      goal: { atMost: 0.5, unit: '×' },
    },
    {
      key: 'poll_pdus_to_exporter',
      what: 'the same to a scrape of the exporter, which walks half as many columns',
      value: ratio(medians.pdus, medians.scrapePdus),
      goal: null,
    },
  ];
}
