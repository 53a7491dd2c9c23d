/** One thing wrong with a configuration file, as a person needs to see it. */
export interface Problem {
  /** Path as the reader knows it, relative to the configuration folder. */
  readonly file: string;
  /** From 1; 0 when the file as a whole is meant. */
  readonly line: number;
  /** Where in the document, e.g. `devices[3].role`; empty for the whole. */
  readonly path: string;
  /** Place, value and expectation: `"corr" is not a role; expected core, aggregation, access, power, server or cpe`. */
  readonly message: string;
  /** A warning does not keep the configuration from being used. */
  readonly severity: 'error' | 'warning';
}

/** `devices.yaml:12: devices[3].role: "corr" is not a role; expected …` */
export function formatProblem(problem: Problem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}` : problem.file;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const mark = problem.severity === 'warning' ? 'warning: ' : '';
  return `${place}: ${mark}${path}${problem.message}`;
}

/** Whether the problem keeps the configuration from being used. */
export function isError(problem: Problem): boolean {
  return problem.severity === 'error';
}

/** What must be mended before what may be; otherwise in the order given. */
export function errorsFirst(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) => Number(isError(b)) - Number(isError(a)));
}
