import { Type } from 'typebox';
import type { Config, Device } from '../../config/model.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { oneOf, PROBLEMS } from '../schemas.ts';

const TargetGroup = Type.Object({
  targets: Type.Array(Type.String()),
  labels: Type.Record(Type.String(), Type.String()),
});

const schema = {
  operationId: 'discoverDevices',
  tags: ['metrics'],
  summary: 'Prometheus http_sd: one scrape per device',
  querystring: Type.Object({
    /** `snmp`: scrapes of /snmp, for boards and rules made for snmp_exporter. */
    format: Type.Optional(oneOf(['native', 'snmp'])),
  }),
  response: { 200: Type.Array(TargetGroup), ...PROBLEMS },
};

/** `GET /sd/devices` for Prometheus http_sd: the full list each time, at the address under which it was asked. */
export function serviceDiscoveryRoutes(app: ApiApp, { getConfig }: RouteContext): void {
  app.get('/sd/devices', { schema }, async (request) => {
    const config = getConfig();
    const authority = request.headers.host ?? ownAuthority(config);
    const scrapeOf = request.query.format === 'snmp' ? snmpScrape : nativeScrape;
    return config.devices.map((device) => ({
      targets: [authority],
      labels: {
        ...scrapeOf(device),
        // Without it all devices share one `up` series, since they share one address.
        instance: device.id,
        __meta_threenines_site: device.siteId,
        __meta_threenines_role: device.role,
      },
    }));
  });
}

function nativeScrape({ id }: Device): Record<string, string> {
  return { __metrics_path__: `/metrics/devices/${id}` };
}

/** The modules hang on the configuration alone, so that a device never turns into another scrape. */
function snmpScrape({ id, role }: Device): Record<string, string> {
  return {
    __metrics_path__: '/snmp',
    __param_target: id,
    __param_module: role === 'power' ? 'if_mib,system,ups_mib' : 'if_mib,system',
  };
}

function ownAuthority({ service }: Config): string {
  const host = service.listenHost.includes(':') ? `[${service.listenHost}]` : service.listenHost;
  return `${host}:${service.listenPort}`;
}
