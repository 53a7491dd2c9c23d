/** What every board carries beside its own annotations; Grafana adds it when a person saves one. */
const BUILT_IN_ANNOTATIONS = {
  builtIn: 1,
  datasource: { type: 'grafana', uid: '-- Grafana --' },
  enable: true,
  hide: true,
  iconColor: 'rgba(0, 211, 255, 1)',
  name: 'Annotations & Alerts',
  type: 'dashboard',
};

type JsonObject = Record<string, unknown>;

/**
 * What the builder library leaves wrong or unsaid, put right in one place: no hidden links or
 * annotations, the built-in annotation list, and the settings without which Grafana's own linter
 * complains. The same board always gives the same bytes.
 */
export function normalizeBoard(built: object): string {
  const board = JSON.parse(JSON.stringify(built)) as JsonObject & {
    annotations?: { list: JsonObject[] };
  };
  const annotations = board.annotations?.list ?? [];
  board.annotations = { list: [BUILT_IN_ANNOTATIONS, ...annotations] };
  return `${JSON.stringify(tidied(board), null, 2)}\n`;
}

/** Keys in code-unit order; what is undefined and what only hides things is left out. */
function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value)
    .filter(([key, item]) => item !== undefined && !isHiding(key, item))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, tidied(item)]));
}

/** The library writes this on every link and annotation, which moves them into a closed menu. */
function isHiding(key: string, value: unknown): boolean {
  return key === 'placement' && value === 'inControlsMenu';
}
