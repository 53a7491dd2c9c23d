import { describe, expect, it } from 'vitest';
import type { ReceivedAlert } from '../../alerting/alerts/received-alert.ts';
import { MOST_PER_TICK } from '../../alerting/engine-shell.ts';
import type { Input } from '../../alerting/inputs.ts';
import { fingerprintOf } from '../../api/alerts/fingerprint.ts';
import { MINUTE } from '../../lib/time.ts';
import { openApi } from '../api/open-api.ts';

const V2 = '/api/v2/alerts';
const WEBHOOK = '/api/v1/alertmanager-webhook';

/** The API with what reaches the engine; `hold` keeps it from becoming durable. */
async function withAlerts() {
  const api = await openApi();
  const taken: ReceivedAlert[] = [];
  const parts: number[] = [];
  let release = () => {};
  let isHeld = false;
  const record = async (input: Input) => {
    if (isHeld) await new Promise<void>((resolve) => (release = resolve));
    if (input.kind !== 'alerts') return;
    taken.push(...input.alerts);
    parts.push(input.alerts.length);
  };
  Object.assign(api.service.deps.host, { record });
  const instant = (offsetMs: number) => new Date(api.clock.now() + offsetMs).toISOString();
  const alert = (labels: Record<string, unknown> = {}, fields: Record<string, unknown> = {}) => ({
    labels: { alertname: 'DiskFull', severity: 'critical', ...labels },
    annotations: { summary: 'disk is full' },
    ...{ startsAt: instant(-MINUTE), endsAt: instant(4 * MINUTE) },
    generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up',
    ...fields,
  });
  return {
    ...api,
    ...{ taken, parts, alert, instant },
    hold: () => {
      isHeld = true;
      return () => release();
    },
  };
}

