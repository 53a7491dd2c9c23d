import { describe, expect, test } from 'vitest';
import { deviceMetric } from '../../collector/metrics.ts';
import { BOARDS } from '../../dashboards/render-boards.ts';
import { variable } from '../../dashboards/variable.ts';
import { escapeLabelValue } from '../../lib/metric-def.ts';
import { pollOf } from '../collector/full-poll-fixtures.ts';
import { boards } from './board-json.ts';
import { fillVariables } from './fill-variables.ts';
import { readQuery } from './promql.ts';
import { queryOf, type Story, tellStories, words } from './stories.ts';

const INFO = deviceMetric('interface_info').name;

/** What devices may call a port; backslashes and quotes are escapes elsewhere in PromQL. */
const HOSTILE_NAMES = [
  'Te1/1',
  'say "up"',
  "it's",
  'C:\\1\\',
  'C:\\"',
  'two\nlines',
  `$site ${variable('site')} $__interval ${variable('if_name:raw')}`,
  '{device=~".+"}',
  '} or threenines_device_state{',
  '` or threenines_device_state or {if_name=`',
  '`',
  '.*',
  '端口 1',
];

/** The name in the series of a device that calls its one port that. */
async function shownName(name: string): Promise<string> {
  const column = { '1.3.6.1.2.1.31.1.1.1.1.1': name, '1.3.6.1.2.1.2.2.1.8.1': 1 };
  const { samples } = (await pollOf(column).poll()).evaluation!;
  const info = samples.find(({ metric }) => metric.name === INFO)!;
  return info.labels[0]!;
}

const asked = BOARDS.map((boardIn) => boardIn(words))
  .filter(({ uid }) => uid === 'threenines-port')
  .flatMap(({ rows }) => rows.flatMap(({ panels }) => panels))
  .flatMap(({ questions }) => questions.map(({ ask }) => ask));

const filledWith = (ask: string, portName: string) =>
  fillVariables(ask, {
    ...{ site: 'x', device: 'a', portName },
    ...{ rateInterval: '4m', interval: '5m', range: '10m' },
  });

const OPER = asked.find((ask) => filledWith(ask, '1') === queryOf(words.portBoard.oper))!;

describe('the board of a port', () => {
  test.each(HOSTILE_NAMES)('asks of the port named %j, and of nothing else', async (name) => {
    const shown = await shownName(name);
    expect(asked.length).toBeGreaterThan(10);
    for (const ask of asked) {
      const { errors, metrics, matched } = readQuery(filledWith(ask, shown));
      const plain = readQuery(filledWith(ask, 'Te1/1'));
      expect(errors, ask).toEqual([]);
      expect({ metrics, matched }).toEqual({ metrics: plain.metrics, matched: plain.matched });
    }
  });

  test('offers no name that would end the text it stands in', () => {
    const board = boards.find(({ uid }) => uid === 'threenines-port')!;
    const { regex } = board.templating.list.find(({ name }) => name === 'if_name')!;
    const offered = new RegExp(/^\/(.*)\/$/.exec(regex ?? '')![1]!);
    expect(offered.test('say "up" \\ $x')).toBe(true);
    expect(offered.test('a`b')).toBe(false);
  });
});

tellStories(
  HOSTILE_NAMES.filter((name) => !/[`\n]/.test(name)).map(
    (name): Story => ({
      name: `the state of the port named ${name}`,
      query: filledWith(OPER, name),
      series: {
        [`threenines_interface_oper_status{device="a",if_name="${escapeLabelValue(name)}"}`]:
          '1x10',
        'threenines_interface_oper_status{device="a",if_name="other"}': '2x10',
      },
      answers: { '{}': 1 },
    }),
  ),
);
