import { Type } from 'typebox';
import type { ApiApp, RouteContext } from '../api-app.ts';
import { countHealth, HealthCounts, noHealth } from '../health-counts.ts';
import { PROBLEMS } from '../schemas.ts';

const SiteSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  timeZone: Type.String(),
  health: HealthCounts,
});

const schema = {
  operationId: 'listSites',
  tags: ['sites'],
  summary: 'Sites with their devices counted by health',
  response: { 200: Type.Object({ items: Type.Array(SiteSchema) }), ...PROBLEMS },
};

/** `GET /api/v1/sites`: every configured site, empty ones too. */
export function siteRoutes(app: ApiApp, { getConfig, host }: RouteContext): void {
  app.get('/api/v1/sites', { schema }, async () => {
    const bySite = Map.groupBy(getConfig().devices, ({ siteId }) => siteId);
    return {
      items: getConfig().sites.map(({ id, name, timeZone }) => ({
        id,
        name,
        timeZone,
        health: bySite.has(id) ? countHealth(bySite.get(id)!, host.state) : noHealth(),
      })),
    };
  });
}