describe('alerts as Prometheus sends them', () => {
  it('are taken with labels, texts and instants', async () => {
    const { post, taken, alert, clock } = await withAlerts();
    const answer = await post(V2, [alert({ instance: 'web-9:443' })]);
    expect([answer.status, answer.body]).toEqual([200, {}]);
    expect(taken).toEqual([
      {
        ...{ name: 'DiskFull', severity: 'critical', subjectId: '_alerts', endsAt: null },
        labels: { alertname: 'DiskFull', severity: 'critical', instance: 'web-9:443' },
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        annotations: { summary: 'disk is full' },
        text: { en: 'disk is full', 'zh-CN': 'disk is full' },
        ...{ startsAt: clock.now() - MINUTE, expiresAt: clock.now() + 4 * MINUTE },
        ...{ url: 'http://prometheus.example:9090/graph?g0.expr=up', timeoutMs: 5 * MINUTE },
        ...{ isExpiryTold: true, sender: 'http://prometheus.example:9090/graph' },
      },
    ]);
  });

  it('are answered only when they are safe on disk', async () => {
    const { post, alert, hold, taken } = await withAlerts();
    const release = hold();
    let isAnswered = false;
    const answer = post(V2, [alert()]).then((given) => {
      isAnswered = true;
      return given;
    });
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect(isAnswered).toBe(false);
    release();
    expect((await answer).status).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('are over when their end is past, and live a while when they have none', async () => {
    const { post, taken, alert, instant, clock } = await withAlerts();
    await post(V2, [
      alert({}, { endsAt: instant(-1000) }),
      alert({ a: '1' }, { endsAt: undefined }),
      alert({ a: '2' }, { endsAt: '0001-01-01T00:00:00Z' }),
      alert({ a: '3' }, { endsAt: '9999-01-01T00:00:00Z' }),
    ]);
    expect(taken.map(({ endsAt }) => endsAt)).toEqual([clock.now() - 1000, null, null, null]);
    expect(taken[1]!.expiresAt).toBe(clock.now() + 5 * MINUTE);
    expect(taken[2]!.expiresAt).toBe(clock.now() + 5 * MINUTE);
    const far = Date.parse('9999-01-01T00:00:00Z');
    expect(taken[3]).toMatchObject({ expiresAt: far, endsBy: far, isExpiryTold: true });
  });

  it.each([
    ['id', { device: 'core-1' }, 'core-1'],
    ['id in another case, with a port', { instance: 'CORE-1:9100' }, 'core-1'],
    ['a site', { site: 'hill' }, '_site:hill'],
    ['nothing of ours', { instance: 'x', site: 'y' }, '_alerts'],
    ['a name that objects have', { device: '__proto__', site: 'constructor' }, '_alerts'],
  ])('are about what a label names: %s', async (_, labels, subjectId) => {
    const { post, taken, alert } = await withAlerts();
    await post(V2, [alert(labels)]);
    expect(taken[0]!.subjectId).toBe(subjectId);
  });

  it('are about the device that has the address', async () => {
    const { post, taken, alert, service } = await withAlerts();
    const { id, address } = service.config.devices[2]!;
    const isOnly = service.config.devices.filter((each) => each.address === address).length === 1;
    await post(V2, [alert({ instance: `${address}:9100` })]);
    expect(taken[0]!.subjectId).toBe(isOnly ? id : '_alerts');
  });

  it('may hold anything, and are kept small and clean', async () => {
    const { post, taken, alert } = await withAlerts();
    const many = Object.fromEntries(
      Array.from({ length: 120 }, (_, index) => [`label_${index}`, 'v'.repeat(900)]),
    );
    const labels = {
      ...many,
      alertname: '\u202ename\n"}\u0000<b>'.padEnd(500, 'x'),
      severity: 'A\nB',
    };
    const annotations = { summary: `\u0007${'long '.repeat(400)}` };
    expect((await post(V2, [alert(labels, { annotations })])).status).toBe(200);
    const [kept] = taken;
    expect(kept!.name).toMatch(/^name "\}<b>x+…$/);
    expect(kept!.name.length).toBeLessThanOrEqual(80);
    expect(kept!.severity).toBe('a b');
    expect(Object.keys(kept!.labels)).toHaveLength(32);
    expect(JSON.stringify(kept).length).toBeLessThan(12_000);
    expect(kept!.text.en.length).toBeLessThanOrEqual(300);
  });

  it('may have labels that objects have, which change nothing else', async () => {
    const { post, taken, alert } = await withAlerts();
    const tricky = JSON.parse(
      '{"__proto__":"x","constructor":"y","prototype":"z","hasOwnProperty":"1","toString":"2"}',
    );
    const labels = { ...tricky, alertname: 'A' };
    const nested = JSON.parse('{"labels":{"constructor":{"prototype":{"bad":1}}},"__proto__":[]}');
    for (const [path, body] of [
      [V2, [alert(labels), nested, alert({ a: '1' })]],
      [WEBHOOK, { version: '4', alerts: [alert(labels), nested, alert({ a: '1' })] }],
    ] as const) {
      const answer = await post(path, body);
      expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
        expect.stringMatching(/\/1\/labels$/),
      ]);
      expect(taken).toHaveLength(2);
      const [first] = taken.splice(0);
      expect(new Map(Object.entries(first!.labels))).toEqual(
        new Map(Object.entries({ ...labels, severity: 'critical' })),
      );
      expect(Object.getPrototypeOf(first!.labels)).toBe(Object.prototype);
    }
    expect(Reflect.get({}, 'bad')).toBeUndefined();
  });

  it('that are wrong are named, and cost the others nothing', async () => {
    const { post, taken, alert } = await withAlerts();
    const answer = await post(V2, [
      alert(),
      'x',
      { labels: {} },
      alert({ n: 1 }),
      alert({}, { startsAt: 'yesterday' }),
      alert({}, { startsAt: '2026-03-01T10:00:00Z', endsAt: '2026-03-01T09:00:00Z' }),
    ]);
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/1',
      '/2/labels',
      '/3/labels',
      '/4/startsAt',
      '/5/endsAt',
    ]);
    expect(taken).toHaveLength(1);
  });

  it('are refused until there is room, with a word on when to come again', async () => {
    const { post, alert, service } = await withAlerts();
    Object.assign(service.deps.host, { record: () => Promise.reject(new Error('disk full')) });
    const answer = await post(V2, [alert()]);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(JSON.stringify(answer.body)).not.toContain('disk');
  });

  it('of one long request are taken in parts, and answered once', async () => {
    const { post, alert, taken, parts } = await withAlerts();
    const batch = Array.from({ length: 3 * MOST_PER_TICK - 1 }, (_, index) =>
      alert({ index: String(index) }),
    );
    expect((await post(V2, batch)).status).toBe(200);
    expect(parts).toEqual([MOST_PER_TICK, MOST_PER_TICK, MOST_PER_TICK - 1]);
    expect(taken.map(({ labels }) => Number(labels.index))).toEqual([...batch.keys()]);
  });

  it('wait in bounded number', async () => {
    const { post, alert, hold } = await withAlerts();
    hold();
    const batch = Array.from({ length: 4000 }, (_, index) => alert({ index: String(index) }));
    void post(V2, batch);
    void post(V2, batch);
    for (let turn = 0; turn < 2000; turn++) await new Promise(setImmediate);
    expect((await post(V2, batch)).status).toBe(503);
  });

  it.each([
    ['no array', '{}', 400],
    ['no JSON', '[{', 400],
    ['too many', `[${'1,'.repeat(5000)}1]`, 400],
    ['too large', `["${'x'.repeat(5 * 1024 * 1024)}"]`, 413],
  ])('of a body that is %s are refused', async (_, body, status) => {
    const { post } = await withAlerts();
    expect((await post(V2, body)).status).toBe(status);
  });
});

