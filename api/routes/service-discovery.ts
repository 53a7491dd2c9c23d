import { Type } from 'typebox';
import type { Config } from '../../config/model.ts';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { PROBLEMS } from '../schemas.ts';

const TargetGroup = Type.Object({
  targets: Type.Array(Type.String()),
  labels: Type.Record(Type.String(), Type.String()),
});

const schema = {
  operationId: 'discoverDevices',
  tags: ['metrics'],
  summary: 'Prometheus http_sd: one scrape per device',
  response: { 200: Type.Array(TargetGroup), ...PROBLEMS },
};

/** `GET /sd/devices` for Prometheus http_sd: the full list each time, at the address under which it was asked. */
export function serviceDiscoveryRoutes(app: ApiApp, { getConfig }: RouteContext): void {
  app.get('/sd/devices', { schema }, async (request) => {
    const config = getConfig();
    const authority = request.headers.host ?? ownAuthority(config);
    return config.devices.map((device) => ({
      targets: [authority],
      labels: {
        __metrics_path__: `/metrics/devices/${device.id}`,
        // Without it all devices share one `up` series, since they share one address.
        instance: device.id,
        __meta_threenines_site: device.siteId,
        __meta_threenines_role: device.role,
      },
    }));
  });
}

function ownAuthority({ service }: Config): string {
  const host = service.listenHost.includes(':') ? `[${service.listenHost}]` : service.listenHost;
  return `${host}:${service.listenPort}`;
}
