import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labCredentials } from '../../lab/credential.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/logger.ts';
import { seededRandom } from '../../lib/random.ts';
import { community, network } from '../collector/client-fixtures.ts';
import { config, device, watch } from '../collector/collector-fixtures.ts';
import { startDebianAgent, withoutSnmpd } from '../collector/debian-agent.ts';
import { hasTool, promtool } from '../dashboards/prometheus-tools.ts';
import {
  type DebianExporter,
  generatedModules,
  hasExporter,
  startExporter,
} from './debian-exporter.ts';
import { readStrictly } from './strict-exposition.ts';
import { SCALED, upsModule } from './ups-module.ts';

const withoutExporter = !hasExporter();

/** Series and values without those about the scrape itself. */
function ofDevice(text: string): Map<string, number> {
  return new Map([...readStrictly(text).series].filter(([key]) => !key.startsWith('snmp_')));
}

/** Our answer and snmp_exporter's before and after it: what differs, in words. */
function differences(ours: string, before: string, after: string): string[] {
  const own = ofDevice(ours);
  const first = ofDevice(before);
  const second = ofDevice(after);
  const found: string[] = [];
  const types = readStrictly(before).types;
  for (const [name, type] of readStrictly(ours).types) {
    if (types.has(name) && types.get(name) !== type) found.push(`${name} is no ${type}`);
  }
  for (const key of own.keys()) if (!first.has(key)) found.push(`only we have ${key}`);
  for (const [key, value] of first) {
    const factor = SCALED.get(key.slice(0, key.indexOf('{'))) ?? 1;
    const bounds = [value * factor, (second.get(key) ?? value) * factor];
    const mine = own.get(key);
    if (mine === undefined) found.push(`we lack ${key}`);
    // Counters and clocks move on between the three polls.
    else if (mine < Math.min(...bounds) || mine > Math.max(...bounds))
      found.push(`${key} is ${mine}, not ${bounds.join('…')}`);
  }
  return found;
}

/** Polls the device ourselves, again and again between two scrapes of snmp_exporter. */
async function compare(
  exporter: DebianExporter,
  port: number,
  module: string,
): Promise<{ differences: string[]; texts: string[] }> {
  const watched = watch({
    config: config([device('a', { port, credentialId: 'own' })], { own: community('public') }),
  });
  watched.collector.start();
  const texts: string[] = [];
  const found: string[] = [];
  try {
    // The second and third poll leave out what rarely changes.
    for (let round = 0; round < 3; round += 1) {
      const before = await exporter.scrape(port, module);
      const observation = await watched.collector.pollNow('a');
      expect(observation?.outcome).toBe('ok');
      const text = [...watched.collector.view.renderSnmp('a', [module])!].join('');
      const after = await exporter.scrape(port, module);
      texts.push(text);
      found.push(...differences(text, before, after));
    }
    return { differences: found, texts };
  } finally {
    watched.collector.stop();
  }
}

function isRefusedByPrometheus(text: string): boolean {
  // Its advice about names is for others; only what it cannot read counts.
  const { output } = promtool(['check', 'metrics'], text);
  return /error while linting|parsing error|text format/.test(output);
}

describe.skipIf(withoutExporter)('beside snmp_exporter', () => {
  let exporter: DebianExporter;
  beforeAll(async () => {
    exporter = await startExporter(generatedModules() + upsModule());
  });
  afterAll(() => exporter[Symbol.asyncDispose]());

  it.skipIf(withoutSnmpd).each(['if_mib', 'system'])(
    "Debian's agent gives the same series of %s",
    async (module) => {
      await using agent = await startDebianAgent();
      const compared = await compare(exporter, agent.port, module);
      expect(compared.differences).toEqual([]);
      const { series } = readStrictly(compared.texts.at(-1)!);
      expect(series.size).toBeGreaterThan(10);
      expect(series.has(`snmp_scrape_pdus_returned{module="${module}"}`)).toBe(true);
      expect([...series.keys()].some((key) => key.startsWith('snmp_error'))).toBe(false);
    },
  );

  describe('the demo network', () => {
    let lab: Lab;
    const ids = ['core-1', 'ups-hq', 'ups-north'] as const;
    beforeAll(async () => {
      const started = await startLab({
        devices: ids.map((id) => ({
          id,
          address: '127.0.0.1',
          port: 0,
          role: id === 'core-1' ? 'core' : 'power',
          parents: [],
          powerFeeds: [],
          credentialId: 'own',
        })),
        credentials: labCredentials(new Map([['own', community('public')]])),
        clock: systemClock,
        random: seededRandom(1),
        network,
        log: silentLogger,
        onAction: () => {},
      });
      if (!started.ok) throw new Error(started.problem.text);
      lab = started.lab;
      expect(lab.act({ verb: 'fail', deviceId: 'ups-north', part: 'mains' })).toBeNull();
    });
    afterAll(() => lab.stop());

    it.each(['ups-hq', 'ups-north'] as const)('gives the same series of %s', async (id) => {
      const compared = await compare(exporter, lab.ports.get(id)!, 'ups_mib');
      expect(compared.differences).toEqual([]);
      const series = ofDevice(compared.texts[0]!);
      expect(series.has('upsInputCurrent{upsInputLineIndex="1"}')).toBe(true);
      const alarms = [...series.keys()].filter((key) => key.startsWith('upsAlarmDescr{'));
      expect(alarms.length).toBe(id === 'ups-north' ? 2 : 0);
    });

    it.each(['if_mib', 'system'])('gives the same series of %s of a switch', async (module) => {
      const compared = await compare(exporter, lab.ports.get('core-1')!, module);
      expect(compared.differences).toEqual([]);
      const { size } = ofDevice(compared.texts[0]!);
      expect(size).toBeGreaterThan(module === 'if_mib' ? 300 : 5);
    });

    it('is understood by Prometheus', async (context) => {
      if (!hasTool('promtool')) return context.skip();
      for (const id of ids) {
        for (const module of ['if_mib', 'system', 'ups_mib']) {
          const watched = watch({
            config: config([device('a', { port: lab.ports.get(id)!, credentialId: 'own' })], {
              own: community('public'),
            }),
          });
          watched.collector.start();
          await watched.collector.pollNow('a');
          const text = [...watched.collector.view.renderSnmp('a', [module])!].join('');
          watched.collector.stop();
          expect(isRefusedByPrometheus(text), `${id} ${module}`).toBe(false);
        }
      }
      expect(isRefusedByPrometheus('no exposition {\n')).toBe(true);
      return undefined;
    });
  });
});
