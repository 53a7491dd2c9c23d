import { PanelBuilder as BarsBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeValueMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizOrientation,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  type Panel as GrafanaPanel,
  type ThresholdsConfigBuilder,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as NumberBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Link, Panel, Question, TableView, Unit } from './board.ts';
import { emitLevels, emitNamings, UNIT_NAMES } from './emit-field.ts';
import { tableOverrides, tableSort, tableTransformations } from './emit-table.ts';
import type { Place } from './layout.ts';
import { variable } from './variable.ts';

/** The data source that the reader chose; never a fixed one. */
export const CHOSEN_SOURCE = { type: 'prometheus', uid: variable('datasource') };

const TIMELINE_ROWS = 20;

/** Anything of the SDK that builds a panel; all share these methods. */
interface CommonBuilder extends Builder<GrafanaPanel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  gridPos(place: Place): this;
  datasource(source: typeof CHOSEN_SOURCE): this;
  targets(targets: Builder<Dataquery>[]): this;
  interval(step: string): this;
  maxDataPoints(points: number): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(thresholds: ThresholdsConfigBuilder): this;
  colorScheme(scheme: FieldColorBuilder): this;
  overrideByQuery(refId: string, properties: DynamicConfigValue[]): this;
}

/** One panel as Grafana's classic JSON, before normalising. */
export function emitPanel(panel: Panel, id: number, place: Place): GrafanaPanel {
  const builder = builderFor(panel)
    .id(id)
    .title(panel.title)
    .description(panel.description)
    .gridPos(place)
    .datasource(CHOSEN_SOURCE)
    .interval(panel.step)
    .targets(
      panel.questions.map((question, index) =>
        emitQuestion(question, index, panel.view.kind === 'table'),
      ),
    )
    .unit(UNIT_NAMES[panel.unit])
    .noValue(panel.noData)
    .mappings(emitNamings(panel.namings))
    .thresholds(emitLevels(panel.levels))
    .colorScheme(new FieldColorBuilder().mode(colourModeOf(panel)));
  panel.questions.forEach((question, index) => {
    const properties = seriesProperties(question);
    if (properties.length > 0) builder.overrideByQuery(refIdOf(index), properties);
  });
  if (panel.mostPoints !== null) builder.maxDataPoints(panel.mostPoints);
  if (panel.decimals !== null) builder.decimals(panel.decimals);
  const emitted = builder.build();
  if (panel.link !== null && emitted.fieldConfig !== undefined) {
    emitted.fieldConfig.defaults.links = [emitLink(panel.link)];
  }
  return emitted;
}

/** A, B, C … in the order of the questions. */
function refIdOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

/** A link on a value; the library has no builder for its short form. */
function emitLink({ title, url }: Link): DashboardLink {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).url(url).build();
}

/** How the series of one question differ from the others on the panel. */
function seriesProperties({ colour, below }: Question): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [];
  if (colour !== null) {
    properties.push({ id: 'color', value: { mode: 'fixed', fixedColor: colour } });
  }
  if (below) properties.push({ id: 'custom.transform', value: 'negative-Y' });
  return properties;
}

/** Lines are told apart by series; everything else is coloured by what its value means. */
function colourModeOf({ view }: Panel): FieldColorModeId {
  return view.kind === 'lines'
    ? FieldColorModeId.PaletteClassicByName
    : FieldColorModeId.Thresholds;
}

function emitQuestion(question: Question, index: number, asTable: boolean): DataqueryBuilder {
  const query = new DataqueryBuilder()
    .refId(refIdOf(index))
    .datasource(CHOSEN_SOURCE)
    .expr(question.ask)
    .legendFormat(question.legend === '' ? '__auto' : question.legend)
    .format(asTable ? PromQueryFormat.Table : PromQueryFormat.TimeSeries);
  return question.over === 'now' ? query.instant() : query.range();
}

function builderFor(panel: Panel): CommonBuilder {
  switch (panel.view.kind) {
    case 'number':
      return numberBuilder(panel.view.paint);
    case 'bars':
      return barsBuilder(panel.view.max);
    case 'lines': {
      const lines = linesBuilder(panel.view.style, panel.levels.length > 1);
      const goesBelow =
        panel.view.isSigned ||
        panel.questions.some(({ below }) => below) ||
        BELOW_NOUGHT.has(panel.unit);
      return goesBelow ? lines : lines.min(0);
    }
    case 'timeline':
      return timelineBuilder();
    case 'table':
      return tableBuilder(panel.view, panel.questions.length);
  }
}

/** Units in which what is normal may be less than nothing. */
const BELOW_NOUGHT: ReadonlySet<Unit> = new Set(['celsius', 'dbm']);

const lastValue = () => new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

function numberBuilder(paint: 'text' | 'background'): CommonBuilder {
  return new NumberBuilder()
    .colorMode(paint === 'text' ? BigValueColorMode.Value : BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(BigValueTextMode.Auto)
    .reduceOptions(lastValue());
}

function barsBuilder(max: number | null): CommonBuilder {
  const builder = new BarsBuilder()
    .displayMode(BarGaugeDisplayMode.Basic)
    .valueMode(BarGaugeValueMode.Text)
    .namePlacement(BarGaugeNamePlacement.Left)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(lastValue())
    .min(0);
  return max === null ? builder : builder.max(max);
}

function linesBuilder(style: 'line' | 'stack' | 'columns', hasLimits: boolean): LinesBuilder {
  const stacking = style === 'line' ? StackingMode.None : StackingMode.Normal;
  const limits = hasLimits ? GraphThresholdsStyleMode.Dashed : GraphThresholdsStyleMode.Off;
  return new LinesBuilder()
    .drawStyle(style === 'columns' ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    .stacking(new StackingConfigBuilder().mode(stacking).group('A'))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(limits))
    .fillOpacity(style === 'line' ? 0 : 60)
    .lineWidth(style === 'columns' ? 0 : 1)
    .showPoints(VisibilityMode.Never)
    .spanNulls(false)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Right)
        .calcs(['mean', 'max', 'lastNotNull']),
    )
    .tooltip(
      new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending),
    );
}

function timelineBuilder(): CommonBuilder {
  return new TimelineBuilder()
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .perPage(TIMELINE_ROWS)
    .fillOpacity(90)
    .legend(new VizLegendOptionsBuilder().showLegend(false).calcs([]))
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Single).sort(SortOrder.None));
}

function tableBuilder(view: TableView, questionCount: number): CommonBuilder {
  const builder = new TableBuilder()
    .showHeader(true)
    .sortBy(tableSort(view))
    .transformations(tableTransformations(view, questionCount));
  for (const { name, properties } of tableOverrides(view)) builder.overrideByName(name, properties);
  return builder;
}
