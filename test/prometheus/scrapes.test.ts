import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { MINUTE } from '../../lib/time.ts';
import { type LiveService, startLiveService } from '../dashboards/live-service.ts';
import { hasTool } from '../dashboards/prometheus-tools.ts';

const PATIENCE_MS = 2 * MINUTE;
const untilSo = { timeout: PATIENCE_MS, interval: 500 };

interface DemoDevice {
  readonly id: string;
  readonly address: string;
  readonly port: number;
  readonly role: string;
}

const devicesOf = (configFolder: string) =>
  (parse(readFileSync(join(configFolder, 'devices.yaml'), 'utf8')) as { devices: DemoDevice[] })
    .devices;

const DEMO_DEVICES = devicesOf('config/demo');

/** Word for word what snmp_exporter's own README tells its users to write; only the address of the exporter is ours. */
function exporterScrape(authority: string, module: string, targets: readonly string[]) {
  return {
    job_name: `snmp-${module}`,
    static_configs: [{ targets }],
    metrics_path: '/snmp',
    params: { auth: ['public_v2'], module: [module] },
    relabel_configs: [
      { source_labels: ['__address__'], target_label: '__param_target' },
      { source_labels: ['__param_target'], target_label: 'instance' },
      { target_label: '__address__', replacement: authority },
    ],
  };
}

function scrapeConfigs(authority: string, configFolder: string) {
  const devices = devicesOf(configFolder);
  const addresses = (some: readonly DemoDevice[]) =>
    some.map(({ address, port }) => `${address}:${port}`);
  const listed = (query: string) => [{ url: `http://${authority}/sd/devices${query}` }];
  return [
    { job_name: 'devices', http_sd_configs: listed('') },
    {
      job_name: 'service',
      params: { devices: ['none'] },
      static_configs: [{ targets: [authority] }],
    },
    { job_name: 'snmp-listed', http_sd_configs: listed('?format=snmp') },
    exporterScrape(authority, 'if_mib', addresses(devices)),
    exporterScrape(
      authority,
      'ups_mib',
      addresses(devices.filter(({ id }) => id.startsWith('ups-'))),
    ),
  ];
}

/** What the public dashboards for snmp_exporter's if_mib ask, their variables filled in. */
const PUBLIC_DASHBOARD_QUERIES = [
  'sysUpTime{job="snmp-if_mib"} * 10',
  'ifNumber{job="snmp-if_mib"}',
  'rate(ifHCInOctets{job="snmp-if_mib",ifName!=""}[20s]) * 8',
  'rate(ifHCOutOctets{job="snmp-if_mib",ifDescr!=""}[20s]) * 8',
  'ifOperStatus{job="snmp-if_mib"} == 1',
  'ifAdminStatus{job="snmp-if_mib"}',
  'ifHighSpeed{job="snmp-if_mib"} * 1e6',
  'ifMtu{job="snmp-if_mib"}',
  'ifLastChange{job="snmp-if_mib"}',
  'ifType_info{job="snmp-if_mib",ifType="ethernetCsmacd"}',
  'rate(ifInErrors{job="snmp-if_mib"}[20s]) + rate(ifOutErrors{job="snmp-if_mib"}[20s])',
  'rate(ifInDiscards{job="snmp-if_mib"}[20s])',
  'rate(ifHCInUcastPkts{job="snmp-if_mib"}[20s])',
  'snmp_scrape_pdus_returned{job="snmp-if_mib"}',
  'snmp_scrape_duration_seconds{job="snmp-if_mib"}',
  'upsEstimatedMinutesRemaining{job="snmp-ups_mib"}',
  'upsOutputPercentLoad{job="snmp-ups_mib"}',
];

describe.skipIf(!hasTool('prometheus'))('a stock Prometheus', () => {
  let live: LiveService;
  beforeAll(async () => {
    live = await startLiveService(scrapeConfigs);
  }, PATIENCE_MS);
  afterAll(() => live?.stop());

  /** Which devices Prometheus scrapes for a job; the demo's story makes some of them fall silent. */
  const instancesOf = async (job: string, matching = '') => {
    const series = (await live.ask(`up{job="${job}"} ${matching}`, 'now')) as {
      metric: { instance: string };
    }[];
    return series.map(({ metric }) => metric.instance).sort();
  };
  const ids = DEMO_DEVICES.map(({ id }) => id).sort();
  const answering = async (job: string) => (await instancesOf(job, '== 1')).length;

  test(
    'finds every device by http_sd, each as its own instance, and reads its metrics',
    async () => {
      await expect.poll(() => instancesOf('devices'), untilSo).toEqual(ids);
      const named = 'count by (instance, device) (threenines_device_info{job="devices"})';
      await expect.poll(() => live.ask(named, 'now'), untilSo).not.toEqual([]);
      const series = (await live.ask(named, 'now')) as {
        metric: { instance: string; device: string };
      }[];
      for (const { metric } of series) expect(metric.device).toBe(metric.instance);
    },
    PATIENCE_MS,
  );

  test(
    'reads the rest beside it, and no series of a port twice',
    async () => {
      await expect
        .poll(() => live.ask('threenines_device_state{job="service"}', 'now'), untilSo)
        .not.toEqual([]);
      const ports = 'count by (device, if_name) (threenines_interface_oper_status)';
      await expect.poll(() => live.ask(ports, 'now'), untilSo).not.toEqual([]);
      expect(await live.ask(`${ports} > 1`, 'now')).toEqual([]);
    },
    PATIENCE_MS,
  );

  test(
    'finds the same devices for boards made for snmp_exporter',
    async () => {
      await expect.poll(() => instancesOf('snmp-listed'), untilSo).toEqual(ids);
      await expect.poll(() => answering('snmp-listed'), untilSo).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test(
    'reads them with the scrape configuration of snmp_exporter, unchanged but for its address',
    async () => {
      await expect
        .poll(async () => (await instancesOf('snmp-if_mib')).length, untilSo)
        .toBe(DEMO_DEVICES.length);
      await expect.poll(() => answering('snmp-if_mib'), untilSo).toBeGreaterThan(0);
      await expect.poll(() => answering('snmp-ups_mib'), untilSo).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  test.each(PUBLIC_DASHBOARD_QUERIES)(
    'answers what the public dashboards ask: %s',
    async (query) => {
      await expect
        .poll(() => live.ask(query, 'now'), { ...untilSo, message: query })
        .not.toEqual([]);
    },
    PATIENCE_MS,
  );
});
