import { describe, expect, it } from 'vitest';
import { type AcknowledgeClaim, signAcknowledgement } from '../../alerting/acknowledge-link.ts';
import { DAY, HOUR } from '../../lib/time.ts';
import { fakeConfig } from './fake-config.ts';
import { openApi } from './open-api.ts';

const KEY = 'key of the test';
const RESOLVED = 'inc-000001';

/** The API with a network in trouble, and links to its incidents. */
async function withLinks() {
  const api = await openApi();
  const { service, clock, app } = api;
  const link = (changes: Partial<AcknowledgeClaim> = {}, key = KEY) => {
    const id = changes.incidentId ?? 'inc-000006';
    const incident = service.state.incidents.get(id);
    const claim = {
      ...{ incidentId: id, openedAt: incident?.openedAt ?? 0, episode: incident?.episode ?? 1 },
      ...{ personId: 'duty-second', expiresAt: clock.now() + DAY },
    };
    return `/a/${signAcknowledgement(key, { ...claim, ...changes })}`;
  };
  const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  /** The button: the form as a browser without scripts sends it, from wherever the browser says. */
  const press = (url: string, payload = '', headers: Record<string, string> = {}) =>
    app.inject({
      ...{ method: 'POST', url, payload },
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  return { ...api, link, get, press };
}

describe('the acknowledge page', () => {
  it('shows the incident, and changes nothing however often it is fetched', async () => {
    const { get, link, service, app } = await withLinks();
    const answer = await get(link());
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toContain('Acknowledge</button>');
    expect(answer.body).toContain('as Second on call');
    await app.inject({ method: 'HEAD', url: link() });
    expect((await get(`${link()}?utm_source=mail`)).statusCode).toBe(200);
    await get(link(), { 'user-agent': 'Slackbot-LinkExpanding 1.0' });
    expect(service.commands).toEqual([]);
  });

  it('allows no script and nothing from elsewhere, and its own style by hash', async () => {
    const { get, link } = await withLinks();
    const { headers, body } = await get(link());
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(body).not.toContain('<script');
    expect(body).not.toMatch(/\ssrc=|style="/);
  });

  it('acknowledges as the person of the link when the button is pressed', async () => {
    const { get, press, link, service } = await withLinks();
    const url = link();
    const answer = await press(url, 'episode=1', {
      origin: 'null',
      'sec-fetch-site': 'cross-site',
    });
    expect(answer.statusCode).toBe(303);
    expect(new URL(String(answer.headers.location), `http://host${url}`).pathname).toBe(url);
    expect(service.commands).toEqual([
      {
        ...{ type: 'acknowledge', incidentId: 'inc-000006', by: 'duty-second', via: 'link' },
        episode: 1,
      },
    ]);
    expect((await get(url)).body).toContain('You acknowledged at');
    await press(url, 'episode=1');
    expect(service.commands).toHaveLength(1);
  });

  it('acknowledges for a button in a message, which posts nothing', async () => {
    const { app, link, service } = await withLinks();
    expect((await app.inject({ method: 'POST', url: link() })).statusCode).toBe(303);
    expect(service.commands).toHaveLength(1);
  });

  it('says who was first', async () => {
    const { get, press, link } = await withLinks();
    await press(link({ personId: 'shift-lead' }), 'episode=1');
    const { body } = await get(link());
    expect(body).toContain('Acknowledged by Shift lead');
    expect(body).not.toContain('<form');
  });

  it('asks again when the incident has a later clock than the reader has seen', async () => {
    const { get, press, link, service } = await withLinks();
    const url = link();
    service.state.incidents.get('inc-000006')!.episode = 2;
    await press(url, 'episode=1');
    await press(url);
    expect(service.commands).toEqual([]);
    const { body } = await get(url);
    expect(body).toContain('has changed since this page');
    expect(body).toContain('name="episode" value="2"');
    await press(url, 'episode=2');
    expect(service.commands).toHaveLength(1);
  });

  it('says that a resolved incident is over', async () => {
    const { get, press, link, service } = await withLinks();
    const openedAt = (await openedAtOf(service))(RESOLVED);
    const url = link({ incidentId: RESOLVED, openedAt });
    const { body, statusCode } = await get(url);
    expect(statusCode).toBe(200);
    expect(body).toContain('There is nothing left to acknowledge');
    await press(url, 'episode=1');
    expect(service.commands).toEqual([]);
  });

  it('escapes what devices and people are called', async () => {
    const api = await withLinks();
    api.service.config = fakeConfig({
      people: fakeConfig().people.map((each) => ({ ...each, name: '<b>"Mallory"</b>' })),
      devices: fakeConfig().devices.map((each) => ({ ...each, name: `<img src=x>${each.id}` })),
    });
    const { body } = await api.get(api.link());
    expect(body).toContain('&lt;b&gt;&quot;Mallory&quot;&lt;/b&gt;');
    expect(body).toContain('&lt;img src=x&gt;');
    expect(body).not.toMatch(/<img|<b>/);
  });

  it('speaks the language of the person', async () => {
    const api = await withLinks();
    const people = fakeConfig().people.map((each) => ({ ...each, language: 'zh-CN' as const }));
    api.service.config = fakeConfig({ people });
    const { body } = await api.get(api.link());
    expect(body).toContain('<html lang="zh-CN">');
    expect(body).toContain('>确认</button>');
    expect(body).not.toMatch(/Acknowledge|Because|Affects/);
  });
});

describe('a link that means nothing', () => {
  const SECRETS = /inc-0|duty-second|Second on call|harbour/i;

  it.each([
    ['of another installation', (link: Link) => link({}, 'another key')],
    ['cut short', (link: Link) => link().slice(0, -3)],
    ['for another person', (link: Link) => link().replace('duty-second', 'shift-lead')],
    ['of an earlier journal', (link: Link) => link({ openedAt: 1 })],
    ['for somebody who has left', (link: Link) => link({ personId: 'gone' })],
    ['for an incident that never was', (link: Link) => link({ incidentId: 'inc-000999' })],
    ['that is no token at all', () => '/a/%00%22%3E%3Cscript%3E'],
    ['that is far too long', () => `/a/${'x'.repeat(399)}`],
  ])('is refused without a word of the incident: %s', async (_, urlOf) => {
    const { get, press, link, service } = await withLinks();
    const url = urlOf(link);
    for (const answer of [await get(url), await press(url, 'episode=1')]) {
      expect(answer.statusCode).toBe(404);
      expect(answer.body).toContain('This link is not valid');
      expect(answer.body).not.toMatch(SECRETS);
      expect(answer.body).not.toContain('<script>');
    }
    expect(service.commands).toEqual([]);
  });

  it('says that it has expired, and acknowledges nothing', async () => {
    const { get, press, link, clock, service } = await withLinks();
    const url = link({ expiresAt: clock.now() + HOUR });
    await clock.advance(HOUR);
    for (const answer of [await get(url), await press(url, 'episode=1')]) {
      expect(answer.statusCode).toBe(410);
      expect(answer.body).toContain('This link has expired');
      expect(answer.body).not.toMatch(SECRETS);
    }
    expect(service.commands).toEqual([]);
  });

  it('tells it in the language that the browser prefers', async () => {
    const { get } = await withLinks();
    expect((await get('/a/none', { 'accept-language': 'zh-CN,zh;q=0.9' })).body).toContain(
      '链接无效',
    );
  });

  it('says so when nothing can be recorded', async () => {
    const { press, link, service } = await withLinks();
    Object.assign(service.deps.host, { command: () => Promise.reject(new Error('disk full')) });
    const answer = await press(link(), 'episode=1');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('call a colleague');
    expect(answer.body).not.toContain('disk full');
  });
});

type Link = (changes?: Partial<AcknowledgeClaim>, key?: string) => string;

async function openedAtOf({
  deps,
}: {
  deps: Awaited<ReturnType<typeof openApi>>['service']['deps'];
}) {
  const opened = new Map<string, number>();
  for (const { event } of deps.journal.read())
    if (event.type === 'incident-opened') opened.set(event.incidentId, event.at);
  return (id: string) => opened.get(id) ?? 0;
}
