/** Where Grafana puts the value of one of its variables: `site:queryparam` is written `${site:queryparam}`. */
export function variable(name: string): string {
  return `\${${name}}`;
}
