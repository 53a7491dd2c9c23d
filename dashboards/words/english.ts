import { deviceEnglish } from './device.ts';
import { legendsEnglish } from './legends.ts';
import { portEnglish } from './port.ts';
import { powerEnglish } from './power.ts';
import { serviceEnglish } from './service.ts';
import { siteEnglish } from './site.ts';
import { uptimeEnglish } from './uptime.ts';

/** What the boards say in English; the type of this table is what every other language must fill in. */
export const english = {
  noData: 'NO DATA',
  dataSource: 'Data source',
  site: 'Site',
  device: 'Device',
  port: 'Port',
  window: 'Window',
  windows: { month: 'this month', quarter: 'this quarter', year: 'this year' },
  openSite: 'Open the site board',
  openDeviceBoard: 'Open the device board',
  openPort: 'Open the port board',
  console: 'Console address',
  consoleHint: 'Where the Threenines console is reached from this browser.',
  allBoards: 'Threenines boards',
  openConsole: 'Open in console',
  openIncident: 'Open the incident in the console',
  openDevice: 'Open the device in the console',
  openIncidents: 'Incidents and response clocks',
  annotation: 'Incidents opened',
  states: {
    up: 'up',
    'out-of-service': 'out of service',
    maintenance: 'maintenance',
    degraded: 'degraded',
    unknown: 'not observed',
    unreachable: 'unreachable',
    down: 'down',
  },
  tiers: { 1: '1 critical', 2: '2 major', 3: '3 significant', 4: '4 general' },
  stages: { open: '✖ open', acknowledged: '▲ acknowledged', restored: '✔ restored' },
  columns: {
    tier: 'Tier',
    title: 'What',
    site: 'Site',
    device: 'Device',
    age: 'Open for',
    left: 'Time left',
    used: 'Clock used',
    owner: 'Owner',
    stage: 'Stage',
    incident: 'Incident',
    rule: 'Graded by',
    state: 'State',
    role: 'Role',
    lastAnswer: 'Last answer',
    cpu: 'Processor',
    memory: 'Memory',
    celsius: 'Warmest',
    roundTrip: 'Round trip',
    port: 'Port',
    alias: 'Alias',
    index: 'Index',
    oper: 'State',
    admin: 'Set to',
    speed: 'Speed',
    received: 'In',
    sent: 'Out',
    errors: 'Errors',
    discards: 'Discards',
    vendor: 'Vendor',
    model: 'Model',
    os: 'System',
    profile: 'Profile',
    supply: 'Supply',
    load: 'Load',
    charge: 'Charge',
    runtime: 'Runtime',
    battery: 'Battery',
    feed: 'Hangs on',
    low: 'At least',
    best: 'Best',
    coverage: 'Coverage',
    verdict: 'Verdict',
    budget: 'Budget left',
    version: 'Version',
    node: 'Node',
    kind: 'By',
    part: 'Part',
    loss: 'Loss',
    jitter: 'Jitter',
    stateAbove: 'Its state',
  },
  partStates: { 0: '✔ good', 1: '▲ warning', 2: '✖ critical', 3: '? unknown' },
  linkKinds: { network: 'network', power: 'power' },
  noc: {
    title: 'Threenines / NOC overview',
    description:
      'What needs action now, on one screen. A healthy network is quiet here; a silent service is red.',
    tier: (tier: string) => ({
      title: `Open, tier ${tier}`,
      description: `Open incidents of tier ${tier} at the chosen sites, acknowledged ones included. Nought is shown only while the service says so; without an answer it reads NO DATA.`,
    }),
    nextDeadline: {
      title: 'Next deadline',
      description:
        'Time left on the response clock that ends first at the chosen sites (15, 15, 30 or 60 minutes by tier). "Ago" means that it has passed without an acknowledgement.',
    },
    noClock: 'no clock running',
    down: {
      title: 'Down',
      description: 'Devices confirmed not answering, at the chosen sites.',
    },
    unreachable: {
      title: 'Unreachable',
      description: 'Devices that cannot be judged because everything above them is down.',
    },
    notObserved: {
      title: 'Not observed',
      description:
        'Devices about which the service has no valid observation. Their state is not known, it is not "up".',
    },
    incidents: {
      title: 'Open incidents',
      description:
        'One line for each open incident, worst tier and least time first. Time left ends at the acknowledgement. An empty list means no incident only while Data age is green.',
    },
    noIncidents: 'No open incident (while Data age is green)',
    sites: {
      title: 'Sites, worst device',
      description:
        'The worst state of any device at the site over time; the twenty worst sites are shown.',
    },
    onBattery: {
      title: 'On battery: time left',
      description:
        'Battery time left at the present load for each power system that runs on battery, as the system estimates it.',
    },
    allOnMains: 'all on mains',
    onMains: '✔ mains',
    runtimeNotTold: '✖ on battery, time not told',
    busiestLinks: {
      title: 'Busiest links',
      description:
        'The eight ports with the largest share of their speed in use, the fuller direction of each, between the last two full polls.',
    },
    slowest: {
      title: 'Slowest to answer',
      description: 'The eight devices with the longest round trip in the last five minutes.',
    },
    lossiest: {
      title: 'Packets lost',
      description:
        'The eight devices that lost the largest share of their probes in the last five minutes. Needs probes in the configuration.',
    },
    nothingLost: 'none lost, or no probes',
    notUp: {
      title: 'Devices not up',
      description:
        'How many devices were in each state other than up. An empty stretch is a gap in our own sight.',
    },
    dataAge: {
      title: 'Data age',
      description:
        'Time since the engine last finished a step. Above one minute what this board shows may be out of date; above three minutes it is.',
    },
  },
  incidents: {
    title: 'Threenines / Incidents and response clocks',
    description:
      'Whether every incident is answered within its time (15, 15, 30 and 60 minutes for tiers 1 to 4), and whether pages arrive.',
    rows: { now: 'Now', response: 'Response', where: 'Where and why', pages: 'Pages' },
    clocks: {
      title: 'Running clocks',
      description:
        'Open incidents that nobody has acknowledged yet, least time first. Clock used is the share of the response time gone since the clock started; above 100 % the promise is broken.',
    },
    noClocks: 'No clock is running (while Data age is green)',
    stages: {
      title: 'Incidents by stage',
      description:
        'Open, acknowledged, and restored incidents that can still re-open, at the chosen sites.',
    },
    compliance: {
      title: 'Answered in time',
      description:
        'Share of the response clocks that ended in the chosen range with an acknowledgement in time, by tier. The promise is all of them.',
    },
    nothingToAnswer: 'none ended',
    breaches: {
      title: 'Breaches, day by day',
      description:
        'Response clocks that ran out without an acknowledgement, by tier, at all sites: a bar a day over a week or more, hours over less. Each stands where its day begins; the last one is still running.',
    },
    timeToAcknowledge: {
      title: 'Time to acknowledge',
      description:
        'Median and ninth decile of the time from the start of the clock to the acknowledgement over the chosen range, by tier. Estimated from a histogram.',
    },
    timeToRestore: {
      title: 'Time to resolve',
      description:
        'Median and ninth decile of the time from the opening to the resolution of an incident over the chosen range, by tier. Estimated from a histogram.',
    },
    half: 'half',
    ninth: '9 of 10',
    bySite: {
      title: 'Open incidents by site',
      description: 'The ten sites with most open incidents.',
    },
    byRule: {
      title: 'Open incidents by grading rule',
      description: 'Which rules gave open incidents their tier.',
    },
    overTime: {
      title: 'Open incidents',
      description: 'Incidents not yet resolved, by tier, at the chosen sites.',
    },
    outboxAge: {
      title: 'Oldest page waiting',
      description: 'How long the oldest undelivered page has waited. Nought while none waits.',
    },
    outbox: {
      title: 'Pages by state of delivery',
      description: 'Pages that the engine holds: queued, sent, abandoned or cancelled.',
    },
    delivery: {
      title: 'Pages by channel and result',
      description:
        'Tries to send a page, by channel and how they ended: sent, failed (tried again) or rejected (final).',
    },
    deliveryTime: {
      title: 'Time to deliver',
      description:
        'For each channel, the time within which 95 of 100 pages were accepted, retries included, over the chosen range.',
    },
    nothingSent: 'nothing sent',
  },
  siteBoard: siteEnglish,
  deviceBoard: deviceEnglish,
  portBoard: portEnglish,
  powerBoard: powerEnglish,
  uptimeBoard: uptimeEnglish,
  serviceBoard: serviceEnglish,
  legends: legendsEnglish,
};

/** Everything a reader of the boards can read, in one language. A missing translation is a type error. */
export type Words = typeof english;
