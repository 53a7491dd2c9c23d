import { expect, test } from 'vitest';
import { renderPage } from '../../alerting/page-text.ts';
import { MINUTE, SECOND } from '../../lib/time.ts';
import { Network } from './network.ts';
import { tellsDown } from './ports-down.ts';

/** A link of agg-2 is lost at one time; forty seconds later agg-2 fails, which answered until then. */
test('a cause that joins later has begun with its own first failed poll', () => {
  const network = new Network();
  network.run(MINUTE);
  tellsDown(network, 'core-1', 'Te2');
  network.run(10 * SECOND);
  const lostAt = network.now;
  network.run(30 * SECOND);
  expect(network.incidents()).toMatchObject([{ rootKind: 'port-down', startedAt: lostAt }]);
  network.silence('agg-2');
  network.run(10 * SECOND);
  const failedAt = network.now;
  network.run(MINUTE);
  const [incident] = network.incidents();
  expect(network.incidents()).toHaveLength(1);
  expect(incident).toMatchObject({ rootDeviceId: 'agg-2', startedAt: lostAt });
  expect(incident!.causes).toMatchObject([
    { deviceId: 'agg-2', kind: 'device-down', firstAt: failedAt, since: failedAt, until: null },
  ]);
  network.restore('agg-2');
  tellsDown(network, 'core-1');
  network.run(5 * MINUTE);
  const page = network.pages().find(({ kind }) => kind === 'resolved')!;
  const links = { incident: '', acknowledge: null };
  const { text } = renderPage(page, 'en', 'UTC', network.now, links);
  expect(text).toMatch(/Lasted: 1m 10s, from 2026-11-01 00:01:50 /);
  expect(text).toMatch(/In all: 1m 50s, from 2026-11-01 00:01:10 /);
  expect(network.liveText()).toBe(network.replayedText());
});