describe("Alertmanager's webhook", () => {
  const payload = (alerts: unknown[], change: object = {}) => ({
    ...{ version: '4', groupKey: '{}:{alertname="DiskFull"}', truncatedAlerts: 0 },
    ...{ status: 'firing', receiver: 'threenines', groupLabels: {}, commonLabels: {} },
    ...{ commonAnnotations: {}, externalURL: 'http://am.example:9093', alerts, ...change },
  });
  const firing = { status: 'firing', endsAt: '0001-01-01T00:00:00Z', fingerprint: 'f'.repeat(16) };

  it('is taken by the fingerprint it gives, and lives until it is told as over', async () => {
    const { post, taken, alert, clock, instant } = await withAlerts();
    expect((await post(WEBHOOK, payload([alert({}, firing)]))).status).toBe(200);
    expect(taken[0]).toMatchObject({ fingerprint: 'f'.repeat(16), endsAt: null });
    expect(taken[0]!.expiresAt).toBe(clock.now() + 12 * 60 * MINUTE);
    const over = { ...firing, status: 'resolved', endsAt: instant(-2000) };
    await post(WEBHOOK, payload([alert({}, over)], { status: 'resolved' }));
    expect(taken[1]).toMatchObject({ fingerprint: 'f'.repeat(16), endsAt: clock.now() - 2000 });
  });

  it('ends what it tells as over, and nothing of what it leaves out', async () => {
    const { post, taken, alert } = await withAlerts();
    const over = { ...firing, status: 'resolved' };
    const answer = await post(
      WEBHOOK,
      payload([alert({}, over), alert({ a: '1' }, { ...firing, fingerprint: 'e'.repeat(16) })], {
        ...{ truncatedAlerts: 3, status: 'resolved' },
      }),
    );
    expect(answer.status).toBe(200);
    expect(taken.map(({ fingerprint, endsAt }) => [fingerprint, endsAt !== null])).toEqual([
      ['f'.repeat(16), true],
      ['e'.repeat(16), false],
    ]);
  });

  it('is taken from Grafana, which says version 1', async () => {
    const { post, taken, alert } = await withAlerts();
    const answer = await post(WEBHOOK, payload([alert({}, firing)], { version: '1' }));
    expect(answer.status).toBe(200);
    expect(taken).toHaveLength(1);
  });

  it('of another version is refused', async () => {
    const { post, alert } = await withAlerts();
    for (const version of ['5', 4, { a: 1 }, null]) {
      const answer = await post(WEBHOOK, payload([alert({}, firing)], { version }));
      expect(answer.status).toBe(400);
      expect(answer.body.detail).toBe(
        `Webhook version ${JSON.stringify(version)} is not supported; expected "4" (Alertmanager) or "1" (Grafana). No alert of it was taken.`,
      );
    }
  });
});

describe('the fingerprint', () => {
  // As Prometheus' own model.LabelSet.Fingerprint gives it: the offset for no labels, and FNV-1a of
  // "a\xffb\xff" worked out by hand.
  it('is that of Prometheus', () => {
    expect(fingerprintOf({})).toBe('cbf29ce484222325');
    let hash = 0xcbf29ce484222325n;
    for (const octet of [0x61, 0xff, 0x62, 0xff]) {
      hash = BigInt.asUintN(64, (hash ^ BigInt(octet)) * 0x100000001b3n);
    }
    expect(fingerprintOf({ a: 'b' })).toBe(hash.toString(16).padStart(16, '0'));
  });

  it('is of the labels, whatever their order', () => {
    expect(fingerprintOf({ b: '1', a: '2' })).toBe(fingerprintOf({ a: '2', b: '1' }));
    expect(fingerprintOf({ a: 'bc' })).not.toBe(fingerprintOf({ ab: 'c' }));
  });
});
