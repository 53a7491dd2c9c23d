import { describe, expect, it, vi } from 'vitest';
import { openApi } from './open-api.ts';

async function openSnmp() {
  const opened = await openApi();
  const { service, app } = opened;
  const [first, second, third, ...rest] = service.config.devices;
  service.config = {
    ...service.config,
    devices: [
      { ...first!, address: '192.0.2.1', port: 161 },
      { ...second!, address: '2001:DB8::2', port: 1161 },
      { ...third!, address: '192.0.2.3', port: 1161 },
      { ...rest[0]!, address: '192.0.2.3', port: 1162 },
      ...rest.slice(1),
    ],
  };
  const ids = service.config.devices.map(({ id }) => id);
  const ask = (query: string) => app.inject({ url: `/snmp?${query}` });
  return { ...opened, ids, ask };
}

describe('GET /snmp', () => {
  it('answers for a device by its id, with the usual module', async () => {
    const { ids, ask } = await openSnmp();
    const answer = await ask(`target=${ids[0]}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body).toBe('polled{module="if_mib"} 1\n');
  });

  it.each([
    ['module=ups_mib,if_mib', ['ups_mib', 'if_mib']],
    ['module=ups_mib&module=if_mib', ['ups_mib', 'if_mib']],
    ['module=system&module=if_mib,system', ['system', 'if_mib']],
    ['module=system&auth=public_v2', ['system']],
    ['module=system&auth=campus', ['system']],
    ['module=system&auth=', ['system']],
    ['module=system&snmp_debug_packets=true', ['system']],
  ])('with %s tells %j, each once', async (query, modules) => {
    const { ids, ask } = await openSnmp();
    const { body } = await ask(`target=${ids[0]}&${query}`);
    expect(body).toBe(modules.map((name) => `polled{module="${name}"} 1\n`).join(''));
  });

  it.each([
    ['192.0.2.1', 0],
    ['192.0.2.1:161', 0],
    ['udp://192.0.2.1', 0],
    ['2001:db8:0::2', 1],
    ['[2001:db8::2]:1161', 1],
    ['192.0.2.3:1162', 3],
  ])('finds the device at %s', async (target, place) => {
    const { service, ids, ask } = await openSnmp();
    const asked: string[] = [];
    const { renderSnmp } = service.deps.collector;
    Object.assign(service.deps.collector, {
      renderSnmp: (id: string, modules: readonly string[]) => {
        asked.push(id);
        return renderSnmp(id, modules);
      },
    });
    expect((await ask(`target=${encodeURIComponent(target)}`)).statusCode).toBe(200);
    expect(asked).toEqual([ids[place]]);
  });

  it.each([
    ['', 'The parameter target must be given exactly once.'],
    ['target=', 'The parameter target must be given exactly once.'],
    ['target=a&target=b', 'The parameter target must be given exactly once.'],
    ['target=198.51.100.1', 'Unknown target. Only configured devices are answered for.'],
    ['target=192.0.2.1:1161', 'Unknown target. Only configured devices are answered for.'],
    ['target=tcp://192.0.2.1', 'Unknown target. Only configured devices are answered for.'],
    ['target=192.0.2.1%0d%0aevil', 'Unknown target. Only configured devices are answered for.'],
    ['target=__proto__', 'Unknown target. Only configured devices are answered for.'],
    ['target=192.0.2.3', 'Several devices have this address. Name one by its id or with its port.'],
    ['target=192.0.2.1&module=apcups', 'Unknown module. There are: if_mib, system, ups_mib.'],
    ['target=192.0.2.1&module=', 'Unknown module. There are: if_mib, system, ups_mib.'],
    [
      `target=192.0.2.1&auth=${'a'.repeat(201)}`,
      'The parameter auth is too long; expected at most 200 characters.',
    ],
    [
      'target=192.0.2.1&auth=public_v1&auth=public_v2',
      'The parameter auth must be given at most once.',
    ],
    [
      'target=192.0.2.1&snmp_context=vlan-10',
      'A context or engine cannot be chosen: this answers from the last poll.',
    ],
  ])('refuses %s in plain words', async (query, message) => {
    const { ask } = await openSnmp();
    const answer = await ask(query);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toBe(`${message}\n`);
  });

  it('says nothing of the credentials that are configured', async () => {
    const { service, ask } = await openSnmp();
    for (const id of service.config.credentials.keys()) {
      const answer = await ask(`target=192.0.2.1&auth=${id}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).not.toContain(id);
    }
  });

  const silent = (isHeard: boolean, detail: () => null = () => null) => ({
    detail,
    explain: () => null,
    renderDevice: () => null,
    renderSnmp: () => null,
    isHeard: () => isHeard,
    renderAll: () => [],
  });

  it('is an error while nothing of the device can be shown, so that its scrape is down', async () => {
    const { app } = await openApi({ deps: { collector: silent(true) } });
    const answer = await app.inject({ url: '/snmp?target=core-1' });
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.body).toBe('Nothing read from the device can be shown.\n');
  });

  it('is 503 with the reason while the thread of the device does not answer, and asks no more', async () => {
    const detail = vi.fn(() => null);
    const { app } = await openApi({ deps: { collector: silent(false, detail) } });
    const answer = await app.inject({ url: '/snmp?target=core-1' });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('The thread that polls the device does not answer');
    expect(detail).not.toHaveBeenCalled();
  });
});

describe('GET /sd/devices?format=snmp', () => {
  it('gives each device a scrape of /snmp with its modules', async () => {
    const { app, service } = await openApi();
    const headers = { host: 'threenines:9909' };
    const groups = (await app.inject({ url: '/sd/devices?format=snmp', headers })).json();
    expect(groups).toHaveLength(service.config.devices.length);
    expect(groups[0]).toEqual({
      targets: ['threenines:9909'],
      labels: {
        __metrics_path__: '/snmp',
        __param_target: 'core-1',
        __param_module: 'if_mib,system',
        instance: 'core-1',
        __meta_threenines_site: 'central',
        __meta_threenines_role: 'core',
      },
    });
    const power = service.config.devices.find(({ role }) => role === 'power')!;
    const modules = groups.find(
      (group: { labels: Record<string, string> }) => group.labels.instance === power.id,
    ).labels.__param_module;
    expect(modules).toBe('if_mib,system,ups_mib');
  });

  it('has no other formats', async () => {
    const { app } = await openApi();
    expect((await app.inject({ url: '/sd/devices?format=consul' })).statusCode).toBe(400);
  });
});
