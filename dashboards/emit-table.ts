import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type {
  DataTransformerConfig,
  DynamicConfigValue,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Column, TableView } from './board.ts';
import { emitLevels, emitNamings, UNIT_NAMES } from './emit-field.ts';

const CELL = { type: 'color-background', mode: 'basic' };

/**
 * Grafana names the number that answers query A `Value #A` once there are several queries, and
 * `Value` when there is one.
 */
function fieldOf(column: Column, questionCount: number): string {
  if ('label' in column.source) return column.source.label;
  if (questionCount === 1) return 'Value';
  return `Value #${String.fromCharCode('A'.charCodeAt(0) + column.source.question)}`;
}

/** Joins the answers line by line, keeps the columns asked for, and puts them in order under their titles. */
export function tableTransformations(
  view: TableView,
  questionCount: number,
): DataTransformerConfig[] {
  const fields = view.columns.map((column) => fieldOf(column, questionCount));
  const titles = view.columns.map((column, index) => [fields[index], column.title]);
  return [
    { id: 'joinByField', options: { byField: view.joinOn, mode: 'outer' } },
    { id: 'filterFieldsByName', options: { include: { names: fields } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
        renameByName: Object.fromEntries(titles),
      },
    },
  ];
}

/** The order of the lines when the board opens. */
export function tableSort(view: TableView): TableSortByFieldStateBuilder[] {
  return view.sortBy.map(({ title, descending }) =>
    new TableSortByFieldStateBuilder().displayName(title).desc(descending),
  );
}

/** How each column is written; matched by its title. */
export function tableOverrides(
  view: TableView,
): { name: string; properties: DynamicConfigValue[] }[] {
  return view.columns.map((column) => ({
    name: column.title,
    properties: columnProperties(column),
  }));
}

function columnProperties(column: Column): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [{ id: 'unit', value: UNIT_NAMES[column.unit] }];
  if (column.decimals !== null) properties.push({ id: 'decimals', value: column.decimals });
  if (column.width !== null) properties.push({ id: 'custom.width', value: column.width });
  if (column.namings.length > 0) {
    properties.push({ id: 'mappings', value: emitNamings(column.namings) });
  }
  if (column.levels.length > 0) {
    properties.push({ id: 'thresholds', value: emitLevels(column.levels).build() });
    properties.push({ id: 'color', value: { mode: 'thresholds' } });
  }
  if (column.namings.length + column.levels.length > 0) {
    properties.push({ id: 'custom.cellOptions', value: CELL });
  }
  if (column.link !== null) {
    properties.push({ id: 'links', value: [{ ...column.link, targetBlank: false }] });
  }
  return properties;
}
