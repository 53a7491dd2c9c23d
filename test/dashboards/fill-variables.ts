/** What stands in for the variables of the boards, and for the windows that Grafana computes. */
export interface Filling {
  /** Of boards about one site; those about any number of sites are asked for all. */
  readonly site: string;
  readonly device: string;
  readonly portName: string;
  readonly rateInterval: string;
  readonly interval: string;
  readonly range: string;
}

const VARIABLE =
  /\$\{(\w+)(?::(\w+))?\}|\$(__rate_interval|__interval|__range|site|device|window)\b/g;

/**
 * A query as Grafana sends it: each variable once, in its format, and nothing within a value taken for
 * a variable. `raw` puts a value in as it is, `regex` with what means something in a regular expression
 * escaped (Grafana, Variable syntax, Advanced variable format options). A variable that no board has
 * is a mistake in the query.
 */
export function fillVariables(expr: string, filling: Filling): string {
  return expr.replaceAll(VARIABLE, (_, braced, format, bare, at: number) => {
    const name: string = braced ?? bare;
    const isOfOne = expr.slice(at - 2, at) === '="';
    const value = standsFor(name, filling, isOfOne);
    if (value === undefined) throw new Error(`no board has a variable ${name}: ${expr}`);
    if (format === undefined || format === 'raw') return value;
    if (format === 'regex') return value.replaceAll(/[\\^$*+?.()|[\]{}]/g, '\\$&');
    throw new Error(`no query has the format ${format}: ${expr}`);
  });
}

function standsFor(name: string, filling: Filling, isOfOne: boolean): string | undefined {
  const values: Readonly<Record<string, string>> = {
    site: isOfOne ? filling.site : '.*',
    device: filling.device,
    if_name: filling.portName,
    window: 'month',
    __rate_interval: filling.rateInterval,
    __interval: filling.interval,
    __range: filling.range,
  };
  return values[name];
}
